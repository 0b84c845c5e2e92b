"""Guests and running sheets as others get them: plain data that outlives the database session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.radio.groups.views import Checked
from bot.radio.views import QuestionView


@dataclass(frozen=True)
class GuestView:
    """A guest. `gone`: no longer offered."""

    id: int
    name: str
    title: str
    company: str
    note: str
    version: int
    gone: bool = False

    @property
    def said(self) -> str:
        """As the host says it: 恒源商贸总经理张强."""
        return f"{self.company}{self.title}{self.name}"


@dataclass(frozen=True)
class Outdated:
    """The answer has another version than the one that the script came from."""

    had: int
    has: int
    was: str
    now: str

    @property
    def differs(self) -> bool:
        """Whether the spoken form itself says something else."""
        return self.was != self.now


@dataclass(frozen=True)
class ItemView:
    """One thing on a sheet. `heading` is the wording for air; `original` how a listener put it.

    `seconds`: wording, source line and script read out. `used`: days near this one on which it was or is to be on air
    elsewhere. `expired`: its answer holds no longer. `gone`: the listener took it back, or it was turned down.
    """

    id: int
    place: int
    group_id: int | None
    question: str | None
    topic: str | None
    answer_version: int | None
    form: str | None
    heading: str
    wording: str
    original: str | None
    caller: str | None
    script: str
    script_before: str | None
    source_line: str
    seconds: int
    version: int
    changed_by: str
    changed_at: datetime
    aired_at: datetime | None
    aired_by: str | None
    used: tuple[date, ...] = ()
    expired: bool = False
    gone: bool = False
    outdated: Outdated | None = None
    answer: Checked | None = None

    @property
    def kind(self) -> str:
        """`question` of a listener, `group`, or `own` words."""
        return "question" if self.question else "group" if self.group_id or self.topic else "own"

    @property
    def needs_look(self) -> bool:
        """Whether something about it is to be settled before the programme."""
        return self.aired_at is None and bool(
            self.used or self.expired or self.gone or self.outdated or not self.script
        )


@dataclass(frozen=True)
class SheetRow:
    """A sheet in a list."""

    id: int
    title: str
    day: date | None
    minutes: int
    guest: GuestView | None
    template: bool
    items: int
    aired: int
    archived: bool


@dataclass(frozen=True)
class SheetView:
    """A running sheet with everything on it."""

    id: int
    title: str
    day: date | None
    minutes: int
    guest: GuestView | None
    note: str
    template: bool
    version: int
    created_by: str
    changed_by: str
    changed_at: datetime
    archived: bool
    items: tuple[ItemView, ...]
    removed: tuple[ItemView, ...] = ()

    @property
    def slot(self) -> int:
        """The slot in seconds."""
        return self.minutes * 60

    @property
    def seconds(self) -> int:
        """What reading everything out takes."""
        return sum(one.seconds for one in self.items)

    @property
    def left(self) -> int:
        """What is left of the slot for the guest and for callers; negative where there is more than fits."""
        return self.slot - self.seconds


@dataclass(frozen=True)
class InboxFilter:
    """What of the inbox is shown: a state or `open`, a tag, a consent, where it came from (`chat`, `call`), words."""

    state: str = ""
    tag: str = ""
    consent: str = ""
    came: str = ""
    search: str = ""


@dataclass(frozen=True)
class InboxView:
    """A listener's question as the desk has it. `typed_by`: who typed it in when it came by telephone."""

    question: QuestionView
    channel: str
    caller: str | None
    typed_by: str | None
    tags: tuple[str, ...]
    group: tuple[int, str] | None
    sheets: tuple[tuple[int, date], ...]
