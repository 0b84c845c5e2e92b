"""What is free, and why something is not."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.guidance import queries, rules
from bot.guidance.desk import Desk
from bot.guidance.plan import fits
from bot.guidance.views import AdviserView, Reminder, Slot, Wanted

INSTEAD = 3  # times offered in the place of one that was called off


class Looking(Desk):
    """Looking takes nothing: what was free a moment ago may be gone when it is wanted."""

    async def advisers(self, wanted: Wanted | None = None) -> tuple[AdviserView, ...]:
        """The advisers that are as wanted."""
        async with self._sessions() as db:
            return tuple(view for view in await queries.advisers(db) if fits(view, wanted or Wanted()))

    async def free_days(self, wanted: Wanted, *, first: date, count: int = 5) -> tuple[tuple[date, int], ...]:
        """The next days from `first` on with a free time, and how many times each has."""
        now = self._clock()
        first, last = max(first, rules.day_of(now)), self._rules.latest(now)
        if first > last:
            return ()
        async with self._sessions() as db:
            plan = await self._plan(db, first, last, now)
        found: list[tuple[date, int]] = []
        for day in _days(first, last):
            if (free := len(plan.slots(wanted, day))) and len(found) < count:
                found.append((day, free))
        return tuple(found)

    async def free_slots(self, wanted: Wanted, day: date) -> tuple[Slot, ...]:
        """The free times of a day, in order; of each the adviser who has the fewest sessions that day."""
        async with self._sessions() as db:
            return (await self._plan(db, day, day, self._clock())).slots(wanted, day)

    async def free_with_each(self, wanted: Wanted, day: date) -> tuple[tuple[AdviserView, tuple[Slot, ...]], ...]:
        """The advisers that are as wanted and have a free time on a day, each with all of theirs, by name."""
        async with self._sessions() as db:
            plan = await self._plan(db, day, day, self._clock())
        each = [
            (view, replace(wanted, adviser_id=view.id)) for view in (w.view for w in plan.workers) if fits(view, wanted)
        ]
        found = [(view, slots) for view, only in each if (slots := plan.slots(only, day))]
        return tuple(sorted(found, key=lambda one: one[0].name))

    async def check_day(self, wanted: Wanted, day: date) -> tuple[Slot, ...]:
        """The free times of a day, at least one.

        Raises Past, TooFar, NoAdviser, ClosedDay, TooSoon (it is too late for today's) or DayFull.
        """
        async with self._sessions() as db:
            return (await self._plan(db, day, day, self._clock())).check_day(wanted, day)

    async def check(self, wanted: Wanted, starts_at: datetime) -> Slot:
        """The free place at that time.

        Raises Past, TooSoon, TooFar, NoAdviser, ClosedDay, OutsideHours, OffGrid, SlotTaken or DayFull.
        """
        day = rules.day_of(starts_at)
        async with self._sessions() as db:
            return (await self._plan(db, day, day, self._clock())).check(wanted, starts_at)

    async def nearest(self, wanted: Wanted, starts_at: datetime, count: int = 3) -> tuple[Slot, ...]:
        """The free times nearest to a moment, before and after it, soonest first."""
        now = self._clock()
        first, last = rules.day_of(now), self._rules.latest(now)
        async with self._sessions() as db:
            plan = await self._plan(db, first, last, now)
        return plan.nearest(wanted, starts_at, _days(first, last), count)

    async def instead_of(self, reminder: Reminder) -> tuple[Slot, ...]:
        """The nearest times in the place of a session that its adviser called off: as it was to be, or in another way.

        None for whatever else there is to tell.
        """
        if reminder.kind != "cancelled_by_adviser":
            return ()
        booking = reminder.booking
        topic = None if booking.topic == rules.ANY_TOPIC else booking.topic
        for wanted in (Wanted(topic, booking.mode), Wanted(topic)):
            found = list(await self.nearest(wanted, booking.starts_at, INSTEAD))
            with suppress(rules.Refusal):  # nobody else has that very time
                found.append(await self.check(wanted, booking.starts_at))
            if found:
                close = sorted(found, key=lambda slot: abs(slot.starts_at - booking.starts_at))[:INSTEAD]
                return tuple(sorted(close, key=lambda slot: slot.starts_at))
        return ()


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
