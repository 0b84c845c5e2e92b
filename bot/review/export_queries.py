"""Every statement for lists that are taken away. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.tables import Conversation, Feedback, Message, Turn
from bot.knowledge.queries import titles
from bot.review.tables import ConversationReview, SearchEntry

__all__ = ["conversations", "messages", "titles"]


async def messages(db: AsyncSession, entries: Collection[int]) -> list[Any]:
    """The messages of some entries, in order, each with its turn and what was thought of it."""
    # Two ways to belong are two lists: the database finds each by its own index.
    found = []
    for way in (Message.turn_id == SearchEntry.turn_id, Message.id == SearchEntry.message_id):
        rows = await db.execute(
            select(
                SearchEntry.id.label("entry"), Message.id, Message.at, Conversation.code, Conversation.channel,
                Message.direction, Message.kind, Message.text, Turn.intent, Turn.confidence, Turn.outcome, Turn.topic,
                Turn.aspect, Turn.answer_version, Turn.milliseconds, Feedback.verdict, Feedback.reasons, SearchEntry.facets,
            )
            .select_from(SearchEntry)
            .join(Message, way)
            .join(Conversation, Conversation.id == SearchEntry.conversation_id)
            .outerjoin(Turn, Turn.id == SearchEntry.turn_id)
            .outerjoin(Feedback, Feedback.message_id == Message.id)
            .where(SearchEntry.id.in_(entries))
        )  # fmt: skip
        found += rows.all()
    return sorted(found, key=lambda row: (row.entry, row.id))


async def conversations(db: AsyncSession, entries: Collection[int]) -> list[Any]:
    """The conversations of some entries, in their order, with what was said last in those and how the whole went."""
    entries = list(entries)
    of = select(SearchEntry.conversation_id).where(SearchEntry.id.in_(entries))
    turns = (
        select(
            Turn.conversation_id,
            func.count().label("turns"),
            func.sum(case((Turn.outcome == "refused", 1), else_=0)).label("refused"),
        )
        .where(Turn.conversation_id.in_(of))
        .group_by(Turn.conversation_id)
        .subquery()
    )
    downs = (
        select(Message.conversation_id, func.count().label("downs"))
        .join(Feedback, and_(Feedback.message_id == Message.id, Feedback.verdict == "down"))
        .where(Message.conversation_id.in_(of))
        .group_by(Message.conversation_id)
        .subquery()
    )
    said = (
        select(Message.text)
        .where(or_(and_(Message.turn_id == SearchEntry.turn_id, Message.direction == "in"), Message.id == SearchEntry.message_id))
        .order_by(Message.id)
        .limit(1)
        .scalar_subquery()
    )  # fmt: skip
    rows = await db.execute(
        select(
            Conversation.code, Conversation.channel, Conversation.started_at, Conversation.last_at,
            func.coalesce(turns.c.turns, 0).label("turns"), func.coalesce(turns.c.refused, 0).label("refused"),
            func.coalesce(downs.c.downs, 0).label("downs"), said.label("said"), SearchEntry.facets, SearchEntry.marks,
            SearchEntry.standing, ConversationReview.assigned_to, ConversationReview.reviewed_by,
        )
        .select_from(SearchEntry)
        .join(Conversation, Conversation.id == SearchEntry.conversation_id)
        .outerjoin(turns, turns.c.conversation_id == Conversation.id)
        .outerjoin(downs, downs.c.conversation_id == Conversation.id)
        .outerjoin(ConversationReview, ConversationReview.conversation_id == Conversation.id)
        .where(SearchEntry.id.in_(entries))
        .order_by(SearchEntry.id)
    )  # fmt: skip
    return list(rows)
