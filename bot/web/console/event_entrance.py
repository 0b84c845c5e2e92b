"""The door of an event: a ticket typed, or read off a photo; told at once whether its holder may come in.

Works without a script. Where the browser reads codes itself, a script of ours looks through the camera and sends the form.
"""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web

from bot.events.rules import AlreadyCheckedIn, EventCancelled, NotAdmitted, UnknownTicket, WrongDay
from bot.events.scanning import NotAPicture, ticket_on
from bot.events.staff import WrongEvent
from bot.people.rules import Permission
from bot.web.console import notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.events import EVENT, event_of, events_of
from bot.web.console.pages import back_to, form_of, moment, page
from bot.web.console.words import name_actions
from bot.web.keys import EVENTS

notices.add({"ticket-in": "签到成功，请进。", "ticket-out": "这次签到撤回了。"})
notices.add({"ticket-out-no": "这张票没有签到过，不用撤。"}, bad=True)
name_actions({"event.check-in": "签到", "event.check-in-undo": "撤回签到"})

_PHOTO = 12_000_000
_NOT_ADMITTED = {"waiting": "这个人还在排队，没有名额。", "cancelled": "这张票的报名已经取消了。"}


@requires(Permission.EVENTS_CHECK_IN)
async def entrance(request: web.Request) -> web.StreamResponse:
    """GET /console/events/NUMBER/entrance."""
    return await _door(request)


@requires(Permission.EVENTS_CHECK_IN, upload=_PHOTO + 64 * 1024)
async def check_in(request: web.Request) -> web.StreamResponse:
    """POST /console/events/NUMBER/entrance: `ticket` typed, or `photo`."""
    found, posted = await event_of(request), await request.post()
    typed, photo = str(posted.get("ticket", "")).strip()[:60], posted.get("photo")
    if isinstance(photo, web.FileField) and photo.filename:
        try:
            seen = await asyncio.to_thread(lambda: ticket_on(photo.file.read()))
        except NotAPicture:
            return await _door(request, error="这不是能看的照片，请重拍，或者手动输入签到码。")
        if seen is None:
            return await _door(request, error="照片上没看到签到码。靠近一点、对准再拍，或者手动输入。")
        typed = seen
    if not typed:
        return await _door(request, error="先输入签到码，或者拍一张。")
    try:
        ticket = await events_of(request).check_event(found.id, typed)
        await request.app[EVENTS].check_in(ticket, request[STAFF].name)
    except (UnknownTicket, WrongEvent, AlreadyCheckedIn, NotAdmitted, WrongDay, EventCancelled) as error:
        return await _door(request, typed=typed, error=_told(error))
    await audit(request, "event.check-in", f"活动 {found.id}", ticket=ticket)
    back_to(request, "console.event.entrance", notice="ticket-in", number=found.id)


@requires(Permission.EVENTS_CHECK_IN)
async def undo(request: web.Request) -> web.StreamResponse:
    """POST /console/events/NUMBER/entrance/undo."""
    found, ticket = await event_of(request), (await form_of(request)).get("ticket", "")[:12]
    if not await events_of(request).undo_check_in(found.id, ticket):
        back_to(request, "console.event.entrance", notice="ticket-out-no", number=found.id)
    await audit(request, "event.check-in-undo", f"活动 {found.id}", ticket=ticket)
    back_to(request, "console.event.entrance", notice="ticket-out", number=found.id)


async def _door(request: web.Request, *, typed: str = "", error: str = "") -> web.Response:
    found = await event_of(request)
    context: dict[str, Any] = {
        "event": found,
        "figures": await request.app[EVENTS].figures(found.id),
        "latest": await events_of(request).latest_in(found.id),
        "typed": typed,
        "error": error,
    }
    answer = await page(request, "console/entrance.html", context, status=422 if error else 200)
    answer.headers["Permissions-Policy"] = "camera=(self), microphone=(), geolocation=()"
    return answer


def _told(error: Exception) -> str:
    """What is said at the door."""
    match error:
        case AlreadyCheckedIn():
            return f"这张票 {moment(error.at)} 已经签过了（{error.by}签的），别重复放行。"
        case WrongEvent():
            return f"这张票是“{error.title}”的，不是这一场。"
        case NotAdmitted():
            return _NOT_ADMITTED.get(error.state, "这张票不能进。")
        case WrongDay():
            return f"今天不是活动的日子，活动从 {moment(error.starts_at)} 开始。"
        case EventCancelled():
            return "这场活动已经取消了。"
    return "没有这个签到码，请核对是不是看错了字。"


ROUTES = (
    web.get(EVENT + "/entrance", entrance, name="console.event.entrance"),
    web.post(EVENT + "/entrance", check_in),
    web.post(EVENT + "/entrance/undo", undo, name="console.event.entrance.undo"),
)
