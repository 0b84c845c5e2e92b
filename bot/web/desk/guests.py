"""Guests: the list that sheets choose from."""

from __future__ import annotations

from aiohttp import web

from bot.people.rules import Permission
from bot.radio.programme import rules
from bot.radio.programme.rules import LIMITS
from bot.radio.programme.views import GuestView
from bot.web.console import notices
from bot.web.console.access import audit, requires
from bot.web.console.pages import back_to, form_of, number_in, page
from bot.web.console.words import name_actions
from bot.web.desk.common import programmes, tabs, words_for

FIELDS = ("name", "title", "company", "note")
notices.add({"guest-saved": "嘉宾存好了。", "guest-gone": "不再出现在节目单的选项里。", "guest-back": "又能选了。"})
name_actions({"radio.guest": "改嘉宾", "radio.guest-gone": "停用嘉宾", "radio.guest-back": "恢复嘉宾"})


@requires(Permission.RADIO_READ)
async def guests(request: web.Request) -> web.StreamResponse:
    """GET /desk/guests?all=on"""
    whole = bool(request.query.get("all"))
    service = programmes(request)
    context = {
        "tabs": tabs(request),
        "rows": await service.guests(gone=whole),
        "days": await service.days_of_guests(),
        "whole": whole,
    }
    return await page(request, "desk/guests.html", context)


async def _form(
    request: web.Request,
    typed: dict[str, str],
    *,
    guest: GuestView | None = None,
    errors: dict[str, str] | None = None,
    theirs: GuestView | None = None,
    version: int = 0,
) -> web.Response:
    context = {
        "tabs": tabs(request),
        "guest": guest,
        "typed": typed,
        "errors": errors or {},
        "theirs": theirs,
        "version": version,
        "limits": LIMITS,
    }
    return await page(request, "desk/guest.html", context, status=422 if errors or theirs else 200)


@requires(Permission.RADIO_EDIT)
async def new(request: web.Request) -> web.StreamResponse:
    """GET /desk/guests/new."""
    return await _form(request, dict.fromkeys(FIELDS, ""))


@requires(Permission.RADIO_EDIT)
async def add(request: web.Request) -> web.StreamResponse:
    """POST /desk/guests/new."""
    form = await form_of(request)
    typed = {name: form.get(name, "") for name in FIELDS}
    try:
        number = await programmes(request).add_guest(typed)
    except rules.BadFields as error:
        return await _form(request, typed, errors=words_for(error.errors))
    await audit(request, "radio.guest", f"嘉宾 {number}")
    back_to(request, "desk.guests", notice="guest-saved")


@requires(Permission.RADIO_READ)
async def guest(request: web.Request) -> web.StreamResponse:
    """GET /desk/guests/NUMBER."""
    found = await _guest(request)
    return await _form(request, {name: getattr(found, name) for name in FIELDS}, guest=found, version=found.version)


@requires(Permission.RADIO_EDIT)
async def change(request: web.Request) -> web.StreamResponse:
    """POST /desk/guests/NUMBER: as it was seen in `version`."""
    found, form = await _guest(request), await form_of(request)
    typed, version = {name: form.get(name, "") for name in FIELDS}, number_in(form.get("version", "")) or 0
    try:
        await programmes(request).change_guest(found.id, typed, version=version)
    except rules.BadFields as error:
        return await _form(request, typed, guest=found, errors=words_for(error.errors), version=version)
    except rules.Changed as error:
        theirs = error.now if isinstance(error.now, GuestView) else found
        return await _form(request, typed, guest=found, theirs=theirs, version=theirs.version)
    await audit(request, "radio.guest", f"嘉宾 {found.id}")
    back_to(request, "desk.guests", notice="guest-saved")


@requires(Permission.RADIO_EDIT)
async def offer(request: web.Request) -> web.StreamResponse:
    """POST /desk/guests/NUMBER/offer: `offered` on or not."""
    found, offered = await _guest(request), (await form_of(request)).get("offered") == "on"
    await programmes(request).offer_guest(found.id, offered=offered)
    await audit(request, "radio.guest-back" if offered else "radio.guest-gone", f"嘉宾 {found.id}")
    back_to(request, "desk.guests", notice="guest-back" if offered else "guest-gone")


async def _guest(request: web.Request) -> GuestView:
    try:
        return await programmes(request).guest(int(request.match_info["number"]))
    except rules.UnknownGuest as error:
        raise web.HTTPNotFound from error


_ONE = r"/desk/guests/{number:\d{1,9}}"
ROUTES = (
    web.get("/desk/guests", guests, name="desk.guests"),
    web.get("/desk/guests/new", new, name="desk.guests.new"),
    web.post("/desk/guests/new", add),
    web.get(_ONE, guest, name="desk.guest"),
    web.post(_ONE, change),
    web.post(_ONE + "/offer", offer, name="desk.guest.offer"),
)
