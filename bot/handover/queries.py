"""Every statement on handovers. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.care.queries import stopped
from bot.channels.base import Shown
from bot.conversations import queries as record
from bot.conversations.tables import Conversation, Message, Person
from bot.handover.tables import Handover, HandoverRead
from bot.outbox.tables import Delivery

OPEN = ("asking", "waiting", "taken")


async def situation(db: AsyncSession, person_id: int) -> tuple[bool, Handover | None]:
    """Whether a person is stopped by an alert, and the handover in which somebody talks with them."""
    taken = (Handover.person_id == Person.id) & (Handover.state == "taken")
    row = (
        await db.execute(
            select(stopped(person_id), Handover)
            .select_from(Person)
            .outerjoin(Handover, taken)
            .where(Person.id == person_id)
        )
    ).one()
    return bool(row[0]), row[1]


async def current(db: AsyncSession, person_id: int) -> Handover | None:
    """The handover of a person that is open: asking, waiting or taken."""
    return await db.scalar(select(Handover).where(Handover.person_id == person_id, Handover.state.in_(OPEN)))


async def position(db: AsyncSession, handover: Handover) -> int:
    """The place in the queue of one that waits, 1 for the next."""
    before = (Handover.opened_at < handover.opened_at) | (
        (Handover.opened_at == handover.opened_at) & (Handover.id < handover.id)
    )
    return 1 + (
        await db.scalar(select(func.count()).select_from(Handover).where(Handover.state == "waiting", before)) or 0
    )


async def in_state(db: AsyncSession, state: str) -> Sequence[tuple[Handover, str]]:
    """All in a state with their persons' codes, in the order in which they came."""
    found = await db.execute(
        select(Handover, Person.code)
        .join(Person)
        .where(Handover.state == state)
        .order_by(Handover.opened_at, Handover.id)
    )
    return [(handover, code) for handover, code in found]


async def of_person(db: AsyncSession, person_id: int, limit: int = 5) -> Sequence[Handover]:
    """The latest handovers of a person, in order."""
    found = await db.scalars(
        select(Handover).where(Handover.person_id == person_id).order_by(Handover.id.desc()).limit(limit)
    )
    return found.all()[::-1]


async def person_by_code(db: AsyncSession, code: str) -> Person | None:
    """The person whom the staff know by a code."""
    return await db.scalar(select(Person).where(Person.code == code.strip().upper()))


async def take_open(db: AsyncSession, person_id: int, *, by: str, at: datetime) -> int | None:
    """Take what waits of a person: its id; None where nothing waits, or somebody was faster."""
    return await _take(db, Handover.person_id == person_id, ("asking", "waiting"), by, at)


async def take_message(db: AsyncSession, person_id: int, *, by: str, at: datetime) -> int | None:
    """Take the latest message that a person left: its id; None where there is none, or somebody was faster."""
    latest = (
        select(func.max(Handover.id))
        .where(Handover.person_id == person_id, Handover.state == "message")
        .scalar_subquery()
    )
    return await _take(db, Handover.id == latest, ("message",), by, at)


async def _take(db: AsyncSession, which, states: tuple[str, ...], by: str, at: datetime) -> int | None:
    return await db.scalar(
        update(Handover)
        .where(which, Handover.state.in_(states))
        .values(state="taken", taken_by=by, taken_at=at, last_staff_at=at)
        .returning(Handover.id),
        execution_options={"synchronize_session": False},
    )


async def note_said(db: AsyncSession, person_id: int, *, by: str, at: datetime) -> Handover | None:
    """Put down that staff wrote, if it is they who talk with the person."""
    return await db.scalar(
        update(Handover)
        .where(Handover.person_id == person_id, Handover.state == "taken", Handover.taken_by == by)
        .values(last_staff_at=at)
        .returning(Handover),
        execution_options={"synchronize_session": False},
    )


async def was_said(db: AsyncSession, identity_id: int, key: str) -> bool:
    """Whether something was said to an identity under a key."""
    said = select(Message.id).where(Message.identity_id == identity_id, Message.key == key)
    return await db.scalar(said) is not None


async def give_back(db: AsyncSession, person_id: int, *, at: datetime) -> Handover | None:
    """End the talk of a person with staff."""
    return await db.scalar(
        update(Handover)
        .where(Handover.person_id == person_id, Handover.state == "taken")
        .values(state="done", closed_at=at)
        .returning(Handover),
        execution_options={"synchronize_session": False},
    )


async def expire(db: AsyncSession, handover_id: int, *, quiet_since: datetime, at: datetime) -> Handover | None:
    """End a talk in which staff wrote nothing since a moment; None if they did, or it ended otherwise."""
    return await db.scalar(
        update(Handover)
        .where(Handover.id == handover_id, Handover.state == "taken", Handover.last_staff_at <= quiet_since)
        .values(state="expired", closed_at=at)
        .returning(Handover),
        execution_options={"synchronize_session": False},
    )


async def quiet(db: AsyncSession, since: datetime) -> Sequence[int]:
    """Talks in which staff wrote nothing since a moment."""
    found = await db.scalars(select(Handover.id).where(Handover.state == "taken", Handover.last_staff_at <= since))
    return found.all()


async def turn_into_message(db: AsyncSession, handover_id: int) -> Handover | None:
    """Let one that waits be a message that is answered later; None if somebody took it meanwhile."""
    return await db.scalar(
        update(Handover)
        .where(Handover.id == handover_id, Handover.state == "waiting")
        .values(state="message")
        .returning(Handover),
        execution_options={"synchronize_session": False},
    )


async def leave(db: AsyncSession, person_id: int, at: datetime) -> bool:
    """Take a person out of the queue; False where they are in none."""
    done = await db.execute(
        update(Handover)
        .where(Handover.person_id == person_id, Handover.state.in_(("asking", "waiting")))
        .values(state="left", closed_at=at)
    )
    return done.rowcount == 1


async def close_messages(db: AsyncSession, person_id: int, *, by: str, at: datetime) -> Handover | None:
    """Let all messages that a person left be answered; the latest of them, None where there was none."""
    found = await db.scalars(
        update(Handover)
        .where(Handover.person_id == person_id, Handover.state == "message")
        .values(state="done", taken_by=by, closed_at=at)
        .returning(Handover),
        execution_options={"synchronize_session": False},
    )
    return max(found.all(), key=lambda handover: handover.id, default=None)


async def drop_unasked(db: AsyncSession, before: datetime) -> int:
    """Delete those that were opened before a moment and in which nothing was ever said."""
    done = await db.execute(delete(Handover).where(Handover.state == "asking", Handover.opened_at < before))
    return done.rowcount


def put_down_reading(db: AsyncSession, handover_id: int, by: str, at: datetime) -> None:
    """Put down that somebody read a contact."""
    db.add(HandoverRead(handover_id=handover_id, by=by, at=at))


async def messages_of(db: AsyncSession, person_id: int, after: int, limit: int) -> list[Shown]:
    """The latest messages of a person in all their conversations with an id above `after`, in order."""
    found = await db.execute(
        select(Message, Conversation.code)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Conversation.person_id == person_id, Message.id > after)
        .order_by(Message.id.desc())
        .limit(limit)
    )
    return [record.shown(message, code) for message, code in found][::-1]


async def undelivered(db: AsyncSession, message_ids: Sequence[int]) -> dict[int, str]:
    """Of messages to people on platforms: how those stand that are not there yet (waiting, sending or dead)."""
    found = await db.execute(
        select(Delivery.message_id, Delivery.state).where(
            Delivery.message_id.in_(message_ids), Delivery.state != "sent"
        )
    )
    return dict(found.all())


async def last_message(db: AsyncSession) -> int:
    """The highest id of a message; 0 where there is none."""
    return await db.scalar(select(func.max(Message.id))) or 0


async def from_staff(db: AsyncSession, after: int) -> list[Shown]:
    """What staff wrote with an id above `after`, in order."""
    found = await db.execute(
        select(Message, Conversation.code)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.id > after, Message.kind == "staff")
        .order_by(Message.id)
    )
    return [record.shown(message, code) for message, code in found]
