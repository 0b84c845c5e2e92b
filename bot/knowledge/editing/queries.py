"""Every statement on drafts and versions, and on what they are held against. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from bot.conversations.tables import Conversation, Message
from bot.knowledge.tables import FigureRow, PhrasingRow, TextRow, TopicDraft, TopicRow, TopicVersion

_PARTS = (TopicRow.texts, TopicRow.figures, TopicRow.sources, TopicRow.terms, TopicRow.phrasings)


async def whole_topic(db: AsyncSession, topic_id: str, *, lock: bool = False) -> TopicRow | None:
    """A topic with everything that belongs to it; `lock` keeps others from changing it until the end."""
    wanted = select(TopicRow).where(TopicRow.id == topic_id).options(*map(selectinload, _PARTS))
    return await db.scalar(wanted.with_for_update() if lock else wanted)


async def last_position(db: AsyncSession) -> int:
    """The highest place in the list of topics."""
    return await db.scalar(select(func.coalesce(func.max(TopicRow.position), -1))) or 0


async def open_draft(db: AsyncSession, topic_id: str, *, lock: bool = False) -> TopicDraft | None:
    """The draft of a topic that is being worked on or waits."""
    wanted = select(TopicDraft).where(TopicDraft.topic_id == topic_id, TopicDraft.open == 1)
    return await db.scalar(wanted.with_for_update() if lock else wanted)


async def draft(db: AsyncSession, draft_id: int, *, lock: bool = False) -> TopicDraft | None:
    """One draft."""
    return await db.get(TopicDraft, draft_id, with_for_update=lock or None)


async def open_drafts(db: AsyncSession) -> Sequence[TopicDraft]:
    """All drafts that are being worked on or wait, the latest change first."""
    found = await db.scalars(select(TopicDraft).where(TopicDraft.open == 1).order_by(TopicDraft.changed_at.desc()))
    return found.all()


async def last_dropped(db: AsyncSession, topic_id: str) -> TopicDraft | None:
    """The draft of a topic that was closed last, where that was by giving it up."""
    found = await db.scalar(
        select(TopicDraft)
        .where(TopicDraft.topic_id == topic_id, TopicDraft.open.is_(None))
        .order_by(TopicDraft.decided_at.desc(), TopicDraft.id.desc())
        .limit(1)
    )
    return found if found is not None and found.state == "dropped" else None


async def count_waiting(db: AsyncSession) -> Sequence[tuple[Any, str | None]]:
    """(accounts that changed it, who sent it) of each draft that waits for approval."""
    found = await db.execute(select(TopicDraft.editors, TopicDraft.sent_by).where(TopicDraft.state == "waiting"))
    return [(editors, sent_by) for editors, sent_by in found]


async def versions(db: AsyncSession, topic_id: str) -> Sequence[Any]:
    """(version, author, at, approved by, note) of a topic, the latest first."""
    columns = (TopicVersion.version, TopicVersion.author, TopicVersion.at, TopicVersion.approved_by, TopicVersion.note)
    found = await db.execute(
        select(*columns).where(TopicVersion.topic_id == topic_id).order_by(TopicVersion.version.desc())
    )
    return found.all()


async def version(db: AsyncSession, topic_id: str, number: int) -> TopicVersion | None:
    """What a topic said in a version."""
    return await db.get(TopicVersion, (topic_id, number))


async def hotlines(db: AsyncSession, topic_id: str) -> frozenset[str]:
    """The numbers that a topic has as its figures."""
    return frozenset(await db.scalars(select(FigureRow.value).where(FigureRow.topic_id == topic_id)))


async def asked_elsewhere(db: AsyncSession, texts: Sequence[str], topic_id: str) -> dict[str, str]:
    """Those of some phrasings that are ways to ask about another topic, with its id."""
    found: dict[str, str] = {}
    for start in range(0, len(texts), 500):
        some = texts[start : start + 500]
        rows = await db.execute(
            select(PhrasingRow.text, PhrasingRow.topic_id).where(
                PhrasingRow.text.in_(some), PhrasingRow.topic_id != topic_id
            )
        )
        found |= dict(rows.all())
    return found


async def topics(db: AsyncSession) -> Sequence[Any]:
    """(id, title, group, region, last day, state, checked on, check status, version) of all topics, in order."""
    row = TopicRow
    columns = (row.id, row.title, row.group, row.region, row.valid_until, row.state, row.checked_on, row.check_status)
    return (await db.execute(select(*columns, row.version).order_by(row.position))).all()


async def gaps(db: AsyncSession) -> Sequence[Any]:
    """(topic, key of the text, what nobody has told us yet)."""
    found = await db.execute(select(TextRow.topic_id, TextRow.key, TextRow.gap).where(TextRow.gap.is_not(None)))
    return found.all()


async def ending(db: AsyncSession, first: date, last: date) -> int:
    """How many topics have their last day between two days."""
    wanted = select(func.count()).select_from(TopicRow).where(TopicRow.valid_until.between(first, last))
    return await db.scalar(wanted) or 0


async def said_in(db: AsyncSession, turn_id: int) -> tuple[str, str] | None:
    """What a person wrote in a turn, masked, and the code of the conversation."""
    found = await db.execute(
        select(Message.text, Conversation.code)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(Message.turn_id == turn_id, Message.direction == "in", Message.kind == "text")
        .order_by(Message.id)
        .limit(1)
    )
    row = found.first()
    return (row[0], row[1]) if row else None
