"""Every statement on what people are to be told. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.guidance.queries import booking_view
from bot.guidance.rules import HOUR_BEFORE, RATE_WITHIN
from bot.guidance.tables import Adviser, Booking, GuidanceRating, GuidanceReminder, Wait
from bot.guidance.views import Reminder


async def remind(db: AsyncSession, booking_id: int, kind: str, due_at: datetime) -> None:
    """Put down something that the person of a booking is to be told; once for the same moment."""
    there = select(GuidanceReminder.id).where(
        GuidanceReminder.booking_id == booking_id, GuidanceReminder.kind == kind, GuidanceReminder.due_at == due_at
    )
    if await db.scalar(there) is None:
        db.add(GuidanceReminder(booking_id=booking_id, kind=kind, due_at=due_at))


async def forget(db: AsyncSession, booking_ids: Iterable[int]) -> None:
    """Take back what was to be said of bookings and was not said yet."""
    await db.execute(
        delete(GuidanceReminder).where(
            GuidanceReminder.booking_id.in_(list(booking_ids)), GuidanceReminder.sent_at.is_(None)
        )
    )


def _to_send(now: datetime) -> ColumnElement[bool]:
    """Due, not sent, nobody at it, and still true of the booking."""
    kind, booked = GuidanceReminder.kind, Booking.state == "booked"
    rated = select(GuidanceRating.booking_id).where(GuidanceRating.booking_id == Booking.id).correlate(Booking).exists()
    still_true = (
        select(Booking.id)
        .where(
            Booking.id == GuidanceReminder.booking_id,
            or_(
                # A day before is no news any more when the other reminder is about to come.
                and_(kind == "day_before", booked, Booking.starts_at > now + HOUR_BEFORE),
                and_(kind.in_(("hour_before", "moved")), booked, Booking.starts_at > now),
                and_(kind == "cancelled_by_adviser", Booking.state == "cancelled", Booking.starts_at > now),
                and_(kind == "place_offered", Booking.state == "held", Booking.held_until > now),
                and_(
                    kind == "rate",
                    Booking.state.in_(("booked", "done")),
                    Booking.ends_at > now - RATE_WITHIN,
                    ~rated,
                ),
            ),
        )
        .correlate(GuidanceReminder)
        .exists()
    )
    return and_(
        GuidanceReminder.sent_at.is_(None),
        GuidanceReminder.due_at <= now,
        or_(GuidanceReminder.claimed_until.is_(None), GuidanceReminder.claimed_until <= now),
        still_true,
    )


async def due(db: AsyncSession, now: datetime, limit: int) -> list[Reminder]:
    """What is to be sent now, in the order in which it was due."""
    rows = await db.execute(
        select(GuidanceReminder, Booking, Adviser, Wait.id)
        .join(Booking, Booking.id == GuidanceReminder.booking_id)
        .join(Adviser, Adviser.id == Booking.adviser_id)
        .outerjoin(Wait, and_(Wait.booking_id == Booking.id, Wait.state == "offered"))
        .where(_to_send(now))
        .order_by(GuidanceReminder.due_at, GuidanceReminder.id)
        .limit(limit)
    )
    return [
        Reminder(reminder.id, reminder.kind, booking.person_id, booking_view(booking, adviser), wait_id)
        for reminder, booking, adviser, wait_id in rows
    ]


async def claim(db: AsyncSession, reminder_id: int, *, now: datetime, until: datetime) -> bool:
    """Take a message to send it; False if somebody else has it, it was sent, or it is no longer true."""
    done = await db.execute(
        update(GuidanceReminder)
        .where(GuidanceReminder.id == reminder_id, _to_send(now))
        .values(claimed_until=until)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount == 1


async def sent(db: AsyncSession, reminder_id: int, at: datetime) -> bool:
    """Mark a message as sent; False if it was, or is not to be sent any more."""
    done = await db.execute(
        update(GuidanceReminder)
        .where(GuidanceReminder.id == reminder_id, GuidanceReminder.sent_at.is_(None))
        .values(sent_at=at, claimed_until=None)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount == 1
