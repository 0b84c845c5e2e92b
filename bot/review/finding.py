"""Every statement that finds: turns by the words they have, the newest first. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, column, func, select, table, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.review.tables import SearchEntry
from bot.review.words import BEGINS

BLOCK = 14  # bits of an id below its block: the words =b… of PostgreSQL's index (migration 0014)
_FIRST, _WIDER = 1, 6  # blocks that PostgreSQL looks at first; how many times as many the next time
_EVIDENCE = 8  # matches from which the number of others can be guessed
_NAMED = 100  # blocks at most that are named in one query

_FTS = table("search_entry_fts", column("rowid"))
# The expression of the index ix_search_entry_fts, letter for letter.
_TSVECTOR = (
    "array_to_tsvector(array_remove(string_to_array("
    "words || ' ' || facets || ' ' || marks || ' ' || standing || ' =b.' || (id >> 14)::text, ' '), ''))"
)


class Hit(NamedTuple):
    """A turn, or a message by itself, that has what is asked for."""

    id: int
    conversation_id: int


@dataclass(frozen=True)
class Asked:
    """What an entry must all have, and between which ids it lies."""

    words: tuple[str, ...] = ()
    above: int = 0
    below: int | None = None


async def ids_between(db: AsyncSession, since: datetime | None, until: datetime | None) -> tuple[int, int | None]:
    """What entries of a time lie above and below, by id: ids rise with time."""
    above, below = 0, None
    if since is not None:
        first = select(SearchEntry.id).where(SearchEntry.at >= since).order_by(SearchEntry.at, SearchEntry.id).limit(1)
        found = await db.scalar(first)
        above = found - 1 if found is not None else await top(db)
    if until is not None:
        last = select(SearchEntry.id).where(SearchEntry.at < until)
        found = await db.scalar(last.order_by(SearchEntry.at.desc(), SearchEntry.id.desc()).limit(1))
        below = (found or 0) + 1
    return above, below


async def top(db: AsyncSession) -> int:
    """The highest id."""
    return await db.scalar(select(func.coalesce(func.max(SearchEntry.id), 0))) or 0


async def hits(db: AsyncSession, asked: Asked, limit: int, *, newest_first: bool = True) -> list[Hit]:
    """What has all that is asked for, in order."""
    if not asked.words:
        return await _plain(db, asked, limit, newest_first)
    if db.get_bind().dialect.name == "sqlite":
        return await _sqlite(db, asked, limit, newest_first)
    return await _postgresql(db, asked, limit, newest_first)


async def latest(db: AsyncSession, asked: Asked, conversations: Collection[int]) -> dict[int, int]:
    """The last entry of each of some conversations that has what is asked for."""
    rows = await db.execute(
        select(SearchEntry.conversation_id, func.max(SearchEntry.id))
        .where(SearchEntry.conversation_id.in_(conversations), *_fits(asked))
        .group_by(SearchEntry.conversation_id)
    )
    return {row[0]: row[1] for row in rows}


def _fits(asked: Asked) -> list[ColumnElement[bool]]:
    """The same by reading the rows: for few of them."""
    whole = (
        " " + SearchEntry.words + " " + SearchEntry.facets + " " + SearchEntry.marks + " " + SearchEntry.standing + " "
    )
    has = [
        whole.contains(f" {word.removesuffix(BEGINS)}" + ("" if word.endswith(BEGINS) else " "), autoescape=True)
        for word in asked.words
    ]
    return [*has, *_bounds(asked)]


def _bounds(asked: Asked) -> list[ColumnElement[bool]]:
    parts: list[ColumnElement[bool]] = [SearchEntry.id > asked.above] if asked.above else []
    if asked.below is not None:
        parts.append(SearchEntry.id < asked.below)
    return parts


def _ordered(newest_first: bool) -> Select[tuple[int, int]]:
    order = SearchEntry.id.desc() if newest_first else SearchEntry.id.asc()
    return select(SearchEntry.id, SearchEntry.conversation_id).order_by(order)


async def _plain(db: AsyncSession, asked: Asked, limit: int, newest_first: bool) -> list[Hit]:
    rows = await db.execute(_ordered(newest_first).where(*_bounds(asked)).limit(limit))
    return [Hit(*row) for row in rows]


async def _sqlite(db: AsyncSession, asked: Asked, limit: int, newest_first: bool) -> list[Hit]:
    """FTS5 walks its lists from either end and stops when it has enough."""
    order = _FTS.c.rowid.desc() if newest_first else _FTS.c.rowid.asc()
    bounds = [_FTS.c.rowid > asked.above] if asked.above else []
    if asked.below is not None:
        bounds.append(_FTS.c.rowid < asked.below)
    statement = (
        select(SearchEntry.id, SearchEntry.conversation_id)
        .select_from(_FTS.join(SearchEntry, SearchEntry.id == _FTS.c.rowid))
        .where(text("search_entry_fts MATCH :words"), *bounds)
        .order_by(order)
        .limit(limit)
    )
    return [Hit(*row) for row in await db.execute(statement, {"words": fts5(asked.words)})]


def fts5(words: Sequence[str]) -> str:
    """Words as FTS5 is asked for them."""
    return " AND ".join(f'"{word.removesuffix(BEGINS)}"' + (BEGINS if word.endswith(BEGINS) else "") for word in words)


async def _postgresql(db: AsyncSession, asked: Asked, limit: int, newest_first: bool) -> list[Hit]:
    """A GIN index gives all its matches before the first can be looked at, so it is asked for one end of the ids first."""
    if "review_planned" not in db.info:
        # Few rows are read whatever is asked: compiling and reading the whole table are never worth it.
        await db.execute(text("SELECT set_config('jit', 'off', true), set_config('enable_seqscan', 'off', true)"))
        db.info["review_planned"] = True
        db.info["review_top"] = await top(db)
    last = db.info["review_top"]
    last = last if asked.below is None else min(asked.below - 1, last)
    first_block, last_block = (asked.above + 1) >> BLOCK, last >> BLOCK
    found: list[Hit] = []
    span, done = _FIRST, 0
    while done <= last_block - first_block and len(found) < limit:
        low, high = (
            (max(last_block - done - span + 1, first_block), last_block - done)
            if newest_first
            else (first_block + done, min(first_block + done + span - 1, last_block))
        )
        blocks = range(low, high + 1) if high - low < _NAMED else ()
        ids = (max(low << BLOCK, asked.above + 1), min((high + 1) << BLOCK, last + 1))
        found += await _between(db, asked.words, limit - len(found), newest_first, ids, blocks)
        done += high - low + 1
        looked_at = last + 1 - ids[0] if newest_first else ids[1] - asked.above - 1
        span = _next_span(span, looked_at, len(found), limit)
    return found


def _next_span(span: int, looked_at: int, found: int, limit: int) -> int:
    """How many blocks should hold what is missing and a little over; on little evidence some more than before."""
    if found < _EVIDENCE:
        return span * _WIDER
    missing = (limit - found) * looked_at * 7 // (5 * found)
    return min((missing >> BLOCK) + 1, span * _WIDER**2)


async def _between(
    db: AsyncSession,
    words: Sequence[str],
    limit: int,
    newest_first: bool,
    ids: tuple[int, int],
    blocks: Collection[int],
) -> list[Hit]:
    """Matches with an id from one to below another."""
    parts = [_lexeme(word) for word in words]
    if blocks:
        parts.append(" | ".join(f"'=b.{block}'" for block in blocks))
    # One comparison for each word: within the index scan they leapfrog one another.
    matching = " AND ".join(f"{_TSVECTOR} @@ CAST(CAST(:part{n} AS text) AS tsquery)" for n in range(len(parts)))
    having = (
        select(SearchEntry.id, SearchEntry.conversation_id)
        .where(text(matching))
        .offset(0)  # keeps the planner from walking the ids in order instead of the index of words
        .subquery("having_words")
    )
    within = (having.c.id >= ids[0], having.c.id < ids[1])
    order = having.c.id.desc() if newest_first else having.c.id.asc()
    statement = select(having.c.id, having.c.conversation_id).where(*within).order_by(order).limit(limit)
    rows = await db.execute(statement, {f"part{n}": part for n, part in enumerate(parts)})
    return [Hit(*row) for row in rows]


def _lexeme(word: str) -> str:
    plain = word.removesuffix(BEGINS).replace("\\", "\\\\").replace("'", "''")
    return f"'{plain}'" + (":*" if word.endswith(BEGINS) else "")
