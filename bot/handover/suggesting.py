"""What the bot would answer to a person whom somebody of the staff has taken over: to look at, change and send, or not."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.base import Shown
from bot.clock import Clock, today
from bot.conversations.engine import Engine, EngineUnavailable
from bot.knowledge import wording
from bot.knowledge.retrieval import fuse
from bot.knowledge.rules import OFFER, Question, asked_aspect
from bot.knowledge.service import Knowledge, UnknownTopic
from bot.reply import Reply

logger = logging.getLogger(__name__)

SUGGESTED = 3
LEAST = 0.3
"""Likeness of the nearest phrasing, where the engine cannot be asked. Of 369 held-out questions 97 % have one this near; the
right topic is the first of the three suggested for 72 % and among them for 90 %. With the engine: 94 % and 96 %."""
SHORTEST = 4  # characters; “好的”, “谢谢” ask for nothing
TOGETHER = 2  # messages that are read as one question


@dataclass(frozen=True)
class Suggestion:
    """One checked answer: the topic's id and title, and the text that would be sent, with its source."""

    topic: str
    title: str
    text: str


def asked_last(messages: Sequence[Shown], question: str | None) -> str | None:
    """What is open: what the person wrote since the staff's last line, or, before their first, what they came with.

    `messages` are in order, the latest last. None where nothing is open.
    """
    texts: list[str] = []
    answered = False
    for message in reversed(messages):
        answered = message.kind == "staff" and bool(message.body.get("by"))
        if answered or len(texts) == TOGETHER:
            break
        if message.direction == "in" and message.kind == "text":
            texts.append(message.text)
    asked = " ".join(reversed(texts)) if answered or not question else question
    return asked if len(asked) >= SHORTEST else None


def as_sent(reply: Reply) -> str:
    """An answer as one plain text with its source."""
    parts = [*reply.paragraphs]
    if reply.caveat:
        parts.append(reply.caveat)
    if reply.source:
        parts.append(" ".join(filter(None, (reply.source.text, reply.source.url))))
    return "\n".join(parts)


class Suggesting:
    """Answers to suggest, out of the live knowledge."""

    def __init__(self, knowledge: Knowledge, engine: Engine, clock: Clock) -> None:
        self._knowledge, self._engine, self._clock = knowledge, engine, clock

    async def suggest(self, asked: str) -> list[Suggestion]:
        """The answers nearest to a question, best first; none where nothing is near."""
        found = []
        for topic, aspect in (await self._likely(asked))[:SUGGESTED]:
            try:
                view = await self._knowledge.topic(topic)
            except UnknownTopic:  # taken away since the index was made, or since the model was trained
                continue
            reply = wording.answer(view, aspect, today=today(self._clock))
            found.append(Suggestion(topic, view.title, as_sent(reply)))
        return found

    async def _likely(self, asked: str) -> list[tuple[str, str]]:
        """Topics with the aspect that was asked for, best first."""
        await self._knowledge.refresh()
        near = self._knowledge.nearest(Question(asked, "policy"))
        try:
            heard = await self._engine.understand(asked, self._clock())
        except EngineUnavailable as error:
            logger.warning("answers were suggested without the engine: %s", error)
            return [(one.topic, one.aspect) for one in near if one.likeness >= LEAST]
        aspect = asked_aspect(heard.aspects)
        return [(topic, aspect) for topic, share in fuse(heard.topics, near) if share >= OFFER]
