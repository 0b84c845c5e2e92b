"""A benefit as it is shown, and a whole result: plain values out of the live tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.eligibility.forms import Eligibility
from bot.eligibility.rules import Judged
from bot.knowledge.rules import Standing
from bot.knowledge.tables import SourceRow


@dataclass(frozen=True)
class Benefit:
    """A benefit with its conditions, and what its topic says of when and of what to bring."""

    topic: str
    title: str
    eligibility: Eligibility
    when: str | None
    materials: str | None
    sources: tuple[SourceRow, ...]
    checked_on: date
    check_status: str
    valid_until: date | None
    standing: Standing

    @property
    def name(self) -> str:
        """What a list calls it."""
        return self.eligibility.benefit or self.title


@dataclass(frozen=True)
class Line:
    """A benefit, and what the facts say of it."""

    benefit: Benefit
    judged: Judged


@dataclass(frozen=True)
class Result:
    """Every benefit by what the facts say of it. `employer`: those that the company gets; `ended`: no longer current."""

    facts: dict[str, Any]
    likely: tuple[Line, ...] = ()
    possible: tuple[Line, ...] = ()
    no: tuple[Line, ...] = ()
    employer: tuple[Line, ...] = ()
    ended: tuple[Benefit, ...] = ()

    @property
    def total(self) -> int:
        """How many benefits of a person's own were compared."""
        return len(self.likely) + len(self.possible) + len(self.no)

    @property
    def shown(self) -> tuple[Line, ...]:
        """What is worth a card: likely first, then possible, then what the company gets."""
        return (*self.likely, *self.possible, *self.employer)


@dataclass(frozen=True)
class Kept:
    """A person's facts as stored; `agreed_in` is the conversation in which they may be used, `at` when they were told."""

    facts: dict[str, Any]
    agreed_in: str | None
    at: datetime
