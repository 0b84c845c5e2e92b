"""Opens a spreadsheet of whatever format."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from bot.sheets.kinds import MAX_BYTES, MAX_UNPACKED, Kind, kind_of
from bot.sheets.plain import html_table, text_table
from bot.sheets.rows import Table
from bot.sheets.workbook import workbook_tables


def tables(path: Path, *, max_bytes: int = MAX_BYTES, max_unpacked: int = MAX_UNPACKED) -> Iterator[Table]:
    """The file's tables, one after the other; read each one's rows before asking for the next.

    Raises SheetError, here or while rows are read. CSV and web pages are streamed; a workbook's sheet is held by
    calamine as long as it is read (about 130 bytes a cell), its rows are made one at a time.
    """
    kind = kind_of(path, max_bytes=max_bytes, max_unpacked=max_unpacked)
    if kind is Kind.TEXT:
        yield text_table(path)
    elif kind is Kind.HTML:
        yield html_table(path)
    else:
        yield from workbook_tables(path, kind)
