"""The queue for a day that is full: who wants a place on it, and who is offered one."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

from bot.guidance import queries, rules
from bot.guidance.booking import Booked
from bot.guidance.tables import Wait
from bot.guidance.views import BookingView, WaitView, Wanted

_FORGET_HOLDS = timedelta(days=30)


class Waiting(Booked):
    """Who comes first is offered the first place that fits; for a while it is theirs alone, then the next one's."""

    async def join_waiting(self, person_id: int, day: date, wanted: Wanted) -> WaitView:
        """Stand in the queue of a day; who is in it stays where they are. If a place is free after all, it is offered.

        Raises Past, TooFar, NoAdviser or ClosedDay.
        """
        async with self._writing() as (db, now):
            wait = await queries.wait_of(db, person_id, day)
            if wait is None:
                plan = await self._plan(db, day, day, now)
                with suppress(rules.DayFull, rules.TooSoon):  # what the queue is for; today's places may be given back
                    plan.check_day(wanted, day)
                wait = Wait(
                    person_id=person_id,
                    day=day,
                    topic=wanted.topic,
                    mode=wanted.mode,
                    adviser_id=wanted.adviser_id,
                    state="waiting",
                    joined_at=now,
                )
                db.add(wait)
                await db.flush()
                await self._offer(db, {day}, now)
            return await queries.wait_view(db, wait, now)

    async def waits(self, person_id: int) -> tuple[WaitView, ...]:
        """The queues that a person is in and the offers made to them, soonest first."""
        now = self._clock()
        async with self._sessions() as db:
            views = [await queries.wait_view(db, wait, now) for wait in await queries.waits_of(db, person_id)]
        return tuple(view for view in views if view.state != "over" and view.day >= rules.day_of(now))

    async def leave_waiting(self, person_id: int, wait_id: int) -> None:
        """Leave a queue, or turn an offer down: then it goes to the next. Again: nothing. Raises UnknownBooking."""
        async with self._writing() as (db, now):
            wait = await queries.own_wait(db, person_id, wait_id)
            if wait is None:
                raise rules.UnknownBooking(wait_id)
            offer = await queries.own(db, person_id, wait.booking_id) if wait.booking_id is not None else None
            if wait.state == "offered" and offer is not None:
                await self._offer(db, await self._drop(db, [offer]), now)
            elif wait.state == "waiting":
                wait.state = "over"

    async def accept_offer(self, person_id: int, wait_id: int, key: str) -> BookingView:
        """Book what was offered. The same key again is one booking.

        Raises HoldExpired if the offer ran out and the place is gone, UnknownBooking if nothing was offered, and what
        `confirm` raises.
        """
        async with self._sessions() as db:
            wait = await queries.own_wait(db, person_id, wait_id)
        if wait is None or wait.booking_id is None:
            raise rules.UnknownBooking(wait_id)
        return await self.confirm(person_id, wait.booking_id, key)

    async def tend(self) -> None:
        """What is to be done now and then: let holds run out, offer what is free to those who wait, end old queues."""
        async with self._writing() as (db, now):
            await queries.stop_waiting_before(db, rules.day_of(now))
            await queries.remove_old_holds(db, now - _FORGET_HOLDS)
            await self._offer(db, await queries.waited_for(db), now)
