"""The inbox with a scripted engine, and the staff's side of it, on a real database."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.care.tables import CareAlert
from bot.channels.base import Sender, Shown
from bot.conversations.service import Conversations
from bot.conversations.tables import Conversation, Person, Turn
from bot.guidance.calendar import WorkCalendar
from bot.guidance.contacts import Contacts
from bot.handover.hours import StaffHours
from bot.handover.service import SEALED_FOR, Handovers
from bot.text.office_hours import read_office_hours
from tests.conversations.inbox_fakes import ANNA, FakeEngine, Phone, said

QUIET = timedelta(minutes=30)


def handovers_on(sessions: Any, clock: Any, hours: str = "1-5 9:00-17:30") -> Handovers:
    """The queue for a person with hours of its own."""
    return Handovers(
        sessions,
        clock,
        StaffHours(read_office_hours(hours), WorkCalendar()),
        Contacts("a secret of thirty-two characters", SEALED_FOR),
        quiet=QUIET,
    )


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def phone() -> Phone:
    return Phone()


@pytest.fixture
def inbox(sessions, clock, engine) -> Conversations:
    return Conversations(sessions, clock, engine, hold_after=5.0, message_limit=2000, quiet=QUIET)


@pytest.fixture
def staff(sessions, clock) -> Handovers:
    return handovers_on(sessions, clock)


@pytest.fixture
def talk(inbox, phone) -> Callable[..., Awaitable[list[str]]]:
    """Says something and gives what comes back."""
    said_so_far = 0

    async def say(text: str, sender: Sender = ANNA) -> list[str]:
        nonlocal said_so_far
        said_so_far += 1
        before = len(phone.seen)
        received = await inbox.receive(said(text, f"k{said_so_far}", sender))
        await inbox.answer(received.conversation_id, phone)
        return [message.text for message in phone.seen[before:]]

    return say


@pytest.fixture
def press(inbox, phone) -> Callable[..., Awaitable[list[str]]]:
    """Presses a choice of a message and gives what comes back."""
    pressed = 0

    async def press(message: Shown, label: str, sender: Sender = ANNA) -> list[str]:
        nonlocal pressed
        pressed += 1
        token = next(choice["token"] for choice in message.body["choices"] if choice["label"] == label)
        before = len(phone.seen)
        from bot.channels.base import Inbound

        received = await inbox.receive(Inbound(sender, f"p{pressed}", None, token))
        await inbox.answer(received.conversation_id, phone)
        return [message.text for message in phone.seen[before:]]

    return press


@pytest.fixture
def code(sessions) -> Callable[[], Awaitable[str]]:
    """What the staff call the latest person."""

    async def read() -> str:
        async with sessions() as db:
            return await db.scalar(select(Person.code).order_by(Person.id.desc()).limit(1))

    return read


@pytest.fixture
def conversation(sessions) -> Callable[[], Awaitable[str]]:
    """The code of the latest conversation."""

    async def read() -> str:
        async with sessions() as db:
            return await db.scalar(select(Conversation.code).order_by(Conversation.id.desc()).limit(1))

    return read


@pytest.fixture
def alerts(sessions) -> Callable[[], Awaitable[list[CareAlert]]]:
    async def read() -> list[CareAlert]:
        async with sessions() as db:
            return list((await db.scalars(select(CareAlert).order_by(CareAlert.id))).all())

    return read


@pytest.fixture
def turns(sessions) -> Callable[[], Awaitable[list[Turn]]]:
    async def read() -> list[Turn]:
        async with sessions() as db:
            return list((await db.scalars(select(Turn).order_by(Turn.id))).all())

    return read
