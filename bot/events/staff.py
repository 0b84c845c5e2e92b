"""What staff do with events besides what `Events` can: list, add, change, read the list of a door, take a check-in back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.clock import SHANGHAI, Clock
from bot.events import queries, rules, staff_queries
from bot.events.sheet_cells import Unreadable, district_in, number_in, time_in
from bot.events.tables import Event, Registration
from bot.sheets.rows import Value
from bot.store import Sessions

SOURCE = "团市委"
MOST = 5000
FIELDS = (
    "title", "kind", "mode", "day", "starts", "last_day", "ends", "district", "place", "address", "url", "capacity",
    "about",
)  # fmt: skip
WHEN_AND_WHERE = {"starts_at", "ends_at", "mode", "place", "address"}
"""What those who come must hear of."""
_LONGEST = {"title": 120, "place": 120, "url": 500, "address": 500, "about": 4000}


class BadFields(Exception):
    """What was typed cannot be kept: what is wrong with which field, in Chinese."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


class WrongEvent(Exception):
    """The ticket is of another event: which."""

    def __init__(self, title: str) -> None:
        super().__init__("a ticket of another event")
        self.title = title


@dataclass(frozen=True)
class Listed:
    """A page of events, how many wait for each, and how many events there are."""

    events: tuple[Event, ...]
    waiting: Mapping[int, int]
    total: int


@dataclass(frozen=True)
class Change:
    """The names of what differs from before, and how many are told of it."""

    fields: tuple[str, ...]
    told: int


@dataclass(frozen=True)
class OnTheList:
    """A sign-up as the door has it: no name, for none was asked."""

    code: str
    ticket: str
    state: str
    registered_at: datetime
    checked_in_at: datetime | None
    checked_by: str | None


def typed_of(event: Event) -> dict[str, str]:
    """An event as the form has it."""
    start, end = event.starts_at.astimezone(SHANGHAI), event.ends_at.astimezone(SHANGHAI)
    return {
        "title": event.title,
        "kind": event.kind,
        "mode": event.mode,
        "day": f"{start:%Y-%m-%d}",
        "starts": f"{start:%H:%M}",
        "last_day": "" if start.date() == end.date() else f"{end:%Y-%m-%d}",
        "ends": f"{end:%H:%M}",
        "district": event.district or "",
        "place": event.place or "",
        "address": event.address or "",
        "url": event.url or "",
        "capacity": str(event.capacity or ""),
        "about": event.about,
    }


class EventStaff:
    """Events as staff keep them. Each method is one transaction."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def listed(self, *, past: bool, page: int) -> Listed:
        """Events that are to come, or that are over."""
        async with self._sessions() as db:
            events, total = await staff_queries.listed(db, self._clock(), past=past, page=page)
            waiting = await staff_queries.waiting(db, [event.id for event in events])
        return Listed(tuple(events), waiting, total)

    async def one(self, event_id: int) -> Event:
        """One event. Raises UnknownEvent."""
        async with self._sessions() as db:
            event = await db.get(Event, event_id)
        if event is None:
            raise rules.UnknownEvent(event_id)
        return event

    async def sign_ups(self, event_id: int) -> tuple[OnTheList, ...]:
        """Who signed up, by code and ticket, in their order; at most MOST."""
        async with self._sessions() as db:
            rows = await staff_queries.sign_ups(db, event_id, MOST)
        return tuple(_on_the_list(row, code) for row, code in rows)

    async def latest_in(self, event_id: int) -> tuple[OnTheList, ...]:
        """Who came in last."""
        async with self._sessions() as db:
            return tuple(_on_the_list(row, "") for row in await staff_queries.latest_in(db, event_id))

    async def check_event(self, event_id: int, ticket: str) -> str:
        """The ticket as it is printed. Raises UnknownTicket, or WrongEvent for one of another event."""
        code = rules.ticket_in(ticket)
        async with self._sessions() as db:
            there = await queries.by_ticket(db, code) if code else None
            if code is None or there is None:
                raise rules.UnknownTicket(ticket)
            if there.event_id != event_id:
                raise WrongEvent((await db.get_one(Event, there.event_id)).title)
        return code

    async def undo_check_in(self, event_id: int, ticket: str) -> bool:
        """Take a check-in of this event back; False if there is none."""
        async with self._sessions.begin() as db:
            return await staff_queries.let_out(db, event_id, ticket)

    async def add(self, typed: Mapping[str, str]) -> int:
        """Add an event; its id. Raises BadFields."""
        values = read(typed)
        async with self._sessions.begin() as db:
            event = Event(**values, source=SOURCE)
            db.add(event)
            await db.flush()
            return event.id

    async def change(self, event_id: int, typed: Mapping[str, str]) -> Change:
        """Change an event. Whoever signed up is told, through the reminders, of another time or place.

        Raises UnknownEvent or BadFields.
        """
        values, now = read(typed), self._clock()
        async with self._sessions.begin() as db:
            event = await queries.locked(db, event_id)
            if event is None:
                raise rules.UnknownEvent(event_id)
            if values["capacity"] is not None and values["capacity"] < event.taken:
                raise BadFields({"capacity": f"已经给出 {event.taken} 个名额，不能再少了。"})
            different = [name for name, value in values.items() if getattr(event, name) != value]
            for name in different:
                setattr(event, name, values[name])
            await db.flush()
            moved = not WHEN_AND_WHERE.isdisjoint(different) and event.status == "planned" and event.ends_at > now
            told = await staff_queries.tell_of_change(db, event, now) if moved else 0
        return Change(tuple(different), told)


def read(typed: Mapping[str, str]) -> dict[str, Any]:
    """What was typed as the columns of an event. Raises BadFields."""
    text = {name: typed.get(name, "").strip() for name in FIELDS}
    errors = {n: f"太长了，最多 {most} 字。" for n, most in _LONGEST.items() if len(text[n]) > most}
    values: dict[str, Any] = {name: text[name] or None for name in ("place", "address", "url")}
    values |= {"title": re.sub(r"\s+", " ", text["title"]), "about": text["about"]}
    if not re.search(r"\w", text["title"]):
        errors["title"] = "没有写活动名称。"
    for name, known in (("kind", rules.KINDS), ("mode", rules.MODES)):
        values[name] = text[name]
        if text[name] not in known:
            errors[name] = "选一个。"
    if text["url"] and not re.fullmatch(r"https?://\S+", text["url"]):
        errors["url"] = "链接要以 http:// 或 https:// 开头。"
    for name, how in (("district", district_in), ("capacity", number_in)):
        values[name] = _read(errors, name, text[name], how) if text[name] else None
    if text["mode"] == "offline" and not (text["place"] or text["address"]):
        errors["place"] = "线下的活动要写在哪里。"
    values |= _times(text, errors)
    if errors:
        raise BadFields(errors)
    return values


def _times(text: Mapping[str, str], errors: dict[str, str]) -> dict[str, datetime]:
    day = _read(errors, "day", text["day"], _day)
    last = _read(errors, "last_day", text["last_day"] or text["day"], _day)
    start, end = (_read(errors, name, text[name], time_in) for name in ("starts", "ends"))
    if None in (day, last, start, end):
        return {}
    starts_at, ends_at = datetime.combine(day, start, SHANGHAI), datetime.combine(last, end, SHANGHAI)
    if ends_at <= starts_at:
        errors["ends"] = "结束要晚于开始。"
    return {"starts_at": starts_at, "ends_at": ends_at}


def _day(text: Value) -> date:
    try:
        return date.fromisoformat(str(text))
    except ValueError as error:
        raise Unreadable("日期要像 2026-11-24 这样写") from error


def _read(errors: dict[str, str], name: str, text: str, how: Any) -> Any:
    try:
        return how(text)
    except Unreadable as error:
        errors.setdefault(name, f"{error}。")
        return None


def _on_the_list(row: Registration, code: str) -> OnTheList:
    return OnTheList(code, row.ticket, row.state, row.registered_at, row.checked_in_at, row.checked_by)
