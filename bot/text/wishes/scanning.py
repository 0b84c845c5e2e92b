"""A text whose understood parts are blotted out one after another, so that nothing is read twice."""

from __future__ import annotations

import re
from typing import Iterable

BLOT = "|"
"""Stands for one understood character: it ends a phrase as a blank does, and keeps every position as it was."""
EDGE = r"[|\s]"


class Scan:
    """What of a text is still to be understood. `rest` always has the length of `text`."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.rest = text
        self.sure = True  # False once a part was taken for what its place in the sentence suggests

    def blot(self, start: int, end: int) -> None:
        """Mark a part as understood."""
        self.rest = self.rest[:start] + BLOT * (end - start) + self.rest[end:]

    def blot_all(self, spans: Iterable[tuple[int, int]]) -> None:
        """Mark parts as understood."""
        for start, end in spans:
            self.blot(start, end)

    def take(self, pattern: re.Pattern[str]) -> list[re.Match[str]]:
        """Every place of a pattern in what is left, then marked as understood."""
        found = list(pattern.finditer(self.rest))
        self.blot_all(m.span() for m in found)
        return found


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda w: (-len(w), w)))
