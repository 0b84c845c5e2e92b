"""What the desk's pages share: the tabs above them, the services behind them, and words."""

from __future__ import annotations

from datetime import date

from aiohttp import web

from bot.figures.brief import CHANNELS as PLATFORMS
from bot.people.rules import Permission
from bot.radio.programme.inbox import CALL, Inbox
from bot.radio.programme.items import Items
from bot.radio.programme.service import Programmes
from bot.radio.programme.showing import Measures
from bot.radio.programme.speech import minutes_said, reading_seconds
from bot.radio.programme.views import SheetRow
from bot.radio.service import Radio
from bot.web.console.access import STAFF
from bot.web.console.navigation import Entry, Place, places
from bot.web.console.pages import number_in
from bot.web.keys import CLOCK, SESSIONS, SETTINGS

_P = Permission
TABS = (
    Entry("大家问什么", "desk", (_P.RADIO_READ,)),
    Entry("听众提问", "desk.inbox", (_P.RADIO_READ,)),
    Entry("节目单", "desk.sheets", (_P.RADIO_READ,)),
    Entry("直播", "desk.live", (_P.RADIO_LIVE,)),
    Entry("节目答复", "desk.answers", (_P.RADIO_READ,)),
    Entry("嘉宾", "desk.guests", (_P.RADIO_READ,)),
    Entry("请编辑写的", "desk.requests", (_P.RADIO_READ,)),
    Entry("接出去", "desk.pull", (_P.RADIO_EDIT,)),
)
"""The pages of the desk; one appears once its route exists."""
CHANNELS = {**PLATFORMS, CALL: "电话"}
STATES = {"received": "新来的", "selected": "已选用", "aired": "播过了", "withdrawn": "本人撤回", "declined": "没选上"}
WHY = {
    "empty": "这一项要填。",
    "long": "太长了，短一些。",
    "day": "日期看不懂，要写成 2026-11-24 这样。",
    "minutes": "填 1 到 300 之间的整数。",
    "guest": "没有这位嘉宾，重新选一位。",
}
"""Why a field cannot be kept."""


def tabs(request: web.Request) -> list[Place]:
    """The pages of the desk, as they stand above each of them."""
    return places(request, TABS, request[STAFF])


def measures(request: web.Request) -> Measures:
    """How quickly is read, and what counts as used not long ago."""
    settings = request.app[SETTINGS]
    return Measures(settings.radio_speed, settings.radio_weeks)


def programmes(request: web.Request) -> Programmes:
    """Guests and running sheets."""
    return Programmes(request.app[SESSIONS], request.app[CLOCK], measures(request))


def items(request: web.Request) -> Items:
    """The items of running sheets."""
    return Items(request.app[SESSIONS], request.app[CLOCK], measures(request))


def inbox(request: web.Request) -> Inbox:
    """Listeners' questions."""
    return Inbox(request.app[SESSIONS], request.app[CLOCK])


def radio(request: web.Request) -> Radio:
    """What becomes of listeners' questions."""
    return Radio(request.app[SESSIONS], request.app[CLOCK], open_limit=request.app[SETTINGS].radio_open)


def reading(request: web.Request, text: str) -> str:
    """How long a text takes to be read out, as 0:28."""
    return minutes_said(reading_seconds(text, measures(request).speed))


def words_for(errors: dict[str, str]) -> dict[str, str]:
    """Why fields cannot be kept, in words."""
    return {name: WHY[why] for name, why in errors.items()}


def short_day(day: date) -> str:
    """A day in a list: 11月26日 周四."""
    return f"{day.month}月{day.day}日 周{'一二三四五六日'[day.weekday()]}"


def sheet_options(sheets: tuple[SheetRow, ...]) -> list[tuple[str, str]]:
    """Sheets to put something on, for a choice."""
    return [(str(one.id), f"{short_day(one.day)} {one.title}" if one.day else one.title) for one in sheets]


async def chosen_sheet(request: web.Request, sheets: tuple[SheetRow, ...]) -> SheetRow | None:
    """The sheet that questions are put on: the one asked for (`?sheet=`), else the next one to come."""
    wanted = number_in(request.query.get("sheet", ""))
    return next((one for one in sheets if one.id == wanted), sheets[0] if sheets else None)
