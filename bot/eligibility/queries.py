"""Every statement of the eligibility check. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from bot.eligibility.tables import EligibilityFacts
from bot.knowledge.tables import TopicRow


async def benefits(db: AsyncSession) -> Sequence[TopicRow]:
    """The topics with conditions, in the order of the list, with their texts and sources."""
    found = await db.scalars(
        select(TopicRow)
        .where(TopicRow.eligibility.is_not(None))
        .order_by(TopicRow.position)
        .options(selectinload(TopicRow.texts), selectinload(TopicRow.sources))
    )
    return found.all()


async def facts_of(db: AsyncSession, person_id: int) -> EligibilityFacts | None:
    """What a person told for the latest check."""
    return await db.get(EligibilityFacts, person_id)


async def agreed_facts(db: AsyncSession, conversation: str) -> dict[str, Any] | None:
    """The facts that may be used in a conversation, by its code."""
    return await db.scalar(select(EligibilityFacts.facts).where(EligibilityFacts.agreed_in == conversation))


async def keep(db: AsyncSession, person_id: int, facts: dict[str, Any], at: datetime) -> None:
    """Put a person's facts in the place of those before; what was agreed to stays."""
    row = await db.get(EligibilityFacts, person_id, with_for_update=True)
    if row is None:
        db.add(EligibilityFacts(person_id=person_id, facts=facts, at=at))
    else:
        row.facts, row.at = facts, at


async def agree(db: AsyncSession, person_id: int, conversation: str | None) -> bool:
    """Note in which conversation a person's facts may be used, None for in none; False where there are none."""
    done = await db.execute(
        update(EligibilityFacts).where(EligibilityFacts.person_id == person_id).values(agreed_in=conversation)
    )
    return done.rowcount == 1


async def forget(db: AsyncSession, person_id: int) -> bool:
    """Delete a person's facts; whether there were any."""
    done = await db.execute(delete(EligibilityFacts).where(EligibilityFacts.person_id == person_id))
    return done.rowcount == 1
