"""Every statement of the pages on which staff keep companies. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Row, delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.events.tables import EventCompany
from bot.jobs.tables import Company, Posting, PostingBefore

PAGE = 50


async def listed(db: AsyncSession, words: str, page: int) -> tuple[Sequence[Row[tuple[Company, int]]], int]:
    """A page of companies by name with how many open postings each has, and how many companies there are."""
    found = [Company.name.contains(words, autoescape=True)] if words else []
    some = select(Company).where(*found).order_by(Company.name).limit(PAGE).offset((page - 1) * PAGE).subquery()
    counted = (
        select(func.count())
        .where(Posting.company_id == Company.id, Posting.status == "open")
        .correlate(Company)
        .scalar_subquery()
    )
    rows = await db.execute(select(Company, counted).where(Company.id.in_(select(some.c.id))).order_by(Company.name))
    return rows.all(), await db.scalar(select(func.count()).select_from(Company).where(*found)) or 0


async def names(db: AsyncSession) -> Sequence[Row[tuple[int, str]]]:
    """Every company's name."""
    return (await db.execute(select(Company.id, Company.name).order_by(Company.id))).all()


async def postings(db: AsyncSession, company_id: int) -> Sequence[Posting]:
    """What a company has, the newest first."""
    found = select(Posting).where(Posting.company_id == company_id).order_by(Posting.id.desc())
    return (await db.scalars(found)).all()


async def at_events(db: AsyncSession, company_id: int) -> set[int]:
    """The events in which a company takes part."""
    return set(await db.scalars(select(EventCompany.event_id).where(EventCompany.company_id == company_id)))


async def take_part_instead(db: AsyncSession, of: int, instead: int) -> None:
    """Let one company take part wherever another one does."""
    missing = await at_events(db, of) - await at_events(db, instead)
    await db.execute(
        update(EventCompany)
        .where(EventCompany.company_id == of, EventCompany.event_id.in_(missing))
        .values(company_id=instead)
    )


async def belonged_to(db: AsyncSession, company_id: int) -> Sequence[PostingBefore]:
    """What is kept for an undoing and names a company."""
    content = PostingBefore.content
    return (await db.scalars(select(PostingBefore).where(content["company_id"].as_integer() == company_id))).all()


async def remove(db: AsyncSession, company_id: int) -> None:
    """Take a company away that has nothing any more."""
    await db.execute(delete(Company).where(Company.id == company_id))
