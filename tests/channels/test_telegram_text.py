"""Text on its way to Telegram: read as it was written, whatever is in it, and never too long."""

from __future__ import annotations

import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st
from telegram_server import read_html

from bot.channels.base import Shown
from bot.channels.telegram import rendering
from bot.channels.telegram.text import LIMIT, Block, escaped, packed, pieces, units, without_marks
from tests.conftest import NOW

MEAN = st.text(st.sampled_from("<>&\"'/*_[]()~`#+-=|{}.! \n;ab字😀&lt;&#60;"), max_size=60)
ANY = st.text(max_size=80) | MEAN


def sendable(text: str) -> str:
    return "".join(
        c for c in text if c in "\t\n" or unicodedata.category(c) not in ("Cc", "Cs") or "\x80" <= c <= "\x9f"
    )


@settings(max_examples=400, deadline=None)
@given(ANY)
def test_an_escaped_text_is_read_as_it_was_written(text):
    read, links = read_html(escaped(text))

    assert read == sendable(text)
    assert links == []


@settings(max_examples=200, deadline=None)
@given(ANY, ANY)
def test_a_link_leads_where_it_was_to_and_reads_as_it_was_written(text, path):
    url = "https://example.cn/" + sendable(path).replace("\n", "").replace("\t", "")

    read, links = read_html(Block.link(text, url).html)

    assert (read, links) == (sendable(text), [url])


@settings(max_examples=200, deadline=None)
@given(ANY)
def test_without_marks_a_text_is_what_was_read(text):
    assert without_marks(f"<b>{escaped(text)}</b>") == sendable(text)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(st.sampled_from("字a。\n😀<&"), max_size=120), max_size=8), st.integers(40, 90))
def test_messages_are_never_too_long_and_lose_no_character(paragraphs, limit):
    messages = packed([Block.bold(p) for p in paragraphs], limit)

    texts = [read_html(message)[0] for message in messages]
    assert all(0 < units(text) <= limit for text in texts)
    assert "".join("".join(texts).split()) == "".join("".join(p for p in paragraphs).split())


def test_a_long_text_is_cut_at_a_sentence_and_no_character_in_two():
    sentences = "这是一句话。" * 20

    assert all(piece.endswith("。") for piece in pieces(sentences, 40))
    assert pieces("😀" * 5, 4) == ["😀😀", "😀😀", "😀"]


def message(**body: object) -> Shown:
    return Shown(7, "c", "out", "reply", None, "好", {"paragraphs": ["好"], **body}, NOW)


def choice(label: str, token: str = "t") -> dict[str, str]:
    return {"label": label, "token": token}


def test_short_choices_stand_side_by_side_and_long_ones_alone():
    (part,) = rendering.parts_of(message(choices=[choice("是"), choice("不是"), choice("我想先问问别的事情")]))

    assert [[button.label for button in row] for row in part.rows] == [["是", "不是"], ["我想先问问别的事情"]]


def test_more_buttons_than_fit_go_under_a_message_of_their_own():
    days = [{"label": f"{n}日", "choices": [choice(f"{h}:00") for h in range(8)]} for n in range(15)]

    parts = rendering.parts_of(message(days=days))

    counts = [sum(map(len, part.rows)) for part in parts]
    assert sum(counts) == 15 * 9
    assert max(counts) <= rendering.BUTTONS
    assert all(part.html for part in parts)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(ANY, min_size=1, max_size=4), max_size=6), st.lists(ANY, min_size=1, max_size=3), ANY)
def test_whatever_a_message_holds_telegram_can_take_it(cards, paragraphs, source):
    body = {
        "paragraphs": paragraphs,
        "cards": [{"title": c[0], "lines": c[1:], "badge": c[-1] or None, "choices": []} for c in cards],
        "source": {"text": source, "url": 'https://example.cn/?a="<>&'},
        "caveat": source,
        "checked": "2026-11-24",
    }

    for part in rendering.parts_of(message(**body)):
        assert 0 < units(read_html(part.html)[0].strip()) <= LIMIT


def test_staff_are_named_over_what_they_write():
    (part,) = rendering.parts_of(message(by="王老师"))

    assert part.html == "<b>👤 王老师</b>\n\n好"
