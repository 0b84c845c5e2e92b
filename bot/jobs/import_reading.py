"""A spreadsheet read into postings, before any database is asked: what each row says, or why it is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple

from bot.jobs.cells import Reading, RowReader
from bot.jobs.headers import MissingColumns, find_header, missing_sentence
from bot.jobs.sameness import content_hash, posting_key, same_company
from bot.sheets.headed import SEARCHED, ReportedTable
from bot.sheets.reading import tables
from bot.sheets.reports import Report
from bot.sheets.rows import Row, SheetError, Table
from bot.sheets.spool import Spool

Progress = Callable[[int, int | None], None]
"""Told how much is done of how much. A row counts twice, when it is read and when it is filed; the total is None
until the file's length is known. Called from the thread that reads, too."""

_EVERY = 500


class Facts(NamedTuple):
    """A company as the database or the file first has it; `id` is None until it is in the database."""

    id: int | None
    name: str
    industry: str | None
    trade: str | None
    district: str | None
    size: str | None
    alliance_member: bool


Words = Callable[[dict[str, Any], Facts], str]
"""Makes the words that full text reads of a posting."""


@dataclass
class Gathered:
    """The postings of a file, in its order, and the report so far."""

    report: Report
    records: Spool[dict[str, Any]] = field(default_factory=Spool)


def gather(
    path: Path,
    companies: dict[str, Facts],
    *,
    today: date,
    source: str,
    words: Words | None,
    max_bytes: int,
    progress: Progress | None,
) -> Gathered:
    """Read the whole file. `companies` (by same_company) grows by those that the file names first.

    Raises SheetError, which MissingColumns is too.
    """
    gathered = Gathered(Report(path.name))
    report, best, found = gathered.report, None, False
    for table in tables(path, max_bytes=max_bytes):
        rows = table.rows()
        top = list(islice(rows, SEARCHED))
        header = find_header([row for row in top if not row.hidden])
        if header is None or header.missing:
            if any(not row.empty for row in top):
                report.notes.append(f"工作表“{table.name}”里没有岗位名称、公司名称两列，整张没有导入。")
            best = header or best
            continue
        found = True
        below = (row for row in chain(top, rows) if row.number > header.row)
        reader = RowReader(header, today=today, source=source)
        reported = ReportedTable(report, table, header.words, header.unknown)
        rows_read = reported.rows(below, reader.repeats_header)
        _read_rows(gathered, table, reported, rows_read, reader, companies, words, progress)
    if not found:
        raise MissingColumns(missing_sentence(path.name, best))
    if report.rows == 0:
        raise SheetError(f"“{path.name}”的表头下面没有任何内容，请检查是不是传错了文件。")
    return gathered


def _read_rows(
    gathered: Gathered,
    table: Table,
    reported: ReportedTable,
    rows: Iterator[Row],
    reader: RowReader,
    companies: dict[str, Facts],
    words: Words | None,
    progress: Progress | None,
) -> None:
    report = gathered.report
    for row in rows:
        reading = reader.read(row)
        for warning in reading.warnings:
            if not reading.faults:
                report.warnings.add(reported.prefix + warning)
        if reading.faults:
            reported.refuse(row, [(fault.cell, fault.value, fault.reason) for fault in reading.faults])
        else:
            gathered.records.add(_record(reading, reported.place(row), companies, words))
        if progress and report.rows % _EVERY == 0:
            progress(report.rows, 2 * table.total if table.total and len(report.headers) == 1 else None)


def _record(reading: Reading, place: str, companies: dict[str, Facts], words: Words | None) -> dict[str, Any]:
    """A posting as the spool keeps it."""
    posting, company = reading.posting, reading.company
    facts = companies.setdefault(
        same_company(company["name"]),
        Facts(None, **{**company, "alliance_member": bool(company["alliance_member"])}),
    )
    text = words(posting, facts) if words else ""
    if posting["closes_on"]:
        posting["closes_on"] = posting["closes_on"].isoformat()
    return {
        "place": place,
        "company": company["name"],
        "key": posting_key(company["name"], posting["title"], posting["district"]),
        "hash": content_hash(posting),
        "status": posting.pop("status"),
        "posting": {**posting, "search_text": text},
    }


def company_of(facts: Facts) -> dict[str, Any]:
    """The columns of a company to be created."""
    return {name: value for name, value in facts._asdict().items() if name != "id"}
