"""Holidays by name, against the calendar the State Council published."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from chinese_calendar import Holiday

from bot.text.times.holidays import NAMES, STATUTORY, days_off, holiday, lunar_day, next_statutory

PUBLISHED = {
    "元旦": Holiday.new_years_day,
    "春节": Holiday.spring_festival,
    "清明": Holiday.tomb_sweeping_day,
    "劳动节": Holiday.labour_day,
    "端午": Holiday.dragon_boat_festival,
    "国庆": Holiday.national_day,
    "中秋": Holiday.mid_autumn_festival,
}


def _published(name: str, year: int) -> list[date]:
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]
    return [day for day in days if chinese_calendar.get_holiday_detail(day) == (True, PUBLISHED[name].value)]


@pytest.mark.parametrize("year", [2025, 2026])
@pytest.mark.parametrize("name", STATUTORY)
def test_every_holiday_lies_in_its_published_days_off(name, year):
    assert holiday(name, year) in _published(name, year)


@pytest.mark.parametrize("name", STATUTORY)
def test_the_first_day_back_is_the_published_one(name):
    first, last = days_off(name, 2026)

    assert last == max(_published(name, 2026))
    assert first <= holiday(name, 2026) <= last
    assert chinese_calendar.is_workday(last + timedelta(days=1))


def test_new_moons_about_midnight_are_counted_in_beijing():
    assert holiday("春节", 2027) == date(2027, 2, 6)
    assert holiday("春节", 2030) == date(2030, 2, 3)


@pytest.mark.parametrize("year", range(2025, 2036))
def test_the_lunar_year_s_days_fit_together(year):
    spring, lantern = holiday("春节", year), holiday("元宵", year)

    assert lantern - spring == timedelta(days=14)
    assert spring - lunar_day("腊", 1, year) in (timedelta(days=29), timedelta(days=30))
    assert timedelta(days=117) <= holiday("端午", year) - spring <= timedelta(days=154)
    assert holiday("中秋", year) - holiday("端午", year) >= timedelta(days=96)
    assert timedelta(days=23) <= holiday("重阳", year) - holiday("中秋", year) <= timedelta(days=25 + 30)


@pytest.mark.parametrize("name", NAMES)
def test_every_name_has_a_day(name):
    assert holiday(name, 2026) is not None


def test_beyond_the_table_there_is_no_lunar_day():
    assert holiday("春节", 2050) is None
    assert days_off("中秋", 2050) is None
    assert lunar_day("正", 31, 2026) is None


def test_the_next_statutory_holiday_counts_while_it_lasts():
    assert next_statutory(date(2026, 10, 3)) == "国庆"
    assert next_statutory(date(2026, 10, 8)) == "元旦"
