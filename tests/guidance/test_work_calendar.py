"""Holidays, worked weekends, and the years nobody has announced yet."""

import logging
from datetime import date

import pytest
from guidance_setup import at, desk_of

from bot.guidance.calendar import WorkCalendar
from bot.guidance.rules import ClosedDay
from bot.guidance.views import Wanted


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 10, 1), "国庆节"),
        (date(2026, 10, 7), "国庆节"),
        (date(2026, 10, 8), None),
        (date(2026, 2, 15), "春节"),
        (date(2026, 1, 2), "元旦"),
        (date(2026, 9, 25), "中秋"),
        (date(2026, 11, 28), None),
        (date(2025, 10, 6), "中秋"),
    ],
)
def test_days_off_have_a_name(day, name):
    assert WorkCalendar().closed(day) == name


@pytest.mark.parametrize(
    ("day", "weekday", "works"),
    [
        (date(2026, 9, 20), 2, True),  # Sunday, for Tuesday the 6th of October
        (date(2026, 10, 10), 3, True),  # Saturday, for Wednesday the 7th
        (date(2026, 1, 4), 5, True),
        (date(2026, 11, 28), 6, False),
        (date(2026, 11, 24), 2, True),
        (date(2026, 10, 6), 2, False),
    ],
)
def test_a_weekend_that_is_worked_has_the_weekday_it_makes_up_for(day, weekday, works):
    calendar = WorkCalendar()

    assert (calendar.weekday(day), calendar.is_workday(day)) == (weekday, works)


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2031, 1, 1), "元旦"),
        (date(2031, 1, 2), None),
        (date(2031, 1, 22), "春节"),
        (date(2031, 1, 25), "春节"),
        (date(2031, 1, 26), None),
        (date(2031, 5, 2), "劳动节"),
        (date(2031, 6, 24), "端午"),
        (date(2031, 10, 3), "国庆节"),
        (date(2031, 10, 4), None),
        (date(2099, 10, 1), "国庆节"),
    ],
)
def test_in_years_without_an_announcement_the_days_by_law_are_off(day, name):
    assert WorkCalendar().closed(day) == name


def test_the_log_says_once_that_a_year_is_not_known(caplog):
    calendar = WorkCalendar()
    with caplog.at_level(logging.WARNING):
        for day in (date(2031, 1, 1), date(2031, 7, 1), date(2026, 7, 1), date(2032, 7, 1)):
            calendar.closed(day)

    assert [record.args for record in caplog.records] == [(2031,), (2032,)]


async def test_nobody_advises_on_a_holiday_and_a_worked_saturday_has_a_weekday_s_hours(sessions, clock, hire):
    await hire("张老师", hours="周三 9:00-10:00；周四 9:00-10:00；周六 14:00-15:00")
    desk = desk_of(sessions, clock)
    clock.now = at(24, 10, month=9)

    with pytest.raises(ClosedDay) as closed:
        await desk.check(Wanted(), at(1, 9, month=10))
    assert closed.value.reason == "国庆节"
    assert [slot.starts_at for slot in await desk.free_slots(Wanted(), date(2026, 10, 10))] == [at(10, 9, month=10)]
    assert [slot.starts_at for slot in await desk.free_slots(Wanted(), date(2026, 10, 17))] == [at(17, 14, month=10)]
