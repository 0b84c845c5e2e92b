"""Somebody who talks about events, turn by turn."""

from __future__ import annotations

import json

from bot.events import wording
from bot.events.talk import EventTalk, Looking, Told
from tests.said import Said


class Caller(Said):
    """Somebody who talks about events: what they remember goes in and out through the engine's slot."""

    def __init__(self, talk: EventTalk, person: int) -> None:
        self._talk, self.id = talk, person
        self.told: Told | None = None
        self.slot: dict | None = None

    async def say(self, text: str, topic: str = "job-fair") -> str:
        looking = Looking.from_slot(self.slot)
        return self._after(await self._talk.said(text, looking, str(self.id), topic=topic))

    async def press(self, do: str, of: str | int | None = None, key: str | None = None) -> str:
        of = None if of is None else str(of)
        return self._after(await self._talk.pressed(do, of, key, Looking.from_slot(self.slot), str(self.id)))

    def payload(self, label: str) -> dict[str, str]:
        """What a press on the first choice of the last reply that is labelled so says."""
        cards = [choice for card in self.reply.cards for choice in card.choices]
        choice = next(c for c in (*self.reply.filters, *self.reply.choices, *cards) if c.label.startswith(label))
        return json.loads(choice.payload.removeprefix(f"/{wording.INTENT}"))

    async def press_labelled(self, label: str) -> str:
        return await self.press(**self.payload(label))

    def _after(self, told: Told) -> str:
        self.told = told
        self.slot = json.loads(json.dumps(told.looking.to_slot()))  # as the engine's tracker keeps it
        return "\n".join(told.reply.paragraphs)

    @property
    def looking(self) -> Looking:
        return Looking.from_slot(self.slot)
