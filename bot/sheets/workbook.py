"""Workbooks (XLSX, XLSB, XLS, ODS) read by calamine, with merged cells filled and hidden rows marked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from bot.sheets.archive import Hints, ods_hints, xlsx_hints
from bot.sheets.kinds import Kind, broken, encrypted
from bot.sheets.rows import Row, Table, Value

Span = tuple[tuple[int, int], tuple[int, int]]


def workbook_tables(path: Path, kind: Kind) -> Iterator[Table]:
    """The visible sheets that hold something, one at a time. Raises SheetError."""
    hints = xlsx_hints(path) if kind is Kind.XLSX else ods_hints(path) if kind is Kind.ODS else {}
    try:
        with _opened(path, kind) as book:
            for meta in book.sheets_metadata:
                if meta.visible != SheetVisibleEnum.Visible or meta.typ not in (
                    SheetTypeEnum.WorkSheet,
                    SheetTypeEnum.MacroSheet,
                ):
                    continue
                sheet = book.get_sheet_by_name(meta.name)
                if sheet.start is not None:
                    yield _table(sheet, hints.get(meta.name), tells_hidden=kind in (Kind.XLSX, Kind.ODS))
    except PasswordError as error:
        raise encrypted(path) from error
    except (CalamineError, OSError, ValueError) as error:
        raise broken(path) from error


def _opened(path: Path, kind: Kind) -> CalamineWorkbook:
    """calamine trusts a path's ending; of one that lies it gets the content only, which it holds in memory."""
    if path.suffix.lower() == f".{kind.value}":
        return CalamineWorkbook.from_path(path)
    with path.open("rb") as file:
        return CalamineWorkbook.from_filelike(file)


def _table(sheet: CalamineSheet, hints: Hints | None, *, tells_hidden: bool) -> Table:
    hints = hints or Hints()
    spans = sorted([*(sheet.merged_cell_ranges or ()), *hints.merged])
    return Table(
        sheet.name,
        sheet.end[0] + 1 if sheet.end else 0,
        tells_hidden,
        lambda: _filled(_rows(sheet, hints.hidden), spans),
    )


def _rows(sheet: CalamineSheet, hidden: set[int]) -> Iterator[Row]:
    """The rows from the first on. calamine gives the empty rows above the content, but not the empty columns."""
    left = (None,) * (sheet.start[1] if sheet.start else 0)
    for index, values in enumerate(sheet.iter_rows()):
        cells = left + tuple(None if value == "" else value for value in values)
        yield Row(index + 1, cells, index in hidden)


def _filled(rows: Iterator[Row], spans: list[Span]) -> Iterator[Row]:
    """Every cell of a merged area gets the value of its first cell."""
    waiting = iter(spans)
    coming = next(waiting, None)
    active: list[tuple[Span, Value]] = []
    for row in rows:
        index = row.number - 1
        while coming and coming[0][0] <= index:
            (_, left), _ = coming
            active.append((coming, row.cells[left] if left < len(row.cells) else None))
            coming = next(waiting, None)
        active = [pair for pair in active if pair[0][1][0] >= index]
        if not active:
            yield row
            continue
        cells = list(row.cells)
        for ((_, left), (_, right)), value in active:
            for column in range(left, min(right + 1, len(cells))):
                cells[column] = value
        yield Row(row.number, tuple(cells), row.hidden)
