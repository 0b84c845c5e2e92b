"""Every statement of an import and its undoing. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, exists, insert, literal, null, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.jobs.import_reading import Facts, company_of
from bot.jobs.sameness import same_company
from bot.jobs.tables import Company, ImportBatch, Posting, PostingBefore

_POSTING, _BEFORE, _COMPANY = Posting.__table__, PostingBefore.__table__, Company.__table__
_COLUMNS = [column for column in _POSTING.columns if column.name != "id"]
CHUNK = 1000


class Known(NamedTuple):
    """What deciding about a row needs to know of the posting that is there."""

    id: int
    key: str
    content_hash: str
    title: str
    source: str
    status: str
    closes_on: date | None


async def alone(db: AsyncSession) -> None:
    """Let no other import write at the same time. SQLite's one writer needs no telling."""
    if db.get_bind().dialect.name == "postgresql":
        await db.execute(text("LOCK TABLE job_import IN SHARE ROW EXCLUSIVE MODE"))


async def companies(db: AsyncSession) -> dict[str, Facts]:
    """Every company by its name without spelling; of two that are one, the older."""
    c = Company
    rows = await db.execute(
        select(c.id, c.name, c.industry, c.trade, c.district, c.size, c.alliance_member).order_by(c.id)
    )
    found: dict[str, Facts] = {}
    for row in rows:
        found.setdefault(same_company(row.name), Facts(*row))
    return found


async def create_companies(db: AsyncSession, wanted: Sequence[Facts]) -> dict[str, int]:
    """The ids by name of the companies that were not there; those that were are left as they are."""
    there = await company_ids(db, [facts.name for facts in wanted])
    missing = [company_of(facts) for facts in wanted if facts.name not in there]
    if not missing:
        return {}
    await db.execute(insert(_COMPANY), [{**company, "sample": False} for company in missing])
    return await company_ids(db, [company["name"] for company in missing])


async def company_ids(db: AsyncSession, names: Sequence[str]) -> dict[str, int]:
    """Companies' ids by exact name."""
    rows = await db.execute(select(Company.name, Company.id).where(Company.name.in_(names)))
    return {row.name: row.id for row in rows}


async def known(db: AsyncSession, keys: Sequence[str]) -> dict[str, Known]:
    """Postings by key."""
    p = Posting
    rows = await db.execute(
        select(p.id, p.key, p.content_hash, p.title, p.source, p.status, p.closes_on).where(p.key.in_(keys))
    )
    return {row.key: Known(*row) for row in rows}


async def whole(db: AsyncSession, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """All columns of postings, by id."""
    if not ids:
        return {}
    rows = await db.execute(select(_POSTING).where(_POSTING.c.id.in_(ids)))
    return {row["id"]: {name: value for name, value in row.items() if name != "id"} for row in rows.mappings()}


async def add_postings(db: AsyncSession, postings: Sequence[dict[str, Any]]) -> None:
    """Insert many at once."""
    if postings:
        await db.execute(insert(_POSTING), postings)


async def change_postings(db: AsyncSession, changes: Sequence[dict[str, Any]]) -> None:
    """Set all columns of many postings, each named by `posting`."""
    if changes:
        values = {column.name: bindparam(column.name, type_=column.type) for column in _COLUMNS}
        await db.execute(update(_POSTING).where(_POSTING.c.id == bindparam("posting")).values(values), changes)


async def keep_before(db: AsyncSession, batch: int, before: dict[int, dict[str, Any]]) -> None:
    """Keep what postings were."""
    rows = [{"batch_id": batch, "posting_id": id_, "content": _kept(row)} for id_, row in before.items()]
    if rows:
        await db.execute(insert(_BEFORE), rows)


async def keep_new(db: AsyncSession, batch: int) -> None:
    """Note which postings a batch brought. Their content stays null, as the database has it."""
    brought = select(literal(batch), _POSTING.c.id).where(_POSTING.c.batch_id == batch)
    await db.execute(insert(_BEFORE).from_select(["batch_id", "posting_id"], brought, include_defaults=False))


async def later_batches(db: AsyncSession, batch: int) -> list[int]:
    """The later imports that changed something this one had touched, or folded something into what it brought."""
    mine = select(_BEFORE.c.posting_id).where(_BEFORE.c.batch_id == batch)
    changed = select(_BEFORE.c.batch_id).where(_BEFORE.c.batch_id > batch, _BEFORE.c.posting_id.in_(mine))
    folded = select(_POSTING.c.batch_id).where(_POSTING.c.batch_id > batch, _POSTING.c.folded_into.in_(mine))
    return sorted(set(await db.scalars(changed.union(folded))))


async def remove_new(db: AsyncSession, batch: int) -> int:
    """Take away the postings that a batch brought; how many."""
    new = select(_BEFORE.c.posting_id).where(_BEFORE.c.batch_id == batch, _BEFORE.c.content.is_(null()))
    done = await db.execute(delete(_POSTING).where(_POSTING.c.id.in_(new)))
    return done.rowcount


async def changed_by(db: AsyncSession, batch: int) -> AsyncIterator[list[tuple[int, dict[str, Any]]]]:
    """What the postings that a batch changed were before, a chunk at a time."""
    last = 0
    while True:
        rows = await db.execute(
            select(_BEFORE.c.posting_id, _BEFORE.c.content)
            .where(_BEFORE.c.batch_id == batch, _BEFORE.c.content.is_not(null()), _BEFORE.c.posting_id > last)
            .order_by(_BEFORE.c.posting_id)
            .limit(CHUNK)
        )
        chunk = [(id_, _restored(content)) for id_, content in rows]
        if not chunk:
            return
        yield chunk
        last = chunk[-1][0]


async def forget_before(db: AsyncSession, batch: int) -> None:
    """Drop what was kept for a batch's undoing."""
    await db.execute(delete(_BEFORE).where(_BEFORE.c.batch_id == batch))


async def remove_companies(db: AsyncSession, ids: Iterable[int]) -> None:
    """Take away companies that have no posting left."""
    wanted = list(ids)
    for start in range(0, len(wanted), CHUNK):
        part = wanted[start : start + CHUNK]
        without = ~exists().where(_POSTING.c.company_id == _COMPANY.c.id)
        await db.execute(delete(_COMPANY).where(_COMPANY.c.id.in_(part), without))


async def batches(db: AsyncSession, count: int) -> Sequence[ImportBatch]:
    """The latest imports, newest first."""
    return (await db.scalars(select(ImportBatch).order_by(ImportBatch.id.desc()).limit(count))).all()


async def postings_in_order(db: AsyncSession, after: int) -> list[dict[str, Any]]:
    """The next chunk of postings by id with their companies' fields, as an export writes them."""
    company = [column.label(f"company_{column.name}") for column in _COMPANY.columns if column.name != "id"]
    rows = await db.execute(
        select(_POSTING, *company)
        .join(_COMPANY, _COMPANY.c.id == _POSTING.c.company_id)
        .where(_POSTING.c.id > after)
        .order_by(_POSTING.c.id)
        .limit(CHUNK)
    )
    return [dict(row) for row in rows.mappings()]


def _kept(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, (date, datetime)) else value for name, value in row.items()}


def _restored(content: dict[str, Any]) -> dict[str, Any]:
    days = {column.name for column in _COLUMNS if column.type.python_type is date}
    return {name: date.fromisoformat(v) if v and name in days else v for name, v in content.items()}
