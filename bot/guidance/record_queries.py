"""Every statement on what is kept of a session: contact, who read it, the brief, outcome and rating. None commits."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.tables import Conversation, Turn
from bot.guidance.tables import BookingContact, ContactRead, GuidanceOutcome, GuidanceRating
from bot.jobs.tables import Company, Favourite, Posting
from bot.knowledge.tables import TopicRow

SHOWN = 10
"""How many topics and jobs a brief has at most, the latest first."""


async def keep_contact(db: AsyncSession, booking_id: int, sealed: bytes, at: datetime) -> None:
    """Keep a contact in the place of an earlier one."""
    await db.merge(BookingContact(booking_id=booking_id, sealed=sealed, at=at))


async def sealed_contact(db: AsyncSession, booking_id: int) -> bytes | None:
    """The contact of a booking, sealed."""
    return await db.scalar(select(BookingContact.sealed).where(BookingContact.booking_id == booking_id))


def put_down_reading(db: AsyncSession, booking_id: int, what: str, by: str, at: datetime) -> None:
    """Put down who read what."""
    db.add(ContactRead(booking_id=booking_id, what=what, by=by, at=at))


async def topics_read(db: AsyncSession, person_id: int) -> tuple[str, ...]:
    """The titles of the policies that a person was last answered about."""
    rows = await db.scalars(
        select(TopicRow.title)
        .join(Turn, Turn.topic == TopicRow.id)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(Conversation.person_id == person_id)
        .group_by(TopicRow.id, TopicRow.title)
        .order_by(func.max(Turn.id).desc())
        .limit(SHOWN)
    )
    return tuple(rows)


async def jobs_saved(db: AsyncSession, person_id: int) -> tuple[str, ...]:
    """The postings that a person has kept, as 岗位（单位）."""
    rows = await db.execute(
        select(Posting.title, Company.name)
        .join(Favourite, Favourite.posting_id == Posting.id)
        .join(Company, Company.id == Posting.company_id)
        .where(Favourite.person_id == person_id)
        .order_by(Favourite.at.desc(), Posting.id)
        .limit(SHOWN)
    )
    return tuple(f"{title}（{company}）" for title, company in rows)


async def keep_outcome(db: AsyncSession, outcome: GuidanceOutcome) -> None:
    """Keep what came of a session in the place of what was put down before."""
    await db.merge(outcome)


async def keep_rating(db: AsyncSession, rating: GuidanceRating) -> None:
    """Keep a rating in the place of an earlier one."""
    await db.merge(rating)
