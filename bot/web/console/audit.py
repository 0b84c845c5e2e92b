"""The log of what staff did: search it, and take it along as CSV."""

from __future__ import annotations

from datetime import date

from aiohttp import web

from bot.people.auditing import PAGE, Search
from bot.people.rules import Permission
from bot.people.tables import AuditEntry
from bot.sheets.writing import inert
from bot.web.console.access import AUDIT, audit, requires
from bot.web.console.pages import moment, page, page_number
from bot.web.console.words import action_said, details_said

_COLUMNS = ("编号", "时间", "谁", "做了什么", "动作", "对象", "详情", "地址")


@requires(Permission.AUDIT_READ)
async def log(request: web.Request) -> web.StreamResponse:
    """GET /console/audit."""
    search, typed, errors = _search(request)
    number = page_number(request)
    found = await request.app[AUDIT].find(search, page=number)
    context = {
        "entries": [_shown(entry) for entry in found.entries],
        "total": found.total,
        "page": number,
        "pages": -(-found.total // PAGE),
        "typed": typed,
        "errors": errors,
        "actions": [("", "全部"), *((one, action_said(one)) for one in await request.app[AUDIT].actions())],
        "query": {name: value for name, value in typed.items() if value},
    }
    return await page(request, "console/audit.html", context, status=422 if errors else 200)


@requires(Permission.AUDIT_READ)
async def export(request: web.Request) -> web.StreamResponse:
    """GET /console/audit.csv: all that was found, sent as it is read."""
    search, typed, errors = _search(request)
    if errors:
        raise web.HTTPUnprocessableEntity(text="日期写得不对，要像 2026-11-24 这样。")
    await audit(request, "audit.export", "", **{name: value for name, value in typed.items() if value})
    response = web.StreamResponse(
        headers={
            "Content-Type": "text/csv; charset=utf-8",
            "Content-Disposition": 'attachment; filename="audit.csv"',
            "Cache-Control": "no-store",
        }
    )
    await response.prepare(request)
    await response.write(("\ufeff" + _line(_COLUMNS)).encode())
    async for entry in request.app[AUDIT].stream(search):
        one = _shown(entry)
        cells = [one[k] for k in ("id", "at", "who", "said", "action", "target", "details", "address")]
        await response.write(_line(map(str, cells)).encode())
    await response.write_eof()
    return response


def _line(cells) -> str:
    return ",".join('"' + inert(cell).replace('"', '""') + '"' for cell in cells) + "\r\n"


def _shown(entry: AuditEntry) -> dict[str, object]:
    return {
        "id": entry.id,
        "at": moment(entry.at),
        "who": entry.who,
        "said": action_said(entry.action),
        "action": entry.action,
        "target": entry.target,
        "details": details_said(entry.details),
        "address": entry.address,
    }


def _search(request: web.Request) -> tuple[Search, dict[str, str], dict[str, str]]:
    typed = {name: request.query.get(name, "").strip()[:100] for name in ("who", "action", "target", "since", "until")}
    days: dict[str, date | None] = {}
    errors: dict[str, str] = {}
    for name in ("since", "until"):
        try:
            days[name] = date.fromisoformat(typed[name]) if typed[name] else None
        except ValueError:
            days[name], errors[name] = None, "日期要像 2026-11-24 这样写。"
    return Search(who=typed["who"], action=typed["action"], target=typed["target"], **days), typed, errors


ROUTES = (
    web.get("/console/audit", log, name="console.audit"),
    web.get("/console/audit.csv", export, name="console.audit.csv"),
)
