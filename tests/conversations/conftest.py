"""The inbox with an engine of ours behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from inbox_fakes import ANNA, FakeEngine, Meeting, MeetingSessions, Phone, said
from sqlalchemy import select

from bot.channels.base import Sender, Shown
from bot.conversations.service import Conversations
from bot.conversations.tables import Message, Turn
from bot.store import Sessions, open_engine


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
def gateway(sessions, clock, engine) -> Callable[..., Conversations]:
    """Makes a gateway's inbox; each call is another process on the same database."""

    def make(*, on: Any = None, behind: Any = None, hold_after: float = 5.0) -> Conversations:
        return Conversations(on or sessions, clock, behind or engine, hold_after=hold_after, message_limit=200)

    return make


@pytest.fixture
async def elsewhere(database) -> AsyncIterator[Sessions]:
    """Another process's way to the same database."""
    engine = open_engine(database)
    yield Sessions(engine)
    await engine.dispose()


@pytest.fixture
def processes(gateway, elsewhere) -> tuple[Conversations, Conversations]:
    """Two gateways with nothing in common but the database."""
    return gateway(), gateway(on=elsewhere)


@pytest.fixture
def rivals(gateway, sessions, elsewhere) -> tuple[Conversations, Conversations]:
    """Two gateways that do what they do at the same moment."""
    meeting = Meeting()
    return gateway(on=MeetingSessions(sessions, meeting)), gateway(on=MeetingSessions(elsewhere, meeting))


@pytest.fixture
def inbox(gateway) -> Conversations:
    return gateway()


@pytest.fixture
def talk(inbox, phone) -> Callable[..., Awaitable[list[Shown]]]:
    """Says something and waits for what comes back."""

    async def say(text: str, key: str = "k1", sender: Sender = ANNA) -> list[Shown]:
        before = len(phone.seen)
        received = await inbox.receive(said(text, key, sender))
        await inbox.answer(received.conversation_id, phone)
        return phone.seen[before:]

    return say


@pytest.fixture
def record(sessions) -> Callable[..., Awaitable[list[Any]]]:
    """What stands in the record: turns, or messages in or out in order."""

    async def read(what: str) -> list[Any]:
        async with sessions() as db:
            if what == "turns":
                return list((await db.scalars(select(Turn).order_by(Turn.id))).all())
            return list((await db.scalars(select(Message).where(Message.direction == what).order_by(Message.id))).all())

    return read
