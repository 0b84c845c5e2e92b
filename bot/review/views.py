"""What the pages show: plain values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.review.rules import Filters

Marked = tuple[tuple[str, bool], ...]
"""A text in pieces, and which of them are what was looked for."""


@dataclass(frozen=True)
class Counted:
    """How many there are: exact unless `more`."""

    n: int
    more: bool = False

    def __str__(self) -> str:
        return f"{self.n}+" if self.more else str(self.n)


@dataclass(frozen=True)
class Facets:
    """What stands on a turn and its conversation, read out of the index."""

    intent: str | None = None
    outcome: str | None = None
    topics: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    low: bool = False
    up: bool = False
    down: bool = False
    scam: bool = False
    distress: bool = False
    new: bool = False
    flagged: bool = False
    handed: bool = False
    waits: bool = False


@dataclass(frozen=True)
class Row:
    """One conversation of a list, with the latest turn in it that fits."""

    entry: int
    code: str
    channel: str
    at: datetime
    turns: int
    question: Marked
    answer: Marked
    facets: Facets
    tags: tuple[str, ...]
    assigned_to: str | None


@dataclass(frozen=True)
class Listed:
    """A page of conversations. `before`, `after`: the entries from which the next and the previous page go on."""

    rows: Sequence[Row]
    count: Counted
    before: int | None
    after: int | None
    presets: Sequence[tuple[str, Filters, Counted]]
    views: Sequence[Any]
    topics: Mapping[str, str]
    tags: Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Pressable:
    """Something that could be pressed, and whether it was."""

    label: str
    pressed: bool = False


@dataclass(frozen=True)
class Line:
    """One message as its reader saw it."""

    id: int
    who: str  # person, bot or staff
    kind: str
    at: datetime
    paragraphs: tuple[str, ...]
    by: str | None = None
    filters: tuple[Pressable, ...] = ()
    cards: Sequence[Mapping[str, Any]] = ()
    days: Sequence[tuple[str, tuple[Pressable, ...]]] = ()
    choices: tuple[Pressable, ...] = ()
    source: Mapping[str, Any] | None = None
    caveat: str | None = None
    verdict: str | None = None
    reasons: tuple[str, ...] = ()
    comment: str | None = None


@dataclass(frozen=True)
class TurnView:
    """What was understood of a turn and what became of it."""

    id: int
    said: str
    typed: bool
    state: str
    intent: str | None
    confidence: float | None
    ranking: tuple[tuple[str, float], ...]
    outcome: str | None
    topic: str | None
    aspect: str | None
    offered: tuple[str, ...]
    version: int | None
    slots: tuple[tuple[str, str], ...]
    actions: tuple[str, ...]
    milliseconds: int | None
    scam: tuple[str, ...]
    before: str | None
    current_topic: str | None
    current_aspect: str | None


@dataclass(frozen=True)
class Exchange:
    """A turn with its messages, or messages that belong to none."""

    lines: Sequence[Line]
    turn: TurnView | None = None
    hit: bool = False
    corrections: Sequence[Any] = ()
    cases: Sequence[Any] = ()


@dataclass(frozen=True)
class Note:
    """What somebody wrote about a conversation."""

    id: int
    by: str
    mine: bool
    text: str
    version: int
    at: datetime
    edited_at: datetime | None
    deleted: bool = False


@dataclass(frozen=True)
class Talk:
    """One conversation, whole or from `earlier` on."""

    id: int
    code: str
    person: str
    channel: str
    started_at: datetime
    last_at: datetime
    exchanges: Sequence[Exchange]
    earlier: int | None
    later: bool
    last_entry: int
    new: bool
    version: int
    reviewed_by: str | None
    reviewed_at: datetime | None
    flagged_by: str | None
    assigned_id: int | None
    assigned_to: str | None
    tags: Sequence[tuple[str, str]]
    notes: Sequence[Note]
    titles: Mapping[str, str]
    sealed: bool
    previous: tuple[str, int] | None = None
    next: tuple[str, int] | None = None
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sealed:
    """A contact that was opened, and what it was left for."""

    what: str
    contact: str
    at: datetime


@dataclass(frozen=True)
class Here:
    """Who has a conversation open, and how new it is."""

    others: tuple[str, ...] = ()
    version: int = 0
    last_entry: int = 0
    notes: int = field(default=0)
