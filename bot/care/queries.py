"""Every statement on alerts. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.care.rules import NOT_FOR_AIR
from bot.care.tables import CareAlert
from bot.conversations.tables import Conversation, Message, Person, Turn


def put_alert(
    db: AsyncSession,
    *,
    person_id: int,
    conversation_id: int,
    turn_id: int,
    kind: str,
    words: str,
    found_by: str,
    stops: bool,
    at: datetime,
) -> None:
    """Write an alert down; a turn has one at most."""
    db.add(
        CareAlert(
            person_id=person_id,
            conversation_id=conversation_id,
            turn_id=turn_id,
            kind=kind,
            words=words,
            found_by=found_by,
            stops=stops,
            at=at,
        )
    )


def stopped(person_id: int) -> ColumnElement[bool]:
    """A condition: an alert that stops, and that nobody has released."""
    return exists().where(CareAlert.person_id == person_id, CareAlert.stops, CareAlert.released_at.is_(None))


async def is_stopped(db: AsyncSession, person_id: int) -> bool:
    """Whether nothing may answer a person by itself."""
    return bool(await db.scalar(select(stopped(person_id))))


async def said_before(
    db: AsyncSession, conversation_id: int, message_id: int, since: datetime, limit: int
) -> Sequence[str]:
    """What was typed just before a message, in order."""
    found = await db.scalars(
        select(Message.text)
        .where(
            Message.conversation_id == conversation_id,
            Message.id < message_id,
            Message.direction == "in",
            Message.kind == "text",
            Message.at >= since,
        )
        .order_by(Message.id.desc())
        .limit(limit)
    )
    return found.all()[::-1]


async def open_alerts(db: AsyncSession, person_id: int | None = None) -> Sequence[tuple[CareAlert, str]]:
    """Alerts that nobody has released, oldest first, with the person's code; of one person where one is given."""
    wanted = select(CareAlert, Person.code).join(Person).where(CareAlert.released_at.is_(None)).order_by(CareAlert.id)
    if person_id is not None:
        wanted = wanted.where(CareAlert.person_id == person_id)
    return [(alert, code) for alert, code in await db.execute(wanted)]


async def acknowledge(db: AsyncSession, person_id: int, *, by: str, at: datetime) -> int:
    """Put down who looks after a person's alerts; those that somebody looks after already stay as they are."""
    done = await db.execute(
        update(CareAlert)
        .where(CareAlert.person_id == person_id, CareAlert.acknowledged_at.is_(None))
        .values(acknowledged_by=by, acknowledged_at=at)
    )
    return done.rowcount


async def release(db: AsyncSession, person_id: int, *, by: str, at: datetime) -> int:
    """Close the alerts of a person, and with them a stop: how many were open."""
    await acknowledge(db, person_id, by=by, at=at)
    done = await db.execute(
        update(CareAlert)
        .where(CareAlert.person_id == person_id, CareAlert.released_at.is_(None))
        .values(released_by=by, released_at=at)
    )
    return done.rowcount


def cleared_for_radio() -> ColumnElement[bool]:
    """A condition on turns: nothing of distress or abuse, and nothing that was written while an alert was open."""
    during = (
        select(CareAlert.id)
        .join(Conversation, Conversation.person_id == CareAlert.person_id)
        .where(
            Conversation.id == Turn.conversation_id,
            or_(
                CareAlert.turn_id == Turn.id,
                and_(
                    CareAlert.at <= Turn.received_at,
                    or_(CareAlert.released_at.is_(None), CareAlert.released_at > Turn.received_at),
                ),
            ),
        )
        .correlate(Turn)
    )
    return and_(or_(Turn.intent.is_(None), Turn.intent.not_in(NOT_FOR_AIR)), ~exists(during))
