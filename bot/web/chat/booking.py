"""Booking a session on a page: days, free places with each adviser, a form to confirm, and what is booked."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from aiohttp import web
from yarl import URL

from bot.clock import SHANGHAI, today
from bot.conversations.masking import contact_in as written_otherwise
from bot.conversations.masking import mask
from bot.guidance import rules, wording
from bot.guidance.ics import ics
from bot.guidance.views import AdviserView, BookingView, Slot, Wanted
from bot.linking.rules import BOOKING
from bot.text.guidance_wishes import contact_in
from bot.text.normal import normalise
from bot.text.times import spoken, spoken_day
from bot.web.chat.visitor import Visitor, sending, show, visitor_of
from bot.web.keys import CLOCK, GUIDANCE

PAGE = "/chat/booking"
DAYS, NEAREST, ASKED = 8, 4, 200
_KEY = re.compile(r"[\w-]{16,64}", re.ASCII)
Form = dict[str, Any]


@dataclass(frozen=True)
class Time:
    """A free time as the page links to it."""

    label: str
    url: str


async def page(request: web.Request) -> web.StreamResponse:
    """GET /chat/booking: what is booked, the days and the free places; with ?adviser=&at= the form to confirm one."""
    visitor = await visitor_of(request, BOOKING)
    wanted, query = _wanted(request), request.query
    if "at" in query:
        try:
            slot = await _slot(request, wanted, query.get("adviser", ""), query["at"])
        except rules.Refusal as refusal:
            return await _picker(request, visitor, wanted, refusal=refusal, at=_moment(query["at"]))
        form = {"topic": wanted.topic or "", "mode": wanted.mode or slot.adviser.modes[0], "asked": "", "contact": ""}
        return await _confirm(request, visitor, slot, form | {"key": secrets.token_urlsafe(18)})
    return await _picker(request, visitor, wanted)


async def _picker(
    request: web.Request,
    visitor: Visitor,
    wanted: Wanted,
    *,
    refusal: rules.Refusal | None = None,
    at: datetime | None = None,
) -> web.StreamResponse:
    guidance, now = request.app[GUIDANCE], today(request.app[CLOCK])
    days = await guidance.free_days(wanted, first=now, count=DAYS)
    chosen = _day(request.query.get("day", "")) or (days[0][0] if days else None)
    free = await guidance.free_with_each(wanted, chosen) if chosen else ()
    advisers = await guidance.advisers()
    near = await guidance.nearest(wanted, at, NEAREST) if refusal and at and _has(advisers, wanted) else ()
    booked = await guidance.mine(visitor.person) if visitor.person is not None else ()
    return await show(
        request,
        "chat/booking.html",
        visitor,
        status=422 if refusal else 200,
        wanted=wanted,
        advisers=advisers,
        topics=sorted({topic for one in advisers for topic in one.topics}, key=_order),
        modes=rules.MODES,
        days=[
            (spoken_day(day, now), f"{n} 个空位", _url(wanted, day=day.isoformat()), day == chosen) for day, n in days
        ],
        chosen=spoken_day(chosen, now) if chosen else None,
        free=[(adviser, [_time(slot, wanted, short=True) for slot in slots]) for adviser, slots in free],
        why=_why(refusal) if refusal else None,
        near=[_time(slot, wanted) for slot in near],
        booked=[shown(one) for one in booked],
        fresh=request.query.get("booked"),
        sample=any(adviser.sample for adviser, _ in free),
        sample_note=wording.SAMPLE_NOTE,
    )


async def _confirm(
    request: web.Request, visitor: Visitor, slot: Slot, form: Form, *, errors: dict[str, str] | None = None
) -> web.StreamResponse:
    wanted = Wanted(form["topic"] or None, form["mode"])
    return await show(
        request,
        "chat/booking_confirm.html",
        visitor,
        status=422 if errors else 200,
        slot=slot,
        when=_span(slot.starts_at, slot.minutes),
        at=_at(slot.starts_at),
        form=form,
        errors=errors or {},
        back=_url(wanted, day=rules.day_of(slot.starts_at).isoformat()),
        mode_names=wording.MODE_NAMES,
        asked_limit=ASKED,
        sample_note=wording.SAMPLE_NOTE,
    )


async def book(request: web.Request) -> web.StreamResponse:
    """POST /chat/booking: hold and book in one; 303 to what is booked, or the form with the reason and other times."""
    sent = await request.post()
    text = {
        name: str(sent.get(name, "")).strip() for name in ("topic", "mode", "asked", "contact", "key", "adviser", "at")
    }
    person = await sending(request, BOOKING, str(sent.get("who", "")))
    if not _KEY.fullmatch(text["key"]):
        raise web.HTTPBadRequest(text="表单不完整，回到上一页再试。")
    guidance, visitor = request.app[GUIDANCE], await visitor_of(request, BOOKING)
    wanted = Wanted(text["topic"] or None, None)
    try:
        slot = await _offered(request, text["adviser"], text["at"])
        if errors := _errors(slot.adviser, text):
            return await _confirm(request, visitor, slot, text, errors=errors)
        asked = mask(text["asked"][:ASKED]) or None
        held = await guidance.hold(
            person, slot, mode=text["mode"], topic=wanted.topic, key=f"page:{text['key']}", asked=asked
        )
        booking = await guidance.confirm(person, held.id, f"page:{text['key']}")
    except rules.Refusal as refusal:
        return await _picker(request, visitor, wanted, refusal=refusal, at=_moment(text["at"]))
    if text["contact"]:
        await guidance.set_contact(person, booking.id, _contact(text["contact"]) or text["contact"])
    raise web.HTTPSeeOther(f"{PAGE}?booked={booking.number}")


async def cancel(request: web.Request) -> web.StreamResponse:
    """POST /chat/booking/ID/cancel: call a session off."""
    sent = await request.post()
    person = await _sender(request, str(sent.get("who", "")))
    notice = "cancelled"
    try:
        await request.app[GUIDANCE].cancel(person, int(request.match_info["id"]))
    except rules.TooLateToChange:
        notice = "too_late"
    except rules.UnknownBooking:
        notice = "gone"
    raise web.HTTPSeeOther(f"{PAGE}?notice={notice}")


async def _sender(request: web.Request, who: str) -> int:
    visitor = await visitor_of(request, BOOKING)
    if visitor.person is None or visitor.who != who:
        raise web.HTTPSeeOther(f"{PAGE}?notice=changed")
    return visitor.person


async def calendar_entry(request: web.Request) -> web.StreamResponse:
    """GET /chat/booking/NUMBER.ics: the person's own session for their calendar; 404 for anybody else's."""
    person = (await visitor_of(request, BOOKING)).person
    if person is None:
        raise web.HTTPNotFound(text="没有这个预约，或者还没约上。")
    try:
        booking = await request.app[GUIDANCE].numbered(person, request.match_info["number"])
        entry = ics(booking)
    except (rules.UnknownBooking, ValueError) as error:
        raise web.HTTPNotFound(text="没有这个预约，或者还没约上。") from error
    headers = {"Content-Disposition": f'attachment; filename="{booking.number}.ics"', "Cache-Control": "no-store"}
    return web.Response(body=entry, content_type="text/calendar", charset="utf-8", headers=headers)


# -- what is asked for -------------------------------------------------------------------------------------------------


def _wanted(request: web.Request) -> Wanted:
    """What narrows the places down; what is nobody's topic or no way to meet does not."""
    query = request.query
    adviser = query.get("adviser", "")
    return Wanted(
        topic=query["topic"] if query.get("topic") in rules.TOPICS else None,
        mode=query["mode"] if query.get("mode") in rules.MODES else None,
        adviser_id=int(adviser) if adviser.isascii() and adviser.isdecimal() and len(adviser) < 10 else None,
    )


async def _slot(request: web.Request, wanted: Wanted, adviser: str, at: str) -> Slot:
    """The free place that a link names. Raises a Refusal."""
    if (moment := _moment(at)) is None or wanted.adviser_id is None:
        raise rules.NoAdviser(wanted)
    return await request.app[GUIDANCE].check(Wanted(adviser_id=wanted.adviser_id), moment)


async def _offered(request: web.Request, adviser: str, at: str) -> Slot:
    """The place that a form names, free or not: whether it is, booking it tells. Raises NoAdviser."""
    moment = _moment(at)
    for one in await request.app[GUIDANCE].advisers():
        if str(one.id) == adviser and moment is not None:
            return Slot(one, moment, 0)
    raise rules.NoAdviser(Wanted())


def _errors(adviser: AdviserView, text: Form) -> dict[str, str]:
    errors = {}
    if text["mode"] not in adviser.modes:
        errors["mode"] = f"{adviser.name}只能{'、'.join(adviser.modes)}。"
    if text["topic"] and text["topic"] not in adviser.topics:
        errors["topic"] = f"{adviser.name}能聊的是{'、'.join(adviser.topics)}。"
    if len(text["asked"]) > ASKED:
        errors["asked"] = f"最多 {ASKED} 字，现在 {len(text['asked'])} 字。"
    if text["contact"] and _contact(text["contact"]) is None:
        errors["contact"] = "没看出是手机号、座机还是邮箱，检查一下；不想留就空着。"
    return errors


def _contact(text: str) -> str | None:
    return contact_in(normalise(text)) or written_otherwise(text)


def _moment(text: str) -> datetime | None:
    try:
        return datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=SHANGHAI).astimezone(UTC)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _has(advisers: tuple[AdviserView, ...], wanted: Wanted) -> bool:
    return any(wanted.adviser_id in (None, one.id) for one in advisers)


# -- how it is shown ---------------------------------------------------------------------------------------------------


def _order(topic: str) -> int:
    return rules.TOPICS.index(topic) if topic in rules.TOPICS else len(rules.TOPICS)


def _why(refusal: rules.Refusal) -> str:
    return str(wording.ended(refusal).paragraphs[0])


def _at(moment: datetime) -> str:
    return f"{moment.astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"


def _span(starts_at: datetime, minutes: int) -> str:
    return f"{spoken(starts_at)}，{minutes} 分钟" if minutes else spoken(starts_at)


def _url(wanted: Wanted, **more: str) -> str:
    parts = {"topic": wanted.topic, "mode": wanted.mode, "adviser": wanted.adviser_id, **more}
    return str(URL(PAGE).with_query({name: str(value) for name, value in parts.items() if value}))


def _time(slot: Slot, wanted: Wanted, *, short: bool = False) -> Time:
    label = f"{slot.starts_at.astimezone(SHANGHAI):%H:%M}" if short else f"{spoken(slot.starts_at)} {slot.adviser.name}"
    only = Wanted(wanted.topic, wanted.mode, slot.adviser.id)
    return Time(label, _url(only, at=_at(slot.starts_at)))


def shown(booking: BookingView) -> dict[str, Any]:
    """A session as the page has it."""
    place = booking.adviser.base if booking.mode == "线下" else None
    ends = f"{booking.ends_at.astimezone(SHANGHAI):%H:%M}"
    return {
        "id": booking.id,
        "number": booking.number,
        "when": f"{spoken(booking.starts_at)}–{ends}",
        "lines": [
            f"{booking.adviser.name} · {booking.mode} · {wording.about(booking.topic)}",
            *([place] if place else []),
        ],
        "sample": booking.sample,
    }


ROUTES = (
    web.get(PAGE, page),
    web.post(PAGE, book),
    web.post(PAGE + r"/{id:\d{1,9}}/cancel", cancel),
    web.get(PAGE + "/{number}.ics", calendar_entry),
)
