"""Advice: the week of everybody or of oneself, and the advisers with their hours, leaves and further hours."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from typing import Any

from aiohttp import web

from bot.clock import SHANGHAI, today
from bot.guidance import rules
from bot.guidance.managing import FIELDS, AdviserKeeping, BadFields, UnknownAdviser, typed_of
from bot.guidance.roster_cells import spoken_hours
from bot.people.rules import Permission
from bot.web.console import notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.navigation import Entry, Place, places
from bot.web.console.pages import back_to, form_of, page
from bot.web.console.words import name_actions, name_details
from bot.web.keys import CLOCK, GUIDANCE, SESSIONS

notices.add(
    {
        "adviser-added": "老师加上了，有时段就能约。",
        "adviser-saved": "改好了。已经约下的不受影响。",
        "adviser-same": "没有改动。",
        "leave-added": "请假记下了，撞上的预约已经取消，本人会收到消息和别的时间。",
        "leave-removed": "请假撤掉了，这段时间又能约。之前取消的预约不会自己回来。",
        "extra-added": "加的时段记下了，现在就能约。",
        "extra-removed": "加的时段撤掉了，已经约下的还在。",
    }
)
notices.add({"adviser-gone": "没有这一条，可能同事已经撤了。"}, bad=True)
name_actions(
    {
        "adviser.add": "加指导老师",
        "adviser.change": "改指导老师",
        "adviser.leave": "记请假",
        "adviser.leave-remove": "撤请假",
        "adviser.extra": "加时段",
        "adviser.extra-remove": "撤加的时段",
    }
)
name_details({"called_off": "取消几个预约", "minutes": "分钟"})

_P = Permission
STATES = {"held": "占着", "booked": "约好", "done": "办完", "no_show": "没来", "cancelled": "取消"}
WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
TABS = (
    Entry("日程", "console.guidance", (_P.GUIDANCE_SESSIONS,), under=("/console/guidance/sessions",)),
    Entry("指导老师", "console.advisers", (_P.GUIDANCE_READ,)),
    Entry("导入", "console.advisers.sheet", (_P.GUIDANCE_EDIT,)),
)
ADVISER = r"/console/guidance/advisers/{number:\d{1,9}}"


def tabs(request: web.Request) -> list[Place]:
    """The pages about advice, as they stand above each of them."""
    return places(request, TABS, request[STAFF])


def advisers_of(request: web.Request) -> AdviserKeeping:
    """Advisers as staff keep them."""
    return AdviserKeeping(request.app[SESSIONS], request.app[CLOCK])


def only_of(request: web.Request) -> int | None:
    """Whose sessions somebody may see: None for everybody's, else one adviser's (0 is nobody's)."""
    staff = request[STAFF]
    return None if staff.can(_P.GUIDANCE_READ) else staff.adviser_id or 0


def day_in(text: str) -> date | None:
    """A day as it stands in an address; None for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


@requires(_P.GUIDANCE_SESSIONS)
async def week(request: web.Request) -> web.StreamResponse:
    """GET /console/guidance: `day` in the week, `adviser` for one only."""
    now = today(request.app[CLOCK])
    day = day_in(request.query.get("day", "")) or now
    if abs((day - now).days) > 3660:
        day = now
    only, wanted = only_of(request), request.query.get("adviser", "")
    if only is None and wanted.isascii() and wanted.isdigit() and len(wanted) < 10:
        only = int(wanted)
    found = await advisers_of(request).week(day, only=only)
    days = [found.monday + timedelta(days=n) for n in range(7)]
    cells: dict[tuple[int, date], list[Any]] = defaultdict(list)
    for one in found.sessions:
        cells[one.booking.adviser_id, rules.day_of(one.booking.starts_at)].append(one)
    away = {
        (leave.adviser_id, one)
        for leave in found.leaves
        for one in days
        if leave.starts_at < rules.start_of(one + timedelta(days=1)) and leave.ends_at > rules.start_of(one)
    }
    context = {
        "tabs": tabs(request), "week": found, "days": days, "weekdays": WEEKDAYS, "cells": cells, "away": away,
        "hours": _hours_by_day(found), "states": STATES, "only": only, "before": days[0] - timedelta(days=7),
        "after": days[0] + timedelta(days=7), "clock": clock_of,
    }  # fmt: skip
    return await page(request, "console/week.html", context)


def clock_of(at: datetime) -> str:
    """9:30, in 大同."""
    local = at.astimezone(SHANGHAI)
    return f"{local.hour}:{local:%M}"


def _hours_by_day(found: Any) -> dict[tuple[int, date], list[str]]:
    """When each adviser is there, by adviser and day."""
    hours: dict[tuple[int, date], list[str]] = defaultdict(list)
    for adviser in found.advisers:
        for one in adviser.hours:
            span = spoken_hours((one.weekday, one.start_minute, one.end_minute)).split(" ")[1]
            hours[adviser.id, found.monday + timedelta(days=one.weekday - 1)].append(span)
    for one in found.extras:
        hours[one.adviser_id, one.day].append("加 " + spoken_hours((1, one.start_minute, one.end_minute)).split(" ")[1])
    return hours


@requires(_P.GUIDANCE_READ)
async def advisers(request: web.Request) -> web.StreamResponse:
    """GET /console/guidance/advisers."""
    found = await advisers_of(request).advisers()
    spoken = {one.id: [spoken_hours((h.weekday, h.start_minute, h.end_minute)) for h in one.hours] for one in found}
    return await page(request, "console/advisers.html", {"tabs": tabs(request), "advisers": found, "spoken": spoken})


@requires(_P.GUIDANCE_EDIT)
async def ask_new(request: web.Request) -> web.StreamResponse:
    """GET /console/guidance/advisers/new."""
    empty = dict.fromkeys(FIELDS, "") | {"modes": "线下、电话、线上", "at_once": "1", "active": "on"}
    return await page(request, "console/adviser.html", {"sheet": None, "typed": empty, "errors": {}})


@requires(_P.GUIDANCE_EDIT)
async def add(request: web.Request) -> web.StreamResponse:
    """POST /console/guidance/advisers/new."""
    typed = _typed(await form_of(request))
    try:
        number = await advisers_of(request).add(typed)
    except BadFields as error:
        return await page(
            request, "console/adviser.html", {"sheet": None, "typed": typed, "errors": error.errors}, status=422
        )
    await audit(request, "adviser.add", f"老师 {number}")
    back_to(request, "console.adviser", notice="adviser-added", number=number)


@requires(_P.GUIDANCE_READ)
async def adviser(request: web.Request) -> web.StreamResponse:
    """GET /console/guidance/advisers/NUMBER."""
    return await _sheet(request)


@requires(_P.GUIDANCE_EDIT)
async def change(request: web.Request) -> web.StreamResponse:
    """POST /console/guidance/advisers/NUMBER."""
    number, typed = int(request.match_info["number"]), _typed(await form_of(request))
    try:
        different = await advisers_of(request).change(number, typed)
    except UnknownAdviser as error:
        raise web.HTTPNotFound from error
    except BadFields as error:
        return await _sheet(request, typed, error.errors)
    if not different:
        back_to(request, "console.adviser", notice="adviser-same", number=number)
    await audit(request, "adviser.change", f"老师 {number}", fields=different)
    back_to(request, "console.adviser", notice="adviser-saved", number=number)


@requires(_P.GUIDANCE_EDIT)
async def leave(request: web.Request) -> web.StreamResponse:
    """POST /console/guidance/advisers/NUMBER/leave: first shows which sessions it calls off, then does so (`sure`)."""
    number, form = int(request.match_info["number"]), await form_of(request)
    span, errors = _span(form)
    if span is None:
        return await _sheet(request, None, errors, form)
    hit = await advisers_of(request).hit_by(number, *span)
    if hit and form.get("sure") != str(len(hit)):
        return await _sheet(request, None, {}, form, hit=hit)
    await _known(request, number)
    called_off = await request.app[GUIDANCE].adviser_leave(number, *span)
    await audit(request, "adviser.leave", f"老师 {number}", called_off=len(called_off))
    back_to(request, "console.adviser", notice="leave-added", number=number)


@requires(_P.GUIDANCE_EDIT)
async def remove_leave(request: web.Request) -> web.StreamResponse:
    """POST /console/guidance/advisers/NUMBER/leave/remove."""
    number, one = int(request.match_info["number"]), (await form_of(request)).get("id", "")
    done = one.isdecimal() and len(one) < 10 and await advisers_of(request).remove_leave(number, int(one))
    if done:
        await audit(request, "adviser.leave-remove", f"老师 {number}")
    back_to(request, "console.adviser", notice="leave-removed" if done else "adviser-gone", number=number)


@requires(_P.GUIDANCE_EDIT)
async def extra(request: web.Request) -> web.StreamResponse:
    """POST /console/guidance/advisers/NUMBER/extra."""
    number, form = int(request.match_info["number"]), await form_of(request)
    day, start, end = day_in(form.get("day", "")), _minute(form.get("from", "")), _minute(form.get("to", ""))
    errors = {}
    if day is None or day < today(request.app[CLOCK]):
        errors["day"] = "写今天或以后的一天。"
    if start is None or start % 5:
        errors["from"] = "要像 09:00 这样写，分钟是 5 的倍数。"
    if end is None or end % 5 or (start is not None and end <= start):
        errors["to"] = "要晚于开始，分钟是 5 的倍数。"
    if errors or day is None or start is None or end is None:
        return await _sheet(request, None, errors, form)
    await _known(request, number)
    await request.app[GUIDANCE].extra_hours(number, day, start, end)
    await audit(request, "adviser.extra", f"老师 {number}", minutes=end - start)
    back_to(request, "console.adviser", notice="extra-added", number=number)


@requires(_P.GUIDANCE_EDIT)
async def remove_extra(request: web.Request) -> web.StreamResponse:
    """POST /console/guidance/advisers/NUMBER/extra/remove."""
    number, one = int(request.match_info["number"]), (await form_of(request)).get("id", "")
    done = one.isdecimal() and len(one) < 10 and await advisers_of(request).remove_extra(number, int(one))
    if done:
        await audit(request, "adviser.extra-remove", f"老师 {number}")
    back_to(request, "console.adviser", notice="extra-removed" if done else "adviser-gone", number=number)


async def _known(request: web.Request, number: int) -> Any:
    try:
        return await advisers_of(request).sheet(number)
    except UnknownAdviser as error:
        raise web.HTTPNotFound from error


async def _sheet(
    request: web.Request,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    form: dict[str, str] | None = None,
    hit: tuple[Any, ...] = (),
) -> web.Response:
    sheet = await _known(request, int(request.match_info["number"]))
    context = {
        "sheet": sheet, "typed": typed or typed_of(sheet.adviser), "errors": errors or {}, "form": form or {}, "hit": hit,
        "spoken": lambda one: spoken_hours((1, one.start_minute, one.end_minute)).split(" ")[1],
    }  # fmt: skip
    return await page(request, "console/adviser.html", context, status=422 if errors else 409 if hit else 200)


def _typed(form: dict[str, str]) -> dict[str, str]:
    return {name: form.get(name, "")[:2000] for name in FIELDS}


def _minute(text: str) -> int | None:
    try:
        at = time.fromisoformat(text)
    except ValueError:
        return None
    return at.hour * 60 + at.minute


def _span(form: dict[str, str]) -> tuple[tuple[datetime, datetime] | None, dict[str, str]]:
    """From when to when somebody is away: `starts` and `ends` as a browser writes them, in 大同."""
    errors, found = {}, []
    for name in ("starts", "ends"):
        try:
            found.append(datetime.fromisoformat(form.get(name, "")).replace(tzinfo=SHANGHAI))
        except ValueError:
            errors[name] = "写清哪天几点。"
    if not errors and found[1] <= found[0]:
        errors["ends"] = "结束要晚于开始。"
    return (None if errors else (found[0], found[1])), errors


ROUTES = (
    web.get("/console/guidance", week, name="console.guidance"),
    web.get("/console/guidance/advisers", advisers, name="console.advisers"),
    web.get("/console/guidance/advisers/new", ask_new, name="console.advisers.new"),
    web.post("/console/guidance/advisers/new", add),
    web.get(ADVISER, adviser, name="console.adviser"),
    web.post(ADVISER, change),
    web.post(ADVISER + "/leave", leave, name="console.adviser.leave"),
    web.post(ADVISER + "/leave/remove", remove_leave, name="console.adviser.leave.remove"),
    web.post(ADVISER + "/extra", extra, name="console.adviser.extra"),
    web.post(ADVISER + "/extra/remove", remove_extra, name="console.adviser.extra.remove"),
)
