"""A later message changes only what it names; moments are said in one form."""

import json
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.times import SHANGHAI, Parts, Shift, combine, read_parts, read_times, settle, spoken, spoken_day

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)  # a Tuesday


def after(*messages: str) -> list[str]:
    parts = Parts()
    for message in messages:
        parts = combine(parts, read_parts(message, NOW), NOW)
    return [f"{o.start:%m-%d %H:%M}" + (f" {o.end:%m-%d %H:%M}" if o.end else "") for o in settle(parts, NOW).options]


@pytest.mark.parametrize(
    ("messages", "meant"),
    [
        (("下周三", "下午", "三点"), "12-02 15:00"),
        (("三点", "周四"), "11-26 15:00"),
        (("下周", "周三下午"), "12-02 12:00 12-02 18:00"),
        (("下周三下午三点", "不对，是周四"), "12-03 15:00"),
        (("周三下午三点", "不对，是周四"), "11-26 15:00"),
        (("周五下午三点", "改到周一"), "11-30 15:00"),
        (("下周三下午三点", "三点太早了，四点半"), "12-02 16:30"),
        (("下周三下午三点", "不是下午，是上午"), "12-02 09:00 12-02 12:00"),
        (("下周三下午三点", "上午十点"), "12-02 10:00"),
        (("下周三晚上", "八点"), "12-02 20:00"),
        (("下周三上午", "八点"), "12-02 08:00"),
        (("下周三下午三点", "再晚半小时"), "12-02 15:30"),
        (("下周三下午三点", "早一个小时吧"), "12-02 14:00"),
        (("下周三下午三点", "太早了"), "12-02 15:30"),
        (("下周三下午三点", "推迟一天"), "12-03 15:00"),
        (("下周三下午三点", "提前两天"), "11-30 15:00"),
        (("下周三下午三点", "改到下下周"), "12-09 15:00"),
        (("12月5号下午", "8号"), "12-08 12:00 12-08 18:00"),
        (("月底", "30号"), "11-30 00:00 12-01 00:00"),
        (("下周三下午三点", "我想聊简历"), "12-02 15:00"),
        (("周三", "三点", "改到周五", "上午", "十点半"), "11-27 10:30"),
    ],
)
def test_a_correction_changes_only_what_it_names(messages, meant):
    assert after(*messages) == [meant]


def test_an_hour_that_could_be_either_stays_so_until_the_half_of_the_day_is_named():
    assert after("明天八点") == ["11-25 08:00", "11-25 20:00"]
    assert after("明天八点", "晚上八点") == ["11-25 20:00"]


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("早一点可以吗", Shift(-1)),
        ("再早点", Shift(-1)),
        ("太晚了", Shift(-1)),
        ("三点太早了", Shift(1)),
        ("再晚半小时", Shift(1, 30)),
        ("能往后延半小时吗", Shift(1, 30)),
        ("晚一个半小时", Shift(1, 90)),
        ("提前一小时", Shift(-1, 60)),
        ("提前两天", Shift(-1, 0, 2)),
        ("往后推一周", Shift(1, 0, 7)),
    ],
)
def test_earlier_and_later_are_told_with_their_amount(text, shift):
    assert read_parts(text, NOW) == Parts(shift=shift)


def test_a_text_without_time_has_no_parts():
    assert not read_parts("你好", NOW)
    assert settle(Parts(), NOW).options == ()


def test_a_shift_that_would_leave_the_day_changes_nothing():
    late = read_parts("明天晚上十一点五十", NOW)

    assert combine(late, read_parts("再晚一小时", NOW), NOW) == late


SAID = [
    "下周三下午三点",
    "周二",
    "明天八点",
    "国庆后",
    "十点以后",
    "周五之前",
    "月底",
    "周三或周四",
    "晚半小时",
    "你好",
    "下周",
    "三四点",
]


@given(st.lists(st.sampled_from(SAID), max_size=4))
def test_parts_come_back_from_a_slot_as_they_were(messages):
    parts = Parts()
    for message in messages:
        parts = combine(parts, read_parts(message, NOW), NOW)

    assert Parts.from_json(json.loads(json.dumps(parts.as_json()))) == parts


@given(st.sampled_from(SAID))
def test_adding_nothing_changes_nothing(message):
    parts = read_parts(message, NOW)

    assert combine(parts, Parts(), NOW) == Parts(parts.day, parts.clock)
    assert combine(Parts(), parts, NOW) == Parts(parts.day, parts.clock)


def test_a_moment_is_said_with_date_and_weekday_in_shanghai():
    assert spoken(datetime(2026, 11, 26, 7, 30, tzinfo=timezone.utc)) == "11月26日 周四 15:30"


def test_a_near_day_is_named():
    today = date(2026, 11, 24)

    assert [spoken_day(today + timedelta(days=n), today) for n in (-1, 0, 1, 2, 3)] == [
        "11月23日 周一",
        "今天 11月24日 周二",
        "明天 11月25日 周三",
        "后天 11月26日 周四",
        "11月27日 周五",
    ]
    assert spoken_day(today) == "11月24日 周二"


@given(st.integers(0, 330 * 1440))
def test_what_is_said_is_read_as_the_same_moment(minutes):
    moment = NOW + timedelta(minutes=minutes)

    reading = read_times(spoken(moment), NOW)

    assert moment in [option.start for option in reading.options]
