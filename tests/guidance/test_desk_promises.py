"""Whatever happens in whatever order, on the real tables: no two sessions at one time, and none lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from itertools import combinations
from typing import Any

from guidance_setup import at, desk_of, fives
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, select

from bot.clock import SHANGHAI
from bot.conversations.tables import Person
from bot.guidance import rules
from bot.guidance.tables import (
    Adviser,
    AdviserBusy,
    AdviserHours,
    Booking,
    GuidanceReminder,
    PersonBusy,
    Wait,
)
from bot.guidance.views import Slot, Wanted
from bot.store import Sessions, open_engine
from tests.conftest import SetClock

DAYS = (25, 26, 27)
TIMES = ((14, 0), (14, 30), (15, 0), (16, 0))
TAKING = ("held", "booked", "done", "no_show")

people = st.integers(0, 2)
advisers = st.integers(0, 1)
moments = st.builds(lambda day, time: at(day, *time), st.sampled_from(DAYS), st.sampled_from(TIMES))


class Desk(RuleBasedStateMachine):
    """Three people, two advisers (the second sees two at once), three days with four times that overlap."""

    holds: Bundle[tuple[int, int]] = Bundle("holds")

    def __init__(self, address: str) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.engine = open_engine(address)
        self.sessions, self.clock = Sessions(self.engine), SetClock()
        self.desk = desk_of(self.sessions, self.clock, person_open=9, person_week=9, adviser_day=9)
        self.booked: dict[int, tuple[int, int, datetime]] = {}  # by booking: person, adviser, when
        self.leaves: list[tuple[int, datetime, datetime]] = []
        self.called_off: set[int] = set()
        self.told: list[str] = []
        self.seen: set[str] = set()  # what a message store has, by its keys
        self.n = 0

    def run(self, job: Awaitable[Any]) -> Any:
        return self.runner.run(job)

    def teardown(self) -> None:
        try:
            self.run(self._nobody_waits_for_what_is_free())
        finally:
            self.run(self.engine.dispose())
            self.runner.close()

    def key(self) -> str:
        self.n += 1
        return f"k{self.n}"

    def tried(self, job: Awaitable[Any]) -> Any:
        """What came of it; None if it was refused."""
        try:
            return self.run(job)
        except rules.Refusal:
            return None

    # -- what happens ----------------------------------------------------------------------------------------------

    @initialize()
    def open_(self) -> None:
        self.run(self._open())

    async def _open(self) -> None:
        async with self.sessions.begin() as db:
            await db.execute(delete(Person))
            await db.execute(delete(Adviser))
            some = [Person(code=f"P{n}", created_at=at(24, 10)) for n in range(3)]
            both = [
                Adviser(name=name, topics=["简历"], modes=["线下"], at_once=places, hours=[
                    AdviserHours(weekday=day, start_minute=840, end_minute=1050) for day in (3, 4, 5)
                ])
                for name, places in (("张老师", 1), ("李老师", 2))
            ]  # fmt: skip
            db.add_all([*some, *both])
        self.people, self.advisers = [one.id for one in some], [one.id for one in both]

    def slot(self, adviser: int, when: datetime) -> Slot:
        [view] = self.run(self.desk.advisers(Wanted(adviser_id=self.advisers[adviser])))
        return Slot(view, when, 45)

    @rule(target=holds, who=people, adviser=advisers, when=moments)
    def hold(self, who: int, adviser: int, when: datetime) -> tuple[int, int]:
        slot = self.slot(adviser, when)
        held = self.tried(self.desk.hold(self.people[who], slot, mode="线下", topic=None, key=self.key()))
        return (who, held.id if held else 0)

    @rule(hold=holds, twice=st.booleans())
    def confirm(self, hold: tuple[int, int], twice: bool) -> None:
        who, booking = hold
        key = self.key()
        for _ in range(1 + twice):
            done = self.tried(self.desk.confirm(self.people[who], booking, key))
            if done and done.state == "booked":
                self.booked[booking] = (who, self.advisers.index(done.adviser.id), done.starts_at)

    @rule(who=people, adviser=advisers, when=moments)
    def book(self, who: int, adviser: int, when: datetime) -> None:
        self.confirm(self.hold(who, adviser, when), twice=False)

    @rule(hold=holds)
    def release(self, hold: tuple[int, int]) -> None:
        self.run(self.desk.release(self.people[hold[0]], hold[1]))

    @rule(data=st.data(), adviser=advisers, when=moments, by_staff=st.booleans())
    def move(self, data: st.DataObject, adviser: int, when: datetime, by_staff: bool) -> None:
        if not self.booked:
            return
        booking = data.draw(st.sampled_from(sorted(self.booked)))
        who, slot = self.booked[booking][0], self.slot(adviser, when)
        job = (
            self.desk.reschedule(booking, slot)
            if by_staff
            else self.desk.move(self.people[who], booking, slot, self.key())
        )
        if self.tried(job):
            self.booked[booking] = (who, adviser, when)

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        if not self.booked:
            return
        booking = data.draw(st.sampled_from(sorted(self.booked)))
        if self.tried(self.desk.cancel(self.people[self.booked[booking][0]], booking)):
            del self.booked[booking]

    @rule(adviser=advisers, start=moments, hours=st.sampled_from((1, 4, 24)))
    def leave(self, adviser: int, start: datetime, hours: int) -> None:
        end = start + timedelta(hours=hours)
        gone = {one.id for one in self.run(self.desk.adviser_leave(self.advisers[adviser], start, end))}
        ours = {
            booking for booking, (_, whose, when) in self.booked.items()
            if whose == adviser and self.clock() < when < end and start < when + timedelta(minutes=45)
        }  # fmt: skip
        assert gone == ours
        self.called_off |= gone
        for booking in gone:
            del self.booked[booking]
        self.leaves.append((adviser, max(start, self.clock()), end))

    @rule(who=people, day=st.sampled_from(DAYS))
    def queue(self, who: int, day: int) -> None:
        self.tried(self.desk.join_waiting(self.people[who], at(day, 12).astimezone(SHANGHAI).date(), Wanted()))

    @rule(who=people, take=st.booleans())
    def answer_offers(self, who: int, take: bool) -> None:
        for wait in self.run(self.desk.waits(self.people[who])):
            if not take:
                self.run(self.desk.leave_waiting(self.people[who], wait.id))
            elif wait.state == "offered" and (
                done := self.tried(self.desk.accept_offer(self.people[who], wait.id, self.key()))
            ):
                self.booked[done.id] = (who, self.advisers.index(done.adviser.id), done.starts_at)

    @rule(minutes=st.sampled_from((1, 6, 31, 180, 24 * 60, -7)))
    def clock_jumps(self, minutes: int) -> None:
        self.clock.pass_(minutes=minutes)

    @rule()
    def tend(self) -> None:
        self.run(self.desk.tend())

    @rule(dies=st.booleans())
    def send(self, dies: bool) -> None:
        """A worker tells what is due; one that dies has told the first thing and marked nothing."""
        for reminder in self.run(self.desk.due_reminders()):
            if not self.run(self.desk.claim(reminder.id)):
                continue
            if reminder.key not in self.seen:
                self.seen.add(reminder.key)
                self.told.append(f"{reminder.kind} {reminder.booking.id} {reminder.booking.starts_at}")
            if dies:
                return
            self.run(self.desk.sent(reminder.id))

    # -- what always holds -----------------------------------------------------------------------------------------

    @invariant()
    def all_is_well(self) -> None:
        if hasattr(self, "people"):
            self.run(self._all_is_well())

    async def _all_is_well(self) -> None:
        async with self.sessions() as db:
            rows = {one.id: one for one in (await db.scalars(select(Booking))).all()}
            by_person = (await db.execute(select(PersonBusy.person_id, PersonBusy.step, PersonBusy.booking_id))).all()
            by_adviser = (
                await db.execute(
                    select(AdviserBusy.adviser_id, AdviserBusy.place, AdviserBusy.step, AdviserBusy.booking_id)
                )
            ).all()
            reminders = (await db.scalars(select(GuidanceReminder))).all()
        taking = [one for one in rows.values() if one.state in TAKING]
        for one, other in combinations(taking, 2):
            if one.person_id == other.person_id:
                assert one.ends_at <= other.starts_at or other.ends_at <= one.starts_at, "a person two at one time"
            if (one.adviser_id, one.place) == (other.adviser_id, other.place):
                assert one.free_at <= other.starts_at or other.free_at <= one.starts_at, "an adviser two at one time"
        assert sorted(by_person) == sorted(
            (b.person_id, s, b.id) for b in taking for s in fives(b.starts_at, b.ends_at)
        )
        assert sorted(by_adviser) == sorted(
            (b.adviser_id, b.place, s, b.id) for b in taking for s in fives(b.starts_at, b.free_at)
        )
        there = {
            one.id: (self.people.index(one.person_id), self.advisers.index(one.adviser_id), one.starts_at)
            for one in rows.values() if one.state == "booked"
        }  # fmt: skip
        assert there == self.booked, "one lost, or one that nobody booked"
        for one in taking:
            assert one.place <= (1, 2)[self.advisers.index(one.adviser_id)]
            for adviser, start, end in self.leaves:
                if one.adviser_id == self.advisers[adviser] and one.starts_at > start:
                    assert one.starts_at >= end or one.ends_at <= start, "somebody waits for an adviser who is away"
        for booking, (_, _, when) in self.booked.items():
            due = [r.due_at for r in reminders if (r.booking_id, r.kind, r.sent_at) == (booking, "hour_before", None)]
            if when - timedelta(hours=1) > self.clock() + timedelta(minutes=7):  # the clock may have gone back that far
                assert due == [when - timedelta(hours=1)]
        told_of_leave = {r.booking_id for r in reminders if r.kind == "cancelled_by_adviser"}
        assert self.called_off <= told_of_leave
        assert len(self.told) == len(set(self.told)), "told twice"

    async def _nobody_waits_for_what_is_free(self) -> None:
        await self.desk.tend()
        async with self.sessions() as db:
            waiting = (await db.scalars(select(Wait).where(Wait.state == "waiting"))).all()
            busy = (await db.scalars(select(Booking).where(Booking.state.in_(TAKING)))).all()
        for wait in waiting:
            for slot in await self.desk.free_slots(Wanted(), wait.day):
                end = slot.starts_at + timedelta(minutes=slot.minutes)
                assert any(
                    one.person_id == wait.person_id and one.starts_at < end and slot.starts_at < one.ends_at
                    for one in busy
                ), "somebody waits for a place that is free"


def test_no_sequence_gives_two_sessions_at_one_time_or_loses_one(database: str) -> None:
    checked: Callable[[], Desk] = lambda: Desk(database)  # noqa: E731 - hypothesis calls it for each sequence

    run_state_machine_as_test(
        checked,
        settings=settings(
            max_examples=15,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
