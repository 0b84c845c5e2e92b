"""When a session may be booked and changed, and every refusal with the facts an answer needs. No I/O here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from bot.clock import SHANGHAI

if TYPE_CHECKING:
    from bot.guidance.views import AdviserView, Wanted

MODES = ("线下", "电话", "线上")
TOPICS = (
    "简历", "面试", "职业规划", "创业", "政策", "考公考编", "劳动权益", "求职心理", "就业登记", "见习", "技能提升", "转行",
)  # fmt: skip
ANY_TOPIC = "咨询"
"""The topic of a session for which none was named."""

CLAIM_FOR = timedelta(minutes=1)  # how long a worker may take over one message before another one tries
DAY_BEFORE, HOUR_BEFORE = timedelta(days=1), timedelta(hours=1)
RATE_AFTER, RATE_WITHIN = timedelta(minutes=30), timedelta(days=3)
NUMBER_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is mistaken for something else when read out
NUMBER_LENGTH = 6
STEP = 5 * 60  # seconds: what two sessions are kept apart by (tables: adviser_busy, person_busy)


@dataclass(frozen=True)
class GuidanceRules:
    """The settings of the booking desk (docs/settings.md, `DUIHUA_GUIDANCE_…`)."""

    session_minutes: int = 45
    buffer_minutes: int = 15
    start_every: int = 30
    notice_hours: int = 2
    furthest_days: int = 30
    change_hours: int = 2
    person_open: int = 2
    person_week: int = 2
    adviser_day: int = 6
    adviser_week: int = 24
    hold_minutes: int = 5
    offer_minutes: int = 30

    def earliest(self, now: datetime) -> datetime:
        """The first moment at which a session may begin."""
        return now + timedelta(hours=self.notice_hours)

    def latest(self, now: datetime) -> date:
        """The last day on which a session may be."""
        return day_of(now) + timedelta(days=self.furthest_days)

    def change_until(self, starts_at: datetime) -> datetime:
        """Until when a session may be moved or cancelled."""
        return starts_at - timedelta(hours=self.change_hours)


class Refusal(Exception):
    """Something that cannot be done as asked; each kind has its own facts."""


class Past(Refusal):
    """That moment is over."""

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(f"{starts_at} is over")
        self.starts_at = starts_at


class TooSoon(Refusal):
    """There is too little time until then; `earliest` is the first moment that would do."""

    def __init__(self, earliest: datetime) -> None:
        super().__init__(f"before {earliest}")
        self.earliest = earliest


class TooFar(Refusal):
    """It is too far ahead; `latest` is the last day that can be booked now."""

    def __init__(self, latest: date) -> None:
        super().__init__(f"after {latest}")
        self.latest = latest


class ClosedDay(Refusal):
    """Nobody advises on that day, and why: 国庆节, 周六, 老师请假."""

    def __init__(self, day: date, reason: str) -> None:
        super().__init__(f"{day} is closed: {reason}")
        self.day, self.reason = day, reason


class OutsideHours(Refusal):
    """Nobody advises at that time; `hours` tells when they do on that day: 9:00-12:00、14:00-17:30."""

    def __init__(self, day: date, hours: str) -> None:
        super().__init__(f"outside the hours of {day}: {hours}")
        self.day, self.hours = day, hours


class SlotTaken(Refusal):
    """Nobody has a free place at that time."""

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(f"{starts_at} is taken")
        self.starts_at = starts_at


class OffGrid(SlotTaken):
    """Sessions do not begin at such a minute; they begin every so many minutes (`every`)."""

    def __init__(self, starts_at: datetime, every: int) -> None:
        super().__init__(starts_at)
        self.every = every


class HoldExpired(SlotTaken):
    """The person's hold, or the offer to them, ran out, and the place is somebody else's now."""


class DayFull(Refusal):
    """No time of that day is free."""

    def __init__(self, day: date) -> None:
        super().__init__(f"{day} is full")
        self.day = day


class NoAdviser(Refusal):
    """No adviser is like that."""

    def __init__(self, wanted: Wanted) -> None:
        super().__init__(f"no adviser for {wanted}")
        self.wanted = wanted


class Overlapping(Refusal):
    """The person has another session at that time; when it starts."""

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(f"overlaps the session at {starts_at}")
        self.starts_at = starts_at


class PersonLimit(Refusal):
    """The person has as many sessions as one may have: `limit` of them, `per` is `open` or `week`."""

    def __init__(self, limit: int, per: str) -> None:
        super().__init__(f"{limit} per {per}")
        self.limit, self.per = limit, per


class TooLateToChange(Refusal):
    """It could be changed until then."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"could be changed until {until}")
        self.until = until


class ModeNotOffered(Refusal):
    """The adviser does not meet people in that way; `adviser.modes` are theirs."""

    def __init__(self, adviser: AdviserView, mode: str) -> None:
        super().__init__(f"adviser {adviser.id} has no {mode}")
        self.adviser, self.mode = adviser, mode


class UnknownBooking(Refusal):
    """The person has no such booking, wait or offer (any more)."""

    def __init__(self, booking_id: int) -> None:
        super().__init__(f"no booking {booking_id}")
        self.booking_id = booking_id


class NotYet(Refusal):
    """That can only be said of a session that has begun; when it does."""

    def __init__(self, starts_at: datetime) -> None:
        super().__init__(f"begins at {starts_at}")
        self.starts_at = starts_at


def day_of(moment: datetime) -> date:
    """The calendar day in 大同."""
    return moment.astimezone(SHANGHAI).date()


def start_of(day: date) -> datetime:
    """The moment a day begins in 大同."""
    return datetime.combine(day, time(), SHANGHAI)


def week_of(day: date) -> tuple[date, date]:
    """The Monday of a day's week and the next one."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=7)


def check_window(starts_at: datetime, now: datetime, rules: GuidanceRules) -> None:
    """Raise Past, TooSoon or TooFar unless a session may begin then."""
    if starts_at <= now:
        raise Past(starts_at)
    if starts_at < rules.earliest(now):
        raise TooSoon(rules.earliest(now))
    if day_of(starts_at) > rules.latest(now):
        raise TooFar(rules.latest(now))


def check_day_window(day: date, now: datetime, rules: GuidanceRules) -> None:
    """Raise Past or TooFar for a day on which no session may be."""
    if day < day_of(now):
        raise Past(start_of(day))
    if day > rules.latest(now):
        raise TooFar(rules.latest(now))


def check_changeable(starts_at: datetime, now: datetime, rules: GuidanceRules) -> None:
    """Raise TooLateToChange when the session is too near, or over."""
    if now > rules.change_until(starts_at):
        raise TooLateToChange(rules.change_until(starts_at))


def steps_of(start: datetime, end: datetime) -> range:
    """The numbers of the five minutes from `start` to `end`, those begun included."""
    return range(int(start.timestamp()) // STEP, -(-int(end.timestamp()) // STEP))


def reminders_of(starts_at: datetime, ends_at: datetime, now: datetime) -> tuple[tuple[str, datetime], ...]:
    """What a person with a session is to be told and when, as far as that is still to come."""
    due = (
        ("day_before", starts_at - DAY_BEFORE),
        ("hour_before", starts_at - HOUR_BEFORE),
        ("rate", ends_at + RATE_AFTER),
    )
    return tuple((kind, at) for kind, at in due if at > now)
