"""At night: what was asked and is on no topic is grouped anew. What hands did stays, and so do ids and names."""

from __future__ import annotations

import asyncio
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import numpy as np

from bot.clock import Clock
from bot.knowledge import queries as knowledge
from bot.knowledge.retrieval import VectorCache
from bot.radio.groups import counting, queries, rules
from bot.radio.groups.collecting import Collecting
from bot.radio.groups.grouping import grouped
from bot.radio.groups.likeness import Background, Known, likeness
from bot.radio.groups.many import LIMIT, grouped_many
from bot.radio.groups.placing import centre_of, packed
from bot.radio.groups.tables import AskedGroup
from bot.radio.groups.views import Regrouped
from bot.store import Sessions
from bot.text.encoder import DIMENSIONS
from bot.text.normal import normalise

_PAGE = 500
_CENTRES = 20_000  # groups that new questions are held against, the largest ones
_PRESSED_WITHIN = timedelta(days=2)
_NIGHTS = timedelta(days=3)  # what one night missed, another one takes in


class Regrouping:
    """Groups anew. `cache`: where vectors of phrasings are kept."""

    def __init__(self, sessions: Sessions, clock: Clock, collecting: Collecting, *, cache: Path | None = None) -> None:
        self._sessions, self._clock, self._collecting, self._cache = sessions, clock, collecting, cache

    async def regroup(self) -> Regrouped:
        """Take in what is missing and group what is on no topic anew. What was done by hand stays as it is."""
        await self._collecting.collect(back=_NIGHTS)
        await self._follow_presses()
        async with self._sessions.begin() as db:
            await queries.prune(db)
        with tempfile.TemporaryDirectory(prefix="duihua-groups-") as folder:
            ids, before, pinned, texts, vectors = await self._read(Path(folder) / "vectors")
            background = await self._background()
            labels = await asyncio.to_thread(_grouped, texts, vectors, background)
            after = rules.settled(labels.tolist(), before, pinned)
            done = await self._write(ids, before, after, pinned, vectors)
        self._collecting.forget_centres()
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
                if (group := await self._collecting.topic_group(db, topic, topics)) is not None:
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
                    if said and (shown := rules.without_labels(said)) is not None:  # cleared when it came
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
        known = [Known(normalise(one.text), one.topic) for one in phrasings]
        if len({one.topic for one in known}) < 2:
            known = []
        cache = VectorCache(self._collecting.encoder, self._cache)
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
                after, names = found[-1], []
                for group, said in (await counting.wordings(db, found, each=20)).items():
                    keys = {shown: key for key, text, _ in said if (shown := rules.wording(text)) is not None}
                    order = rules.clearest_first((text, 1) for text in keys)
                    if order:
                        names.append((group, keys[order[0]]))
                await queries.name_each(db, names)


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
