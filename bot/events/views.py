"""Events and sign-ups as others get them: plain data that outlives the database session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class EventView:
    """An event as it stands: `free` and `capacity` are None where everybody may come."""

    id: int
    title: str
    kind: str
    mode: str
    starts_at: datetime
    ends_at: datetime
    district: str | None
    place: str | None
    address: str | None
    url: str | None
    capacity: int | None
    free: int | None
    waiting: int
    companies: int
    about: str
    source: str
    status: str
    sample: bool


@dataclass(frozen=True)
class EventPage:
    """Some of the events that were asked for, and how many there are of them."""

    events: tuple[EventView, ...]
    total: int


@dataclass(frozen=True)
class EventPostingView:
    """A posting that can be applied for, as an event's page lists it; no pay means 面议."""

    id: int
    title: str
    job_type: str
    district: str | None
    pay_min: int | None
    pay_max: int | None
    pay_months: int
    education: str
    headcount: int | None
    sample: bool
    scam_signs: tuple[str, ...]


@dataclass(frozen=True)
class EventCompanyView:
    """A company at an event with what it has open there."""

    id: int
    name: str
    trade: str | None
    district: str | None
    alliance_member: bool
    sample: bool
    postings: tuple[EventPostingView, ...]


@dataclass(frozen=True)
class SignedUp:
    """Where somebody stands: the ticket, and for those who wait their place in the queue (1 is next)."""

    registration_id: int
    state: str
    ticket: str
    position: int | None
    checked_in_at: datetime | None = None


@dataclass(frozen=True)
class EventDetails:
    """All there is to say about an event; `mine` is the asking person's sign-up."""

    event: EventView
    companies: tuple[EventCompanyView, ...]
    mine: SignedUp | None


@dataclass(frozen=True)
class MySignUp:
    """An event one has signed up for."""

    event: EventView
    mine: SignedUp


@dataclass(frozen=True)
class Told:
    """Somebody who is to be told; the message waits among the reminders."""

    person_id: int
    registration_id: int
    state: str


@dataclass(frozen=True)
class CheckedIn:
    """Who came in with a ticket."""

    event: EventView
    ticket: str
    at: datetime


@dataclass(frozen=True)
class Reported:
    """The figures of an event as the League reports them; None is not reported. `intents`: preliminary intents."""

    companies: int | None = None
    posts: int | None = None
    registered: int | None = None
    came: int | None = None
    intents: int | None = None


@dataclass(frozen=True)
class Figures:
    """What was counted here beside what was reported. `registered` have a place, whether or not they came."""

    companies: int
    posts: int
    registered: int
    waiting: int
    cancelled: int
    came: int
    reported: Reported


@dataclass(frozen=True)
class Reminder:
    """A message to send. `key` never changes: stored as the message's own, it keeps a repeat out.

    `ticket` is empty for who waits for a place.
    """

    id: int
    kind: str
    person_id: int
    ticket: str
    event: EventView

    @property
    def key(self) -> str:
        """What the message is known by."""
        return f"event-reminder-{self.id}"
