"""When one may sign up, come in and be reminded. Plain Python, no I/O."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time, timedelta

from bot.clock import SHANGHAI

KINDS = ("job_fair", "experience_day", "training")
MODES = ("offline", "online")
REMIND_AT = time(18, 0)  # people are back home, and still find an outfit and a bus
CLAIM_FOR = timedelta(minutes=1)  # how long a worker may take over one message before another one tries

TICKET_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is mistaken for something else when read out
TICKET_LENGTH = 8
_TICKET = re.compile(f"(?:EVT)?([{TICKET_LETTERS}]{{{TICKET_LENGTH}}})")
_BETWEEN = re.compile(r"[\s\-_—–－]+")


class UnknownEvent(Exception):
    """No event of that id."""

    def __init__(self, event_id: int) -> None:
        super().__init__(f"no event {event_id}")
        self.event_id = event_id


class EventOver(Exception):
    """It is too late for that; since when."""

    def __init__(self, since: datetime) -> None:
        super().__init__(f"over since {since}")
        self.since = since


class EventCancelled(Exception):
    """The event does not take place."""

    def __init__(self, event_id: int) -> None:
        super().__init__(f"event {event_id} is cancelled")
        self.event_id = event_id


class AlreadySignedUp(Exception):
    """They are on the list: in which state, with which ticket, and where in the queue if they wait."""

    def __init__(self, state: str, ticket: str, position: int | None) -> None:
        super().__init__(f"already {state}")
        self.state, self.ticket, self.position = state, ticket, position


class NotSignedUp(Exception):
    """They are not on the list of that event."""

    def __init__(self, event_id: int) -> None:
        super().__init__(f"not signed up for event {event_id}")
        self.event_id = event_id


class UnknownTicket(Exception):
    """Nothing that we gave out."""

    def __init__(self, ticket: str) -> None:
        super().__init__(f"no ticket {ticket}")
        self.ticket = ticket


class AlreadyCheckedIn(Exception):
    """They are in; since when and let in by whom."""

    def __init__(self, at: datetime, by: str) -> None:
        super().__init__(f"checked in at {at} by {by}")
        self.at, self.by = at, by


class NotAdmitted(Exception):
    """A ticket that opens nothing: its holder waits or has cancelled (`state`)."""

    def __init__(self, state: str) -> None:
        super().__init__(f"the ticket is {state}")
        self.state = state


class WrongDay(Exception):
    """A ticket for another day; when its event starts and ends."""

    def __init__(self, starts_at: datetime, ends_at: datetime) -> None:
        super().__init__(f"the event is from {starts_at} to {ends_at}")
        self.starts_at, self.ends_at = starts_at, ends_at


def sign_up_closes(kind: str, starts_at: datetime, ends_at: datetime) -> datetime:
    """Until when one may sign up: people drop in on a fair while it lasts, the others begin together."""
    return ends_at if kind == "job_fair" else starts_at


def check_not_cancelled(status: str, event_id: int) -> None:
    """Raise EventCancelled unless the event takes place."""
    if status == "cancelled":
        raise EventCancelled(event_id)


def check_before(moment: datetime, now: datetime) -> None:
    """Raise EventOver from that moment on."""
    if now >= moment:
        raise EventOver(moment)


def day_of(moment: datetime) -> date:
    """The calendar day in 大同."""
    return moment.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """The moment a day begins in 大同."""
    return datetime.combine(day, time(), SHANGHAI)


def span_of(days: tuple[date, date]) -> tuple[datetime, datetime]:
    """From the first moment of the first day to the first moment after the last one. Raises ValueError backwards."""
    first, last = days
    if last < first:
        raise ValueError(f"{last} is before {first}")
    return start_of(first), start_of(last + timedelta(days=1))


def check_day(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raise WrongDay unless the event has today among its days."""
    if not day_of(starts_at) <= day_of(now) <= day_of(ends_at):
        raise WrongDay(starts_at, ends_at)


def remind_at(starts_at: datetime, now: datetime) -> datetime | None:
    """When to remind of an event: 18:00 on the day before; None where that has passed."""
    due = datetime.combine(day_of(starts_at) - timedelta(days=1), REMIND_AT, SHANGHAI)
    return due if due > now else None


def free_places(capacity: int | None, taken: int, waiting: int) -> int | None:
    """How many more may sign up and come, None for any number: whoever waits comes before a newcomer."""
    if capacity is None:
        return None
    return max(0, capacity - taken - waiting)


def ticket_from(letters: str) -> str:
    """The ticket of those letters, as it is printed."""
    return f"EVT-{letters}"


def ticket_in(text: str) -> str | None:
    """The ticket that was scanned or typed, however it was written (“evt 7k3q 9qf4”); None if it can be none."""
    plain = _BETWEEN.sub("", unicodedata.normalize("NFKC", text)).upper()
    match = _TICKET.fullmatch(plain)
    return ticket_from(match[1]) if match else None
