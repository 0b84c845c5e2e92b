"""Many at once for one place: one has it, the others hear so."""

import asyncio
from collections import Counter

import pytest
from guidance_setup import at, desk_of
from sqlalchemy import select

from bot.guidance.rules import HoldExpired, PersonLimit, SlotTaken
from bot.guidance.tables import Booking, GuidanceReminder
from bot.guidance.views import Wanted

FIFTY = 50


async def gathered(calls):
    return await asyncio.gather(*calls, return_exceptions=True)


def kinds(outcomes):
    return Counter(type(one).__name__ for one in outcomes)


async def test_of_fifty_who_confirm_one_slot_at_once_one_has_it(
    desk, elsewhere, hire, people, slot_at, clock, sessions, sound
):
    zhang = await hire()
    persons = await people(FIFTY)
    slot = await slot_at(zhang, at(26, 15))
    holds = []
    for n, person in enumerate(persons):  # one after the other: each had it for five minutes and let it run out
        holds.append(await desk.hold(person, slot, mode="线下", topic="简历", key=f"h{n}"))
        clock.pass_(minutes=5)

    outcomes = await gathered(
        (desk, elsewhere)[n % 2].confirm(person, hold.id, f"c{n}")
        for n, (person, hold) in enumerate(zip(persons, holds, strict=True))
    )

    assert kinds(outcomes) == {"BookingView": 1, "HoldExpired": FIFTY - 1}
    [winner] = [one for one in outcomes if not isinstance(one, BaseException)]
    async with sessions() as db:
        assert (await db.scalars(select(Booking.id).where(Booking.state == "booked"))).all() == [winner.id]
    near = await desk.nearest(Wanted(), at(26, 15))
    assert len(near) == 3
    assert at(26, 15) not in [slot.starts_at for slot in near]
    await sound()


async def test_of_fifty_who_hold_one_slot_at_once_one_has_it(desk, elsewhere, hire, people, slot_at, sound):
    zhang = await hire()
    persons = await people(FIFTY)
    slot = await slot_at(zhang, at(26, 15))

    async def take(n, person):
        one = (desk, elsewhere)[n % 2]
        held = await one.hold(person, slot, mode="线下", topic=None, key=f"h{n}")
        return await one.confirm(person, held.id, f"c{n}")

    outcomes = await gathered(take(n, person) for n, person in enumerate(persons))

    assert kinds(outcomes) == {"BookingView": 1, "SlotTaken": FIFTY - 1}
    await sound()


async def test_of_fifty_for_overlapping_times_of_two_places_none_is_given_twice(
    desk, elsewhere, hire, people, slot_at, sound
):
    zhang = await hire(hours="周四 14:00-17:00", at_once=2)
    slots = [await slot_at(zhang, at(26, hour, minute)) for hour, minute in ((14, 0), (14, 30), (15, 0), (15, 30))]

    outcomes = await gathered(
        (desk, elsewhere)[n % 2].hold(person, slots[n % 4], mode="线下", topic=None, key="k")
        for n, person in enumerate(await people(FIFTY))
    )

    assert set(kinds(outcomes)) == {"BookingView", "SlotTaken"}
    assert 2 <= kinds(outcomes)["BookingView"] <= 4
    await sound()


async def test_one_person_s_confirm_twenty_times_at_once_is_one_booking(
    desk, elsewhere, hire, people, slot_at, sessions, sound
):
    zhang = await hire()
    [anna] = await people(1)
    held = await desk.hold(anna, await slot_at(zhang, at(26, 15)), mode="线下", topic=None, key="k")

    outcomes = await gathered((desk, elsewhere)[n % 2].confirm(anna, held.id, "c") for n in range(20))

    assert len(set(outcomes)) == 1
    assert outcomes[0].state == "booked"
    async with sessions() as db:
        reminders = (await db.scalars(select(GuidanceReminder.kind).order_by(GuidanceReminder.kind))).all()
    assert reminders == ["day_before", "hour_before", "rate"]
    await sound()


async def test_one_person_s_hold_with_one_key_twenty_times_at_once_is_one_hold(
    desk, elsewhere, hire, people, slot_at, sessions, sound
):
    slot = await slot_at(await hire(), at(26, 15))
    [anna] = await people(1)

    outcomes = await gathered(
        (desk, elsewhere)[n % 2].hold(anna, slot, mode="线下", topic=None, key="k") for n in range(20)
    )

    assert len(set(outcomes)) == 1
    async with sessions() as db:
        assert len((await db.scalars(select(Booking.id))).all()) == 1
    await sound()


async def test_one_person_at_many_desks_at_once_does_not_pass_the_limit(
    sessions, clock, elsewhere, hire, people, slot_at, sound
):
    one = desk_of(sessions, clock)
    [anna] = await people(1)
    advisers = [await hire(f"{name}老师") for name in "赵钱孙李周吴"]
    slots = [await slot_at(adviser, at(25 + n % 3, 9 + n)) for n, adviser in enumerate(advisers[:3])]
    slots += [await slot_at(adviser, at(25 + n % 3, 14 + n)) for n, adviser in enumerate(advisers[3:])]

    async def take(n, slot):
        desk = (one, elsewhere)[n % 2]
        held = await desk.hold(anna, slot, mode="线下", topic=None, key=f"h{n}")
        return await desk.confirm(anna, held.id, f"c{n}")

    outcomes = []
    for n, slot in enumerate(slots):
        outcomes += await gathered([take(n, slot), take(n, slot)])

    assert kinds(outcomes)["BookingView"] == 4  # two bookings, each asked for twice
    assert len(await one.mine(anna)) == 2
    assert all(isinstance(o, PersonLimit) for o in outcomes if isinstance(o, BaseException))
    await sound()


async def test_two_who_move_to_one_place_at_once(desk, elsewhere, hire, people, slot_at, book, sound):
    zhang = await hire()
    anna, boris = await people(2)
    bookings = [await book(anna, at(26, 9)), await book(boris, at(26, 15))]
    there = await slot_at(zhang, at(27, 9))

    outcomes = await gathered(
        one.move(person, booking.id, there, "m")
        for one, person, booking in zip((desk, elsewhere), (anna, boris), bookings, strict=True)
    )

    assert kinds(outcomes) == {"BookingView": 1, "SlotTaken": 1}
    [kept] = [booking for booking, outcome in zip(bookings, outcomes, strict=True) if isinstance(outcome, SlotTaken)]
    assert kept in [*await desk.mine(anna), *await desk.mine(boris)]
    await sound()


async def test_confirming_while_the_adviser_takes_leave_ends_in_one_of_the_two(
    desk, elsewhere, hire, people, slot_at, sound
):
    zhang = await hire()
    [anna] = await people(1)
    held = await desk.hold(anna, await slot_at(zhang, at(26, 15)), mode="线下", topic=None, key="k")

    confirmed, called_off = await gathered(
        [desk.confirm(anna, held.id, "c"), elsewhere.adviser_leave(zhang, at(26, 0), at(27, 0))]
    )

    mine = await desk.mine(anna)
    assert mine == ()
    if isinstance(confirmed, BaseException):
        assert not isinstance(confirmed, AssertionError)
        assert called_off == ()
    else:
        assert [b.id for b in called_off] == [held.id]
    await sound()


def test_a_hold_that_is_gone_is_a_slot_that_is_taken():
    with pytest.raises(SlotTaken):
        raise HoldExpired(at(26, 15))
