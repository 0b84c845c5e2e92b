"""Every statement on the knowledge tables. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from bot.knowledge.rules import standing
from bot.knowledge.tables import KnowledgeRevision, PhrasingRow, TermRow, TextRow, TopicRow
from bot.knowledge.views import Phrasing


async def revision(db: AsyncSession) -> int:
    """How many edits the knowledge has seen."""
    return await db.scalar(select(func.coalesce(func.max(KnowledgeRevision.n), 0))) or 0


async def titles(db: AsyncSession) -> dict[str, str]:
    """Every topic's title by id, in the order of the list."""
    rows = await db.execute(select(TopicRow.id, TopicRow.title).order_by(TopicRow.position))
    return dict(rows.all())


async def topic(db: AsyncSession, topic_id: str) -> TopicRow | None:
    """One topic with its texts and sources."""
    return await db.get(TopicRow, topic_id, options=[selectinload(TopicRow.texts), selectinload(TopicRow.sources)])


async def whole_topics(db: AsyncSession) -> Sequence[TopicRow]:
    """All topics with everything that belongs to them."""
    parts = (TopicRow.texts, TopicRow.figures, TopicRow.sources, TopicRow.terms, TopicRow.phrasings)
    found = await db.scalars(select(TopicRow).order_by(TopicRow.position).options(*map(selectinload, parts)))
    return found.all()


async def phrasings(db: AsyncSession) -> list[Phrasing]:
    """Every phrasing, with each topic's title and other names as phrasings of the whole."""
    rows = await db.execute(select(PhrasingRow.topic_id, PhrasingRow.aspect, PhrasingRow.text))
    found = [Phrasing(*row) for row in rows]
    for topic_id, title, aliases in await db.execute(select(TopicRow.id, TopicRow.title, TopicRow.aliases)):
        found += [Phrasing(topic_id, "general", name) for name in (title, *aliases)]
    return found


async def terms(db: AsyncSession) -> dict[str, list[tuple[str, str, str]]]:
    """(topic, term, meaning) of each topic that explains it, by each spelling of a term, in lower case."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for row in await db.scalars(select(TermRow).order_by(TermRow.id)):
        for name in (row.term, *row.aliases):
            found.setdefault(name.lower(), []).append((row.topic_id, row.term, row.text))
    return found


@dataclass(frozen=True)
class Attention:
    """What the editors have to look at."""

    ended: list[tuple[str, str, date | None]]  # (id, title, last day)
    ending: list[tuple[str, str, date | None]]
    to_confirm: list[tuple[str, str]]  # (id, title) of topics whose figures are not all verified
    gaps: list[tuple[str, str, str]]  # (id, title, what nobody has told us yet)


async def attention(db: AsyncSession, *, today: date, soon: date) -> Attention:
    """Topics past their last day or near it, figures to confirm, and gaps to fill."""
    rows = (await db.scalars(select(TopicRow).order_by(TopicRow.valid_until, TopicRow.position))).all()
    gaps = await db.execute(
        select(TopicRow.id, TopicRow.title, TextRow.gap)
        .join(TextRow, TextRow.topic_id == TopicRow.id)
        .where(TextRow.gap.is_not(None))
        .order_by(TopicRow.position)
    )
    over = [r for r in rows if standing(r.valid_until, r.state, today=today) == "ended"]
    return Attention(
        ended=[(r.id, r.title, r.valid_until) for r in over],
        ending=[(r.id, r.title, r.valid_until) for r in rows if r.valid_until and today <= r.valid_until <= soon],
        to_confirm=[(r.id, r.title) for r in rows if r.check_status != "verified"],
        gaps=[(topic_id, title, gap) for topic_id, title, gap in gaps],
    )
