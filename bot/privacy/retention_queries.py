"""Every statement on what has been kept long enough. They receive an open session and never commit.

What is looked for comes in batches, in order of id: a purge goes on after the last one it has seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.care.tables import CareAlert
from bot.conversations.tables import Conversation, Message, Person
from bot.events.tables import Event, Registration
from bot.guidance.tables import Booking, BookingContact, Wait
from bot.handover.tables import Handover
from bot.jobs.tables import Subscription
from bot.privacy.queries import event_to_come
from bot.privacy.tables import Forgetting, RetentionRun
from bot.radio.tables import RadioQuestion


class OldTalk(NamedTuple):
    """A conversation that has been kept long enough. `needed`: its person is told things in it, so that it stays, empty."""

    id: int
    code: str
    needed: bool


def _with_something_open(now: datetime) -> ColumnElement[bool]:
    """Whether a person has anything that is not over: a session or event to come, a place in a queue, an active saved
    search, a question on its way, somebody of the staff at it."""
    of = Person.id
    return or_(
        exists().where(Booking.person_id == of, Booking.state.in_(("held", "booked")), Booking.ends_at > now),
        exists().where(Wait.person_id == of, Wait.state.in_(("waiting", "offered"))),
        exists().where(Registration.person_id == of, Registration.event_id == Event.id, *event_to_come(now)),
        exists().where(Subscription.person_id == of, Subscription.active),
        exists().where(RadioQuestion.owner_id == of, RadioQuestion.state.in_(("received", "selected"))),
        exists().where(Handover.person_id == of, Handover.closed_at.is_(None)),
        exists().where(CareAlert.person_id == of, CareAlert.released_at.is_(None)),
        exists().where(Forgetting.person_id == of),
    )


async def persons_gone(db: AsyncSession, before: datetime, now: datetime, after: int, limit: int) -> list[int]:
    """Persons who have said nothing since a moment and have nothing that is not over."""
    lately = exists().where(Conversation.person_id == Person.id, Conversation.last_at >= before)
    rows = await db.scalars(
        select(Person.id)
        .where(Person.id > after, Person.created_at < before, ~lately, ~_with_something_open(now))
        .order_by(Person.id)
        .limit(limit)
    )
    return list(rows)


async def old_talks(db: AsyncSession, before: datetime, now: datetime, after: int, limit: int) -> list[OldTalk]:
    """Conversations that ended before a moment, of persons who stay; empty ones that are needed are none of them."""
    newer = aliased(Conversation)
    later = or_(
        newer.started_at > Conversation.started_at,
        and_(newer.started_at == Conversation.started_at, newer.id > Conversation.id),
    )
    needed = ~exists().where(newer.identity_id == Conversation.identity_id, later)
    used = exists().where(Message.conversation_id == Conversation.id)
    staff_at_it = or_(
        exists().where(Handover.conversation_id == Conversation.id, Handover.closed_at.is_(None)),
        exists().where(CareAlert.conversation_id == Conversation.id, CareAlert.released_at.is_(None)),
    )
    rows = await db.execute(
        select(Conversation.id, Conversation.code, needed)
        .join(Person, Person.id == Conversation.person_id)
        .where(Conversation.id > after, Conversation.last_at < before, or_(used, ~needed), ~staff_at_it)
        .where(or_(_with_something_open(now), exists().where(newer.person_id == Person.id, newer.last_at >= before)))
        .order_by(Conversation.id)
        .limit(limit)
    )
    return [OldTalk(id_, code, bool(is_needed)) for id_, code, is_needed in rows]


async def past_bookings(db: AsyncSession, before: datetime, now: datetime, after: int, limit: int) -> list[int]:
    """Sessions, held or booked, that ended before a moment."""
    found = select(Booking.id).where(Booking.id > after, Booking.ends_at < before)
    return list(await db.scalars(found.order_by(Booking.id).limit(limit)))


async def past_registrations(db: AsyncSession, before: datetime, now: datetime, after: int, limit: int) -> list[int]:
    """Sign-ups of events that ended before a moment."""
    found = select(Registration.id).join(Event).where(Registration.id > after, Event.ends_at < before)
    return list(await db.scalars(found.order_by(Registration.id).limit(limit)))


async def past_waits(db: AsyncSession, before: datetime, now: datetime, after: int, limit: int) -> list[int]:
    """Places in the queues of days before a moment."""
    found = select(Wait.id).where(Wait.id > after, Wait.day < before.date(), Wait.state == "over")
    return list(await db.scalars(found.order_by(Wait.id).limit(limit)))


async def past_subscriptions(db: AsyncSession, before: datetime, now: datetime, after: int, limit: int) -> list[int]:
    """Saved searches that were ended, and begun before a moment."""
    found = select(Subscription.id).where(Subscription.id > after, ~Subscription.active, Subscription.since < before)
    return list(await db.scalars(found.order_by(Subscription.id).limit(limit)))


def _old_contacts(before: datetime) -> ColumnElement[bool]:
    return BookingContact.booking_id.in_(select(Booking.id).where(Booking.ends_at < before))


def _old_handover_contacts(before: datetime) -> ColumnElement[bool]:
    return and_(Handover.contact.is_not(None), Handover.closed_at < before)


async def count_contacts(db: AsyncSession, before: datetime) -> tuple[int, int]:
    """How many sealed contacts belong to sessions, and to questions to the staff, that were over before a moment."""
    return (
        await db.scalar(select(func.count()).select_from(BookingContact).where(_old_contacts(before))) or 0,
        await db.scalar(select(func.count()).select_from(Handover).where(_old_handover_contacts(before))) or 0,
    )


async def remove_contacts(db: AsyncSession, before: datetime) -> None:
    """Delete those contacts."""
    await db.execute(delete(BookingContact).where(_old_contacts(before)))
    await db.execute(update(Handover).where(_old_handover_contacts(before)).values(contact=None))


# -- what was purged ---------------------------------------------------------------------------------------------------


async def last_run(db: AsyncSession) -> RetentionRun | None:
    """The latest purge."""
    return await db.scalar(select(RetentionRun).order_by(RetentionRun.at.desc(), RetentionRun.id.desc()).limit(1))


async def runs(db: AsyncSession, limit: int = 20) -> Sequence[RetentionRun]:
    """The latest purges, the last first."""
    found: Any = await db.scalars(
        select(RetentionRun).order_by(RetentionRun.at.desc(), RetentionRun.id.desc()).limit(limit)
    )
    return list(found)
