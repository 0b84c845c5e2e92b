"""Searching the alliance's postings, and what follows on a list of them."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.base import CarefulAction, Events, entities, say
from actions.knowledge import question_of, remembered
from bot.jobs.talk import JobTalk, Search
from bot.knowledge.rules import SERVE, SURE, Question, asked_aspect, plainly_about
from bot.knowledge.service import Knowledge

QUESTION = 0.3  # share of `policy` from which a search may have been a question


class ActionJobs(CarefulAction):
    """Lists postings, refines, shows one, keeps one; answers where the words plainly ask about a policy."""

    def __init__(self, talk: JobTalk, knowledge: Knowledge) -> None:
        self._talk, self._knowledge = talk, knowledge

    def name(self) -> str:
        """As the rules call it."""
        return "action_jobs"

    async def act(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        """One turn of the talk about jobs."""
        before = Search.from_slot(tracker.get_slot("search"))
        pressed = entities(tracker)
        question = question_of(tracker)
        if "do" in pressed:
            told = await self._talk.pressed(pressed["do"], pressed.get("of"), before, tracker.sender_id)
        elif question.text.startswith(
            "/"
        ):  # pressed from the greeting or from elsewhere: a search for whatever there is
            told = await self._talk.pressed("again", None, Search(), tracker.sender_id)
        else:
            meant = plainly_about(question)
            if meant and question.confidence < 1 and not await self._talk.wished(question.text):
                answered = await self._knowledge.serve(meant, asked_aspect(question.aspects))
                say(dispatcher, answered.reply)
                return remembered(answered, 0)
            told = await self._talk.said(question.text, before, tracker.sender_id)
        reply = told.reply
        if reply.knowledge is None and "do" not in pressed and may_be_a_question(tracker, question):
            reply = await self._knowledge.beside(reply, question.topics[0][0])
        say(dispatcher, reply)
        return [
            SlotSet("search", told.search.to_slot() if told.search else None),
            SlotSet("doing", "jobs"),
            SlotSet("outcome", None),
            SlotSet("offered", []),
        ]


def may_be_a_question(tracker: Tracker, question: Question) -> bool:
    """Whether what was taken for a search may have been a question about a topic."""
    shares = {entry["name"]: entry["confidence"] for entry in tracker.latest_message.get("intent_ranking") or ()}
    share = question.topics[0][1] if question.topics else 0.0
    return share >= SURE or (share >= SERVE and shares.get("policy", 0.0) >= QUESTION)
