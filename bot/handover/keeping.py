"""A contact left with a message, taken on the way in: the dialogue and the record only ever see it masked."""

from __future__ import annotations

from typing import Any

from bot.conversations.receiving import KeepPrivate
from bot.handover.service import Handovers
from bot.text.guidance_wishes import contact_in
from bot.text.normal import normalise


class MessageContactKeeper:
    """Keeps a contact where a message was left or is asked for, and no other number."""

    def __init__(self, handovers: Handovers) -> None:
        self._handovers = handovers

    async def __call__(self, person_id: int, slots: dict[str, Any], raw: str) -> None:
        """Seal the contact in a text where the last thing asked was a message or how to be reached."""
        state = slots.get("message") or {}
        if state.get("step") not in ("message", "contact"):
            return
        if contact := contact_in(normalise(raw)):
            await self._handovers.keep_contact(person_id, state["of"], contact)


def each_keeps(*keepers: KeepPrivate) -> KeepPrivate:
    """One for several: each gets what was written and keeps what is its own."""

    async def keep(person_id: int, slots: dict[str, Any], raw: str) -> None:
        for one in keepers:
            await one(person_id, slots, raw)

    return keep
