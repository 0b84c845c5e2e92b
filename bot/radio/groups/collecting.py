"""Questions come in: cleared, de-identified, placed into a group at once. And grouped anew at night."""

from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import numpy as np
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.knowledge import queries as knowledge
from bot.knowledge.retrieval import VectorCache
from bot.radio.groups import counting, queries, rules
from bot.radio.groups.grouping import grouped
from bot.radio.groups.likeness import Background, Known, likeness
from bot.radio.groups.many import LIMIT, grouped_many
from bot.radio.groups.placing import Centres, centre_of, packed
from bot.radio.groups.tables import Asked, AskedGroup, AskedText
from bot.radio.groups.views import Regrouped
from bot.store import Sessions
from bot.text.encoder import DIMENSIONS, SentenceEncoder
from bot.text.normal import normalise

EVERY = 2  # of the phrasings every second one is learned from; more change nothing but the time
_PAGE = 500
_FRESH = timedelta(minutes=10)  # after so long centres are read again: another process may have grouped anew
_CENTRES = 20_000  # groups that new questions are held against, the largest ones
_BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)
_PRESSED_WITHIN = timedelta(days=2)


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

    def __init__(
        self, sessions: Sessions, clock: Clock, *, cache: Path | None = None, encoder: SentenceEncoder | None = None
    ) -> None:
        self._sessions, self._clock, self._cache = sessions, clock, cache
        self._given = encoder
        self._centres: Centres | None = None
        self._read_at = _BEGINNING
        self._barred: set[int] = set()

    @cached_property
    def encoder(self) -> SentenceEncoder:
        """The encoder."""
        return self._given or SentenceEncoder()

    async def collect(self, *, whole: bool = False) -> int:
        """Take in what was asked since the last look; how many questions. `whole`: look through all of the record."""
        since = _BEGINNING if whole else self._clock() - queries.LOOK_BACK
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
        group = await self._topic_group(db, one.topic, topics) if one.topic else self._centres.place(vector)
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

    async def _topic_group(self, db: AsyncSession, topic: str, topics: dict[str, int]) -> int | None:
        if topic in topics:
            return topics[topic]
        if await knowledge.topic(db, topic) is None:
            return None
        made = AskedGroup(topic_id=topic, created_at=self._clock())
        db.add(made)
        await db.flush()
        topics[topic] = made.id
        return made.id

    # -- at night ------------------------------------------------------------------------------------------------------

    async def regroup(self) -> Regrouped:
        """Take in what is missing and group what is on no topic anew. What was done by hand stays as it is."""
        await self.collect(whole=True)
        await self._follow_presses()
        async with self._sessions.begin() as db:
            await queries.prune(db)
        with tempfile.TemporaryDirectory(prefix="duihua-groups-") as folder:
            ids, before, pinned, texts, vectors = await self._read(Path(folder) / "vectors")
            background = await self._background()
            labels = await asyncio.to_thread(_grouped, texts, vectors, background)
            after = rules.settled(labels.tolist(), before, pinned)
            done = await self._write(ids, before, after, pinned, vectors)
        self._centres = None
        return done

    async def _follow_presses(self) -> None:
        """What was offered topics, and one of them was pressed since, belongs there."""
        async with self._sessions.begin() as db:
            await queries.alone(db)
            offered = dict(await queries.offered_since(db, self._clock() - _PRESSED_WITHIN))
            pressed = await queries.pressed_topics(db, list(offered))
            topics = await queries.topic_groups(db)
            moves = []
            for turn, topic in pressed.items():
                if (group := await self._topic_group(db, topic, topics)) is not None:
                    moves.append((offered[turn], group))
            await queries.move_each(db, moves)

    async def _read(self, path: Path) -> tuple[list[int], list[int], list[bool], list[str], np.ndarray]:
        """Texts of no topic, those asked most first, with their vectors in a file that is read where it is needed."""
        rows: list[tuple[int, int, int, int, bool, str]] = []
        with path.open("wb") as file:
            after = 0
            while True:
                async with self._sessions() as db:
                    found = await queries.to_group(db, after, _PAGE * 10)
                if not found:
                    break
                after = found[-1][0]
                for text_id, group, fixed, vector, said, count in found:
                    if said and (shown := rules.wording(said)) is not None:
                        rows.append((-count, text_id, len(rows), group, fixed, normalise(shown)))
                        file.write(vector)
        rows.sort()
        order = np.array([row[2] for row in rows], dtype=np.int64)
        stored = np.memmap(path, dtype=np.float16, mode="r", shape=(len(rows), DIMENSIONS)) if rows else None
        vectors = np.zeros((0, DIMENSIONS), dtype=np.float16)
        if stored is not None:
            vectors = np.memmap(path.with_suffix(".sorted"), dtype=np.float16, mode="w+", shape=stored.shape)
            for start in range(0, len(order), _PAGE * 10):
                vectors[start : start + _PAGE * 10] = stored[order[start : start + _PAGE * 10]]
        return [r[1] for r in rows], [r[3] for r in rows], [r[4] for r in rows], [r[5] for r in rows], vectors

    async def _background(self) -> Background:
        async with self._sessions() as db:
            phrasings = await knowledge.phrasings(db)
        known = [Known(normalise(one.text), one.topic) for one in phrasings[::EVERY]]
        if len({one.topic for one in known}) < 2:
            known = []
        cache = VectorCache(self.encoder, self._cache)
        return await asyncio.to_thread(Background, known, cache.vectors)

    async def _write(
        self, ids: list[int], before: list[int], after: list[int], pinned: list[bool], vectors: np.ndarray
    ) -> Regrouped:
        made: dict[int, int] = {}
        async with self._sessions.begin() as db:
            await queries.alone(db)
            fresh = {label: AskedGroup(created_at=self._clock()) for label in dict.fromkeys(g for g in after if g < 0)}
            db.add_all(fresh.values())
            await db.flush()
            made = {label: group.id for label, group in fresh.items()}
            after = [made.get(group, group) for group in after]
            moves = [(i, new) for i, old, new in zip(ids, before, after, strict=True) if new != old]
            for some in range(0, len(moves), _PAGE * 10):
                await queries.move_each(db, moves[some : some + _PAGE * 10])
            await queries.put_centres(db, _centres(after, vectors))
            await queries.prune(db)
        await self._name()
        return Regrouped(texts=len(ids), groups=len(set(after)), moved=len(moves), new=len(made))

    async def _name(self) -> None:
        """Call groups by their shortest clear wording; one that has a name already keeps it while somebody asks that."""
        after = 0
        while True:
            async with self._sessions.begin() as db:
                found = await queries.nameless(db, after, _PAGE)
                if not found:
                    return
                after = found[-1]
                for group, said in (await counting.wordings(db, found, each=20)).items():
                    keys = {shown: key for key, text, _ in said if (shown := rules.wording(text)) is not None}
                    order = rules.clearest_first((text, 1) for text in keys)
                    if order:
                        await queries.name_after(db, group, keys[order[0]])


def _grouped(texts: list[str], vectors: np.ndarray, background: Background) -> np.ndarray:
    if len(texts) > LIMIT:
        return grouped_many(texts, vectors, background)
    if not texts:
        return np.zeros(0, dtype=int)
    return grouped(likeness(texts, np.asarray(vectors, dtype=np.float32), background))


def _centres(groups: Sequence[int], vectors: np.ndarray) -> dict[int, tuple[bytes, float]]:
    """Centres of the largest groups."""
    members: dict[int, list[int]] = defaultdict(list)
    for place, group in enumerate(groups):
        members[group].append(place)
    largest = sorted(members, key=lambda group: (-len(members[group]), group))[:_CENTRES]
    found = {}
    for group in largest:
        centre, near = centre_of(np.asarray(vectors[members[group]]))
        found[group] = packed(centre), near
    return found
