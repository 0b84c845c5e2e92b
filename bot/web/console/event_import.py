"""Events from a spreadsheet: tried out first, then written."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aiohttp import web

from bot.events.entering import Entering
from bot.people.rules import Permission
from bot.sheets.reports import Report
from bot.web.console.events import tabs
from bot.web.console.importing import Kind, routes_of
from bot.web.console.uploads import MAX_UPLOAD, Progress
from bot.web.console.words import name_actions
from bot.web.keys import CLOCK, SESSIONS

name_actions({"event.import": "导入活动"})


def _entering(request: web.Request) -> Entering:
    return Entering(request.app[SESSIONS], request.app[CLOCK], max_bytes=MAX_UPLOAD)


async def _preview(request: web.Request, path: Path, _told: Progress) -> Report:
    return await _entering(request).preview(path)


async def _bring_in(request: web.Request, path: Path, _told: Progress) -> Report:
    return await _entering(request).bring_in(path)


async def _more(request: web.Request) -> dict[str, Any]:
    return {"tabs": tabs(request)}


ROUTES = routes_of(
    Kind(
        name="events",
        label="活动",
        route="console.events.sheet",
        path="/console/events/import",
        back="console.events",
        action="event.import",
        permission=Permission.EVENTS_EDIT,
        needs="要有活动名称、类型、形式、日期和时间；写进库以后不能整批撤销，先把试读结果看清楚。",
        preview=_preview,
        bring_in=_bring_in,
        more=_more,
    )
)
