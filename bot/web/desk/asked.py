"""What was asked: the groups of a period, and what the editors are asked to write."""

from __future__ import annotations

from aiohttp import web

from bot.people.rules import Permission
from bot.radio.groups.rules import DEGREES
from bot.radio.groups.views import Filter
from bot.text.districts import DISTRICTS
from bot.web.console.access import requires
from bot.web.console.pages import page, page_number
from bot.web.console.periods import choice_of, period_of
from bot.web.desk.common import CHANNELS, chosen_sheet, programmes, sheet_options, tabs
from bot.web.keys import GROUPS

PAGE = 30
_KEPT = ("channel", "district", "degree", "q", "unanswered", "sheet")
REQUESTS = {"open": "等编辑写", "answered": "写好了", "declined": "不写"}


@requires(Permission.RADIO_READ)
async def asked(request: web.Request) -> web.StreamResponse:
    """GET /desk?period=…&channel=…&district=…&degree=…&q=…&unanswered=on&sheet=…"""
    period, wrong = period_of(request)
    query, number = request.query, page_number(request)
    typed = {name: query.get(name, "").strip()[:40] for name in _KEPT}
    only = Filter(
        channel=typed["channel"] or None,
        district=typed["district"] or None,
        degree=typed["degree"] or None,
        search=typed["q"] or None,
        unanswered=bool(typed["unanswered"]),
    )
    found = await request.app[GROUPS].counted(period, only, limit=PAGE + 1, offset=(number - 1) * PAGE)
    sheets = await programmes(request).sheets()
    context = {
        **choice_of(request, period, wrong),
        "query_days": bool(query.get("from") or query.get("to")),
        "asked_for": request.query_string,
        "tabs": tabs(request),
        "rows": found[:PAGE],
        "more": len(found) > PAGE,
        "page": number,
        "before": (number - 1) * PAGE,
        "kept": {name: value for name, value in typed.items() if value},
        "only": typed,
        "filtered": any(value for name, value in typed.items() if name != "sheet"),
        "channels": [("", "全部"), *CHANNELS.items()],
        "districts": [("", "全部"), *((one, one) for one in DISTRICTS)],
        "degrees": [("", "全部"), *((one, one) for one in DEGREES.values())],
        "sheets": sheet_options(sheets),
        "sheet": await chosen_sheet(request, sheets),
    }
    return await page(request, "desk/asked.html", context, status=422 if wrong else 200)


@requires(Permission.RADIO_READ)
async def requests(request: web.Request) -> web.StreamResponse:
    """GET /desk/requests: what the editors are asked to write, and what became of it."""
    found = await request.app[GROUPS].requests(None)
    return await page(request, "desk/requests.html", {"tabs": tabs(request), "rows": found, "states": REQUESTS})


ROUTES = (
    web.get("/desk", asked, name="desk"),
    web.get("/desk/requests", requests, name="desk.requests"),
)
