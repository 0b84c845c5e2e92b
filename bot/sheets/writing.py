"""Writes XLSX and CSV row by row, so that a file of any length needs little memory and no cell of it is a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Protocol

import xlsxwriter

from bot.sheets.rows import SheetError, Value, text_of

_STARTS = ("=", "+", "-", "@", "\t", "\r")
_CELL_LIMIT = 32_767  # characters; Excel's


def inert(text: str) -> str:
    """A text that no spreadsheet program takes for a formula: one that could be gets an apostrophe before it."""
    return "'" + text if text.startswith(_STARTS) else text


def without_mark(text: str) -> str:
    """The text as it was before `inert`."""
    return text[1:] if text.startswith("'") and text[1:].startswith(_STARTS) else text


class SheetWriter(Protocol):
    """Takes rows, top to bottom."""

    def row(self, cells: Sequence[Value]) -> None:
        """Write one row."""


class _Csv:
    def __init__(self, file) -> None:
        self._writer = csv.writer(file)

    def row(self, cells: Sequence[Value]) -> None:
        self._writer.writerow([inert(cell) if isinstance(cell, str) else text_of(cell) for cell in cells])


class _Xlsx:
    def __init__(self, book: xlsxwriter.Workbook, name: str, widths: Sequence[int]) -> None:
        self._sheet = book.add_worksheet(name)
        self._head = book.add_format({"bold": True, "bg_color": "#DDE8F5", "text_wrap": True, "valign": "vcenter"})
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        for column, width in enumerate(widths):
            self._sheet.set_column(column, column, width)
        self._sheet.freeze_panes(1, 0)
        self._next = 0

    def row(self, cells: Sequence[Value]) -> None:
        head = self._head if self._next == 0 else None
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                self._sheet.write_string(self._next, column, inert(cell)[:_CELL_LIMIT], head)
            elif isinstance(cell, bool):
                self._sheet.write_string(self._next, column, text_of(cell), head)
            elif isinstance(cell, (int, float)):
                self._sheet.write_number(self._next, column, cell)
            elif isinstance(cell, (date, datetime)):
                day = cell.date() if isinstance(cell, datetime) else cell
                self._sheet.write_datetime(self._next, column, day, self._day)
            elif cell is not None:
                self._sheet.write_string(self._next, column, text_of(cell))
        self._next += 1


@contextmanager
def writing(path: Path, *, name: str = "Sheet1", widths: Sequence[int] = ()) -> Iterator[SheetWriter]:
    """A writer to `path`, XLSX or CSV (UTF-8 with mark, which Excel needs) by the name's ending.

    The file takes its place only when everything is in it. Raises SheetError for another ending or a place that
    cannot be written to.
    """
    ending = path.suffix.lower()
    if ending not in (".xlsx", ".csv"):
        raise SheetError(f"只能写成 .xlsx 或 .csv，请把“{path.name}”改成其中一种。")
    draft = path.with_name(f".{path.name}.part")
    try:
        if ending == ".csv":
            with draft.open("w", encoding="utf-8-sig", newline="") as file:
                yield _Csv(file)
        else:
            book = xlsxwriter.Workbook(
                str(draft), {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
            )
            try:
                yield _Xlsx(book, name, widths)
            finally:
                book.close()
        draft.replace(path)
    except (OSError, xlsxwriter.exceptions.FileCreateError) as error:
        raise SheetError(f"“{path}”写不进去，请检查文件夹是否存在、文件是否正被打开。") from error
    finally:
        draft.unlink(missing_ok=True)
