"""Every statement of the pages on which staff keep events. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.tables import Person
from bot.events import queries, rules
from bot.events.tables import Event, EventReminder, Registration

PAGE = 50


async def listed(db: AsyncSession, now: datetime, *, past: bool, page: int) -> tuple[Sequence[Event], int]:
    """A page of events that are not over, soonest first, or of those that are, latest first; and how many."""
    which = Event.ends_at <= now if past else Event.ends_at > now
    order = (Event.starts_at.desc(), Event.id.desc()) if past else (Event.starts_at, Event.id)
    rows = await db.scalars(select(Event).where(which).order_by(*order).limit(PAGE).offset((page - 1) * PAGE))
    return rows.all(), await db.scalar(select(func.count()).select_from(Event).where(which)) or 0


async def waiting(db: AsyncSession, event_ids: Sequence[int]) -> dict[int, int]:
    """How many wait for a place, by event."""
    rows = await db.execute(
        select(Registration.event_id, func.count())
        .where(Registration.event_id.in_(event_ids), Registration.state == "waiting")
        .group_by(Registration.event_id)
    )
    return dict(rows.all())  # type: ignore[arg-type]


async def sign_ups(db: AsyncSession, event_id: int, most: int) -> Sequence[Row[tuple[Registration, str]]]:
    """Who signed up and did not step back, with their codes, in the order of signing up."""
    rows = await db.execute(
        select(Registration, Person.code)
        .join(Person, Person.id == Registration.person_id)
        .where(Registration.event_id == event_id, Registration.state != "cancelled")
        .order_by(Registration.id)
        .limit(most)
    )
    return rows.all()


async def latest_in(db: AsyncSession, event_id: int, most: int = 10) -> Sequence[Registration]:
    """Who came in last."""
    rows = await db.scalars(
        select(Registration)
        .where(Registration.event_id == event_id, Registration.state == "came")
        .order_by(Registration.checked_in_at.desc(), Registration.id.desc())
        .limit(most)
    )
    return rows.all()


async def let_out(db: AsyncSession, event_id: int, ticket: str) -> bool:
    """Take a check-in back; False if there is none."""
    done = await db.execute(
        update(Registration)
        .where(Registration.event_id == event_id, Registration.ticket == ticket, Registration.state == "came")
        .values(state="registered", checked_in_at=None, checked_by=None)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount == 1


async def tell_of_change(db: AsyncSession, event: Event, now: datetime) -> int:
    """Put down that all who have a place or wait for one are told of the new time or place; how many they are.

    What was put down before and nobody has begun to send goes: it would tell of a time that is no longer true. The
    reminder of the day before moves with the event.
    """
    there = await queries.expected(db, event.id)
    ids = [row.id for row in there]
    newest = await db.scalar(select(func.max(EventReminder.id))) or 0
    for row in there:
        queries.remind(db, row.id, "changed", now)
    await db.flush()
    stale = EventReminder.kind.in_(("changed", "day_before"))
    await db.execute(
        delete(EventReminder)
        .where(
            EventReminder.registration_id.in_(ids), EventReminder.id <= newest, stale, EventReminder.sent_at.is_(None)
        )
        .execution_options(synchronize_session=False)
    )
    if (due := rules.remind_at(event.starts_at, now)) is not None:
        for row in there:
            if row.state == "registered":
                queries.remind(db, row.id, "day_before", due)
    return len(there)
