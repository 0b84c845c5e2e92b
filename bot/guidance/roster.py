"""Advisers brought in from a spreadsheet: a dry run, the import, and taking it back. All of a file or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import selectinload

from bot.clock import Clock
from bot.guidance import queries
from bot.guidance.calendar import WorkCalendar
from bot.guidance.plan import Plan, Worker
from bot.guidance.roster_cells import called
from bot.guidance.roster_reading import Entry, Gathered, gather
from bot.guidance.roster_undo import Undone, as_they_are, undone
from bot.guidance.rules import GuidanceRules, day_of
from bot.guidance.tables import Adviser, AdviserBefore, AdviserHours, AdviserImport, Booking
from bot.sheets.kinds import MAX_BYTES
from bot.sheets.reports import Report
from bot.store import Sessions
from bot.text.times import spoken

_FILE_LENGTH = 255
_FIELDS = ("topics", "modes", "base", "at_once", "session_minutes", "note")


class Roster:
    """Brings files of advisers in. Who is not in a file stays as they are."""

    def __init__(self, sessions: Sessions, clock: Clock, rules: GuidanceRules, *, max_bytes: int = MAX_BYTES) -> None:
        self._sessions, self._clock, self._rules, self._max_bytes = sessions, clock, rules, max_bytes

    async def preview(self, path: Path) -> Report:
        """The report that `bring_in` would give now; nothing is written. Raises SheetError."""
        gathered = await self._gather(path)
        async with self._sessions() as db:
            await self._file(db, gathered, None)
        return gathered.report

    async def bring_in(self, path: Path, *, by: str) -> Report:
        """Bring a file in, all of it or nothing. Raises SheetError."""
        gathered = await self._gather(path)
        report = gathered.report
        async with self._sessions.begin() as db:
            await queries.alone(db)
            batch = AdviserImport(file=path.name[:_FILE_LENGTH], by=by, at=self._clock())
            db.add(batch)
            await db.flush()
            await self._file(db, gathered, batch.id)
            batch.new, batch.changed, batch.unchanged = report.new, report.changed, report.unchanged
            batch.refused = len(report.refused)
            report.batch = batch.id
        return report

    async def undo(self, batch_id: int) -> Undone:
        """Put everybody back as they were before a batch. Raises CannotUndo, nothing changed.

        Somebody new who has sessions stays, and takes no more of them.
        """
        async with self._sessions.begin() as db:
            await queries.alone(db)
            return await undone(db, batch_id, self._clock())

    async def batches(self, count: int = 20) -> Sequence[AdviserImport]:
        """The latest imports, newest first."""
        async with self._sessions() as db:
            return (await db.scalars(select(AdviserImport).order_by(AdviserImport.id.desc()).limit(count))).all()

    async def _gather(self, path: Path) -> Gathered:
        return await asyncio.to_thread(gather, path, minutes=self._rules.session_minutes, max_bytes=self._max_bytes)

    async def _file(self, db: AsyncSession, gathered: Gathered, batch: int | None) -> None:
        """Compare the advisers of a file with those that are there and, with a batch, write what differs."""
        report = gathered.report
        there = (await db.scalars(select(Adviser).options(selectinload(Adviser.hours)).order_by(Adviser.id))).all()
        by_name = {adviser.name: adviser for adviser in there} | {a.full_name: a for a in there if a.full_name}
        names = {adviser.name for adviser in there}
        for entry in gathered.entries.values():
            adviser = by_name.get(entry.full_name)
            if adviser is None:
                report.new += 1
                name = called(entry.full_name)
                if name in names:
                    name = f"{entry.full_name}老师"
                    report.warnings.add(f"{entry.place}“{entry.full_name}”：已有一位同姓的老师，对外称“{name}”")
                names.add(name)
                if batch is not None:
                    db.add(newcomer := _new(entry, name))
                    await db.flush()
                    db.add(AdviserBefore(import_id=batch, adviser_id=newcomer.id))
            elif _same(adviser, entry):
                report.unchanged += 1
            else:
                report.changed += 1
                await self._warn_of_bookings(db, adviser, entry, report)
                if batch is not None:
                    db.add(AdviserBefore(import_id=batch, adviser_id=adviser.id, before=as_they_are(adviser)))
                    await self._change(db, adviser, entry)
        await db.flush()

    async def _change(self, db: AsyncSession, adviser: Adviser, entry: Entry) -> None:
        for name, value in _columns(entry).items():
            setattr(adviser, name, value)
        adviser.active, adviser.sample = True, False
        if _hours(adviser) != entry.hours:
            adviser.hours.clear()
            await db.flush()  # new hours may begin where old ones did
            adviser.hours.extend(_new_hours(entry))

    async def _warn_of_bookings(self, db: AsyncSession, adviser: Adviser, entry: Entry, report: Report) -> None:
        """Say which sessions lie outside the new hours; they stay as they are."""
        now = self._clock()
        worker = Worker(queries.adviser_view(adviser), entry.at_once, 0, weekly=tuple(entry.hours))
        plan = Plan([worker], [], WorkCalendar(), self._rules, now)
        for booking in await queries.of_adviser(db, adviser.id, now, now + timedelta(days=366)):
            if booking.state == "booked" and not _within(plan, worker, booking):
                when = spoken(booking.starts_at)
                report.warnings.add(
                    f"{entry.place}“{entry.full_name}”：{when} 已有预约（{booking.number}），不在新的时段里，预约保留"
                )


def _within(plan: Plan, worker: Worker, booking: Booking) -> bool:
    return any(
        start <= booking.starts_at and booking.ends_at <= end
        for start, end in plan.hours(worker, day_of(booking.starts_at))
    )


def _columns(entry: Entry) -> dict[str, Any]:
    columns = {name: getattr(entry, name) for name in _FIELDS}
    return {**columns, "topics": list(entry.topics), "modes": list(entry.modes)}


def _hours(adviser: Adviser) -> list[tuple[int, int, int]]:
    return sorted((hours.weekday, hours.start_minute, hours.end_minute) for hours in adviser.hours)


def _same(adviser: Adviser, entry: Entry) -> bool:
    same = all(getattr(adviser, name) == value for name, value in _columns(entry).items())
    return same and adviser.active and not adviser.sample and _hours(adviser) == sorted(entry.hours)


def _new_hours(entry: Entry) -> list[AdviserHours]:
    return [AdviserHours(weekday=day, start_minute=start, end_minute=end) for day, start, end in entry.hours]


def _new(entry: Entry, name: str) -> Adviser:
    full_name = None if entry.full_name.endswith("老师") else entry.full_name
    return Adviser(name=name, full_name=full_name, hours=_new_hours(entry), **_columns(entry))
