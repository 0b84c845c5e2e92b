"""One session: the brief before it, another time, calling it off, who came, what came of it. Advisers see their own only."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NoReturn

from aiohttp import web

from bot.guidance import rules
from bot.guidance.managing import Session
from bot.guidance.views import Slot, Wanted
from bot.people.rules import Permission
from bot.web.console import notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.guidance import STATES, advisers_of, clock_of, day_in, only_of
from bot.web.console.pages import back_to, form_of, page
from bot.web.console.words import name_actions
from bot.web.keys import CLOCK, GUIDANCE

notices.add(
    {
        "session-moved": "改好了，本人会收到新的时间。",
        "session-called-off": "取消了，本人会收到消息和别的时间。",
        "session-outcome": "结果存好了。",
        "session-no-show": "记下没来了。写了结果就会改成办完。",
    }
)
notices.add({"session-no": "现在不能这样改，可能本人或同事刚改过。"}, bad=True)
name_actions(
    {
        "session.brief": "看咨询简报",
        "session.contact": "看预约联系方式",
        "session.move": "改预约时间",
        "session.call-off": "取消预约",
        "session.outcome": "写咨询结果",
        "session.no-show": "记没来",
    }
)

_P = Permission.GUIDANCE_SESSIONS
_LONGEST, _REASON = 2000, 4
OUTCOME = {"done_what": "做了什么", "advice": "建议", "follow_up": "接下来"}


async def session_of(request: web.Request) -> Session:
    """The session that the path names; 404 also for one that is not theirs."""
    try:
        return await advisers_of(request).session(int(request.match_info["number"]), only=only_of(request))
    except rules.UnknownBooking as error:
        raise web.HTTPNotFound from error


@requires(_P)
async def session(request: web.Request) -> web.StreamResponse:
    """GET /console/guidance/sessions/NUMBER: `day` for the free places of a day."""
    return await _shown(request, await session_of(request))


async def _shown(request: web.Request, found: Session, status: int = 200, **more: Any) -> web.Response:
    booking, now = found.booking, request.app[CLOCK]()
    day = day_in(request.query.get("day", "")) or rules.day_of(max(booking.starts_at, now))
    open_ = booking.state == "booked" and booking.starts_at > now
    only = only_of(request)
    free: list[Any] = []
    if open_:
        wanted = Wanted(mode=booking.mode, adviser_id=only)
        free = list(await request.app[GUIDANCE].free_with_each(wanted, day))
    adviser = (await advisers_of(request).sheet(booking.adviser_id)).adviser
    outcome = {name: getattr(found.outcome, name) if found.outcome else "" for name in OUTCOME}
    context = {
        "session": found, "booking": booking, "adviser": adviser, "states": STATES, "day": day, "free": free,
        "open": open_, "begun": booking.starts_at <= now and booking.state != "cancelled", "outcome_names": OUTCOME,
        "outcome": outcome, "errors": {}, "contact": None, "reason": "", "brief": None, "clock": clock_of,
    } | more  # fmt: skip
    return await page(request, "console/session.html", context, status=status)


@requires(_P)
async def brief(request: web.Request) -> web.StreamResponse:
    """POST /console/guidance/sessions/NUMBER/brief: what the person agreed to share; that it was read is put down."""
    found = await session_of(request)
    try:
        told = await request.app[GUIDANCE].brief(found.booking.id, request[STAFF].name)
    except rules.UnknownBooking:
        _no(request, found)
    await audit(request, "session.brief", f"预约 {found.booking.number}")
    return await _shown(request, found, brief=told)


@requires(_P)
async def contact(request: web.Request) -> web.StreamResponse:
    """POST /console/guidance/sessions/NUMBER/contact: for a reason that is put down."""
    found, reason = await session_of(request), (await form_of(request)).get("reason", "").strip()[:100]
    if len(reason) < _REASON:
        errors = {"reason": f"写清为什么要看，至少 {_REASON} 个字。"}
        return await _shown(request, found, 422, errors=errors, reason=reason)
    try:
        told = await request.app[GUIDANCE].contact(found.booking.id, request[STAFF].name)
    except rules.UnknownBooking:
        _no(request, found)
    await audit(request, "session.contact", f"预约 {found.booking.number}", reason=reason)
    return await _shown(request, found, contact=told or "没留")


@requires(_P)
async def move(request: web.Request) -> web.StreamResponse:
    """POST /console/guidance/sessions/NUMBER/move: `to` is an adviser and a moment."""
    found, to = await session_of(request), (await form_of(request)).get("to", "")
    try:
        slot = await _slot(request, found, to)
        await request.app[GUIDANCE].reschedule(found.booking.id, slot)
    except (rules.Refusal, ValueError):
        _no(request, found)
    await audit(request, "session.move", f"预约 {found.booking.number}")
    if only_of(request) not in (None, slot.adviser.id):
        back_to(request, "console.guidance", notice="session-moved")
    back_to(request, "console.session", notice="session-moved", number=found.booking.id)


async def _slot(request: web.Request, found: Session, to: str) -> Slot:
    """The free place that was chosen. Raises ValueError for none, or a Refusal."""
    number, _, moment = to.partition("@")
    adviser, only = int(number[:9]), only_of(request)
    starts_at = datetime.fromisoformat(moment)
    if only not in (None, adviser) or starts_at.tzinfo is None:
        raise ValueError(to)
    return await request.app[GUIDANCE].check(Wanted(mode=found.booking.mode, adviser_id=adviser), starts_at)


@requires(_P)
async def call_off(request: web.Request) -> web.StreamResponse:
    """POST /console/guidance/sessions/NUMBER/call-off."""
    found = await session_of(request)
    try:
        await request.app[GUIDANCE].call_off(found.booking.id)
    except rules.Refusal:
        _no(request, found)
    await audit(request, "session.call-off", f"预约 {found.booking.number}")
    back_to(request, "console.session", notice="session-called-off", number=found.booking.id)


@requires(_P)
async def no_show(request: web.Request) -> web.StreamResponse:
    """POST /console/guidance/sessions/NUMBER/no-show."""
    found = await session_of(request)
    try:
        await request.app[GUIDANCE].no_show(found.booking.id)
    except rules.Refusal:
        _no(request, found)
    await audit(request, "session.no-show", f"预约 {found.booking.number}")
    back_to(request, "console.session", notice="session-no-show", number=found.booking.id)


@requires(_P)
async def outcome(request: web.Request) -> web.StreamResponse:
    """POST /console/guidance/sessions/NUMBER/outcome."""
    found, form = await session_of(request), await form_of(request)
    typed = {name: form.get(name, "").strip() for name in OUTCOME}
    errors = {name: f"太长了，最多 {_LONGEST} 字。" for name, text in typed.items() if len(text) > _LONGEST}
    if not typed["done_what"]:
        errors["done_what"] = "写一句做了什么。"
    if errors:
        return await _shown(request, found, 422, errors=errors, outcome=typed)
    try:
        await request.app[GUIDANCE].outcome(found.booking.id, *typed.values(), by=request[STAFF].name)
    except rules.Refusal:
        _no(request, found)
    await audit(request, "session.outcome", f"预约 {found.booking.number}")
    back_to(request, "console.session", notice="session-outcome", number=found.booking.id)


def _no(request: web.Request, found: Session) -> NoReturn:
    back_to(request, "console.session", notice="session-no", number=found.booking.id)


_ONE = r"/console/guidance/sessions/{number:\d{1,9}}"
ROUTES = (
    web.get(_ONE, session, name="console.session"),
    web.post(_ONE + "/brief", brief, name="console.session.brief"),
    web.post(_ONE + "/contact", contact, name="console.session.contact"),
    web.post(_ONE + "/move", move, name="console.session.move"),
    web.post(_ONE + "/call-off", call_off, name="console.session.call-off"),
    web.post(_ONE + "/no-show", no_show, name="console.session.no-show"),
    web.post(_ONE + "/outcome", outcome, name="console.session.outcome"),
)
