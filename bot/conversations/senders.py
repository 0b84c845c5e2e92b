"""Who writes, and the conversation they are in: both are begun by the first message."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.base import Sender
from bot.conversations import queries
from bot.conversations.tables import Conversation, Identity, Person

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def digest(sender: Sender) -> str:
    """How a sender is known in the record."""
    return hashlib.sha256(f"{sender.channel}:{sender.id}".encode()).hexdigest()


def _code() -> str:
    """A code for a person that can be read out on the telephone."""
    letters = [secrets.choice(_ALPHABET) for _ in range(8)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


async def conversation_of(db: AsyncSession, sender: Sender, now: datetime) -> Conversation:
    """The conversation the sender is in, made with the person where there is none."""
    known_as = digest(sender)
    identity = await queries.identity(db, sender.channel, known_as)
    if identity is None:
        person = Person(code=_code(), created_at=now)
        db.add(person)
        await db.flush()
        identity = Identity(person_id=person.id, channel=sender.channel, sender=known_as, created_at=now)
        db.add(identity)
        await db.flush()
    conversation = await queries.latest_conversation(db, identity.id)
    return conversation or await begin(db, identity, now)


async def begin(db: AsyncSession, identity: Identity, now: datetime) -> Conversation:
    """A new conversation of somebody."""
    conversation = Conversation(
        code=secrets.token_hex(8),
        person_id=identity.person_id,
        identity_id=identity.id,
        channel=identity.channel,
        started_at=now,
        last_at=now,
    )
    db.add(conversation)
    await db.flush()
    return conversation


async def again_if_raced[T](job: Callable[[], Awaitable[T]]) -> T:
    """The job's result; once more when a constraint refused it because somebody wrote the same at the same moment."""
    try:
        return await job()
    except IntegrityError:
        return await job()
