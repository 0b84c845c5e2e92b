"""Hours as they are written in the settings: “1-5 9:00-12:00 14:00-17:30; 6 9:00-12:00”. Pure text code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

_DAYS = re.compile(r"([1-7])(?:\s*[-–—]\s*([1-7]))?")
_SPAN = re.compile(r"([01]?\d|2[0-4])[:：]([0-5]\d)\s*[-–—]\s*([01]?\d|2[0-4])[:：]([0-5]\d)")
_PART = re.compile(rf"\s*((?:{_DAYS.pattern}\s*[,，、]?\s*)+)\s+((?:{_SPAN.pattern}\s*[,，、]?\s*)+)")

Span = tuple[int, int]
"""Minutes of the day: from, and up to."""


@dataclass(frozen=True)
class OfficeHours:
    """The spans of each weekday, 1 for Monday to 7, in order; a day without any is closed."""

    spans: Mapping[int, tuple[Span, ...]]

    def of(self, weekday: int) -> tuple[Span, ...]:
        """The spans of a weekday."""
        return self.spans.get(weekday, ())


def read_office_hours(text: str) -> OfficeHours:
    """The hours in a text. Raises ValueError, saying what cannot be read."""
    spans: dict[int, list[Span]] = {}
    for part in re.split(r"[;；]", text):
        if not part.strip():
            continue
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"cannot read the hours {part.strip()!r}; written as 1-5 9:00-12:00 14:00-17:30")
        times = part[match.start(1) + len(match[1]) :]
        days = [day for first, last in _DAYS.findall(match[1]) for day in range(int(first), int(last or first) + 1)]
        for start_hour, start_minute, end_hour, end_minute in _SPAN.findall(times):
            start, end = int(start_hour) * 60 + int(start_minute), int(end_hour) * 60 + int(end_minute)
            if start >= end or end > 24 * 60:
                raise ValueError(f"these hours end before they begin: {part.strip()!r}")
            for day in days:
                spans.setdefault(day, []).append((start, end))
    if not spans:
        raise ValueError("no hours at all")
    ordered = {day: tuple(sorted(those)) for day, those in spans.items()}
    for those in ordered.values():
        if any(before[1] > after[0] for before, after in zip(those, those[1:])):
            raise ValueError("hours of one day overlap")
    return OfficeHours(ordered)
