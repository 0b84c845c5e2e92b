"""What the gateway tells unasked, with the real services: once, in daytime, and only those who still want it."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.channels.base import Shown
from bot.channels.web import page_form
from bot.clock import SHANGHAI
from bot.conversations.tables import Conversation, Identity, Message, Person
from bot.conversations.telling import Telling
from bot.events.rules import CLAIM_FOR
from bot.events.service import Events
from bot.events.tables import Event, EventReminder
from bot.jobs.opening import open_jobs
from bot.jobs.service import Jobs
from bot.jobs.tables import Company, Posting, Subscription
from bot.jobs.words import search_text
from bot.reply import Reply
from bot.text.wishes import Wishes
from bot.web.background import tell_of_events, tell_of_jobs
from bot.web.hub import Hub

CLERK = Wishes(keyword="文员")


class Died(BaseException):
    """The gateway was killed here."""


class DyingEvents(Events):
    """Dies after a message was told and before that is noted."""

    async def sent(self, reminder_id: int) -> bool:
        raise Died


class DyingJobs(Jobs):
    """Dies after the news were told and before that is noted."""

    async def claim_telling(self, news: Any) -> bool:
        raise Died


@pytest.fixture
def seen() -> list[dict[str, Any]]:
    """What open pages were sent."""
    return []


@pytest.fixture
def hub() -> Hub:
    return Hub(page_form)


@pytest.fixture
def telling(sessions, clock) -> Telling:
    return Telling(sessions, clock)


@pytest.fixture
def somebody(sessions, clock, hub, seen) -> Callable[[], Awaitable[Conversation]]:
    """Somebody with the chat page open; their conversation."""

    async def make() -> Conversation:
        async with sessions.begin() as db:
            person = Person(code=uuid.uuid4().hex[:12], created_at=clock())
            db.add(person)
            await db.flush()
            identity = Identity(person_id=person.id, channel="web", sender=uuid.uuid4().hex, created_at=clock())
            db.add(identity)
            await db.flush()
            talk = Conversation(
                code=uuid.uuid4().hex[:24],
                person_id=person.id,
                identity_id=identity.id,
                channel="web",
                started_at=clock(),
                last_at=clock(),
            )
            db.add(talk)

        async def watch(event: dict[str, Any]) -> None:
            seen.append(event["message"])

        hub.watch(talk.code, watch)
        return talk

    return make


@pytest.fixture
def told(sessions) -> Callable[[Conversation], Awaitable[list[str]]]:
    """The messages that somebody got, in order."""

    async def read(talk: Conversation) -> list[str]:
        async with sessions() as db:
            rows = await db.scalars(select(Message.text).where(Message.conversation_id == talk.id).order_by(Message.id))
            return list(rows)

    return read


# -- events ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def events(sessions, clock) -> Events:
    return Events(sessions, clock)


@pytest.fixture
async def fair(sessions) -> int:
    """Tomorrow from nine on, with one place."""
    event = Event(
        title="秋季招聘会",
        kind="job_fair",
        mode="offline",
        starts_at=datetime(2026, 11, 25, 9, tzinfo=SHANGHAI),
        ends_at=datetime(2026, 11, 25, 16, tzinfo=SHANGHAI),
        district="平城区",
        capacity=1,
        source="联盟",
    )
    async with sessions.begin() as db:
        db.add(event)
    return event.id


async def test_a_reminder_is_told_where_they_last_talked_with_the_ticket(
    sessions, events, telling, hub, clock, somebody, seen, told, fair
):
    anna = await somebody()
    ticket = (await events.sign_up(fair, anna.person_id, "k")).ticket

    await tell_of_events(events, telling, hub)
    assert await told(anna) == []
    clock.pass_(hours=8)
    await tell_of_events(events, telling, hub)

    [text] = await told(anna)
    assert text.startswith("提醒你：明天有活动。“秋季招聘会”")
    [message] = seen
    assert message["cards"][0]["image"]["url"] == f"/chat/ticket/{ticket}.svg"
    assert [len(choice["token"]) for choice in message["cards"][0]["choices"]] == [12]
    async with sessions() as db:
        assert (await db.scalars(select(EventReminder.sent_at))).all() == [clock()]


async def test_a_reminder_is_told_once_though_the_gateway_looks_again(
    events, telling, hub, clock, somebody, seen, told, fair
):
    anna = await somebody()
    await events.sign_up(fair, anna.person_id, "k")
    clock.pass_(hours=8)

    for _ in range(3):
        await tell_of_events(events, telling, hub)
        clock.pass_(minutes=5)

    assert len(await told(anna)) == len(seen) == 1


async def test_a_gateway_that_died_between_telling_and_noting_it_tells_it_once(
    sessions, events, telling, hub, clock, somebody, seen, told, fair
):
    anna = await somebody()
    await events.sign_up(fair, anna.person_id, "k")
    clock.pass_(hours=8)
    with pytest.raises(Died):
        await tell_of_events(DyingEvents(sessions, clock), telling, hub)
    assert len(await told(anna)) == 1
    await tell_of_events(events, telling, hub)  # still claimed by the one that died
    async with sessions() as db:
        assert (await db.scalars(select(EventReminder.sent_at))).all() == [None]

    clock.now += CLAIM_FOR
    await tell_of_events(events, telling, hub)

    assert len(await told(anna)) == len(seen) == 1
    async with sessions() as db:
        assert (await db.scalars(select(EventReminder.sent_at))).all() == [clock()]


async def test_who_stepped_back_is_not_reminded(events, telling, hub, clock, somebody, told, fair):
    anna = await somebody()
    await events.sign_up(fair, anna.person_id, "k")
    await events.cancel(fair, anna.person_id)
    clock.pass_(hours=8)

    await tell_of_events(events, telling, hub)

    assert await told(anna) == []


async def test_who_waits_is_told_of_the_place_that_became_free_however_it_did(
    sessions, events, telling, hub, somebody, told, fair
):
    anna, boris = await somebody(), await somebody()
    for talk in (anna, boris):
        await events.sign_up(fair, talk.person_id, "k")
    async with sessions.begin() as db:  # a larger hall
        await db.execute(update(Event).where(Event.id == fair).values(capacity=2))

    await tell_of_events(events, telling, hub)

    assert await told(anna) == []
    [text] = await told(boris)
    assert text.startswith("候补轮到你了")


async def test_all_are_told_that_an_event_was_called_off(events, telling, hub, somebody, told, fair):
    anna, boris = await somebody(), await somebody()
    for talk in (anna, boris):
        await events.sign_up(fair, talk.person_id, "k")
    await events.cancel_event(fair)

    await tell_of_events(events, telling, hub)

    for talk in (anna, boris):
        [text] = await told(talk)
        assert "主办方取消了" in text


async def test_two_gateways_at_once_tell_a_reminder_once(sessions, events, hub, clock, somebody, told, fair):
    anna = await somebody()
    await events.sign_up(fair, anna.person_id, "k")
    clock.pass_(hours=8)

    for _ in range(2):  # each with services of its own
        await tell_of_events(Events(sessions, clock), Telling(sessions, clock), hub)

    assert len(await told(anna)) == 1


async def test_somebody_without_a_conversation_is_passed_over_and_noted(
    sessions, events, telling, hub, clock, told, fair
):
    async with sessions.begin() as db:
        person = Person(code="P1", created_at=clock())
        db.add(person)
    await events.sign_up(fair, person.id, "k")
    clock.pass_(hours=8)

    await tell_of_events(events, telling, hub)

    assert await events.due_reminders() == []


# -- jobs ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def jobs(sessions, clock) -> Jobs:
    return open_jobs(sessions, clock)[0]


@pytest.fixture
def add(sessions) -> Callable[..., Awaitable[int]]:
    """Adds a posting; its id."""

    async def adding(title: str = "文员", **fields: Any) -> int:
        async with sessions.begin() as db:
            company = await db.scalar(select(Company).where(Company.name == "恒源商贸"))
            if company is None:
                company = Company(name="恒源商贸", district="平城区")
                db.add(company)
                await db.flush()
            made = Posting(
                **{
                    "key": uuid.uuid4().hex,
                    "content_hash": "0",
                    "title": title,
                    "job_type": "全职",
                    "district": "平城区",
                    "education": "不限",
                    "majors": [],
                    "benefits": [],
                    "scam_signs": [],
                    "source": "联盟",
                    "status": "open",
                    "first_seen": date(2026, 11, 24),
                    "checked_on": date(2026, 11, 24),
                    **fields,
                }
            )
            made.company = company
            made.search_text = search_text(made, company)
            db.add(made)
            await db.flush()
            return made.id

    return adding


async def test_new_postings_are_told_where_they_were_asked_for(jobs, telling, hub, clock, somebody, seen, told, add):
    anna = await somebody()
    await add()
    await jobs.subscribe(anna.code, CLERK)
    for _ in range(4):
        await add()

    await tell_of_jobs(jobs, telling, hub, clock)

    [text] = await told(anna)
    assert text.startswith("你订阅的“文员”有 4 个新岗位，先看 3 个。")
    [message] = seen
    assert [card["title"] for card in message["cards"]] == ["文员"] * 3
    assert [choice["label"] for choice in message["choices"]] == ["退订"]


async def test_samples_among_the_news_are_said_to_be_samples(jobs, telling, hub, clock, somebody, seen, add):
    anna = await somebody()
    await jobs.subscribe(anna.code, CLERK)
    await add(sample=True)

    await tell_of_jobs(jobs, telling, hub, clock)

    assert seen[0]["cards"][0]["badge"] == "示例" and "演示用的岗位" in seen[0]["paragraphs"][1]


async def test_news_come_once_a_day_and_each_posting_once(jobs, telling, hub, clock, somebody, told, add):
    anna = await somebody()
    await jobs.subscribe(anna.code, CLERK)
    await add()
    await tell_of_jobs(jobs, telling, hub, clock)
    await add()

    clock.pass_(hours=5)
    await tell_of_jobs(jobs, telling, hub, clock)
    assert len(await told(anna)) == 1
    clock.pass_(hours=19)
    await tell_of_jobs(jobs, telling, hub, clock)
    clock.pass_(days=1)
    await tell_of_jobs(jobs, telling, hub, clock)

    assert [text.partition("，")[0] for text in await told(anna)] == ["你订阅的“文员”有 1 个新岗位。"] * 2


@pytest.mark.parametrize(
    ("hours", "count"),
    [(-2, 0), (-1, 1), (10, 1), (11, 0), (13, 0), (14, 0)],  # 08:00, 09:00, 20:00, 21:00, 23:00, midnight
)
async def test_nobody_is_told_of_jobs_at_night(jobs, telling, hub, clock, somebody, told, add, hours, count):
    anna = await somebody()
    await jobs.subscribe(anna.code, CLERK)
    await add()
    clock.pass_(hours=hours)

    await tell_of_jobs(jobs, telling, hub, clock)

    assert len(await told(anna)) == count


async def test_what_came_at_night_is_told_in_the_morning(jobs, telling, hub, clock, somebody, told, add):
    anna = await somebody()
    await jobs.subscribe(anna.code, CLERK)
    clock.pass_(hours=12)
    await add()
    await tell_of_jobs(jobs, telling, hub, clock)

    clock.pass_(hours=11)
    await tell_of_jobs(jobs, telling, hub, clock)

    assert len(await told(anna)) == 1


async def test_nothing_is_told_where_nothing_new_fits(jobs, telling, hub, clock, somebody, told, add):
    anna = await somebody()
    await add()
    await jobs.subscribe(anna.code, CLERK)
    await add("司机")
    await add(closes_on=date(2026, 11, 23))
    await add(scam_signs=["押金"])
    await add(status="withdrawn")

    await tell_of_jobs(jobs, telling, hub, clock)

    assert await told(anna) == []


async def test_who_unsubscribed_is_told_nothing(jobs, telling, hub, clock, somebody, told, add):
    anna, boris = await somebody(), await somebody()
    for talk in (anna, boris):
        await jobs.subscribe(talk.code, CLERK)
    await jobs.unsubscribe(anna.code)
    await add()

    await tell_of_jobs(jobs, telling, hub, clock)

    assert await told(anna) == [] and len(await told(boris)) == 1


async def test_a_gateway_that_died_between_telling_and_noting_it_tells_the_news_once(
    sessions, jobs, telling, hub, clock, somebody, seen, told, add
):
    anna = await somebody()
    await jobs.subscribe(anna.code, CLERK)
    await add()
    with pytest.raises(Died):
        await tell_of_jobs(DyingJobs(sessions, clock, jobs._search), telling, hub, clock)
    async with sessions() as db:
        assert (await db.scalars(select(Subscription.told_on))).all() == [None]

    await tell_of_jobs(jobs, telling, hub, clock)

    assert len(await told(anna)) == len(seen) == 1
    async with sessions() as db:
        assert (await db.scalars(select(Subscription.told_on))).all() == [date(2026, 11, 24)]


async def test_two_saved_searches_of_one_person_are_told_apart(jobs, telling, hub, clock, somebody, told, add):
    anna = await somebody()
    await jobs.subscribe(anna.code, CLERK)
    await jobs.subscribe(anna.code, Wishes(keyword="司机", district="平城区"))
    await add()
    await add("司机")

    await tell_of_jobs(jobs, telling, hub, clock)

    assert [text.partition("”")[0] for text in await told(anna)] == ["你订阅的“文员", "你订阅的“司机、平城区"]


async def test_a_page_that_went_away_costs_nobody_else_their_news(
    jobs, telling, hub, clock, somebody, seen, told, add, caplog
):
    anna, boris = await somebody(), await somebody()

    async def gone(_event: dict[str, Any]) -> None:
        raise ConnectionResetError

    hub.watch(anna.code, gone)
    for talk in (anna, boris):
        await jobs.subscribe(talk.code, CLERK)
    await add()

    with caplog.at_level(logging.INFO):
        await tell_of_jobs(jobs, telling, hub, clock)

    assert len(await told(anna)) == len(await told(boris)) == 1
    assert len(seen) == 2 and "a connection dropped" in caplog.text


async def test_a_message_that_was_told_under_a_key_is_not_told_again(telling, somebody, told):
    anna = await somebody()

    first = await telling.tell_identity(anna.identity_id, Reply(paragraphs=("一",)), "k")
    second = await telling.tell_identity(anna.identity_id, Reply(paragraphs=("二",)), "k")

    assert isinstance(first, Shown) and second is None and await told(anna) == ["一"]
