"""An event on a page: what it is, signing up and stepping back, the place in the queue, the ticket."""

from __future__ import annotations

import re
import secrets

from aiohttp import web

from bot.events import rules, wording
from bot.linking.rules import EVENT
from bot.web.chat.visitor import sending, show, visitor_of
from bot.web.keys import EVENTS

_KEY = re.compile(r"[\w-]{16,64}", re.ASCII)


def _purpose(request: web.Request) -> tuple[int, str]:
    event_id = int(request.match_info["id"])
    return event_id, f"{EVENT}:{event_id}"


async def page(request: web.Request) -> web.StreamResponse:
    """GET /chat/events/ID."""
    event_id, purpose = _purpose(request)
    visitor = await visitor_of(request, purpose)
    try:
        found = await request.app[EVENTS].details(event_id, visitor.person)
    except rules.UnknownEvent:
        return await show(request, "chat/nothing.html", visitor, status=404, what="这场活动")
    said = wording.details(found).paragraphs
    return await show(
        request,
        "chat/event.html",
        visitor,
        event=found.event,
        mine=found.mine if found.mine and found.mine.state != "cancelled" else None,
        kind=wording.KINDS[found.event.kind],
        when=wording.when(found.event),
        where=wording.where(found.event),
        places=wording.places(found.event),
        paragraphs=[text for text in said[1:] if text],
        key=secrets.token_urlsafe(18),
    )


async def change(request: web.Request) -> web.StreamResponse:
    """POST /chat/events/ID: sign up or step back, by the form's `do`."""
    event_id, purpose = _purpose(request)
    sent = await request.post()
    person = await sending(request, purpose, str(sent.get("who", "")))
    key, events = str(sent.get("key", "")), request.app[EVENTS]
    try:
        if sent.get("do") == "withdraw":
            await events.cancel(event_id, person)
            notice = "withdrawn"
        elif _KEY.fullmatch(key):
            signed = await events.sign_up(event_id, person, f"page:{key}")
            notice = "waiting" if signed.state == "waiting" else "signed_up"
        else:
            raise web.HTTPBadRequest(text="表单不完整，回到上一页再试。")
    except rules.UnknownEvent as error:
        raise web.HTTPNotFound(text="没有这场活动。") from error
    except rules.AlreadySignedUp:
        notice = "already"
    except rules.NotSignedUp:
        notice = "not_signed_up"
    except rules.AlreadyCheckedIn:
        notice = "came"
    except rules.EventOver:
        notice = "closed"
    except rules.EventCancelled:
        notice = "called_off"
    raise web.HTTPSeeOther(f"/chat/events/{event_id}?notice={notice}")


_PATH = r"/chat/events/{id:[1-9]\d{0,8}}"
ROUTES = (web.get(_PATH, page), web.post(_PATH, change))
