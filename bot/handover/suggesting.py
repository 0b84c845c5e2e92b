"""What the bot would answer to a person whom somebody of the staff has taken over: to look at, change and send, or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.base import Shown
from bot.knowledge.rules import Question
from bot.knowledge.service import Knowledge, UnknownTopic
from bot.reply import Reply

SUGGESTED = 3
LEAST = 0.3
"""Likeness of the nearest phrasing. Of 369 held-out questions 97 % have one this near; the right topic is the first of the
three suggested for 72 % and among them for 90 % (the classifier, which stays with the engine, is not asked)."""
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

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    async def suggest(self, asked: str) -> list[Suggestion]:
        """The answers nearest to a question, best first; none where nothing is near."""
        await self._knowledge.refresh()
        found = []
        for near in self._knowledge.nearest(Question(asked, "ask_policy"))[:SUGGESTED]:
            if near.likeness < LEAST:
                break
            try:
                title = (await self._knowledge.topic(near.topic)).title
                answered = await self._knowledge.serve(near.topic, near.aspect)
            except UnknownTopic:  # taken away since the index was made
                continue
            found.append(Suggestion(near.topic, title, as_sent(answered.reply)))
        return found
