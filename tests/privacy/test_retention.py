"""What has been kept long enough goes by itself; what is still open, and what is recent, stays."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from bot.conversations.tables import Conversation, Message, Person
from bot.guidance.tables import Booking, BookingContact, Wait
from bot.handover.tables import Handover
from bot.jobs.tables import Subscription
from bot.privacy import retention as module
from bot.privacy.retention import Limits, Retention
from bot.privacy.tables import DialogueToForget, RetentionRun

LONG_AGO = timedelta(days=200)


@pytest.fixture
def people(sessions):
    """The codes of the persons that are left."""

    async def read() -> set[str]:
        async with sessions() as db:
            return set(await db.scalars(select(Person.code)))

    return read


async def test_who_has_said_nothing_for_long_is_forgotten_wholly(sessions, retention, somebody, people):
    await somebody(ago=LONG_AGO)
    boris = await somebody(ago=timedelta(days=179))

    purged = await retention.run()

    assert await people() == {boris.code}
    assert purged.kinds == {"聊天记录": 2, "点的有用没用": 1, "人": 1}
    async with sessions() as db:
        assert await db.scalar(select(func.count()).select_from(DialogueToForget)) == 1


async def test_a_look_takes_nothing_away_and_counts_what_would_go(retention, somebody, people, book, clock):
    anna = await somebody(ago=LONG_AGO)
    await book(anna.id, clock() - LONG_AGO, state="done")

    looked = await retention.preview()

    assert len(await people()) == 1 and await retention.runs() == []
    assert (await retention.run()).kinds["人"] == looked.kinds["人"] == 1


@pytest.mark.parametrize("open_thing", ["session", "event", "wait", "search", "handover"])
async def test_who_has_something_open_stays_with_it_and_is_still_told(
    sessions, retention, somebody, people, book, sign_up, subscribe, clock, open_thing
):
    anna = await somebody(ago=LONG_AGO)
    tomorrow = clock() + timedelta(days=1)
    match open_thing:
        case "session":
            await book(anna.id, tomorrow)
        case "event":
            await sign_up(anna.id, tomorrow)
        case "search":
            await subscribe(anna)
        case "wait":
            async with sessions.begin() as db:
                db.add(Wait(person_id=anna.id, day=tomorrow.date(), state="waiting", joined_at=clock()))
        case "handover":
            async with sessions.begin() as db:
                handed = {"person_id": anna.id, "identity_id": anna.identity, "conversation_id": anna.talk}
                db.add(Handover(**handed, state="message", question="档案丢了", opened_at=clock()))

    await retention.run()

    assert await people() == {anna.code}
    async with sessions() as db:
        talk = (await db.scalars(select(Conversation))).one()
        said = await db.scalar(select(func.count()).select_from(Message))
    if open_thing == "handover":
        assert said == 2  # the staff still have to read it
    else:
        assert said == 0 and talk.code != anna.talk_code  # the engine has the old one on its list
    assert (await retention.run()).kinds == {}


async def test_an_old_conversation_of_somebody_who_still_comes_goes(sessions, clock, retention, somebody, people):
    anna = await somebody(ago=LONG_AGO)
    async with sessions.begin() as db:
        now = clock()
        talk = {"person_id": anna.id, "identity_id": anna.identity, "channel": "web"}
        db.add(Conversation(**talk, code="new", started_at=now, last_at=now))

    await retention.run()

    assert await people() == {anna.code}
    async with sessions() as db:
        assert (await db.scalars(select(Conversation.code))).all() == ["new"]


async def test_past_sessions_sign_ups_and_ended_searches_go_of_those_who_stay(
    sessions, clock, retention, somebody, book, sign_up, subscribe
):
    anna = await somebody()
    await book(anna.id, clock() - LONG_AGO, state="done")
    recent = await book(anna.id, clock() - timedelta(days=10), state="done")
    await sign_up(anna.id, clock() - LONG_AGO)
    await subscribe(anna, active=False, since=clock() - LONG_AGO)

    purged = await retention.run()

    assert purged.kinds == {"指导预约": 1, "给预约留的联系方式（加密）": 1, "活动报名": 1, "订阅的岗位": 1}
    async with sessions() as db:
        assert (await db.scalars(select(Booking.id))).all() == [recent]
        assert (await db.scalars(select(Subscription.id))).all() == []


async def test_contacts_go_sooner_than_the_rest(sessions, clock, retention, somebody, book):
    anna = await somebody()
    await book(anna.id, clock() - timedelta(days=31), state="done")
    kept = await book(anna.id, clock() - timedelta(days=29), state="done")
    async with sessions.begin() as db:
        handed = {
            "person_id": anna.id,
            "identity_id": anna.identity,
            "conversation_id": anna.talk,
            "contact": b"sealed",
        }
        long_ago = clock() - timedelta(days=31)
        db.add(Handover(**handed, state="done", question="x", opened_at=long_ago, closed_at=long_ago))

    purged = await retention.run()

    assert purged.kinds == {"给预约留的联系方式（加密）": 1, "给工作人员留的联系方式（加密）": 1}
    async with sessions() as db:
        assert (await db.scalars(select(BookingContact.booking_id))).all() == [kept]
        assert await db.scalar(select(func.count()).select_from(Booking)) == 2
        assert (await db.scalars(select(Handover.contact))).all() == [None]


async def test_nothing_goes_where_the_settings_keep_it_for_good(sessions, clock, somebody, book, people):
    anna = await somebody(ago=timedelta(days=4000))
    await book(anna.id, clock() - timedelta(days=4000), state="done")

    assert (await Retention(sessions, clock, Limits(0, 0)).run()).kinds == {}
    assert await people() == {anna.code}


async def test_it_is_done_in_batches_to_the_end(monkeypatch, retention, somebody, people):
    monkeypatch.setattr(module, "BATCH", 2)
    for _ in range(5):
        await somebody(ago=LONG_AGO)

    await retention.run()

    assert await people() == set()


async def test_what_went_is_put_down_and_the_night_after_it_is_due_again(sessions, clock, retention, somebody):
    await somebody(ago=LONG_AGO)
    assert await retention.due()
    await retention.run()

    [run] = await retention.runs()
    assert run.removed == {"聊天记录": 2, "点的有用没用": 1, "人": 1} and run.finished_at == clock()
    assert not await retention.due()
    clock.pass_(hours=16)  # two at night
    assert not await retention.due()
    clock.pass_(hours=1)
    assert await retention.due()


async def test_a_purge_that_was_cut_short_is_due_at_once(sessions, clock, retention):
    await retention.run()
    async with sessions.begin() as db:
        await db.execute(update(RetentionRun).values(finished_at=None))

    assert await retention.due()
