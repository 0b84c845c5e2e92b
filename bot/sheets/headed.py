"""Tables of a file whose columns are known by their header, wherever it stands and in whatever order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from itertools import chain, islice
from pathlib import Path

from bot.sheets.reading import tables
from bot.sheets.rows import Row, SheetError, Table, text_of


def headed(
    path: Path,
    *,
    max_bytes: int,
    searched: int,
    is_header: Callable[[Row], bool],
    missing: str,
    left_out: Callable[[str], None],
) -> Iterator[tuple[Table, Row, Iterator[Row]]]:
    """Each table that has the header: the table, the header's row, the rows below it.

    The header stands in the first `searched` rows. `left_out` hears the name of a table that has something in it and no
    header. Raises SheetError where no table has it, with `missing`, which takes the file's name and `searched`.
    """
    found = False
    for table in tables(path, max_bytes=max_bytes):
        rows = table.rows()
        top = list(islice(rows, searched))
        header = next((row for row in top if not row.hidden and is_header(row)), None)
        if header is None:
            if any(not row.empty for row in top):
                left_out(table.name)
            continue
        found = True
        yield table, header, (row for row in chain(top, rows) if row.number > header.number)
    if not found:
        raise SheetError(missing.format(path.name, searched))


def columns_of(row: Row, patterns: Mapping[str, re.Pattern[str]], words_of: Callable[[str], str]) -> dict[str, int]:
    """Which column has what, by the words of a header's cells; of two that say the same the first counts."""
    columns: dict[str, int] = {}
    for column, cell in enumerate(row.cells):
        words = words_of(text_of(cell))
        name = next((name for name, pattern in patterns.items() if pattern.fullmatch(words)), None)
        if words and name is not None:
            columns.setdefault(name, column)
    return columns
