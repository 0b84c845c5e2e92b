"""Every statement on entering events. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.events.tables import Event, EventCompany, EventPosting, Registration
from bot.jobs.tables import Company, Posting


async def titled(db: AsyncSession, titles: Collection[str]) -> Sequence[Event]:
    """The events of those names."""
    return (await db.scalars(select(Event).where(Event.title.in_(titles)).order_by(Event.id))).all()


async def signed_up(db: AsyncSession, event_id: int) -> int:
    """How many have a place or wait for one."""
    found = select(func.count()).where(Registration.event_id == event_id, Registration.state != "cancelled")
    return await db.scalar(found) or 0


async def companies(db: AsyncSession, names: Collection[str]) -> dict[str, int]:
    """Ids of companies by their names."""
    rows = await db.execute(select(Company.name, Company.id).where(Company.name.in_(names)))
    return dict(rows.all())  # type: ignore[arg-type]


async def postings(db: AsyncSession, company_ids: Collection[int], titles: Collection[str] | None) -> dict[int, str]:
    """The open postings of companies, by id with their titles; only those of `titles` where there are any."""
    found = select(Posting.id, Posting.title).where(Posting.company_id.in_(company_ids), Posting.status == "open")
    if titles is not None:
        found = found.where(Posting.title.in_(titles))
    return dict((await db.execute(found)).all())  # type: ignore[arg-type]


async def brought(db: AsyncSession, event_id: int) -> tuple[set[int], set[int]]:
    """The companies and the postings of an event."""
    of_companies = select(EventCompany.company_id).where(EventCompany.event_id == event_id)
    of_postings = select(EventPosting.posting_id).where(EventPosting.event_id == event_id)
    return set((await db.scalars(of_companies)).all()), set((await db.scalars(of_postings)).all())


async def bring(db: AsyncSession, event_id: int, company_ids: set[int], posting_ids: set[int]) -> None:
    """Let these companies take part with these postings, and no others."""
    await db.execute(delete(EventPosting).where(EventPosting.event_id == event_id))
    await db.execute(delete(EventCompany).where(EventCompany.event_id == event_id))
    db.add_all(EventCompany(event_id=event_id, company_id=one) for one in sorted(company_ids))
    db.add_all(EventPosting(event_id=event_id, posting_id=one) for one in sorted(posting_ids))
    await db.flush()


async def listed(db: AsyncSession, now: datetime, *, past: bool, limit: int) -> Sequence[Event]:
    """Events that are not over, soonest first; or those that are, latest first. Called off ones too."""
    found = select(Event).where(Event.ends_at <= now if past else Event.ends_at > now)
    order = Event.starts_at.desc() if past else Event.starts_at.asc()
    return (await db.scalars(found.order_by(order, Event.id).limit(limit))).all()
