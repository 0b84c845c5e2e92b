"""A booking desk in memory, with the promises of bot.guidance.service; what it does not know it refuses loudly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from bot.clock import SHANGHAI
from bot.guidance import rules
from bot.guidance.views import AdviserView, BookingView, Slot, WaitView, Wanted

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)  # a Tuesday
ALL = rules.MODES
ZHANG = AdviserView(1, "张老师", ("简历", "面试", "求职心理"), ALL, "联盟中心", "改简历直来直去。", True)
LI = AdviserView(2, "李老师", ("职业规划", "简历"), ("线下", "线上"), "联盟中心", None, True)
WANG = AdviserView(3, "王老师", ("面试",), ("线下",), "联盟中心", None, False)
ZHAO = AdviserView(4, "赵老师", ("创业", "政策"), ALL, "联盟中心", None, False)
_HOURS = {  # by adviser and weekday (1 is Monday)
    1: {1: [(9, 12)], 2: [(14, 17)], 3: [(14, 17)], 4: [(9, 12), (14, 17)], 5: [(9, 12), (14, 17)]},
    2: {3: [(14, 18)], 4: [(14, 17)], 5: [(14, 17)]},
    3: {1: [(14, 17)], 3: [(9, 12)], 5: [(14, 17)]},
    4: {4: [(14, 15)]},
}  # fmt: skip
HALF = timedelta(minutes=30)
LATEST = timedelta(days=30)


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


@dataclass
class Desk:
    clock: Callable[[], datetime]
    bookings: dict[int, BookingView] = field(default_factory=dict)
    owners: dict[int, int] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    held_since: dict[int, datetime] = field(default_factory=dict)
    asked: dict[int, str | None] = field(default_factory=dict)
    contacts: dict[int, str] = field(default_factory=dict)
    waiting: list[tuple[int, date, Wanted]] = field(default_factory=list)
    rated: list[tuple[int, int, int]] = field(default_factory=list)
    closed: dict[date, str] = field(default_factory=dict)
    limit: int = 9

    # -- for tests -----------------------------------------------------------------------------------------------------

    def take(
        self, adviser: AdviserView, starts_at: datetime, person: int = 99, *, mode: str = "线下", topic: str = "简历"
    ):
        number = len(self.bookings) + 1
        self.bookings[number] = BookingView(
            number, f"G{number:05}", adviser, starts_at, starts_at + HALF, mode, topic, "booked", 0, adviser.sample,
            self.clock(),
        )  # fmt: skip
        self.owners[number] = person
        return self.bookings[number]

    def fill(self, day: date) -> None:
        for slot in self._all(Wanted(), day):
            self.take(slot.adviser, slot.starts_at)

    def of(self, person: int, *states: str) -> list[BookingView]:
        return [b for b in self.bookings.values() if self.owners[b.id] == person and b.state in states]

    # -- the service ---------------------------------------------------------------------------------------------------

    async def advisers(self, wanted: Wanted | None = None) -> tuple[AdviserView, ...]:
        return tuple(one for one in (ZHANG, LI, WANG, ZHAO) if _fits(one, wanted or Wanted()))

    async def free_days(self, wanted: Wanted, *, first: date, count: int = 5) -> tuple[tuple[date, int], ...]:
        found = []
        for n in range(31):
            day = first + n * timedelta(days=1)
            if slots := await self.free_slots(wanted, day):
                found.append((day, len(slots)))
        return tuple(found[:count])

    async def free_slots(self, wanted: Wanted, day: date) -> tuple[Slot, ...]:
        by_start: dict[datetime, Slot] = {}
        for slot in self._all(wanted, day):
            if self._free(slot) and self.clock() + timedelta(hours=2) <= slot.starts_at <= self.clock() + LATEST:
                by_start.setdefault(slot.starts_at, slot)
        return tuple(by_start[start] for start in sorted(by_start))

    async def check_day(self, wanted: Wanted, day: date) -> tuple[Slot, ...]:
        if not await self.advisers(wanted):
            raise rules.NoAdviser(wanted)
        if day < self.clock().astimezone(SHANGHAI).date():
            raise rules.Past(datetime.combine(day, time(), SHANGHAI))
        if day > (self.clock() + LATEST).date():
            raise rules.TooFar((self.clock() + LATEST).date())
        if not self._all(wanted, day):
            raise rules.ClosedDay(day, self.closed.get(day, f"周{'一二三四五六日'[day.weekday()]}"))
        slots = await self.free_slots(wanted, day)
        if not slots:
            raise rules.DayFull(day)
        return slots

    async def check(self, wanted: Wanted, starts_at: datetime) -> Slot:
        now, day = self.clock(), starts_at.astimezone(SHANGHAI).date()
        if starts_at <= now:
            raise rules.Past(starts_at)
        if starts_at < now + timedelta(hours=2):
            raise rules.TooSoon(now + timedelta(hours=2))
        await self.check_day(wanted, day)
        if starts_at.minute % 30:
            raise rules.OffGrid(starts_at, 30)
        fitting = [slot for slot in self._all(wanted, day) if slot.starts_at == starts_at]
        if not fitting:
            raise rules.OutsideHours(day, "9:00-12:00、14:00-17:00")
        free = [slot for slot in fitting if self._free(slot)]
        if not free:
            raise rules.SlotTaken(starts_at)
        return free[0]

    async def nearest(self, wanted: Wanted, starts_at: datetime, count: int = 3) -> tuple[Slot, ...]:
        found = []
        for day, _ in await self.free_days(wanted, first=self.clock().astimezone(SHANGHAI).date(), count=31):
            found += await self.free_slots(wanted, day)
        return tuple(
            sorted(sorted(found, key=lambda s: abs(s.starts_at - starts_at))[:count], key=lambda s: s.starts_at)
        )

    async def hold(
        self, person_id: int, slot: Slot, *, mode: str, topic: str | None, key: str, asked: str | None = None
    ):
        assert mode in slot.adviser.modes
        for one in self.of(person_id, "held"):
            await self.release(person_id, one.id)
        if len(self.of(person_id, "booked")) >= self.limit:
            raise rules.PersonLimit(self.limit, "open")
        if any(one.starts_at == slot.starts_at for one in self.of(person_id, "booked")):
            raise rules.Overlapping(slot.starts_at)
        if not self._free(slot):
            raise rules.SlotTaken(slot.starts_at)
        made = self.take(slot.adviser, slot.starts_at, person_id, mode=mode, topic=topic or rules.ANY_TOPIC)
        self.bookings[made.id] = replace(made, state="held")
        self.held_since[made.id], self.asked[made.id] = self.clock(), asked
        return self.bookings[made.id]

    async def confirm(self, person_id: int, booking_id: int, key: str) -> BookingView:
        booking = await self.booking(person_id, booking_id)
        if booking.state == "booked" and self.keys.get(key) == booking_id:
            return booking
        if booking.state != "held":
            raise rules.UnknownBooking(booking_id)
        rivals = [b for b in self.bookings.values() if b.id != booking_id and b.state == "booked"]
        if any((b.adviser.id, b.starts_at) == (booking.adviser.id, booking.starts_at) for b in rivals):
            raise rules.HoldExpired(booking.starts_at)
        self.keys[key] = booking_id
        self.bookings[booking_id] = replace(booking, state="booked")
        return self.bookings[booking_id]

    async def release(self, person_id: int, booking_id: int) -> None:
        if self.owners.get(booking_id) == person_id and self.bookings[booking_id].state == "held":
            self.bookings[booking_id] = replace(self.bookings[booking_id], state="expired")

    async def mine(self, person_id: int) -> tuple[BookingView, ...]:
        found = [one for one in self.of(person_id, "booked", "held") if one.ends_at > self.clock()]
        return tuple(sorted(found, key=lambda one: one.starts_at))

    async def booking(self, person_id: int, booking_id: int) -> BookingView:
        if self.owners.get(booking_id) != person_id:
            raise rules.UnknownBooking(booking_id)
        return self.bookings[booking_id]

    async def move(self, person_id: int, booking_id: int, slot: Slot, key: str, *, mode: str | None = None):
        booking = self._changeable(await self.booking(person_id, booking_id))
        if not self._free(slot):
            raise rules.SlotTaken(slot.starts_at)
        return self._put(
            booking,
            adviser=slot.adviser,
            starts_at=slot.starts_at,
            ends_at=slot.starts_at + HALF,
            mode=mode or booking.mode,
        )

    async def cancel(self, person_id: int, booking_id: int) -> BookingView:
        return self._put(self._changeable(await self.booking(person_id, booking_id)), state="cancelled")

    async def set_mode(self, person_id: int, booking_id: int, mode: str) -> BookingView:
        return self._put(await self.booking(person_id, booking_id), mode=mode)

    async def set_topic(self, person_id: int, booking_id: int, topic: str) -> BookingView:
        return self._put(await self.booking(person_id, booking_id), topic=topic)

    async def share_history(self, person_id: int, booking_id: int, agreed: bool) -> BookingView:
        return self._put(await self.booking(person_id, booking_id), shares_history=agreed)

    async def set_contact(self, person_id: int, booking_id: int, contact: str) -> None:
        await self.booking(person_id, booking_id)
        self.contacts[booking_id] = contact

    async def has_contact(self, person_id: int, booking_id: int) -> bool:
        await self.booking(person_id, booking_id)
        return booking_id in self.contacts

    async def rate(self, person_id: int, booking_id: int, stars: int, comment: str | None = None) -> None:
        await self.booking(person_id, booking_id)
        self.rated.append((person_id, booking_id, stars))

    async def join_waiting(self, person_id: int, day: date, wanted: Wanted) -> WaitView:
        self.waiting.append((person_id, day, wanted))
        return WaitView(len(self.waiting), day, wanted.topic, None, len(self.waiting), "waiting", None)

    async def leave_waiting(self, person_id: int, wait_id: int) -> None:
        self.waiting = [one for n, one in enumerate(self.waiting, 1) if n != wait_id]

    async def accept_offer(self, person_id: int, wait_id: int, key: str) -> BookingView:
        if self.keys.get(key) is None:
            raise rules.HoldExpired(self.clock())
        return await self.booking(person_id, self.keys[key])

    # -- inside --------------------------------------------------------------------------------------------------------

    def _all(self, wanted: Wanted, day: date) -> list[Slot]:
        if day in self.closed:
            return []
        found = []
        for adviser in (ZHANG, LI, WANG, ZHAO):
            for first, last in _HOURS[adviser.id].get(day.isoweekday(), []) if _fits(adviser, wanted) else []:
                start = datetime.combine(day, time(first), SHANGHAI)
                while start < datetime.combine(day, time(last), SHANGHAI):
                    found.append(Slot(adviser, start, 30))
                    start += HALF
        return sorted(found, key=lambda slot: slot.starts_at)

    def _free(self, slot: Slot) -> bool:
        def takes(b: BookingView) -> bool:
            fresh = b.state == "held" and self.clock() - self.held_since[b.id] < timedelta(minutes=5)
            return b.state == "booked" or fresh

        return not any(
            takes(b) and (b.adviser.id, b.starts_at) == (slot.adviser.id, slot.starts_at)
            for b in self.bookings.values()
        )

    def _changeable(self, booking: BookingView) -> BookingView:
        if booking.starts_at - self.clock() < timedelta(hours=2):
            raise rules.TooLateToChange(booking.starts_at - timedelta(hours=2))
        return booking

    def _put(self, booking: BookingView, **changes) -> BookingView:
        self.bookings[booking.id] = replace(booking, sequence=booking.sequence + 1, **changes)
        return self.bookings[booking.id]


def _fits(adviser: AdviserView, wanted: Wanted) -> bool:
    return (
        (wanted.topic is None or wanted.topic in adviser.topics)
        and (wanted.mode is None or wanted.mode in adviser.modes)
        and wanted.adviser_id in (None, adviser.id)
    )
