"""Conversations to look for, on a real database."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from bot.conversations.messages import put
from bot.conversations.tables import Conversation, Identity, Message, Person, Turn
from bot.people.tables import Account
from bot.reply import Reply
from bot.review import search_index


@dataclass
class Talk:
    """A conversation, by id and code, with the ids of its turns."""

    id: int
    code: str
    person: int
    identity: int
    turns: list[int]


@pytest.fixture
def begin(sessions, clock) -> Callable[..., Awaitable[Talk]]:
    """Begins a conversation of a new person."""

    async def make(channel: str = "web") -> Talk:
        now = clock()
        async with sessions.begin() as db:
            person = Person(code=uuid.uuid4().hex[:8].upper(), created_at=now)
            db.add(person)
            await db.flush()
            identity = Identity(person_id=person.id, channel=channel, sender=uuid.uuid4().hex, created_at=now)
            db.add(identity)
            await db.flush()
            talk = Conversation(
                code=uuid.uuid4().hex[:16], person_id=person.id, identity_id=identity.id, channel=channel, started_at=now, last_at=now
            )  # fmt: skip
            db.add(talk)
            await db.flush()
        return Talk(talk.id, talk.code, person.id, identity.id, [])

    return make


@pytest.fixture
def say(sessions, clock, begin) -> Callable[..., Awaitable[Talk]]:
    """Says something in a conversation, a new one if none is given, and has it answered as the inbox does."""
    keys = itertools.count(1)

    async def make(
        text: str,
        reply: str | Reply | None = "说明在这儿。",
        talk: Talk | None = None,
        *,
        at: datetime | None = None,
        payload: str | None = None,
        **understood: Any,
    ) -> Talk:
        talk, now = talk or await begin(understood.pop("channel", "web")), at or clock()
        async with sessions.begin() as db:
            conversation = await db.get_one(Conversation, talk.id)
            turn = Turn(
                conversation_id=talk.id,
                state="waiting",
                payload=payload,
                received_at=now,
                retry_at=now,
                attempts=1,
                scam_signs=understood.pop("scam_signs", None),
            )
            db.add(turn)
            await db.flush()
            message = Message(
                conversation_id=talk.id,
                identity_id=talk.identity,
                turn_id=turn.id,
                direction="in",
                kind="choice" if payload else "text",
                key=f"k{next(keys)}",
                text=text,
                at=now,
            )
            db.add(message)
            await db.flush()
            await search_index.heard(db, conversation, turn, message)
            turn.state, turn.answered_at, turn.milliseconds = "answered", now, 12
            for name, value in ({"intent": "policy", "confidence": 0.9, "outcome": "served"} | understood).items():
                setattr(turn, name, value)
            conversation.last_at = now
            if isinstance(reply, str):
                reply = Reply(paragraphs=tuple(reply.split("\n")), rateable=True)
            if reply is not None:
                await put(db, conversation, reply, "reply", at=now, turn_id=turn.id)
        talk.turns.append(turn.id)
        return talk

    return make


@pytest.fixture
def account(sessions, clock) -> Callable[..., Awaitable[int]]:
    """Adds somebody of the staff; their id."""

    async def make(name: str) -> int:
        async with sessions.begin() as db:
            one = Account(name=name, key=name, password="-", password_at=clock(), added_at=clock(), added_by="test")
            db.add(one)
            await db.flush()
            return one.id

    return make
