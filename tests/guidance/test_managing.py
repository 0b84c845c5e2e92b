"""Advisers as staff keep them, on both databases."""

from __future__ import annotations

from datetime import date

import pytest

from bot.guidance import rules
from bot.guidance.managing import AdviserKeeping, typed_of
from bot.guidance.views import Wanted
from tests.guidance.guidance_setup import at


async def test_one_adviser_s_week_has_their_sessions_and_no_others(sessions, clock, hire, people, book, desk):
    mine, other = await hire(), await hire("李老师")
    [first, second] = await people(2)
    booked = [await book(person, at(25, 9)) for person in (first, second)]
    await desk.extra_hours(mine, date(2026, 11, 28), 540, 600)
    keeping = AdviserKeeping(sessions, clock)

    week, every = await keeping.week(date(2026, 11, 25), only=mine), await keeping.week(date(2026, 11, 25), only=None)

    assert [one.booking.adviser_id for one in week.sessions] == [mine]
    assert {one.booking.adviser_id for one in every.sessions} == {mine, other}
    assert ([one.id for one in week.advisers], len(week.extras)) == ([mine], 1)
    theirs = next(one for one in booked if one.adviser.id == other)
    with pytest.raises(rules.UnknownBooking):
        await keeping.session(theirs.id, only=mine)
    with pytest.raises(rules.UnknownBooking):
        await keeping.session(theirs.id, only=0)
    assert [one.booking.id for one in await keeping.hit_by(other, at(25, 9, 30), at(25, 18))] == [theirs.id]


async def test_a_session_called_off_by_staff_tells_its_person_and_gives_the_place_on(
    sessions, clock, hire, people, book, desk
):
    await hire()
    [person] = await people(1)
    booked = await book(person, at(25, 9))

    assert (await desk.call_off(booked.id)).state == "cancelled"

    assert [one.kind for one in await desk.due_reminders()] == ["cancelled_by_adviser"]
    assert at(25, 9) in [slot.starts_at for slot in await desk.free_slots(Wanted(), date(2026, 11, 25))]
    with pytest.raises(rules.UnknownBooking):
        await desk.call_off(booked.id)


async def test_an_adviser_typed_back_unchanged_is_no_change(sessions, clock, hire):
    keeping = AdviserKeeping(sessions, clock)
    number = await hire(full_name="张伟", session_minutes=30)

    sheet = await keeping.sheet(number)

    assert await keeping.change(number, typed_of(sheet.adviser)) == []
