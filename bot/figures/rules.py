"""Periods that figures are asked for, and what is compared with what. No I/O here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.clock import SHANGHAI

LONGEST = timedelta(days=366 * 3)
NAMED = {
    "today": "今天",
    "week": "近 7 天",
    "month": "近 30 天",
    "this-month": "本月",
    "last-month": "上月",
    "quarter": "近 90 天",
}
"""Periods with a name of their own, by what the address has."""


class BadPeriod(Exception):
    """Days that make no period; the text says why, in Chinese."""


@dataclass(frozen=True)
class Period:
    """Days from `first` to `last`, both included, as people in 大同 count them."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days."""
        return (self.last - self.first).days + 1

    @property
    def begins(self) -> datetime:
        """The first moment, aware."""
        return datetime.combine(self.first, time(), SHANGHAI)

    @property
    def ends(self) -> datetime:
        """The first moment after it, aware."""
        return datetime.combine(self.last + timedelta(days=1), time(), SHANGHAI)

    @property
    def before(self) -> Period:
        """What it is compared with: the calendar month before a whole month, else as many days right before."""
        if is_month(self):
            return month_of(self.first - timedelta(days=1))
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def spoken(self) -> str:
        """The period as people read it."""
        if is_month(self):
            return f"{self.first.year}年{self.first.month}月"
        first, last = (f"{day.month}月{day.day}日" for day in (self.first, self.last))
        if self.first == self.last:
            return f"{self.first.year}年{first}"
        year = "" if self.first.year == self.last.year else f"{self.last.year}年"
        return f"{self.first.year}年{first}至{year}{last}"


def month_of(day: date) -> Period:
    """The calendar month of a day."""
    first = day.replace(day=1)
    return Period(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def is_month(period: Period) -> bool:
    """Whether it is one whole calendar month."""
    return period == month_of(period.first)


def named(name: str, today: date) -> Period:
    """A period with a name (NAMED), seen from a day. Raises KeyError."""
    back = {"today": 0, "week": 6, "month": 29, "quarter": 89}
    if name in back:
        return Period(today - timedelta(days=back[name]), today)
    month = month_of(today)
    return {"this-month": Period(month.first, today), "last-month": month_of(month.first - timedelta(days=1))}[name]


def asked_for(given: Mapping[str, str], today: date, otherwise: str = "week") -> Period:
    """The period that an address asks for: `period` with a name, or `from` and `to` as YYYY-MM-DD. Raises BadPeriod."""
    first, last = given.get("from", "").strip(), given.get("to", "").strip()
    if not first and not last:
        name = given.get("period") or otherwise
        if name not in NAMED:
            raise BadPeriod(f"没有“{name[:20]}”这个时段，请从上面的选一个，或者填起止日期。")
        return named(name, today)
    period = Period(_day(first or last, "开始"), _day(last or first, "结束"))
    if period.last < period.first:
        raise BadPeriod(f"结束日期 {period.last} 在开始日期 {period.first} 前面，请对调一下。")
    if period.last - period.first > LONGEST:
        raise BadPeriod("一次最多看三年，请缩短一些。")
    return period


def _day(text: str, which: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise BadPeriod(f"{which}日期“{text[:20]}”看不懂，要写成 2026-11-24 这样。") from error


def percentile(counts: Sequence[tuple[int, int]], share: float) -> int | None:
    """The value that `share` of all do not exceed (nearest rank), of (value, how often) in rising order; None of none."""
    total = sum(n for _, n in counts)
    rank, seen = max(1, -(-total * share // 1)), 0
    for value, n in counts:
        seen += n
        if seen >= rank:
            return value
    return None


def change(now: float | None, before: float | None) -> str:
    """How a figure compares with the period before, in a few characters; "" where nothing can be said."""
    if now is None or before is None:
        return ""
    if now == before:
        return "持平"
    if before == 0:
        return "上期为 0"
    share = (now - before) / before
    return f"{'+' if share > 0 else '−'}{abs(share):.0%}"


@dataclass(frozen=True)
class Moved:
    """A topic that is asked about more or less than in the period before."""

    topic: str
    now: int
    before: int

    @property
    def difference(self) -> int:
        """By how many questions."""
        return self.now - self.before


LEAST = 3  # questions in one of the two periods, below which a change says nothing


def movers(now: Mapping[str, int], before: Mapping[str, int], most: int) -> tuple[list[Moved], list[Moved]]:
    """The topics that rose and those that fell by most questions, the largest change first."""
    all_ = [Moved(topic, now.get(topic, 0), before.get(topic, 0)) for topic in {*now, *before}]
    told = [moved for moved in all_ if max(moved.now, moved.before) >= LEAST]
    rising = sorted((m for m in told if m.difference > 0), key=lambda m: (-m.difference, m.topic))
    falling = sorted((m for m in told if m.difference < 0), key=lambda m: (m.difference, m.topic))
    return rising[:most], falling[:most]
