"""Calendar entries, read back by a parser as a calendar would."""

from dataclasses import replace
from datetime import timedelta

import pytest
from guidance_setup import at
from icalendar import Calendar

from bot.clock import SHANGHAI
from bot.guidance.ics import ics
from bot.guidance.views import AdviserView, BookingView

ZHANG = AdviserView(1, "张老师", ("求职心理",), ("线下", "线上"), "联盟中心", "手机 13800000000", False)
BOOKED = BookingView(
    31, "G7K3Q9", ZHANG, at(26, 15, 30), at(26, 16, 15), "线上", "求职心理", "booked", 0, False, at(24, 10, 1)
)  # fmt: skip


def read(booking):
    [calendar] = Calendar.from_ical(ics(booking), multiple=True)
    [event] = calendar.walk("VEVENT")
    return calendar, event


def test_a_booked_session_is_a_request_in_the_time_of_shanghai():
    calendar, event = read(BOOKED)

    assert (calendar["METHOD"], calendar["VERSION"], event["STATUS"]) == ("REQUEST", "2.0", "CONFIRMED")
    assert calendar["PRODID"]
    assert event.decoded("DTSTART") == at(26, 15, 30)
    assert event.decoded("DTEND") == at(26, 16, 15)
    assert event["DTSTART"].params["TZID"] == "Asia/Shanghai"
    assert event.decoded("DTSTART").astimezone(SHANGHAI).hour == 15
    assert event.decoded("DTSTAMP") == at(24, 10, 1)
    [zone] = calendar.walk("VTIMEZONE")
    assert zone["TZID"] == "Asia/Shanghai"
    [standard] = zone.walk("STANDARD")
    assert (standard.decoded("TZOFFSETTO"), standard.decoded("TZOFFSETFROM")) == (timedelta(hours=8),) * 2


def test_what_rfc_5546_wants_of_a_request_and_of_a_cancel_is_there_once():
    for booking in (BOOKED, replace(BOOKED, state="cancelled", sequence=1)):
        _, event = read(booking)
        for name in ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "ORGANIZER", "ATTENDEE", "SUMMARY"):
            assert not isinstance(event[name], list), name


def test_changes_keep_the_uid_and_the_sequence_rises():
    moved = replace(BOOKED, starts_at=at(27, 9), ends_at=at(27, 9, 45), sequence=1)
    cancelled = replace(moved, state="cancelled", sequence=2)

    read_ones = [read(booking)[1] for booking in (BOOKED, moved, cancelled)]

    assert len({event["UID"] for event in read_ones}) == 1
    assert [event["SEQUENCE"] for event in read_ones] == [0, 1, 2]
    assert len({str(event["ATTENDEE"]) for event in read_ones}) == 1
    assert read(replace(BOOKED, number="OTHER2"))[1]["UID"] != read_ones[0]["UID"]


def test_a_cancelled_session_is_a_cancel():
    calendar, event = read(replace(BOOKED, state="cancelled", sequence=1))

    assert (calendar["METHOD"], event["STATUS"]) == ("CANCEL", "CANCELLED")
    assert "取消" in event["DESCRIPTION"]


def test_nothing_in_it_is_personal():
    for booking in (BOOKED, replace(BOOKED, state="cancelled")):
        text = ics(booking).decode().replace("\r\n ", "")
        for said in ("求职心理", "13800000000", "mailto:", "G7K3Q9@"):
            assert said not in text


def test_where_to_go_is_in_it_for_those_who_come():
    assert read(replace(BOOKED, mode="线下"))[1]["LOCATION"] == "联盟中心"
    assert read(BOOKED)[1]["LOCATION"] == "线上"
    assert read(replace(BOOKED, mode="线下", adviser=replace(ZHANG, base=None)))[1]["LOCATION"] == "线下"


def test_lines_end_and_are_folded_as_they_must_be():
    lines = ics(BOOKED).split(b"\r\n")

    assert lines[-1] == b""
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in b"".join(lines)


def test_the_same_booking_is_the_same_file():
    assert ics(BOOKED) == ics(BOOKED)


@pytest.mark.parametrize("state", ["held", "expired"])
def test_nothing_is_sent_before_it_is_confirmed(state):
    with pytest.raises(ValueError, match="not confirmed"):
        ics(replace(BOOKED, state=state))


async def test_a_session_that_is_changed_and_called_off_is_followed_by_calendars(
    desk, hire, people, book, slot_at, clock
):
    zhang = await hire()
    [anna] = await people(1)
    booked = await book(anna, at(26, 15))
    clock.pass_(minutes=1)
    moved = await desk.move(anna, booked.id, await slot_at(zhang, at(27, 9)), "m")
    clock.pass_(minutes=1)
    cancelled = await desk.cancel(anna, booked.id)

    events = [read(b)[1] for b in (booked, moved, cancelled)]

    assert len({event["UID"] for event in events}) == 1
    assert [event["SEQUENCE"] for event in events] == [0, 1, 2]
    stamps = [event.decoded("DTSTAMP") for event in events]
    assert stamps == sorted(set(stamps))
