"""Somebody who talks to the booking desk: types, presses, and remembers what the dialogue would."""

from __future__ import annotations

import json

from guidance_desk import Desk

from bot.guidance.talk import GuidanceTalk


class Person:
    """Somebody who talks, with what the dialogue remembers between the turns."""

    def __init__(self, clock, number: int = 1, desk: Desk | None = None) -> None:
        self.clock, self.number = clock, number
        self.desk = desk or Desk(clock)
        self.talk = GuidanceTalk(self.desk, self._person, clock)
        self.state, self.reply = None, None

    async def _person(self, conversation: str) -> int:
        assert conversation == f"c{self.number}"
        return self.number

    async def say(self, *texts: str) -> str:
        for text in texts:
            self._take(await self.talk.said(text, None, self.state, f"c{self.number}"))
        return "\n".join(self.reply.paragraphs)

    async def press(self, label: str) -> str:
        payload = next(c.payload for c in self.choices() if c.label == label)
        return await self.send(payload)

    async def send(self, payload: str) -> str:
        told = json.loads(payload.removeprefix("/book_guidance"))
        self._take(
            await self.talk.pressed(told["do"], told.get("of"), told.get("key"), None, self.state, f"c{self.number}")
        )
        return "\n".join(self.reply.paragraphs)

    def choices(self):
        in_days = [c for day in self.reply.days for c in day.choices]
        return [*self.reply.choices, *in_days, *(c for card in self.reply.cards for c in card.choices)]

    def labels(self) -> list[str]:
        return [c.label for c in self.reply.choices]

    def booked(self) -> list[tuple]:
        return [(b.starts_at, b.mode, b.adviser.name, b.topic) for b in self.desk.of(self.number, "booked")]

    def _take(self, told) -> None:
        self.reply = told.reply
        self.state = json.loads(json.dumps(told.state)) if told.state else None
