"""Every statement of the pages on which staff keep postings. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, String, cast, exists, false, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.jobs import words
from bot.jobs.queries import TSVECTOR, fts5, tsqueries
from bot.jobs.rules import Asked
from bot.jobs.tables import Company, ImportBatch, Posting, PostingBefore

PAGE = 50
COUNTED = 1000
"""Matches are counted exactly up to here."""
SOON = timedelta(days=7)
BY_HAND = "网页上改的"
"""The file of a batch that is one change on a page: so it is taken back as an import is."""


@dataclass(frozen=True)
class Search:
    """What is looked for in the list."""

    words: str = ""
    status: str = ""
    sample: bool | None = None
    source: str = ""
    batch: int | None = None
    company: int | None = None
    lack: str = ""  # soon, pay, contact, signs: what the quality report counts


class Listed(NamedTuple):
    """A line of the list."""

    id: int
    title: str
    company: str
    district: str | None
    pay_min: int | None
    pay_max: int | None
    status: str
    closes_on: date | None
    source: str
    sample: bool
    suspicious: bool


def _lacking(lack: str, today: date) -> list[ColumnElement[bool]]:
    """What a line of the quality report counts; only what is offered counts."""
    found = {
        "soon": Posting.closes_on.between(today, today + SOON),
        "pay": Posting.pay_min.is_(None),
        "contact": Posting.contact.is_(None) & Posting.apply_how.is_(None),
        "signs": cast(Posting.scam_signs, String) != "[]",
    }
    return [found[lack], Posting.status == "open"] if lack in found else []


def _having(db: AsyncSession, wanted: Search) -> list[ColumnElement[bool]]:
    """The words in title or company: by full text among open postings, else letter by letter."""
    asked_words = words.plain(wanted.words)
    if not asked_words:
        return [false()] if wanted.words else []
    if asked_words.isascii() and asked_words.isdigit():
        return [Posting.id == int(asked_words[:9])]
    if wanted.status not in ("", "open") or wanted.lack or wanted.batch is not None or wanted.company is not None:
        like = f"%{wanted.words.strip()}%"
        named = select(Company.id).where(Company.name.like(like))
        return [or_(Posting.title.like(like), Posting.company_id.in_(named))]
    asked = Asked(
        need=(
            (
                tuple(words.TITLE + piece for piece in words.pieces(asked_words)),
                tuple(words.COMPANY + p for p in words.pieces(words.stem(asked_words), words.COMPANY_LONGEST)),
            ),
        )
    )
    if db.get_bind().dialect.name == "sqlite":
        match = text("posting.id IN (SELECT rowid FROM posting_fts WHERE posting_fts MATCH :match)")
        return [match.bindparams(match=fts5(asked))]
    parts = text(f"posting.status = 'open' AND {TSVECTOR} @@ CAST(CAST(:match AS text) AS tsquery)")
    return [parts.bindparams(match=" & ".join(tsqueries(asked)))]


def _found(db: AsyncSession, wanted: Search, today: date) -> list[ColumnElement[bool]]:
    found = [*_having(db, wanted), *_lacking(wanted.lack, today)]
    if wanted.status:
        found.append(Posting.status == wanted.status)
    if wanted.sample is not None:
        found.append(Posting.sample.is_(wanted.sample))
    if wanted.source:
        found.append(Posting.source == wanted.source)
    if wanted.batch is not None:
        touched = select(PostingBefore.posting_id).where(PostingBefore.batch_id == wanted.batch)
        found.append(Posting.id.in_(touched))
    if wanted.company is not None:
        found.append(Posting.company_id == wanted.company)
    return found


async def listed(db: AsyncSession, wanted: Search, *, today: date, before: int | None) -> list[Listed]:
    """A page of postings below an id, the newest first, and one more if there are more."""
    p = Posting
    ids = select(p.id).where(*_found(db, wanted, today)).order_by(p.id.desc()).limit(PAGE + 1)
    if before is not None:
        ids = ids.where(p.id < before)
    rows = await db.execute(
        select(
            p.id, p.title, Company.name, p.district, p.pay_min, p.pay_max, p.status, p.closes_on, p.source, p.sample,
            cast(p.scam_signs, String) != "[]",
        )
        .join(Company, Company.id == p.company_id)
        .where(p.id.in_(list(await db.scalars(ids))))
        .order_by(p.id.desc())
    )  # fmt: skip
    return [Listed(*row) for row in rows]


async def counted(db: AsyncSession, wanted: Search, *, today: date) -> int:
    """How many there are; COUNTED + 1 for more than that."""
    some = select(Posting.id).where(*_found(db, wanted, today)).limit(COUNTED + 1).subquery()
    return await db.scalar(select(func.count()).select_from(some)) or 0


async def sources(db: AsyncSession, most: int = 50) -> list[str]:
    """The sources of the latest postings, by name."""
    latest = select(Posting.source).order_by(Posting.id.desc()).limit(5000).subquery()
    return sorted(set(await db.scalars(select(latest.c.source).distinct().limit(most))))


async def copies(db: AsyncSession, posting_id: int) -> Sequence[Posting]:
    """What was folded into a posting."""
    return (await db.scalars(select(Posting).where(Posting.folded_into == posting_id).order_by(Posting.id))).all()


async def holder(db: AsyncSession, key: str, *, but: int | None) -> int | None:
    """The posting that has a key already."""
    found = select(Posting.id).where(Posting.key == key)
    return await db.scalar(found.where(Posting.id != but) if but is not None else found)


async def company_named(db: AsyncSession, name: str) -> Company | None:
    """The company of exactly that name."""
    return await db.scalar(select(Company).where(Company.name == name))


async def company_spelled(db: AsyncSession, name: str, same) -> int | None:
    """The oldest company that `same` takes for the one named."""
    rows = await db.execute(select(Company.id, Company.name).order_by(Company.id))
    wanted = same(name)
    return next((id_ for id_, other in rows if same(other) == wanted), None)


def _batches() -> Select[tuple[ImportBatch]]:
    return select(ImportBatch).where(ImportBatch.file != BY_HAND).order_by(ImportBatch.id.desc())


async def imports(db: AsyncSession, count: int) -> Sequence[ImportBatch]:
    """The latest files brought in, newest first."""
    return (await db.scalars(_batches().limit(count))).all()


async def changes_of(db: AsyncSession, posting_id: int, count: int = 10) -> Sequence[ImportBatch]:
    """What brought or changed a posting, the latest first."""
    touched = exists().where(PostingBefore.batch_id == ImportBatch.id, PostingBefore.posting_id == posting_id)
    return (await db.scalars(select(ImportBatch).where(touched).order_by(ImportBatch.id.desc()).limit(count))).all()
