"""The answer to a question for the programme is told unasked: once, in daytime, where it was asked."""

from __future__ import annotations

import asyncio
from datetime import date, datetime

import pytest
from sqlalchemy import select

from bot.channels.web import page_form
from bot.clock import SHANGHAI
from bot.conversations.tables import Conversation, Identity, Message, Person
from bot.conversations.telling import Telling
from bot.radio.service import Radio
from bot.store import Sessions, open_engine
from bot.web.background import tell_of_radio
from bot.web.hub import Hub

QUESTION = "大专去国企有没有前途"


class Died(BaseException):
    """The gateway was killed here."""


class DyingRadio(Radio):
    """Dies after an answer was told and before that is noted."""

    async def told(self, question_id: int) -> bool:
        raise Died


@pytest.fixture
def radio(sessions, clock) -> Radio:
    return Radio(sessions, clock)


@pytest.fixture
def hub() -> Hub:
    return Hub(page_form)


@pytest.fixture
async def answered(sessions, clock, radio) -> str:
    """The code of a question that was on air and answered; its asker talked on Telegram since."""
    async with sessions.begin() as db:
        person = Person(code="P00001", created_at=clock())
        db.add(person)
        await db.flush()
        for channel in ("web", "telegram"):
            identity = Identity(person_id=person.id, channel=channel, sender=channel, created_at=clock())
            db.add(identity)
            await db.flush()
            db.add(
                Conversation(
                    code=channel, person_id=person.id, identity_id=identity.id, channel=channel, started_at=clock(),
                    last_at=clock(),
                )
            )  # fmt: skip
    one = await radio.submit("web", QUESTION, nickname="小北", consent="air", key="k")
    await radio.select(one.code)
    await radio.aired(one.code, date(2026, 11, 24))
    await radio.answer(one.code, "先干着看。", guest="王总")
    return one.code


async def told(sessions) -> list[tuple[str, str]]:
    async with sessions() as db:
        rows = await db.execute(
            select(Conversation.channel, Message.text).join(Message, Message.conversation_id == Conversation.id)
        )
        return [(channel, text) for channel, text in rows]


async def test_the_answer_is_told_once_where_it_was_asked(sessions, clock, radio, hub, answered):
    for _ in range(3):
        await tell_of_radio(radio, Telling(sessions, clock), hub, clock)
        clock.pass_(minutes=5)

    [(channel, text)] = await told(sessions)
    assert channel == "web" and QUESTION in text
    assert "11月24日节目里嘉宾王总谈到：先干着看。" in text
    [mine] = await radio.mine("telegram")
    assert mine.told_at is not None


async def test_two_gateways_at_once_tell_it_once(database, sessions, clock, radio, hub, answered):
    other = open_engine(database)
    elsewhere = Sessions(other)

    await asyncio.gather(
        *(
            tell_of_radio(Radio(one, clock), Telling(one, clock), hub, clock)
            for one in (sessions, elsewhere, sessions, elsewhere)
        )
    )

    await other.dispose()
    assert len(await told(sessions)) == 1


async def test_a_gateway_that_dies_after_telling_leaves_nothing_to_be_told_twice(sessions, clock, radio, hub, answered):
    with pytest.raises(Died):
        await tell_of_radio(DyingRadio(sessions, clock), Telling(sessions, clock), hub, clock)
    clock.pass_(minutes=2)

    await tell_of_radio(radio, Telling(sessions, clock), hub, clock)

    assert len(await told(sessions)) == 1
    assert (await radio.question(answered)).told_at is not None


async def test_nobody_is_woken_by_an_answer(sessions, clock, radio, hub, answered):
    clock.now = datetime(2026, 11, 25, 5, 0, tzinfo=SHANGHAI)
    await tell_of_radio(radio, Telling(sessions, clock), hub, clock)
    assert await told(sessions) == []

    clock.now = datetime(2026, 11, 25, 9, 0, tzinfo=SHANGHAI)
    await tell_of_radio(radio, Telling(sessions, clock), hub, clock)
    assert len(await told(sessions)) == 1
