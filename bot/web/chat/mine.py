"""What somebody has with us, on one page: sessions, events, postings, saved searches."""

from __future__ import annotations

from aiohttp import web

from bot.events import wording as event_wording
from bot.jobs import wording as job_wording
from bot.linking.rules import MINE
from bot.text.times import spoken_day
from bot.text.wishes import Wishes
from bot.web.chat.booking import shown
from bot.web.chat.visitor import show, visitor_of
from bot.web.keys import EVENTS, GUIDANCE, JOBS, LINKS


async def page(request: web.Request) -> web.StreamResponse:
    """GET /chat/mine."""
    visitor, app = await visitor_of(request, MINE), request.app
    person = visitor.person
    talk = await app[LINKS].talk_of(person) if person is not None else None
    booked = await app[GUIDANCE].mine(person) if person is not None else ()
    waits = await app[GUIDANCE].waits(person) if person is not None else ()
    signed = await app[EVENTS].mine(person) if person is not None else ()
    kept = await app[JOBS].kept(talk) if talk else []
    searches = await app[JOBS].subscriptions(talk) if talk else []
    return await show(
        request,
        "chat/mine.html",
        visitor,
        booked=[shown(one) for one in booked],
        waits=[(spoken_day(wait.day), wait.position) for wait in waits],
        events=[(one.event, one.mine, event_wording.when(one.event), event_wording.where(one.event)) for one in signed],
        jobs=[(one.posting, job_wording.pay(one.posting), one.offered) for one in kept],
        searches=[job_wording.said(Wishes.from_dict(one.wishes)) for one in searches],
        empty=not (booked or waits or signed or kept or searches),
    )


ROUTES = (web.get("/chat/mine", page),)
