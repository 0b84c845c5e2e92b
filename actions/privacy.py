"""What is stored of a person: told, taken away, taken back, deleted."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import CarefulAction, Events, entities, moment_of, say
from actions.knowledge import question_of
from bot.privacy.talk import PrivacyTalk


class ActionPrivacy(CarefulAction):
    """One turn about what is stored."""

    def __init__(self, talk: PrivacyTalk) -> None:
        self._talk = talk

    def name(self) -> str:
        """As the rules call it."""
        return "action_privacy"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Answer, or go on with the question that is open."""
        state, now, pressed = tracker.get_slot("privacy"), moment_of(tracker), entities(tracker)
        if "do" in pressed:
            told = await self._talk.pressed(
                pressed["do"], pressed.get("of"), pressed.get("key"), now, state, tracker.sender_id
            )
        else:
            question = question_of(tracker)
            told = await self._talk.said(question.text, now, state, tracker.sender_id, intent=question.intent)
        say(dispatcher, told.reply)
        return [SlotSet("privacy", told.state), SlotSet("doing", "privacy"), SlotSet("outcome", None)]
