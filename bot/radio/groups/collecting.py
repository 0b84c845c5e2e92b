"""Questions come in: cleared, de-identified, placed into a group at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.knowledge import queries as knowledge
from bot.radio.answers import queries as answers
from bot.radio.answers.rules import answer_in
from bot.radio.groups import queries, rules
from bot.radio.groups.placing import Centres, centre_of, packed
from bot.radio.groups.tables import Asked, AskedGroup, AskedText
from bot.store import Sessions
from bot.text.encoder import SentenceEncoder
from bot.text.normal import normalise

_PAGE = 500
_FRESH = timedelta(minutes=10)  # after so long centres are read again: another process may have grouped anew
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Candidate:
    """A question that was cleared, on its way into a group."""

    text: str
    key: str
    person_id: int
    at: datetime
    channel: str
    topic: str | None = None
    outcome: str | None = None
    turn_id: int | None = None
    question_id: int | None = None


class Collecting:
    """Puts questions into groups. One for a process: it holds the encoder (loaded when first needed) and the centres."""

    def __init__(self, sessions: Sessions, clock: Clock, *, encoder: SentenceEncoder | None = None) -> None:
        self._sessions, self._clock = sessions, clock
        self._given = encoder
        self._centres: Centres | None = None
        self._read_at = _BEGINNING
        self._barred: set[int] = set()

    @cached_property
    def encoder(self) -> SentenceEncoder:
        """The encoder."""
        return self._given or SentenceEncoder()

    async def collect(self, *, back: timedelta = queries.LOOK_BACK, whole: bool = False) -> int:
        """Take in what was asked since the last look; how many questions.

        Turns are looked at `back` in time, all of the record for the first time, or where it is to be `whole`.
        """
        async with self._sessions() as db:
            first = not await queries.anything(db)
        since = _BEGINNING if whole or first else self._clock() - back
        count = after = 0
        while True:
            async with self._sessions() as db:
                found = await queries.new_turns(db, since=since, after=after, limit=_PAGE)
                pressed = await queries.pressed_topics(db, [t.id for t, _, _ in found if t.outcome == "offered"])
            if not found:
                break
            after = found[-1][0].id
            count += await self._take([one for row in found if (one := self._turn(row, pressed)) is not None])
        return count + await self._collect_questions()

    def _turn(self, row: Sequence, pressed: dict[int, str]) -> Candidate | None:
        turn, text, talk = row
        if turn.id in self._barred:
            return None
        if (shown := rules.wording(text)) is None:
            self._barred.add(turn.id)
            return None
        topic = turn.topic if turn.outcome == "served" else pressed.get(turn.id)
        return Candidate(
            shown, rules.key_of(shown), talk.person_id, turn.received_at, talk.channel, topic, turn.outcome, turn.id
        )

    async def _collect_questions(self) -> int:
        count = after = 0
        while True:
            async with self._sessions() as db:
                found = await queries.new_questions(db, after=after, limit=_PAGE)
            if not found:
                return count
            after = found[-1][0].id
            count += await self._take(
                [
                    Candidate(shown, rules.key_of(shown), person, one.received_at, channel or "web", question_id=one.id)
                    for one, person, channel in found
                    if (shown := rules.wording(one.text)) is not None
                ]
            )

    async def _take(self, found: Sequence[Candidate]) -> int:
        if not found:
            return 0
        async with self._sessions() as db:
            old = await queries.texts_by_key(db, [one.key for one in found])
            fresh = {one.key: normalise(one.text) for one in found if one.key not in old}
            degrees = await queries.degrees(db, [one.person_id for one in found])
            if self._centres is None or self._clock() - self._read_at >= _FRESH:
                self._centres, self._read_at = Centres(await queries.centres(db)), self._clock()
        made = await asyncio.to_thread(self.encoder.encode, list(fresh.values()))
        vectors = dict(zip(fresh, made, strict=True))
        async with self._sessions.begin() as db:
            await queries.alone(db)
            turns, questions = await queries.known(
                db, [c.turn_id for c in found if c.turn_id], [c.question_id for c in found if c.question_id]
            )
            found = [c for c in found if c.turn_id not in turns and c.question_id not in questions]
            texts = await queries.texts_by_key(db, [one.key for one in found])
            topics = await queries.topic_groups(db)
            for one in found:
                text = texts.get(one.key)
                if text is None:
                    text = texts[one.key] = await self._placed(db, one, vectors[one.key], topics)
                db.add(
                    Asked(
                        text_id=text.id,
                        person_id=one.person_id,
                        turn_id=one.turn_id,
                        question_id=one.question_id,
                        at=one.at,
                        channel=one.channel,
                        district=rules.district_of(one.text),
                        degree=rules.degree_of(one.text) or degrees.get(one.person_id),
                        outcome=one.outcome,
                    )
                )
        return len(found)

    async def _placed(self, db: AsyncSession, one: Candidate, vector: np.ndarray, topics: dict[str, int]) -> AskedText:
        assert self._centres is not None
        group = await self._known_group(db, one.topic, topics) if one.topic else self._centres.place(vector)
        if group is not None and (standing := await queries.standing_group(db, group)) is not None:
            group = standing.id
        else:
            centre, near = centre_of(vector[None])
            made = AskedGroup(created_at=self._clock(), named_after=one.key, centre=packed(centre), near=near)
            db.add(made)
            await db.flush()
            group = made.id
            self._centres.add(group, centre, near)
        text = AskedText(key=one.key, vector=packed(vector), group_id=group)
        db.add(text)
        await db.flush()
        return text

    async def _known_group(self, db: AsyncSession, topic: str, topics: dict[str, int]) -> int | None:
        """The group of what somebody was answered with: of a topic, or of what a guest said."""
        if (answer := answer_in(topic)) is not None:
            return await answers.group_of(db, answer)
        return await self.topic_group(db, topic, topics)

    def forget_centres(self) -> None:
        """Read the centres of groups again at the next look."""
        self._centres = None

    async def topic_group(self, db: AsyncSession, topic: str, topics: dict[str, int]) -> int | None:
        """The group of a topic, made where there is none; None where there is no such topic."""
        if topic in topics:
            return topics[topic]
        if await knowledge.topic(db, topic) is None:
            return None
        made = AskedGroup(topic_id=topic, created_at=self._clock())
        db.add(made)
        await db.flush()
        topics[topic] = made.id
        return made.id
