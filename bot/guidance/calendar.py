"""Which days are holidays, and which weekday a day is worked as, by the State Council's calendar of each year.

The calendar comes with the package `chinese_calendar`, which has each year from the autumn before it. For a year that
the package does not have yet, the statutory days themselves are closed (元旦, 劳动节 and 国庆 by their fixed days, the
moving ones as far as bot/text/times/holidays.py has them), and weekends are weekends: what is joined to a holiday and
made up for on a weekend is not known then. The log says so once for each such year; a newer package mends it.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from datetime import date, timedelta

from chinese_calendar import Holiday, constants

from bot.text.times.holidays import holiday

_log = logging.getLogger(__name__)

WEEKDAYS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_NAMES = {kind.value: kind.chinese for kind in Holiday}
_STATUTORY = {"元旦": 1, "清明": 1, "劳动节": 2, "端午": 1, "中秋": 1, "国庆": 3}  # days by law, from the day itself
_SPRING_DAYS = range(-1, 3)  # 除夕 to 初三
_SPOKEN = {"国庆": "国庆节"}


class WorkCalendar:
    """The alliance's days. Nobody advises on a holiday; a weekend day that is worked has a weekday's hours."""

    def __init__(self) -> None:
        self._known = {day.year for day in constants.holidays}
        self._made_up = _made_up()
        self._warned: set[int] = set()

    def closed(self, day: date) -> str | None:
        """The name of the holiday that a day belongs to, with the days joined to it; None on other days."""
        if day.year in self._known:
            return _NAMES[constants.holidays[day]] if day in constants.holidays else None
        self._warn(day.year)
        return _statutory(day)

    def weekday(self, day: date) -> int:
        """1 for Monday to 7; on a weekend day that is worked (调休), the weekday it is worked for."""
        return self._made_up.get(day, day.isoweekday())

    def is_workday(self, day: date) -> bool:
        """Whether offices are open."""
        return self.closed(day) is None and self.weekday(day) <= 5

    def _warn(self, year: int) -> None:
        if year not in self._warned:
            self._warned.add(year)
            _log.warning(
                "no calendar of %s yet: only the statutory days are closed, 调休 is not known; update chinesecalendar",
                year,
            )


def _made_up() -> dict[date, int]:
    """Worked weekend days and the weekday of the day off that each makes up for: of one holiday, in order."""
    off: dict[tuple[str, int], list[date]] = defaultdict(list)
    for day, name in sorted(constants.in_lieu_days.items()):
        off[name, day.year].append(day)
    worked: dict[tuple[str, int], list[date]] = defaultdict(list)
    for day, name in sorted(constants.workdays.items()):
        worked[name, day.year].append(day)
    return {
        day: free.isoweekday()
        for key, days in worked.items()
        for day, free in zip(days, off.get(key, ()), strict=False)
    }


def _statutory(day: date) -> str | None:
    new_year = holiday("春节", day.year)
    if new_year is not None and (day - new_year).days in _SPRING_DAYS:
        return "春节"
    for name, length in _STATUTORY.items():
        first = holiday(name, day.year)
        if first is not None and first <= day < first + timedelta(days=length):
            return _SPOKEN.get(name, name)
    return None
