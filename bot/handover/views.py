"""What is told of handovers: plain data, no rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.channels.base import Shown


@dataclass(frozen=True)
class HandoverView:
    """One handover. `code`: of the person. `position`: in the queue, 1 is next; None for what does not wait."""

    id: int
    code: str
    state: str
    question: str | None
    opened_at: datetime
    taken_by: str | None = None
    has_contact: bool = False
    position: int | None = None


@dataclass(frozen=True)
class AlertView:
    """One alert. `found_by`: rule or model. `stops`: the bot is silent until it is released."""

    code: str
    kind: str
    words: str
    found_by: str
    stops: bool
    at: datetime
    acknowledged_by: str | None


@dataclass(frozen=True)
class Inbox:
    """Everything that waits for the staff, each list oldest first."""

    alerts: tuple[AlertView, ...]
    waiting: tuple[HandoverView, ...]
    taken: tuple[HandoverView, ...]
    messages: tuple[HandoverView, ...]


@dataclass(frozen=True)
class PersonView:
    """One person as the staff see them: what is open, and the latest messages in order."""

    code: str
    alerts: tuple[AlertView, ...]
    handovers: tuple[HandoverView, ...]
    messages: tuple[Shown, ...]
