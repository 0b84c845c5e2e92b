"""Postings from a spreadsheet: the import on a page, and the batches that were brought in, each to be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from aiohttp import web

from bot.jobs.importing import SOURCE, CannotUndo, Importer, UnknownBatch
from bot.jobs.keeping import JobKeeping
from bot.people.rules import Permission
from bot.sheets.reports import Report
from bot.web.console import notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.importing import Kind, routes_of
from bot.web.console.jobs import tabs
from bot.web.console.pages import back_to, page
from bot.web.console.uploads import MAX_UPLOAD, Progress
from bot.web.console.words import name_actions, name_details
from bot.web.keys import CLOCK, SESSIONS

notices.add({"import-undone": "这一批撤销了，岗位回到导入以前的样子。"})
name_actions({"job.import": "导入岗位", "job.import-undo": "撤销一批岗位"})
name_details({"removed": "去掉", "restored": "恢复"})


def _importer(request: web.Request) -> Importer:
    return Importer(request.app[SESSIONS], request.app[CLOCK], max_bytes=MAX_UPLOAD)


async def _preview(request: web.Request, path: Path, told: Progress) -> Report:
    return await _importer(request).preview(path, source=SOURCE, progress=told)


async def _bring_in(request: web.Request, path: Path, told: Progress) -> Report:
    return await _importer(request).bring_in(path, by=request[STAFF].name, source=SOURCE, progress=told)


async def _more(request: web.Request) -> dict[str, Any]:
    kept = JobKeeping(request.app[SESSIONS], request.app[CLOCK])
    return {"tabs": tabs(request), "batches": await kept.imports()}


@requires(Permission.JOBS_EDIT)
async def undo(request: web.Request) -> web.StreamResponse:
    """POST /console/jobs/import/batches/NUMBER/undo."""
    number = int(request.match_info["number"])
    try:
        done = await _importer(request).undo(number)
    except UnknownBatch as error:
        raise web.HTTPNotFound from error
    except CannotUndo as error:
        context = {"kind": KIND, "error": "", "told": str(error), "largest": MAX_UPLOAD // 1_000_000}
        return await page(request, "console/import.html", {**context, **await _more(request)}, status=409)
    await audit(request, "job.import-undo", f"第 {number} 批", removed=done.removed, restored=done.restored)
    back_to(request, "console.jobs.sheet", notice="import-undone")


KIND = Kind(
    name="jobs",
    label="岗位",
    route="console.jobs.sheet",
    path="/console/jobs/import",
    back="console.jobs",
    action="job.import",
    permission=Permission.JOBS_EDIT,
    needs="至少要有“岗位名称”“公司名称”两列，其他列有什么写什么，顺序随意。",
    preview=_preview,
    bring_in=_bring_in,
    more=_more,
)
ROUTES = (
    *routes_of(KIND),
    web.post(r"/console/jobs/import/batches/{number:\d{1,9}}/undo", undo, name="console.jobs.batch.undo"),
)
