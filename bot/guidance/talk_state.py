"""What the dialogue remembers of a booking in the making: it comes in as a slot's value and goes out as one."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from bot.clock import SHANGHAI
from bot.guidance import rules
from bot.guidance.views import AdviserView, BookingView, Wanted
from bot.reply import Reply
from bot.text.times import ClockPart, DayPart, Parts, Reading, When, combine, settle

BREAK = timedelta(days=1)
"""After so long a booking is not gone on with unasked."""


class StretchFull(rules.Refusal):
    """Nothing is free within a part of a day, or on some days together, though there is elsewhere."""

    def __init__(self, option: When, *, any_day: bool = False) -> None:
        super().__init__(f"nothing free in {option}")
        self.option, self.any_day = option, any_day


class NobodyElse(rules.NoAdviser):
    """All advisers like that were turned down."""


class OthersBusy(rules.Refusal):
    """Only advisers who were turned down have that time."""


class NotThatDay(rules.Refusal):
    """Somebody advises on that day, but nobody like what was asked for."""

    def __init__(self, day: date, wanted: Wanted, adviser: AdviserView | None) -> None:
        super().__init__(f"nobody like {wanted} on {day}")
        self.day, self.wanted, self.adviser = day, wanted, adviser


class NotTheirTopic(rules.Refusal):
    """The adviser who was asked for does not advise on that."""

    def __init__(self, adviser: AdviserView, topic: str) -> None:
        super().__init__(f"adviser {adviser.id} does not advise on {topic}")
        self.adviser, self.topic = adviser, topic


@dataclass(frozen=True)
class Told:
    """A reply, and the slot's value after it; None: nothing is being booked."""

    reply: Reply
    state: dict[str, Any] | None


@dataclass(frozen=True)
class Draft:
    """A booking in the making, or a question about one that is there.

    `step` is what was asked last: topic, time, mode, confirm, contact; which (of several bookings), cancel, or paused.
    `adviser_id` is one that was asked for, `with_id` the one in hand; `held` is the booking held in the meantime,
    `changing` the one to be moved. `does` is what a booking still to be chosen is to undergo (change, cancel), `asked` the words that
    said so, or, of a new booking, what was asked for at first: the adviser reads it.
    """

    step: str = "topic"
    topic: str | None = None
    mode: str | None = None
    any_mode: bool = False
    adviser_id: int | None = None
    with_id: int | None = None
    turned_down: tuple[int, ...] = ()
    parts: Parts = field(default_factory=Parts)
    options: tuple[When, ...] = ()
    past: bool = False
    starts_at: datetime | None = None
    offered: tuple[datetime, ...] = ()
    held: int | None = None
    key: str | None = None
    changing: int | None = None
    about: int | None = None
    does: str | None = None
    asked: str | None = None
    at: datetime | None = None

    def to_slot(self, now: datetime) -> dict[str, Any]:
        """As the engine keeps it; `reading` is what was understood of the time."""
        kept = {k: v for k, v in asdict(self).items() if v not in (None, (), False)}
        kept["turned_down"] = list(self.turned_down)
        kept["parts"] = self.parts.as_json()
        kept["offered"] = [_local(moment) for moment in self.offered]
        kept["starts_at"] = _local(self.starts_at) if self.starts_at else None
        kept["at"] = _local(now)
        kept.pop("options", None)
        kept["reading"] = {"past": self.past, "options": [_when(option) for option in self.options]}
        return kept

    @classmethod
    def from_slot(cls, slot: dict[str, Any] | None) -> Draft | None:
        """What `to_slot` wrote; None where nothing is being booked."""
        if not slot:
            return None
        plain = {k: v for k, v in slot.items() if k not in ("reading", "past")}
        reading = slot["reading"]
        return cls(
            **{
                **plain,
                "turned_down": tuple(slot["turned_down"]),
                "parts": Parts.from_json(slot["parts"]),
                "offered": tuple(datetime.fromisoformat(moment) for moment in slot["offered"]),
                "starts_at": datetime.fromisoformat(slot["starts_at"]) if slot["starts_at"] else None,
                "at": datetime.fromisoformat(slot["at"]),
                "past": reading["past"],
                "options": tuple(_from_when(option) for option in reading["options"]),
            }
        )

    @property
    def open(self) -> bool:
        """Whether something is still to be decided: after the booking itself only the contact is."""
        return self.step != "contact"

    def stale(self, now: datetime) -> bool:
        """Whether the last step is so long ago that it is not gone on with unasked."""
        return self.at is not None and now - self.at >= BREAK

    def heard(self, reading: Reading, now: datetime) -> Draft:
        """With the times of another message, which change only what they name."""
        if not reading.parts:
            return self
        parts = combine(self.parts, reading.parts, now)
        settled = settle(parts, now) if self.parts else reading
        if not settled.options:
            return replace(self, parts=parts)  # “早一点” before any time was named
        return replace(
            self, parts=parts, options=settled.options, past=settled.past, starts_at=None, offered=(), held=self.held
        )

    def fixed(self, starts_at: datetime) -> Draft:
        """With one moment chosen."""
        local = starts_at.astimezone(SHANGHAI)
        option = When(local, None, "minute")
        return replace(self, parts=parts_of(local), options=(option,), past=False, starts_at=local)

    def narrowed(self, place: int) -> Draft:
        """With the one meant of several readings of a time."""
        option = self.options[place]
        if option.end is None:
            return self.fixed(option.start)
        parts = self.parts
        if parts.day and len(parts.day.spans) == len(self.options):
            parts = replace(parts, day=replace(parts.day, spans=(parts.day.spans[place],)))
        return replace(self, parts=parts, options=(option,), past=False, starts_at=None)

    @classmethod
    def of(cls, booking: BookingView) -> Draft:
        """To move a booking that is there."""
        draft = cls(
            step="time", topic=booking.topic, mode=booking.mode, with_id=booking.adviser.id, changing=booking.id
        )
        return draft.fixed(booking.starts_at)


def parts_of(moment: datetime) -> Parts:
    """The day and the time of day of a moment in Asia/Shanghai."""
    day: date = moment.date()
    minutes = moment.hour * 60 + moment.minute
    return Parts(DayPart(((day, day + timedelta(days=1)),), "date"), ClockPart(((minutes, None),), "minute"))


def _local(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).isoformat(timespec="minutes")


def _when(option: When) -> dict[str, Any]:
    limits = {name: True for name in ("after", "before") if getattr(option, name)}
    return {
        "start": _local(option.start),
        "end": _local(option.end) if option.end else None,
        "grain": option.grain,
        **limits,
    }


def _from_when(kept: dict[str, Any]) -> When:
    start, end = (datetime.fromisoformat(kept[name]) if kept[name] else None for name in ("start", "end"))
    assert start is not None
    return When(start, end, kept["grain"], kept.get("after", False), kept.get("before", False))
