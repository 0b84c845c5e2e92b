"""What the privacy service tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class OpenThing:
    """Something that others count on and that is not over: a session or a place at an event. `number` is of a session.

    `fixed`: it begins so soon that it can no longer be called off.
    """

    kind: str  # booking or event
    id: int
    title: str
    starts_at: datetime
    ends_at: datetime
    number: str | None = None
    fixed: bool = False


@dataclass(frozen=True)
class Consent:
    """One thing a person agreed to: what it is called, and about what."""

    kind: str  # history, facts, air or told
    label: str


@dataclass(frozen=True)
class Kept:
    """What is stored of a person: how many of each kind, since when, and for how long (days, 0: for good)."""

    code: str
    counts: dict[str, int]
    since: datetime | None
    consents: tuple[Consent, ...]
    open: tuple[OpenThing, ...]
    retention_days: int
    contact_days: int


@dataclass(frozen=True)
class Due:
    """A person to be forgotten now."""

    person_id: int
    keeps_open: bool


@dataclass(frozen=True)
class Forgotten:
    """What was deleted of a person: conversations by their codes, and rows by table."""

    talks: tuple[str, ...]
    removed: dict[str, int]
