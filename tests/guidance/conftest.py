"""Persons, advisers with hours, and booking desks on a real database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest
from guidance_setup import EVERY_DAY, at, desk_of, fives
from sqlalchemy import func, select

from bot.conversations.tables import Person
from bot.guidance.roster_cells import hours_in
from bot.guidance.service import Guidance
from bot.guidance.tables import Adviser, AdviserBusy, AdviserHours, Booking, PersonBusy
from bot.guidance.views import Slot, Wanted
from bot.store import Sessions, open_engine


@pytest.fixture
def desk(sessions, clock) -> Guidance:
    return desk_of(sessions, clock)


@pytest.fixture
async def elsewhere(database, clock) -> AsyncIterator[Guidance]:
    """Another process on the same database."""
    engine = open_engine(database)
    yield desk_of(Sessions(engine), clock)
    await engine.dispose()


@pytest.fixture
def hire(sessions) -> Callable[..., Awaitable[int]]:
    """Makes an adviser, of every weekday unless told otherwise; the id."""

    async def make(name: str = "张老师", hours: str = EVERY_DAY, **values: Any) -> int:
        adviser = Adviser(
            **{
                "name": name,
                "topics": ["简历", "面试"],
                "modes": ["线下", "电话", "线上"],
                "base": "联盟中心",
                "hours": [
                    AdviserHours(weekday=day, start_minute=start, end_minute=end) for day, start, end in hours_in(hours)
                ],
                **values,
            }
        )
        async with sessions.begin() as db:
            db.add(adviser)
        return adviser.id

    return make


@pytest.fixture
def people(sessions) -> Callable[[int], Awaitable[list[int]]]:
    """Makes so many persons; their ids."""

    async def make(count: int) -> list[int]:
        async with sessions.begin() as db:
            known = await db.scalar(select(func.count()).select_from(Person)) or 0
            made = [Person(code=f"P{known + n:05}", created_at=at(24, 10)) for n in range(count)]
            db.add_all(made)
        return [person.id for person in made]

    return make


@pytest.fixture
def book(desk) -> Callable[..., Awaitable[Any]]:
    """Books a free time for a person."""

    async def make(person: int, starts_at: datetime, wanted: Wanted | None = None, *, desk: Guidance = desk) -> Any:
        slot = await desk.check(wanted or Wanted(), starts_at)
        key = f"{person}/{starts_at}"
        held = await desk.hold(person, slot, mode=slot.adviser.modes[0], topic="简历", key=key)
        return await desk.confirm(person, held.id, key)

    return make


@pytest.fixture
def slot_at(desk) -> Callable[..., Awaitable[Slot]]:
    """A slot of an adviser, free or not: what somebody was shown a moment ago."""

    async def make(adviser_id: int, starts_at: datetime) -> Slot:
        [adviser] = await desk.advisers(Wanted(adviser_id=adviser_id))
        return Slot(adviser, starts_at, 45)

    return make


@pytest.fixture
def sound(sessions) -> Callable[[], Awaitable[None]]:
    """Fails unless every session has exactly its five minutes, and nothing else has any."""

    async def check() -> None:
        async with sessions() as db:
            bookings = (await db.scalars(select(Booking))).all()
            persons = (await db.execute(select(PersonBusy.person_id, PersonBusy.step, PersonBusy.booking_id))).all()
            advisers = (
                await db.execute(
                    select(AdviserBusy.adviser_id, AdviserBusy.place, AdviserBusy.step, AdviserBusy.booking_id)
                )
            ).all()
        taking = [b for b in bookings if b.state in ("held", "booked", "done", "no_show")]
        assert sorted(persons) == sorted(
            (b.person_id, step, b.id) for b in taking for step in fives(b.starts_at, b.ends_at)
        )
        assert sorted(advisers) == sorted(
            (b.adviser_id, b.place, step, b.id) for b in taking for step in fives(b.starts_at, b.free_at)
        )

    return check
