"""Lines that people read when somebody of the staff comes, goes or falls silent. They receive an open session."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.base import Shown
from bot.conversations import queries as record
from bot.conversations.messages import put
from bot.handover import queries, wording
from bot.handover.tables import Handover
from bot.reply import Reply


async def written(
    db: AsyncSession,
    identity_id: int,
    text: str | tuple[str, ...],
    now: datetime,
    *,
    by: str | None = None,
    key: str | None = None,
) -> Shown | None:
    """Put a line of the staff, or about them, where somebody is now; None where they have no conversation."""
    talk = await record.latest_conversation(db, identity_id)
    if talk is None:
        return None
    paragraphs = (text,) if isinstance(text, str) else text
    message = await put(db, talk, Reply(paragraphs=paragraphs), "staff", at=now, key=key, by=by)
    await record.touch(db, talk.id, now)
    return record.shown(message, talk.code)


async def told(db: AsyncSession, handover: Handover, reply: Reply, now: datetime) -> Shown | None:
    """Tell the person of a handover something by itself; nothing where nothing may speak to them by itself."""
    stopped, _ = await queries.situation(db, handover.person_id)
    talk = await record.latest_conversation(db, handover.identity_id)
    if stopped or talk is None:
        return None
    return record.shown(await put(db, talk, reply, "staff", at=now), talk.code)


async def expired(db: AsyncSession, handover_id: int, *, quiet: timedelta, now: datetime) -> Shown | None:
    """End a talk in which staff fell silent, and say once that the bot goes on; None where it did not end now."""
    handover = await queries.expire(db, handover_id, quiet_since=now - quiet, at=now)
    if handover is None:
        return None
    return await told(db, handover, Reply(paragraphs=(wording.quiet(handover.taken_by or "老师"),)), now)
