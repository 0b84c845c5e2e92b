"""Events: the list, one of them with its figures, adding, changing, calling off, the list for the door."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.clock import today
from bot.events.rules import EventCancelled, EventOver, UnknownEvent
from bot.events.staff import FIELDS, BadFields, EventStaff, OnTheList, typed_of
from bot.events.staff_queries import PAGE
from bot.events.tables import Event
from bot.events.views import Reported
from bot.events.wording import KINDS
from bot.people.rules import Permission
from bot.sheets.writing import inert
from bot.text.districts import DISTRICTS
from bot.web.console import notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.navigation import Entry, Place, places
from bot.web.console.pages import back_to, form_of, moment, page, page_number
from bot.web.console.words import name_actions, name_details
from bot.web.keys import CLOCK, EVENTS, SESSIONS

notices.add(
    {
        "event-added": "活动加上了，现在就能报名。",
        "event-saved": "改好了。",
        "event-moved": "改好了。报了名和候补的人都会收到新的时间地点。",
        "event-same": "没有改动。",
        "event-called-off": "活动取消了，报了名的人都会收到消息。",
        "event-figures": "数字存好了。",
    }
)
notices.add({"event-called-off-no": "取消不了：已经取消过，或者已经结束了。"}, bad=True)
name_actions(
    {
        "event.add": "加活动",
        "event.change": "改活动",
        "event.call-off": "取消活动",
        "event.figures": "填活动数字",
        "event.export": "导出活动名单",
    }
)
name_details({"fields": "哪几项", "told": "告诉几人"})

_P = Permission
MODES = {"offline": "线下", "online": "线上"}
STATES = {"registered": "有名额", "waiting": "排队", "came": "到了"}
FIGURES = {"companies": "企业", "posts": "岗位", "registered": "报名", "came": "到场", "intents": "初步意向"}
TABS = (
    Entry("活动", "console.events", (_P.EVENTS_READ, _P.EVENTS_CHECK_IN)),
    Entry("导入", "console.events.sheet", (_P.EVENTS_EDIT,)),
)
EVENT = r"/console/events/{number:\d{1,9}}"


def tabs(request: web.Request) -> list[Place]:
    """The pages about events, as they stand above each of them."""
    return places(request, TABS, request[STAFF])


def events_of(request: web.Request) -> EventStaff:
    """Events as staff keep them."""
    return EventStaff(request.app[SESSIONS], request.app[CLOCK])


async def event_of(request: web.Request) -> Event:
    """The event that the path names, or 404."""
    try:
        return await events_of(request).one(int(request.match_info["number"]))
    except UnknownEvent as error:
        raise web.HTTPNotFound from error


@requires(_P.EVENTS_READ)
async def events(request: web.Request) -> web.StreamResponse:
    """GET /console/events."""
    past, number = request.query.get("past") == "yes", page_number(request)
    found = await events_of(request).listed(past=past, page=number)
    context = {
        "tabs": tabs(request), "found": found, "past": past, "kinds": KINDS, "modes": MODES, "page": number,
        "pages": -(-found.total // PAGE),
    }  # fmt: skip
    return await page(request, "console/events.html", context)


@requires(_P.EVENTS_READ)
async def event(request: web.Request) -> web.StreamResponse:
    """GET /console/events/NUMBER."""
    found = await event_of(request)
    return await _one(request, found, {}, {})


async def _one(
    request: web.Request, found: Event, typed: dict[str, str], errors: dict[str, str], status: int = 200
) -> web.Response:
    figures = await request.app[EVENTS].figures(found.id)
    context = {
        "event": found,
        "figures": figures,
        "names": FIGURES,
        "typed": {name: getattr(figures.reported, name) for name in FIGURES} | typed,
        "errors": errors,
        "kinds": KINDS,
        "modes": MODES,
        "over": found.ends_at <= request.app[CLOCK](),
    }
    return await page(request, "console/event.html", context, status=status)


@requires(_P.EVENTS_EDIT)
async def ask_new(request: web.Request) -> web.StreamResponse:
    """GET /console/events/new."""
    empty = dict.fromkeys(FIELDS, "") | {
        "day": today(request.app[CLOCK]).isoformat(),
        "starts": "09:00",
        "ends": "12:00",
    }
    return await _form(request, None, empty, {})


@requires(_P.EVENTS_EDIT)
async def add(request: web.Request) -> web.StreamResponse:
    """POST /console/events/new."""
    typed = _typed(await form_of(request))
    try:
        number = await events_of(request).add(typed)
    except BadFields as error:
        return await _form(request, None, typed, error.errors, 422)
    await audit(request, "event.add", f"活动 {number}")
    back_to(request, "console.event", notice="event-added", number=number)


@requires(_P.EVENTS_EDIT)
async def ask_change(request: web.Request) -> web.StreamResponse:
    """GET /console/events/NUMBER/change."""
    found = await event_of(request)
    return await _form(request, found, typed_of(found), {})


@requires(_P.EVENTS_EDIT)
async def change(request: web.Request) -> web.StreamResponse:
    """POST /console/events/NUMBER/change."""
    found, typed = await event_of(request), _typed(await form_of(request))
    try:
        done = await events_of(request).change(found.id, typed)
    except BadFields as error:
        return await _form(request, found, typed, error.errors, 422)
    if not done.fields:
        back_to(request, "console.event", notice="event-same", number=found.id)
    if "capacity" in done.fields:
        await request.app[EVENTS].fill_free_places()
    await audit(request, "event.change", f"活动 {found.id}", fields=list(done.fields), told=done.told)
    back_to(request, "console.event", notice="event-moved" if done.told else "event-saved", number=found.id)


@requires(_P.EVENTS_EDIT)
async def call_off(request: web.Request) -> web.StreamResponse:
    """POST /console/events/NUMBER/call-off: whoever signed up is told."""
    found = await event_of(request)
    try:
        told = await request.app[EVENTS].cancel_event(found.id)
    except (EventCancelled, EventOver):
        back_to(request, "console.event", notice="event-called-off-no", number=found.id)
    await audit(request, "event.call-off", f"活动 {found.id}", told=len(told))
    back_to(request, "console.event", notice="event-called-off", number=found.id)


@requires(_P.EVENTS_EDIT)
async def report(request: web.Request) -> web.StreamResponse:
    """POST /console/events/NUMBER/figures: as the League reports them."""
    found, form = await event_of(request), await form_of(request)
    typed = {name: form.get(name, "").strip()[:12] for name in FIGURES}
    wrong = [name for name, text in typed.items() if text and not (text.isascii() and text.isdigit() and len(text) < 9)]
    if wrong:
        return await _one(request, found, typed, dict.fromkeys(wrong, "写一个整数，没有就空着。"), 422)
    figures = Reported(**{name: int(text) if text else None for name, text in typed.items()})
    await request.app[EVENTS].report_figures(found.id, figures)
    await audit(request, "event.figures", f"活动 {found.id}")
    back_to(request, "console.event", notice="event-figures", number=found.id)


@requires(_P.EVENTS_READ)
async def door(request: web.Request) -> web.StreamResponse:
    """GET /console/events/NUMBER/list: who is expected, by ticket; made to be printed for the door."""
    found = await event_of(request)
    context = {"event": found, "rows": await events_of(request).sign_ups(found.id), "states": STATES}
    return await page(request, "console/event_list.html", context)


@requires(_P.EVENTS_READ)
async def export(request: web.Request) -> web.StreamResponse:
    """GET /console/events/NUMBER/list.csv."""
    found = await event_of(request)
    rows = await events_of(request).sign_ups(found.id)
    await audit(request, "event.export", f"活动 {found.id}", rows=len(rows))
    lines = [("序号", "编号", "签到码", "状态", "报名时间", "签到时间", "谁签的"), *map(_cells, enumerate(rows, 1))]
    text = "\ufeff" + "".join(
        ",".join('"' + inert(str(c)).replace('"', '""') + '"' for c in row) + "\r\n" for row in lines
    )
    return web.Response(
        text=text,
        content_type="text/csv",
        charset="utf-8",
        headers={"Content-Disposition": f'attachment; filename="event-{found.id}.csv"'},
    )


def _cells(numbered: tuple[int, OnTheList]) -> tuple[Any, ...]:
    place, row = numbered
    came = moment(row.checked_in_at)
    return (place, row.code, row.ticket, STATES[row.state], moment(row.registered_at), came, row.checked_by or "")


def _typed(form: dict[str, str]) -> dict[str, str]:
    return {name: form.get(name, "")[:5000] for name in FIELDS}


async def _form(
    request: web.Request, found: Event | None, typed: dict[str, str], errors: dict[str, str], status: int = 200
) -> web.Response:
    context = {
        "event": found,
        "typed": typed,
        "errors": errors,
        "kinds": list(KINDS.items()),
        "modes": list(MODES.items()),
        "districts": [("", "不写"), *((one, one) for one in DISTRICTS)],
    }
    return await page(request, "console/event_form.html", context, status=status)


ROUTES = (
    web.get("/console/events", events, name="console.events"),
    web.get("/console/events/new", ask_new, name="console.events.new"),
    web.post("/console/events/new", add),
    web.get(EVENT, event, name="console.event"),
    web.get(EVENT + "/change", ask_change, name="console.event.change"),
    web.post(EVENT + "/change", change),
    web.post(EVENT + "/call-off", call_off, name="console.event.call-off"),
    web.post(EVENT + "/figures", report, name="console.event.figures"),
    web.get(EVENT + "/list", door, name="console.event.list"),
    web.get(EVENT + "/list.csv", export, name="console.event.csv"),
)
