"""What every part of the booking desk needs: one transaction at a time, places taken, freed, and offered on."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.guidance import queries, reminder_queries, rules
from bot.guidance.calendar import WorkCalendar
from bot.guidance.contacts import Contacts
from bot.guidance.plan import Plan, Taken, Worker
from bot.guidance.rules import GuidanceRules
from bot.guidance.tables import Booking, Wait
from bot.guidance.views import Slot, Wanted
from bot.store import Sessions


class Desk:
    """The parts of the booking desk share this; each of their methods is one transaction.

    Whoever is to be told something unasked gets it through the reminders, which are written in the same transaction: a
    crash in between loses and doubles nothing.
    """

    def __init__(
        self, sessions: Sessions, clock: Clock, calendar: WorkCalendar, rules: GuidanceRules, contacts: Contacts
    ) -> None:
        self._sessions, self._clock, self._calendar, self._rules = sessions, clock, calendar, rules
        self._contacts = contacts

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[tuple[AsyncSession, datetime]]:
        """A transaction that nobody else writes beside, in which holds that ran out have given their places back."""
        async with self._sessions.begin() as db:
            await queries.alone(db)
            now = self._clock()
            await self._let_run_out(db, now)
            yield db, now

    async def _plan(
        self, db: AsyncSession, first: date, last: date, now: datetime, *, without: int | None = None
    ) -> Plan:
        """The desk from one day to another; whole weeks are read, for an adviser's week is counted."""
        workers = await queries.workers(db, first, last, self._rules.session_minutes)
        start, end = (rules.start_of(day) for day in (rules.week_of(first)[0], rules.week_of(last)[1]))
        taken = await queries.taken(db, start, end, now, without=without)
        return Plan(workers, taken, self._calendar, self._rules, now)

    # -- taking a place --------------------------------------------------------------------------------------------

    async def _place_for(
        self, db: AsyncSession, person_id: int, slot: Slot, mode: str, now: datetime, *, without: int | None = None
    ) -> tuple[Worker, int]:
        """The adviser of a slot and a place of theirs that is free then. Raises a Refusal if there is none.

        What the person has there themselves is Overlapping, and not taken.
        """
        await self._check_free(
            db, person_id, slot.starts_at, slot.starts_at + timedelta(seconds=rules.STEP), without=without
        )
        day = rules.day_of(slot.starts_at)
        plan = await self._plan(db, day, day, now, without=without)
        wanted = Wanted(adviser_id=slot.adviser.id)
        try:
            plan.check(wanted, slot.starts_at)
        except rules.DayFull as full:  # of one adviser: others may be free then
            raise rules.SlotTaken(slot.starts_at) from full
        [worker] = plan.fitting(wanted)
        if mode not in worker.view.modes:
            raise rules.ModeNotOffered(worker.view, mode)
        place = plan.place(worker, slot.starts_at)
        assert place is not None  # Plan.check has found one
        return worker, place

    async def _check_person(
        self,
        db: AsyncSession,
        person_id: int,
        start: datetime,
        end: datetime,
        now: datetime,
        *,
        without: int | None = None,
    ) -> None:
        """Raise PersonLimit or Overlapping unless the person may have a session then."""
        if await queries.open_bookings(db, person_id, now, without=without) >= self._rules.person_open:
            raise rules.PersonLimit(self._rules.person_open, "open")
        monday, next_monday = (rules.start_of(day) for day in rules.week_of(rules.day_of(start)))
        week = await queries.bookings_between(db, person_id, monday, next_monday, without=without)
        if week >= self._rules.person_week:
            raise rules.PersonLimit(self._rules.person_week, "week")
        await self._check_free(db, person_id, start, end, without=without)

    async def _check_free(
        self, db: AsyncSession, person_id: int, start: datetime, end: datetime, *, without: int | None = None
    ) -> None:
        """Raise Overlapping if the person has another session at that time."""
        other = await queries.in_the_way(db, person_id, start, end, without=without)
        if other is not None:
            raise rules.Overlapping(other)

    def _put_at(self, booking: Booking, worker: Worker, place: int, starts_at: datetime) -> None:
        """Set when and with whom a booking is."""
        booking.adviser_id, booking.place, booking.starts_at = worker.view.id, place, starts_at
        booking.ends_at = starts_at + timedelta(minutes=worker.minutes)
        booking.free_at = booking.ends_at + timedelta(minutes=self._rules.buffer_minutes)

    async def _occupy(self, db: AsyncSession, booking: Booking) -> None:
        """Take the booking's time. The keys of the busy tables have the last word: raises SlotTaken."""
        try:
            await db.flush()
            await queries.occupy(db, booking)
        except IntegrityError as error:
            raise rules.SlotTaken(booking.starts_at) from error

    async def _new_number(self, db: AsyncSession) -> str:
        """A number that nobody has; it is read out, and tells nothing of its holder."""
        while True:
            number = "".join(secrets.choice(rules.NUMBER_LETTERS) for _ in range(rules.NUMBER_LENGTH))
            if await queries.number_is_free(db, number):
                return number

    async def _remind(self, db: AsyncSession, booking: Booking, now: datetime, *, also: str | None = None) -> None:
        """Put down what a person with this session is to be told, instead of what was to be said of it before."""
        await reminder_queries.forget(db, [booking.id])
        if also is not None:
            await reminder_queries.remind(db, booking.id, also, now)
        for kind, due in rules.reminders_of(booking.starts_at, booking.ends_at, now):
            await reminder_queries.remind(db, booking.id, kind, due)

    # -- giving places back, and on --------------------------------------------------------------------------------

    async def _let_run_out(self, db: AsyncSession, now: datetime) -> None:
        """Free the places of holds whose time is up, and offer them to those who wait."""
        if over := await queries.run_out(db, now):
            for booking in over:
                booking.state, booking.held_until, booking.changed_at = "expired", None, now
            await self._pass_by(db, over)
            await queries.vacate(db, [booking.id for booking in over])
            await self._offer(db, {rules.day_of(booking.starts_at) for booking in over}, now)

    async def _pass_by(self, db: AsyncSession, bookings: Iterable[Booking]) -> None:
        """End the wait of those who were offered these bookings: they had their turn."""
        for wait in await queries.offers(db, [booking.id for booking in bookings]):
            wait.state = "over"
        await db.flush()

    async def _drop(self, db: AsyncSession, holds: Iterable[Booking]) -> set[date]:
        """Take holds away without a trace; the days on which that frees a place."""
        dropped = list(holds)
        for wait in await queries.offers(db, [hold.id for hold in dropped]):
            wait.state, wait.booking_id = "over", None
        await db.flush()
        await queries.remove(db, [hold.id for hold in dropped])
        return {rules.day_of(hold.starts_at) for hold in dropped if hold.state == "held"}

    async def _offer(self, db: AsyncSession, days: Iterable[date], now: datetime) -> None:
        """Offer what is free on those days to those who wait for it, each in turn, and have them told."""
        for day in sorted(days):
            if not (queue := await queries.waiting(db, day)):
                continue
            plan = await self._plan(db, day, day, now)
            for wait in queue:
                if (slot := await self._slot_for(db, plan, wait, now)) is not None:
                    await self._offer_slot(db, plan, wait, slot, now)

    async def _slot_for(self, db: AsyncSession, plan: Plan, wait: Wait, now: datetime) -> Slot | None:
        """The first free time that somebody who waits wants and may have."""
        for slot in plan.slots(_wanted(wait), wait.day):
            end = slot.starts_at + timedelta(minutes=slot.minutes)
            try:
                await self._check_person(db, wait.person_id, slot.starts_at, end, now)
            except rules.Overlapping:
                continue
            except rules.PersonLimit:
                return None
            return slot
        return None

    async def _offer_slot(self, db: AsyncSession, plan: Plan, wait: Wait, slot: Slot, now: datetime) -> None:
        [worker] = [worker for worker in plan.workers if worker.view.id == slot.adviser.id]
        place = plan.place(worker, slot.starts_at)
        assert place is not None  # Plan.slots has only free ones
        booking = Booking(
            number=await self._new_number(db),
            person_id=wait.person_id,
            mode=wait.mode or worker.view.modes[0],
            topic=wait.topic or rules.ANY_TOPIC,
            state="held",
            offered=True,
            held_until=now + timedelta(minutes=self._rules.offer_minutes),
            created_at=now,
            changed_at=now,
        )
        self._put_at(booking, worker, place, slot.starts_at)
        db.add(booking)
        await self._occupy(db, booking)
        wait.state, wait.booking_id = "offered", booking.id
        await reminder_queries.remind(db, booking.id, "place_offered", now)
        await db.flush()
        plan.take(Taken(worker.view.id, place, booking.starts_at, booking.free_at))


def _wanted(wait: Wait) -> Wanted:
    return Wanted(wait.topic, wait.mode, wait.adviser_id)
