"""A message reads as one text whose numbers stand for its choices."""

from __future__ import annotations

from bot.channels.base import Shown
from bot.channels.wechat.rendering import HOW, options, ours, parts
from bot.channels.wechat.text import LIMIT, size
from tests.conftest import NOW


def shown(**body: object) -> Shown:
    return Shown(1, "c", "out", "reply", None, "你好", body, NOW)


def choice(label: str) -> dict[str, str]:
    return {"label": label, "token": f"t-{label}"}


CARD = {"title": "文员", "badge": "新", "lines": ["3000 元"], "choices": [choice("收藏")]}


def test_choices_are_numbered_and_the_last_line_says_how_to_choose():
    message = shown(paragraphs=["找到两个"], cards=[CARD, CARD], choices=[choice("下一页")], filters=[choice("平城区")])

    (text,) = parts(message, {})

    assert text.startswith("找到两个\n\n· 第1条 文员【新】\n3000 元\n\n· 第2条 文员")
    assert text.endswith(f"1 收藏（第1条）\n2 收藏（第2条）\n3 下一页\n4 去掉“平城区”\n{HOW}")
    assert [o.token for o in options(message)] == ["t-收藏", "t-收藏", "t-下一页", "t-平城区"]


def test_a_time_is_numbered_with_its_day():
    assert [o.label for o in options(shown(days=[{"label": "周三", "choices": [choice("15:30")]}]))] == ["周三 15:30"]


def test_a_page_of_ours_is_shown_by_its_signed_link_or_not_at_all():
    message = shown(cards=[{"title": "预约", "link": {"label": "加进日历", "url": "/a.ics"}}])

    assert ours(message) == ["/a.ics"]
    assert "加进日历：https://d.cn/x" in parts(message, {"/a.ics": "https://d.cn/x"})[0]
    assert "a.ics" not in parts(message, {})[0]


def test_a_long_message_comes_in_parts_with_the_choices_in_the_last():
    found = parts(shown(paragraphs=["字" * 300] * 5, choices=[choice("好")]), {})

    assert len(found) > 1
    assert all(size(part) <= LIMIT for part in found)
    assert [part.endswith(f"1 好\n{HOW}") for part in found] == [False] * (len(found) - 1) + [True]
    assert "字" in found[-1]


def test_a_list_of_choices_is_not_cut_unless_it_must_be():
    for length in range(300, 720, 7):
        found = parts(shown(paragraphs=["字" * length], choices=[choice(f"选择{n}") for n in range(9)]), {})

        assert all(size(part) <= LIMIT for part in found)
        assert "1 选择0\n2 选择1" in found[-1]
    many = parts(shown(choices=[choice("很长的选择" * 4) for _ in range(60)]), {})
    assert all(size(part) <= LIMIT for part in many)
