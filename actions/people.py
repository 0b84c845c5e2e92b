"""A person instead of the bot: the queue, and messages outside hours."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import CarefulAction, Events, entities, moment_of, say
from actions.knowledge import question_of
from bot.handover.talk import PersonTalk


class ActionHuman(CarefulAction):
    """One turn of the way to a person."""

    def __init__(self, talk: PersonTalk) -> None:
        self._talk = talk

    def name(self) -> str:
        """As the rules call it."""
        return "action_human"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Go on with what is open, or ask for a person."""
        state, now, pressed = tracker.get_slot("message"), moment_of(tracker), entities(tracker)
        question = question_of(tracker)
        if "do" in pressed or question.text.startswith("/"):  # a press from elsewhere brings nothing along: it begins
            told = await self._talk.pressed(
                pressed.get("do", "ask"), pressed.get("of"), pressed.get("key"), now, state, tracker.sender_id
            )
        else:
            told = await self._talk.said(question.text, now, state, tracker.sender_id, intent=question.intent)
        say(dispatcher, told.reply)
        return [SlotSet("message", told.state), SlotSet("doing", "human"), SlotSet("outcome", None)]
