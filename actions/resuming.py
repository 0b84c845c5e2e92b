"""After an answer to something else, the step of what was left open is offered again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import CarefulAction, Events, moment_of, say
from bot.reply import Reply


class Resumable(Protocol):
    """A talk over several turns whose state lives in a slot."""

    async def resume(self, now: datetime | None, state: dict[str, Any] | None) -> Reply | None:
        """The same step once more; None where nothing is to be decided."""


class ActionResume(CarefulAction):
    """Offers the step of the innermost open talk that waits for an answer. `talks`: by their slots, innermost first."""

    def __init__(self, talks: Mapping[str, Resumable]) -> None:
        self._talks = talks

    def name(self) -> str:
        """As the policy calls it."""
        return "action_resume"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Say the step; nothing changes."""
        for slot, talk in self._talks.items():
            if (state := tracker.get_slot(slot)) and (
                reply := await talk.resume(moment_of(tracker), state)
            ) is not None:
                say(dispatcher, reply)
                break
        return []
