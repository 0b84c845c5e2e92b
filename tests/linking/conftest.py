"""Persons with something of every kind on several channels, and what joins and parts them, on a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from bot.channels.base import Inbound, Sender, Shown
from bot.conversations.service import Conversations
from bot.linking.joining import Joining
from bot.linking.links import Links, digest
from bot.linking.tables import Joined
from bot.outbox.addresses import Addresses
from bot.store import Sessions, open_engine
from tests.conversations.inbox_fakes import FakeEngine, Phone
from tests.privacy.conftest import Somebody, adviser, book, sign_up, somebody, subscribe, with_everything

__all__ = ["adviser", "book", "sign_up", "somebody", "subscribe", "with_everything"]

ADDRESS = "https://duihua.example"


@pytest.fixture
def links(sessions, clock) -> Links:
    return Links(sessions, clock, ADDRESS)


@pytest.fixture
def joining(sessions, clock) -> Joining:
    return Joining(sessions, clock)


@pytest.fixture
async def elsewhere(database, clock) -> AsyncIterator[Joining]:
    """Another process on the same database."""
    engine = open_engine(database)
    yield Joining(Sessions(engine), clock)
    await engine.dispose()


@pytest.fixture
def together(joining) -> Callable[..., Awaitable[Any]]:
    """Joins two by the code of the first, typed and confirmed by the second."""

    async def make(one: Somebody, other: Somebody) -> Any:
        given = await joining.give_code(one.identity)
        await joining.type_code(other.identity, given.code)
        return await joining.join(other.identity, digest(given.code))

    return make


@pytest.fixture
def two(sessions, with_everything, clock) -> Callable[[], Awaitable[tuple[Somebody, Somebody]]]:
    """Two persons with something of every kind, whose sessions are an hour apart."""

    async def make() -> tuple[Somebody, Somebody]:
        one = await with_everything()
        clock.now += timedelta(hours=1)
        other = await with_everything()
        async with sessions.begin() as db:
            await db.execute(delete(Joined))
        return one, other

    return make


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
def inbox(sessions, clock, engine) -> Conversations:
    addresses = Addresses("a secret of thirty-two characters")
    return Conversations(sessions, clock, engine, hold_after=5.0, message_limit=200, addresses=addresses)


@pytest.fixture
def say(inbox, phone) -> Callable[..., Awaitable[list[Shown]]]:
    """Says or presses something on a channel; what is shown anywhere because of it."""
    keys = iter(range(10_000))

    async def make(sender: Sender, text: str | None = None, token: str | None = None, **more: Any) -> list[Shown]:
        before = len(phone.seen)
        received = await inbox.receive(Inbound(sender, f"key-{next(keys)}", text, token, **more))
        await inbox.answer(received.conversation_id, phone)
        return phone.seen[before:]

    return make
