"""A yes to a notice is kept once, used for one message by one worker, given back or taken back; on both databases."""

from __future__ import annotations

import asyncio
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

sys.path.insert(0, str(Path(__file__).parent.parent / "conversations"))
from inbox_fakes import FakeEngine

from bot.channels.base import Consent, Inbound, Sender
from bot.conversations.service import Conversations
from bot.conversations.tables import Identity
from bot.conversations.telling import Telling
from bot.outbox import rules
from bot.outbox.addresses import Addresses
from bot.outbox.notices import Notices
from bot.outbox.tables import NoticeConsent
from bot.reply import Reply

ANNA, TEMPLATE = Sender("wechat", "anna"), "event-template-0000000000"
YES, NO = Consent("event", TEMPLATE, True), Consent("event", TEMPLATE, False)


@pytest.fixture
def notices(sessions, clock) -> Notices:
    return Notices(sessions, clock)


@pytest.fixture
async def told(sessions, clock):
    """Tells Anna something unasked; the number of the message."""
    inbox = Conversations(sessions, clock, FakeEngine(), hold_after=5, message_limit=100, addresses=Addresses("k" * 40))
    await inbox.receive(Inbound(ANNA, "k1", "你好"))
    async with sessions() as db:
        person = await db.scalar(select(Identity.person_id))
    keys = iter(range(99))

    async def tell() -> int:
        message = await Telling(sessions, clock).tell_person(
            person, Reply(paragraphs=("明天有活动",)), f"event-reminder-{next(keys)}"
        )
        return message.id

    return tell


async def used(sessions) -> int:
    async with sessions() as db:
        return await db.scalar(select(func.count()).where(NoticeConsent.used_for.is_not(None)))


async def test_an_event_that_two_gateways_are_brought_at_once_is_one_yes(notices, sessions, told):
    await asyncio.gather(*(notices.said(ANNA, "event-1", [YES]) for _ in range(6)))
    await notices.said(ANNA, "event-2", [YES])

    async with sessions() as db:
        assert await db.scalar(select(func.count()).select_from(NoticeConsent)) == 2


async def test_one_yes_is_used_by_one_of_many_workers_that_send_different_messages(notices, sessions, told):
    messages = [await told() for _ in range(5)]
    await notices.said(ANNA, "event-1", [YES])

    found = await asyncio.gather(*(notices.use(message, "event", TEMPLATE) for message in messages))

    assert sorted(found) == ["fresh", "none", "none", "none", "none"]
    assert await used(sessions) == 1


async def test_one_message_uses_one_yes_however_many_workers_try_it(notices, sessions, told):
    message = await told()
    for event in ("event-1", "event-2", "event-3"):
        await notices.said(ANNA, event, [YES])

    found = await asyncio.gather(*(notices.use(message, "event", TEMPLATE) for _ in range(5)))

    assert sorted(found) == ["fresh", "spent", "spent", "spent", "spent"]
    assert await used(sessions) == 1
    await notices.answered(message, 0)
    assert await notices.use(message, "event", TEMPLATE) == "sent"


async def test_what_was_given_back_is_used_again_and_what_was_taken_back_is_not(notices, sessions, told):
    first, second = await told(), await told()
    await notices.said(ANNA, "event-1", [YES])
    assert await notices.use(first, "event", TEMPLATE) == "fresh"
    await notices.answered(first, None)
    assert await notices.use(second, "event", TEMPLATE) == "fresh"
    await notices.answered(second, 43101)
    assert await notices.use(first, "event", TEMPLATE) == "none"

    await notices.said(ANNA, "event-2", [YES])
    await notices.said(ANNA, "event-3", [NO])
    assert await notices.use(first, "event", TEMPLATE) == "none"


async def test_old_news_uses_no_yes_and_a_stranger_gives_none(notices, sessions, told, clock):
    message = await told()
    await notices.said(ANNA, "event-1", [YES])
    assert await notices.said(Sender("wechat", "nobody"), "event-1", [YES]) is False
    clock.now += rules.NOTICE_WITHIN + timedelta(seconds=1)

    assert await notices.use(message, "event", TEMPLATE) == "none"
    assert await used(sessions) == 0
