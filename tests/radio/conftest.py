"""People in conversations, questions of theirs, and somebody who talks, on a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from radio_setup import QUESTION, Speaker

from bot.conversations.tables import Conversation, Identity, Person
from bot.radio.service import Radio
from bot.radio.talk import RadioTalk
from bot.radio.views import QuestionView
from bot.store import Sessions, open_engine


@pytest.fixture
def radio(sessions, clock) -> Radio:
    return Radio(sessions, clock)


@pytest.fixture
async def elsewhere(database, clock) -> AsyncIterator[Radio]:
    """Another process on the same database."""
    engine = open_engine(database)
    yield Radio(Sessions(engine), clock)
    await engine.dispose()


@pytest.fixture
def meet(sessions, clock) -> Callable[..., Awaitable[str]]:
    """Makes somebody in a conversation; its code. The same name again is the same person, on another channel."""
    persons: dict[str, int] = {}

    async def make(name: str = "a", channel: str = "web") -> str:
        async with sessions.begin() as db:
            if name not in persons:
                person = Person(code=f"P{len(persons):05}", created_at=clock())
                db.add(person)
                await db.flush()
                persons[name] = person.id
            identity = Identity(
                person_id=persons[name], channel=channel, sender=f"{channel}-{name}", created_at=clock()
            )
            db.add(identity)
            await db.flush()
            code = f"c-{channel}-{name}"
            db.add(
                Conversation(
                    code=code,
                    person_id=persons[name],
                    identity_id=identity.id,
                    channel=channel,
                    started_at=clock(),
                    last_at=clock(),
                )
            )
        return code

    return make


@pytest.fixture
def asked(radio, meet) -> Callable[..., Awaitable[QuestionView]]:
    """Makes a question with the programme, of somebody new unless a conversation is given."""
    made = 0

    async def make(
        text: str = QUESTION, *, talk: str | None = None, consent: str = "air", nickname: str | None = None
    ) -> QuestionView:
        nonlocal made
        made += 1
        talk = talk or await meet(f"asker{made}")
        return await radio.submit(talk, text, nickname=nickname, consent=consent, key=f"key{made}")

    return make


@pytest.fixture
async def person(radio, clock, meet) -> Speaker:
    """Somebody who has asked nothing yet."""
    return Speaker(RadioTalk(radio, clock), await meet("speaker"))
