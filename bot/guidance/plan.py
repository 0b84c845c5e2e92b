"""Who advises when, and what of it is free. Works on what was read from the database; no I/O here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from bot.clock import SHANGHAI
from bot.guidance import rules
from bot.guidance.calendar import WEEKDAYS, WorkCalendar
from bot.guidance.rules import GuidanceRules
from bot.guidance.views import AdviserView, Slot, Wanted

Stretch = tuple[datetime, datetime]
ON_LEAVE = "老师请假"


@dataclass(frozen=True)
class Worker:
    """An adviser with their hours. `weekly`: (weekday, from, to) in minutes of the day; `extra`: the same by day."""

    view: AdviserView
    at_once: int
    minutes: int
    weekly: tuple[tuple[int, int, int], ...] = ()
    extra: tuple[tuple[date, int, int], ...] = ()
    leaves: tuple[Stretch, ...] = ()


@dataclass(frozen=True)
class Taken:
    """A place that somebody has: from when, and when it is free again."""

    adviser_id: int
    place: int
    starts_at: datetime
    free_at: datetime


@dataclass
class Plan:
    """The desk over some whole weeks, as of `now`."""

    workers: Sequence[Worker]
    taken: Sequence[Taken]
    calendar: WorkCalendar
    rules: GuidanceRules
    now: datetime
    _of: dict[int, list[Taken]] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        for one in self.taken:
            self._of.setdefault(one.adviser_id, []).append(one)

    def take(self, one: Taken) -> None:
        """Put down another place that is taken."""
        self._of.setdefault(one.adviser_id, []).append(one)

    # -- hours -----------------------------------------------------------------------------------------------------

    def fitting(self, wanted: Wanted) -> list[Worker]:
        """The advisers that are as wanted. Raises NoAdviser if there is none."""
        found = [worker for worker in self.workers if fits(worker.view, wanted)]
        if not found:
            raise rules.NoAdviser(wanted)
        return found

    def hours(self, worker: Worker, day: date) -> list[Stretch]:
        """When an adviser would be there on a day, leave not taken off."""
        spans = [(start, end) for on, start, end in worker.extra if on == day]
        if self.calendar.closed(day) is None:
            weekday = self.calendar.weekday(day)
            spans += [(start, end) for on, start, end in worker.weekly if on == weekday]
        midnight = rules.start_of(day).astimezone(UTC)
        return _joined((midnight + timedelta(minutes=s), midnight + timedelta(minutes=e)) for s, e in spans)

    def starts(self, worker: Worker, day: date) -> list[datetime]:
        """When sessions with an adviser may begin on a day, free or not."""
        length = timedelta(minutes=worker.minutes)
        return [
            start
            for first, end in self.hours(worker, day)
            for start in self._grid(first, end - length)
            if not any(off < start + length and start < back for off, back in worker.leaves)
        ]

    def _grid(self, first: datetime, last: datetime) -> Iterator[datetime]:
        """The beginning of the hours, and from there on the full half hours of the clock (or what the settings say)."""
        every = self.rules.start_every
        local = first.astimezone(SHANGHAI)
        start, ahead = first, every - (local.hour * 60 + local.minute) % every
        while start <= last:
            yield start
            start += timedelta(minutes=ahead)
            ahead = every

    # -- what is free ----------------------------------------------------------------------------------------------

    def place(self, worker: Worker, starts_at: datetime) -> int | None:
        """A place of an adviser that is free for a session then; None if there is none, or they have had enough."""
        day = rules.day_of(starts_at)
        monday, next_monday = rules.week_of(day)
        mine = self._of.get(worker.view.id, ())
        days = [rules.day_of(one.starts_at) for one in mine]
        if days.count(day) >= self.rules.adviser_day:
            return None
        if sum(monday <= other < next_monday for other in days) >= self.rules.adviser_week:
            return None
        free_at = starts_at + timedelta(minutes=worker.minutes + self.rules.buffer_minutes)
        full = {one.place for one in mine if one.starts_at < free_at and starts_at < one.free_at}
        return next((place for place in range(1, worker.at_once + 1) if place not in full), None)

    def slots(self, wanted: Wanted, day: date) -> tuple[Slot, ...]:
        """The free times of a day, in order: of each the adviser who has the fewest sessions that day."""
        try:
            rules.check_day_window(day, self.now, self.rules)
            workers = self.fitting(wanted)
        except rules.Refusal:
            return ()
        earliest = self.rules.earliest(self.now)
        free: dict[datetime, Slot] = {}
        for worker in sorted(workers, key=lambda w: (self._busy_on(w, day), w.view.id)):
            for start in self.starts(worker, day):
                if start not in free and start >= earliest and self.place(worker, start) is not None:
                    free[start] = Slot(worker.view, start, worker.minutes)
        return tuple(free[start] for start in sorted(free))

    def _busy_on(self, worker: Worker, day: date) -> int:
        return sum(rules.day_of(one.starts_at) == day for one in self._of.get(worker.view.id, ()))

    def check_day(self, wanted: Wanted, day: date) -> tuple[Slot, ...]:
        """The free times of a day. Raises Past, TooFar, NoAdviser, ClosedDay, TooSoon or DayFull if there is none."""
        rules.check_day_window(day, self.now, self.rules)
        workers = self._working(wanted, day)
        if slots := self.slots(wanted, day):
            return slots
        earliest = self.rules.earliest(self.now)
        if all(start < earliest for worker in workers for start in self.starts(worker, day)):
            raise rules.TooSoon(earliest)
        raise rules.DayFull(day)

    def check(self, wanted: Wanted, starts_at: datetime) -> Slot:
        """The free place at that time. Raises a Refusal that says why there is none."""
        rules.check_window(starts_at, self.now, self.rules)
        day = rules.day_of(starts_at)
        workers = self._working(wanted, day)
        slots = self.slots(wanted, day)
        if found := next((slot for slot in slots if slot.starts_at == starts_at), None):
            return found
        if any(starts_at in self.starts(worker, day) for worker in workers):
            raise rules.SlotTaken(starts_at) if slots else rules.DayFull(day)
        present = _joined(stretch for worker in workers for stretch in self._present(worker, day))
        if any(start <= starts_at and starts_at + timedelta(minutes=w.minutes) <= end
               for w in workers for start, end in self._present(w, day)):  # fmt: skip
            raise rules.OffGrid(starts_at, self.rules.start_every)
        raise rules.OutsideHours(day, "、".join(_spoken(stretch) for stretch in present))

    def nearest(self, wanted: Wanted, starts_at: datetime, days: Iterable[date], count: int) -> tuple[Slot, ...]:
        """The free times nearest to a moment, before and after it, in order."""
        free = [slot for day in days for slot in self.slots(wanted, day) if slot.starts_at != starts_at]
        free.sort(key=lambda slot: (abs(slot.starts_at - starts_at), slot.starts_at))
        return tuple(sorted(free[:count], key=lambda slot: slot.starts_at))

    def _working(self, wanted: Wanted, day: date) -> list[Worker]:
        """Who is there on a day. Raises NoAdviser or ClosedDay."""
        workers = self.fitting(wanted)
        if not (there := [worker for worker in workers if self.hours(worker, day)]):
            closed = self.calendar.closed(day)
            raise rules.ClosedDay(day, closed or WEEKDAYS[day.weekday()])
        if not (working := [worker for worker in there if self.starts(worker, day)]):
            raise rules.ClosedDay(day, ON_LEAVE)
        return working

    def _present(self, worker: Worker, day: date) -> list[Stretch]:
        """When an adviser is there on a day, leave taken off."""
        stretches = self.hours(worker, day)
        for off, back in worker.leaves:
            stretches = [
                part for start, end in stretches for part in ((start, min(end, off)), (max(start, back), end)) if part[0] < part[1]
            ]  # fmt: skip
        return stretches


def fits(adviser: AdviserView, wanted: Wanted) -> bool:
    """Whether an adviser is as wanted."""
    return (
        (wanted.adviser_id is None or wanted.adviser_id == adviser.id)
        and (wanted.topic is None or wanted.topic in adviser.topics)
        and (wanted.mode is None or wanted.mode in adviser.modes)
    )


def _joined(stretches: Iterable[Stretch]) -> list[Stretch]:
    """The same stretches in order, those that touch made one."""
    joined: list[Stretch] = []
    for start, end in sorted(stretches):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _spoken(stretch: Stretch) -> str:
    start, end = (moment.astimezone(SHANGHAI) for moment in stretch)
    ends = "24:00" if end.date() > start.date() else f"{end.hour}:{end:%M}"
    return f"{start.hour}:{start:%M}-{ends}"
