"""Spreadsheets in every format, made on the spot."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest


@pytest.fixture
def xlsx(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows into an XLSX; `shape` may then hide and merge."""

    def make(rows, shape=lambda sheet: None, name="表.xlsx") -> Path:
        book = openpyxl.Workbook()
        for row in rows:
            book.active.append(row)
        shape(book.active)
        book.save(tmp_path / name)
        return tmp_path / name

    return make


@pytest.fixture
def ods(tmp_path: Path) -> Callable[..., Path]:
    """Writes rows into an ODS; rows in `hidden` (from 1) are hidden, `merged` are (row, column, down, right)."""
    from odf.opendocument import OpenDocumentSpreadsheet
    from odf.table import CoveredTableCell, Table, TableCell, TableRow
    from odf.text import P

    def make(rows, hidden=(), merged=(), name="表.ods") -> Path:
        document = OpenDocumentSpreadsheet()
        table = Table(name="职位")
        spans = {(row, column): (down, right) for row, column, down, right in merged}
        covered = {
            (row + i, column + k) for (row, column), (down, right) in spans.items() for i in range(down) for k in range(right)
        } - set(spans)  # fmt: skip
        for number, row in enumerate(rows, start=1):
            line = TableRow(visibility="collapse") if number in hidden else TableRow()
            for column, value in enumerate(row):
                if (number, column) in covered:
                    line.addElement(CoveredTableCell())
                    continue
                down, right = spans.get((number, column), (1, 1))
                more = {"numberrowsspanned": down, "numbercolumnsspanned": right} if (down, right) != (1, 1) else {}
                if value is None:
                    cell = TableCell(**more)
                elif isinstance(value, (int, float)):
                    cell = TableCell(valuetype="float", value=value, **more)
                else:
                    cell = TableCell(valuetype="string", **more)
                    cell.addElement(P(text=value))
                line.addElement(cell)
            table.addElement(line)
        document.spreadsheet.addElement(table)
        document.save(str(tmp_path / name))
        return tmp_path / name

    return make
