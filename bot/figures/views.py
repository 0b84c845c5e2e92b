"""What staff see of how it goes: a period's figures beside those of the one before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.figures.catalogue import Figure
from bot.figures.rules import Moved, Period, change


@dataclass(frozen=True)
class Value:
    """One figure in a period and in the one before; `change` in words."""

    figure: Figure
    now: int
    before: int

    @property
    def change(self) -> str:
        """How it compares."""
        return change(self.now, self.before)


@dataclass(frozen=True)
class Day:
    """One day's messages. Days without any are there too."""

    day: date
    turns: int = 0
    people: int = 0
    served: int = 0
    offered: int = 0
    refused: int = 0


@dataclass(frozen=True)
class Topic:
    """One topic in a period: how often it was served and to how many, its title, its 👎."""

    id: str
    title: str
    n: int
    people: int
    down: int = 0


@dataclass(frozen=True)
class Overview:
    """Everything about a period. Reply times are in milliseconds."""

    period: Period
    values: dict[str, Value]
    median: tuple[int | None, int | None]
    p95: tuple[int | None, int | None]
    days: list[Day]
    days_before: list[Day]
    hours: list[int]
    channels: list[tuple[str, int, int]]
    topics: list[Topic]
    rising: list[Moved]
    falling: list[Moved]
    titles: dict[str, str]
    at: datetime

    @property
    def share_answered(self) -> float | None:
        """Of what asked about a policy, the share that was answered at once; None where nothing was asked."""
        asked = sum(self.values[name].now for name in ("served", "offered", "refused"))
        return self.values["served"].now / asked if asked else None

    @property
    def empty(self) -> bool:
        """Whether nobody wrote at all."""
        return self.values["turns"].now == 0


@dataclass(frozen=True)
class Traced:
    """A figure with where it comes from: its value, and the statement as the database was asked it."""

    figure: Figure
    period: Period
    value: int
    sql: str
    at: datetime
