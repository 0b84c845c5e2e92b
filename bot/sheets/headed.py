"""Tables of a file whose columns are known by their header, wherever it stands and in whatever order."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path

from bot.sheets.reading import tables
from bot.sheets.reports import Report, row_ranges
from bot.sheets.rows import Row, SheetError, Table, column_name, text_of

SEARCHED = 15
"""Rows from the top that may hold the header: a title, a note on how to fill in and blank rows come before it."""
_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")


def headed(
    path: Path,
    *,
    max_bytes: int,
    is_header: Callable[[Row], bool],
    missing: str,
    left_out: Callable[[str], None],
) -> Iterator[tuple[Table, Row, Iterator[Row]]]:
    """Each table that has the header: the table, the header's row, the rows below it.

    The header stands in the first SEARCHED rows. `left_out` hears the name of a table that has something in it and no
    header. Raises SheetError where no table has it, with `missing`, which takes the file's name and SEARCHED.
    """
    found = False
    for table in tables(path, max_bytes=max_bytes):
        rows = table.rows()
        top = list(islice(rows, SEARCHED))
        header = next((row for row in top if not row.hidden and is_header(row)), None)
        if header is None:
            if any(not row.empty for row in top):
                left_out(table.name)
            continue
        found = True
        yield table, header, (row for row in chain(top, rows) if row.number > header.number)
    if not found:
        raise SheetError(missing.format(path.name, SEARCHED))


def plain_header(text: str) -> str:
    """A header's words alone: no brackets with units, no stars, blanks or colons."""
    text = unicodedata.normalize("NFKC", text).lower()
    return re.sub(r"[\s*:：、,，。.\"“”'_\-—]+", "", _BRACKETS.sub("", text))


def columns_of(row: Row, patterns: Mapping[str, re.Pattern[str]]) -> dict[str, int]:
    """Which column has what, by the words of a header's cells; of two that say the same the first counts."""
    columns: dict[str, int] = {}
    for column, cell in enumerate(row.cells):
        words = plain_header(text_of(cell))
        name = next((name for name, pattern in patterns.items() if pattern.fullmatch(words)), None)
        if words and name is not None:
            columns.setdefault(name, column)
    return columns


def unknown_columns(words: Sequence[str], known: set[int], ignored: Callable[[str], object]) -> list[str]:
    """The columns of a header that nothing is read from, as people name them; `ignored` are left out on purpose."""
    return [
        f"{column_name(column)}列“{word[:20]}”"
        for column, word in enumerate(words)
        if word and column not in known and not ignored(plain_header(word))
    ]


class ReportedTable:
    """A table on its way into a report: what is found of it as a whole is noted, and each row that is read is counted."""

    def __init__(self, report: Report, table: Table, words: tuple[str, ...], unknown: Sequence[str]) -> None:
        self._report, self._table, self._words = report, table, words
        report.headers[table.name] = words
        self.prefix = f"{table.name}!" if len(report.headers) > 1 else ""
        self._name = f"工作表“{table.name}”" if table.name else ""
        if unknown:
            report.notes.append(f"{self._name}没有用到的列：{'、'.join(unknown)}。")
        if not table.tells_hidden:
            report.notes.append(f"{self._name}这种格式看不出哪些行是隐藏的，隐藏的行也会导入；不想导入请先删去。")

    def place(self, row: Row) -> str:
        """Where a row stands, as people say it."""
        return f"{self.prefix}第{row.number}行"

    def rows(self, below: Iterator[Row], repeats_header: Callable[[Row], bool] | None = None) -> Iterator[Row]:
        """The rows to be read; hidden ones are noted, empty ones and the header said again are passed over."""
        repeats = repeats_header or (lambda row: tuple(text_of(cell) for cell in row.cells) == self._words)
        hidden = []
        for row in below:
            if row.empty or (not row.hidden and repeats(row)):
                continue
            if row.hidden:
                hidden.append(row.number)
                continue
            self._report.rows += 1
            yield row
        if hidden:
            self._report.hidden.append(f"{self._name}有 {len(hidden)} 个隐藏行没有导入：第 {row_ranges(hidden)} 行。")

    def refuse(self, row: Row, faults: Sequence[tuple[str, str, str]]) -> None:
        """Put a row among those that were not taken."""
        refuse(self._report, self._table.name, row, faults)


def refuse(report: Report, sheet: str, row: Row, faults: Sequence[tuple[str, str, str]]) -> None:
    """Put a row of a sheet among those that were not taken, with each fault as (cell, value, reason)."""
    report.refused.add(
        {"sheet": sheet, "row": row.number, "faults": list(faults), "cells": [text_of(cell) for cell in row.cells]}
    )
