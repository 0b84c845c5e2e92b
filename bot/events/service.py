"""What can be done with events: look, sign up, step back, come in, count, call off, remind."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, today
from bot.events import queries, rules
from bot.events.tables import Event, Registration
from bot.events.tickets import new_ticket
from bot.events.views import (
    CheckedIn,
    EventDetails,
    EventPage,
    Figures,
    MySignUp,
    Reminder,
    Reported,
    SignedUp,
    Told,
)
from bot.store import Sessions


class Events:
    """The alliance's events; each method is one transaction unless it says otherwise.

    Whoever is to be told something unasked (a place became free, the event is called off, it is tomorrow) gets it
    through the reminders, which are written in the same transaction: a crash in between loses and doubles nothing.
    """

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    # -- looking ---------------------------------------------------------------------------------------------------

    async def upcoming(
        self,
        kind: str | None = None,
        district: str | None = None,
        mode: str | None = None,
        between: tuple[date, date] | None = None,
        limit: int = 3,
        offset: int = 0,
    ) -> EventPage:
        """Events that take place and are not over, soonest first. `between`: first and last day, in 大同."""
        async with self._sessions() as db:
            ids, total = await queries.upcoming(
                db,
                self._clock(),
                kind=kind,
                district=district,
                mode=mode,
                between=rules.span_of(between) if between else None,
                limit=limit,
                offset=offset,
            )
            views = await queries.views(db, ids)
        return EventPage(tuple(views[event_id] for event_id in ids if event_id in views), total)

    async def details(self, event_id: int, person: int | None = None) -> EventDetails:
        """An event with its companies, their open postings, and the person's own sign-up. Raises UnknownEvent."""
        async with self._sessions() as db:
            view = (await queries.views(db, [event_id])).get(event_id)
            if view is None:
                raise rules.UnknownEvent(event_id)
            companies = await queries.companies(db, event_id, today(self._clock))
            mine = await queries.active(db, event_id, person) if person is not None else None
            return EventDetails(view, companies, await _signed_up(db, mine) if mine else None)

    async def mine(self, person_id: int) -> tuple[MySignUp, ...]:
        """What a person has signed up for and is not over, soonest first; also events that were called off since."""
        async with self._sessions() as db:
            rows = await queries.of_person(db, person_id, self._clock())
            views = await queries.views(db, [row.event_id for row in rows])
            return tuple(
                [MySignUp(views[row.event_id], await _signed_up(db, row)) for row in rows if row.event_id in views]
            )

    # -- signing up ------------------------------------------------------------------------------------------------

    async def sign_up(self, event_id: int, person_id: int, key: str) -> SignedUp:
        """Give the person a place or, where none is free, the end of the queue. The same key again changes nothing.

        Raises UnknownEvent, EventCancelled, EventOver (sign-up has closed) or AlreadySignedUp.
        """
        try:
            return await self._sign_up(event_id, person_id, key)
        except IntegrityError:  # a ticket that somebody has: one in 10^11, and the next try draws another
            return await self._sign_up(event_id, person_id, key)

    async def _sign_up(self, event_id: int, person_id: int, key: str) -> SignedUp:
        now = self._clock()
        async with self._sessions.begin() as db:
            event = await _locked(db, event_id)
            if (known := await queries.by_key(db, event_id, person_id, key)) is not None:
                return await _signed_up(db, known)
            rules.check_not_cancelled(event.status, event_id)
            rules.check_before(rules.sign_up_closes(event.kind, event.starts_at, event.ends_at), now)
            if (there := await queries.active(db, event_id, person_id)) is not None:
                stands = await _signed_up(db, there)
                raise rules.AlreadySignedUp(stands.state, stands.ticket, stands.position)
            # Everybody joins the queue, and its head gets what is free: nobody overtakes those who wait.
            registration = Registration(
                event_id=event_id,
                person_id=person_id,
                state="waiting",
                ticket=new_ticket(),
                key=key,
                registered_at=now,
            )
            db.add(registration)
            await db.flush()
            await self._fill(db, event, newcomer=registration.id)
            await db.refresh(registration)
            return await _signed_up(db, registration)

    async def cancel(self, event_id: int, person_id: int) -> tuple[Told, ...]:
        """Take a sign-up back and give the place to whoever waits longest: who that is, for the record.

        They are told through the reminders. Raises UnknownEvent, EventCancelled, EventOver, NotSignedUp or
        AlreadyCheckedIn.
        """
        now = self._clock()
        async with self._sessions.begin() as db:
            event = await _locked(db, event_id)
            rules.check_not_cancelled(event.status, event_id)
            rules.check_before(event.ends_at, now)
            if not await queries.take_back(db, event_id, person_id, now):
                there = await queries.active(db, event_id, person_id)
                if there is None:
                    raise rules.NotSignedUp(event_id)
                raise _came(there)
            return await self._fill(db, event)

    async def fill_free_places(self) -> tuple[Told, ...]:
        """Move people up wherever a place is free while somebody waits; one transaction for each event.

        Cancelling does so by itself. This is for what frees places elsewhere: a person who is deleted, a larger hall.
        """
        async with self._sessions() as db:
            waiting = await queries.with_room_and_queue(db, self._clock())
        told: list[Told] = []
        for event_id in waiting:
            async with self._sessions.begin() as db:
                if (event := await queries.locked(db, event_id)) is not None and event.status == "planned":
                    told += await self._fill(db, event)
        return tuple(told)

    async def _fill(self, db: AsyncSession, event: Event, newcomer: int | None = None) -> tuple[Told, ...]:
        """Give the free places of a locked event to the head of the queue; who is to be told of it.

        A newcomer hears at once and is not told again; nobody moves up once sign-up has closed.
        """
        now = self._clock()
        if now >= rules.sign_up_closes(event.kind, event.starts_at, event.ends_at):
            return ()
        told = []
        for registration_id, person_id in await queries.move_up(db, event.id):
            if (due := rules.remind_at(event.starts_at, now)) is not None:
                queries.remind(db, registration_id, "day_before", due)
            if registration_id != newcomer:
                queries.remind(db, registration_id, "moved_up", now)
                told.append(Told(person_id, registration_id, "registered"))
        await db.flush()
        return tuple(told)

    # -- staff -----------------------------------------------------------------------------------------------------

    async def check_in(self, ticket: str, by: str) -> CheckedIn:
        """Let the holder of a ticket in, once. `ticket` as it was scanned or typed.

        Raises UnknownTicket, EventCancelled, AlreadyCheckedIn, NotAdmitted or WrongDay.
        """
        code = rules.ticket_in(ticket)
        if code is None:
            raise rules.UnknownTicket(ticket)
        now = self._clock()
        async with self._sessions.begin() as db:
            there = await queries.by_ticket(db, code)
            if there is None:
                raise rules.UnknownTicket(ticket)
            event = (await queries.views(db, [there.event_id]))[there.event_id]
            rules.check_not_cancelled(event.status, event.id)
            if there.state == "registered":
                rules.check_day(event.starts_at, event.ends_at, now)
            if not await queries.let_in(db, code, now, by):
                await db.refresh(there)
                raise _came(there) if there.state == "came" else rules.NotAdmitted(there.state)
            return CheckedIn(event, code, now)

    async def cancel_event(self, event_id: int) -> tuple[Told, ...]:
        """Call an event off: all who have a place or wait for one, who are told through the reminders.

        Raises UnknownEvent, EventCancelled (it was) or EventOver.
        """
        now = self._clock()
        async with self._sessions.begin() as db:
            event = await _locked(db, event_id)
            rules.check_before(event.ends_at, now)
            if not await queries.cancel_event(db, event_id):
                raise rules.EventCancelled(event_id)
            told = [Told(row.person_id, row.id, row.state) for row in await queries.expected(db, event_id)]
            for one in told:
                queries.remind(db, one.registration_id, "cancelled", now)
            await db.flush()
            return tuple(told)

    async def report_figures(self, event_id: int, figures: Reported) -> None:
        """Keep the figures that the League reports of an event, in the place of earlier ones.

        Raises UnknownEvent, or ValueError for a number below zero.
        """
        if any(value is not None and value < 0 for value in vars(figures).values()):
            raise ValueError("a figure below zero")
        async with self._sessions.begin() as db:
            if not await queries.report(db, event_id, figures):
                raise rules.UnknownEvent(event_id)

    async def figures(self, event_id: int) -> Figures:
        """What was counted of an event and what was reported. Raises UnknownEvent."""
        async with self._sessions() as db:
            event = await db.get(Event, event_id)
            if event is None:
                raise rules.UnknownEvent(event_id)
            return await queries.figures(db, event)

    # -- reminders -------------------------------------------------------------------------------------------------

    async def due_reminders(self, limit: int = 50) -> Sequence[Reminder]:
        """What is to be sent now and nobody is at. Claim each before sending it."""
        async with self._sessions() as db:
            return await queries.due_reminders(db, self._clock(), limit)

    async def claim(self, reminder_id: int) -> bool:
        """Take a reminder to send it; False if it is taken, sent, or no longer true. It is free again after a minute."""
        now = self._clock()
        async with self._sessions.begin() as db:
            return await queries.claim(db, reminder_id, now=now, until=now + rules.CLAIM_FOR)

    async def sent(self, reminder_id: int) -> bool:
        """Mark a reminder as sent; False if it was. Pass Reminder.key with the message: see there."""
        async with self._sessions.begin() as db:
            return await queries.sent(db, reminder_id, self._clock())


async def _locked(db: AsyncSession, event_id: int) -> Event:
    event = await queries.locked(db, event_id)
    if event is None:
        raise rules.UnknownEvent(event_id)
    return event


async def _signed_up(db: AsyncSession, registration: Registration) -> SignedUp:
    return SignedUp(
        registration_id=registration.id,
        state=registration.state,
        ticket=registration.ticket,
        position=await queries.position(db, registration),
        checked_in_at=registration.checked_in_at,
    )


def _came(registration: Registration) -> rules.AlreadyCheckedIn:
    assert registration.checked_in_at is not None and registration.checked_by is not None  # the table's constraints
    return rules.AlreadyCheckedIn(registration.checked_in_at, registration.checked_by)
