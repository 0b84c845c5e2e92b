"""When one may sign up, come in and be reminded: the bare rules."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.events import rules


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def test_one_is_reminded_at_six_in_the_evening_before():
    assert rules.remind_at(at(27, 9, 30), at(24, 10)) == at(26, 18)


def test_the_evening_before_is_that_of_datong_also_for_an_event_after_its_midnight():
    early = datetime(2026, 11, 26, 16, 30, tzinfo=UTC)  # half past midnight on the 27th in 大同

    assert rules.remind_at(early, at(24, 10)) == at(26, 18)


@pytest.mark.parametrize("now", [at(26, 18), at(26, 20), at(27, 8)])
def test_nobody_is_reminded_of_what_starts_sooner(now):
    assert rules.remind_at(at(27, 9, 30), now) is None


def test_a_fair_is_open_while_it_lasts_and_a_training_until_it_starts():
    assert rules.sign_up_closes("job_fair", at(27, 9), at(27, 16)) == at(27, 16)
    assert rules.sign_up_closes("training", at(27, 9), at(27, 16)) == at(27, 9)
    assert rules.sign_up_closes("experience_day", at(27, 9), at(27, 16)) == at(27, 9)


def test_over_begins_with_the_moment_itself():
    rules.check_before(at(27, 16), at(27, 15, 59))
    with pytest.raises(rules.EventOver) as over:
        rules.check_before(at(27, 16), at(27, 16))

    assert over.value.since == at(27, 16)


@pytest.mark.parametrize("now", [at(27, 0), at(27, 7), at(28, 12), at(29, 23, 59)])
def test_one_comes_in_on_any_day_of_the_event(now):
    rules.check_day(at(27, 9), at(29, 16), now)


@pytest.mark.parametrize("now", [at(26, 23, 59), at(30, 0)])
def test_one_does_not_come_in_on_the_day_before_or_after(now):
    with pytest.raises(rules.WrongDay) as wrong:
        rules.check_day(at(27, 9), at(29, 16), now)

    assert (wrong.value.starts_at, wrong.value.ends_at) == (at(27, 9), at(29, 16))


def test_days_are_whole_days_of_datong():
    assert rules.span_of((date(2026, 11, 24), date(2026, 11, 25))) == (at(24, 0), at(26, 0))
    with pytest.raises(ValueError, match="before"):
        rules.span_of((date(2026, 11, 25), date(2026, 11, 24)))


def test_places_that_others_wait_for_are_not_free():
    assert rules.free_places(None, 7, 0) is None
    assert rules.free_places(10, 7, 0) == 3
    assert rules.free_places(10, 7, 2) == 1
    assert rules.free_places(10, 10, 4) == 0


@pytest.mark.parametrize(
    "written", ["EVT-7K3Q9QF4", "evt-7k3q9qf4", " EVT 7K3Q 9QF4\n", "7K3Q9QF4", "7k3q-9qf4", "ＥＶＴ－７Ｋ３Ｑ９ＱＦ４"]
)
def test_a_ticket_is_known_however_it_is_written(written):
    assert rules.ticket_in(written) == "EVT-7K3Q9QF4"


@pytest.mark.parametrize(
    "written", ["", "EVT-", "EVT-7K3Q9QF", "EVT-7K3Q9QF44", "EVT-7K3Q9QF0", "你好", "TVE-7K3Q9QF4"]
)
def test_what_cannot_be_a_ticket_is_none(written):
    assert rules.ticket_in(written) is None


def test_eight_letters_that_begin_like_the_prefix_are_a_ticket():
    assert rules.ticket_in("EVT-EVTAAAAA") == "EVT-EVTAAAAA"
    assert rules.ticket_in("EVTAAAAA") == "EVT-EVTAAAAA"


@given(st.integers(0, 60 * 24 * 730), st.integers(0, 60 * 24 * 30))
def test_a_reminder_lies_ahead_and_between_6_and_30_hours_before_the_event(later, minutes):
    starts_at = at(1, 0) + timedelta(minutes=later)
    now = starts_at - timedelta(minutes=minutes)

    due = rules.remind_at(starts_at, now)

    if due is None:
        assert minutes <= 30 * 60
    else:
        assert now < due
        assert timedelta(hours=6) <= starts_at - due < timedelta(hours=30)
