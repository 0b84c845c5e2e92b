"""Two turns in a row without an answer: a person is offered unasked. They receive an open session."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.tables import Feedback, Message, Turn

IN_A_ROW = 2


async def failed_in_a_row(db: AsyncSession, conversation_id: int, *, before: int | None = None) -> int:
    """How many of the latest turns had no answer or a 👎, up to two; those before a turn where one is given."""
    latest = (
        select(Turn.id, Turn.outcome, Turn.state)
        .where(Turn.conversation_id == conversation_id, Turn.state.in_(("answered", "failed")))
        .order_by(Turn.id.desc())
        .limit(IN_A_ROW)
    )
    if before is not None:
        latest = latest.where(Turn.id < before)
    turns = (await db.execute(latest)).all()
    down = set(
        await db.scalars(
            select(Message.turn_id)
            .join(Feedback, Feedback.message_id == Message.id)
            .where(Message.turn_id.in_([turn.id for turn in turns]), Feedback.verdict == "down")
        )
    )
    failed = 0
    for turn in turns:
        if turn.outcome != "refused" and turn.state != "failed" and turn.id not in down:
            break
        failed += 1
    return failed
