"""What people are told unasked: once, in time, and only while it is true."""

import asyncio
from contextlib import asynccontextmanager
from datetime import date

import pytest
from guidance_setup import at, desk_of
from sqlalchemy import func, select

from bot.guidance.tables import Booking, GuidanceReminder
from bot.guidance.views import Wanted
from bot.privacy import belongings

ANY = Wanted()


@pytest.fixture(autouse=True)
async def zhang(hire):
    return await hire()


@pytest.fixture
async def anna(people):
    return (await people(1))[0]


async def due(desk, **kwargs):
    return [(r.kind, r.person_id) for r in await desk.due_reminders(**kwargs)]


async def test_a_day_and_an_hour_before_and_a_while_after(desk, anna, book, clock):
    booked = await book(anna, at(26, 15))

    clock.now = at(25, 14, 59)
    assert await due(desk) == []
    clock.now = at(25, 15)
    [first] = await desk.due_reminders()
    assert (first.kind, first.person_id, first.booking, first.wait_id) == ("day_before", anna, booked, None)
    await desk.sent(first.id)
    clock.now = at(26, 13, 59)
    assert await due(desk) == []
    clock.now = at(26, 14)
    [second] = await desk.due_reminders()
    assert second.kind == "hour_before"
    assert second.key != first.key
    await desk.sent(second.id)
    clock.now = at(26, 16, 14)
    assert await due(desk) == []
    clock.now = at(26, 16, 15)
    assert await due(desk) == [("rate", anna)]


async def test_what_is_held_is_not_reminded_of(desk, anna, slot_at, zhang, clock):
    await desk.hold(anna, await slot_at(zhang, at(26, 15)), mode="线下", topic=None, key="k")
    clock.now = at(26, 14)

    assert await due(desk) == []


async def test_who_books_within_the_day_is_reminded_the_hour_before_only(desk, anna, book, clock):
    await book(anna, at(24, 14))

    clock.now = at(24, 13)
    assert await due(desk) == [("hour_before", anna)]


async def test_a_reminder_that_comes_too_late_is_left_out(desk, anna, book, clock):
    await book(anna, at(26, 15))

    clock.now = at(26, 14)
    assert await due(desk) == [("hour_before", anna)]
    clock.now = at(26, 15)
    assert await due(desk) == []
    clock.now = at(29, 16)
    assert await due(desk) == []


async def test_a_moved_session_is_reminded_of_at_its_new_time(desk, anna, book, slot_at, zhang, clock):
    booked = await book(anna, at(26, 15))
    clock.now = at(25, 15)
    [early] = await desk.due_reminders()
    await desk.sent(early.id)

    await desk.move(anna, booked.id, await slot_at(zhang, at(30, 15)), "m")

    clock.now = at(26, 14)
    assert await due(desk) == []
    clock.now = at(29, 15)
    assert await due(desk) == [("day_before", anna)]
    assert (await desk.due_reminders())[0].booking.starts_at == at(30, 15)


async def test_nobody_is_told_what_is_no_longer_true(desk, anna, people, book, clock, sessions):
    [boris] = await people(1)
    first, second = await book(anna, at(26, 15)), await book(boris, at(26, 9))
    clock.now = at(25, 15)
    [reminder] = [r for r in await desk.due_reminders() if r.person_id == anna]
    await desk.cancel(anna, first.id)

    assert await desk.claim(reminder.id) is False
    assert await desk.sent(reminder.id) is False
    async with sessions.begin() as db:
        await belongings.remove(db, belongings.PERSON, [boris])
    assert await due(desk) == []
    assert second.state == "booked"


async def test_an_adviser_s_leave_tells_everybody_booked(desk, anna, people, book, clock, zhang, slot_at):
    boris, clara = await people(2)
    for person, moment in ((anna, at(26, 15)), (boris, at(26, 9)), (clara, at(27, 9))):
        await book(person, moment)

    await desk.adviser_leave(zhang, at(26, 0), at(27, 0))

    assert await due(desk) == [("cancelled_by_adviser", boris), ("cancelled_by_adviser", anna)]
    [first, _] = await desk.due_reminders()
    assert (first.booking.state, first.booking.sequence) == ("cancelled", 1)
    clock.now = at(26, 12)
    assert ("cancelled_by_adviser", boris) not in await due(desk)  # its time has passed
    assert ("day_before", clara) in await due(desk)


async def test_a_session_that_staff_move_is_told_of_once_whatever_they_try(desk, anna, book, slot_at, zhang):
    booked = await book(anna, at(26, 15))

    await desk.reschedule(booked.id, await slot_at(zhang, at(27, 9)))
    moved = await desk.reschedule(booked.id, await slot_at(zhang, at(27, 10)))

    [reminder] = await desk.due_reminders()
    assert (reminder.kind, reminder.booking) == ("moved", moved)
    assert moved.sequence == 2


async def test_an_offer_is_told_of_only_while_it_stands(desk, anna, people, clock):
    wait = await desk.join_waiting(anna, date(2026, 11, 26), ANY)

    assert [(r.kind, r.wait_id) for r in await desk.due_reminders()] == [("place_offered", wait.id)]
    clock.pass_(minutes=30)
    assert await due(desk) == []


async def test_who_did_not_come_or_has_rated_is_not_asked_to_rate(desk, anna, people, book, clock):
    boris, clara = await people(2)
    bookings = [await book(p, at(26, h)) for p, h in ((anna, 9), (boris, 10), (clara, 11))]
    clock.now = at(26, 12, 30)
    await desk.no_show(bookings[0].id)
    await desk.outcome(bookings[1].id, "看了简历", "改一页", "下周再看", by="张老师")
    await desk.rate(clara, bookings[2].id, 5)

    assert await due(desk) == [("rate", boris)]


# -- once --------------------------------------------------------------------------------------------------------------


async def test_what_was_sent_is_not_due_again(desk, elsewhere, anna, book, clock):
    await book(anna, at(26, 15))
    clock.now = at(25, 15)
    [reminder] = await desk.due_reminders()

    assert await desk.claim(reminder.id)
    assert await due(elsewhere) == []
    assert await elsewhere.claim(reminder.id) is False
    assert await desk.sent(reminder.id)

    clock.pass_(minutes=5)
    assert await due(elsewhere) == []
    assert await elsewhere.claim(reminder.id) is False
    assert await elsewhere.sent(reminder.id) is False


async def test_what_a_worker_had_that_died_is_sent_by_the_next_under_the_same_key(desk, elsewhere, anna, book, clock):
    await book(anna, at(26, 15))
    clock.now = at(25, 15)
    [taken] = await desk.due_reminders()
    await desk.claim(taken.id)

    clock.pass_(seconds=59)
    assert await due(elsewhere) == []
    clock.pass_(seconds=1)

    [left] = await elsewhere.due_reminders()
    assert (left, left.key) == (taken, taken.key)
    assert await elsewhere.claim(left.id)
    assert await elsewhere.sent(left.id)
    assert await desk.sent(taken.id) is False


async def test_of_workers_that_take_the_same_at_once_one_has_it(sessions, desk, elsewhere, people, book, hire, clock):
    await hire("李老师", at_once=5)
    for person in await people(6):
        await book(person, at(26, 15))
    clock.now = at(25, 15)
    ids = [reminder.id for reminder in await desk.due_reminders()]
    assert len(ids) == 6

    taken = await asyncio.gather(*(worker.claim(i) for i in ids for worker in (desk, elsewhere, desk)))

    assert sum(taken) == 6
    assert await due(desk) == []


async def test_no_key_is_ever_used_for_two_messages(desk, anna, book, slot_at, zhang, clock):
    """A message store that knows the key keeps the second one out: it would never be sent."""
    booked = await book(anna, at(26, 15))
    clock.now = at(25, 15)
    first = (await desk.due_reminders())[0]
    keys = {first.key}
    for n in range(3):
        await desk.move(anna, booked.id, await slot_at(zhang, at(26, 9 + n)), f"m{n}")
    await desk.move(anna, booked.id, await slot_at(zhang, at(27, 9)), "last")
    clock.now = at(26, 9)

    [second] = await desk.due_reminders()

    assert second.key not in keys


async def test_a_process_that_dies_before_its_commit_leaves_neither_booking_nor_message(
    desk, anna, slot_at, zhang, sessions, clock, sound
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

    held = await desk.hold(anna, await slot_at(zhang, at(26, 15)), mode="线下", topic=None, key="k")

    with pytest.raises(Died):
        await desk_of(Dying(), clock).confirm(anna, held.id, "c")

    async with sessions() as db:
        assert (await db.scalars(select(Booking.state))).all() == ["held"]
        assert await db.scalar(select(func.count()).select_from(GuidanceReminder)) == 0
    assert (await desk.confirm(anna, held.id, "c")).state == "booked"
    await sound()


async def test_as_many_as_asked_for_oldest_first(desk, anna, people, book, clock):
    [boris] = await people(1)
    await book(anna, at(26, 15))
    await book(boris, at(26, 9))
    clock.now = at(25, 15)

    assert await due(desk, limit=1) == [("day_before", boris)]
