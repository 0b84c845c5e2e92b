"""Every statement on what the editors are asked for. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.radio.groups.tables import AskedRequest


async def requests(db: AsyncSession, state: str | None, limit: int) -> Sequence[AskedRequest]:
    """What the editors are asked for, the latest first."""
    wanted = select(AskedRequest).order_by(AskedRequest.id.desc()).limit(limit)
    if state is not None:
        wanted = wanted.where(AskedRequest.state == state)
    return (await db.scalars(wanted)).all()


async def latest_request(db: AsyncSession, group_id: int) -> AskedRequest | None:
    """What was asked last for a group."""
    return await db.scalar(
        select(AskedRequest).where(AskedRequest.group_id == group_id).order_by(AskedRequest.id.desc()).limit(1)
    )


async def open_requests_of(db: AsyncSession, groups: Sequence[int]) -> set[int]:
    """Those of some groups for which an answer is asked."""
    found = await db.scalars(
        select(AskedRequest.group_id).where(AskedRequest.group_id.in_(groups), AskedRequest.state == "open")
    )
    return set(found)


async def close_request(
    db: AsyncSession, request_id: int, *, state: str, by: str, at: datetime, reason: str | None
) -> int | None:
    """Close an open request: its group, None if none is open."""
    return await db.scalar(
        update(AskedRequest)
        .where(AskedRequest.id == request_id, AskedRequest.state == "open")
        .values(state=state, closed_by=by, closed_at=at, reason=reason)
        .returning(AskedRequest.group_id),
        execution_options={"synchronize_session": False},
    )
