"""Taking an import of advisers back: everybody as they were before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from bot.guidance.sample import SOURCE as SAMPLE
from bot.guidance.tables import Adviser, AdviserBefore, AdviserHours, AdviserImport, Booking

_FIELDS = ("name", "full_name", "topics", "modes", "base", "at_once", "session_minutes", "note", "active", "sample")


class CannotUndo(Exception):
    """A batch that cannot be taken back. Its text is one Chinese sentence."""


@dataclass(frozen=True)
class Undone:
    """What an undoing did; `kept` are new advisers with sessions, who only take no more of them."""

    batch: int
    removed: int
    restored: int
    kept: tuple[str, ...]


def as_they_are(adviser: Adviser) -> dict[str, Any]:
    """An adviser with their weekly hours, as `undone` puts them back."""
    hours = [[one.weekday, one.start_minute, one.end_minute] for one in adviser.hours]
    return {**{name: getattr(adviser, name) for name in _FIELDS}, "hours": hours}


async def undone(db: AsyncSession, batch_id: int, now: datetime) -> Undone:
    """Put everybody back whom a batch changed, and take away whom it brought. Raises CannotUndo."""
    batch = await db.get(AdviserImport, batch_id)
    if batch is None:
        raise CannotUndo(f"没有第 {batch_id} 批名册。")
    if batch.file == SAMPLE:
        raise CannotUndo(f"第 {batch_id} 批是示例数据，请用 duihua guidance remove-sample 去掉。")
    if batch.undone_at is not None:
        raise CannotUndo(f"第 {batch_id} 批已经撤销过了。")
    if (later := await _later(db, batch_id)) is not None:
        raise CannotUndo(f"第 {batch_id} 批的老师后来又被第 {later} 批改动过，请先撤销第 {later} 批。")
    rows = (
        await db.execute(
            select(Adviser, AdviserBefore)
            .join(AdviserBefore, AdviserBefore.adviser_id == Adviser.id)
            .where(AdviserBefore.import_id == batch_id)
            .options(selectinload(Adviser.hours))
            .order_by(Adviser.id)
        )
    ).all()
    removed, restored, kept = 0, 0, []
    for adviser, was in rows:
        if was.before is not None:
            await _put_back(db, adviser, was.before)
            restored += 1
        elif await _has_sessions(db, adviser.id):
            adviser.active = False
            kept.append(adviser.name)
        else:
            await db.delete(adviser)
            removed += 1
    batch.undone_at = now
    await db.flush()
    return Undone(batch_id, removed, restored, tuple(kept))


async def _later(db: AsyncSession, batch_id: int) -> int | None:
    """The newest batch after this one that changed one of its advisers and was not taken back."""
    ours = select(AdviserBefore.adviser_id).where(AdviserBefore.import_id == batch_id)
    return await db.scalar(
        select(AdviserBefore.import_id)
        .join(AdviserImport, AdviserImport.id == AdviserBefore.import_id)
        .where(
            AdviserBefore.adviser_id.in_(ours), AdviserBefore.import_id > batch_id, AdviserImport.undone_at.is_(None)
        )
        .order_by(AdviserBefore.import_id.desc())
        .limit(1)
    )


async def _has_sessions(db: AsyncSession, adviser_id: int) -> bool:
    known = ("booked", "cancelled", "done", "no_show")
    found = select(Booking.id).where(Booking.adviser_id == adviser_id, Booking.state.in_(known)).limit(1)
    return await db.scalar(found) is not None


async def _put_back(db: AsyncSession, adviser: Adviser, before: dict[str, Any]) -> None:
    for name in _FIELDS:
        setattr(adviser, name, before[name])
    adviser.hours.clear()
    await db.flush()  # hours may begin where those to go did
    adviser.hours.extend(
        AdviserHours(weekday=day, start_minute=start, end_minute=end) for day, start, end in before["hours"]
    )
    await db.flush()
