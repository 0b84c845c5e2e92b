"""What would be served to a question with a draft in the place of what is served, and why.

Finding and wording are those that answer people; the model of the engine, which weighs topics and aspects as well, is not
asked. So a question that is no phrasing word for word has likely topics here, and no decision.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.clock import Clock, today
from bot.knowledge import queries, wording
from bot.knowledge.editing.drawing import phrasings_of, terms_of, view_of_typed
from bot.knowledge.editing.forms import Typed
from bot.knowledge.retrieval import EXACT, Near
from bot.knowledge.rules import Question, asked_term
from bot.knowledge.service import Knowledge
from bot.knowledge.views import Phrasing, TopicView
from bot.reply import Reply
from bot.store import Sessions

LEAST = 0.3
"""Likeness of the nearest phrasing below which nothing is worth naming (bot/handover/suggesting.py measured it)."""
SHOWN = 4
POLICY = "policy"


@dataclass(frozen=True)
class Candidate:
    """A topic that may have been asked about: how like its nearest phrasing is, and what that asks for."""

    topic: str
    title: str
    likeness: float
    aspect: str
    phrasing: str


@dataclass(frozen=True)
class Tried:
    """kind: `term` (a word explained), `exact` (served for sure), `near` (the model decides), `nothing` (nothing near).

    `reply` is what is served, or would be where the model agrees; `version` that of the topic, None for the draft.
    """

    kind: str
    question: str
    candidates: tuple[Candidate, ...] = ()
    reply: Reply | None = None
    topic: str | None = None
    aspect: str | None = None
    version: int | None = None


class Trying:
    """Asks without anybody hearing: nothing is recorded."""

    def __init__(self, knowledge: Knowledge, sessions: Sessions, clock: Clock) -> None:
        self._knowledge, self._sessions, self._clock = knowledge, sessions, clock

    async def ask(self, question: str, topic_id: str | None = None, typed: Typed | None = None) -> Tried:
        """Try a question; `typed` is the form of a topic that takes its place."""
        async with self._sessions() as db:
            titles = await queries.titles(db)
            asked = await queries.phrasings(db)
            terms = {name: found[0] for name, found in (await queries.terms(db)).items()}
        if topic_id and typed:
            served = [one for one in asked if one.topic == topic_id]
            asked = [one for one in asked if one.topic != topic_id] + phrasings_of(topic_id, typed)
            titles = titles | {topic_id: typed["title"]}
            terms = {name: one for name, one in terms.items() if one[0] != topic_id}
            terms |= {name: (topic_id, *one) for name, one in terms_of(typed).items()}
            same = set(served) == set(phrasings_of(topic_id, typed))
        else:
            same = True
        draft = {topic_id: typed} if topic_id and typed else {}
        if (term := asked_term(question)) and (found := terms.get(term.lower())):
            topic, name, text = found
            reply = wording.meaning(await self._view(topic, draft, titles), name, text)
            return Tried("term", question, reply=reply, **self._of(reply, draft))
        near = await self._nearest(question, asked, same=same)
        likely = [one for one in near[:SHOWN] if one.likeness >= LEAST and one.topic in titles]
        candidates = tuple(Candidate(o.topic, titles[o.topic], o.likeness, o.aspect, o.phrasing) for o in likely)
        if not candidates:
            return Tried("nothing", question)
        first = candidates[0]
        view = await self._view(first.topic, draft, titles)
        reply = wording.answer(view, first.aspect, today=today(self._clock))
        kind = "exact" if first.likeness >= EXACT else "near"
        return Tried(kind, question, candidates, reply, **self._of(reply, draft))

    async def _nearest(self, question: str, asked: list[Phrasing], *, same: bool) -> list[Near]:
        """By the index that answers people, where the draft is asked for in the same ways; else by one of its own."""
        await self._knowledge.refresh()
        if same:
            return self._knowledge.nearest(Question(question, POLICY))
        index = await self._knowledge.index_of(asked)
        return await asyncio.to_thread(index.nearest, question)

    async def _view(self, topic: str, draft: dict[str, Typed], titles: dict[str, str]) -> TopicView:
        if typed := draft.get(topic):
            return view_of_typed(topic, typed, titles, version=0, today=today(self._clock))
        return await self._knowledge.topic(topic)

    @staticmethod
    def _of(reply: Reply, draft: dict[str, Typed]) -> dict[str, object]:
        known = reply.knowledge
        assert known is not None
        topic = known.topics[0]
        return {"topic": topic, "aspect": known.aspect, "version": None if topic in draft else known.version}
