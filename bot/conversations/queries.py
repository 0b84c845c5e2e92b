"""Every statement on the record. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.base import Shown
from bot.conversations.tables import Conversation, Feedback, Identity, Message, Person, PressableChoice, Turn

OPEN = ("waiting", "answering")


async def identity(db: AsyncSession, channel: str, sender: str) -> Identity | None:
    """The person behind a channel's sender (its digest)."""
    return await db.scalar(select(Identity).where(Identity.channel == channel, Identity.sender == sender))


async def latest_conversation(db: AsyncSession, identity_id: int) -> Conversation | None:
    """The conversation an identity is in."""
    return await db.scalar(
        select(Conversation)
        .where(Conversation.identity_id == identity_id)
        .order_by(Conversation.started_at.desc(), Conversation.id.desc())
        .limit(1)
    )


async def latest_identity(db: AsyncSession, person_id: int) -> int | None:
    """The identity through which a person last talked with us."""
    return await db.scalar(
        select(Conversation.identity_id)
        .where(Conversation.person_id == person_id)
        .order_by(Conversation.last_at.desc(), Conversation.id.desc())
        .limit(1)
    )


async def conversation_by_code(db: AsyncSession, code: str) -> Conversation | None:
    """The conversation with that code."""
    return await db.scalar(select(Conversation).where(Conversation.code == code))


async def person_code(db: AsyncSession, person_id: int) -> str:
    """What staff see of a person."""
    return (await db.scalars(select(Person.code).where(Person.id == person_id))).one()


async def message_by_key(db: AsyncSession, identity_id: int, key: str) -> Message | None:
    """The message that a platform's id belongs to."""
    return await db.scalar(select(Message).where(Message.identity_id == identity_id, Message.key == key))


async def told_already(db: AsyncSession, person_id: int, key: str) -> bool:
    """Whether a person was told something under that key, on any of their channels. Whoever tells them is alone at it."""
    await db.execute(select(Person.id).where(Person.id == person_id).with_for_update(key_share=True))
    theirs = select(Identity.id).where(Identity.person_id == person_id)
    found = select(Message.id).where(Message.identity_id.in_(theirs), Message.key == key).limit(1)
    return await db.scalar(found) is not None


async def choice(db: AsyncSession, token: str, identity_id: int) -> PressableChoice | None:
    """A choice that was shown to this identity; nobody else's token opens anything."""
    return await db.scalar(
        select(PressableChoice)
        .join(Conversation, Conversation.id == PressableChoice.conversation_id)
        .where(PressableChoice.token == token, Conversation.identity_id == identity_id)
    )


async def first_open_turn(db: AsyncSession, conversation_id: int) -> Turn | None:
    """The oldest turn of a conversation that has no answer yet."""
    return await db.scalar(
        select(Turn).where(Turn.conversation_id == conversation_id, Turn.state.in_(OPEN)).order_by(Turn.id).limit(1)
    )


async def claim(db: AsyncSession, turn_id: int, *, now: datetime, until: datetime) -> Turn | None:
    """Take a turn to answer it: the turn as it is then, None if somebody else has it."""
    return await db.scalar(
        update(Turn)
        .where(
            Turn.id == turn_id,
            or_(Turn.state == "waiting", and_(Turn.state == "answering", Turn.claimed_until < now)),
        )
        .values(state="answering", claimed_until=until, attempts=Turn.attempts + 1)
        .returning(Turn),
        execution_options={"synchronize_session": False},
    )


async def latest_slots(db: AsyncSession, conversation_id: int, turns: int = 8) -> dict[str, Any]:
    """What the dialogue has set in its latest turns; a slot has the value it was set to last."""
    found = await db.scalars(
        select(Turn.slots)
        .where(Turn.conversation_id == conversation_id, Turn.slots.is_not(None))
        .order_by(Turn.id.desc())
        .limit(turns)
    )
    return {name: value for slots in reversed(found.all()) for name, value in slots.items()}


async def keep_claim(db: AsyncSession, turn_id: int, attempt: int, *, until: datetime) -> None:
    """Make the claim of this attempt last longer; nothing when somebody else has taken the turn since."""
    mine = and_(Turn.id == turn_id, Turn.state == "answering", Turn.attempts == attempt)
    await db.execute(update(Turn).where(mine).values(claimed_until=until))


async def conversations_to_answer(db: AsyncSession, now: datetime, limit: int = 50) -> Sequence[int]:
    """Conversations with a turn that waits and may be tried, or whose gateway died over it."""
    due = or_(
        and_(Turn.state == "waiting", Turn.retry_at <= now),
        and_(Turn.state == "answering", Turn.claimed_until < now),
    )
    found = await db.scalars(
        select(Turn.conversation_id).where(due).group_by(Turn.conversation_id).order_by(func.min(Turn.id)).limit(limit)
    )
    return found.all()


async def incoming(db: AsyncSession, turn_id: int) -> tuple[Message, Conversation]:
    """The message a turn answers, and its conversation."""
    found = await db.execute(
        select(Message, Conversation)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.turn_id == turn_id, Message.direction == "in")
    )
    message, conversation = found.one()
    return message, conversation


async def latest_typed(db: AsyncSession, conversation_id: int, *, since: datetime, limit: int = 3) -> Sequence[Message]:
    """What a person typed last in a conversation, the latest last; a pressed choice ends it."""
    found = await db.scalars(
        select(Message)
        .where(Message.conversation_id == conversation_id, Message.direction == "in", Message.at >= since)
        .order_by(Message.id.desc())
        .limit(limit)
    )
    typed = list(takewhile(lambda message: message.kind == "text", found))
    return typed[::-1]


async def touch(db: AsyncSession, conversation_id: int, now: datetime) -> None:
    """Note that something was said in a conversation."""
    await db.execute(update(Conversation).where(Conversation.id == conversation_id).values(last_at=now))


async def was_held(db: AsyncSession, turn_id: int) -> bool:
    """Whether the person was already told to wait for this turn."""
    return (
        await db.scalar(select(Message.id).where(Message.turn_id == turn_id, Message.kind == "holding").limit(1))
    ) is not None


async def last_out(db: AsyncSession, conversation_id: int) -> str | None:
    """What the bot said last in a conversation."""
    return await db.scalar(
        select(Message.text)
        .where(Message.conversation_id == conversation_id, Message.direction == "out")
        .order_by(Message.id.desc())
        .limit(1)
    )


async def messages_after(
    db: AsyncSession, conversation: Conversation, after: int, limit: int
) -> tuple[list[Shown], bool]:
    """The last messages of a conversation with an id above `after`, in order, and whether there were more."""
    rows = await db.execute(
        select(Message, Feedback.verdict)
        .outerjoin(Feedback, Feedback.message_id == Message.id)
        .where(Message.conversation_id == conversation.id, Message.id > after)
        .order_by(Message.id.desc())
        .limit(limit + 1)
    )
    found = [shown(message, conversation.code, verdict) for message, verdict in rows]
    return found[:limit][::-1], len(found) > limit


def shown(message: Message, conversation: str, feedback: str | None = None) -> Shown:
    """A message as channels get it."""
    return Shown(
        id=message.id,
        conversation=conversation,
        direction="in" if message.direction == "in" else "out",
        kind=message.kind,
        key=message.key,
        text=message.text,
        body=message.body or {},
        at=message.at,
        feedback=feedback,
    )


async def rateable_message(db: AsyncSession, message_id: int, identity_id: int) -> Message | None:
    """A reply to this identity that 👍/👎 belongs under."""
    message = await db.scalar(
        select(Message).where(Message.id == message_id, Message.identity_id == identity_id, Message.direction == "out")
    )
    return message if message and (message.body or {}).get("rateable") else None


async def figures_of_day(db: AsyncSession, since: datetime) -> dict[str, int]:
    """Turns since a moment: how many in all, and by state and outcome."""
    figures = {"turns": 0, "people": 0}
    for state, outcome, n in await db.execute(
        select(Turn.state, Turn.outcome, func.count())
        .where(Turn.received_at >= since)
        .group_by(Turn.state, Turn.outcome)
    ):
        figures["turns"] += n
        figures[state] = figures.get(state, 0) + n
        if outcome:
            figures[outcome] = figures.get(outcome, 0) + n
    figures["scam"] = (
        await db.scalar(
            select(func.count()).select_from(Turn).where(Turn.received_at >= since, Turn.scam_signs.is_not(None))
        )
        or 0
    )
    figures["people"] = (
        await db.scalar(select(func.count(Conversation.person_id.distinct())).where(Conversation.last_at >= since)) or 0
    )
    return figures
