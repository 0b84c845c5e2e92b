"""What a running sheet may hold, when something on it needs a look, and every refusal with its facts. No I/O here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Literal

from bot.radio.rules import AIRED, DECLINED, WITHDRAWN

if TYPE_CHECKING:
    from bot.radio.programme.views import GuestView, ItemView, SheetView

TITLE = "对话青春"
MINUTES = 30
LONGEST_SLOT = 300  # minutes
FORMS = ("s30", "s60")
LIMITS = {
    "title": 60, "note": 2000, "wording": 300, "script": 4000, "source_line": 200,
    "name": 40, "guest_title": 60, "company": 80, "tag": 12, "caller": 12, "reason": 200,
}  # fmt: skip
"""Characters that a field may have."""
MOST_ITEMS = 60
Fields = Mapping[str, str]


class Refusal(Exception):
    """Something that cannot be done as asked; each kind has its own facts."""


class UnknownProgramme(Refusal):
    """No such running sheet."""


class UnknownItem(Refusal):
    """No such item on the sheet."""


class UnknownGuest(Refusal):
    """No such guest."""


class BadFields(Refusal):
    """What was typed cannot be kept: the reason for each field, `empty`, `long`, `day`, `minutes` or `guest`."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(f"{name}: {why}" for name, why in errors.items()))
        self.errors = errors


class Changed(Refusal):
    """Somebody else has changed it meanwhile; `now` is how it stands. None where they took it off."""

    def __init__(self, now: ItemView | SheetView | GuestView | None) -> None:
        super().__init__("changed by somebody else meanwhile")
        self.now = now


class Full(Refusal):
    """The sheet has as many items as any may have."""


class OnIt(Refusal):
    """The group or the question is on the sheet."""


class NotUsable(Refusal):
    """The listener's question cannot be read out: withdrawn, declined, aired, or no consent."""

    def __init__(self, why: Literal["closed", "consent", "aired"]) -> None:
        super().__init__(why)
        self.why = why


class NotToAir(Refusal):
    """A template is not on air, and what was withdrawn is not read out."""


class NoAnswer(Refusal):
    """The item came out of no answer, or its answer does not hold any more."""


def typed(fields: Fields, names: Iterable[str]) -> dict[str, str]:
    """Fields as they are kept: trimmed, lines as they stand."""
    return {name: fields.get(name, "").replace("\r\n", "\n").strip() for name in names}


def too_long(values: Mapping[str, str], limits: Mapping[str, int] = LIMITS) -> dict[str, str]:
    """Which fields are too long."""
    return {name: "long" for name, value in values.items() if len(value) > limits.get(name, 4000)}


def day_of(text: str) -> date | None:
    """A day as a form has it; None where it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def minutes_of(text: str) -> int | None:
    """A slot's length as a form has it; None where it is none."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    return number if 1 <= number <= LONGEST_SLOT else None


def near(days: Iterable[date], day: date | None, weeks: int) -> tuple[date, ...]:
    """Those days that are fewer than so many weeks away from the sheet's, the latest first."""
    if day is None:
        return ()
    return tuple(sorted({one for one in days if abs(one - day) < timedelta(weeks=weeks)}, reverse=True))


def is_gone(state: str | None) -> bool:
    """Whether a listener's question is not read out any more."""
    return state in (WITHDRAWN, DECLINED)


def check_usable(state: str, consent: str) -> None:
    """Raise NotUsable unless a listener's question may go on a sheet."""
    if consent != "air":
        raise NotUsable("consent")
    if state == AIRED:
        raise NotUsable("aired")
    if is_gone(state):
        raise NotUsable("closed")


def moment_of_mark(said: datetime | None, now: datetime) -> datetime:
    """When something was on air: as the presenter's page says it, unless that is to come or more than a day ago."""
    if said is None or said > now or now - said > timedelta(days=1):
        return now
    return said
