"""What a reading of times is made of. A day and a time of day are kept apart, so that a later turn may change one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class When:
    """A moment or a stretch in Asia/Shanghai. A point has no `end`; `grain` is minute, halfday, day or week.

    `after`: the person said “以后”, later will do as well; `before`: they said “之前”, and `end` is the limit.
    """

    start: datetime
    end: datetime | None
    grain: str
    after: bool = False
    before: bool = False


@dataclass(frozen=True)
class DayPart:
    """The days named: each span is (first day, day after the last). Several spans: it could be either.

    `kind` tells how it was named, which decides how two names refine each other: `date`, `weekday` (周三 and no more),
    `monthday` (5号 and no more), `weekdays` (周一到周三), `week`, `span` (a month, 月底), `from` (国庆后, 一周后),
    `soon` (一会儿), `past` (昨天, 上周).
    """

    spans: tuple[tuple[date, date], ...]
    kind: str
    after: bool = False
    before: bool = False

    @property
    def grain(self) -> str:
        """The grain of a reading that names nothing smaller."""
        return "week" if self.kind == "week" else "day"


@dataclass(frozen=True)
class ClockPart:
    """The time of day, in minutes from midnight: (from, to), or (at, None) for a point. Several: it could be either."""

    times: tuple[tuple[int, int | None], ...]
    grain: str
    after: bool = False
    before: bool = False


@dataclass(frozen=True)
class Shift:
    """“再晚半小时”, “早一天”: `sign` is 1 for later, -1 for earlier. “早一点” names no amount: both are 0."""

    sign: int
    minutes: int = 0
    days: int = 0

    @property
    def exact(self) -> bool:
        """Whether an amount was named."""
        return bool(self.minutes or self.days)


@dataclass(frozen=True)
class Parts:
    """What one message says of day and time. All None: nothing. Sets of parts add up with `combine`."""

    day: DayPart | None = None
    clock: ClockPart | None = None
    shift: Shift | None = None

    def __bool__(self) -> bool:
        return self != Parts()

    def as_json(self) -> dict[str, Any]:
        """In a form that a tracker's slot can keep; `from_json` reads it."""
        kept = asdict(self)
        if self.day:
            kept["day"]["spans"] = [[first.isoformat(), end.isoformat()] for first, end in self.day.spans]
        if self.clock:
            kept["clock"]["times"] = [list(at) for at in self.clock.times]
        return kept

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Parts:
        """What `as_json` made."""
        day, clock, shift = kept.get("day"), kept.get("clock"), kept.get("shift")
        if day:
            spans = tuple((date.fromisoformat(first), date.fromisoformat(end)) for first, end in day["spans"])
            day = DayPart(**{**day, "spans": spans})
        if clock:
            clock = ClockPart(**{**clock, "times": tuple((start, end) for start, end in clock["times"])})
        return cls(day or None, clock or None, Shift(**shift) if shift else None)


@dataclass(frozen=True)
class Reading:
    """What a message says of time. No option: no time named; one: clear; two or more: ask back.

    `past`: everything named is over already (the options then say what was named). `spans` are (start, end) in the text.
    """

    options: tuple[When, ...] = ()
    past: bool = False
    spans: tuple[tuple[int, int], ...] = ()
    parts: Parts = Parts()

    @property
    def day(self) -> DayPart | None:
        """The day named, if any."""
        return self.parts.day

    @property
    def clock(self) -> ClockPart | None:
        """The time of day named, if any."""
        return self.parts.clock
