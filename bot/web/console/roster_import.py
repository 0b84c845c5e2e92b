"""Advisers from a spreadsheet: tried out, written, and a file taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aiohttp import web

from bot.guidance.roster import Roster
from bot.guidance.roster_undo import CannotUndo
from bot.guidance.service import rules_of
from bot.people.rules import Permission
from bot.sheets.reports import Report
from bot.web.console import notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.guidance import tabs
from bot.web.console.importing import Kind, routes_of
from bot.web.console.pages import back_to, page
from bot.web.console.uploads import MAX_UPLOAD, Progress
from bot.web.console.words import name_actions
from bot.web.keys import CLOCK, SESSIONS, SETTINGS

notices.add({"roster-undone": "这一批撤销了，老师和时段回到导入以前的样子。"})
name_actions({"adviser.import": "导入指导老师", "adviser.import-undo": "撤销一批指导老师"})


def _roster(request: web.Request) -> Roster:
    app = request.app
    return Roster(app[SESSIONS], app[CLOCK], rules_of(app[SETTINGS]), max_bytes=MAX_UPLOAD)


async def _preview(request: web.Request, path: Path, _told: Progress) -> Report:
    return await _roster(request).preview(path)


async def _bring_in(request: web.Request, path: Path, _told: Progress) -> Report:
    return await _roster(request).bring_in(path, by=request[STAFF].name)


async def _more(request: web.Request) -> dict[str, Any]:
    return {"tabs": tabs(request), "batches": await _roster(request).batches()}


@requires(Permission.GUIDANCE_EDIT)
async def undo(request: web.Request) -> web.StreamResponse:
    """POST /console/guidance/advisers/import/batches/NUMBER/undo."""
    number = int(request.match_info["number"])
    try:
        done = await _roster(request).undo(number)
    except CannotUndo as error:
        context = {"kind": KIND, "error": "", "told": str(error), "largest": MAX_UPLOAD // 1_000_000}
        return await page(request, "console/import.html", {**context, **await _more(request)}, status=409)
    await audit(request, "adviser.import-undo", f"第 {number} 批", removed=done.removed, restored=done.restored)
    back_to(request, "console.advisers.sheet", notice="roster-undone")


KIND = Kind(
    name="advisers",
    label="指导老师",
    route="console.advisers.sheet",
    path="/console/guidance/advisers/import",
    back="console.advisers",
    action="adviser.import",
    permission=Permission.GUIDANCE_EDIT,
    needs="要有姓名、擅长方向、方式和时段；表里没有的老师不变。",
    preview=_preview,
    bring_in=_bring_in,
    more=_more,
)
ROUTES = (
    *routes_of(KIND),
    web.post(
        r"/console/guidance/advisers/import/batches/{number:\d{1,9}}/undo", undo, name="console.advisers.batch.undo"
    ),
)
