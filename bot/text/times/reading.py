"""Reading a message's times, adding a later message's to an earlier one's, and settling parts into moments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from bot.text.times.days import DAY, monday
from bot.text.times.drafts import Draft, Drafter
from bot.text.times.lexing import Lexer
from bot.text.times.model import SHANGHAI, ClockPart, DayPart, Parts, Reading, Shift, When
from bot.text.times.spelling import canonical

_LONGEST = 2000  # nobody names a time after that many characters
_A_BIT = 30  # minutes: “早一点”
_MOST_OPTIONS = 4


def read_times(text: str, now: datetime) -> Reading:
    """The times a message names, seen from `now` (aware). Never raises, whatever the text."""
    now = now.astimezone(SHANGHAI)
    drafts, shift, places = _drafts(text, now)
    chosen = _chosen(drafts, now)
    if not chosen:
        return Reading(parts=Parts(shift=shift))
    spans = tuple((places[d.start], places[d.end]) for d in drafts)
    settled = [settle(parts, now) for parts in chosen]
    options = _distinct([option for reading in settled for option in reading.options])
    past = all(reading.past for reading in settled)
    if len(settled) > 1 and not past:
        options = _distinct([o for reading in settled if not reading.past for o in reading.options])
    return Reading(options[:_MOST_OPTIONS], past, spans, _merged(chosen, shift))


def read_parts(text: str, now: datetime) -> Parts:
    """The day and the time of day that a message names, each by itself, and “早一点” and the like."""
    now = now.astimezone(SHANGHAI)
    drafts, shift, _ = _drafts(text, now)
    chosen = _chosen(drafts, now)
    return _merged(chosen, shift) if chosen else Parts(shift=shift)


def combine(old: Parts, new: Parts, now: datetime) -> Parts:
    """What holds after a later word: “不对，是周四” changes the day alone, “四点半” the hour alone."""
    today = now.astimezone(SHANGHAI).date()
    day, clock = old.day, old.clock
    if new.day:
        day = _same_frame(old.day, new.day, today) if old.day else new.day
        if day.kind == "week" and old.day and old.clock and old.day.kind in ("date", "weekday", "monthday"):
            same = (
                day.spans[0][0] + old.day.spans[0][0].weekday() * DAY
            )  # “改到下下周吧” keeps the weekday with the hour
            day = DayPart(((same, same + DAY),), "date")
    if new.clock:
        clock = _same_half(old.clock, new.clock) if old.clock else new.clock
    if new.shift:
        if clock and clock.times and not new.shift.days:
            clock = _shifted(clock, new.shift)
        elif day and new.shift.days:
            by = new.shift.sign * new.shift.days * DAY
            day = replace(day, spans=tuple((start + by, end + by) for start, end in day.spans), kind="date")
    return Parts(day, clock)


def settle(parts: Parts, now: datetime) -> Reading:
    """The moments that parts mean. What is over is left out while something else remains."""
    now = now.astimezone(SHANGHAI)
    if parts.day is None and parts.clock is None:
        return Reading(parts=parts)
    if parts.clock is None:
        options = [_days(parts.day, span) for span in parts.day.spans] if parts.day else []
    elif parts.day is None:
        options = [_next(at, parts.clock, now) for at in parts.clock.times]
    else:
        options = [_moment(span, at, parts) for span in parts.day.spans for at in parts.clock.times]
    ahead = [option for option in options if not _over(option, now)]
    soon = parts.day is not None and parts.day.kind == "soon"
    kept = _distinct(sorted(ahead or options, key=lambda option: option.start))
    return Reading(kept[:1] if soon else kept[:_MOST_OPTIONS], past=not ahead, parts=parts)


def _drafts(text: str, now: datetime) -> tuple[list[Draft], Shift | None, list[int]]:
    plain, places = canonical(text[:_LONGEST])
    tokens = Lexer(plain, now).run()
    shifts = [token.value for token in tokens if token.kind in ("shift", "too") and isinstance(token.value, Shift)]
    return Drafter(plain, tokens, now).run(), shifts[-1] if shifts else None, places


def _chosen(drafts: list[Draft], now: datetime) -> list[Parts]:
    """The times meant, several where they are alternatives: the last that was not refused, with what it corrects."""
    if all(draft.refusal for draft in drafts):  # “下周三面试辅导” names a session, “周三不行” names none
        drafts = [replace(draft, refusal=None) for draft in drafts if draft.refusal == "soft"]
    kept: list[list[Parts]] = []
    before: list[Parts] = []
    accepted: list[Parts] = []
    for draft in drafts:
        parts = draft.parts(now)
        if draft.link == "or" and before and not draft.refusal:
            last = before[-1]
            framed = replace(last.day, kind="date") if last.day else None  # 周一周二: the days of one week
            day = _same_frame(framed, parts.day, now.date()) if framed and parts.day else parts.day or last.day
            parts = Parts(day, parts.clock or last.clock)
            before = [*(Parts(b.day or parts.day, b.clock or parts.clock) for b in before), parts]
        elif (draft.link == "instead" and before) or (parts.day is None and before):
            before = [combine(before[-1], parts, now)]
        else:
            before = [parts]
        if not draft.refusal:
            accepted = before
            kept.append(before)
    future = [parts for parts in kept if not all(p.day and p.day.kind == "past" for p in parts)]
    return future[-1] if future else accepted


def _merged(chosen: list[Parts], shift: Shift | None) -> Parts:
    """Alternatives as one set of parts; where hours differ with the days, the first alternative's."""
    if len(chosen) == 1:
        return replace(chosen[0], shift=shift) if shift and shift.exact and not chosen[0].clock else chosen[0]
    days = {parts.day for parts in chosen}
    clocks = {parts.clock for parts in chosen}
    first = chosen[0]
    if len(clocks) == 1 and first.day and None not in days:
        spans = tuple(dict.fromkeys(span for parts in chosen if parts.day for span in parts.day.spans))
        return Parts(replace(first.day, spans=spans), first.clock)
    if len(days) == 1 and first.clock and None not in clocks:
        times = tuple(dict.fromkeys(at for parts in chosen if parts.clock for at in parts.clock.times))
        return Parts(first.day, replace(first.clock, times=times))
    return first


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time(), SHANGHAI) + timedelta(minutes=minutes)


def _days(day: DayPart, span: tuple[date, date]) -> When:
    start, end = span
    return When(_at(start, 0), _at(end, 0), day.grain, day.after, day.before)


def _moment(span: tuple[date, date], at: tuple[int, int | None], parts: Parts) -> When:
    clock, (first, end) = parts.clock, span
    assert clock is not None
    last = end - DAY
    if at[1] is None:
        return When(_at(first, at[0]), None, clock.grain, clock.after, clock.before)
    end_day = last if clock.grain == "halfday" and (last - first).days < 7 else first
    return When(_at(first, at[0]), _at(end_day, at[1]), clock.grain, clock.after, clock.before)


def _next(at: tuple[int, int | None], clock: ClockPart, now: datetime) -> When:
    """A time of day without a day: today's if it is still ahead, else tomorrow's."""
    for day in (now.date(), now.date() + DAY):
        option = _moment((day, day + DAY), at, Parts(None, clock))
        if not _over(option, now) and (clock.grain == "halfday" or clock.before or option.start >= now):
            break
    return option


def _over(option: When, now: datetime) -> bool:
    if option.after and option.grain == "day":
        return False
    return option.end <= now if option.end else option.start < now


def _distinct(options: list[When] | tuple[When, ...]) -> tuple[When, ...]:
    return tuple(dict.fromkeys(options))


def _same_frame(old: DayPart, new: DayPart, today: date) -> DayPart:
    """A bare 周四 after “下周三” is that week's Thursday, a bare 8号 after “12月5号” is in December."""
    base = old.spans[0][0]
    if new.kind == "weekday" and old.kind not in ("weekday", "weekdays"):
        day = monday(base) + new.spans[0][0].weekday() * DAY
        if day >= today and monday(base) > monday(today):
            return DayPart(((day, day + DAY),), "date")
    if new.kind == "monthday" and base > today:
        number = new.spans[0][0].day
        try:
            day = base.replace(day=number)
        except ValueError:
            return new
        if day >= today:
            return DayPart(((day, day + DAY),), "date")
    return new


def _same_half(old: ClockPart, new: ClockPart) -> ClockPart:
    """A bare hour after 晚上 or “晚上七点” is an evening hour: of two readings the one nearest to the old."""
    if new.grain == "halfday" or len(new.times) < 2:
        return new
    start, end = old.times[0]
    middle = (start + end) // 2 if end is not None else start
    return replace(new, times=(min(new.times, key=lambda at: abs(at[0] - middle)),))


def _shifted(clock: ClockPart, shift: Shift) -> ClockPart:
    by = shift.sign * (shift.minutes or _A_BIT)
    times = tuple((start + by, None if end is None else end + by) for start, end in clock.times)
    return replace(clock, times=times, after=False, before=False) if all(0 <= at[0] < 1440 for at in times) else clock
