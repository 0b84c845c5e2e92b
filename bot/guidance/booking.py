"""What a person does with a session: hold, confirm, move, cancel, tell how to be reached, rate."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.masking import mask
from bot.guidance import queries, record_queries, reminder_queries, rules
from bot.guidance.desk import Desk
from bot.guidance.tables import Adviser, Booking, GuidanceRating
from bot.guidance.views import BookingView, Slot

STARS = range(1, 6)


class Booked(Desk):
    """Sessions of one person. What is another person's is unknown here."""

    async def hold(
        self, person_id: int, slot: Slot, *, mode: str, topic: str | None, key: str, asked: str | None = None
    ) -> BookingView:
        """Keep a place for the person for a few minutes; what they held before is let go, offers are not.

        The same key again is the same hold. `asked`: what they want of the session, in their words, for the adviser.
        Raises NoAdviser, ModeNotOffered, Past, TooSoon, TooFar, ClosedDay, OutsideHours, SlotTaken, PersonLimit or
        Overlapping; then they keep what they held.
        """
        async with self._writing() as (db, now):
            if (known := await queries.by_key(db, person_id, "hold", key)) is not None:
                booking = await _own(db, person_id, known)
                if booking.state == "expired":
                    await self._retake(db, booking, now)
                    booking.state, booking.held_until = "held", self._hold_until(now)
                    await db.flush()
                return await queries.view(db, known)
            freed = await self._drop(db, await queries.own_holds(db, person_id))
            worker, place = await self._place_for(db, person_id, slot, mode, now)
            end = slot.starts_at + timedelta(minutes=worker.minutes)
            await self._check_person(db, person_id, slot.starts_at, end, now)
            booking = Booking(
                number=await self._new_number(db),
                person_id=person_id,
                mode=mode,
                topic=topic or rules.ANY_TOPIC,
                asked=asked,
                state="held",
                held_until=self._hold_until(now),
                created_at=now,
                changed_at=now,
            )
            self._put_at(booking, worker, place, slot.starts_at)
            db.add(booking)
            await self._occupy(db, booking)
            queries.keep_key(db, person_id, "hold", key, booking.id)
            await db.flush()
            await self._offer(db, freed, now)
            return await queries.view(db, booking.id)

    async def confirm(self, person_id: int, booking_id: int, key: str) -> BookingView:
        """Book what is held. The same key again, or the same booking again, is one booking.

        A hold that ran out is taken again if nobody has the place. Raises HoldExpired if somebody has; UnknownBooking,
        Past, PersonLimit or Overlapping, and for a hold that ran out whatever `hold` raises.
        """
        async with self._writing() as (db, now):
            if (known := await queries.by_key(db, person_id, "confirm", key)) is not None:
                return await queries.view(db, known)
            booking = await _own(db, person_id, booking_id)
            await self._book(db, booking, now)
            queries.keep_key(db, person_id, "confirm", key, booking.id)
            await db.flush()
            return await queries.view(db, booking.id)

    async def _book(self, db: AsyncSession, booking: Booking, now: datetime) -> None:
        """Make a hold a booking; nothing to do for one that is."""
        if booking.state == "booked":
            return
        if booking.state not in ("held", "expired"):
            raise rules.UnknownBooking(booking.id)
        if booking.starts_at <= now:
            raise rules.Past(booking.starts_at)
        await self._check_person(db, booking.person_id, booking.starts_at, booking.ends_at, now, without=booking.id)
        if booking.state == "expired":
            await self._retake(db, booking, now)
        await self._pass_by(db, [booking])
        booking.state, booking.held_until, booking.changed_at = "booked", None, now
        await db.flush()
        await self._remind(db, booking, now)

    async def _retake(self, db: AsyncSession, booking: Booking, now: datetime) -> None:
        """Take the place of a hold that ran out again. Raises HoldExpired if somebody else has it."""
        adviser = await db.get_one(Adviser, booking.adviser_id)
        slot = Slot(queries.adviser_view(adviser), booking.starts_at, 0)
        try:
            worker, place = await self._place_for(db, booking.person_id, slot, booking.mode, now)
            self._put_at(booking, worker, place, booking.starts_at)
            await self._occupy(db, booking)
        except rules.SlotTaken as taken:
            raise rules.HoldExpired(booking.starts_at) from taken

    def _hold_until(self, now: datetime) -> datetime:
        return now + timedelta(minutes=self._rules.hold_minutes)

    async def release(self, person_id: int, booking_id: int) -> None:
        """Let a hold or an offer go without a trace. What is booked stays, and what is gone stays gone."""
        async with self._writing() as (db, now):
            booking = await queries.own(db, person_id, booking_id)
            if booking is not None and booking.state in ("held", "expired"):
                await self._offer(db, await self._drop(db, [booking]), now)

    async def mine(self, person_id: int) -> tuple[BookingView, ...]:
        """What a person has booked and is not over, soonest first."""
        async with self._sessions() as db:
            return await queries.views(db, queries.upcoming_of(person_id, self._clock()))

    async def booking(self, person_id: int, booking_id: int) -> BookingView:
        """One booking of a person, in whatever state. Raises UnknownBooking."""
        async with self._sessions() as db:
            found = await queries.views(db, and_(Booking.id == booking_id, Booking.person_id == person_id))
        if not found:
            raise rules.UnknownBooking(booking_id)
        return found[0]

    async def numbered(self, person_id: int, number: str) -> BookingView:
        """The booking of a person with that number. Raises UnknownBooking."""
        async with self._sessions() as db:
            found = await queries.views(db, and_(Booking.number == number.upper(), Booking.person_id == person_id))
        if not found:
            raise rules.UnknownBooking(number)
        return found[0]

    # -- changing --------------------------------------------------------------------------------------------------

    async def move(
        self, person_id: int, booking_id: int, slot: Slot, key: str, *, mode: str | None = None
    ) -> BookingView:
        """Put a booking at another time, or with another adviser; the old place is free at once. Once for a key.

        Raises UnknownBooking, TooLateToChange, ModeNotOffered (then give another `mode`) and what `hold` raises; then
        the booking stays as it is.
        """
        async with self._writing() as (db, now):
            if (known := await queries.by_key(db, person_id, "move", key)) is not None:
                return await queries.view(db, known)
            booking = await _own(db, person_id, booking_id, "booked")
            rules.check_changeable(booking.starts_at, now, self._rules)
            await self._put_elsewhere(db, booking, slot, mode or booking.mode, now)
            queries.keep_key(db, person_id, "move", key, booking.id)
            await db.flush()
            return await queries.view(db, booking.id)

    async def _put_elsewhere(
        self, db: AsyncSession, booking: Booking, slot: Slot, mode: str, now: datetime, *, tell: str | None = None
    ) -> None:
        """Move a booking; nothing to do if it is there."""
        if (booking.adviser_id, booking.starts_at, booking.mode) == (slot.adviser.id, slot.starts_at, mode):
            return
        old = rules.day_of(booking.starts_at)
        await queries.vacate(db, [booking.id])
        worker, place = await self._place_for(db, booking.person_id, slot, mode, now, without=booking.id)
        end = slot.starts_at + timedelta(minutes=worker.minutes)
        await self._check_person(db, booking.person_id, slot.starts_at, end, now, without=booking.id)
        self._put_at(booking, worker, place, slot.starts_at)
        booking.mode = mode
        _changed(booking, now)
        await self._occupy(db, booking)
        await self._remind(db, booking, now, also=tell)
        await db.flush()
        await self._offer(db, {old}, now)

    async def cancel(self, person_id: int, booking_id: int) -> BookingView:
        """Call a session off; its place goes to whoever waits. Again: it stays cancelled.

        Raises UnknownBooking or TooLateToChange.
        """
        async with self._writing() as (db, now):
            booking = await _own(db, person_id, booking_id, "booked", "cancelled")
            if booking.state == "booked":
                rules.check_changeable(booking.starts_at, now, self._rules)
                await self._call_off(db, booking, "person", now)
                await self._offer(db, {rules.day_of(booking.starts_at)}, now)
            return await queries.view(db, booking.id)

    async def _call_off(self, db: AsyncSession, booking: Booking, by: str, now: datetime) -> None:
        await queries.vacate(db, [booking.id])
        await reminder_queries.forget(db, [booking.id])
        booking.state, booking.cancelled_by = "cancelled", by
        _changed(booking, now)
        await db.flush()

    async def set_mode(self, person_id: int, booking_id: int, mode: str) -> BookingView:
        """Meet in another way. Raises UnknownBooking, TooLateToChange or ModeNotOffered."""
        async with self._writing() as (db, now):
            booking = await _own(db, person_id, booking_id, "held", "booked")
            adviser = queries.adviser_view(await db.get_one(Adviser, booking.adviser_id))
            if mode not in adviser.modes:
                raise rules.ModeNotOffered(adviser, mode)
            if booking.state == "booked" and booking.mode != mode:
                rules.check_changeable(booking.starts_at, now, self._rules)
                _changed(booking, now)
            booking.mode = mode
            await db.flush()
            return await queries.view(db, booking.id)

    async def set_topic(self, person_id: int, booking_id: int, topic: str) -> BookingView:
        """Talk about something else; the calendar does not show it. Raises UnknownBooking."""
        async with self._writing() as (db, _):
            booking = await _own(db, person_id, booking_id, "held", "booked")
            booking.topic = topic
            await db.flush()
            return await queries.view(db, booking.id)

    # -- what is kept of it ----------------------------------------------------------------------------------------

    async def share_history(self, person_id: int, booking_id: int, agreed: bool) -> BookingView:
        """Whether the adviser may see the policies read and the jobs saved. Raises UnknownBooking."""
        async with self._writing() as (db, _):
            booking = await _own(db, person_id, booking_id, "held", "booked")
            booking.shares_history = agreed
            await db.flush()
            return await queries.view(db, booking.id)

    async def set_contact(self, person_id: int, booking_id: int, contact: str) -> None:
        """Keep how the person is reached, sealed, in the place of what they said before. Raises UnknownBooking."""
        async with self._writing() as (db, now):
            booking = await _own(db, person_id, booking_id, "held", "booked")
            sealed = self._contacts.seal(booking.id, contact)
            await record_queries.keep_contact(db, booking.id, sealed, now)

    async def has_contact(self, person_id: int, booking_id: int) -> bool:
        """Whether a contact is kept for a booking of theirs. Raises UnknownBooking."""
        async with self._sessions() as db:
            await _own(db, person_id, booking_id, "held", "booked", "done")
            return await record_queries.sealed_contact(db, booking_id) is not None

    async def rate(self, person_id: int, booking_id: int, stars: int, comment: str | None = None) -> None:
        """Say what a session was worth, from 1 to 5; the last word counts.

        Raises UnknownBooking, NotYet, or ValueError for other stars.
        """
        if stars not in STARS:
            raise ValueError(f"{stars} stars")
        async with self._writing() as (db, now):
            booking = await _own(db, person_id, booking_id, "booked", "done")
            if now < booking.starts_at:
                raise rules.NotYet(booking.starts_at)
            rating = GuidanceRating(
                booking_id=booking.id, stars=stars, comment=mask(comment) if comment else None, at=now
            )
            await record_queries.keep_rating(db, rating)


def _changed(booking: Booking, now: datetime) -> None:
    """A calendar that has an earlier state of the booking takes this one for newer."""
    booking.sequence += 1
    booking.changed_at = now


async def _own(db: AsyncSession, person_id: int, booking_id: int, *states: str) -> Booking:
    booking = await queries.own(db, person_id, booking_id)
    if booking is None or (states and booking.state not in states):
        raise rules.UnknownBooking(booking_id)
    return booking
