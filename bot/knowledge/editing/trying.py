"""What would be served to a question with a draft in the place of what is served, and why.

Finding, deciding and wording are those that answer people, and the engine says what it understands. It learned the
phrasings that were there at its training: those of the draft count as neighbours until then, as they would in a chat.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from bot.clock import Clock, today
from bot.conversations.engine import Engine, EngineUnavailable, Heard
from bot.knowledge import queries, wording
from bot.knowledge.editing.drawing import phrasings_of, terms_of, view_of_typed
from bot.knowledge.editing.forms import Typed
from bot.knowledge.retrieval import EXACT, Near, fuse
from bot.knowledge.rules import Question, asked_aspect, asked_term, decide
from bot.knowledge.service import Knowledge
from bot.knowledge.views import Phrasing, TopicView
from bot.reply import Reply
from bot.store import Sessions

logger = logging.getLogger(__name__)

LEAST = 0.3
"""Likeness of the nearest phrasing below which nothing is worth naming (bot/handover/suggesting.py measured it)."""
SHOWN = 4
POLICY = "policy"
ANSWERED = (POLICY, "followup", "out_of_scope")
"""Intents that the knowledge answers; the rest is answered by another part of the bot."""
DECIDED = {"serve": "served", "offer": "offered", "which": "offered", "refuse": "refused"}


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
    """kind: `term` (a word explained), `exact` (a phrasing word for word, served for sure), `served`, `offered` or `refused`
    by what the engine understood and the neighbours, `elsewhere` (no question for the knowledge: `intent` says what),
    `near` and `nothing` where the engine could not be asked.

    `reply` is what is served, or would be; `version` that of the topic, None for the draft. `share`: of the first topic.
    """

    kind: str
    question: str
    candidates: tuple[Candidate, ...] = ()
    reply: Reply | None = None
    topic: str | None = None
    aspect: str | None = None
    version: int | None = None
    intent: str | None = None
    share: float | None = None


class Trying:
    """Asks without anybody hearing: nothing is recorded."""

    def __init__(self, knowledge: Knowledge, sessions: Sessions, clock: Clock, engine: Engine) -> None:
        self._knowledge, self._sessions, self._clock, self._engine = knowledge, sessions, clock, engine

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
        if (heard := await self._heard(question)) is not None and not (near and near[0].likeness >= EXACT):
            return await self._decided(question, heard, near, candidates, draft, titles)
        if not candidates:
            return Tried("nothing", question)
        first = candidates[0]
        view = await self._view(first.topic, draft, titles)
        reply = wording.answer(view, first.aspect, today=today(self._clock))
        kind = "exact" if first.likeness >= EXACT else "near"
        return Tried(kind, question, candidates, reply, **self._of(reply, draft))

    async def _heard(self, question: str) -> Heard | None:
        """What the engine understands; None where it cannot be asked."""
        try:
            return await self._engine.understand(question, self._clock())
        except EngineUnavailable as error:
            logger.warning("a question was tried without the engine: %s", error)
            return None

    async def _decided(
        self,
        question: str,
        heard: Heard,
        near: list[Near],
        candidates: tuple[Candidate, ...],
        draft: dict[str, Typed],
        titles: dict[str, str],
    ) -> Tried:
        """As it is decided in a chat whose first message this is."""
        if heard.intent not in ANSWERED:
            return Tried("elsewhere", question, candidates, intent=heard.intent)
        asked = Question(question, heard.intent, heard.confidence, topics=heard.topics, aspects=heard.aspects)
        ranked = [(topic, share) for topic, share in fuse(heard.topics, near) if topic in titles]
        decision = decide(asked, ranked)
        kind, share = DECIDED[decision.kind], ranked[0][1] if ranked else None
        if not decision.topics:
            return Tried(kind, question, candidates, intent=heard.intent, share=share)
        aspect = decision.aspect if kind == "served" else asked_aspect(heard.aspects)
        view = await self._view(decision.topics[0], draft, titles)
        reply = wording.answer(view, aspect, today=today(self._clock))
        return Tried(kind, question, candidates, reply, intent=heard.intent, share=share, **self._of(reply, draft))

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
