"""A guest's words in the talk: beside the answer of a topic, and instead of “we do not know” where a question is near enough."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from bot.clock import Clock, today
from bot.radio.answers import queries, rules, wording
from bot.radio.answers.views import Told
from bot.radio.groups.placing import unpacked
from bot.radio.groups.rules import key_of
from bot.reply import Reply
from bot.store import Sessions
from bot.text.encoder import SentenceEncoder
from bot.text.normal import normalise

_FRESH = timedelta(minutes=10)  # after so long the texts of groups are read again: more came in, or were grouped anew
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class _Group:
    told: Told
    keys: frozenset[str]
    vectors: np.ndarray


class Guests:
    """What guests said, for the bot. One for a process: it holds the texts that questions are compared with."""

    def __init__(self, sessions: Sessions, clock: Clock, encoder: SentenceEncoder | None = None) -> None:
        self._sessions, self._clock, self._encoder = sessions, clock, encoder
        self._stamp: object = None
        self._read_at = _BEGINNING
        self._by_topic: dict[str, Told] = {}
        self._groups: list[_Group] = []
        self._others = np.zeros((0, 0), dtype=np.float32)
        self._refreshing = asyncio.Lock()

    async def beside(self, reply: Reply, topic: str) -> Reply:
        """The answer of a topic, with what a guest said to it last."""
        await self._refresh()
        told = self._by_topic.get(topic)
        return wording.beside(reply, told, today(self._clock)) if told else reply

    async def instead(self, text: str, vector: np.ndarray | None = None) -> Reply | None:
        """What a guest said to the group that a question belongs to; None where it is near to none."""
        told = await self._near(text, vector)
        return wording.instead(told, today(self._clock)) if told else None

    async def besides_offer(self, reply: Reply, text: str, vector: np.ndarray | None = None) -> Reply:
        """An offer of topics, with what a guest said where the question belongs to such a group."""
        told = await self._near(text, vector)
        return wording.beside(reply, told, today(self._clock)) if told else reply

    async def _near(self, text: str, vector: np.ndarray | None) -> Told | None:
        await self._refresh()
        if not self._groups:
            return None
        key = key_of(text)
        if (same := next((one.told for one in self._groups if key in one.keys), None)) is not None:
            return same
        if vector is None:
            vector = (await asyncio.to_thread(self._encoded, [text]))[0]
        return nearest([(one.told, one.vectors) for one in self._groups], self._others, vector)

    def _encoded(self, texts: list[str]) -> np.ndarray:
        if self._encoder is None:
            self._encoder = SentenceEncoder()
        return self._encoder.encode([normalise(text) for text in texts])

    async def _refresh(self) -> None:
        """Read again what is in service, if that changed or it is long ago."""
        async with self._refreshing, self._sessions() as db:
            stamp = await queries.stamp(db)
            if stamp == self._stamp and self._clock() - self._read_at < _FRESH:
                return
            by_topic: dict[str, Told] = {}
            found: list[tuple[Told, str, list[tuple[str, bytes]]]] = []
            groups: set[int] = set()
            for one, group, topic in await queries.in_service(db):
                told = Told(one.id, one.version, one.day, one.guest, one.served or "")
                if topic is not None:
                    by_topic.setdefault(topic, told)
                elif group not in groups:  # the latest word on a group is the one that counts
                    if group is not None:
                        groups.add(group)
                    found.append((told, one.question, list(await queries.texts_of(db, group)) if group else []))
            centres = await queries.other_centres(db, sorted(groups)) if found else []
            own = await asyncio.to_thread(self._encoded, [question for _, question, _ in found]) if found else []
            self._groups = [
                _Group(
                    told, frozenset(key for key, _ in texts) | {key_of(question)}, _matrix([v for _, v in texts], mine)
                )
                for (told, question, texts), mine in zip(found, own, strict=True)
            ]
            self._by_topic, self._others = by_topic, _matrix(centres)
            self._stamp, self._read_at = stamp, self._clock()


def nearest[T](groups: list[tuple[T, np.ndarray]], others: np.ndarray, vector: np.ndarray) -> T | None:
    """The group whose two nearest texts are near enough to a question, and nearer than any other group."""
    likeness = [float(np.sort(texts @ vector)[::-1][:2].mean()) if len(texts) else -1.0 for _, texts in groups]
    best = int(np.argmax(likeness))
    rivals = [one for i, one in enumerate(likeness) if i != best]
    if len(others):
        rivals.append(float((others @ vector).max()))
    if likeness[best] < rules.NEAR or likeness[best] - max(rivals, default=-1.0) < rules.AHEAD:
        return None
    return groups[best][0]


def _matrix(stored: list[bytes], *more: np.ndarray) -> np.ndarray:
    rows = [unpacked(one).astype(np.float32) for one in stored] + [one.astype(np.float32) for one in more]
    return np.vstack(rows) if rows else np.zeros((0, 0), dtype=np.float32)
