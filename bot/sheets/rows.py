"""What a spreadsheet is made of once it is open: tables of numbered rows, and the names of their cells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Value = str | int | float | bool | date | datetime | time | timedelta | None
"""What a cell holds; None where it holds nothing."""


class SheetError(Exception):
    """A file that cannot be read. Its text is one Chinese sentence: what is wrong and how to mend it."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table, counted from 1 as the spreadsheet shows it."""

    number: int
    cells: tuple[Value, ...]
    hidden: bool = False

    @property
    def empty(self) -> bool:
        """Whether no cell holds anything."""
        return all(cell is None for cell in self.cells)


@dataclass(frozen=True)
class Table:
    """One sheet. `total` rows, None where only reading to the end would tell.

    `tells_hidden` is False where the format does not let us see which rows are hidden, so that none is marked.
    """

    name: str
    total: int | None
    tells_hidden: bool
    rows: Callable[[], Iterator[Row]]


def column_name(index: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    name = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        name = chr(65 + rest) + name
    return name


def column_index(name: str) -> int:
    """A → 0, AA → 26."""
    index = 0
    for letter in name:
        index = index * 26 + ord(letter) - 64
    return index - 1


def address(column: int, row: int) -> str:
    """The name of a cell: column 2 (from 0) of row 7 is C7."""
    return f"{column_name(column)}{row}"


def text_of(value: Value) -> str:
    """A cell as its reader sees it: 3.0 is 3, a day is 2026-12-31, nothing is the empty text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.isoformat(" ") if value.time() != time() else value.date().isoformat()
    return str(value)
