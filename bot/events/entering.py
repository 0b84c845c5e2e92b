"""Events entered from a spreadsheet: a dry run and the import. All of a file or nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, today
from bot.events import entry_queries as queries
from bot.events.rules import day_of
from bot.events.sheet_reading import Entry, Gathered, gather
from bot.events.tables import Event
from bot.sheets.headed import refuse
from bot.sheets.kinds import MAX_BYTES
from bot.sheets.reports import Report
from bot.store import Sessions

SOURCE = "团市委"
_FIELDS = (
    "title", "kind", "mode", "starts_at", "ends_at", "district", "place", "address", "url", "capacity", "about",
)  # fmt: skip


class Entering:
    """Brings files of events in. An event is known by its number, or by its name and day; others stay as they are."""

    def __init__(self, sessions: Sessions, clock: Clock, *, max_bytes: int = MAX_BYTES) -> None:
        self._sessions, self._clock, self._max_bytes = sessions, clock, max_bytes

    async def preview(self, path: Path) -> Report:
        """The report that `bring_in` would give now; nothing is written. Raises SheetError."""
        gathered = await self._gather(path)
        async with self._sessions() as db:
            await self._file(db, gathered, None)
        return gathered.report

    async def bring_in(self, path: Path, *, source: str = SOURCE) -> Report:
        """Bring a file in, all of it or nothing. Raises SheetError."""
        gathered = await self._gather(path)
        async with self._sessions.begin() as db:
            await self._file(db, gathered, source)
        gathered.report.written = True
        return gathered.report

    async def listed(self, *, past: bool = False, limit: int = 50) -> Sequence[Event]:
        """Events as the staff list them."""
        async with self._sessions() as db:
            return await queries.listed(db, self._clock(), past=past, limit=limit)

    async def _gather(self, path: Path) -> Gathered:
        return await asyncio.to_thread(gather, path, today=today(self._clock), max_bytes=self._max_bytes)

    async def _file(self, db: AsyncSession, gathered: Gathered, source: str | None) -> None:
        """Compare the events of a file with those that are there and, with a source, write what differs."""
        there = await queries.titled(db, {entry.title for entry in gathered.entries})
        by_key = {(event.title, day_of(event.starts_at)): event for event in there if not event.sample}
        for entry in gathered.entries:
            event = await db.get(Event, entry.id) if entry.id else by_key.get((entry.title, day_of(entry.starts_at)))
            if fault := await self._against(db, entry, event):
                assert entry.row is not None
                refuse(gathered.report, entry.sheet, entry.row, [fault])
                continue
            company_ids, posting_ids = await self._taking_part(db, entry, gathered.report)
            if event is None:
                await self._add(db, entry, company_ids, posting_ids, gathered.report, source)
            else:
                await self._change(db, event, entry, company_ids, posting_ids, gathered.report, source)

    async def _against(self, db: AsyncSession, entry: Entry, event: Event | None) -> tuple[str, str, str] | None:
        """What stands against a row, as (cell, value, reason)."""

        def fault(name: str, value: object, reason: str) -> tuple[str, str, str]:
            return entry.cell_of.get(name, entry.cell_of["title"]), "" if value is None else str(value), reason

        if event is None:
            return fault("id", entry.id, "没有这个编号的活动，新活动请空着") if entry.id else None
        if event.status == "cancelled":
            return fault("title", entry.title, f"第 {event.id} 场已经取消了，要再办请换个日期或名称")
        people = await queries.signed_up(db, event.id)
        if people and (event.starts_at, event.ends_at) != (entry.starts_at, entry.ends_at):
            return fault("day", None, f"已有 {people} 人报名，不能改时间；请先取消这一场（会通知他们），再建新的")
        if entry.capacity is not None and entry.capacity < event.taken:
            return fault("capacity", entry.capacity, f"名额不能少于已经给出的 {event.taken} 个")
        return None

    async def _taking_part(self, db: AsyncSession, entry: Entry, report: Report) -> tuple[set[int], set[int]]:
        """The companies named and what they bring along: the postings named, or all that are open."""
        known = await queries.companies(db, entry.companies)
        if unknown := [name for name in entry.companies if name not in known]:
            report.warnings.add(
                f"{entry.place_in_file}“{entry.title}”：库里没有这些企业，没有记上：{'、'.join(unknown)}"
            )
        found = await queries.postings(db, known.values(), entry.postings)
        if entry.postings and (missing := [title for title in entry.postings if title not in found.values()]):
            report.warnings.add(f"{entry.place_in_file}“{entry.title}”：没有找到这些岗位：{'、'.join(missing)}")
        return set(known.values()), set(found)

    async def _add(
        self,
        db: AsyncSession,
        entry: Entry,
        companies: set[int],
        postings: set[int],
        report: Report,
        source: str | None,
    ) -> None:
        report.new += 1
        if entry.ends_at <= self._clock():
            report.warnings.add(f"{entry.place_in_file}“{entry.title}”已经办完了，收录但不会推荐给任何人")
        if source is None:
            return
        event = Event(**_values(entry), source=source)
        db.add(event)
        await db.flush()
        await queries.bring(db, event.id, companies, postings)

    async def _change(
        self,
        db: AsyncSession,
        event: Event,
        entry: Entry,
        companies: set[int],
        postings: set[int],
        report: Report,
        source: str | None,
    ) -> None:
        values = _values(entry)
        if all(getattr(event, name) == value for name, value in values.items()) and (
            await queries.brought(db, event.id) == (companies, postings)
        ):
            report.unchanged += 1
            return
        report.changed += 1
        if source is None:
            return
        for name, value in values.items():
            setattr(event, name, value)
        await db.flush()
        await queries.bring(db, event.id, companies, postings)


def _values(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in _FIELDS}
