"""From words to drafts: each draft is one time as named, with how it stands to the one before it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.text.times.clocks import DayTime, RawClock, moments, ranges
from bot.text.times.days import DAY, monday, nth_weekday
from bot.text.times.lexing import ANY_DAY, Token, denial, refused
from bot.text.times.model import SHANGHAI, ClockPart, DayPart, Parts

_OFFICE_OPENS, _OFFICE_CLOSES = 540, 1080  # minutes from midnight
_BOTH_WILL_DO = re.compile(r"[^。！？.!?]{0,6}都(?:行|可以?|有空|能|成|ok|没问题)")


@dataclass
class Draft:
    """One time in the making. `link`: None (a new matter), `or` (an alternative), `instead` (corrects the one before)."""

    start: int
    end: int = 0
    link: str | None = None
    day: DayPart | None = None
    part: DayTime | None = None
    clock: RawClock | None = None
    last_part: DayTime | None = None
    last_clock: RawClock | None = None
    flag: str | None = None
    moment: datetime | None = None
    refusal: str | None = None

    def parts(self, now: datetime) -> Parts:
        """What this draft says, in the form others read."""
        if self.moment:
            at = self.moment.hour * 60 + self.moment.minute
            day = self.moment.date()
            return Parts(DayPart(((day, day + DAY),), "date"), ClockPart(((at, None),), "minute"))
        day, clock = self.day, self._clock(now)
        if day and self.flag and not clock:
            day = _limited(day, self.flag, now.date())
        return Parts(day, clock)

    def _clock(self, now: datetime) -> ClockPart | None:
        if self.clock is None:
            if self.part is None:
                return None
            return self._part_alone(self.part)
        if self.last_clock or self.clock.until_hour:
            last = self.last_clock or RawClock(self.clock.until_hour or 0, self.clock.minute)
            part = self.last_part or (self.part if self.part and self.part.half in ("pm", "night") else None)
            found = ranges(self.clock, self.part, last, part) or ranges(self.clock, self.part, last, None)
            if found:
                return ClockPart(tuple(found), "minute")
        points = moments(self.clock, self.part)
        if self.flag == "after":
            end = self.part.end if self.part and self.part.end > points[0] else None
            return ClockPart(tuple((at, end) for at in points), "minute", after=True)
        if self.flag == "before":
            opens = self.part.start if self.part else _OFFICE_OPENS
            times = tuple((opens if opens < at else at - 60, at) for at in points)
            return ClockPart(times, "minute", before=True)
        return ClockPart(tuple((at, None) for at in points), "minute")

    def _part_alone(self, part: DayTime) -> ClockPart:
        start, end = part.start, part.end
        if self.last_part and self.last_part.end > start:
            return ClockPart(((start, self.last_part.end),), "halfday")
        if self.flag == "after" and end < _OFFICE_CLOSES:
            return ClockPart(((end, _OFFICE_CLOSES),), "halfday", after=True)
        if self.flag == "before" and start > _OFFICE_OPENS:
            return ClockPart(((_OFFICE_OPENS, start),), "halfday", before=True)
        return ClockPart(((start, end),), "halfday", after=self.flag == "after")


def _limited(day: DayPart, flag: str, today: date) -> DayPart:
    """“周五之前” is from today up to it, “月底之前” up to the month's end; “周三以后” is the day after and later."""
    if flag == "after":
        return DayPart(tuple((end, end + DAY) for _, end in day.spans), "from", after=True)
    limits = [end if day.kind in ("span", "weekdays") else start for start, end in day.spans]
    spans = tuple((today, limit) for limit in limits if limit > today)
    return DayPart(spans, "span", before=True) if spans else day


def refined(first: DayPart, second: DayPart | tuple[int, int | None]) -> DayPart | None:
    """What two names of days that stand together mean: 下周 + 周三, 12月 + 周三, 11月26日 + 周四. None: two matters."""
    start, end = first.spans[0]
    if isinstance(second, tuple):
        return _nth(first, second)
    if second.kind == "weekday":
        weekday = second.spans[0][0].weekday()
        if first.kind in ("week", "span", "from"):
            if first.kind == "from":
                start = monday(start) if end - start == DAY and not first.after else start
            found = start + (weekday - start.weekday()) % 7 * DAY
            return DayPart(((found, found + DAY),), "date")
        if first.kind in ("date", "monthday"):
            if start.weekday() == weekday:
                return DayPart((first.spans[0],), "date")
            near = start + (weekday - start.weekday()) % 7 * DAY
            return DayPart((first.spans[0], (near, near + DAY)), "date")
    if first.kind in ("week", "weekday", "span") and second.kind in ("date", "monthday"):
        return second  # 周四11月26号: the date decides
    if first.kind in ("date", "monthday") and second == first:
        return first
    return None


def _nth(first: DayPart, nth: tuple[int, int | None]) -> DayPart | None:
    count, weekday = nth
    start, end = first.spans[0]
    if weekday == ANY_DAY:
        day = end - DAY if count < 0 else start + (count - 1) * DAY
        return DayPart(((day, day + DAY),), "date")
    if weekday is None:
        week = monday(start) + 7 * (count - 1) * DAY
        return DayPart(((week, week + 7 * DAY),), "week")
    if first.kind == "from":
        end = start + 60 * DAY
    found = nth_weekday(count, weekday, start, end)
    return DayPart(((found, found + DAY),), "date") if found else None


class Drafter:
    """Puts tokens together, in order; what cannot belong to the draft in hand opens the next."""

    def __init__(self, text: str, tokens: list[Token], now: datetime) -> None:
        self.text, self.tokens, self.now = text, tokens, now
        self.drafts: list[Draft] = []
        self.link: str | None = None
        self.joint: Token | None = None

    def run(self) -> list[Draft]:
        """All drafts, in order, with their refusals."""
        for token in self.tokens:
            self._take(token)
        if self.drafts:
            self._close(len(self.text))
        return self.drafts

    def _take(self, token: Token) -> None:
        draft = self.drafts[-1] if self.drafts else None
        if token.kind == "change":
            if draft:
                self._close(token.start)
            self.link = "instead"
        elif token.kind in ("after", "before") and draft:
            draft.flag, draft.end = token.kind, token.end
        elif token.kind in ("range", "or"):
            self.joint = token
        elif token.kind in ("day", "part", "clock", "nth", "moment"):
            joint = self.joint.kind if self.joint and self.joint.end == token.start else None
            self._place(token, joint)
            self.joint = None

    def _close(self, until: int) -> None:
        draft = self.drafts[-1]
        if draft.refusal is None:
            draft.refusal = refused(self.text, draft.end, until)

    def _open(self, token: Token, link: str | None) -> Draft:
        draft = Draft(token.start, token.end, link)
        if denial(self.text, token.start) is not None:
            draft.refusal = "hard"
        self.drafts.append(draft)
        return draft

    def _place(self, token: Token, joint: str | None) -> None:
        draft = self.drafts[-1] if self.drafts else None
        if draft is not None and self.link is None:
            denies = denial(self.text, token.start)
            self._close(token.start if denies is None else denies)
            if draft.refusal is None and denies is None and self._add(draft, token, joint):
                draft.end = token.end
                return
        link = self.link or ("or" if joint == "or" or self._side_by_side(draft, token) else None)
        if link is None and draft is not None and draft.refusal:
            link = "instead"
        self.link = None
        fresh = self._open(token, link)
        if token.kind == "nth":
            month = self.now.date().replace(day=1)
            following = (month + timedelta(days=32)).replace(day=1)
            for first in (month, following):
                end = (first + timedelta(days=32)).replace(day=1)
                day = refined(DayPart(((first, end),), "span"), token.value)  # type: ignore[arg-type]
                if day and day.spans[0][0] >= self.now.date():
                    fresh.day = day
                    return
            self.drafts.pop()
        elif not self._add(fresh, token, None):
            self.drafts.pop()

    def _side_by_side(self, draft: Draft | None, token: Token) -> bool:
        """周三周四, 上午下午: two of one kind with nothing between them are alternatives."""
        if draft is None or draft.refusal or token.start - draft.end > 1:
            return False
        following = [t.end for t in self.tokens if t.start >= token.start and t.start - token.end <= 1]
        if _BOTH_WILL_DO.match(self.text, max(following)):
            return True
        if draft.clock:
            return False
        if isinstance(token.value, DayTime):
            return draft.part is not None
        return isinstance(token.value, DayPart) and token.value.kind == "weekday" and draft.day is not None

    def _add(self, draft: Draft, token: Token, joint: str | None) -> bool:
        if draft.moment:
            return False
        value = token.value
        if token.kind == "moment" and isinstance(value, datetime):
            if (draft.day and draft.day.spans[0][0] != self.now.astimezone(SHANGHAI).date()) or draft.clock:
                return False
            draft.moment = value
            return True
        near = token.start - draft.end <= 3
        if token.kind == "nth" and isinstance(value, tuple):
            day = refined(draft.day, value) if draft.day else None
            draft.day = day or draft.day
            return day is not None
        if isinstance(value, DayPart):
            return self._add_day(draft, value, joint, near)
        if isinstance(value, DayTime):
            if joint == "range" and (draft.part or draft.clock):
                draft.last_part = value
                return True
            if draft.clock is None and draft.part in (None, value) and joint != "or":
                draft.part = value
                return True
            if draft.clock and draft.part in (None, value) and near and joint is None:
                draft.part = value
                return True
            return draft.last_part is value
        if isinstance(value, RawClock):
            if joint == "range" and draft.clock and not draft.last_clock:
                draft.last_clock = value
                return True
            if draft.last_part and draft.clock and not draft.last_clock:
                draft.last_clock = value
                return True
            if draft.clock is None and joint != "or":
                draft.clock = value
                return True
        return False

    def _add_day(self, draft: Draft, day: DayPart, joint: str | None, near: bool) -> bool:
        if draft.day is None:
            if joint == "or" or (draft.flag and not (draft.clock and near)):  # “四点之前 后天” is one time
                return False
            draft.day = day
            return True
        if joint == "range" and not draft.clock and not draft.part:
            (start, _), (later, end) = draft.day.spans[0], day.spans[0]
            if day.kind == "weekday":  # 周五到周一, 下周一到周三: the first such day after the start
                later = start + (later.weekday() - start.weekday()) % 7 * DAY
                end = later + DAY
            elif day.kind == "monthday" and later < start:
                later, end = (
                    later.replace(month=start.month, year=start.year),
                    later.replace(month=start.month, year=start.year) + DAY,
                )
            if start < end:
                draft.day = DayPart(((start, end),), "weekdays" if draft.day.kind == "weekday" else "span")
                return True
            return False
        if joint == "or" or not near:
            return False
        both = refined(draft.day, day)
        if both is None:
            return False
        draft.day = both
        return True
