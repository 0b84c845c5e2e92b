"""Tables that are text: CSV in the encodings Chinese programs write, and web pages that call themselves .xls."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import TextIO

from bot.sheets.kinds import broken
from bot.sheets.rows import Row, SheetError, Table, Value

_CHUNK = 1 << 16
_SAMPLE = 200  # lines that the delimiter is judged by
_DELIMITERS = ",\t;|，"
_SPAN_LIMIT = 1000
_LONGEST_RECORD = 500  # lines


def encoding_of(path: Path) -> str:
    """UTF-8 (with or without mark), UTF-16 with mark, or GB18030. Reads the whole file once, in pieces."""
    with path.open("rb") as file:
        if file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while chunk := file.read(1 << 20):
                    decoder.decode(chunk)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise SheetError(f"“{path.name}”的文字编码认不出来，请用 Excel 或 WPS 打开，另存为 .xlsx 再导入。")


def text_table(path: Path) -> Table:
    """A CSV file as one table, streamed. Raises SheetError, also while its rows are read."""
    encoding = encoding_of(path)
    delimiter = _delimiter(path, encoding)
    return Table("", None, True, lambda: _csv_rows(path, encoding, delimiter))


def _delimiter(path: Path, encoding: str) -> str:
    """The mark that splits most lines into most, equally many cells; a comma where none does."""
    with path.open(encoding=encoding, newline="") as file:
        lines = [line for line, _ in zip(file, range(_SAMPLE)) if line.strip()]
    if lines and (named := re.match(r"sep=(.)\r?\n?$", lines[0], re.IGNORECASE)):
        return named[1]

    def worth(mark: str) -> tuple[int, int]:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=mark)]
        usual = max(set(widths), key=lambda width: (widths.count(width) * (width > 1), width), default=1)
        return (widths.count(usual), usual) if usual > 1 else (0, 0)

    return max(_DELIMITERS, key=worth)


def _csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row]:
    with path.open(encoding=encoding, newline="") as file:
        lines = _Lines(file, path)
        reader = csv.reader(lines, delimiter=delimiter)
        number = before = 0
        try:
            for cells in reader:
                number += 1
                if reader.line_num - before > _LONGEST_RECORD:
                    raise _unclosed(path, number)
                at_end = reader.line_num - before > 1 and lines.quotes % 2
                before = reader.line_num
                if at_end and lines.ended():
                    raise _unclosed(path, number)
                if number == 1 and len(cells) == 1 and cells[0].lower().startswith("sep="):
                    continue
                yield Row(number, tuple(cell.strip() or None for cell in cells))
        except csv.Error as error:
            raise _unclosed(path, number + 1) from error


def _unclosed(path: Path, number: int) -> SheetError:
    """A quote that is never closed swallows everything after it."""
    return SheetError(
        f"“{path.name}”第 {number} 行读不下去（可能少了一个引号），请用 Excel 或 WPS 打开，另存为 .xlsx 再导入。"
    )


class _Lines:
    """A file's lines, with the quotes in them counted."""

    def __init__(self, file: TextIO, path: Path) -> None:
        self._file, self._path = file, path
        self._next: str | None = None
        self.quotes = 0

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._next if self._next is not None else self._file.readline()
        self._next = None
        if not line:
            raise StopIteration
        if "\0" in line:
            raise broken(self._path)
        self.quotes += line.count('"')
        return line

    def ended(self) -> bool:
        """Whether there is no further line."""
        if self._next is None:
            self._next = self._file.readline()
        return not self._next


class _Cells(HTMLParser):
    """Collects finished rows of the tables of a web page; a table within a cell is read as that cell's text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.done: list[list[tuple[str, int, int]]] = []
        self._row: list[tuple[str, int, int]] | None = None
        self._text: list[str] | None = None
        self._span = (1, 1)
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a table, row or cell."""
        if tag == "table":
            self._depth += 1
        elif self._depth == 1 and tag == "tr":
            self._end_row()
            self._row = []
        elif self._depth == 1 and tag in ("td", "th") and self._row is not None:
            self._end_cell()
            given = dict(attrs)
            self._span = _span(given.get("rowspan")), _span(given.get("colspan"))
            self._text = []
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """Close what was open."""
        if tag == "table":
            if self._depth == 1:
                self._end_row()
            self._depth = max(0, self._depth - 1)
        elif self._depth == 1 and tag in ("td", "th"):
            self._end_cell()
        elif self._depth == 1 and tag == "tr":
            self._end_row()

    def handle_data(self, data: str) -> None:
        """Text belongs to the open cell."""
        if self._text is not None:
            self._text.append(data)

    def _end_cell(self) -> None:
        if self._text is not None and self._row is not None:
            words = re.sub(r"[^\S\n]+", " ", "".join(self._text)).strip()
            self._row.append((words, *self._span))
        self._text = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row:
            self.done.append(self._row)
        self._row = None


def _span(value: str | None) -> int:
    return min(max(int(value), 1), _SPAN_LIMIT) if value and value.isascii() and value.isdigit() else 1


def html_table(path: Path) -> Table:
    """The tables of a web page one under the other, as Excel shows them. Raises SheetError."""
    encoding = encoding_of(path)
    return Table("", None, False, lambda: _html_rows(path, encoding))


def _html_rows(path: Path, encoding: str) -> Iterator[Row]:
    parser, number = _Cells(), 0
    hanging: dict[int, tuple[int, Value]] = {}  # column → rows still to fill, value
    with path.open(encoding=encoding) as file:
        while True:
            chunk = file.read(_CHUNK)
            parser.feed(chunk)
            if not chunk:
                parser.close()
            for found in parser.done:
                number += 1
                yield Row(number, tuple(_laid_out(found, hanging)))
            parser.done.clear()
            if not chunk:
                return


def _laid_out(found: list[tuple[str, int, int]], hanging: dict[int, tuple[int, Value]]) -> list[Value]:
    """The cells of a row in their columns, with what hangs down from the rows above."""
    cells: list[Value] = []

    def fall() -> None:
        while len(cells) in hanging:
            column = len(cells)
            left, value = hanging.pop(column)
            if left > 1:
                hanging[column] = left - 1, value
            cells.append(value)

    for words, down, right in found:
        fall()
        for _ in range(right):
            column = len(cells)
            hanging.pop(column, None)
            if down > 1:
                hanging[column] = down - 1, words or None
            cells.append(words or None)
    fall()
    return cells
