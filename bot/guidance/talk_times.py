"""From what was said of the time to free places: exactly there, within a stretch, or the nearest."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.clock import SHANGHAI
from bot.guidance import rules
from bot.guidance.service import Guidance
from bot.guidance.talk_state import Draft, NobodyElse, NotThatDay, OthersBusy, StretchFull
from bot.guidance.views import AdviserView, Slot, Wanted
from bot.text.times import ClockPart, When

DAYS = 5  # days in a picker
NEAREST = 3


def wanted_of(draft: Draft) -> Wanted:
    """What narrows the places."""
    topic = None if draft.topic == rules.ANY_TOPIC else draft.topic
    return Wanted(topic=topic, mode=draft.mode, adviser_id=draft.adviser_id)


@dataclass(frozen=True)
class Places:
    """Free places within what was asked for, by day; `refusal` says why there are none."""

    days: tuple[tuple[date, tuple[Slot, ...]], ...] = ()
    refusal: rules.Refusal | None = None

    @property
    def moments(self) -> list[tuple[date, tuple[datetime, ...]]]:
        """Their moments."""
        return [(day, tuple(slot.starts_at for slot in slots)) for day, slots in self.days]

    @property
    def slots(self) -> tuple[Slot, ...]:
        """All of them, in order."""
        return tuple(slot for _, slots in self.days for slot in slots)


class Finder:
    """Asks the service for places, leaving out advisers that were turned down."""

    def __init__(self, guidance: Guidance) -> None:
        self._guidance = guidance

    async def at(self, draft: Draft, starts_at: datetime) -> Slot:
        """The place at a moment, with the adviser in hand if possible; raises a refusal."""
        wanted = wanted_of(draft)
        if wanted.adviser_id is not None:
            return await self._guidance.check(wanted, starts_at)
        if draft.with_id is not None and draft.with_id not in draft.turned_down:
            try:
                return await self._guidance.check(replace(wanted, adviser_id=draft.with_id), starts_at)
            except rules.Refusal:
                pass  # another adviser may have that time
        if not draft.turned_down:
            return await self._guidance.check(wanted, starts_at)
        others = await self._others(draft)
        for adviser in others:
            try:
                return await self._guidance.check(replace(wanted, adviser_id=adviser.id), starts_at)
            except rules.Refusal:
                pass  # another one may have it
        if not others:
            raise NobodyElse(wanted)
        with suppress(rules.SlotTaken, rules.DayFull):  # by the session that is to be with somebody else
            await self._guidance.check(wanted, starts_at)
        raise OthersBusy(f"nobody else at {starts_at}")

    async def told(self, draft: Draft, error: rules.Refusal) -> rules.Refusal:
        """A refusal as it is for this draft: a day is not closed because the ones asked for are not there."""
        wanted = wanted_of(draft)
        if not isinstance(error, rules.ClosedDay) or wanted == Wanted():
            return error
        try:
            await self._guidance.check_day(Wanted(), error.day)
        except rules.ClosedDay:
            return error
        except rules.Refusal:
            pass  # full, too soon: but somebody does work then
        adviser = next((one for one in await self._guidance.advisers() if one.id == wanted.adviser_id), None)
        return NotThatDay(error.day, wanted, adviser)

    async def coming(self, draft: Draft, now: datetime) -> Places:
        """The places of the next days that have any."""
        return await self._days(draft, now.astimezone(SHANGHAI).date(), None, None)

    async def within(self, draft: Draft, option: When, now: datetime) -> Places:
        """The places within a stretch, or why there are none."""
        today = now.astimezone(SHANGHAI).date()
        clock = draft.parts.clock
        if draft.parts.day is None:  # “下午吧”: of whatever day
            first, last = today, None
        else:
            first = max(today, option.start.date())
            last = (option.end - timedelta(seconds=1)).date() if option.end else first
            if option.after and option.grain == "day":
                last = None
        found = await self._days(draft, first, last, clock)
        if found.days:
            return found
        return Places(refusal=await self._why(draft, first, last, option))

    async def against(self, draft: Draft, option: When) -> rules.Refusal | None:
        """What stands against the day of a time whatever the session is about: over, too far, closed."""
        day = option.start.date()
        if option.end is not None and option.end - option.start > timedelta(days=1):
            return None
        try:
            await self._guidance.check_day(wanted_of(draft), day)
        except (rules.Past, rules.TooFar) as error:
            return error
        except rules.ClosedDay as error:
            return await self.told(draft, error)
        except rules.Refusal:
            return None  # full: what can be had depends on the topic
        return None

    async def nearest(self, draft: Draft, around: datetime) -> tuple[Slot, ...]:
        """The nearest places; none where nobody gives them."""
        try:
            if not draft.turned_down:
                return await self._guidance.nearest(wanted_of(draft), around, NEAREST)
            found: list[Slot] = []
            for adviser in await self._others(draft):
                found += await self._guidance.nearest(replace(wanted_of(draft), adviser_id=adviser.id), around, NEAREST)
        except rules.NoAdviser:
            return ()
        close = sorted(found, key=lambda slot: abs(slot.starts_at - around))[:NEAREST]
        return tuple(sorted(close, key=lambda slot: slot.starts_at))

    async def _others(self, draft: Draft) -> list[AdviserView]:
        return [one for one in await self._guidance.advisers(wanted_of(draft)) if one.id not in draft.turned_down]

    async def _days(self, draft: Draft, first: date, last: date | None, clock: ClockPart | None) -> Places:
        days: list[tuple[date, tuple[Slot, ...]]] = []
        wants = [wanted_of(draft)]
        if draft.turned_down and draft.adviser_id is None:
            wants = [replace(wants[0], adviser_id=adviser.id) for adviser in await self._others(draft)]
        free = sorted({
            day for wanted in wants
            for day, count in await self._guidance.free_days(wanted, first=first, count=_asked_days(first, last))
            if count and (last is None or day <= last)
        })  # fmt: skip
        for day in free:
            slots: dict[datetime, Slot] = {}
            for wanted in wants:
                for slot in await self._guidance.free_slots(wanted, day):
                    slots.setdefault(slot.starts_at, slot)
            kept = tuple(slots[start] for start in sorted(slots) if _fits(start, clock))
            if kept:
                days.append((day, kept))
            if len(days) == DAYS:
                break
        return Places(tuple(days))

    async def _why(self, draft: Draft, first: date, last: date | None, option: When) -> rules.Refusal:
        """Why nothing is free in a stretch: what stands against its day, or against its hours."""
        wanted = wanted_of(draft)
        if draft.parts.day is None:
            return StretchFull(option, any_day=True) if await self._others(draft) else rules.NoAdviser(wanted)
        try:
            await self._guidance.check_day(wanted, first)
        except rules.Refusal as error:
            return error if first == last or not isinstance(error, rules.DayFull) else StretchFull(option)
        if option.end is not None and first == last:
            try:
                await self._guidance.check(wanted, option.start + (option.end - option.start) / 2)
            except rules.OutsideHours as error:
                return error
            except rules.Refusal:
                pass  # somebody was faster there, as elsewhere in the stretch
        return StretchFull(option)


def _asked_days(first: date, last: date | None) -> int:
    return DAYS * 2 if last is None else min((last - first).days + 1, DAYS * 2)


def _fits(start: datetime, clock: ClockPart | None) -> bool:
    if clock is None:
        return True
    local = start.astimezone(SHANGHAI)
    minutes = local.hour * 60 + local.minute
    for first, end in clock.times:
        if end is not None and first <= minutes < end:
            return True
        if end is None and (minutes >= first if clock.after else minutes == first):
            return True
    return False
