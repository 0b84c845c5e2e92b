"""A talk about what is stored of somebody. The state comes in and goes out, nothing is held."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clock import Clock
from bot.privacy import wording
from bot.privacy.service import Privacy
from bot.privacy.views import Kept
from bot.reply import Reply
from bot.text.privacy_wishes import answer_to, belongs, read_privacy_wish

PersonOf = Callable[[str], Awaitable[int]]
"""The person of a conversation, by its code."""
State = dict[str, Any] | None


@dataclass(frozen=True)
class Told:
    """A reply, and the slot's value after it; None: no question is open."""

    reply: Reply
    state: State


class PrivacyTalk:
    """Answers each turn. `state` is the value of the slot `privacy`: the question that is open.

    `step` forget: whether all is to be deleted; `open` tells that something is booked, `fixed` that some of it stays.
    withdraw: which consent is to be taken back; `kinds` are those there are.
    """

    def __init__(self, privacy: Privacy, person_of: PersonOf, clock: Clock) -> None:
        self._privacy, self._person_of, self._clock = privacy, person_of, clock

    async def said(
        self, text: str, now: datetime | None, state: State, conversation: str, *, intent: str | None = None
    ) -> Told:
        """A typed turn."""
        moment = now or self._clock()
        if state and belongs(text, state, moment):
            return await self._answered(answer_to(text, state), state, conversation)
        return await self._asked(read_privacy_wish(text).do, moment, conversation)

    async def pressed(
        self, do: str, of: str | None, key: str | None, now: datetime | None, state: State, conversation: str
    ) -> Told:
        """A pressed choice."""
        moment = now or self._clock()
        match do:
            case "forget_now" | "forget_keep":
                return await self._forget(conversation, keep_open=do == "forget_keep")
            case "withdraw_now":
                return await self._withdraw(conversation, of)
            case "stop":
                return Told(wording.LEFT_ALONE, None)
        return await self._asked(do, moment, conversation)

    async def resume(self, now: datetime | None, state: State) -> Reply | None:
        """Nothing: who turned to something else is not asked again whether to delete all."""
        return None

    async def _asked(self, do: str | None, moment: datetime, conversation: str) -> Told:
        kept = await self._privacy.kept(await self._person_of(conversation))
        match do:
            case "what":
                return Told(wording.kept(kept), None)
            case "export":
                return Told(wording.EXPORT, None)
            case "forget":
                return Told(wording.confirm_forget(kept), _forget_state(kept, moment))
            case "withdraw":
                if not kept.consents:
                    return Told(wording.NO_CONSENT, None)
                kinds = [consent.kind for consent in kept.consents]
                state = {"step": "withdraw", "kinds": kinds, "at": moment.isoformat()}
                return Told(wording.which_consent(kept.consents), state)
            case "who":
                return Told(wording.WHO, None)
            case "how_long":
                return Told(wording.how_long(kept), None)
            case "partly":
                return Told(wording.PARTLY, None)
            case "correct":
                return Told(wording.CORRECT, None)
            case "never":
                return Told(wording.never(kept), None)
        return Told(wording.MENU, None)

    async def _answered(self, answer: str | None, state: dict[str, Any], conversation: str) -> Told:
        """A short answer to the open question. A bare yes with something booked is asked again: it may mean either."""
        if answer == "no":
            return Told(wording.LEFT_ALONE, None)
        if state["step"] == "withdraw":
            return await self._withdraw(conversation, None)
        if answer == "yes" and state.get("open"):
            return Told(wording.WHICH_OF_BOTH, state)
        return await self._forget(conversation, keep_open=answer == "keep")

    async def _forget(self, conversation: str, *, keep_open: bool) -> Told:
        keeps = await self._privacy.ask_to_forget(await self._person_of(conversation), keep_open=keep_open)
        return Told(wording.FORGETTING_BUT if keeps else wording.FORGETTING, None)

    async def _withdraw(self, conversation: str, of: str | None) -> Told:
        person = await self._person_of(conversation)
        there = [consent.kind for consent in (await self._privacy.kept(person)).consents]
        kinds = [kind for kind in there if of in (None, "all", kind)]
        if not kinds:
            return Told(wording.NO_CONSENT, None)
        await self._privacy.withdraw(person, kinds)
        return Told(wording.withdrawn(kinds, left=len(there) - len(kinds)), None)


def _forget_state(kept: Kept, moment: datetime) -> dict[str, Any]:
    return {"step": "forget", "open": bool(wording.callable_off(kept)), "at": moment.isoformat()}
