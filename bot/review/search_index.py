"""Keeps the index of what was said: in the transaction that stores it, out of the masked text and nothing else.

What is deleted leaves it by the foreign keys and the databases' own triggers. Nothing here commits.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sqlalchemy import func, insert, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.care.rules import SERIOUS
from bot.conversations.tables import Conversation, Feedback, Message, Turn
from bot.review.tables import ConversationReview, SearchEntry
from bot.review.words import NEW, SEEN, facets_of, grams, joined

if TYPE_CHECKING:
    from bot.store import Sessions

_SCAM, _DANGER = "scam_report", "care_danger"
_PAGES = 200  # of the full text, merged in one transaction


async def heard(db: AsyncSession, conversation: Conversation, turn: Turn, message: Message) -> None:
    """Enter a message that a person wrote, with its turn; both have their ids."""
    facets = facets_of(channel=conversation.channel, scam=bool(turn.scam_signs))
    await _enter(db, message, turn.id, facets, joined(grams(message.text)))


async def said(db: AsyncSession, conversation: Conversation, message: Message) -> None:
    """Enter a message of ours: with its turn, as that is understood by now, or by itself."""
    words = joined(grams(message.text))
    if message.turn_id is None:
        await _enter(db, message, None, facets_of(channel=conversation.channel), words)
        return
    turn = await db.get_one(Turn, message.turn_id)
    done = await db.execute(
        update(SearchEntry)
        .where(SearchEntry.turn_id == turn.id)
        .values(words=SearchEntry.words + f" {words}", facets=_facets(turn, conversation.channel)),
        execution_options={"synchronize_session": False},
    )
    if not done.rowcount:  # type: ignore[attr-defined]
        await _enter(db, message, turn.id, _facets(turn, conversation.channel), words)


async def understood(db: AsyncSession, conversation: Conversation, turn: Turn) -> None:
    """Note what became of a turn in which nothing is said."""
    await db.execute(
        update(SearchEntry).where(SearchEntry.turn_id == turn.id).values(facets=_facets(turn, conversation.channel)),
        execution_options={"synchronize_session": False},
    )


async def mended(db: AsyncSession, turn_ids: Iterable[int]) -> None:
    """Read the messages of some turns anew: their text is another one now."""
    await db.flush()
    for turn_id in turn_ids:
        texts = await db.scalars(select(Message.text).where(Message.turn_id == turn_id))
        await db.execute(
            update(SearchEntry)
            .where(SearchEntry.turn_id == turn_id)
            .values(words=joined(set().union(*map(grams, texts)))),
            execution_options={"synchronize_session": False},
        )


async def rated(db: AsyncSession, message: Message) -> None:
    """Note 👍 and 👎 of the turn that a message belongs to, or of a message by itself."""
    await db.flush()
    mine = Message.turn_id == message.turn_id if message.turn_id else Message.id == message.id
    entry = SearchEntry.turn_id == message.turn_id if message.turn_id else SearchEntry.message_id == message.id
    votes = await db.execute(
        select(Feedback.verdict, Feedback.reasons)
        .join(Message, Message.id == Feedback.message_id)
        .where(mine)
        .order_by(Feedback.at)
    )
    verdict, reasons = (votes.all() or [(None, [])])[-1]
    conversation = await db.get_one(Conversation, message.conversation_id)
    turn = await db.get_one(Turn, message.turn_id) if message.turn_id else None
    facets = (
        _facets(turn, conversation.channel, verdict, reasons)
        if turn
        else facets_of(channel=conversation.channel, verdict=verdict, reasons=reasons)
    )
    await db.execute(
        update(SearchEntry).where(entry).values(facets=facets), execution_options={"synchronize_session": False}
    )


async def marked(db: AsyncSession, conversation_id: int, marks: str, reviewed_to: int) -> None:
    """Put what staff decided of a conversation on all that was said in it."""
    for values, which in (
        (f"{marks} {SEEN}".strip(), SearchEntry.id <= reviewed_to),
        (f"{marks} {NEW}".strip(), SearchEntry.id > reviewed_to),
    ):
        await db.execute(
            update(SearchEntry)
            .where(SearchEntry.conversation_id == conversation_id, which, SearchEntry.marks != values)
            .values(marks=values),
            execution_options={"synchronize_session": False},
        )


async def tidy(sessions: Sessions) -> None:
    """Have SQLite write its full text anew where words were deleted: until then they stand in it, crossed out.

    A little at a time, so that nobody waits for it; many transactions. PostgreSQL minds its own.
    """
    async with sessions() as db:
        if db.get_bind().dialect.name != "sqlite":
            return
    pages = -_PAGES  # the first step begins a merge of everything, the others go on with it
    while True:
        async with sessions.begin() as db:
            before = await db.scalar(text("SELECT total_changes()"))
            await db.execute(
                text("INSERT INTO search_entry_fts (search_entry_fts, rank) VALUES ('merge', :pages)"), {"pages": pages}
            )
            after = await db.scalar(text("SELECT total_changes()"))
        if after - before < 2:
            return
        pages = _PAGES


async def _enter(db: AsyncSession, message: Message, turn_id: int | None, facets: str, words: str) -> None:
    """One row; what stands on its conversation already stands on it too."""
    of = message.conversation_id
    marks = select(ConversationReview.marks).where(ConversationReview.conversation_id == of).scalar_subquery()
    standing = (
        select(SearchEntry.standing)
        .where(SearchEntry.conversation_id == of)
        .order_by(SearchEntry.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    await db.execute(
        insert(SearchEntry).values(
            conversation_id=of,
            turn_id=turn_id,
            message_id=None if turn_id else message.id,
            at=message.at,
            facets=facets,
            marks=func.trim(func.coalesce(marks, literal("")) + f" {NEW}"),
            standing=func.coalesce(standing, literal("")),
            words=words,
        )
    )


def _facets(turn: Turn, channel: str, verdict: str | None = None, reasons: Iterable[str] = ()) -> str:
    return facets_of(
        channel=channel,
        intent=turn.intent,
        confidence=turn.confidence,
        outcome="failed" if turn.state == "failed" else turn.outcome,
        topics=[topic for topic in (turn.topic, *(turn.offered or ())) if topic],
        scam=bool(turn.scam_signs) or turn.intent == _SCAM,
        distress=turn.intent == SERIOUS or _DANGER in (turn.actions or ()),
        verdict=verdict,
        reasons=reasons,
    )
