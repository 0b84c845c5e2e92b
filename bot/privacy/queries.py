"""Every statement on what is stored of a person and on forgetting it. They receive an open session and never commit."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, exists, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.tables import Conversation, Identity, Message, Person, Turn
from bot.eligibility.tables import EligibilityFacts
from bot.events.tables import Event, Registration
from bot.guidance.tables import Adviser, Booking
from bot.handover.tables import Handover
from bot.linking.tables import JoinCode, Joined
from bot.outbox.tables import HandedOut
from bot.privacy import belongings
from bot.privacy.kinds import HIDDEN, LEFT_OUT
from bot.privacy.tables import DialogueToForget, Forgetting
from bot.privacy.views import Consent, Due, OpenThing
from bot.radio.pull.tables import HostChat
from bot.radio.tables import RadioAsker, RadioQuestion

_WORKED_ON = ("waiting", "answering")
_STAY = {"identity", "conversation", "booking", "booking_key", "person_busy", "registration", "forgetting", "person"}
_SIGNED_UP = ("registered", "waiting")


# -- what is stored ----------------------------------------------------------------------------------------------------


async def person_by_code(db: AsyncSession, code: str) -> Person | None:
    """The person whom staff know by that code, or knew by it before two of their channels were joined."""
    earlier = select(Identity.person_id).join(Joined, Joined.identity_id == Identity.id).where(Joined.was_code == code)
    return await db.scalar(select(Person).where(or_(Person.code == code, Person.id.in_(earlier))))


async def code_of(db: AsyncSession, person_id: int) -> str | None:
    """What staff see of a person."""
    return await db.scalar(select(Person.code).where(Person.id == person_id))


async def since(db: AsyncSession, person_id: int) -> datetime | None:
    """When a person's oldest message is from."""
    talks = select(Conversation.id).where(Conversation.person_id == person_id)
    return await db.scalar(select(func.min(Message.at)).where(Message.conversation_id.in_(talks)))


async def counted(db: AsyncSession, person_id: int) -> dict[str, int]:
    """How many rows of each table belong to a person, and how many contacts they left with questions to the staff."""
    rows = await belongings.count(db, belongings.PERSON, [person_id])
    left = select(func.count()).select_from(Handover)
    contacts = await db.scalar(left.where(Handover.person_id == person_id, Handover.contact.is_not(None)))
    return rows | {"handover_contact": contacts or 0}


async def talk_codes(db: AsyncSession, person_ids: Sequence[int]) -> list[str]:
    """The codes of all conversations of some persons."""
    return list(await db.scalars(select(Conversation.code).where(Conversation.person_id.in_(person_ids))))


async def record(db: AsyncSession, person_id: int) -> dict[str, list[dict[str, Any]]]:
    """Every row that belongs to a person, by table, the oldest first, as it is stored; what is sealed stays sealed."""
    found: dict[str, list[dict[str, Any]]] = {}
    for table in reversed(belongings.tables_of(belongings.PERSON)):
        if table.name in LEFT_OUT:
            continue
        hidden = HIDDEN.get(table.name, ("person_id",))
        rows = await db.execute(
            select(table)
            .where(belongings.belongs(table, belongings.PERSON, [person_id]))
            .order_by(*table.primary_key.columns)
        )
        kept = [{name: value for name, value in row.items() if name not in hidden} for row in rows.mappings()]
        if kept:
            found[table.name] = kept
    return found


async def bookings_to_come(db: AsyncSession, person_id: int, now: datetime, fixed_before: datetime) -> list[OpenThing]:
    """The sessions that a person has booked and that are not over."""
    rows = await db.execute(
        select(Booking, Adviser.name)
        .join(Adviser, Adviser.id == Booking.adviser_id)
        .where(Booking.person_id == person_id, Booking.state == "booked", Booking.ends_at > now)
        .order_by(Booking.starts_at)
    )
    return [
        OpenThing(
            "booking",
            booking.id,
            name,
            booking.starts_at,
            booking.ends_at,
            booking.number,
            booking.starts_at < fixed_before,
        )
        for booking, name in rows
    ]


async def events_to_come(db: AsyncSession, person_id: int, now: datetime) -> list[OpenThing]:
    """The events that a person has signed up for and that are not over."""
    rows = await db.execute(
        select(Event.id, Event.title, Event.starts_at, Event.ends_at)
        .join(Registration, Registration.event_id == Event.id)
        .where(Registration.person_id == person_id, *event_to_come(now))
        .order_by(Event.starts_at)
    )
    return [OpenThing("event", *row) for row in rows]


def event_to_come(now: datetime) -> tuple[Any, ...]:
    """Whether a sign-up, joined with its event, is for something that is not over."""
    return Registration.state.in_(_SIGNED_UP), Event.ends_at > now, Event.status == "planned"


# -- consents ----------------------------------------------------------------------------------------------------------


async def consents(db: AsyncSession, person_id: int, now: datetime) -> tuple[Consent, ...]:
    """What a person has agreed to and not taken back."""
    found: list[Consent] = []
    if names := (await db.scalars(_sharing(person_id, now))).all():
        found.append(Consent("history", "、".join(dict.fromkeys(names))))
    if await db.scalar(select(EligibilityFacts.person_id).where(_facts_agreed(person_id))):
        found.append(Consent("facts", ""))
    if texts := (await db.scalars(select(RadioQuestion.text).where(_for_air(person_id)))).all():
        found.append(Consent("air", str(len(texts))))
    if told := (await db.scalars(select(RadioAsker.question_id).where(_told(person_id)))).all():
        found.append(Consent("told", str(len(told))))
    return tuple(found)


def _sharing(person_id: int, now: datetime) -> Any:
    return (
        select(Adviser.name)
        .join(Booking, Booking.adviser_id == Adviser.id)
        .where(Booking.person_id == person_id, Booking.shares_history, Booking.state.in_(("held", "booked")))
        .where(Booking.ends_at > now)
        .order_by(Booking.starts_at)
    )


def _facts_agreed(person_id: int) -> Any:
    return and_(EligibilityFacts.person_id == person_id, EligibilityFacts.agreed_in.is_not(None))


def _for_air(person_id: int) -> Any:
    open_ = RadioQuestion.state.in_(("received", "selected"))
    return and_(RadioQuestion.owner_id == person_id, RadioQuestion.consent == "air", open_)


def _told(person_id: int) -> Any:
    return and_(RadioAsker.person_id == person_id, RadioAsker.tells, RadioAsker.told_at.is_(None))


async def withdraw(db: AsyncSession, person_id: int, kind: str, now: datetime) -> None:
    """Take one kind of consent back."""
    if kind == "history":
        await db.execute(update(Booking).where(Booking.person_id == person_id).values(shares_history=False))
    elif kind == "facts":
        await db.execute(update(EligibilityFacts).where(_facts_agreed(person_id)).values(agreed_in=None))
    elif kind == "air":
        chosen = and_(_for_air(person_id), RadioQuestion.state == "selected")
        await db.execute(update(RadioQuestion).where(chosen).values(state="withdrawn", closed_at=now, consent="reply"))
        await db.execute(update(RadioQuestion).where(_for_air(person_id)).values(consent="reply"))
    elif kind == "told":
        await db.execute(update(RadioAsker).where(_told(person_id)).values(tells=False))
    else:
        raise ValueError(kind)


# -- forgetting --------------------------------------------------------------------------------------------------------


async def ask(db: AsyncSession, person_id: int, now: datetime, due: datetime, *, keeps_open: bool) -> None:
    """Put down that a person is to be forgotten; the last word counts."""
    await db.merge(Forgetting(person_id=person_id, asked_at=now, due_at=due, keeps_open=keeps_open))


async def due(db: AsyncSession, now: datetime, patience: datetime, limit: int = 20) -> list[Due]:
    """Who is to be forgotten now: nobody works on a message of theirs, or has for too long (asked before `patience`)."""
    busy = exists().where(
        Turn.conversation_id == Conversation.id,
        Conversation.person_id == Forgetting.person_id,
        Turn.state.in_(_WORKED_ON),
    )
    rows = await db.execute(
        select(Forgetting.person_id, Forgetting.keeps_open)
        .where(Forgetting.due_at <= now, or_(~busy, Forgetting.due_at <= patience))
        .order_by(Forgetting.due_at)
        .limit(limit)
    )
    return [Due(person_id, keeps) for person_id, keeps in rows]


async def put_down_dialogues(db: AsyncSession, codes: Iterable[str], now: datetime) -> None:
    """Put down conversations whose states the engine has to delete."""
    known = set(await db.scalars(select(DialogueToForget.code)))
    if rows := [{"code": code, "since": now} for code in codes if code not in known]:
        await db.execute(insert(DialogueToForget), rows)


async def dialogues(db: AsyncSession, limit: int = 500) -> list[str]:
    """Conversations whose states the engine has to delete, the oldest first."""
    return list(await db.scalars(select(DialogueToForget.code).order_by(DialogueToForget.since).limit(limit)))


async def dialogues_gone(db: AsyncSession, codes: Sequence[str]) -> None:
    """Take conversations off that list."""
    await db.execute(delete(DialogueToForget).where(DialogueToForget.code.in_(codes)))


async def rename_talks(db: AsyncSession, talk_ids: Sequence[int]) -> None:
    """Give conversations that stay, empty, other codes: under the old ones the engine has what was said."""
    for talk_id in talk_ids:
        await db.execute(update(Conversation).where(Conversation.id == talk_id).values(code=new_code()))


def new_code() -> str:
    """A code for a conversation."""
    return secrets.token_hex(8)


async def identities(db: AsyncSession, person_id: int) -> list[Identity]:
    """A person on each of their channels."""
    return list(await db.scalars(select(Identity).where(Identity.person_id == person_id)))


async def remove_but(db: AsyncSession, person_id: int, stays: Sequence[OpenThing]) -> dict[str, int]:
    """Delete what belongs to a person but some sessions and events, and who they are on their channels."""
    removed: dict[str, int] = {}
    kept = {kind: [thing.id for thing in stays if thing.kind == kind] for kind in ("booking", "event")}
    talks = select(Conversation.id).where(Conversation.person_id == person_id)
    bookings = select(Booking.id).where(Booking.person_id == person_id, Booking.id.not_in(kept["booking"]))
    signed = select(Registration.id).where(
        Registration.person_id == person_id, Registration.event_id.not_in(kept["event"])
    )
    for root, rows in ((belongings.CONVERSATION, talks), ("booking", bookings), ("registration", signed)):
        removed |= await belongings.remove(db, root, list(await db.scalars(rows)))
    await db.execute(update(Booking).where(Booking.person_id == person_id).values(shares_history=False, asked=None))
    for table in (
        JoinCode.__table__,
        Joined.__table__,
        HandedOut.__table__,
        HostChat.__table__,
    ):  # hang on the identities, which stay
        done = await db.execute(delete(table).where(belongings.belongs(table, belongings.PERSON, [person_id])))
        removed[table.name] = done.rowcount  # type: ignore[attr-defined]
    for table in belongings.tables_of(belongings.PERSON):
        if table.name in _STAY or not any(key.column.table.name == "person" for key in table.foreign_keys):
            continue
        done = await db.execute(delete(table).where(belongings.belongs(table, belongings.PERSON, [person_id])))
        removed[table.name] = removed.get(table.name, 0) + done.rowcount  # type: ignore[attr-defined]
    return removed
