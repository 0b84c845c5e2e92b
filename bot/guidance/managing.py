"""What staff see and set of advisers: who they are, their hours, a week of theirs, one session with all that belongs to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.guidance import keeping_queries as queries
from bot.guidance import rules
from bot.guidance.roster_cells import Unreadable, hours_in, modes_in, number_in, spoken_hours, topics_in
from bot.guidance.tables import (
    Adviser,
    AdviserExtra,
    AdviserHours,
    AdviserLeave,
    Booking,
    GuidanceOutcome,
    GuidanceRating,
)
from bot.store import Sessions

FIELDS = ("name", "full_name", "topics", "modes", "base", "at_once", "session_minutes", "hours", "note", "active")
_LONGEST = {"name": 40, "full_name": 40, "base": 80, "note": 500}
LOOK_AHEAD = timedelta(days=366)


class BadFields(Exception):
    """What was typed cannot be kept: what is wrong with which field, in Chinese."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


class UnknownAdviser(Exception):
    """There is no such adviser."""


@dataclass(frozen=True)
class Session:
    """A booking with the code of its person."""

    booking: Booking
    code: str
    has_contact: bool = False
    outcome: GuidanceOutcome | None = None
    rating: GuidanceRating | None = None


@dataclass(frozen=True)
class Week:
    """What is on from one Monday to the next, of everybody or of one adviser."""

    monday: date
    advisers: Sequence[Adviser]
    sessions: tuple[Session, ...]
    leaves: Sequence[AdviserLeave]
    extras: Sequence[AdviserExtra]


@dataclass(frozen=True)
class AdviserSheet:
    """An adviser with the leaves and the further hours that are to come."""

    adviser: Adviser
    leaves: Sequence[AdviserLeave]
    extras: Sequence[AdviserExtra]


def typed_of(adviser: Adviser) -> dict[str, str]:
    """An adviser as the form has it."""
    hours = [spoken_hours((one.weekday, one.start_minute, one.end_minute)) for one in adviser.hours]
    return {
        "name": adviser.name,
        "full_name": adviser.full_name or "",
        "topics": "、".join(adviser.topics),
        "modes": "、".join(adviser.modes),
        "base": adviser.base or "",
        "at_once": str(adviser.at_once),
        "session_minutes": str(adviser.session_minutes or ""),
        "hours": "\n".join(hours),
        "note": adviser.note or "",
        "active": "on" if adviser.active else "",
    }


class AdviserKeeping:
    """Advisers as staff keep them. Each method is one transaction. `only`: what belongs to one adviser."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def advisers(self) -> Sequence[Adviser]:
        """Everybody, those that take bookings first."""
        async with self._sessions() as db:
            return await queries.advisers(db)

    async def sheet(self, adviser_id: int) -> AdviserSheet:
        """One adviser. Raises UnknownAdviser."""
        now = self._clock()
        async with self._sessions() as db:
            adviser = await _there(db, adviser_id)
            leaves = await queries.leaves(db, now, now + LOOK_AHEAD, adviser_id)
            day = rules.day_of(now)
            return AdviserSheet(adviser, leaves, await queries.extras(db, day, day + LOOK_AHEAD, adviser_id))

    async def week(self, day: date, *, only: int | None) -> Week:
        """The week that a day is in."""
        monday, after = rules.week_of(day)
        start, end = rules.start_of(monday), rules.start_of(after)
        async with self._sessions() as db:
            advisers = await queries.advisers(db, only)
            rows = await queries.between(db, start, end, only)
            leaves = await queries.leaves(db, start, end, only)
            extras = await queries.extras(db, monday, after - timedelta(days=1), only)
        busy = {row.adviser_id for row, _ in rows}
        shown = [one for one in advisers if one.active or one.id in busy]
        return Week(monday, shown, tuple(Session(row, code) for row, code in rows), leaves, extras)

    async def session(self, booking_id: int, *, only: int | None) -> Session:
        """One session. Raises UnknownBooking, also for another adviser's."""
        async with self._sessions() as db:
            found = await queries.booking(db, booking_id)
            if found is None or (only is not None and found[0].adviser_id != only):
                raise rules.UnknownBooking(booking_id)
            outcome, rating = await queries.outcome(db, booking_id), await queries.rating(db, booking_id)
            return Session(found[0], found[1], found[2], outcome, rating)

    async def hit_by(self, adviser_id: int, start: Any, end: Any) -> tuple[Session, ...]:
        """The booked sessions that a leave would call off."""
        now = self._clock()
        async with self._sessions() as db:
            rows = await queries.between(db, max(start - timedelta(days=1), now), end, adviser_id)
        return tuple(Session(row, code) for row, code in rows if row.state == "booked" and row.ends_at > start)

    async def add(self, typed: Mapping[str, str]) -> int:
        """Add an adviser; the id. Raises BadFields."""
        values, hours = read(typed)
        async with self._sessions.begin() as db:
            await _check_names(db, values, None)
            adviser = Adviser(**values, hours=_rows(hours))
            db.add(adviser)
            await db.flush()
            return adviser.id

    async def change(self, adviser_id: int, typed: Mapping[str, str]) -> list[str]:
        """Change an adviser: the names of what differs. Bookings stay as they are. Raises UnknownAdviser or BadFields."""
        values, hours = read(typed)
        async with self._sessions.begin() as db:
            adviser = await _there(db, adviser_id)
            await _check_names(db, values, adviser_id)
            different = [name for name, value in values.items() if getattr(adviser, name) != value]
            for name in different:
                setattr(adviser, name, values[name])
            if [(one.weekday, one.start_minute, one.end_minute) for one in adviser.hours] != list(hours):
                adviser.hours.clear()
                await db.flush()  # new hours may begin where old ones did
                adviser.hours.extend(_rows(hours))
                different.append("hours")
        return different

    async def remove_leave(self, adviser_id: int, leave_id: int) -> bool:
        """Take a leave back; False if it is not there. What it called off stays so."""
        async with self._sessions.begin() as db:
            return await queries.remove_leave(db, adviser_id, leave_id)

    async def remove_extra(self, adviser_id: int, extra_id: int) -> bool:
        """Take hours of one day back; False if they are not there. Bookings stay."""
        async with self._sessions.begin() as db:
            return await queries.remove_extra(db, adviser_id, extra_id)


def read(typed: Mapping[str, str]) -> tuple[dict[str, Any], tuple[tuple[int, int, int], ...]]:
    """What was typed as the columns of an adviser and their weekly hours. Raises BadFields."""
    text = {name: typed.get(name, "").strip() for name in FIELDS}
    errors = {n: f"太长了，最多 {most} 字。" for n, most in _LONGEST.items() if len(text[n]) > most}
    if not text["name"]:
        errors["name"] = "没有写称呼。"
    hours = _read(errors, "hours", text["hours"], hours_in) if text["hours"] else ()
    topics = _read(errors, "topics", text["topics"], topics_in)
    modes = _read(errors, "modes", text["modes"], modes_in)
    minutes = (
        _number(errors, "session_minutes", text["session_minutes"], 5, 480, "每次多久")
        if text["session_minutes"]
        else None
    )
    if minutes is not None and minutes % 5:
        errors["session_minutes"] = "要是 5 的倍数。"
    at_once = _number(errors, "at_once", text["at_once"] or "1", 1, 20, "同时接待几人")
    if errors:
        raise BadFields(errors)
    values = {
        "name": text["name"], "full_name": text["full_name"] or None, "topics": list(topics[0]), "modes": list(modes),
        "base": text["base"] or None, "at_once": at_once, "session_minutes": minutes, "note": text["note"] or None,
        "active": text["active"] == "on",
    }  # fmt: skip
    return values, hours


def _number(errors: dict[str, str], name: str, text: str, least: int, most: int, what: str) -> Any:
    return _read(errors, name, text, lambda typed: number_in(typed, least, most, what))


def _read(errors: dict[str, str], name: str, text: str, how: Callable[[str], Any]) -> Any:
    try:
        return how(text)
    except Unreadable as error:
        errors.setdefault(name, f"{error}。")
        return None


def _rows(hours: Sequence[tuple[int, int, int]]) -> list[AdviserHours]:
    return [AdviserHours(weekday=day, start_minute=start, end_minute=end) for day, start, end in hours]


async def _check_names(db: AsyncSession, values: Mapping[str, Any], but: int | None) -> None:
    errors = {}
    for name in ("name", "full_name"):
        if values[name] and await queries.named(db, values[name], but=but):
            errors[name] = "已经有一位这样叫的老师了。"
    if errors:
        raise BadFields(errors)


async def _there(db: AsyncSession, adviser_id: int) -> Adviser:
    found = await queries.advisers(db, adviser_id)
    if not found:
        raise UnknownAdviser(adviser_id)
    return found[0]
