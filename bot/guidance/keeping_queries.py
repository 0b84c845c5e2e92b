"""Every statement of the pages on which staff keep advisers and sessions. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Row, delete, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from bot.conversations.tables import Person
from bot.guidance.tables import (
    Adviser,
    AdviserExtra,
    AdviserLeave,
    Booking,
    BookingContact,
    GuidanceOutcome,
    GuidanceRating,
)

SHOWN = ("held", "booked", "done", "no_show")


async def advisers(db: AsyncSession, only: int | None = None) -> Sequence[Adviser]:
    """Advisers with their weekly hours, those that are active first."""
    found = select(Adviser).options(selectinload(Adviser.hours)).order_by(Adviser.active.desc(), Adviser.id)
    return (await db.scalars(found if only is None else found.where(Adviser.id == only))).all()


async def named(db: AsyncSession, name: str, *, but: int | None) -> bool:
    """Whether another adviser has that name."""
    found = select(Adviser.id).where(or_(Adviser.name == name, Adviser.full_name == name))
    return await db.scalar(found.where(Adviser.id != but) if but is not None else found) is not None


async def between(
    db: AsyncSession, start: datetime, end: datetime, only: int | None
) -> Sequence[Row[tuple[Booking, str]]]:
    """Sessions that begin between two moments, with the codes of their people, soonest first; one adviser's only."""
    found = (
        select(Booking, Person.code)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.starts_at >= start, Booking.starts_at < end, Booking.state.in_(SHOWN))
        .order_by(Booking.starts_at, Booking.id)
    )
    return (await db.execute(found if only is None else found.where(Booking.adviser_id == only))).all()


async def leaves(db: AsyncSession, start: datetime, end: datetime, only: int | None) -> Sequence[AdviserLeave]:
    """Leaves that lie between two moments, if only in part."""
    found = select(AdviserLeave).where(AdviserLeave.starts_at < end, AdviserLeave.ends_at > start)
    found = found if only is None else found.where(AdviserLeave.adviser_id == only)
    return (await db.scalars(found.order_by(AdviserLeave.starts_at, AdviserLeave.id))).all()


async def extras(db: AsyncSession, first: date, last: date, only: int | None) -> Sequence[AdviserExtra]:
    """More hours on some days."""
    found = select(AdviserExtra).where(AdviserExtra.day.between(first, last))
    found = found if only is None else found.where(AdviserExtra.adviser_id == only)
    return (await db.scalars(found.order_by(AdviserExtra.day, AdviserExtra.start_minute))).all()


async def remove_leave(db: AsyncSession, adviser_id: int, leave_id: int) -> bool:
    """Take a leave back; False if it is not there."""
    done = await db.execute(
        delete(AdviserLeave).where(AdviserLeave.id == leave_id, AdviserLeave.adviser_id == adviser_id)
    )
    return done.rowcount == 1


async def remove_extra(db: AsyncSession, adviser_id: int, extra_id: int) -> bool:
    """Take hours of one day back; False if they are not there."""
    done = await db.execute(
        delete(AdviserExtra).where(AdviserExtra.id == extra_id, AdviserExtra.adviser_id == adviser_id)
    )
    return done.rowcount == 1


async def booking(db: AsyncSession, booking_id: int) -> Row[tuple[Booking, str, bool]] | None:
    """A session with the code of its person, and whether they said how they are reached."""
    contact = exists().where(BookingContact.booking_id == Booking.id)
    found = await db.execute(
        select(Booking, Person.code, contact)
        .join(Person, Person.id == Booking.person_id)
        .where(Booking.id == booking_id, Booking.state.in_((*SHOWN, "cancelled")))
    )
    return found.one_or_none()


async def outcome(db: AsyncSession, booking_id: int) -> GuidanceOutcome | None:
    """What came of a session."""
    return await db.get(GuidanceOutcome, booking_id)


async def rating(db: AsyncSession, booking_id: int) -> GuidanceRating | None:
    """What the person thought of it."""
    return await db.get(GuidanceRating, booking_id)
