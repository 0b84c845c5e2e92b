"""What the staff and the advisers do: leave, more hours, another time, who came, what came of it, the brief."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.masking import mask
from bot.guidance import queries, record_queries, reminder_queries, rules
from bot.guidance.booking import Booked
from bot.guidance.tables import Booking, GuidanceOutcome
from bot.guidance.views import BookingView, Brief, Reminder, Slot


class Staff(Booked):
    """What is done for others; each says `by` whom where it is kept."""

    async def adviser_leave(self, adviser_id: int, start: datetime, end: datetime) -> tuple[BookingView, ...]:
        """Put down that an adviser is away: the sessions that are called off by it, whose people are told.

        What is only held is let go; who was offered it waits on. A session that has begun stays. Raises ValueError
        for a leave that ends before it starts.
        """
        if end <= start:
            raise ValueError(f"a leave from {start} to {end}")
        async with self._writing() as (db, now):
            queries.add_leave(db, adviser_id, start, end)
            await db.flush()
            called_off, days = [], set()
            for booking in await queries.of_adviser(db, adviser_id, max(start, now), end):
                if booking.starts_at <= now:
                    continue
                days.add(rules.day_of(booking.starts_at))
                if booking.state == "booked":
                    await self._call_off(db, booking, "adviser", now)
                    await reminder_queries.remind(db, booking.id, "cancelled_by_adviser", now)
                    called_off.append(booking.id)
                else:
                    await self._let_go(db, booking, now)
            await db.flush()
            await self._offer(db, days, now)
            return await queries.views(db, Booking.id.in_(called_off))

    async def _let_go(self, db: AsyncSession, hold: Booking, now: datetime) -> None:
        """End a hold before its time; who was offered it is in the queue again, where they were."""
        for wait in await queries.offers(db, [hold.id]):
            wait.state, wait.booking_id = "waiting", None
        await db.flush()
        hold.state, hold.held_until, hold.changed_at = "expired", None, now
        await queries.vacate(db, [hold.id])

    async def extra_hours(self, adviser_id: int, day: date, start_minute: int, end_minute: int) -> None:
        """Add hours of one day, on a holiday too; whoever waits for that day is offered a place."""
        async with self._writing() as (db, now):
            await queries.add_extra(db, adviser_id, day, start_minute, end_minute)
            await db.flush()
            await self._offer(db, {day}, now)

    async def reschedule(self, booking_id: int, slot: Slot) -> BookingView:
        """Put somebody's session at another time; they are told. The cut-off is theirs, not ours.

        Raises UnknownBooking, Past for a session that has begun, and what `move` raises.
        """
        async with self._writing() as (db, now):
            booking = await _there(db, booking_id, "booked")
            if booking.starts_at <= now:
                raise rules.Past(booking.starts_at)
            await self._put_elsewhere(db, booking, slot, booking.mode, now, tell="moved")
            return await queries.view(db, booking_id)

    async def call_off(self, booking_id: int) -> BookingView:
        """Call one session off; its person is told, and its place goes to whoever waits.

        Raises UnknownBooking, or Past for a session that has begun.
        """
        async with self._writing() as (db, now):
            booking = await _there(db, booking_id, "booked")
            if booking.starts_at <= now:
                raise rules.Past(booking.starts_at)
            await self._call_off(db, booking, "adviser", now)
            await reminder_queries.remind(db, booking.id, "cancelled_by_adviser", now)
            await db.flush()
            await self._offer(db, {rules.day_of(booking.starts_at)}, now)
            return await queries.view(db, booking_id)

    async def no_show(self, booking_id: int) -> None:
        """The person did not come. Raises UnknownBooking or NotYet."""
        async with self._writing() as (db, now):
            booking = await _there(db, booking_id, "booked", "done", "no_show")
            _check_begun(booking, now)
            booking.state, booking.changed_at = "no_show", now

    async def outcome(self, booking_id: int, done_what: str, advice: str, follow_up: str, *, by: str) -> None:
        """Put down what came of a session, in the place of what was there before; personal numbers in it are masked.

        Raises UnknownBooking or NotYet.
        """
        async with self._writing() as (db, now):
            booking = await _there(db, booking_id, "booked", "done", "no_show")
            _check_begun(booking, now)
            booking.state, booking.changed_at = "done", now
            outcome = GuidanceOutcome(
                booking_id=booking_id,
                done_what=mask(done_what),
                advice=mask(advice),
                follow_up=mask(follow_up),
                by=by,
                at=now,
            )
            await record_queries.keep_outcome(db, outcome)

    async def brief(self, booking_id: int, by: str) -> Brief:
        """What an adviser reads before a session; who did is put down. Raises UnknownBooking.

        What the person read and saved is in it only if they agreed (`share_history`).
        """
        async with self._writing() as (db, now):
            booking = await _there(db, booking_id, "booked", "cancelled", "done", "no_show")
            record_queries.put_down_reading(db, booking_id, "brief", by, now)
            topics = jobs = None
            if booking.shares_history:
                topics = await record_queries.topics_read(db, booking.person_id)
                jobs = await record_queries.jobs_saved(db, booking.person_id)
            return Brief(await queries.view(db, booking_id), booking.asked, topics, jobs)

    async def contact(self, booking_id: int, by: str) -> str | None:
        """How the person of a booking is reached; who read it is put down. None if they did not say.

        Raises UnknownBooking.
        """
        async with self._writing() as (db, now):
            await _there(db, booking_id, "booked", "cancelled", "done", "no_show")
            sealed = await record_queries.sealed_contact(db, booking_id)
            if sealed is None:
                return None
            record_queries.put_down_reading(db, booking_id, "contact", by, now)
            return self._contacts.open_(booking_id, sealed)

    # -- reminders -------------------------------------------------------------------------------------------------

    async def due_reminders(self, limit: int = 50) -> Sequence[Reminder]:
        """What is to be sent now and nobody is at. Claim each before sending it."""
        async with self._sessions() as db:
            return await reminder_queries.due(db, self._clock(), limit)

    async def claim(self, reminder_id: int) -> bool:
        """Take a reminder to send it; False if it is taken, sent, or no longer true. It is free again after a minute."""
        now = self._clock()
        async with self._sessions.begin() as db:
            return await reminder_queries.claim(db, reminder_id, now=now, until=now + rules.CLAIM_FOR)

    async def sent(self, reminder_id: int) -> bool:
        """Mark a reminder as sent; False if it was. Pass Reminder.key with the message: see there."""
        async with self._sessions.begin() as db:
            return await reminder_queries.sent(db, reminder_id, self._clock())


async def _there(db: AsyncSession, booking_id: int, *states: str) -> Booking:
    booking = await db.get(Booking, booking_id)
    if booking is None or booking.state not in states:
        raise rules.UnknownBooking(booking_id)
    return booking


def _check_begun(booking: Booking, now: datetime) -> None:
    if now < booking.starts_at:
        raise rules.NotYet(booking.starts_at)
