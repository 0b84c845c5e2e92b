"""Topic files into the database and back. The database is what is served; the files are how it starts and travels."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.eligibility.files import read_facts, refuse_unknown
from bot.eligibility.forms import Facts
from bot.knowledge import queries
from bot.knowledge.files import ASPECTS, GENERAL, Topic, read_topic, topic_files
from bot.knowledge.tables import (
    FigureRow,
    PhrasingRow,
    SourceRow,
    TermRow,
    TextRow,
    TopicRow,
    TopicVersion,
)
from bot.store import Sessions

LOADER = "files"  # author of a version that came out of the files
REVIEW = "review"  # origin of a phrasing that staff took out of a conversation


@dataclass
class Loaded:
    """What a load did, by topic id; `edited` were changed in the database since and left alone."""

    new: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    edited: list[str] = field(default_factory=list)


async def load(
    sessions: Sessions,
    folder: Path,
    clock: Clock,
    *,
    overwrite: bool = False,
    facts: Facts | None = None,
    progress: Callable[[str], None] = lambda topic: None,
) -> Loaded:
    """Bring the folder's topics into the database: new ones, and those whose file changed since it was loaded.

    A topic that was edited in the database is left as it is unless `overwrite` is set. Raises FileError for a file
    that is not of the form, or has a condition on something that is none of `facts` (those of the project); then
    nothing is loaded.
    """
    files = [(path, *read_topic(path)) for path in topic_files(folder)]
    if conditions := [(topic.eligibility, path, node) for path, topic, node in files if topic.eligibility]:
        facts = facts or read_facts()
        for eligibility, path, node in conditions:
            refuse_unknown(eligibility, facts, path, node)
    done = Loaded()
    async with sessions.begin() as db:
        present = {row.id: row for row in await queries.whole_topics(db)}
        for position, (path, topic, _node) in enumerate(files):
            progress(topic.id)
            fingerprint = hashlib.sha256(path.read_bytes()).hexdigest()
            row = present.get(topic.id)
            if row is not None and row.loaded_hash == fingerprint and not overwrite:
                done.same.append(topic.id)
                continue
            if row is not None and not overwrite and content_of_row(row) == content_of_topic(topic):
                # an edit of the database that came back as a file
                row.loaded_hash, row.loaded_version = fingerprint, row.version
                done.same.append(topic.id)
                continue
            if row is not None and not overwrite and await _edited(db, row):
                done.edited.append(topic.id)
                continue
            version = 1 if row is None else row.version + 1
            fresh = row_of(topic, position=position, version=version, fingerprint=fingerprint)
            if row is None:
                db.add(fresh)
            else:
                await replace(db, row, fresh, stays=_reviewed_and_not_among(fresh.phrasings))
            await db.flush()
            await db.merge(
                TopicVersion(
                    topic_id=topic.id, version=version, content=content_of_topic(topic), author=LOADER, at=clock()
                )
            )
            (done.changed if row is not None else done.new).append(topic.id)
    return done


def _reviewed_and_not_among(phrasings: list[PhrasingRow]) -> Callable[[PhrasingRow], bool]:
    texts = {phrasing.text for phrasing in phrasings}
    return lambda phrasing: phrasing.origin == REVIEW and phrasing.text not in texts


async def replace(
    db: AsyncSession, row: TopicRow, fresh: TopicRow, *, stays: Callable[[PhrasingRow], bool] = lambda p: False
) -> None:
    """Make a stored topic say what a fresh one says; its versions stay, and the phrasings of which `stays` says so."""
    kept = [phrasing for phrasing in row.phrasings if stays(phrasing)]
    parts = {name: list(getattr(fresh, name)) for name in ("texts", "figures", "sources", "terms", "phrasings")}
    for name in parts:
        getattr(row, name)[:] = kept if name == "phrasings" else []
        getattr(fresh, name).clear()
    await db.flush()  # the old parts go first: the new ones may have their keys
    for column in TopicRow.__mapper__.column_attrs:
        setattr(row, column.key, getattr(fresh, column.key))
    for name, items in parts.items():
        getattr(row, name).extend(items)


async def _edited(db: AsyncSession, row: TopicRow) -> bool:
    """Whether what is served differs from what the last load put there."""
    loaded = await db.get(TopicVersion, (row.id, row.version))
    if loaded is None or row.loaded_version != row.version:
        return True
    return loaded.content not in (content_of_row(row, reviewed=False), content_of_row(row))


def row_of(topic: Topic, *, position: int, version: int, fingerprint: str | None) -> TopicRow:
    """The rows of a topic."""
    row = TopicRow(
        id=topic.id,
        position=position,
        title=topic.title,
        group=topic.group,
        scope=topic.scope,
        region=topic.region,
        aliases=topic.aliases,
        related=topic.related,
        valid_from=topic.validity.from_,
        valid_until=topic.validity.until,
        state=topic.validity.state,
        checked_on=topic.checked.on,
        check_status=topic.checked.status,
        version=version,
        loaded_hash=fingerprint,
        loaded_version=version if fingerprint else None,
        eligibility=topic.eligibility.content() if topic.eligibility else None,
    )
    row.texts = [TextRow(key="answer", text=topic.answer.text, sources=topic.answer.sources)]
    for name, aspect in topic.aspects.items():
        said = aspect.text if aspect.text is not None else aspect.none
        row.texts.append(
            TextRow(key=name, text=said, gap=aspect.gap, applies=aspect.none is None, sources=aspect.sources)
        )
    if topic.after_expiry:
        row.texts.append(TextRow(key="after_expiry", text=topic.after_expiry, sources=[]))
    row.texts += [TextRow(key=key, text=getattr(topic.spoken, key), sources=[]) for key in ("s30", "s60")]
    row.figures = [
        FigureRow(position=i, label=f.label, value=f.value, source_n=f.source) for i, f in enumerate(topic.figures)
    ]
    row.sources = [SourceRow(**source.model_dump()) for source in topic.sources]
    row.terms = [TermRow(**term.model_dump()) for term in topic.terms]
    row.phrasings = [
        PhrasingRow(aspect=aspect, text=text) for aspect, texts in topic.phrasings.items() for text in texts
    ]
    return row


def content_of_topic(topic: Topic) -> dict[str, Any]:
    """The content of a file as plain data, in the form that content_of_row gives."""
    return content_of_row(row_of(topic, position=0, version=0, fingerprint=None))


def content_of_row(row: TopicRow, *, reviewed: bool = True) -> dict[str, Any]:
    """What a topic says, as plain data in the order of a file; without what staff took out of conversations if not `reviewed`."""
    texts = {text.key: text for text in row.texts}
    aspects: dict[str, Any] = {}
    for name in ASPECTS:
        if (text := texts.get(name)) is None:
            continue
        said: dict[str, Any] = {"text" if text.applies else "none": text.text}
        said |= {"gap": text.gap} if text.gap else {}
        aspects[name] = said | ({"sources": list(text.sources)} if text.sources else {})
    content: dict[str, Any] = {
        "id": row.id,
        "title": row.title,
        "group": row.group,
        "scope": row.scope,
        "region": row.region,
        "aliases": list(row.aliases),
        "validity": {"from": _iso(row.valid_from), "until": _iso(row.valid_until), "state": row.state},
        "checked": {"on": _iso(row.checked_on), "status": row.check_status},
        "related": list(row.related),
        "figures": [{"label": f.label, "value": f.value, "source": f.source_n} for f in row.figures],
        "sources": [
            {key: getattr(s, key) for key in ("n", "title", "number", "issuer", "date", "url", "text_seen", "seen_at")}
            for s in row.sources
        ],
        "answer": {"text": texts["answer"].text, "sources": list(texts["answer"].sources)},
        "aspects": aspects,
    }
    if "after_expiry" in texts:
        content["after_expiry"] = texts["after_expiry"].text
    content["terms"] = [{"term": t.term, "aliases": list(t.aliases), "text": t.text} for t in row.terms]
    if row.eligibility is not None:
        content["eligibility"] = row.eligibility
    content["spoken"] = {key: texts[key].text for key in ("s30", "s60")}
    phrasings: dict[str, list[str]] = {}
    for name in (GENERAL, *ASPECTS):
        if asked := [p.text for p in row.phrasings if p.aspect == name and (reviewed or p.origin != REVIEW)]:
            phrasings[name] = asked
    content["phrasings"] = phrasings
    return content


def _iso(day: Any) -> str | None:
    return day.isoformat() if day else None


async def contents(sessions: Sessions) -> dict[str, dict[str, Any]]:
    """What every topic says now, by id, in the order of the list."""
    async with sessions() as db:
        return {row.id: content_of_row(row) for row in await queries.whole_topics(db)}


async def export(sessions: Sessions, folder: Path) -> list[Path]:
    """Write every topic as a file that `load` reads back to the same content. Gives the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name, content in (await contents(sessions)).items():
        path = folder / f"{name}.yml"
        path.write_text(as_yaml(content), encoding="utf-8")
        paths.append(path)
    return paths


def as_yaml(content: dict[str, Any]) -> str:
    """A topic's content as its file has it: block texts, one line for short lists."""
    from ruamel.yaml.comments import CommentedMap, CommentedSeq
    from ruamel.yaml.scalarstring import LiteralScalarString, SingleQuotedScalarString

    def shaped(value: Any, *, flow: bool = False) -> Any:
        if isinstance(value, dict):
            shape = CommentedMap({k: shaped(v) for k, v in value.items()})
            short = set(value) in ({"from", "until", "state"}, {"on", "status"}, {"label", "value", "source"})
            if flow or short:
                shape.fa.set_flow_style()
            return shape
        if isinstance(value, list):
            shape = CommentedSeq([shaped(v) for v in value])
            if all(isinstance(v, (int, str)) and len(str(v)) < 30 for v in value) and len(value) < 9:
                shape.fa.set_flow_style()
            return shape
        if isinstance(value, str) and "\n" in value:
            return LiteralScalarString(value)
        if isinstance(value, str) and (value.isdigit() or value in ("yes", "no")):
            return SingleQuotedScalarString(value)
        return value

    yaml = YAML()
    yaml.width = 4096
    yaml.allow_unicode = True
    buffer = io.StringIO()
    yaml.dump(shaped(content), buffer)
    return buffer.getvalue()
