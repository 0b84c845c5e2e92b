"""Booking a one-on-one session, and what belongs to it."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import CarefulAction, Events, entities, moment_of, say
from actions.knowledge import question_of, remembered
from bot.guidance.talk import GuidanceTalk
from bot.knowledge.rules import asked_aspect, plainly_about
from bot.knowledge.service import Knowledge

ABOUT = "guidance-session"  # the topic that tells what guidance is


class ActionGuidance(CarefulAction):
    """One turn of a booking; a question about guidance itself is answered from the knowledge."""

    def __init__(self, talk: GuidanceTalk, knowledge: Knowledge) -> None:
        self._talk, self._knowledge = talk, knowledge

    def name(self) -> str:
        """As the rules call it."""
        return "action_guidance"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Go on with what is open, or begin."""
        state, now = tracker.get_slot("booking"), moment_of(tracker)
        pressed, question = entities(tracker), question_of(tracker)
        if "do" in pressed:
            told = await self._talk.pressed(
                pressed["do"], pressed.get("of"), pressed.get("key"), now, state, tracker.sender_id
            )
        else:
            meant = plainly_about(question)
            if state is None and meant and meant != "guidance-session" and question.confidence < 1:
                answered = await self._knowledge.serve(meant, asked_aspect(question.aspects))
                say(dispatcher, answered.reply)
                return remembered(answered, 0)
            told = await self._talk.said(question.text, now, state, tracker.sender_id, intent=question.intent)
        reply = told.reply
        if state is None and told.state is not None and "do" not in pressed:
            reply = await self._knowledge.beside(reply, ABOUT)
        say(dispatcher, reply)
        return [SlotSet("booking", told.state), SlotSet("doing", "guidance"), SlotSet("outcome", None)]
