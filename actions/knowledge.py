"""Policy questions, follow-ups, and what to do with a question that nothing else understood."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import CarefulAction, Events, entities, say
from bot.care import wording, wording_scams
from bot.eligibility.service import EligibilityCheck
from bot.knowledge.files import GENERAL
from bot.knowledge.rules import SERVE, Question, asked_aspect, asked_term, plainly_about
from bot.knowledge.service import Answered, Knowledge
from bot.radio.answers.serving import Guests
from bot.reply import Reply
from bot.text.encoder import unpacked
from bot.text.scam_tales import signs_told

SERVICES = {
    "scam_report": ("utter_scam", "job-scam"),
}
"""What is said first, and the topic that says what there is to know, by the intent that asks for a service."""

NEVER_A_QUESTION = frozenset({"scam_report"})


class ActionAnswer(CarefulAction):
    """Answers, offers topics or says that it does not know."""

    def __init__(self, knowledge: Knowledge, check: EligibilityCheck, guests: Guests) -> None:
        self._knowledge, self._check, self._guests = knowledge, check, guests

    def name(self) -> str:
        """As the rules call it."""
        return "action_answer"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Say what the knowledge has on the latest message, what a guest of the programme said to it, and whether the
        person may claim it where they agreed to that."""
        misses, question = int(tracker.get_slot("misses") or 0), question_of(tracker)
        answered = await self._knowledge.answer(question, turn=misses)
        reply = answered.reply
        if answered.topic and answered.outcome == "served" and opens(answered, question):
            remark = await self._check.remark(tracker.sender_id, answered.topic)
            reply = reply.model_copy(update={"paragraphs": (*reply.paragraphs, remark)}) if remark else reply
        if answered.topic and answered.outcome == "served" and answered.aspect == GENERAL:
            reply = await self._guests.beside(reply, answered.topic)
        elif answered.outcome != "served":
            vector = unpacked(question.vector) if question.vector else None
            if answered.outcome == "offered":
                reply = await self._guests.besides_offer(reply, question.text, vector)
            elif (told := await self._guests.instead(question.text, vector)) is not None:
                reply, answered = told, replace(answered, reply=told, topic=None, aspect=None, outcome="served")
        say(dispatcher, reply)
        return remembered(answered, misses)


class ActionAnswerService(CarefulAction):
    """Says what there is to know about a service that somebody asked for."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def name(self) -> str:
        """As the rules call it."""
        return "action_answer_service"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Serve the topic of the latest intent, or the answer where the words plainly ask about another topic."""
        question = question_of(tracker)
        lead, service = SERVICES[question.intent]
        meant = plainly_about(question)
        if meant and meant != service and question.intent not in NEVER_A_QUESTION:
            answered = await self._knowledge.serve(meant, asked_aspect(question.aspects))
            say(dispatcher, answered.reply)
            return remembered(answered, 0)
        signs = signs_told(question.text) if question.intent == "scam_report" else ()
        if signs:
            say(dispatcher, wording_scams.named(signs))
        dispatcher.utter_message(response=lead)
        answered = await self._knowledge.serve(service)
        say(dispatcher, wording_scams.beside(answered.reply, signs, question.text))
        return remembered(answered, 0)


class ActionComfort(CarefulAction):
    """A warm word to somebody discouraged, with the offer of whom to talk to."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def name(self) -> str:
        """As the rules call it."""
        return "action_comfort"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Say it, and remember that it was offered."""
        dispatcher.utter_message(response="utter_distress_mild")
        say(dispatcher, await self._knowledge.beside(Reply(paragraphs=(), choices=(wording.SESSION,)), "job-stress"))
        return [SlotSet("outcome", "comforted"), SlotSet("offered", [])]


class ActionAnswerYes(CarefulAction):
    """A yes: to the help offered, to the first of the topics offered, or to nothing in particular."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def name(self) -> str:
        """As the rules call it."""
        return "action_answer_yes"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Serve what was offered."""
        outcome, offered = tracker.get_slot("outcome"), tracker.get_slot("offered")
        if outcome == "comforted":
            answered = await self._knowledge.serve("job-stress", "contact")
        elif outcome == "offered" and offered:
            answered = await self._knowledge.serve(offered[0])
        else:
            dispatcher.utter_message(response="utter_affirm")
            return []
        say(dispatcher, answered.reply)
        return remembered(answered, 0)


class ActionAnswerNo(CarefulAction):
    """A no: to the help offered, to all of the topics offered, or to nothing in particular."""

    def name(self) -> str:
        """As the rules call it."""
        return "action_answer_no"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """Take it, and forget what was offered."""
        said = {"comforted": "utter_here_when_needed", "offered": "utter_none_of_these"}
        dispatcher.utter_message(response=said.get(tracker.get_slot("outcome"), "utter_deny"))
        return [SlotSet("outcome", None), SlotSet("offered", [])]


class ActionSayAgain(CarefulAction):
    """Says the last answer again in plainer words."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    def name(self) -> str:
        """As the rules call it."""
        return "action_say_again"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """The topic's spoken form, or how to begin where nothing was answered yet."""
        question = question_of(tracker)
        topic = tracker.get_slot("topic")
        if asked_term(question.text):  # “贴息是啥意思” sounds like not having understood
            answered = await self._knowledge.answer(question, turn=int(tracker.get_slot("misses") or 0))
            say(dispatcher, answered.reply)
            return remembered(answered, 0)
        if not topic:
            dispatcher.utter_message(response="utter_help")
            return []
        answered = await self._knowledge.say_plainly(topic)
        say(dispatcher, answered.reply)
        return remembered(answered, 0)


def opens(answered: Answered, question: Question) -> bool:
    """Whether an answer is the first on its topic, or about whom it is for; not one more side of the same."""
    return answered.topic != question.current or answered.aspect in (GENERAL, "who")


def question_of(tracker: Tracker) -> Question:
    """The latest message and what was understood of it, beside what the dialogue remembers."""
    said = tracker.latest_message
    pressed = entities(tracker)
    talked = talked_of(tracker)
    return Question(
        text=said.get("text") or "",
        intent=(said.get("intent") or {}).get("name") or "",
        confidence=(said.get("intent") or {}).get("confidence") or 0.0,
        topics=_pairs(said.get("topic_ranking")),
        aspects=_pairs(said.get("aspect_ranking")),
        current=talked or tracker.get_slot("topic"),
        current_aspect=tracker.get_slot("aspect"),
        last_outcome=None if talked else tracker.get_slot("outcome"),
        last_offered=tuple(tracker.get_slot("offered") or ()),
        vector=said.get("sentence_vector"),
        chosen_topic=pressed.get("topic"),
        chosen_aspect=pressed.get("aspect"),
    )


def talked_of(tracker: Tracker) -> str | None:
    """What a follow-up on something that was no plain question is about, where both read together make it clear."""
    ranking = _pairs(tracker.latest_message.get("together_ranking"))
    return ranking[0][0] if ranking and ranking[0][1] >= SERVE else None


def _pairs(ranking: list[dict[str, Any]] | None) -> tuple[tuple[str, float], ...]:
    return tuple((entry["name"], entry["confidence"]) for entry in ranking or ())


def remembered(answered: Answered, misses: int) -> Events:
    """The slots after an answer; `misses` counts the turns since something was served."""
    return [
        SlotSet("doing", None),
        SlotSet("topic", answered.topic),
        SlotSet("aspect", answered.aspect),
        SlotSet("outcome", answered.outcome),
        SlotSet("offered", list(answered.offered)),
        SlotSet("misses", 0 if answered.outcome == "served" else misses + 1),
    ]
