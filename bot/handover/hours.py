"""When somebody of the staff is there: weekly hours, holidays and worked weekends."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.clock import SHANGHAI
from bot.guidance.calendar import WorkCalendar
from bot.text.office_hours import OfficeHours

_AHEAD = 40  # days; longer than any holiday


class StaffHours:
    """The hours of the settings, on the days of the State Council's calendar."""

    def __init__(self, hours: OfficeHours, calendar: WorkCalendar) -> None:
        self._hours, self._calendar = hours, calendar

    def is_open(self, now: datetime) -> bool:
        """Whether somebody is there at a moment."""
        return any(start <= now < end for start, end in self._of(now.astimezone(SHANGHAI).date()))

    def next_open(self, now: datetime) -> datetime | None:
        """When somebody is there next, in Asia/Shanghai; None where no day of the near future has hours."""
        today = now.astimezone(SHANGHAI).date()
        for away in range(_AHEAD):
            for start, _ in self._of(today + timedelta(days=away)):
                if start > now:
                    return start
        return None

    def week(self) -> tuple[tuple[int, tuple[tuple[int, int], ...]], ...]:
        """The weekly hours: weekday, spans of minutes."""
        return tuple((day, self._hours.of(day)) for day in range(1, 8) if self._hours.of(day))

    def _of(self, day: date) -> list[tuple[datetime, datetime]]:
        if self._calendar.closed(day) is not None:
            return []
        midnight = datetime.combine(day, time(), SHANGHAI)
        return [
            (midnight + timedelta(minutes=start), midnight + timedelta(minutes=end))
            for start, end in self._hours.of(self._calendar.weekday(day))
        ]
