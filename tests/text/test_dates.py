"""A day as spreadsheets write it."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.dates import UnreadableDate, read_day

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    "cell",
    [
        "2026-12-31", "2026/12/31", "2026年12月31日", "2026.12.31", "20261231", "26/12/31", "12月31日", "12.31", "12-31",
        "2026-12-31 00:00:00", "2026-12-31前", "截止2026年12月底", "2026-12-31（周四）", "２０２６年１２月３１号",
        "2026-11-01至2026-12-31", "2026.11.01-2026.12.31", "11月1日-12月31日", "46387", 46387, 46387.0, 20261231.0,
        datetime(2026, 12, 31, 8, 30), date(2026, 12, 31),  # noqa: DTZ001 - as spreadsheets hold it
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_shape(cell):
    assert read_day(cell, today=TODAY) == date(2026, 12, 31)


@pytest.mark.parametrize("cell", ["长期有效", "长期", "常年招聘", "招满为止", "不限", "—"])
def test_an_open_end_is_no_day(cell):
    assert read_day(cell, today=TODAY) is None


@pytest.mark.parametrize(
    ("cell", "day"),
    [("11月24日", date(2026, 11, 24)), ("11月23日", date(2027, 11, 23)), ("2月29日", date(2028, 2, 29))],
)
def test_a_day_without_a_year_is_the_next_one(cell, day):
    assert read_day(cell, today=TODAY) == day


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2026-02-30", "日历上没有2026年2月30日"),
        ("13.40", "日历上没有"),
        ("下周", "看不出是哪一天"),
        ("1900-01-01", "1900年不合常理"),
        (12.3, "分不清"),
        ("99999", "不合常理"),
    ],
)
def test_what_is_no_day_is_refused_with_a_reason(cell, reason):
    with pytest.raises(UnreadableDate, match=reason):
        read_day(cell, today=TODAY)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_day_comes_back_from_every_full_shape(day):
    shapes = [
        day.isoformat(), f"{day:%Y/%m/%d}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}",
        f"{day.year}.{day.month}.{day.day}", (day - date(1899, 12, 30)).days,
    ]  # fmt: skip

    assert {read_day(shape, today=TODAY) for shape in shapes} == {day}


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.dates(date(2024, 1, 1), date(2027, 1, 1)))
def test_a_day_without_a_year_is_never_in_the_past(day, today):
    found = read_day(f"{day.month}月{day.day}日", today=today)

    assert found is not None and today <= found
    assert (found.month, found.day) == (day.month, day.day)
    assert found - today < timedelta(days=366) or (day.month, day.day) == (2, 29)


@given(st.text(alphabet="0123456789-/.年月日至前（） ", max_size=22))
def test_whatever_is_written_is_read_or_refused(cell):
    try:
        found = read_day(cell, today=TODAY)
    except UnreadableDate:
        return

    assert found is None or 2000 <= found.year < 2100
