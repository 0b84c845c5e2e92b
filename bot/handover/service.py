"""A question handed over to a person: what the asker does, what the staff do, and what time does."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.base import Shown
from bot.clock import Clock, today
from bot.conversations import queries as record
from bot.conversations.finding import UnknownConversation
from bot.conversations.tables import Conversation
from bot.guidance.calendar import WorkCalendar
from bot.guidance.contacts import Contacts
from bot.handover import queries, rules, wording
from bot.handover.hours import StaffHours
from bot.handover.lines import expired, told
from bot.handover.staff import Staff
from bot.handover.tables import Handover
from bot.handover.views import HandoverView
from bot.settings import Settings
from bot.store import Sessions
from bot.text.office_hours import read_office_hours

SEALED_FOR = "handover"
_SAME = timedelta(minutes=10)  # the same message so soon after is a turn that was carried out twice


class Handovers(Staff):
    """The queue for a person. Each method is one transaction; what cannot be is a rules.Refusal."""

    def __init__(
        self, sessions: Sessions, clock: Clock, hours: StaffHours, contacts: Contacts, *, quiet: timedelta
    ) -> None:
        super().__init__(sessions, clock)
        self.hours, self._contacts, self._quiet = hours, contacts, quiet

    @classmethod
    def from_settings(cls, settings: Settings, sessions: Sessions, clock: Clock) -> Handovers:
        """The queue as the settings have it."""
        return cls(
            sessions,
            clock,
            StaffHours(read_office_hours(settings.staff_hours), WorkCalendar()),
            Contacts(settings.contact_secret, SEALED_FOR),
            quiet=timedelta(minutes=settings.staff_quiet_minutes),
        )

    # -- the person ------------------------------------------------------------------------------------------------

    async def begin(self, conversation: str) -> HandoverView:
        """Want a person: a question that is still to be said, or the one that is open already."""
        try:
            return await self._begin(conversation)
        except IntegrityError:  # opened by another turn of theirs at the same moment
            return await self._begin(conversation)

    async def _begin(self, conversation: str) -> HandoverView:
        async with self._sessions.begin() as db:
            talk = await _talk(db, conversation)
            if (handover := await queries.current(db, talk.person_id)) is None:
                handover = self._new(talk, "asking")
                db.add(handover)
                await db.flush()
            return await self._view(db, handover)

    async def current(self, conversation: str) -> HandoverView | None:
        """What is open of the person in a conversation."""
        async with self._sessions() as db:
            talk = await _talk(db, conversation)
            handover = await queries.current(db, talk.person_id)
            return await self._view(db, handover) if handover else None

    async def ask(self, conversation: str, question: str) -> HandoverView:
        """Say what it is about: from then on it waits, or is a message where nobody is there. The same again is one."""
        now = self._clock()
        async with self._sessions.begin() as db:
            talk = await _talk(db, conversation)
            handover = await queries.current(db, talk.person_id)
            if handover is None:
                latest = (await queries.of_person(db, talk.person_id, 1) or [None])[0]
                if (
                    latest
                    and latest.state == "message"
                    and latest.question == question
                    and now - latest.opened_at < _SAME
                ):
                    return await self._view(db, latest)
                handover = self._new(talk, "asking")
                db.add(handover)
            if handover.question is None:
                handover.question, handover.opened_at = question, now
            elif question not in handover.question.split("\n"):
                handover.question += f"\n{question}"
            if handover.state == "asking":
                handover.state = "waiting" if self.hours.is_open(now) else "message"
            await db.flush()
            return await self._view(db, handover)

    async def leave(self, conversation: str) -> bool:
        """Want nobody any more; False where they wait for nobody."""
        async with self._sessions.begin() as db:
            talk = await _talk(db, conversation)
            return await queries.leave(db, talk.person_id, self._clock())

    async def leave_message(self, conversation: str) -> HandoverView | None:
        """Rather leave what they asked as a message than wait; None where they wait for nobody."""
        async with self._sessions.begin() as db:
            talk = await _talk(db, conversation)
            handover = await queries.current(db, talk.person_id)
            if handover is None or (handover := await queries.turn_into_message(db, handover.id)) is None:
                return None
            return await self._view(db, handover)

    async def keep_contact(self, person_id: int, handover_id: int, contact: str) -> bool:
        """Keep how to reach somebody, sealed; False where that is no open handover or message of theirs."""
        async with self._sessions.begin() as db:
            handover = await db.get(Handover, handover_id)
            if handover is None or handover.person_id != person_id or handover.closed_at is not None:
                return False
            handover.contact = self._contacts.seal(handover_id, contact)
            return True

    async def has_contact(self, handover_id: int) -> bool:
        """Whether a contact is kept with a handover."""
        async with self._sessions() as db:
            handover = await db.get(Handover, handover_id)
            return handover is not None and handover.contact is not None

    # -- time ------------------------------------------------------------------------------------------------------

    async def tend(self) -> list[Shown]:
        """What time brings: talks in which staff fell silent go back, and who still waits when the day ends is told."""
        now = self._clock()
        async with self._sessions() as db:
            quiet = await queries.quiet(db, now - self._quiet)
            over = [] if self.hours.is_open(now) else [h.id for h, _ in await queries.in_state(db, "waiting")]
        lines: list[Shown | None] = []
        for handover_id in quiet:
            async with self._sessions.begin() as db:
                lines.append(await expired(db, handover_id, quiet=self._quiet, now=now))
        for handover_id in over:
            async with self._sessions.begin() as db:
                if (handover := await queries.turn_into_message(db, handover_id)) is not None:
                    reply = wording.hours_over(self.hours.next_open(now), today(self._clock))
                    lines.append(await told(db, handover, reply, now))
        async with self._sessions.begin() as db:
            await queries.drop_unasked(db, now - rules.ASKED_FOR)
        return [line for line in lines if line is not None]

    async def last_message(self) -> int:
        """The highest id of any message."""
        async with self._sessions() as db:
            return await queries.last_message(db)

    async def staff_lines(self, after: int) -> list[Shown]:
        """What staff wrote, or what is about them, with an id above `after`, in order."""
        async with self._sessions() as db:
            return await queries.from_staff(db, after)

    def _new(self, talk: Conversation, state: str) -> Handover:
        return Handover(
            person_id=talk.person_id,
            identity_id=talk.identity_id,
            conversation_id=talk.id,
            state=state,
            opened_at=self._clock(),
        )


async def _talk(db: AsyncSession, conversation: str) -> Conversation:
    talk = await record.conversation_by_code(db, conversation)
    if talk is None:
        raise UnknownConversation(conversation)
    return talk
