"""A programme on air as others get it: plain data that outlives the database session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.radio.live.rules import Air, Side
from bot.radio.programme.views import ItemView


@dataclass(frozen=True)
class Came:
    """A listener's question that came in for the programme, as it may be read out."""

    code: str
    text: str
    caller: str | None
    sent: bool


@dataclass(frozen=True)
class Incoming:
    """A group of what came in: how many different people, how often, and when last.

    `item`: where it stands on the sheet; `sent`: the host has it. `answered`: there is a checked answer.
    """

    group: int
    name: str
    askers: int
    times: int
    last_at: datetime
    wordings: tuple[str, ...]
    answered: bool
    questions: tuple[Came, ...]
    item: int | None
    sent: bool
    aired: bool


@dataclass(frozen=True)
class SentView:
    """An item that the host has."""

    item: ItemView
    sent_by: str
    sent_at: datetime
    askers: int


@dataclass(frozen=True)
class NoteView:
    """What one wrote to the other."""

    id: int
    side: Side
    by: str
    text: str
    at: datetime


@dataclass(frozen=True)
class ShowView:
    """How a programme stands: `air` None where it is not on air."""

    programme: int
    air: Air | None
    started_at: datetime | None
    started_by: str | None
    ended_at: datetime | None
