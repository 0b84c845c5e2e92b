"""Groups as others get them: plain data that outlives the database session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Filter:
    """What of the questions is counted; None is everything."""

    channel: str | None = None
    district: str | None = None
    degree: str | None = None
    search: str | None = None
    unanswered: bool = False


@dataclass(frozen=True)
class GroupCount:
    """A group in a period: different askers, those of the period before, and what became of the questions (shares).

    `by_guest`: the bot serves what a guest of the programme said to it.
    """

    id: int
    name: str
    topic: str | None
    askers: int
    before: int
    questions: int
    served: float
    offered: float
    refused: float
    down: float
    requested: bool
    by_guest: bool = False

    @property
    def trend(self) -> int:
        """How many askers more than in the period before."""
        return self.askers - self.before


@dataclass(frozen=True)
class Source:
    """Where an answer was read."""

    title: str
    number: str | None
    issuer: str | None
    date: str | None
    url: str | None


@dataclass(frozen=True)
class Checked:
    """The answer as the bot serves it now. `version` is the one that chat and desk have in common."""

    topic: str
    title: str
    version: int
    standing: str
    check_status: str
    checked_on: date
    answer: str
    s30: str | None
    s60: str | None
    sources: tuple[Source, ...]

    @property
    def holds(self) -> bool:
        """Whether it may be said on air."""
        return self.standing != "ended" and bool(self.answer)


@dataclass(frozen=True)
class Wording:
    """One way people asked, cleared, and how many did."""

    key: str
    text: str
    askers: int


@dataclass(frozen=True)
class Request:
    """That the editors are asked for an answer."""

    id: int
    group: int
    name: str
    state: str
    asked_by: str
    asked_at: datetime
    note: str | None
    closed_by: str | None
    closed_at: datetime | None
    reason: str | None


@dataclass(frozen=True)
class GroupView:
    """Everything of one group in a period."""

    count: GroupCount
    wordings: tuple[Wording, ...]
    answer: Checked | None
    aired_on: tuple[date, ...]
    related: tuple[tuple[int, str], ...]
    channels: tuple[tuple[str, int], ...]
    districts: tuple[tuple[str, int], ...]
    degrees: tuple[tuple[str, int], ...]
    request: Request | None
    merged: tuple[int, ...]


@dataclass(frozen=True)
class Regrouped:
    """What a nightly run did."""

    texts: int
    groups: int
    moved: int
    new: int
