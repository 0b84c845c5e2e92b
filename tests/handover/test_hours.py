"""When somebody of the staff is there: as written in the settings, on the days of the calendar."""

from datetime import datetime

import pytest

from bot.clock import SHANGHAI
from bot.guidance.calendar import WorkCalendar
from bot.handover import wording
from bot.handover.hours import StaffHours
from bot.settings import SettingsError, read_settings
from bot.text.office_hours import read_office_hours

PLAIN, LUNCH = "1-5 9:00-17:30", "1-5 9:00-12:00 14:00-17:30; 6 9:00-12:00"


def hours(text: str = PLAIN) -> StaffHours:
    return StaffHours(read_office_hours(text), WorkCalendar())


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "moment", "open_"),
    [
        (PLAIN, "2026-11-24T09:00", True),
        (PLAIN, "2026-11-24T17:29", True),
        (PLAIN, "2026-11-24T17:30", False),
        (PLAIN, "2026-11-24T08:59", False),
        (PLAIN, "2026-11-28T10:00", False),  # a Saturday
        (LUNCH, "2026-11-24T13:00", False),
        (LUNCH, "2026-11-28T10:00", True),
        (PLAIN, "2026-10-01T10:00", False),  # 国庆节
        (PLAIN, "2026-10-10T10:00", True),  # a Saturday that is worked
    ],
)
def test_holidays_are_closed_and_worked_weekends_open(text, moment, open_):
    assert hours(text).is_open(at(moment)) is open_


@pytest.mark.parametrize(
    ("text", "moment", "opens"),
    [
        (PLAIN, "2026-11-24T18:00", "2026-11-25T09:00"),
        (PLAIN, "2026-11-27T18:00", "2026-11-30T09:00"),
        (PLAIN, "2026-09-30T18:00", "2026-10-08T09:00"),
        (LUNCH, "2026-11-24T12:30", "2026-11-24T14:00"),
        (PLAIN, "2026-11-24T07:00", "2026-11-24T09:00"),
    ],
)
def test_the_next_opening_is_told(text, moment, opens):
    assert hours(text).next_open(at(moment)) == at(opens)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (PLAIN, "周一到周五 9:00–17:30"),
        (LUNCH, "周一到周五 9:00–12:00、14:00–17:30，周六 9:00–12:00"),
        ("1,3 9:00-10:00", "周一 9:00–10:00，周三 9:00–10:00"),
    ],
)
def test_hours_are_said_as_people_say_them(text, told):
    assert wording.hours(hours(text).week()) == told


@pytest.mark.parametrize(
    "text", ["", "x", "1-5", "9:00-17:00", "1-5 17:00-9:00", "1-5 9:00-12:00 11:00-13:00", "8 9:00-10:00"]
)
def test_hours_that_cannot_be_read_are_refused(text):
    with pytest.raises(ValueError, match=r"hours"):
        read_office_hours(text)


def test_hours_that_cannot_be_read_stop_the_start_and_are_named(monkeypatch):
    monkeypatch.setenv("DUIHUA_STAFF_HOURS", "whenever")

    with pytest.raises(SettingsError, match="DUIHUA_STAFF_HOURS"):
        read_settings()
