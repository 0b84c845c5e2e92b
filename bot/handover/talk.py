"""A talk about a person: what it is about, the queue, a message outside the hours, and how to be reached.

The state comes out of the slot `message` and goes back into it: `step` is what was asked last (question, message,
contact) or `waiting`, `of` the handover, `at` the moment.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import SHANGHAI, Clock
from bot.handover import wording
from bot.handover.service import Handovers
from bot.handover.views import HandoverView
from bot.reply import Reply
from bot.text import person_wishes as wishes
from bot.text.guidance_wishes import contact_in
from bot.text.normal import normalise

PersonOf = Callable[[str], Awaitable[int]]
"""The person of a conversation, by its code."""
State = dict[str, Any] | None


@dataclass(frozen=True)
class Told:
    """A reply, and the slot's value after it; None: nothing is open."""

    reply: Reply
    state: State


class PersonTalk:
    """Answers each turn about a person. `state` is the value of the slot `message`."""

    def __init__(self, handovers: Handovers, person_of: PersonOf, clock: Clock) -> None:
        self._handovers, self._person_of, self._clock = handovers, person_of, clock

    async def said(
        self, text: str, now: datetime | None, state: State, conversation: str, *, intent: str | None = None
    ) -> Told:
        """A typed turn: of the talk that is open, or the wish that begins one."""
        moment = now or self._clock()
        step = state["step"] if state and wishes.belongs(text, state, moment) else None
        match step:
            case "question" | "message":
                return await self._question(text, moment, conversation)
            case "contact" if state is not None:
                return await self._contact(text, state, moment, conversation)
            case "waiting":
                return await self._waiting(text, moment, state, conversation)
        return await self._wanted(text, moment, conversation)

    async def pressed(
        self, do: str, of: str | None, key: str | None, now: datetime | None, state: State, conversation: str
    ) -> Told:
        """A pressed choice."""
        moment = now or self._clock()
        match do:
            case "stop" | "leave":
                left = await self._handovers.leave(conversation)
                return Told(wording.LEFT if do == "leave" and left else wording.STOPPED, None)
            case "place":
                return await self._place(moment, conversation)
            case "note":
                return await self._note(moment, conversation)
            case "no_contact":
                return Told(wording.CONTACT_SKIPPED, None)
        return await self._wanted("", moment, conversation)

    async def resume(self, now: datetime | None, state: State) -> Reply | None:
        """The question once more after something else was answered; None where nothing is asked."""
        moment = now or self._clock()
        if not state or state["step"] not in ("question", "message") or not wishes.belongs("", state, moment):
            return None
        return wording.ASK_AGAIN

    async def _wanted(self, text: str, now: datetime, conversation: str) -> Told:
        """Somebody wants a person; what they say of it goes with it."""
        question = wishes.question_in(text)
        current = await self._handovers.current(conversation)
        if current and current.state == "waiting":
            if question:
                return Told(
                    wording.added((await self._handovers.ask(conversation, question)).position or 1),
                    _waits(current, now),
                )
            return await self._place(now, conversation)
        if question:
            return await self._asked(question, now, conversation)
        asking = await self._handovers.begin(conversation)
        if self._handovers.hours.is_open(now):
            return Told(wording.ASK, _state("question", asking, now))
        hours = self._handovers.hours
        reply = wording.ask_message(hours.next_open(now), now.astimezone(SHANGHAI).date(), hours.week())
        return Told(reply, _state("message", asking, now))

    async def _question(self, text: str, now: datetime, conversation: str) -> Told:
        if wishes.stops(text):
            await self._handovers.leave(conversation)
            return Told(wording.STOPPED, None)
        return await self._asked(text.strip(), now, conversation)

    async def _asked(self, question: str, now: datetime, conversation: str) -> Told:
        asked = await self._handovers.ask(conversation, question)
        if asked.state == "message":
            return self._left(asked, now)
        return Told(wording.queued(asked.position or 1), _waits(asked, now))

    def _left(self, message: HandoverView, now: datetime) -> Told:
        opens = self._handovers.hours.next_open(now)
        reply = wording.left_message(opens, now.astimezone(SHANGHAI).date(), has_contact=message.has_contact)
        return Told(reply, None if message.has_contact else _state("contact", message, now))

    async def _contact(self, text: str, state: dict[str, Any], now: datetime, conversation: str) -> Told:
        """How to reach them: kept on the way in where the channel masks, here where it does not."""
        if not wishes.gives_contact(text):
            return Told(wording.CONTACT_SKIPPED, None)
        if contact := contact_in(normalise(text)):
            await self._handovers.keep_contact(await self._person_of(conversation), state["of"], contact)
        if await self._handovers.has_contact(state["of"]):
            return Told(wording.CONTACT_NOTED, None)
        return Told(wording.CONTACT_AGAIN, {**state, "at": now.isoformat()})

    async def _waiting(self, text: str, now: datetime, state: State, conversation: str) -> Told:
        if wishes.leaves_note(text):
            return await self._note(now, conversation)
        if wishes.waits_no_more(text):
            return Told(wording.LEFT if await self._handovers.leave(conversation) else wording.NOT_WAITING, None)
        return await self._place(now, conversation)

    async def _place(self, now: datetime, conversation: str) -> Told:
        current = await self._handovers.current(conversation)
        if current is None or current.position is None:
            return Told(wording.NOT_WAITING, None)
        return Told(wording.queued(current.position, again=True), _waits(current, now))

    async def _note(self, now: datetime, conversation: str) -> Told:
        message = await self._handovers.leave_message(conversation)
        return self._left(message, now) if message else Told(wording.NOT_WAITING, None)


def _state(step: str, of: HandoverView, now: datetime) -> dict[str, Any]:
    return {"step": step, "of": of.id, "at": now.isoformat()}


def _waits(of: HandoverView, now: datetime) -> dict[str, Any]:
    return _state("waiting", of, now)
