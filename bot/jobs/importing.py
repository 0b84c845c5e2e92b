"""Postings brought in from spreadsheets: a dry run, the import, and taking it back.

The file is read and judged first, without a transaction, and its postings are kept on disk. Then one transaction
files them all: a crash leaves nothing behind, and nobody ever sees half an import. On SQLite that transaction keeps
other writers waiting (0.1 to 0.2 s for 1,000 rows), so everything slow happens before it.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, today
from bot.jobs import import_queries as queries
from bot.jobs.import_queries import CHUNK, Known
from bot.jobs.import_reading import Facts, Gathered, Progress, gather
from bot.jobs.sameness import copy_key, same_company, same_source
from bot.jobs.sample import SOURCE as SAMPLE_SOURCE
from bot.jobs.tables import ImportBatch
from bot.jobs.words import search_text
from bot.sheets.kinds import MAX_BYTES
from bot.sheets.reports import Report
from bot.store import Sessions

SOURCE = "联盟收集"
"""Where a posting is from if the file does not say."""
_FILE_LENGTH = 255
_ENOUGH = 12  # characters of a content's hash that tell two rows of a file apart


class CannotUndo(Exception):
    """A batch that cannot be taken back. Its text is one Chinese sentence."""


class UnknownBatch(CannotUndo):
    """No batch has that number."""

    def __init__(self, batch: int) -> None:
        super().__init__(f"没有第 {batch} 批导入。")
        self.batch = batch


class SampleBatch(CannotUndo):
    """The batch of sample data, which a command of its own takes away."""

    def __init__(self, batch: int) -> None:
        super().__init__(f"第 {batch} 批是示例数据，请用 duihua jobs remove-sample 去掉。")
        self.batch = batch


class AlreadyUndone(CannotUndo):
    """The batch was taken back before."""

    def __init__(self, batch: int) -> None:
        super().__init__(f"第 {batch} 批导入已经撤销过了。")
        self.batch = batch


class ChangedSince(CannotUndo):
    """Later imports have changed what this one brought."""

    def __init__(self, batch: int, later: Sequence[int]) -> None:
        names = "、".join(f"第 {other} 批" for other in reversed(later))
        super().__init__(f"第 {batch} 批导入的职位后来又被{names}改动过，请先按从新到旧的顺序撤销{names}。")
        self.batch, self.later = batch, tuple(later)


@dataclass(frozen=True)
class Undone:
    """What an undoing did."""

    batch: int
    removed: int
    restored: int


class Importer:
    """Brings files of postings in and takes them back."""

    def __init__(self, sessions: Sessions, clock: Clock, *, max_bytes: int = MAX_BYTES) -> None:
        self._sessions, self._clock, self._max_bytes = sessions, clock, max_bytes

    async def preview(self, path: Path, *, source: str = SOURCE, progress: Progress | None = None) -> Report:
        """The report that `bring_in` would give now; nothing is written. Raises SheetError."""
        gathered, companies = await self._gather(path, source, progress, words=False)
        async with self._sessions() as db:
            await _Filing(db, gathered, companies, today(self._clock), None, progress).run()
        return gathered.report

    async def bring_in(self, path: Path, *, by: str, source: str = SOURCE, progress: Progress | None = None) -> Report:
        """Bring a file in, all of it or nothing. Raises SheetError."""
        gathered, companies = await self._gather(path, source, progress, words=True)
        report = gathered.report
        async with self._sessions.begin() as db:
            await queries.alone(db)
            batch = ImportBatch(file=path.name[:_FILE_LENGTH], by=by, at=self._clock(), companies={})
            db.add(batch)
            await db.flush()
            filing = _Filing(db, gathered, companies, today(self._clock), batch.id, progress)
            await filing.run()
            await queries.keep_new(db, batch.id)
            batch.new, batch.changed, batch.unchanged = report.new, report.changed, report.unchanged
            batch.folded, batch.refused = report.folded, len(report.refused)
            batch.companies = {"created": filing.created}
            report.batch = batch.id
        return report

    async def undo(self, batch_id: int) -> Undone:
        """Put everything back as it was before a batch. Raises CannotUndo, nothing changed."""
        async with self._sessions.begin() as db:
            await queries.alone(db)
            batch = await db.get(ImportBatch, batch_id)
            if batch is None:
                raise UnknownBatch(batch_id)
            if batch.undone_at is not None:
                raise AlreadyUndone(batch_id)
            if batch.file == SAMPLE_SOURCE:
                raise SampleBatch(batch_id)
            if later := await queries.later_batches(db, batch_id):
                raise ChangedSince(batch_id, later)
            removed = await queries.remove_new(db, batch_id)
            restored = 0
            async for chunk in queries.changed_by(db, batch_id):
                await queries.change_postings(db, [{"posting": id_, **content} for id_, content in chunk])
                restored += len(chunk)
            await queries.forget_before(db, batch_id)
            await queries.remove_companies(db, batch.companies.get("created", ()))
            batch.undone_at = self._clock()
        return Undone(batch_id, removed, restored)

    async def batches(self, count: int = 20) -> Sequence[ImportBatch]:
        """The latest imports, newest first."""
        async with self._sessions() as db:
            return await queries.batches(db, count)

    async def _gather(
        self, path: Path, source: str, progress: Progress | None, *, words: bool
    ) -> tuple[Gathered, dict[str, Facts]]:
        async with self._sessions() as db:
            companies = await queries.companies(db)
        gathered = await asyncio.to_thread(
            gather,
            path,
            companies,
            today=today(self._clock),
            source=source,
            words=_words if words else None,
            max_bytes=self._max_bytes,
            progress=progress,
        )
        return gathered, companies


def _words(posting: dict[str, Any], company: Facts) -> str:
    return search_text(SimpleNamespace(**posting), company)  # read like the mapped classes, without their weight


@dataclass
class _Chunk:
    """What a thousand rows ask for."""

    new: list[dict[str, Any]] = field(default_factory=list)
    copies: list[tuple[str, dict[str, Any]]] = field(default_factory=list)  # with the key of what they fold into
    changes: dict[int, tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)


class _Filing:
    """Compares the postings of a file with those in the database and, with a batch, writes what differs."""

    def __init__(
        self,
        db: AsyncSession,
        gathered: Gathered,
        companies: dict[str, Facts],
        day: date,
        batch: int | None,
        progress: Progress | None,
    ) -> None:
        self._db, self._records, self._report = db, gathered.records, gathered.report
        self._companies, self._day, self._batch, self._progress = companies, day, batch, progress
        self._seen: dict[str, tuple[str, str, str]] = {}  # key → place, source and content of the row that has it
        self.created: list[int] = []

    async def run(self) -> None:
        """All records, in chunks."""
        done, total = self._report.rows, self._report.rows + len(self._records)
        for records in _chunks(iter(self._records)):
            keys = {record["key"] for record in records}
            keys |= {copy_key(record["key"], record["posting"]["source"]) for record in records}
            there = await queries.known(self._db, sorted(keys))
            chunk = _Chunk()
            for record in records:
                self._decide(record, there, chunk)
            await self._settle(chunk)
            done += len(records)
            if self._progress:
                self._progress(done, total)

    def _decide(self, record: dict[str, Any], there: dict[str, Known], chunk: _Chunk) -> None:
        """What becomes of one row."""
        key, posting = record["key"], record["posting"]
        main, first = there.get(key), self._seen.get(key)
        if first and same_source(first[1], posting["source"]):
            self._fold_row(record, first)
        elif first is None and main is None:
            self._see(key, record)
            self._report.new += 1
            chunk.new.append({**record, "key": key})
        elif first is None and main and (same_source(main.source, posting["source"]) or self._outlived(main, posting)):
            self._see(key, record)
            self._compare(main, record, chunk)
        else:
            self._fold_copy(record, there, chunk)

    def _see(self, key: str, record: dict[str, Any]) -> None:
        self._seen[key] = record["place"], sys.intern(record["posting"]["source"]), record["hash"][:_ENOUGH]

    def _outlived(self, main: Known, posting: dict[str, Any]) -> bool:
        """Whether what is there has closed while the newcomer has not: then the newcomer takes its place."""
        closes = posting["closes_on"]
        return (
            main.status == "open"
            and main.closes_on is not None
            and main.closes_on < self._day
            and (closes is None or date.fromisoformat(closes) >= self._day)
        )

    def _compare(self, main: Known, record: dict[str, Any], chunk: _Chunk) -> None:
        posting = record["posting"]
        status = record["status"] or main.status
        if main.content_hash == record["hash"] and main.source == posting["source"] and status == main.status:
            if main.title == posting["title"]:
                self._report.unchanged += 1
            else:
                self._report.folded += 1
                self._report.folds.add(f"{record['place']}“{posting['title']}”就是已有的“{main.title}”")
            return
        self._report.changed += 1
        chunk.changes[main.id] = record, {"status": status, "key": main.key}

    def _fold_row(self, record: dict[str, Any], first: tuple[str, str, str]) -> None:
        """The same posting twice in one file: the first row counts."""
        self._report.folded += 1
        title = record["posting"]["title"]
        if first[2] == record["hash"][:_ENOUGH]:
            self._report.folds.add(f"{record['place']}“{title}”与{first[0]}重复")
        else:
            self._report.folds.add(
                f"{record['place']}“{title}”与{first[0]}是同一单位、同一区县的同名岗位，但内容不同，只保留{first[0]}；"
                "如果是两个岗位，请把岗位名称写得不一样"
            )

    def _fold_copy(self, record: dict[str, Any], there: dict[str, Known], chunk: _Chunk) -> None:
        """The same posting from another source: kept, but not offered."""
        key, posting = record["key"], record["posting"]
        own = copy_key(key, posting["source"])
        if first := self._seen.get(own):
            self._fold_row(record, first)
            return
        self._see(own, record)
        self._report.folded += 1
        copy = there.get(own)
        if copy is None:
            chunk.copies.append((key, {**record, "key": own}))
        elif copy.content_hash != record["hash"]:
            chunk.changes[copy.id] = record, {"status": copy.status, "key": own}
        other = there[key].source if key in there else self._seen[key][1]
        self._report.folds.add(f"{record['place']}“{posting['title']}”已有来自“{other}”的同一岗位")

    async def _settle(self, chunk: _Chunk) -> None:
        """Leave out what turns out the same, and write the rest if this is no dry run."""
        before = await queries.whole(self._db, list(chunk.changes))
        ids = await self._company_ids(chunk)
        changes = []
        for id_, (record, kept) in chunk.changes.items():
            old = before[id_]
            row = {**old, **self._row(record, ids), **kept}
            for name in ("first_seen", "batch_id", "folded_into"):
                row[name] = old[name]
            if _same(old, row):
                del before[id_]
                if kept["key"] == record["key"]:
                    self._report.changed -= 1
                    self._report.unchanged += 1
            else:
                changes.append({"posting": id_, **row})
        if self._batch is None:
            return
        await queries.keep_before(self._db, self._batch, before)
        await queries.change_postings(self._db, changes)
        await queries.add_postings(self._db, [self._row(record, ids) for record in chunk.new])
        if chunk.copies:
            mains = await queries.known(self._db, [key for key, _ in chunk.copies])
            await queries.add_postings(
                self._db,
                [
                    {**self._row(copy, ids), "status": "folded", "folded_into": mains[key].id}
                    for key, copy in chunk.copies
                ],
            )

    async def _company_ids(self, chunk: _Chunk) -> dict[str, int | None]:
        """The id of each company of the chunk, by its name without spelling; creates those that are missing."""
        records = [*chunk.new, *(copy for _, copy in chunk.copies), *(record for record, _ in chunk.changes.values())]
        wanted = {name: self._companies[name] for name in {same_company(record["company"]) for record in records}}
        missing = {name: facts for name, facts in wanted.items() if facts.id is None}
        if missing and self._batch is not None:
            created = await queries.create_companies(self._db, list(missing.values()))
            self.created += created.values()
            there = await queries.company_ids(self._db, [facts.name for facts in missing.values()])
            for name, facts in missing.items():
                self._companies[name] = wanted[name] = facts._replace(id=there[facts.name])
        return {name: facts.id for name, facts in wanted.items()}

    def _row(self, record: dict[str, Any], ids: dict[str, int | None]) -> dict[str, Any]:
        """The columns of a posting as a file has it."""
        posting = record["posting"]
        return {
            **posting,
            "closes_on": date.fromisoformat(posting["closes_on"]) if posting["closes_on"] else None,
            "company_id": ids[same_company(record["company"])],
            "key": record["key"],
            "content_hash": record["hash"],
            "status": record["status"] or "open",
            "first_seen": self._day,
            "checked_on": self._day,
            "batch_id": self._batch,
            "folded_into": None,
        }


_DERIVED = {"content_hash", "checked_on", "search_text", "scam_signs"}


def _same(old: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether two states of a posting say the same, whatever is derived from it."""
    return all(old[name] == value for name, value in row.items() if name not in _DERIVED)


def _chunks(records: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    while chunk := list(islice(records, CHUNK)):
        yield chunk
