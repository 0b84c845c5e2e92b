"""What is free, and the reason where nothing is."""

from datetime import date, timedelta

import pytest
from guidance_setup import at, desk_of

from bot.clock import SHANGHAI
from bot.guidance.rules import (
    ClosedDay,
    DayFull,
    NoAdviser,
    OffGrid,
    OutsideHours,
    Past,
    SlotTaken,
    TooFar,
    TooSoon,
)  # fmt: skip
from bot.guidance.views import Wanted

ANY = Wanted()


def clock_times(slots):
    return [f"{slot.starts_at.astimezone(SHANGHAI):%H:%M}" for slot in slots]


async def test_a_day_s_free_times_begin_with_the_hours_and_at_each_half_hour(desk, hire):
    await hire(hours="周三 8:40-10:45，14:00-16:00")

    slots = await desk.free_slots(ANY, date(2026, 11, 25))

    assert clock_times(slots) == ["08:40", "09:00", "09:30", "10:00", "14:00", "14:30", "15:00"]
    assert slots[0].minutes == 45
    assert slots[0].starts_at == at(25, 8, 40)


async def test_a_booked_session_takes_its_time_and_the_buffer_on_both_sides(desk, hire, people, book):
    await hire()
    [anna] = await people(1)
    await book(anna, at(25, 15))

    assert clock_times(await desk.free_slots(ANY, date(2026, 11, 25))) == [
        "09:00", "09:30", "10:00", "10:30", "11:00", "14:00", "16:00", "16:30",
    ]  # fmt: skip


async def test_an_adviser_who_sees_two_at_once_has_a_second_place(desk, hire, people, book):
    await hire(at_once=2)
    anna, boris = await people(2)
    await book(anna, at(25, 15))

    assert "15:00" in clock_times(await desk.free_slots(ANY, date(2026, 11, 25)))
    await book(boris, at(25, 14, 30))
    assert "15:00" not in clock_times(await desk.free_slots(ANY, date(2026, 11, 25)))


async def test_of_each_time_the_adviser_with_the_fewest_sessions_that_day(desk, hire, people, book):
    zhang, li = await hire("张老师"), await hire("李老师")
    [anna] = await people(1)
    assert (await desk.check(ANY, at(25, 15))).adviser.id == zhang

    await book(anna, at(25, 9))

    assert {slot.adviser.id for slot in await desk.free_slots(ANY, date(2026, 11, 25))} == {li}
    assert {slot.adviser.id for slot in await desk.free_slots(ANY, date(2026, 11, 26))} == {zhang}


async def test_topic_mode_and_adviser_narrow(desk, hire):
    zhang = await hire("张老师", topics=["简历"], modes=["线下"])
    li = await hire("李老师", topics=["简历", "创业"], modes=["线上"])
    await hire("王老师", active=False)

    assert [a.id for a in await desk.advisers()] == [zhang, li]
    assert [a.id for a in await desk.advisers(Wanted(topic="创业"))] == [li]
    assert [a.id for a in await desk.advisers(Wanted(mode="线下"))] == [zhang]
    assert (await desk.check(Wanted(mode="线上"), at(25, 9))).adviser.id == li
    with pytest.raises(NoAdviser) as refusal:
        await desk.check(Wanted(topic="创业", mode="线下"), at(25, 9))
    assert refusal.value.wanted == Wanted(topic="创业", mode="线下")


async def test_free_days_skip_closed_and_full_ones_and_count_the_times(desk, hire, people, book):
    await hire(hours="周二、周四 9:00-10:00；周六 9:00-10:30")
    [anna] = await people(1)
    await book(anna, at(26, 9))

    days = await desk.free_days(ANY, first=date(2026, 11, 24), count=3)

    assert days == ((date(2026, 11, 28), 2), (date(2026, 12, 1), 1), (date(2026, 12, 3), 1))
    assert await desk.free_days(ANY, first=date(2026, 12, 25)) == ()
    assert await desk.free_days(Wanted(topic="创业"), first=date(2026, 11, 24)) == ()


async def test_the_window_of_what_can_be_booked(desk, hire, clock):
    await hire(hours="每天 9:00-21:00")

    with pytest.raises(Past):
        await desk.check(ANY, at(24, 10))
    with pytest.raises(TooSoon) as soon:
        await desk.check(ANY, at(24, 11, 30))
    assert soon.value.earliest == at(24, 12)
    assert await desk.check(ANY, at(24, 12))
    assert await desk.check(ANY, at(24, 12, month=12))
    with pytest.raises(TooFar) as far:
        await desk.check(ANY, at(25, 9, month=12))
    assert far.value.latest == date(2026, 12, 24)
    with pytest.raises(Past):
        await desk.check_day(ANY, date(2026, 11, 23))
    with pytest.raises(TooFar):
        await desk.check_day(ANY, date(2026, 12, 25))
    clock.pass_(hours=9, minutes=30)
    with pytest.raises(TooSoon):
        await desk.check_day(ANY, date(2026, 11, 24))


async def test_a_closed_day_says_why(sessions, clock, hire, desk):
    zhang = await hire()
    far = desk_of(sessions, clock, furthest_days=300)

    with pytest.raises(ClosedDay) as saturday:
        await far.check(ANY, at(28, 9))
    with pytest.raises(ClosedDay) as new_year:
        await far.check_day(ANY, date(2027, 1, 1))
    await desk.adviser_leave(zhang, at(25, 0), at(26, 0))
    with pytest.raises(ClosedDay) as leave:
        await far.check(ANY, at(25, 9))

    assert (saturday.value.reason, new_year.value.reason, leave.value.reason) == ("周六", "元旦", "老师请假")


async def test_outside_the_hours_the_hours_are_told_and_between_the_beginnings_how_often_they_are(desk, hire):
    await hire("张老师", hours="周三 9:00-12:00")
    await hire("李老师", hours="周三 11:00-12:30，14:00-17:30")

    for moment in (at(25, 13), at(25, 8, 30), at(25, 17)):
        with pytest.raises(OutsideHours) as refusal:
            await desk.check(ANY, moment)
        assert (refusal.value.day, refusal.value.hours) == (date(2026, 11, 25), "9:00-12:30、14:00-17:30")
    with pytest.raises(OffGrid) as between:
        await desk.check(ANY, at(25, 9, 10))
    assert (between.value.every, between.value.starts_at) == (30, at(25, 9, 10))


async def test_taken_and_full(desk, hire, people, book):
    await hire(hours="周三 9:00-11:00")
    anna, boris = await people(2)
    await book(anna, at(25, 9))

    with pytest.raises(SlotTaken):
        await desk.check(ANY, at(25, 9))
    await book(boris, at(25, 10))
    for asking in (desk.check(ANY, at(25, 9)), desk.check_day(ANY, date(2026, 11, 25))):
        with pytest.raises(DayFull) as full:
            await asking
        assert full.value.day == date(2026, 11, 25)
    assert await desk.free_slots(ANY, date(2026, 11, 25)) == ()


async def test_the_nearest_free_times_are_on_both_sides(desk, hire, people, book):
    await hire(hours="周三 9:00-12:00；周四 9:00-10:00")
    [anna] = await people(1)
    await book(anna, at(25, 10))

    near = await desk.nearest(ANY, at(25, 10), 3)

    assert [slot.starts_at for slot in near] == [at(25, 9), at(25, 11), at(26, 9)]
    assert await desk.nearest(Wanted(topic="创业"), at(25, 10)) == ()


async def test_an_adviser_gives_no_more_sessions_a_day_and_a_week_than_the_settings_say(sessions, clock, hire, people):
    await hire(hours="每天 9:00-18:00")
    desk = desk_of(sessions, clock, adviser_day=2, adviser_week=3, person_open=9, person_week=9)
    [anna] = await people(1)

    async def take(moment):
        slot = await desk.check(ANY, moment)
        await desk.confirm(
            anna, (await desk.hold(anna, slot, mode="线下", topic=None, key=f"{moment}")).id, f"{moment}"
        )

    await take(at(25, 9))
    await take(at(25, 12))
    with pytest.raises(DayFull):
        await desk.check(ANY, at(25, 15))
    await take(at(26, 9))
    with pytest.raises(DayFull):
        await desk.check(ANY, at(29, 9))
    assert await desk.check(ANY, at(30, 9))


async def test_a_time_in_the_zone_of_anybody_is_the_same_time(desk, hire):
    await hire()

    assert (await desk.check(ANY, at(25, 9).astimezone(SHANGHAI))).starts_at == at(25, 9)
    assert (await desk.check(ANY, at(25, 9))).starts_at.utcoffset() == timedelta(0)


async def test_extra_hours_open_a_day_that_is_closed(desk, hire):
    zhang = await hire()
    await desk.extra_hours(zhang, date(2026, 11, 28), 9 * 60, 10 * 60)

    assert clock_times(await desk.check_day(ANY, date(2026, 11, 28))) == ["09:00"]
