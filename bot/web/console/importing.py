"""The pages on which a spreadsheet is brought in: the same steps for postings, events and advisers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.people.rules import Permission
from bot.sheets.reports import Report, refusal_lines
from bot.web.console import notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.pages import back_to, page
from bot.web.console.uploads import MAX_UPLOAD, UPLOADS, Progress, Uploads, notes_of, refused_of
from bot.web.console.words import name_details

notices.add({"import-given-up": "不导了，文件已经删掉，什么都没写进去。"})
name_details({"new": "新增", "changed": "更新", "unchanged": "未变", "folded": "合并", "refused": "没收下"})
_SHOWN = 50


@dataclass(frozen=True)
class Kind:
    """What is brought in. `route` names the page where files are sent up, `path` is where it is.

    `preview` and `bring_in` get the request, the file and where to tell how far they are.
    """

    name: str
    label: str
    route: str
    path: str
    back: str
    action: str
    permission: Permission
    needs: str
    preview: Callable[[web.Request, Path, Progress], Awaitable[Report]]
    bring_in: Callable[[web.Request, Path, Progress], Awaitable[Report]]
    more: Callable[[web.Request], Awaitable[dict[str, Any]]]


def routes_of(kind: Kind) -> list[web.RouteDef]:
    """The routes on which that is brought in."""

    async def ask(request: web.Request, error: str = "") -> web.Response:
        context = {"kind": kind, "error": error, "largest": MAX_UPLOAD // 1_000_000, **await kind.more(request)}
        return await page(request, "console/import.html", context, status=422 if error else 200)

    @requires(kind.permission)
    async def asking(request: web.Request) -> web.StreamResponse:
        return await ask(request)

    @requires(kind.permission, upload=MAX_UPLOAD + 64 * 1024)
    async def send(request: web.Request) -> web.StreamResponse:
        sent = (await request.post()).get("file")
        if not isinstance(sent, web.FileField) or not sent.filename:
            return await ask(request, "先选一个文件。")
        token = await request.app[UPLOADS].keep(kind.name, request[STAFF], sent)
        place = _place(request, kind, token)
        request.app[UPLOADS].start(token, place, lambda path, told: kind.preview(request, path, told), write=False)
        back_to(request, f"{kind.route}.one", token=token)

    @requires(kind.permission)
    async def look(request: web.Request) -> web.StreamResponse:
        token = request.match_info["token"]
        place, uploads = _place(request, kind, token), request.app[UPLOADS]
        work = uploads.work(token)
        if work is None:  # the gateway was started anew, or another one has it
            work = uploads.start(token, place, lambda path, told: kind.preview(request, path, told), write=False)
        return await page(
            request, "console/import_one.html", {"kind": kind, "work": work, "token": token, **_shown(work)}
        )

    @requires(kind.permission)
    async def bring_in(request: web.Request) -> web.StreamResponse:
        token = request.match_info["token"]
        place, uploads = _place(request, kind, token), request.app[UPLOADS]
        work = uploads.work(token)

        async def write(path: Path, told: Progress) -> Report:
            report = await kind.bring_in(request, path, told)
            await audit(
                request, kind.action, f"第 {report.batch} 批" if report.batch else path.name, new=report.new,
                changed=report.changed, unchanged=report.unchanged, folded=report.folded, refused=len(report.refused),
            )  # fmt: skip
            return report

        if work is None or not (work.write or work.running):  # pressed twice: it goes on as it is
            uploads.start(token, place, write, write=True)
        back_to(request, f"{kind.route}.one", token=token)

    @requires(kind.permission)
    async def give_up(request: web.Request) -> web.StreamResponse:
        token = request.match_info["token"]
        place, uploads = _place(request, kind, token), request.app[UPLOADS]
        work = uploads.work(token)
        if work is not None and work.write and work.running:
            back_to(request, f"{kind.route}.one", token=token)
        written = work is not None and work.write
        uploads.give_up(token, place)
        back_to(request, kind.route, notice="" if written else "import-given-up")

    @requires(kind.permission)
    async def download(request: web.Request) -> web.StreamResponse:
        place = _place(request, kind, request.match_info["token"])
        which = {"refused": refused_of, "notes": notes_of}[request.match_info["what"]](place)
        if not which.is_file():
            raise web.HTTPNotFound
        name = f"{kind.name}-{which.name}"
        return web.FileResponse(which, headers={"Content-Disposition": f'attachment; filename="{name}"'})

    one = kind.path + r"/{token:[0-9a-f]{32}}"
    return [
        web.get(kind.path, asking, name=kind.route),
        web.post(kind.path, send),
        web.get(one, look, name=f"{kind.route}.one"),
        web.post(one + "/write", bring_in, name=f"{kind.route}.write"),
        web.post(one + "/give-up", give_up, name=f"{kind.route}.give-up"),
        web.get(one + "/{what:refused|notes}.xlsx", download, name=f"{kind.route}.out"),
    ]


def _place(request: web.Request, kind: Kind, token: str) -> Path:
    uploads: Uploads = request.app[UPLOADS]
    place = uploads.place(kind.name, request[STAFF], token)
    if place is None:
        raise web.HTTPNotFound(text="没有这份文件，可能放了一天已经删了。请重新上传。")
    return place


def _shown(work: Any) -> dict[str, Any]:
    if work.report is None:
        return {}
    report = work.report
    return {
        "report": report,
        "refused": [line for row in report.refused.first(_SHOWN) for line in refusal_lines(row)],
        "warnings": report.warnings.first(_SHOWN),
        "folds": report.folds.first(_SHOWN),
    }
