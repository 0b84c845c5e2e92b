"""A contact for a booking, taken on the way in: the dialogue and the record only ever see it masked."""

from __future__ import annotations

from typing import Any

from bot.conversations.masking import contact_in as written_otherwise
from bot.guidance import rules
from bot.guidance.service import Guidance
from bot.text.guidance_wishes import contact_in
from bot.text.normal import normalise


class ContactKeeper:
    """Keeps a contact that was asked for, and no other number."""

    def __init__(self, guidance: Guidance) -> None:
        self._guidance = guidance

    async def __call__(self, person_id: int, slots: dict[str, Any], raw: str) -> None:
        """Seal the contact in a text where the last thing asked was one; nothing otherwise."""
        booking = slots.get("booking") or {}
        if booking.get("step") != "contact" or booking.get("about") is None:
            return
        contact = contact_in(normalise(raw)) or written_otherwise(raw)
        if contact is None:
            return
        try:
            await self._guidance.set_contact(person_id, booking["about"], contact)
        except rules.UnknownBooking:
            return  # called off meanwhile: the dialogue says so
