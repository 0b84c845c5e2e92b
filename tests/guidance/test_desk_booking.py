"""Holding, confirming, moving and cancelling: once for a key, refused with the facts, nothing left behind."""

from datetime import date

import pytest
from guidance_setup import at, desk_of
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from bot.guidance.rules import (
    ANY_TOPIC,
    HoldExpired,
    ModeNotOffered,
    NoAdviser,
    Overlapping,
    Past,
    PersonLimit,
    SlotTaken,
    TooLateToChange,
    UnknownBooking,
)  # fmt: skip
from bot.guidance.tables import AdviserBusy, Booking, BookingKey, PersonBusy
from bot.guidance.views import Wanted
from bot.privacy import belongings

ANY = Wanted()


async def count(sessions, table):
    async with sessions() as db:
        return await db.scalar(select(func.count()).select_from(table))


@pytest.fixture(autouse=True)
async def zhang(hire):
    return await hire()


@pytest.fixture
async def anna(people):
    return (await people(1))[0]


@pytest.fixture
def hold(desk, slot_at, zhang):
    async def make(person, moment, key="k", adviser=None, *, mode="线下", topic="简历", **more):
        return await desk.hold(person, await slot_at(adviser or zhang, moment), mode=mode, topic=topic, key=key, **more)

    return make


async def test_what_is_held_is_nobody_else_s_and_becomes_a_booking(desk, hold, zhang, anna, people, sound):
    [boris] = await people(1)

    held = await hold(anna, at(26, 15, 30), mode="线上", asked="看看简历")

    assert (held.state, held.sequence, held.held_until, held.mode, held.topic) == (
        "held", 0, at(24, 10, 5), "线上", "简历",
    )  # fmt: skip
    assert (held.starts_at, held.ends_at, held.adviser.id) == (at(26, 15, 30), at(26, 16, 15), zhang)
    with pytest.raises(SlotTaken):
        await hold(boris, at(26, 15, 30))
    with pytest.raises(SlotTaken):
        await hold(boris, at(26, 15))
    assert await desk.mine(anna) == ()
    booked = await desk.confirm(anna, held.id, "k")
    assert (booked.state, booked.number, booked.held_until) == ("booked", held.number, None)
    assert len(booked.number) == 6
    assert await desk.mine(anna) == (booked,)
    assert await desk.booking(anna, booked.id) == booked
    await sound()


async def test_a_repeated_request_is_one_booking(desk, elsewhere, hold, anna, sessions, sound):
    held = await hold(anna, at(26, 15))
    again = await hold(anna, at(26, 15))

    first = await desk.confirm(anna, held.id, "c")
    second = await elsewhere.confirm(anna, held.id, "c")
    third = await desk.confirm(anna, held.id, "another")

    assert held == again
    assert first == second == third
    assert await count(sessions, Booking) == 1
    await sound()


async def test_a_confirm_that_comes_again_after_a_cancel_books_nothing(desk, hold, anna, sound):
    held = await hold(anna, at(26, 15))
    await desk.confirm(anna, held.id, "c")
    await desk.cancel(anna, held.id)

    assert (await desk.confirm(anna, held.id, "c")).state == "cancelled"
    with pytest.raises(UnknownBooking):
        await desk.confirm(anna, held.id, "new")
    assert await desk.mine(anna) == ()
    await sound()


async def test_a_hold_lasts_five_minutes_and_not_longer(desk, hold, anna, people, clock, sound):
    [boris] = await people(1)
    held = await hold(anna, at(26, 15))
    clock.pass_(minutes=4, seconds=59)
    with pytest.raises(SlotTaken):
        await hold(boris, at(26, 15))
    clock.pass_(seconds=1)
    assert at(26, 15) in [slot.starts_at for slot in await desk.free_slots(ANY, date(2026, 11, 26))]

    other = await hold(boris, at(26, 15))

    with pytest.raises(HoldExpired) as gone:
        await desk.confirm(anna, held.id, "c")
    assert gone.value.starts_at == at(26, 15)
    await desk.confirm(boris, other.id, "c")
    assert [b.id for b in await desk.mine(boris)] == [other.id]
    await sound()


async def test_a_hold_that_ran_out_is_taken_again_if_nobody_has_the_place(desk, hold, anna, clock, sound):
    held = await hold(anna, at(26, 15))
    clock.pass_(hours=20)

    booked = await desk.confirm(anna, held.id, "c")

    assert (booked.id, booked.state) == (held.id, "booked")
    await sound()


async def test_a_hold_that_ran_out_and_was_cleared_away_is_taken_again_too(desk, hold, anna, clock, sound):
    held = await hold(anna, at(26, 15))
    clock.pass_(minutes=6)
    await desk.tend()
    await sound()

    assert (await desk.booking(anna, held.id)).state == "expired"
    assert (await hold(anna, at(26, 15))).held_until == at(24, 10, 11)
    assert (await desk.confirm(anna, held.id, "c")).state == "booked"
    await sound()


async def test_a_hold_whose_time_has_come_cannot_be_booked(desk, hold, anna, clock):
    held = await hold(anna, at(24, 14))
    clock.pass_(hours=5)

    with pytest.raises(Past):
        await desk.confirm(anna, held.id, "c")


async def test_a_person_holds_one_time(desk, hold, anna, sessions, sound):
    first = await hold(anna, at(26, 15), "a")
    second = await hold(anna, at(26, 15, 30), "b")

    assert await count(sessions, Booking) == 1
    with pytest.raises(UnknownBooking):
        await desk.confirm(anna, first.id, "c")
    assert (await desk.confirm(anna, second.id, "c")).starts_at == at(26, 15, 30)
    await sound()


async def test_who_is_refused_another_time_keeps_what_they_held(desk, hold, anna, people, book, sound):
    [boris] = await people(1)
    await book(boris, at(26, 9))
    held = await hold(anna, at(26, 15), "a")

    with pytest.raises(SlotTaken):
        await hold(anna, at(26, 9), "b")

    assert (await desk.confirm(anna, held.id, "c")).state == "booked"
    await sound()


async def test_letting_go_leaves_no_trace(desk, hold, anna, sessions):
    held = await hold(anna, at(26, 15))

    await desk.release(anna, held.id)
    await desk.release(anna, held.id)

    for table in (Booking, BookingKey, PersonBusy, AdviserBusy):
        assert await count(sessions, table) == 0


async def test_letting_go_of_what_is_booked_or_another_s_changes_nothing(desk, hold, anna, people, book):
    [boris] = await people(1)
    booked = await book(anna, at(26, 15))
    held = await hold(boris, at(26, 9))

    await desk.release(anna, booked.id)
    await desk.release(anna, held.id)

    assert await desk.mine(anna) == (booked,)
    assert (await desk.confirm(boris, held.id, "c")).state == "booked"


async def test_a_mode_the_adviser_has_not_is_refused(desk, hire, hold, anna):
    li = await hire("李老师", modes=["线下", "线上"])

    with pytest.raises(ModeNotOffered) as refusal:
        await hold(anna, at(26, 15), adviser=li, mode="电话")

    assert (refusal.value.adviser.modes, refusal.value.mode) == (("线下", "线上"), "电话")


async def test_an_adviser_who_is_gone_is_no_more(desk, hire, slot_at, sessions, anna):
    from bot.guidance.tables import Adviser

    li = await hire("李老师")
    slot = await slot_at(li, at(26, 15))
    async with sessions.begin() as db:
        (await db.get_one(Adviser, li)).active = False

    with pytest.raises(NoAdviser):
        await desk.hold(anna, slot, mode="线下", topic=None, key="k")


async def test_a_session_without_a_topic_is_about_anything(hold, anna):
    assert (await hold(anna, at(26, 15), topic=None)).topic == ANY_TOPIC


async def test_nobody_has_two_sessions_at_one_time(desk, hire, hold, anna, book, sound):
    li = await hire("李老师")
    await book(anna, at(26, 15))

    for moment in (at(26, 14, 30), at(26, 15), at(26, 15, 30)):
        with pytest.raises(Overlapping) as refusal:
            await hold(anna, moment, adviser=li)
        assert refusal.value.starts_at == at(26, 15)
    assert (await hold(anna, at(26, 16), adviser=li)).state == "held"
    await sound()


async def test_a_person_has_no_more_sessions_than_the_settings_say(sessions, clock, hold, anna, book, desk):
    await book(anna, at(26, 15))
    await book(anna, at(2, 9, month=12))
    with pytest.raises(PersonLimit) as at_all:
        await hold(anna, at(9, 9, month=12))
    many = desk_of(sessions, clock, person_open=9, person_week=1)
    with pytest.raises(PersonLimit) as a_week:
        await book(anna, at(27, 9), desk=many)

    assert (at_all.value.limit, at_all.value.per) == (2, "open")
    assert (a_week.value.limit, a_week.value.per) == (1, "week")
    assert await book(anna, at(9, 9, month=12), desk=many)


async def test_a_hold_from_before_the_limit_was_reached_is_not_booked_beyond_it(
    sessions, clock, desk, hold, anna, book, slot_at, zhang, sound
):
    one = desk_of(sessions, clock, person_open=1)
    await book(anna, at(26, 15))
    held = await hold(anna, at(27, 9))

    with pytest.raises(PersonLimit):
        await one.confirm(anna, held.id, "c")
    await desk.cancel(anna, (await desk.mine(anna))[0].id)
    assert (await one.confirm(anna, held.id, "c")).state == "booked"
    await sound()


# -- changing ----------------------------------------------------------------------------------------------------------


async def test_a_moved_session_frees_its_old_place_and_counts_on(desk, slot_at, zhang, anna, book, people, sound):
    [boris] = await people(1)
    booked = await book(anna, at(26, 15))

    moved = await desk.move(anna, booked.id, await slot_at(zhang, at(27, 9)), "m")
    again = await desk.move(anna, booked.id, await slot_at(zhang, at(27, 9)), "m")

    assert moved == again
    assert (moved.id, moved.number, moved.sequence, moved.starts_at) == (booked.id, booked.number, 1, at(27, 9))
    assert await book(boris, at(26, 15))
    await sound()


async def test_a_session_may_move_into_its_own_time(desk, slot_at, zhang, anna, book, sound):
    booked = await book(anna, at(26, 15))

    moved = await desk.move(anna, booked.id, await slot_at(zhang, at(26, 15, 30)), "m")

    assert moved.starts_at == at(26, 15, 30)
    await sound()


async def test_moving_to_where_it_is_changes_nothing(desk, slot_at, zhang, anna, book):
    booked = await book(anna, at(26, 15))

    assert await desk.move(anna, booked.id, await slot_at(zhang, at(26, 15)), "m") == booked


async def test_a_move_to_a_place_that_is_taken_leaves_everything_as_it_was(
    desk, slot_at, zhang, anna, people, book, sound
):
    [boris] = await people(1)
    booked = await book(anna, at(26, 15))
    await book(boris, at(27, 9))

    with pytest.raises(SlotTaken):
        await desk.move(anna, booked.id, await slot_at(zhang, at(27, 9, 30)), "m")

    assert await desk.mine(anna) == (booked,)
    await sound()


async def test_moving_to_another_adviser_may_need_another_way_to_meet(desk, hire, slot_at, anna, book, sound):
    booked = await book(anna, at(26, 15))
    li = await hire("李老师", modes=["线上"])

    with pytest.raises(ModeNotOffered):
        await desk.move(anna, booked.id, await slot_at(li, at(26, 15)), "m")
    moved = await desk.move(anna, booked.id, await slot_at(li, at(26, 15)), "m", mode="线上")

    assert (moved.adviser.id, moved.mode, moved.sequence) == (li, "线上", 1)
    await sound()


async def test_a_person_at_the_limit_may_still_move(desk, slot_at, zhang, anna, book, sound):
    await book(anna, at(26, 15))
    second = await book(anna, at(27, 9))

    moved = await desk.move(anna, second.id, await slot_at(zhang, at(27, 14)), "m")

    assert moved.starts_at == at(27, 14)
    with pytest.raises(Overlapping):
        await desk.move(anna, second.id, await slot_at(zhang, at(26, 15)), "n")
    await sound()


async def test_a_cancelled_session_is_free_for_others_and_stays_cancelled(desk, anna, people, book, sound):
    [boris] = await people(1)
    booked = await book(anna, at(26, 15))

    first, second = await desk.cancel(anna, booked.id), await desk.cancel(anna, booked.id)

    assert first == second
    assert (first.state, first.sequence) == ("cancelled", 1)
    assert await desk.mine(anna) == ()
    assert await book(boris, at(26, 15))
    await sound()


async def test_two_hours_before_it_is_too_late_to_change(desk, slot_at, zhang, anna, book, clock):
    booked = await book(anna, at(24, 15))
    clock.pass_(hours=3)
    assert (await desk.set_mode(anna, booked.id, "电话")).mode == "电话"
    clock.pass_(seconds=1)

    for change in (
        desk.cancel(anna, booked.id),
        desk.set_mode(anna, booked.id, "线上"),
        desk.move(anna, booked.id, await slot_at(zhang, at(27, 9)), "m"),
    ):
        with pytest.raises(TooLateToChange) as refusal:
            await change
        assert refusal.value.until == at(24, 13)


async def test_how_to_meet_is_changed_and_counts_on(desk, hire, anna, book):
    booked = await book(anna, at(26, 15))

    changed = await desk.set_mode(anna, booked.id, "电话")

    assert (changed.mode, changed.sequence) == ("电话", 1)
    assert (await desk.set_mode(anna, booked.id, "电话")).sequence == 1
    assert (await desk.set_topic(anna, booked.id, "面试")).topic == "面试"
    await hire("李老师", modes=["线上"])
    other = await book(anna, at(27, 9), Wanted(mode="线上"))
    with pytest.raises(ModeNotOffered):
        await desk.set_mode(anna, other.id, "飞鸽")


async def test_another_s_booking_is_unknown(desk, slot_at, zhang, anna, people, book):
    [boris] = await people(1)
    booked = await book(anna, at(26, 15))

    for asking in (
        desk.confirm(boris, booked.id, "c"),
        desk.move(boris, booked.id, await slot_at(zhang, at(27, 9)), "m"),
        desk.cancel(boris, booked.id),
        desk.set_mode(boris, booked.id, "电话"),
        desk.set_topic(boris, booked.id, "面试"),
        desk.booking(boris, booked.id),
        desk.set_contact(boris, booked.id, "13800000000"),
        desk.share_history(boris, booked.id, True),
        desk.rate(boris, booked.id, 5),
    ):
        with pytest.raises(UnknownBooking):
            await asking


async def test_a_person_who_is_deleted_leaves_their_places_free(desk, anna, people, book, sessions, sound):
    [boris] = await people(1)
    booked = await book(anna, at(26, 15))
    await desk.set_contact(anna, booked.id, "13800000000")
    await desk.join_waiting(anna, date(2026, 11, 27), ANY)  # offered at once, as the day is free

    async with sessions.begin() as db:
        await belongings.remove(db, belongings.PERSON, [anna])

    assert await count(sessions, Booking) == 0
    assert await book(boris, at(26, 15))
    await sound()


# -- the database has the last word ------------------------------------------------------------------------------------


async def test_the_database_refuses_a_second_session_whoever_writes_it(sessions, zhang, anna, people, book):
    [boris] = await people(1)
    booked = await book(anna, at(26, 15))
    step = int(at(26, 15, 30).timestamp()) // 300

    for row in (
        AdviserBusy(adviser_id=zhang, place=1, step=step, booking_id=booked.id),
        PersonBusy(person_id=anna, step=step, booking_id=booked.id),
    ):
        with pytest.raises(IntegrityError):
            async with sessions.begin() as db:
                db.add(row)
    async with sessions.begin() as db:
        db.add(PersonBusy(person_id=boris, step=step, booking_id=booked.id))
        db.add(AdviserBusy(adviser_id=zhang, place=2, step=step, booking_id=booked.id))


async def test_a_place_that_somebody_writes_behind_our_back_is_refused_like_any_other(
    sessions, desk, hold, zhang, anna, people, book
):
    [boris] = await people(1)
    other = await book(boris, at(27, 9))
    async with sessions.begin() as db:
        db.add(AdviserBusy(adviser_id=zhang, place=1, step=int(at(26, 15).timestamp()) // 300, booking_id=other.id))

    with pytest.raises(SlotTaken):
        await hold(anna, at(26, 15))

    assert await count(sessions, Booking) == 1
