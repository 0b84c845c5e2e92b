"""The eligibility check, and what follows on its result."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import CarefulAction, Events, entities, moment_of, say
from bot.eligibility.talk import EligibilityTalk


class ActionCheck(CarefulAction):
    """One turn of the check: begin it, take an answer, give the result."""

    def __init__(self, talk: EligibilityTalk) -> None:
        self._talk = talk

    def name(self) -> str:
        """As the rules call it."""
        return "action_check"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Go on with the check that is open, or begin one."""
        state, now = tracker.get_slot("check"), moment_of(tracker)
        pressed, said = entities(tracker), tracker.latest_message
        text = said.get("text") or ""
        if "do" in pressed:
            told = await self._talk.pressed(
                pressed["do"], pressed.get("of"), pressed.get("key"), now, state, tracker.sender_id
            )
        elif text.startswith("/"):  # pressed from the greeting
            told = await self._talk.pressed("start", None, None, now, state, tracker.sender_id)
        else:
            intent = (said.get("intent") or {}).get("name")
            told = await self._talk.said(text, now, state, tracker.sender_id, intent=intent)
        say(dispatcher, told.reply)
        return [SlotSet("check", told.state), SlotSet("doing", "check"), SlotSet("outcome", None)]
