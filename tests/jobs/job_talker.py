"""Somebody who talks about postings, turn by turn."""

from __future__ import annotations

import json

from bot.jobs import wording
from bot.jobs.talk import JobTalk, Search, Told
from tests.said import Said


class Talker(Said):
    """Somebody who talks about jobs: what they remember goes in and out through the engine's slot."""

    def __init__(self, talk: JobTalk, conversation: str) -> None:
        self._talk, self._conversation = talk, conversation
        self.told: Told | None = None
        self.slot: dict | None = None

    async def say(self, text: str) -> str:
        return self._after(await self._talk.said(text, Search.from_slot(self.slot), self._conversation))

    async def press(self, do: str, of: str | int | None = None) -> str:
        of = None if of is None else str(of)
        return self._after(await self._talk.pressed(do, of, Search.from_slot(self.slot), self._conversation))

    async def press_labelled(self, label: str) -> str:
        """Press the first choice of the last reply whose label begins so, as its payload says."""
        cards = [choice for card in self.reply.cards for choice in card.choices]
        choice = next(c for c in (*self.reply.choices, *self.reply.filters, *cards) if c.label.startswith(label))
        told = json.loads(choice.payload.removeprefix(f"/{wording.INTENT}"))
        return await self.press(told["do"], told.get("of"))

    def _after(self, told: Told) -> str:
        self.told = told
        # as the engine's tracker keeps it
        self.slot = json.loads(json.dumps(told.search.to_slot())) if told.search else None
        return "\n".join(told.reply.paragraphs)

    @property
    def search(self) -> Search | None:
        return Search.from_slot(self.slot)
