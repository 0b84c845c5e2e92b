"""Which days are meant, and how two periods compare."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.figures.rules import BadPeriod, Moved, Period, asked_for, change, month_of, movers, named, percentile

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("name", "first", "last"),
    [
        ("today", date(2026, 11, 24), date(2026, 11, 24)),
        ("week", date(2026, 11, 18), date(2026, 11, 24)),
        ("month", date(2026, 10, 26), date(2026, 11, 24)),
        ("this-month", date(2026, 11, 1), date(2026, 11, 24)),
        ("last-month", date(2026, 10, 1), date(2026, 10, 31)),
        ("quarter", date(2026, 8, 27), date(2026, 11, 24)),
    ],
)
def test_a_period_with_a_name_ends_today_or_with_its_month(name, first, last):
    assert named(name, TODAY) == Period(first, last)


def test_a_day_begins_at_midnight_in_datong():
    period = Period(date(2026, 6, 8), date(2026, 6, 9))

    assert period.begins == datetime(2026, 6, 7, 16, tzinfo=UTC)
    assert period.ends == datetime(2026, 6, 9, 16, tzinfo=UTC)


def test_a_whole_month_is_compared_with_the_month_before_and_anything_else_with_as_many_days():
    assert month_of(date(2026, 3, 5)).before == Period(date(2026, 2, 1), date(2026, 2, 28))
    assert Period(date(2026, 3, 2), date(2026, 3, 4)).before == Period(date(2026, 2, 27), date(2026, 3, 1))


def test_a_period_is_said_as_people_say_it():
    assert month_of(date(2026, 10, 9)).spoken() == "2026年10月"
    assert Period(TODAY, TODAY).spoken() == "2026年11月24日"
    assert Period(date(2026, 12, 30), date(2027, 1, 2)).spoken() == "2026年12月30日至2027年1月2日"


def test_an_address_asks_by_name_or_by_days():
    assert asked_for({}, TODAY) == named("week", TODAY)
    assert asked_for({"period": "today"}, TODAY).days == 1
    assert asked_for({"from": "2026-11-01", "to": "2026-11-03"}, TODAY).days == 3
    assert asked_for({"from": "2026-11-01"}, TODAY).days == 1


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"period": "<b>"}, "没有“<b>”这个时段"),
        ({"from": "2026-13-01"}, "开始日期“2026-13-01”看不懂"),
        ({"from": "2026-11-05", "to": "2026-11-01"}, "请对调"),
        ({"from": "2016-11-05", "to": "2026-11-01"}, "最多看三年"),
    ],
)
def test_what_makes_no_period_is_refused_in_words(given, words):
    with pytest.raises(BadPeriod, match=words):
        asked_for(given, TODAY)


def test_percentiles_are_those_of_the_single_values():
    values = [5, 7, 7, 7, 9, 20, 20, 31, 40, 1000]
    counts = sorted({value: values.count(value) for value in values}.items())

    assert percentile(counts, 0.5) == 9
    assert percentile(counts, 0.95) == 1000
    assert percentile(counts, 0.1) == 5
    assert percentile([], 0.5) is None


def test_a_change_is_said_in_a_few_characters():
    assert [change(12, 10), change(5, 10), change(3, 3), change(4, 0), change(None, 3)] == [
        "+20%", "−50%", "持平", "上期为 0", "",
    ]  # fmt: skip


def test_topics_that_moved_are_told_apart_and_what_is_too_small_is_left_out():
    rising, falling = movers({"a": 9, "b": 2, "c": 4}, {"a": 4, "c": 9, "d": 2, "e": 3}, 5)

    assert rising == [Moved("a", 9, 4)]
    assert falling == [Moved("c", 4, 9), Moved("e", 0, 3)]
