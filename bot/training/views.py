"""What pages and commands are told of training. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.training.rules import Change, Difference, verdict


@dataclass(frozen=True)
class RunView:
    """One run, as a list has it. `share`: how much is done, 0 to 1."""

    id: int
    state: str
    by: str
    at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    step: str
    share: float
    model: str | None
    before: str | None
    error: str | None
    stopped_by: str | None = None
    better: int = 0
    worse: int = 0
    live: bool = False
    usable: bool = False

    @property
    def open(self) -> bool:
        """Whether it has not ended."""
        return self.state in ("waiting", "training", "comparing")


@dataclass(frozen=True)
class Found:
    """One sentence of the comparison with its verdict."""

    one: Difference
    verdict: str

    @classmethod
    def of(cls, row: Any) -> Found:
        """Out of a row."""
        names = ("kind", "said", "said_before", "expected", "before", "after", "before_right", "after_right")
        one = Difference(**{name: getattr(row, name) for name in names})
        return cls(one, verdict(one))


@dataclass(frozen=True)
class RunDetails:
    """A run with what was new, the figures of both models and what changed."""

    run: RunView
    changes: list[Change]
    compared: dict[str, Any] | None
    found: list[Found]


@dataclass(frozen=True)
class Given:
    """When the engine took a model."""

    model: str
    before: str
    by: str
    at: datetime
    milliseconds: int
    run_id: int | None


@dataclass(frozen=True)
class Overview:
    """How it stands: what is live, what is new, what runs, what was."""

    live: str | None
    live_run: int | None
    live_since: datetime | None
    former: str | None
    current: bool
    changes: list[Change]
    running: RunView | None
    ready: RunView | None
    runs: list[RunView]
    given: list[Given]
