"""What hosts are told in their own chat."""

from __future__ import annotations

from collections.abc import Sequence

from bot.radio.groups.views import GroupCount
from bot.radio.programme.speech import minutes_said
from bot.radio.programme.views import SheetView
from bot.reply import Reply

_SHOWN = 12  # items of a sheet


def tied(name: str) -> Reply:
    """That the chat is a host's from now on."""
    return Reply(
        paragraphs=(f"绑好了，{name}。发 /top 看这一周问得最多的，发 /sheet 看下一张节目单。只有这个聊天里有用。",)
    )


def top(found: Sequence[GroupCount], days: int) -> Reply:
    """What was asked most."""
    if not found:
        return Reply(paragraphs=(f"这 {days} 天没有能上节目的问题。",))
    return Reply(paragraphs=(f"这 {days} 天问得最多的：", *(_line(n, one) for n, one in enumerate(found, 1))))


def _line(place: int, one: GroupCount) -> str:
    trend = "，新的" if not one.before else f"，多 {one.trend} 人" if one.trend > 0 else ""
    answered = "" if one.topic else "，嘉宾答过" if one.by_guest else "，还没有答复"
    return f"{place}. {one.name}（{one.askers} 人{trend}{answered}）"


def sheet(found: SheetView) -> Reply:
    """The sheet that comes next."""
    day = f"{found.day.month}月{found.day.day}日 " if found.day else ""
    guest = f"，嘉宾{found.guest.said}" if found.guest else ""
    head = f"{day}{found.title}{guest}，{found.minutes} 分钟，念完要 {minutes_said(found.seconds)}。"
    lines = [
        f"{one.place}. {one.heading}（{minutes_said(one.seconds)}{'，要看一眼' if one.needs_look else ''}）"
        for one in found.items[:_SHOWN]
        if not one.gone
    ]
    more = [f"还有 {len(found.items) - _SHOWN} 条，在电台页面上看。"] if len(found.items) > _SHOWN else []
    return Reply(paragraphs=(head, *(lines or ["还是空的。"]), *more))


NOT_IN_GROUPS = Reply(paragraphs=("这个要在和我单独聊的地方发，群里不行。刚才的码别人看得到，已经作废，再要一个。",))
WRONG_CODE = Reply(paragraphs=("这个码不对，或者过了 10 分钟、用过了。在电台页面的“接出去”里再要一个。",))
HOW_TO_TIE = Reply(paragraphs=("把码写在后面发给我，像这样：/host ABCD2345。码在电台页面的“接出去”里要。",))
NO_SHEET = Reply(paragraphs=("还没有要播的节目单。",))
