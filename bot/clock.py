"""The one clock. Everything that asks for the time takes a Clock, so a test can set it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], datetime]
"""Gives the present moment, aware, in UTC."""


def system_clock() -> datetime:
    """The machine's time, in UTC."""
    return datetime.now(UTC)


def clock_from(moment: datetime | None) -> Clock:
    """A clock that starts at `moment` (aware) and runs on from there; the system's where it is None."""
    if moment is None:
        return system_clock
    shift = moment - datetime.now(UTC)
    return lambda: datetime.now(UTC) + shift


def today(clock: Clock) -> date:
    """The calendar day people live in: Asia/Shanghai."""
    return clock().astimezone(SHANGHAI).date()
