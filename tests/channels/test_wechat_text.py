"""Text on its way to WeChat is never too long and loses nothing; numbers that come back are read as people type them."""

from __future__ import annotations

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.wechat.numbers import chosen
from bot.channels.wechat.text import LIMIT, MORE, cdata, cut, sendable, size

ANY = st.text(max_size=80) | st.text(st.sampled_from("]]><![CDATA&;字😀\n\r\x00\x0b\ud800\ufffe"), max_size=60)


def parts(text: str, limit: int) -> list[str]:
    found, rest = [], text
    while rest:
        part, rest = cut(rest, limit)
        found.append(part)
    return found


@settings(max_examples=400, deadline=None)
@given(ANY)
def test_a_text_is_read_as_it_was_written_whatever_is_in_it(text):
    assert (fromstring(f"<a>{cdata(text)}</a>").text or "") == sendable(text)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from("字a。，\n 😀"), max_size=600), st.integers(60, 300))
def test_no_part_is_too_long_and_no_character_is_lost(text, limit):
    found = parts(text, limit)

    assert all(size(part) <= limit for part in found)
    assert all(part.endswith(MORE) for part in found[:-1])
    assert "".join("".join(part.removesuffix(MORE) for part in found).split()) == "".join(text.split())


def test_a_text_that_just_fits_is_left_whole_and_a_byte_more_is_cut():
    fits = "字" * 682 + "ab"

    assert cut(fits) == (fits, "")
    assert size(fits) == LIMIT
    assert cut(fits + "c")[1] != ""


def test_a_text_is_cut_behind_a_line_rather_than_within_one():
    part, rest = cut("字" * 500 + "\n" + "后" * 400)

    assert part == "字" * 500 + "\n" + MORE
    assert rest == "后" * 400


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *[(t, 2) for t in ("2", "２", " 2. ", "2、", "二", "②", "第二个", "第2个", "第二", "选2", "我选第二个", "2号", "(2)", "⑵")],
        ("两", 2), ("第十个", 10), ("十二", 12), ("二十", 20), ("二十一", 21), ("10", 10),
    ],
)  # fmt: skip
def test_a_number_is_read_as_people_type_it(text, number):
    assert chosen(text) == number


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "零",
        "2天",
        "二月",
        "2个人",
        "2 3",
        "2026",
        "138",
        "十零",
        "二二",
        "十十",
        "第二个问题是啥",
        "-2",
        "2.5",
        "/2",
    ],
)
def test_what_only_has_a_number_in_it_is_no_choice(text):
    assert chosen(text) is None
