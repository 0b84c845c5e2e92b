"""Every statement on postings and on what people keep of them. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, cast, column, delete, func, or_, select, table, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.jobs.rules import Alternatives, Asked
from bot.jobs.tables import Company, Favourite, Posting, Subscription

BLOCK, AREA = 12, 16  # bits of an id below its block and its area: the words b… and a… of PostgreSQL's index
FIRST_SPAN = 2 << BLOCK  # ids that are looked at first
EVIDENCE = 8  # matches from which the number of others can be guessed

_END = "first_id_never_given"
_FTS = table("posting_fts", column("rowid"))


class Match(NamedTuple):
    """What ranking needs of a posting."""

    id: int
    company_id: int
    title: str
    checked_on: date


async def matches(db: AsyncSession, asked: Asked, *, today: date, limit: int, after: int = 0) -> list[Match]:
    """The newest postings that fit and may be offered, those with an id above `after` only."""
    if db.get_bind().dialect.name == "sqlite":
        return await _matches_sqlite(db, asked, today, limit, after)
    return await _matches_postgresql(db, asked, today, limit, after)


async def _matches_sqlite(db: AsyncSession, asked: Asked, today: date, limit: int, after: int) -> list[Match]:
    """FTS5 walks its lists from the newest posting down and stops when it has enough."""
    statement = (
        _fields()
        .select_from(_FTS.join(Posting, Posting.id == _FTS.c.rowid))
        .where(text("posting_fts MATCH :words"), _FTS.c.rowid > after, *_offered(asked, today))
        .order_by(_FTS.c.rowid.desc())
        .limit(limit)
    )
    return [Match(*row) for row in await db.execute(statement, {"words": fts5(asked)})]


async def _matches_postgresql(db: AsyncSession, asked: Asked, today: date, limit: int, after: int) -> list[Match]:
    """A GIN index gives all its matches before the first can be looked at, so it is asked for the newest ids first."""
    above = end = await _first_id_never_given(db)
    lowest = _rounded(above - FIRST_SPAN, FIRST_SPAN)
    found: list[Match] = []
    while True:
        found += await _matches_between(db, asked, today, limit - len(found), lowest, above, after)
        if len(found) >= limit or lowest <= after + 1:
            return found
        # As many more ids as should hold what is missing and a little over; on little evidence some more.
        span = end - lowest
        more = (limit - len(found)) * span * 7 // (5 * len(found)) if len(found) >= EVIDENCE else 15 * span
        lowest, above = _rounded(lowest - more, more), lowest


async def _first_id_never_given(db: AsyncSession) -> int:
    """One above the newest posting; asked once in a session, where the planner is also told what it cannot know."""
    if _END not in db.info:
        # Few rows are read whatever is asked: compiling the statement and reading the whole table are never worth it.
        row = await db.execute(
            text(
                "SELECT (SELECT max(id) FROM posting), set_config('jit', 'off', true), "
                "set_config('enable_seqscan', 'off', true)"
            )
        )
        db.info[_END] = (row.scalar_one() or 0) + 1
    return int(db.info[_END])


async def _matches_between(
    db: AsyncSession, asked: Asked, today: date, limit: int, lowest: int, above: int, after: int
) -> list[Match]:
    parts = tsqueries(asked)
    if lowest:  # else the few that are found a second time cost less than naming all areas
        parts.append(" | ".join(_blocks(lowest, above)))
    # One comparison for each part: within the index scan they then leapfrog one another. Of a single query with all
    # the parts, every posting with the rarest words would be looked at, however old.
    matching = " AND ".join(f"{TSVECTOR} @@ CAST(CAST(:part{n} AS text) AS tsquery)" for n in range(len(parts)))
    having = (
        _fields()
        .where(text(f"status = 'open' AND {matching}"), *_offered(asked, today))
        .offset(0)  # keeps the planner from walking the ids in order instead of the index of words
        .subquery("having_words")
    )
    statement = (
        select(*(having.c[name] for name in Match._fields))
        .where(having.c.id > after, having.c.id < above)
        .order_by(having.c.id.desc())
        .limit(limit)
    )
    return [Match(*row) for row in await db.execute(statement, {f"part{n}": part for n, part in enumerate(parts)})]


def _rounded(lowest: int, span: int) -> int:
    """The id at or below this one where a block begins, or an area for long spans: fewer words. 0 at the least."""
    bits = AREA if span >> AREA > 1 else BLOCK
    return max(lowest, 0) >> bits << bits


def _blocks(lowest: int, above: int) -> list[str]:
    """Words for exactly the ids from `lowest` to below `above`, `lowest` where a block begins: areas where they fit."""
    words, block, end = [], lowest >> BLOCK, ((above - 1) >> BLOCK) + 1
    size = 1 << (AREA - BLOCK)  # blocks of an area
    while block < end:
        if block % size == 0 and block + size <= end:
            words.append(f"'a{block // size}'")
            block += size
        else:
            words.append(f"'b{block}'")
            block += 1
    return words


# The expression of the index ix_posting_fts, letter for letter.
TSVECTOR = (
    "array_to_tsvector(array_remove(string_to_array("
    "search_text || ' b' || (id >> 12)::text || ' a' || (id >> 16)::text, ' '), ''))"
)


def _fields() -> Select[Any]:
    return select(Posting.id, Posting.company_id, Posting.title, Posting.checked_on)


def _offered(asked: Asked, today: date) -> list[ColumnElement[bool]]:
    """Open, not over, no sign of a scam, and the pay as wished: all that is compared on the row itself."""
    found: list[ColumnElement[bool]] = [
        Posting.status == "open",
        or_(Posting.closes_on.is_(None), Posting.closes_on >= today),
        cast(Posting.scam_signs, String) == "[]",
    ]
    pay: list[ColumnElement[bool]] = []
    if asked.pay_from is not None:
        pay.append(Posting.pay_max >= asked.pay_from)
    if asked.pay_to is not None:
        pay.append(Posting.pay_min <= asked.pay_to)
    if pay and asked.negotiable:
        return [*found, or_(Posting.pay_min.is_(None), *([pay[0] & pay[1]] if len(pay) == 2 else pay))]
    return found + pay


def fts5(asked: Asked) -> str:
    """The words as SQLite's FTS5 reads them."""
    needed = " AND ".join(_written(part, " AND ", " OR ", '"') for part in asked.need)
    return needed + "".join(f" NOT {_written(part, ' AND ', ' OR ', chr(34))}" for part in asked.without)


def tsqueries(asked: Asked) -> list[str]:
    """The words as PostgreSQL's tsquery reads them, one query for each part; all must match."""
    queries = [_written(part, " & ", " | ", "'") for part in asked.need]
    # Alone, words that must not be there would make it read the whole index.
    queries[0] += "".join(f" & !{_written(part, ' & ', ' | ', chr(39))}" for part in asked.without)
    return queries


def _written(part: Alternatives, and_: str, or_: str, quote: str) -> str:
    every = ("(" + and_.join(f"{quote}{word}{quote}" for word in words) + ")" for words in part)
    return f"({or_.join(every)})"


async def posting(db: AsyncSession, posting_id: int) -> Posting | None:
    """One posting with its company."""
    return await db.get(Posting, posting_id)


async def postings(db: AsyncSession, ids: Sequence[int]) -> list[Posting]:
    """Postings with their companies, in the order of the ids."""
    found = {row.id: row for row in await db.scalars(select(Posting).where(Posting.id.in_(ids)))}
    return [found[i] for i in ids if i in found]


async def newest_posting_id(db: AsyncSession) -> int:
    """The id that was given last."""
    return await db.scalar(select(func.max(Posting.id))) or 0


async def add_favourite(db: AsyncSession, person_id: int, posting_id: int, at: datetime) -> bool:
    """Keep a posting; False if it was kept already."""
    insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    done = await db.execute(
        insert(Favourite).values(person_id=person_id, posting_id=posting_id, at=at).on_conflict_do_nothing()
    )
    return done.rowcount == 1


async def remove_favourite(db: AsyncSession, person_id: int, posting_id: int) -> bool:
    """Keep a posting no more; False if it was not kept."""
    done = await db.execute(
        delete(Favourite).where(Favourite.person_id == person_id, Favourite.posting_id == posting_id)
    )
    return done.rowcount == 1


async def favourites(db: AsyncSession, person_id: int) -> Sequence[Posting]:
    """What a person has kept, the latest first."""
    found = await db.scalars(
        select(Posting)
        .join(Favourite, Favourite.posting_id == Posting.id)
        .where(Favourite.person_id == person_id)
        .order_by(Favourite.at.desc(), Posting.id.desc())
    )
    return found.all()


async def subscription(db: AsyncSession, subscription_id: int) -> Subscription | None:
    """One saved search."""
    return await db.get(Subscription, subscription_id)


async def subscriptions(db: AsyncSession, person_id: int) -> Sequence[Subscription]:
    """A person's active saved searches, the oldest first."""
    found = await db.scalars(
        select(Subscription).where(Subscription.person_id == person_id, Subscription.active).order_by(Subscription.id)
    )
    return found.all()


async def end_subscriptions(db: AsyncSession, person_id: int, subscription_id: int | None) -> int:
    """End one of a person's active saved searches, or all; how many."""
    ending = update(Subscription).where(Subscription.person_id == person_id, Subscription.active).values(active=False)
    if subscription_id is not None:
        ending = ending.where(Subscription.id == subscription_id)
    return (await db.execute(ending)).rowcount


async def due_subscriptions(db: AsyncSession, day: date) -> Sequence[Subscription]:
    """Active saved searches that nobody was told of on that day, the oldest first."""
    untold = or_(Subscription.told_on.is_(None), Subscription.told_on < day)
    found = await db.scalars(select(Subscription).where(Subscription.active, untold).order_by(Subscription.id))
    return found.all()


async def claim_telling(db: AsyncSession, subscription_id: int, day: date, upto: int) -> bool:
    """Note that a saved search is told of on that day, up to a posting; False if it was already, or has ended."""
    done = await db.execute(
        update(Subscription)
        .where(
            Subscription.id == subscription_id,
            Subscription.active,
            or_(Subscription.told_on.is_(None), Subscription.told_on < day),
        )
        .values(told_on=day, last_posting_id=upto)
    )
    return done.rowcount == 1


async def company_names(db: AsyncSession, limit: int) -> list[str]:
    """Names of the employers with most postings."""
    counted = select(Posting.company_id, func.count().label("n")).group_by(Posting.company_id).subquery()
    ranked = select(Company.name).join(counted, counted.c.company_id == Company.id).order_by(counted.c.n.desc())
    return list(await db.scalars(ranked.limit(limit)))
