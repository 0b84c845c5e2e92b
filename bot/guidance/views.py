"""Advisers, free places and bookings as others get them: plain data that outlives the database session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class AdviserView:
    """Somebody who advises. `name` is what people call them (张老师)."""

    id: int
    name: str
    topics: tuple[str, ...]
    modes: tuple[str, ...]
    base: str | None
    note: str | None
    sample: bool


@dataclass(frozen=True)
class Wanted:
    """What narrows the free places down; None does not."""

    topic: str | None = None
    mode: str | None = None
    adviser_id: int | None = None


@dataclass(frozen=True)
class Slot:
    """A time at which an adviser has a free place. How to meet is chosen later, among the adviser's modes."""

    adviser: AdviserView
    starts_at: datetime
    minutes: int


@dataclass(frozen=True)
class BookingView:
    """A session that is held for a person, booked, or over. `number` is what people are told (G7K3Q9).

    `state`: held, booked, cancelled, done, no_show; `expired` for a hold that ran out. `held_until` is set while held.
    """

    id: int
    number: str
    adviser: AdviserView
    starts_at: datetime
    ends_at: datetime
    mode: str
    topic: str
    state: str
    sequence: int
    sample: bool
    changed_at: datetime
    held_until: datetime | None = None
    shares_history: bool = False


@dataclass(frozen=True)
class WaitView:
    """A place in the queue for a full day. `position` is 1 for who is next, 0 for those who do not wait any more."""

    id: int
    day: date
    topic: str | None
    adviser: AdviserView | None
    position: int
    state: str
    offer: BookingView | None


@dataclass(frozen=True)
class Brief:
    """What an adviser reads before a session. `topics` and `jobs` are None unless the person agreed to share them."""

    booking: BookingView
    asked: str | None
    topics: tuple[str, ...] | None
    jobs: tuple[str, ...] | None


@dataclass(frozen=True)
class Reminder:
    """A message to send. `key` never changes: stored as the message's own, it keeps a repeat out.

    `kind`: day_before, hour_before, moved, cancelled_by_adviser, place_offered (then `wait_id` is set), rate.
    """

    id: int
    kind: str
    person_id: int
    booking: BookingView
    wait_id: int | None = None

    @property
    def key(self) -> str:
        """What the message is known by."""
        return f"guidance-reminder-{self.id}"


@dataclass(frozen=True)
class Outcome:
    """What came of a session, as the adviser put it down."""

    done_what: str
    advice: str
    follow_up: str
    by: str
    at: datetime
