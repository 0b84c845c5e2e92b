"""A list on disk for what may grow to a hundred thousand lines: small ones stay in memory."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from typing import Any

_IN_MEMORY = 1 << 20


class Spool[T]:
    """Keeps things that JSON can hold, in order; read as often as wanted once everything is in."""

    def __init__(self) -> None:
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, mode="w+b")  # noqa: SIM115 - closed with us
        self._count = 0
        self._at_end = True

    def add(self, thing: T) -> None:
        """Put one more at the end."""
        if not self._at_end:
            self._file.seek(0, 2)
            self._at_end = True
        self._file.write(json.dumps(thing, ensure_ascii=False).encode() + b"\n")
        self._count += 1

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[T]:
        place = 0
        while True:
            self._at_end = False
            self._file.seek(place)  # somebody else may read at the same time
            lines = self._file.readlines(_IN_MEMORY)
            if not lines:
                return
            place = self._file.tell()
            for line in lines:
                thing: Any = json.loads(line)
                yield thing

    def first(self, count: int) -> list[T]:
        """The first few."""
        return [thing for thing, _ in zip(self, range(count))]
