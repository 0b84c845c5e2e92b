"""A question for the programme, and what is asked about the programme itself."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import CarefulAction, Events, entities, moment_of, say
from actions.knowledge import question_of, remembered
from bot.knowledge.rules import asked_aspect, plainly_about
from bot.knowledge.service import Knowledge
from bot.radio.talk import RadioTalk
from bot.radio.wording import with_asking
from bot.text.radio_wishes import is_about_programme, names_programme

ABOUT = "radio-show"  # the topic that tells what the programme is


class ActionAskRadio(CarefulAction):
    """One turn of a question for the programme; what is asked about the programme is answered from the knowledge."""

    def __init__(self, talk: RadioTalk, knowledge: Knowledge) -> None:
        self._talk, self._knowledge = talk, knowledge

    def name(self) -> str:
        """As the rules call it."""
        return "action_ask_radio"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Go on with what is open, or begin."""
        state, now = tracker.get_slot("question"), moment_of(tracker)
        pressed, question = entities(tracker), question_of(tracker)
        meant = plainly_about(question)
        if "do" in pressed or question.text.startswith("/"):  # a press from elsewhere brings nothing along: it begins
            told = await self._talk.pressed(
                pressed.get("do", "ask"), pressed.get("of"), pressed.get("key"), now, state, tracker.sender_id
            )
        elif state is None and is_about_programme(question.text):
            answered = await self._knowledge.serve(ABOUT, asked_aspect(question.aspects))
            say(dispatcher, with_asking(answered.reply))
            return remembered(answered, 0)
        elif state is None and meant and meant != ABOUT and not names_programme(question.text):
            answered = await self._knowledge.serve(meant, asked_aspect(question.aspects))
            say(dispatcher, answered.reply)
            return remembered(answered, 0)
        else:
            told = await self._talk.said(question.text, now, state, tracker.sender_id, intent=question.intent)
        reply = told.reply
        if state is None and told.state is not None and "do" not in pressed and meant and meant != ABOUT:
            reply = await self._knowledge.beside(reply, meant)  # what is known is read sooner than it is on air
        say(dispatcher, reply)
        return [SlotSet("question", told.state), SlotSet("doing", "radio"), SlotSet("outcome", None)]
