"""What there is to learn in the database, and whose it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncSession

from bot.knowledge.loading import content_of_row
from bot.knowledge.tables import TopicVersion
from bot.review.queries import standing_corrections
from bot.training import queries
from bot.training.rules import POLICY, Change, Example, TrainingSet, learnt_of


async def learnt(db: AsyncSession, files: set[str]) -> TrainingSet:
    """What a model trained now would learn besides the files of the program; `files`: topics that have one."""
    topics = {
        row.id: learnt_of(content_of_row(row, reviewed=False)) for row in await queries.topics_beside_files(db, files)
    }
    examples = {Example(one.text, POLICY, one.topic_id, one.aspect) for one in await queries.reviewed_phrasings(db)}
    examples |= {Example(one.text, one.intent) for one in await standing_corrections(db) if one.kind == "intent"}
    return TrainingSet(topics, frozenset(examples))


async def named(db: AsyncSession, changes: Sequence[Change]) -> list[Change]:
    """The changes with who made each, and when, as far as that is known; the latest first."""
    corrections = await queries.corrections_of(db, [one.text for one in changes if one.what == "example"])
    versions = {one.topic_id: one for one in await queries.versions_of(db, [one.topic or "" for one in changes])}
    made = {(one.text, one.intent, one.topic): one for one in corrections}
    written = [one for one in changes if one.what == "example" and one.topic and _key(one) not in made]
    history = await queries.history_of(db, sorted({one.topic for one in written if one.topic})) if written else []
    found = []
    for one in changes:
        correction, version = made.get(_key(one)), versions.get(one.topic or "")
        if correction is None:
            version = version if one.what == "topic" else _written_in(one, history)
            found.append(replace(one, by=version.author, at=version.at) if version else one)
        elif one.gone:
            found.append(replace(one, by=correction.undone_by, at=correction.undone_at))
        else:
            found.append(replace(one, by=correction.by, at=correction.at))
    return sorted(found, key=lambda one: (one.at is None, -one.at.timestamp() if one.at else 0))


def _key(one: Change) -> tuple[str, str, str | None]:
    return one.text, one.intent or "", one.topic


def _written_in(one: Change, history: Sequence[TopicVersion]) -> TopicVersion | None:
    """The version since which a phrasing stands in its topic, or since which it stands there no more."""
    found, stood = None, False
    for version in history:
        if version.topic_id != one.topic:
            continue
        stands = any(one.text in asked for asked in version.content["phrasings"].values())
        if stands != stood:
            found, stood = version, stands
    return found if stood != one.gone else None
