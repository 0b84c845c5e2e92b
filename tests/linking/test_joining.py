"""Two channels become one person and two again: nothing is lost, nothing is doubled, on both databases."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import UniqueConstraint, func, select, update

from bot.care.queries import is_stopped
from bot.conversations.tables import Conversation, Identity, Person
from bot.conversations.telling import Telling
from bot.eligibility.tables import EligibilityFacts
from bot.events.service import Events
from bot.events.tables import Event, Registration
from bot.guidance.tables import Booking, Wait
from bot.handover.tables import Handover
from bot.jobs.tables import Subscription
from bot.linking import moving, rules
from bot.linking.links import digest
from bot.privacy import belongings
from bot.privacy.retention import Limits
from bot.privacy.service import Privacy
from bot.radio.tables import RadioQuestion
from bot.reply import Reply
from bot.store import Base

HELLO = Reply(paragraphs=("明天见",))
HELD_BY_LINKS = {"signed_link", "join_code", "join_guess", "joined"}


async def rows(sessions) -> dict[str, int]:
    async with sessions() as db:
        return {
            table.name: await db.scalar(select(func.count()).select_from(table)) or 0
            for table in belongings.tables_of(belongings.PERSON)
        }


async def owners(sessions) -> dict[str, set[int]]:
    """Who has rows, by table."""
    async with sessions() as db:
        return {
            f"{table.name}.{column.name}": set(
                await db.scalars(select(column).where(column.is_not(None)).distinct())
            )
            for table, column in moving.persons_columns()
        }  # fmt: skip


def test_every_table_of_which_a_person_may_have_something_once_only_is_looked_after_before_rows_are_moved():
    known = set()
    for table, column in moving.persons_columns():
        unique = [set(index.columns) for index in table.indexes if index.unique]
        unique += [set(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)]
        if any(column in columns for columns in [*unique, set(table.primary_key.columns)]):
            known.add(table.name)

    assert known == moving.FOLDED


def test_every_thing_that_is_given_back_has_a_table():
    assert set(moving._THINGS) <= set(Base.metadata.tables)


async def test_all_of_both_is_one_persons_afterwards_and_goes_with_one_deletion(sessions, clock, two, together):
    one, other = await two()
    before = await rows(sessions)

    done = await together(one, other)

    assert sorted(done.channels) == ["web", "web"]
    after = await rows(sessions)
    changed = {name: after[name] - count for name, count in before.items() if after[name] != count}
    folded = {"person": -1, "eligibility_facts": -1}  # and nobody is told anything while they are stopped
    assert {name: n for name, n in changed.items() if name not in HELD_BY_LINKS} == folded
    assert {name for name, found in (await owners(sessions)).items() if len(found) > 1} == set()
    async with sessions() as db:
        [person] = await db.scalars(select(Person))
        assert (person.id, person.code) == (other.id, one.code)

    privacy = Privacy(sessions, clock, Limits(days=180, contact_days=30))
    kept = await privacy.kept_by_code(other.code)
    assert kept.code == one.code and kept.counts["指导预约"] == 4 and kept.counts["活动报名"] == 2
    assert len((await privacy.record(other.id))["message"]) == before["message"]
    await privacy.forget_by_code(other.code)
    assert {name: n for name, n in (await rows(sessions)).items() if n} == {}


async def test_what_both_have_of_one_thing_is_one_afterwards_and_no_place_is_held_twice(
    sessions, clock, somebody, sign_up, together
):
    one, other = await somebody(), await somebody()
    now, day = clock(), clock().date() + timedelta(days=9)
    event = await sign_up(one.id, now + timedelta(days=5))
    both = (one, other)
    async with sessions.begin() as db:
        (await db.get_one(Event, event)).capacity = 2
        db.add(
            Registration(
                event_id=event, person_id=other.id, state="registered", ticket="EVT-2", key="k", registered_at=now
            )
        )
        third = Person(code="C", created_at=now)
        db.add(third)
        await db.flush()
        db.add(
            Registration(
                event_id=event, person_id=third.id, state="waiting", ticket="EVT-3", key="k", registered_at=now
            )
        )
        for who, facts, at in (
            (one, {"degree": "college", "age": 22}, now),
            (other, {"age": 23}, now + timedelta(minutes=1)),
        ):
            db.add(
                EligibilityFacts(person_id=who.id, facts=facts, agreed_in=who.talk_code if who is one else None, at=at)
            )
        db.add_all(Wait(person_id=who.id, day=day, state="waiting", joined_at=now) for who in both)
        db.add_all(
            Subscription(person_id=who.id, identity_id=who.identity, wishes={"keyword": "文员"}, since=now)
            for who in both
        )
        db.add_all(
            Handover(person_id=who.id, identity_id=who.identity, conversation_id=who.talk, state="waiting", question="档案", opened_at=now)
            for who in both
        )  # fmt: skip

    done = await together(one, other)

    assert done.events == ("秋季招聘会",)
    async with sessions() as db:
        signed = (await db.execute(select(Registration.state, Registration.ticket).order_by(Registration.id))).all()
        assert [state for state, _ in signed] == ["registered", "cancelled", "waiting"]
        assert (await db.get_one(Event, event)).taken == 1
        [facts] = await db.scalars(select(EligibilityFacts))
        assert (facts.facts, facts.agreed_in) == ({"degree": "college", "age": 23}, None)
        assert list(await db.scalars(select(Wait.state).order_by(Wait.id))) == ["waiting", "over"]
        assert list(await db.scalars(select(Subscription.active).order_by(Subscription.id))) == [True, False]
        assert list(await db.scalars(select(Handover.state).order_by(Handover.id))) == ["waiting", "message"]

    await Events(sessions, clock).fill_free_places()  # what the gateway does by itself
    async with sessions() as db:
        assert (await db.scalar(select(Registration.state).where(Registration.ticket == "EVT-3"))) == "registered"


async def test_sessions_at_the_same_time_a_deletion_and_a_talk_with_staff_stand_in_the_way(
    sessions, clock, somebody, book, joining, together
):
    one, other = await somebody(), await somebody()
    when = clock() + timedelta(days=1)
    await book(one.id, when)
    second = await book(other.id, when)
    before = await owners(sessions)

    with pytest.raises(rules.Overlap):
        await together(one, other)
    assert (await owners(sessions))["booking.person_id"] == before["booking.person_id"] == {one.id, other.id}

    async with sessions.begin() as db:
        await belongings.remove(db, "booking", [second])
        talk = {"person_id": one.id, "identity_id": one.identity, "conversation_id": one.talk}
        db.add(Handover(**talk, state="taken", taken_by="王", taken_at=when, last_staff_at=when, opened_at=when))
    with pytest.raises(rules.Busy, match="talking"):
        await together(one, other)

    async with sessions.begin() as db:
        talk = (await db.scalars(select(Handover))).one()
        talk.state, talk.closed_at = "done", when
    await Privacy(sessions, clock, Limits(days=180, contact_days=30)).ask_to_forget(other.id, keep_open=False)
    with pytest.raises(rules.Busy, match="deleting"):
        await together(one, other)


async def test_the_stop_after_danger_holds_for_both_and_so_does_the_alert(sessions, two, together):
    one, other = await two()
    async with sessions() as db:
        assert await is_stopped(db, one.id)

    await together(one, other)

    async with sessions() as db:
        assert await is_stopped(db, other.id)
        assert await db.scalar(select(func.count()).select_from(Base.metadata.tables["care_alert"])) == 2


@pytest.mark.parametrize("newer", ["here", "there"])
@pytest.mark.parametrize("who", ["first", "second"])
async def test_apart_each_has_its_own_and_what_is_new_goes_where_they_said(
    sessions, clock, somebody, book, sign_up, joining, together, newer, who
):
    one, other = await somebody("我是一"), await somebody("我是二")
    now = clock()
    own = {
        one.identity: await book(one.id, now + timedelta(days=1)),
        other.identity: await book(other.id, now + timedelta(days=2)),
    }
    event = await sign_up(one.id, now + timedelta(days=3))
    async with sessions.begin() as db:
        await db.execute(update(Booking).values(created_at=now))
        await db.execute(update(Registration).values(registered_at=now))
        question = RadioQuestion(
            code="Q1", owner_id=one.id, text="档案", consent="reply", state="received", received_at=now
        )
        db.add(question)
        await db.flush()
        asker = {"question_id": question.id, "person_id": one.id, "identity_id": one.identity, "key": "k"}
        db.add(moving.RadioAsker(**asker))
        db.add(EligibilityFacts(person_id=other.id, facts={"age": 22}, agreed_in=other.talk_code, at=now))
    clock.pass_(minutes=1)
    await together(one, other)
    clock.pass_(minutes=1)
    new = await book(other.id, clock() + timedelta(days=4))

    said_by, left = (one, other) if who == "first" else (other, one)
    await joining.part(said_by.identity, newer)

    async with sessions() as db:
        person = {i: await db.scalar(select(Identity.person_id).where(Identity.id == i)) for i in own}
        assert person[one.identity] != person[other.identity]
        for identity, booking in own.items():
            assert await db.scalar(select(Booking.person_id).where(Booking.id == booking)) == person[identity]
            talks = set(await db.scalars(select(Conversation.person_id).where(Conversation.identity_id == identity)))
            assert talks == {person[identity]}
        keeps = said_by if newer == "here" else left
        assert await db.scalar(select(Booking.person_id).where(Booking.id == new)) == person[keeps.identity]
        busy = moving.PersonBusy
        assert await db.scalar(select(busy.person_id).where(busy.booking_id == new)) == person[keeps.identity]
        signed = select(Registration.person_id).where(Registration.event_id == event)
        assert await db.scalar(signed) == person[one.identity]
        assert await db.scalar(select(RadioQuestion.owner_id)) == person[one.identity]
        facts = (await db.scalars(select(EligibilityFacts))).one()
        assert (facts.person_id, facts.agreed_in) == (person[other.identity], other.talk_code)
        assert set(await db.scalars(select(Person.code))) == {one.code, other.code}
    with pytest.raises(rules.Alone):
        await joining.part(said_by.identity, newer)


async def test_three_channels_are_joined_one_after_the_other_and_one_leaves(sessions, somebody, joining, together):
    one, two_, three = [await somebody() for _ in range(3)]
    await together(one, two_)
    done = await together(three, one)
    assert len(done.channels) == 3

    apart = await joining.part(two_.identity, "there")

    assert len(apart.channels) == 2
    async with sessions() as db:
        people = [
            await db.scalar(select(Identity.person_id).where(Identity.id == w.identity)) for w in (one, two_, three)
        ]
    assert people[0] == people[2] != people[1]


# -- codes -------------------------------------------------------------------------------------------------------------


async def test_a_code_is_for_one_other_channel_once_for_ten_minutes_and_the_latest_counts(
    clock, somebody, joining, together
):
    anna, boris, third = [await somebody() for _ in range(3)]
    earlier = await joining.give_code(anna.identity)
    code = (await joining.give_code(anna.identity)).code

    for who, wrong, refusal in (
        (boris, earlier.code, rules.CodeWrong),
        (anna, code, rules.OwnCode),
        (boris, "ZZZZZZZZ", rules.CodeWrong),
    ):
        with pytest.raises(refusal):
            await joining.type_code(who.identity, wrong)
    assert (await joining.type_code(boris.identity, code)).channel == "web"
    assert (await joining.type_code(boris.identity, code)).code == digest(code)
    with pytest.raises(rules.CodeWrong):
        await joining.type_code(third.identity, code)
    with pytest.raises(rules.CodeWrong):  # pressed by somebody who did not type it
        await joining.join(third.identity, digest(code))
    await joining.join(boris.identity, digest(code))
    assert len((await joining.join(boris.identity, digest(code))).channels) == 2  # the same press after a crash

    late = (await joining.give_code(anna.identity)).code
    clock.pass_(minutes=11)
    with pytest.raises(rules.CodeWrong):
        await joining.type_code(third.identity, late)
    with pytest.raises(rules.SamePerson):
        await together(anna, boris)


async def test_who_guesses_is_locked_out_for_an_hour_and_nobody_else(clock, somebody, joining):
    anna, boris = await somebody(), await somebody()
    guesses = ["22222222", "33333333", "44444444", "55555555", "66666666"]

    results = await asyncio.gather(
        *(joining.type_code(boris.identity, guess) for guess in guesses), return_exceptions=True
    )

    assert sorted(type(one).__name__ for one in results) == ["CodeWrong"] * 4 + ["LockedOut"]
    code = (await joining.give_code(anna.identity)).code
    with pytest.raises(rules.LockedOut):
        await joining.type_code(boris.identity, code)
    clock.pass_(minutes=61)
    code = (await joining.give_code(anna.identity)).code
    await joining.type_code(boris.identity, code)


async def test_two_codes_at_once_and_a_press_twice_at_once_make_one_person(sessions, somebody, joining, elsewhere):
    one, other = await somebody(), await somebody()
    first = (await joining.give_code(one.identity)).code
    second = (await joining.give_code(other.identity)).code
    await joining.type_code(other.identity, first)
    await joining.type_code(one.identity, second)

    results = await asyncio.gather(
        joining.join(other.identity, digest(first)),
        elsewhere.join(one.identity, digest(second)),
        elsewhere.join(other.identity, digest(first)),
        return_exceptions=True,
    )

    assert any(not isinstance(one, BaseException) for one in results)
    assert {type(one) for one in results if isinstance(one, BaseException)} <= {rules.SamePerson, rules.CodeWrong}
    async with sessions() as db:
        assert await db.scalar(select(func.count()).select_from(Person)) == 1
        assert await db.scalar(select(func.count()).select_from(Identity)) == 2


async def test_what_is_written_while_two_are_joined_is_either_theirs_or_refused(
    sessions, clock, somebody, sign_up, joining, elsewhere
):
    one, other, host = await somebody(), await somebody(), await somebody()
    events = [await sign_up(host.id, clock() + timedelta(days=2 + n)) for n in range(6)]
    code = (await joining.give_code(one.identity)).code
    await joining.type_code(other.identity, code)
    service = Events(sessions, clock)

    results = await asyncio.gather(
        *(service.sign_up(event, one.id, f"k{event}") for event in events[:3]),
        elsewhere.join(other.identity, digest(code)),
        *(service.sign_up(event, one.id, f"k{event}") for event in events[3:]),
        return_exceptions=True,
    )

    signed = sum(not isinstance(result, BaseException) for result in results) - 1
    assert not isinstance(results[3], BaseException)
    async with sessions() as db:
        theirs = select(func.count()).select_from(Registration).where(Registration.person_id == other.id)
        assert await db.scalar(theirs) == signed
        assert await db.get(Person, one.id) is None


# -- told once ---------------------------------------------------------------------------------------------------------


async def test_what_is_told_unasked_is_told_once_on_the_channel_of_the_latest_talk(sessions, clock, somebody, together):
    one, other = await somebody(ago=timedelta(minutes=5)), await somebody()
    telling = Telling(sessions, clock)
    await telling.tell_person(one.id, HELLO, "before")  # then the worker dies before it notes that
    await together(one, other)
    async with sessions.begin() as db:
        (await db.get_one(Conversation, one.talk)).last_at = clock() - timedelta(minutes=5)

    assert await telling.tell_person(one.id, HELLO, "before") is None
    again = await telling.tell_person(one.id, HELLO, "in-flight")  # read before they were joined
    assert again is not None and again.conversation == other.talk_code
    async with sessions.begin() as db:
        (await db.get_one(Conversation, one.talk)).last_at = clock() + timedelta(minutes=5)
    assert await telling.tell_person(other.id, HELLO, "in-flight") is None
    both = await asyncio.gather(
        telling.tell_identity(one.identity, HELLO, "at once"), telling.tell_identity(other.identity, HELLO, "at once")
    )
    assert sum(told is not None for told in both) == 1
