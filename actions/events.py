"""What is on: fairs, experience days and trainings; signing up and stepping back."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import CarefulAction, Events, entities, say
from actions.knowledge import question_of, remembered
from bot.events.talk import EventTalk, Looking
from bot.knowledge.rules import asked_aspect, plainly_about
from bot.knowledge.service import Knowledge

TOPICS = frozenset({"job-fair", "experience-day", "skills-training"})
HOW = frozenset({"who", "amount", "materials", "process", "contact", "notes"})
"""Aspects that ask how events are held; when and where are answered by what is on."""


class ActionEvents(CarefulAction):
    """Lists events, shows one, signs up; answers where the words plainly ask how such events are held."""

    def __init__(self, talk: EventTalk, knowledge: Knowledge) -> None:
        self._talk, self._knowledge = talk, knowledge

    def name(self) -> str:
        """As the rules call it."""
        return "action_events"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """One turn of the talk about events."""
        before = Looking.from_slot(tracker.get_slot("looking"))
        pressed = entities(tracker)
        question = question_of(tracker)
        meant = plainly_about(question)
        aspect = asked_aspect(question.aspects)
        if "do" in pressed:
            told = await self._talk.pressed(
                pressed["do"], pressed.get("of"), pressed.get("key"), before, tracker.sender_id
            )
        elif meant and (meant not in TOPICS or self._asks_how(aspect, question.text, before)):
            answered = await self._knowledge.serve(meant, aspect)
            say(dispatcher, answered.reply)
            return remembered(answered, 0)
        else:
            topic = meant if meant in TOPICS else "job-fair"
            told = await self._talk.said(question.text, before, tracker.sender_id, topic=topic)
        say(dispatcher, told.reply)
        return [
            SlotSet("looking", told.looking.to_slot()),
            SlotSet("doing", "events"),
            SlotSet("outcome", None),
            SlotSet("offered", []),
        ]

    def _asks_how(self, aspect: str, text: str, before: Looking) -> bool:
        """Whether it is asked how such events are held, out of the blue."""
        return aspect in HOW and not before.page and not self._talk.narrows(text)
