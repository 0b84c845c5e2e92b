"""The queue for a full day: the first is offered what frees, for a while, then the next."""

from datetime import date

import pytest
from guidance_setup import at, desk_of
from sqlalchemy import select

from bot.guidance.rules import ClosedDay, HoldExpired, NoAdviser, Past, SlotTaken, TooFar, UnknownBooking
from bot.guidance.tables import Wait
from bot.guidance.views import Wanted

ANY = Wanted()
THURSDAY = date(2026, 11, 26)


@pytest.fixture
async def full(hire, people, book):
    """An adviser with one time on Thursday, and who has it."""
    await hire(hours="周四 15:00-16:00")
    [owner] = await people(1)
    return owner, await book(owner, at(26, 15))


async def told(desk):
    return [(r.kind, r.person_id, r.wait_id) for r in await desk.due_reminders()]


async def test_those_who_wait_know_their_place(desk, full, people):
    anna, boris = await people(2)

    first, second = await desk.join_waiting(anna, THURSDAY, ANY), await desk.join_waiting(boris, THURSDAY, ANY)

    assert [(w.state, w.position, w.offer) for w in (first, second)] == [("waiting", 1, None), ("waiting", 2, None)]
    assert await desk.join_waiting(anna, THURSDAY, Wanted(topic="面试")) == first
    assert await desk.waits(boris) == (second,)
    await desk.leave_waiting(anna, first.id)
    await desk.leave_waiting(anna, first.id)
    assert [w.position for w in await desk.waits(boris)] == [1]
    assert await desk.waits(anna) == ()


async def test_a_place_that_frees_is_offered_to_the_first_and_is_theirs_alone(desk, full, people, slot_at, sound):
    owner, booking = full
    anna, boris = await people(2)
    wait = await desk.join_waiting(anna, THURSDAY, Wanted(topic="简历", mode="电话"))
    await desk.join_waiting(boris, THURSDAY, ANY)

    await desk.cancel(owner, booking.id)

    [offered] = await desk.waits(anna)
    assert (offered.state, offered.position, offered.offer.starts_at) == ("offered", 0, at(26, 15))
    assert (offered.offer.state, offered.offer.mode, offered.offer.topic) == ("held", "电话", "简历")
    assert offered.offer.held_until == at(24, 10, 30)
    assert await told(desk) == [("place_offered", anna, wait.id)]
    with pytest.raises(SlotTaken):
        await desk.hold(boris, await slot_at(1, at(26, 15)), mode="线下", topic=None, key="k")
    booked = await desk.accept_offer(anna, wait.id, "a")
    assert booked == await desk.accept_offer(anna, wait.id, "a")
    assert await desk.mine(anna) == (booked,)
    assert await desk.waits(anna) == ()
    assert [w.position for w in await desk.waits(boris)] == [1]
    await sound()


async def test_an_offer_that_is_not_taken_goes_to_the_next(desk, full, people, clock, sound):
    owner, booking = full
    anna, boris = await people(2)
    waits = [await desk.join_waiting(person, THURSDAY, ANY) for person in (anna, boris)]
    await desk.cancel(owner, booking.id)
    clock.pass_(minutes=30)
    assert await desk.waits(anna) == ()

    await desk.tend()

    assert await told(desk) == [("place_offered", boris, waits[1].id)]
    with pytest.raises(HoldExpired):
        await desk.accept_offer(anna, waits[0].id, "a")
    assert (await desk.accept_offer(boris, waits[1].id, "b")).starts_at == at(26, 15)
    await sound()


async def test_who_turns_an_offer_down_passes_it_on_at_once(desk, full, people, sound):
    owner, booking = full
    anna, boris = await people(2)
    waits = [await desk.join_waiting(person, THURSDAY, ANY) for person in (anna, boris)]
    await desk.cancel(owner, booking.id)

    await desk.leave_waiting(anna, waits[0].id)

    assert await told(desk) == [("place_offered", boris, waits[1].id)]
    with pytest.raises(UnknownBooking):
        await desk.accept_offer(anna, waits[0].id, "a")
    await sound()


async def test_an_offer_nobody_else_wanted_can_still_be_had_when_it_ran_out(desk, full, people, clock, sound):
    owner, booking = full
    [anna] = await people(1)
    wait = await desk.join_waiting(anna, THURSDAY, ANY)
    await desk.cancel(owner, booking.id)
    clock.pass_(minutes=31)
    await desk.tend()

    assert (await desk.accept_offer(anna, wait.id, "a")).state == "booked"
    await sound()


async def test_who_wants_something_else_is_passed_over_and_keeps_their_place(desk, full, people, hire, sound):
    owner, booking = full
    li = await hire("李老师", hours="周五 9:00-10:00", topics=["创业"])
    anna, boris, clara = await people(3)
    await desk.join_waiting(anna, THURSDAY, Wanted(adviser_id=1, mode="线上"))
    with pytest.raises(ClosedDay):
        await desk.join_waiting(boris, THURSDAY, Wanted(adviser_id=li))
    await desk.join_waiting(boris, date(2026, 11, 27), Wanted(adviser_id=li))
    await desk.join_waiting(clara, THURSDAY, ANY)

    await desk.adviser_leave(1, at(27, 0), at(28, 0))  # another day: nothing frees here
    await desk.cancel(owner, booking.id)

    assert [w.state for w in await desk.waits(anna)] == ["offered"]
    assert [w.state for w in await desk.waits(clara)] == ["waiting"]
    await sound()


async def test_who_has_enough_or_is_busy_then_is_passed_over(sessions, clock, desk, full, people, hire, book, sound):
    owner, booking = full
    anna, boris, clara = await people(3)
    for person in (anna, boris, clara):
        await desk.join_waiting(person, THURSDAY, Wanted(adviser_id=1))
    li = await hire("李老师")
    await book(anna, at(25, 9), Wanted(adviser_id=li))
    await book(anna, at(25, 14), Wanted(adviser_id=li))
    await book(boris, at(26, 14, 30), Wanted(adviser_id=li))

    await desk.cancel(owner, booking.id)

    assert [[w.state for w in await desk.waits(person)] for person in (anna, boris, clara)] == [
        ["waiting"], ["waiting"], ["offered"],
    ]  # fmt: skip
    await sound()


async def test_a_queue_for_a_day_with_room_offers_at_once(desk, hire, people, sound):
    await hire(hours="周四 15:00-16:00")
    anna, boris = await people(2)

    wait = await desk.join_waiting(anna, THURSDAY, ANY)

    assert (wait.state, wait.offer.starts_at) == ("offered", at(26, 15))
    assert (await desk.join_waiting(boris, THURSDAY, ANY)).state == "waiting"
    await sound()


@pytest.mark.parametrize("freed", ["move", "hold_runs_out", "release", "extra_hours", "leave_over"])
async def test_whatever_frees_a_place_offers_it(desk, full, people, clock, slot_at, hire, sessions, freed, sound):
    owner, booking = full
    [anna, boris] = await people(2)
    if freed in ("hold_runs_out", "release"):
        await desk.cancel(owner, booking.id)
        held = await desk.hold(boris, await slot_at(1, at(26, 15)), mode="线下", topic=None, key="k")
    await desk.join_waiting(anna, THURSDAY, ANY)
    assert [w.state for w in await desk.waits(anna)] == ["waiting"]

    if freed == "move":
        await desk.move(owner, booking.id, await slot_at(1, at(3, 15, month=12)), "m")
    elif freed == "hold_runs_out":
        clock.pass_(minutes=5)
        await desk.tend()
    elif freed == "release":
        await desk.release(boris, held.id)
    elif freed == "extra_hours":
        await desk.extra_hours(1, THURSDAY, 18 * 60, 19 * 60)
    else:
        li = await hire("李老师", hours="周四 10:00-11:00")
        await desk.tend()
        assert (await desk.waits(anna))[0].offer.adviser.id == li

    assert [w.state for w in await desk.waits(anna)] == ["offered"]
    await sound()


async def test_who_was_offered_a_place_that_leave_takes_away_waits_on_where_they_were(desk, full, people, hire, sound):
    owner, booking = full
    anna, boris = await people(2)
    for person in (anna, boris):
        await desk.join_waiting(person, THURSDAY, ANY)
    await desk.cancel(owner, booking.id)

    await desk.adviser_leave(1, at(26, 0), at(27, 0))

    assert [[(w.state, w.position) for w in await desk.waits(person)] for person in (anna, boris)] == [
        [("waiting", 1)], [("waiting", 2)],
    ]  # fmt: skip
    assert await told(desk) == []
    await hire("李老师", hours="周四 10:00-11:00")
    await desk.tend()
    assert (await desk.waits(anna))[0].offer.starts_at == at(26, 10)
    await sound()


async def test_a_queue_ends_with_its_day(desk, full, people, clock, sessions):
    [anna] = await people(1)
    await desk.join_waiting(anna, THURSDAY, ANY)
    clock.pass_(days=3)

    assert await desk.waits(anna) == ()
    await desk.tend()
    async with sessions() as db:
        assert (await db.scalars(select(Wait.state))).all() == ["over"]


async def test_one_waits_only_for_days_on_which_somebody_advises(desk, full, people):
    [anna] = await people(1)

    for day, wanted, refusal in (
        (date(2026, 11, 27), ANY, ClosedDay),
        (date(2026, 11, 19), ANY, Past),
        (date(2026, 12, 31), ANY, TooFar),
        (THURSDAY, Wanted(topic="创业"), NoAdviser),
    ):
        with pytest.raises(refusal):
            await desk.join_waiting(anna, day, wanted)


async def test_another_s_place_in_the_queue_is_unknown(desk, full, people):
    anna, boris = await people(2)
    wait = await desk.join_waiting(anna, THURSDAY, ANY)

    for asking in (desk.leave_waiting(boris, wait.id), desk.accept_offer(boris, wait.id, "a")):
        with pytest.raises(UnknownBooking):
            await asking
    with pytest.raises(UnknownBooking):
        await desk.accept_offer(anna, wait.id, "a")  # nothing is offered yet


async def test_how_long_an_offer_stands_is_a_setting(sessions, clock, full, people):
    owner, booking = full
    desk = desk_of(sessions, clock, offer_minutes=90)
    [anna] = await people(1)
    await desk.join_waiting(anna, THURSDAY, ANY)

    await desk.cancel(owner, booking.id)

    assert (await desk.waits(anna))[0].offer.held_until == at(24, 11, 30)
