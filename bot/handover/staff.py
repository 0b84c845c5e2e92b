"""What the staff do: look at what waits, take a person over, write, give back, answer messages that were left."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.care import queries as care
from bot.care.tables import CareAlert
from bot.channels.base import Shown
from bot.clock import Clock
from bot.conversations import queries as record
from bot.conversations.tables import Person
from bot.guidance.contacts import Contacts
from bot.handover import queries, wording
from bot.handover.lines import written
from bot.handover.rules import AlreadyTaken, NothingLeft, NotTaken, UnknownPerson
from bot.handover.tables import Handover
from bot.handover.views import AlertView, HandoverView, Inbox, PersonView
from bot.store import Sessions

_LATEST = 30


class Staff:
    """The staff's side of the queue. People are known by their codes. Each method is one transaction."""

    _contacts: Contacts

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    def now(self) -> datetime:
        """The present moment, by the clock of the queue."""
        return self._clock()

    async def inbox(self) -> Inbox:
        """Everything that waits."""
        async with self._sessions() as db:
            return Inbox(
                alerts=tuple(_alert(alert, code) for alert, code in await care.open_alerts(db)),
                waiting=tuple([await self._view(db, h) for h, _ in await queries.in_state(db, "waiting")]),
                taken=tuple([await self._view(db, h) for h, _ in await queries.in_state(db, "taken")]),
                messages=tuple([await self._view(db, h) for h, _ in await queries.in_state(db, "message")]),
            )

    async def show(self, code: str, *, after: int = 0) -> PersonView:
        """One person with their latest messages, those with an id above `after`. Raises UnknownPerson."""
        async with self._sessions() as db:
            person = await _person(db, code)
            return PersonView(
                code=person.code,
                alerts=tuple(_alert(alert, person.code) for alert, _ in await care.open_alerts(db, person.id)),
                handovers=tuple([await self._view(db, h) for h in await queries.of_person(db, person.id)]),
                messages=tuple(await queries.messages_of(db, person.id, after, _LATEST)),
            )

    async def undelivered(self, message_ids: list[int]) -> dict[int, str]:
        """Of these messages, how those stand that have not reached their platform yet: waiting, sending or dead."""
        async with self._sessions() as db:
            return await queries.undelivered(db, message_ids)

    async def take(self, code: str, by: str) -> Shown | None:
        """Take a person over: what waits of theirs, their latest message, or just the talk with them.

        The line that they read. Their alerts count as seen. Raises UnknownPerson and AlreadyTaken.
        """
        try:
            return await self._take(code, by)
        except IntegrityError as error:  # a colleague opened the talk at the same moment
            raise AlreadyTaken(await self._taker(code)) from error

    async def _take(self, code: str, by: str) -> Shown | None:
        now = self._clock()
        async with self._sessions.begin() as db:
            person = await _person(db, code)
            taken = await queries.take_open(db, person.id, by=by, at=now)
            if taken is None:
                current = await queries.current(db, person.id)
                if current is not None and current.state == "taken":
                    raise AlreadyTaken(current.taken_by or "")
                taken = await queries.take_message(db, person.id, by=by, at=now)
            handover = await db.get(Handover, taken) if taken else await self._talk_with(db, person, by)
            await care.acknowledge(db, person.id, by=by, at=now)
            return await written(db, handover.identity_id, wording.joined(by), now)

    async def _talk_with(self, db: AsyncSession, person: Person, by: str) -> Handover:
        """A talk that nobody asked for: after an alert, or because staff see a need."""
        now = self._clock()
        identity = await record.latest_identity(db, person.id)
        talk = await record.latest_conversation(db, identity) if identity else None
        if talk is None:
            raise UnknownPerson(person.code)
        handover = Handover(
            person_id=person.id,
            identity_id=talk.identity_id,
            conversation_id=talk.id,
            state="taken",
            opened_at=now,
            taken_by=by,
            taken_at=now,
            last_staff_at=now,
        )
        db.add(handover)
        await db.flush()
        return handover

    async def _taker(self, code: str) -> str:
        async with self._sessions() as db:
            current = await queries.current(db, (await _person(db, code)).id)
            return (current.taken_by if current else None) or ""

    async def say(self, code: str, by: str, text: str, *, key: str | None = None) -> Shown | None:
        """Write to a person whom one has taken over; None for a `key` that was said before.

        Raises UnknownPerson and NotTaken.
        """
        now = self._clock()
        async with self._sessions.begin() as db:
            person = await _person(db, code)
            handover = await queries.note_said(db, person.id, by=by, at=now)
            if handover is None:
                current = await queries.current(db, person.id)
                raise NotTaken(current.taken_by if current and current.state == "taken" else None)
            if key is not None and await queries.was_said(db, handover.identity_id, key):
                return None
            return await written(db, handover.identity_id, text, now, by=by, key=key)

    async def back(self, code: str) -> Shown | None:
        """Give a person back: the bot goes on, unless an alert keeps it silent. Raises UnknownPerson and NotTaken."""
        now = self._clock()
        async with self._sessions.begin() as db:
            person = await _person(db, code)
            handover = await queries.give_back(db, person.id, at=now)
            if handover is None:
                raise NotTaken
            stopped = await care.is_stopped(db, person.id)
            return await written(
                db, handover.identity_id, wording.gone(handover.taken_by or "老师", stopped=stopped), now
            )

    async def release(self, code: str, by: str) -> int:
        """Close what alerts there are, and with them a stop: how many alerts were open. Raises UnknownPerson."""
        async with self._sessions.begin() as db:
            person = await _person(db, code)
            return await care.release(db, person.id, by=by, at=self._clock())

    async def answer(self, code: str, by: str, text: str) -> Shown | None:
        """Answer what a person left outside the hours, where they left it. Raises UnknownPerson and NothingLeft."""
        now = self._clock()
        async with self._sessions.begin() as db:
            person = await _person(db, code)
            handover = await queries.close_messages(db, person.id, by=by, at=now)
            if handover is None:
                raise NothingLeft
            paragraphs = wording.answered(by, handover.question, text)
            return await written(db, handover.identity_id, paragraphs, now, by=by, key=f"handover:{handover.id}")

    async def contact(self, code: str, by: str) -> str | None:
        """How to reach a person, as they left it last; reading it leaves a row. Raises UnknownPerson."""
        async with self._sessions.begin() as db:
            person = await _person(db, code)
            left = [h for h in await queries.of_person(db, person.id) if h.contact is not None]
            if not left:
                return None
            queries.put_down_reading(db, left[-1].id, by, self._clock())
            return self._contacts.open_(left[-1].id, left[-1].contact)

    async def _view(self, db: AsyncSession, handover: Handover) -> HandoverView:
        return HandoverView(
            id=handover.id,
            code=await record.person_code(db, handover.person_id),
            state=handover.state,
            question=handover.question,
            opened_at=handover.opened_at,
            taken_by=handover.taken_by,
            has_contact=handover.contact is not None,
            position=await queries.position(db, handover) if handover.state == "waiting" else None,
        )


async def _person(db: AsyncSession, code: str) -> Person:
    person = await queries.person_by_code(db, code)
    if person is None:
        raise UnknownPerson(code)
    return person


def _alert(alert: CareAlert, code: str) -> AlertView:
    return AlertView(code, alert.kind, alert.words, alert.found_by, alert.stops, alert.at, alert.acknowledged_by)
