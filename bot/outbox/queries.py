"""Every statement on addresses, deliveries and leases. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.conversations.tables import Conversation, Identity, Message, Person, PressableChoice, Turn
from bot.outbox import notice_queries, rules
from bot.outbox.tables import Address, Delivery, HandedOut, Lease, Seen

OPEN = ("waiting", "sending")


# -- addresses ---------------------------------------------------------------------------------------------------------


async def address(db: AsyncSession, identity_id: int) -> Address | None:
    """Where an identity is written to."""
    return await db.get(Address, identity_id)


async def addresses_shared(db: AsyncSession, channel: str) -> Sequence[tuple[Address, Identity]]:
    """Every address of a channel where others read too, with whose it is."""
    found = await db.execute(
        select(Address, Identity)
        .join(Identity, Identity.id == Address.identity_id)
        .where(Identity.channel == channel, Address.shared)
    )
    return [(one, identity) for one, identity in found]


async def identity_of(db: AsyncSession, channel: str, sender: str) -> Identity | None:
    """The identity with that digest."""
    return await db.scalar(select(Identity).where(Identity.channel == channel, Identity.sender == sender))


# -- deliveries --------------------------------------------------------------------------------------------------------


async def put(db: AsyncSession, message: Message, now: datetime) -> None:
    """Put a stored message on its way, where its identity has an address; nothing elsewhere.

    While their platform asks for an answer it is for that to take it: it is sent only if it was not.
    """
    if (kept := await db.get(Address, message.identity_id)) is not None:
        db.add(
            Delivery(
                message_id=message.id,
                identity_id=message.identity_id,
                state="waiting",
                attempts=0,
                next_at=max(now, kept.fetched_until or now),
                refs=[],
                notice=((message.body or {}).get("notice") or {}).get("kind"),
            )
        )


def _may_be_claimed(now: datetime) -> ColumnElement[bool]:
    return or_(
        and_(Delivery.state == "waiting", Delivery.next_at <= now),
        and_(Delivery.state == "sending", Delivery.claimed_until < now),
    )


async def due(db: AsyncSession, channels: Sequence[str], now: datetime, limit: int = 20) -> Sequence[int]:
    """Messages that may be sent now: of each identity the first that is open, since order is kept, and what may overtake
    it as a notice.
    """
    earlier = aliased(Delivery)
    found = await db.scalars(
        select(Delivery.message_id)
        .join(Identity, Identity.id == Delivery.identity_id)
        .where(
            Identity.channel.in_(channels),
            _may_be_claimed(now),
            ~exists().where(
                earlier.identity_id == Delivery.identity_id,
                earlier.message_id < Delivery.message_id,
                earlier.state.in_(OPEN),
                notice_queries.holds_back(earlier, now),
            ),
        )
        .order_by(Delivery.message_id)
        .limit(limit)
    )
    return found.all()


async def claim(db: AsyncSession, message_id: int, *, now: datetime, until: datetime) -> Delivery | None:
    """Take a message to send it: its delivery as it is then, None if somebody else has it."""
    return await db.scalar(
        update(Delivery)
        .where(Delivery.message_id == message_id, _may_be_claimed(now))
        .values(state="sending", claimed_until=until, attempts=Delivery.attempts + 1)
        .returning(Delivery),
        execution_options={"synchronize_session": False},
    )


async def claimed(db: AsyncSession, message_id: int, attempt: int) -> Delivery | None:
    """A delivery that is still claimed by that attempt."""
    return await db.scalar(
        select(Delivery)
        .where(Delivery.message_id == message_id, Delivery.state == "sending", Delivery.attempts == attempt)
        .with_for_update()
    )


async def delivery(db: AsyncSession, message_id: int) -> Delivery | None:
    """How a message is on its way."""
    return await db.get(Delivery, message_id)


async def message_with_place(db: AsyncSession, message_id: int) -> tuple[Message, Conversation, Identity]:
    """A message, its conversation, and whose it is."""
    found = await db.execute(
        select(Message, Conversation, Identity)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(Identity, Identity.id == Message.identity_id)
        .where(Message.id == message_id)
    )
    message, conversation, identity = found.one()
    return message, conversation, identity


async def question_of(db: AsyncSession, turn_id: int) -> Message | None:
    """What a person wrote that a turn answers."""
    return await db.scalar(select(Message).where(Message.turn_id == turn_id, Message.direction == "in"))


async def offering(db: AsyncSession, token: str, identity_id: int) -> tuple[Message, Conversation] | None:
    """The message in which a choice was shown to an identity, and its conversation."""
    found = await db.execute(
        select(Message, Conversation)
        .join(PressableChoice, PressableChoice.message_id == Message.id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(PressableChoice.token == token, Message.identity_id == identity_id)
    )
    row = found.first()
    return (row[0], row[1]) if row else None


async def waiting(db: AsyncSession, identity_id: int) -> Sequence[tuple[Delivery, Message, Conversation]]:
    """What waits for an identity, in order, with the conversation it belongs to."""
    found = await db.execute(
        select(Delivery, Message, Conversation)
        .join(Message, Message.id == Delivery.message_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Delivery.identity_id == identity_id, Delivery.state == "waiting")
        .order_by(Delivery.message_id)
    )
    return [(delivery, message, conversation) for delivery, message, conversation in found]


async def let_go_of_old(db: AsyncSession, identity_id: int, before: datetime) -> None:
    """Let what waits for an identity since before a moment be."""
    old = select(Message.id).where(Message.identity_id == identity_id, Message.at < before)
    await db.execute(
        update(Delivery)
        .where(Delivery.identity_id == identity_id, Delivery.state == "waiting", Delivery.message_id.in_(old))
        .values(state="dead", reason=rules.TOO_OLD)
        .execution_options(synchronize_session=False)
    )


async def take(db: AsyncSession, message_ids: Sequence[int], now: datetime) -> int:
    """Note that some messages are out that were waiting; how many were."""
    done = await db.execute(
        update(Delivery)
        .where(Delivery.message_id.in_(message_ids), Delivery.state == "waiting")
        .values(state="sent", sent_at=now, attempts=Delivery.attempts + 1)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount  # type: ignore[attr-defined]


async def send_now(db: AsyncSession, identity_id: int, now: datetime) -> None:
    """Let what waits for an identity be sent from now on."""
    await db.execute(
        update(Delivery)
        .where(Delivery.identity_id == identity_id, Delivery.state == "waiting", Delivery.next_at > now)
        .values(next_at=now)
    )


async def turn_state(db: AsyncSession, identity_id: int, key: str) -> str | None:
    """How far the turn of a message is; None where there is no such message."""
    return await db.scalar(
        select(Turn.state)
        .join(Message, Message.turn_id == Turn.id)
        .where(Message.identity_id == identity_id, Message.key == key, Message.direction == "in")
    )


async def said_between(db: AsyncSession, conversation_id: int, first: int, last: int) -> int:
    """How many messages a conversation has between two, both left out."""
    return (
        await db.scalar(
            select(func.count())
            .select_from(Message)
            .where(Message.conversation_id == conversation_id, Message.id > first, Message.id < last)
        )
        or 0
    )


async def heard_last(db: AsyncSession, identity_id: int) -> datetime | None:
    """When an identity wrote last."""
    mine = and_(Message.identity_id == identity_id, Message.direction == "in")
    return await db.scalar(select(func.max(Message.at)).where(mine))


async def refs_since(db: AsyncSession, identity_id: int, since: datetime) -> Sequence[list[str]]:
    """What the platform calls the parts of each message that was sent to an identity since a moment, or is being sent."""
    found = await db.scalars(
        select(Delivery.refs).where(
            Delivery.identity_id == identity_id,
            or_(and_(Delivery.state == "sent", Delivery.sent_at >= since), Delivery.state.in_(OPEN)),
        )
    )
    return found.all()


async def drop_open(db: AsyncSession, identity_id: int, reason: str) -> None:
    """Let everything that is on its way to an identity be."""
    await db.execute(
        update(Delivery)
        .where(Delivery.identity_id == identity_id, Delivery.state.in_(OPEN))
        .values(state="dead", reason=reason, claimed_until=None)
    )


async def counts(db: AsyncSession) -> dict[tuple[str, str, str | None], int]:
    """Deliveries by channel, state and reason."""
    found = await db.execute(
        select(Identity.channel, Delivery.state, Delivery.reason, func.count())
        .join(Identity, Identity.id == Delivery.identity_id)
        .group_by(Identity.channel, Delivery.state, Delivery.reason)
    )
    return {(channel, state, reason): n for channel, state, reason, n in found}


async def dead(db: AsyncSession, limit: int) -> Sequence[Row[tuple[str, str, datetime, str | None]]]:
    """What was not sent, the latest first: the person's code, the channel, when it was said, and why."""
    found = await db.execute(
        select(Person.code, Identity.channel, Message.at, Delivery.reason)
        .join(Message, Message.id == Delivery.message_id)
        .join(Identity, Identity.id == Delivery.identity_id)
        .join(Person, Person.id == Identity.person_id)
        .where(Delivery.state == "dead")
        .order_by(Delivery.message_id.desc())
        .limit(limit)
    )
    return found.all()


def _in_trouble() -> ColumnElement[bool]:
    given_up = and_(Delivery.state == "dead", Delivery.reason == rules.GIVEN_UP)
    stuck = and_(Delivery.state == "waiting", Delivery.attempts >= rules.STUCK)
    return and_(or_(Delivery.state == "dead", stuck), ~given_up)


async def letters(db: AsyncSession, limit: int, offset: int) -> tuple[Sequence[Row[Any]], int]:
    """What was not sent or is tried again and again, but for what was given up, the latest first; and how many in all."""
    found = await db.execute(
        select(
            Delivery.message_id, Person.code, Identity.channel, Message.at, Delivery.state, Delivery.attempts,
            Delivery.reason,
        )
        .join(Message, Message.id == Delivery.message_id)
        .join(Identity, Identity.id == Delivery.identity_id)
        .join(Person, Person.id == Identity.person_id)
        .where(_in_trouble())
        .order_by(Delivery.message_id.desc())
        .limit(limit)
        .offset(offset)
    )  # fmt: skip
    total = await db.scalar(select(func.count()).select_from(Delivery).where(_in_trouble()))
    return found.all(), total or 0


async def revive(db: AsyncSession, message_id: int, now: datetime) -> bool:
    """Let what was not sent be tried again; False where it is not dead any more."""
    done = await db.execute(
        update(Delivery)
        .where(Delivery.message_id == message_id, Delivery.state == "dead")
        .values(state="waiting", attempts=0, next_at=now, reason=None)
    )
    return done.rowcount == 1  # type: ignore[attr-defined]


async def give_up(db: AsyncSession, message_id: int) -> bool:
    """Let it be for good; False where it is being sent, or is out."""
    done = await db.execute(
        update(Delivery)
        .where(Delivery.message_id == message_id, Delivery.state.in_(("dead", "waiting")))
        .values(state="dead", reason=rules.GIVEN_UP)
    )
    return done.rowcount == 1  # type: ignore[attr-defined]


# -- what was fetched --------------------------------------------------------------------------------------------------


async def address_alone(db: AsyncSession, identity_id: int) -> Address | None:
    """Where an identity is written to; nobody else hands anything out to them until the end of the transaction."""
    return await db.get(Address, identity_id, with_for_update=True, populate_existing=True)


async def handed_out(db: AsyncSession, identity_id: int, key: str) -> HandedOut | None:
    """What was given to a message."""
    return await db.get(HandedOut, (identity_id, key), populate_existing=True)


async def latest_handed_out(db: AsyncSession, identity_id: int) -> HandedOut | None:
    """What an identity was given last."""
    return await db.scalar(
        select(HandedOut)
        .where(HandedOut.identity_id == identity_id, HandedOut.given_at.is_not(None))
        .order_by(HandedOut.given_at.desc(), HandedOut.at.desc())
        .limit(1)
    )


async def drop_handed_out(db: AsyncSession, identity_id: int, before: datetime, *, but: str) -> None:
    """Forget what was given to messages of an identity that came before a moment, but for one."""
    old = delete(HandedOut).where(HandedOut.identity_id == identity_id, HandedOut.at < before, HandedOut.key != but)
    await db.execute(old.execution_options(synchronize_session=False))


async def seen(db: AsyncSession, number: str) -> Seen | None:
    """What a number was used for."""
    return await db.get(Seen, number)


async def drop_seen(db: AsyncSession, now: datetime) -> None:
    """Forget the numbers that cannot be used any more."""
    await db.execute(delete(Seen).where(Seen.until < now))


# -- leases ------------------------------------------------------------------------------------------------------------


async def extend_lease(db: AsyncSession, name: str, holder: str, *, now: datetime, until: datetime) -> bool:
    """Take a lease that is free or one's own; False if another has it, or if there is none yet."""
    done = await db.execute(
        update(Lease)
        .where(Lease.name == name, or_(Lease.holder == holder, Lease.until < now))
        .values(holder=holder, until=until)
    )
    return done.rowcount == 1  # type: ignore[attr-defined]


async def lease(db: AsyncSession, name: str) -> Lease | None:
    """Who does something alone."""
    return await db.get(Lease, name)


async def release_leases(db: AsyncSession, holder: str, now: datetime) -> None:
    """Let others take over at once."""
    await db.execute(update(Lease).where(Lease.holder == holder).values(until=now))
