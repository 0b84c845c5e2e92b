"""What people are told unasked: once, in time, and only while it is true."""

import asyncio
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import func, select

from bot.clock import SHANGHAI
from bot.events.rules import EventCancelled, UnknownEvent
from bot.events.service import Events
from bot.events.staff import EventStaff, typed_of
from bot.events.tables import EventReminder
from bot.privacy import belongings

# NOW is Tuesday the 24th, 10:00; events are tomorrow, so that 18:00 today is when to remind of them.
UNTIL_EVENING = {"hours": 8}


async def due(events, **kwargs):
    return [(r.kind, r.person_id) for r in await events.due_reminders(**kwargs)]


async def test_those_with_a_place_are_reminded_at_six_in_the_evening_before(events, put_on, people, clock):
    event = await put_on(capacity=2)
    anna, boris, clara = await people(3)
    ticket = (await events.sign_up(event, anna, "k")).ticket
    for person in (boris, clara):
        await events.sign_up(event, person, "k")

    clock.pass_(hours=7, minutes=59)
    assert await due(events) == []
    clock.pass_(minutes=1)

    [first, second] = await events.due_reminders()
    assert [(r.kind, r.person_id) for r in (first, second)] == [("day_before", anna), ("day_before", boris)]
    assert (first.ticket, first.event.title, first.event.starts_at.astimezone(SHANGHAI).hour) == (
        ticket, "秋季招聘会", 9,
    )  # fmt: skip
    assert first.key != second.key


async def test_who_signs_up_after_that_evening_is_not_reminded(events, put_on, people, clock):
    event = await put_on()
    [anna] = await people(1)
    clock.pass_(**UNTIL_EVENING)
    await events.sign_up(event, anna, "k")

    assert await due(events) == []
    clock.pass_(hours=13)
    assert await due(events) == []


async def test_who_moves_up_is_told_at_once_and_reminded_like_everybody(events, put_on, people, clock):
    event = await put_on(capacity=1)
    anna, boris = await people(2)
    for person in (anna, boris):
        await events.sign_up(event, person, "k")
    await events.cancel(event, anna)

    assert await due(events) == [("moved_up", boris)]
    clock.pass_(**UNTIL_EVENING)
    assert await due(events) == [("moved_up", boris), ("day_before", boris)]


async def test_nobody_is_told_what_is_no_longer_true(events, put_on, people, clock, sessions):
    event, other = await put_on(capacity=1), await put_on(capacity=1)
    anna, boris, clara = await people(3)
    for person in (anna, boris):
        await events.sign_up(event, person, "k")
    await events.sign_up(other, clara, "k")
    await events.cancel(event, anna)
    [moved] = await events.due_reminders()
    await events.cancel(event, boris)

    assert await events.claim(moved.id) is False
    async with sessions.begin() as db:
        await belongings.remove(db, belongings.PERSON, [clara])
    clock.pass_(**UNTIL_EVENING)
    assert await due(events) == []


async def test_a_reminder_that_comes_too_late_is_left_out(events, put_on, people, clock):
    event = await put_on(capacity=1)
    anna, boris = await people(2)
    for person in (anna, boris):
        await events.sign_up(event, person, "k")
    await events.cancel(event, anna)

    clock.pass_(hours=24)  # it has begun; one may still drop in
    assert await due(events) == [("moved_up", boris)]
    clock.pass_(hours=6)
    assert await due(events) == []


async def test_who_counts_on_an_event_that_moves_is_told_of_the_latest_time_and_reminded_anew(
    events, put_on, people, clock, sessions
):
    event = await put_on(capacity=1)
    anna, boris = await people(2)
    for person in (anna, boris):
        await events.sign_up(event, person, "k")
    clock.pass_(**UNTIL_EVENING)
    [old] = await events.due_reminders()
    await events.claim(old.id)
    await events.sent(old.id)
    staff = EventStaff(sessions, clock)
    typed = typed_of(await staff.one(event))

    assert (await staff.change(event, typed | {"about": "带简历"})).told == 0
    assert (await staff.change(event, typed | {"day": "2026-11-26", "last_day": ""})).told == 2
    [read, _] = await events.due_reminders()  # a gateway has read this one when the event moves once more
    done = await staff.change(event, typed | {"day": "2026-11-27", "last_day": "", "place": "体育馆"})
    assert (set(done.fields), done.told) == ({"starts_at", "ends_at", "place"}, 2)
    assert await events.claim(read.id) is False

    told = await events.due_reminders()
    assert [(r.kind, r.person_id, bool(r.ticket)) for r in told] == [("changed", anna, True), ("changed", boris, False)]
    for one in told:
        assert (one.event.place, one.event.starts_at.astimezone(SHANGHAI).day, await events.claim(one.id)) == (
            "体育馆", 27, True,
        )  # fmt: skip
        assert await events.sent(one.id)
    assert len({one.key for one in (old, read, *told)}) == 4
    clock.pass_(hours=47, minutes=59)
    assert await due(events) == []
    clock.pass_(minutes=1)
    assert await due(events) == [("day_before", anna)]


async def test_an_event_that_is_over_moves_without_a_word(events, put_on, people, clock, sessions):
    event = await put_on()
    await events.sign_up(event, (await people(1))[0], "k")
    staff = EventStaff(sessions, clock)
    typed = typed_of(await staff.one(event))
    clock.pass_(days=3)

    assert (await staff.change(event, typed | {"place": "体育馆"})).told == 0


async def test_an_event_that_is_called_off_tells_all_who_count_on_it(events, put_on, people, clock):
    event = await put_on(capacity=1)
    anna, boris, clara = await people(3)
    for person in (anna, boris, clara):
        await events.sign_up(event, person, "k")
    await events.cancel(event, clara)

    told = await events.cancel_event(event)

    assert [(t.person_id, t.state) for t in told] == [(anna, "registered"), (boris, "waiting")]
    assert await due(events) == [("cancelled", anna), ("cancelled", boris)]
    with pytest.raises(EventCancelled):
        await events.cancel_event(event)
    with pytest.raises(UnknownEvent):
        await events.cancel_event(event + 1)
    clock.pass_(**UNTIL_EVENING)
    assert await due(events) == [("cancelled", anna), ("cancelled", boris)]  # and no reminder of it


async def test_what_was_sent_is_not_due_again(events, elsewhere, put_on, people, clock):
    event = await put_on()
    [anna] = await people(1)
    await events.sign_up(event, anna, "k")
    clock.pass_(**UNTIL_EVENING)
    [reminder] = await events.due_reminders()

    assert await events.claim(reminder.id)
    assert await due(elsewhere) == []
    assert await elsewhere.claim(reminder.id) is False
    assert await events.sent(reminder.id)

    clock.pass_(minutes=5)
    assert await due(elsewhere) == []
    assert await elsewhere.claim(reminder.id) is False
    assert await elsewhere.sent(reminder.id) is False


async def test_what_a_worker_had_that_died_is_sent_by_the_next_under_the_same_key(
    events, elsewhere, put_on, people, clock
):
    event = await put_on()
    [anna] = await people(1)
    await events.sign_up(event, anna, "k")
    clock.pass_(**UNTIL_EVENING)
    [taken] = await events.due_reminders()
    await events.claim(taken.id)

    clock.pass_(seconds=59)
    assert await due(elsewhere) == []
    clock.pass_(seconds=1)

    [left] = await elsewhere.due_reminders()
    assert left == taken
    assert left.key == taken.key
    assert await elsewhere.claim(left.id)
    assert await elsewhere.sent(left.id)
    assert await events.sent(taken.id) is False


async def test_of_workers_that_take_the_same_at_once_one_has_it(events, elsewhere, put_on, people, clock):
    event = await put_on(capacity=None)
    for person in await people(6):
        await events.sign_up(event, person, "k")
    clock.pass_(**UNTIL_EVENING)
    ids = [reminder.id for reminder in await events.due_reminders()]
    assert len(ids) == 6

    taken = await asyncio.gather(*(worker.claim(i) for i in ids for worker in (events, elsewhere, events)))

    assert sum(taken) == 6
    assert await due(events) == []


async def test_as_many_as_asked_for_oldest_first(events, put_on, people, clock):
    event = await put_on(capacity=1)
    anna, boris = await people(2)
    for person in (anna, boris):
        await events.sign_up(event, person, "k")
    clock.pass_(minutes=1)
    await events.cancel(event, anna)
    clock.pass_(**UNTIL_EVENING)

    assert await due(events, limit=1) == [("moved_up", boris)]


async def test_a_process_that_dies_before_its_commit_leaves_neither_place_nor_message(
    events, put_on, people, sessions, standings, clock
):
    class Died(BaseException):
        pass

    class Dying:
        """Dies when all is written and nothing is committed."""

        @asynccontextmanager
        async def begin(self):
            async with sessions.begin() as db:
                yield db
                raise Died

    event = await put_on(capacity=1)
    anna, boris = await people(2)
    for person in (anna, boris):
        await events.sign_up(event, person, "k")

    with pytest.raises(Died):
        await Events(Dying(), clock).cancel(event, anna)

    assert await standings(event) == {anna: "registered", boris: "waiting"}
    async with sessions() as db:
        assert await db.scalar(select(func.count()).where(EventReminder.kind == "moved_up")) == 0
