"""What guests said, as others get it: plain data that outlives the database session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.radio.answers.rules import label


@dataclass(frozen=True)
class AnswerView:
    """What a guest said. `served`: the text in service, of `version`; None where there is none, or it was stopped."""

    id: int
    group_id: int | None
    topic_id: str | None
    item_id: int | None
    programme_id: int | None
    day: date
    guest: str
    question: str
    said: str
    text: str
    state: str
    revision: int
    editors: tuple[int, ...]
    version: int
    served: str | None
    made_by: str
    changed_by: str
    changed_at: datetime
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    stopped: bool

    @property
    def label(self) -> str:
        """The version in service, as it is called everywhere."""
        return label(self.id, self.version)


@dataclass(frozen=True)
class Waiting:
    """How many asked and agreed to be told, and how many of them were."""

    agreed: int
    told: int


@dataclass(frozen=True)
class VersionView:
    """What was served under a version."""

    version: int
    text: str
    author: str
    approved_by: str
    at: datetime


@dataclass(frozen=True)
class AiredItem:
    """Something that was on air, with what the guest said to it if that was written down."""

    item: int
    heading: str
    aired_at: datetime | None
    answer: AnswerView | None


@dataclass(frozen=True)
class Told:
    """What is served of a guest's words."""

    id: int
    version: int
    day: date
    guest: str
    text: str
