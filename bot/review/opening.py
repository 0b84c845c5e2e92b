"""What is kept sealed of a person, opened for a reason: contacts of sessions and of questions left for the staff."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag

from bot.clock import Clock
from bot.guidance.contacts import Contacts
from bot.guidance.record_queries import put_down_reading as read_of_booking
from bot.guidance.record_queries import sealed_contact
from bot.handover.queries import put_down_reading as read_of_handover
from bot.handover.service import SEALED_FOR
from bot.review import queries, rules
from bot.review.notes import masked
from bot.review.rules import Unknown
from bot.review.views import Sealed
from bot.store import Sessions

REASON_LIMIT = 100  # characters


class Opening:
    """Opens contacts under the secret they were sealed with."""

    def __init__(self, sessions: Sessions, clock: Clock, secret: str) -> None:
        self._sessions, self._clock = sessions, clock
        self._booked, self._handed = Contacts(secret), Contacts(secret, SEALED_FOR)

    async def open_(self, code: str, by: str, reason: str) -> tuple[str, list[Sealed]]:
        """The reason as it may be kept (masked), and the contacts of a conversation's person, the latest first.

        Each that is read leaves a row. One sealed with another key is left out. Raises Unknown, and Unfit for a reason.
        """
        reason = masked(rules.clean_text("reason", reason, REASON_LIMIT, least=rules.REASON_LEAST))
        now = self._clock()
        opened: list[Sealed] = []
        async with self._sessions.begin() as db:
            if (found := await queries.talk(db, code)) is None:
                raise Unknown
            person = found[0].person_id
            for booking_id, number, starts_at in await queries.booked_contacts(db, person):
                sealed = await sealed_contact(db, booking_id)
                if sealed and (text := _opened(self._booked, booking_id, sealed)) is not None:
                    read_of_booking(db, booking_id, "contact", by, now)
                    opened.append(Sealed(f"预约 {number}", text, starts_at))
            for handover in await queries.handed_contacts(db, person):
                if handover.contact and (text := _opened(self._handed, handover.id, handover.contact)) is not None:
                    read_of_handover(db, handover.id, by, now)
                    opened.append(Sealed("找真人时留的", text, handover.opened_at))
        return reason, sorted(opened, key=lambda one: one.at, reverse=True)


def _opened(contacts: Contacts, number: int, sealed: bytes) -> str | None:
    try:
        return contacts.open_(number, sealed)
    except InvalidTag:
        return None
