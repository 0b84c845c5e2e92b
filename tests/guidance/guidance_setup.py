"""Moments of the tests' week, and booking desks with rules of their own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from bot.clock import SHANGHAI
from bot.guidance.calendar import WorkCalendar
from bot.guidance.contacts import Contacts
from bot.guidance.rules import GuidanceRules
from bot.guidance.service import Guidance

SECRET = "a secret of thirty-two characters"
EVERY_DAY = "周一至周五 9:00-12:00，14:00-17:30"


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of 2026 in 大同. The 24th of November is now, a Tuesday."""
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI).astimezone(UTC)


def desk_of(sessions: Any, clock: Any, **values: int) -> Guidance:
    """A desk with some rules other than the defaults."""
    return Guidance(sessions, clock, WorkCalendar(), GuidanceRules(**values), Contacts(SECRET))


def fives(start: datetime, end: datetime) -> list[int]:
    """The numbers of the five minutes between two full ones."""
    return list(range(int(start.timestamp()) // 300, int(end.timestamp()) // 300))
