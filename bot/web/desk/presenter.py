"""The presenter view: a sheet in large type with nothing else, and what was on air, marked there.

The page holds everything it shows. Its script keeps marks until they have arrived; a service worker has the page ready
where the network is gone.
"""

from __future__ import annotations

from datetime import datetime
from json import JSONDecodeError
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.people.rules import Permission
from bot.radio.programme import rules
from bot.radio.programme.items import Mark
from bot.radio.programme.speech import minutes_said
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.files import FOLDER
from bot.web.console.pages import page
from bot.web.console.words import name_actions
from bot.web.desk import common
from bot.web.desk.sheets import sheet_of
from bot.web.keys import CLOCK

name_actions({"item.aired": "记已播", "item.not-aired": "撤销已播"})
MOST_MARKS = 200
WORKER: Path = FOLDER / "presenter-worker.js"


@requires(Permission.RADIO_LIVE)
async def present(request: web.Request) -> web.StreamResponse:
    """GET /desk/sheets/NUMBER/present."""
    found = await sheet_of(request)
    if found.template:
        raise web.HTTPNotFound
    context = {
        "sheet": found,
        "shown": [one for one in found.items if not one.gone],
        "said": minutes_said,
        "made": request.app[CLOCK]().isoformat(),
    }
    return await page(request, "desk/present.html", context)


@requires(Permission.RADIO_LIVE)
async def aired(request: web.Request) -> web.StreamResponse:
    """POST /desk/sheets/NUMBER/aired: marks as JSON, as many as waited; or one of a form, then back to the page.

    The answer to JSON is how each item stands, and now: `{"aired": {"7": "2026-11-24T02:00:00+00:00", "8": null}, "at": "…"}`.
    """
    number = int(request.match_info["number"])
    is_json = request.content_type == "application/json"
    marks = _marks_of(await _json(request)) if is_json else [_mark_of(dict(await request.post()))]
    try:
        stands = await common.items(request).mark(number, marks, by=request[STAFF].name)
    except (rules.UnknownProgramme, rules.NotToAir) as error:
        raise web.HTTPNotFound from error
    for one in marks:
        await audit(request, "item.aired" if one.aired else "item.not-aired", f"节目单 {number}", item=one.item)
    if is_json:
        told = {str(item): at and at.isoformat() for item, at in stands.items()}
        return web.json_response({"aired": told, "at": request.app[CLOCK]().isoformat()})
    place = request.app.router["desk.present"].url_for(number=str(number))
    raise web.HTTPSeeOther(place.with_fragment(f"item-{marks[0].item}"))


async def _json(request: web.Request) -> Any:
    try:
        return await request.json()
    except (JSONDecodeError, UnicodeDecodeError) as error:
        raise web.HTTPBadRequest(text="看不懂。") from error


def _marks_of(body: Any) -> list[Mark]:
    marks = body.get("marks") if isinstance(body, dict) else None
    if not isinstance(marks, list) or not 0 < len(marks) <= MOST_MARKS or not all(isinstance(m, dict) for m in marks):
        raise web.HTTPBadRequest(text="看不懂。")
    return [_mark_of(one) for one in marks]


def _mark_of(said: dict[str, Any]) -> Mark:
    """One mark; `aired` is true or false, in a form `on` or nothing."""
    item = common.number_in(str(said.get("item", "")))
    if item is None:
        raise web.HTTPBadRequest(text="看不懂。")
    return Mark(item, said.get("aired") in (True, "on"), _moment(said.get("at")))


def _moment(said: object) -> datetime | None:
    """An aware moment as a script writes it; None for anything else."""
    try:
        at = datetime.fromisoformat(said) if isinstance(said, str) else None
    except ValueError:
        return None
    return at if at is not None and at.tzinfo is not None else None


@requires(Permission.RADIO_LIVE, unasked=True)
async def worker(request: web.Request) -> web.StreamResponse:
    """GET /desk/presenter-worker.js: here, since a worker only serves paths below its own."""
    return web.FileResponse(WORKER, headers={"Content-Type": "text/javascript; charset=utf-8"})


_ONE = r"/desk/sheets/{number:\d{1,9}}"
ROUTES = (
    web.get(_ONE + "/present", present, name="desk.present"),
    web.post(_ONE + "/aired", aired, name="desk.aired"),
    web.get("/desk/presenter-worker.js", worker, name="desk.presenter.worker"),
)
