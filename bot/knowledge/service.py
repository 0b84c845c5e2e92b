"""What can be done with the knowledge: answer a question, load and export the files."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.clock import Clock, today
from bot.knowledge import queries, wording
from bot.knowledge.files import GENERAL
from bot.knowledge.retrieval import Near, PhrasingIndex, VectorCache, fuse
from bot.knowledge.rules import Decision, Question, asked_term, decide
from bot.knowledge.views import Phrasing, TopicView, view_of
from bot.reply import Knowledge as KnownOf
from bot.reply import Reply
from bot.store import Sessions
from bot.text.encoder import SentenceEncoder, unpacked

POPULAR = ("job-seeking-subsidy", "archive-transfer", "startup-loan")
"""What is offered when somebody asks on without a subject; the three most asked in the alliance's fairs."""


class UnknownTopic(Exception):
    """No topic of that id is in the database."""

    def __init__(self, topic: str) -> None:
        super().__init__(f"no topic {topic}")
        self.topic = topic


@dataclass(frozen=True)
class Answered:
    """A reply and what the dialogue has to remember of it."""

    reply: Reply
    topic: str | None
    aspect: str | None
    outcome: str
    offered: tuple[str, ...] = ()


class Knowledge:
    """Answers out of the live tables. One for a process: it holds the encoder and the index of phrasings."""

    def __init__(self, sessions: Sessions, clock: Clock, *, cache: Path | None = None) -> None:
        self._sessions, self._clock = sessions, clock
        self._encoder = SentenceEncoder()
        self._cache = VectorCache(self._encoder, cache)
        self._index: PhrasingIndex | None = None
        self._terms: dict[str, list[tuple[str, str, str]]] = {}
        self._titles: dict[str, str] = {}
        self._revision = -1
        self._refreshing = asyncio.Lock()

    @property
    def ready(self) -> bool:
        """Whether an index was made, be it of today's tables or of earlier ones."""
        return self._index is not None

    async def refresh(self) -> None:
        """Bring index, terms and titles up to the tables, if anything was edited since."""
        async with self._refreshing:
            async with self._sessions() as db:
                revision = await queries.revision(db)
                if revision == self._revision:
                    return
                phrasings = await queries.phrasings(db)
                self._terms = await queries.terms(db)
                self._titles = await queries.titles(db)
            self._index = await asyncio.to_thread(PhrasingIndex, phrasings, self._cache, self._encoder)
            self._revision = revision

    def nearest(self, question: Question) -> list[Near]:
        """The topics whose phrasings are nearest to a question. Call refresh before."""
        vector = unpacked(question.vector) if question.vector else None
        return self._index.nearest(question.text, vector) if self._index else []

    async def index_of(self, phrasings: Iterable[Phrasing]) -> PhrasingIndex:
        """An index of other phrasings than those that are served, to try something out."""
        return await asyncio.to_thread(PhrasingIndex, phrasings, self._cache, self._encoder)

    async def answer(self, question: Question, *, turn: int = 0) -> Answered:
        """The reply to a question. `turn` counts this conversation's unanswered turns, so that wordings change."""
        await self.refresh()
        if (term := asked_term(question.text)) and (found := self._terms.get(term.lower())):
            topic_id, name, text = next((t for t in found if t[0] == question.current), found[0])
            return self._served(wording.meaning(await self.topic(topic_id), name, text))
        ranked: list[tuple[str, float]] = []
        if not question.chosen_topic:
            ranked = [(t, s) for t, s in fuse(question.topics, self.nearest(question)) if t in self._titles]
        decision = decide(question, ranked)
        return await self._carry_out(decision, question, turn)

    async def serve(self, topic_id: str, aspect: str = GENERAL) -> Answered:
        """One topic, or one aspect of it, without a question. Raises UnknownTopic."""
        await self.refresh()
        return self._served(wording.answer(await self.topic(topic_id), aspect, today=today(self._clock)))

    async def beside(self, reply: Reply, topic_id: str) -> Reply:
        """A reply with the choice of a topic that may have been meant as well. Raises UnknownTopic."""
        await self.refresh()
        if topic_id not in self._titles:
            raise UnknownTopic(topic_id)
        choice = wording.topic_choice(topic_id, self._titles[topic_id])
        known = KnownOf(outcome="offered", topics=(topic_id,))
        return reply.model_copy(update={"choices": (*reply.choices, choice), "knowledge": known})

    async def say_plainly(self, topic_id: str) -> Answered:
        """A topic in the words it has for the ear. Raises UnknownTopic."""
        await self.refresh()
        return self._served(wording.plainly(await self.topic(topic_id), today=today(self._clock)))

    async def _carry_out(self, decision: Decision, question: Question, turn: int) -> Answered:
        if decision.kind == "serve":
            topic = await self.topic(decision.topics[0])
            reply = wording.answer(topic, decision.aspect, today=today(self._clock))
            return self._served(reply)
        if decision.kind == "refuse":
            return Answered(
                wording.refusal(turn=turn, outside=question.intent == "out_of_scope"),
                question.current,
                question.current_aspect,
                "refused",
            )
        if decision.kind == "which":
            reply = wording.which(
                [(t, self._titles[t]) for t in decision.topics or POPULAR if t in self._titles], turn=turn
            )
        else:
            offered = [(t, self._titles[t]) for t in decision.topics]
            reply = wording.offer(offered, decision.aspect, turn=turn)
        topics = reply.knowledge.topics if reply.knowledge else ()
        return Answered(reply, question.current, question.current_aspect, "offered", topics)

    async def topic(self, topic_id: str) -> TopicView:
        """One topic as it stands in the database now. Raises UnknownTopic."""
        async with self._sessions() as db:
            row = await queries.topic(db, topic_id)
            if row is None:
                raise UnknownTopic(topic_id)
            return view_of(row, self._titles or await queries.titles(db))

    @staticmethod
    def _served(reply: Reply) -> Answered:
        assert reply.knowledge is not None
        return Answered(reply, reply.knowledge.topics[0], reply.knowledge.aspect, "served")
