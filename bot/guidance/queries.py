"""Every statement on advisers, bookings and who waits. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.guidance.plan import Taken, Worker
from bot.guidance.rules import start_of, steps_of
from bot.guidance.tables import (
    Adviser,
    AdviserBusy,
    AdviserExtra,
    AdviserHours,
    AdviserLeave,
    Booking,
    BookingKey,
    PersonBusy,
    Wait,
)
from bot.guidance.views import AdviserView, BookingView, WaitView

_DESK = 0x67756964  # the number of the lock, chosen once
_TAKING = ("held", "booked", "done", "no_show")  # states that have a row in adviser_busy for each five minutes
_COUNTED = ("booked", "done", "no_show")  # what a person's week is counted from


async def alone(db: AsyncSession) -> None:
    """Let nobody else write at the desk until the end of the transaction. SQLite's one writer needs no telling.

    The keys of the busy tables need no lock; what is counted (sessions of a week, places in a queue) does.
    """
    if db.get_bind().dialect.name == "postgresql":
        await db.execute(text(f"SELECT pg_advisory_xact_lock({_DESK})"))


# -- advisers ----------------------------------------------------------------------------------------------------------


def adviser_view(adviser: Adviser) -> AdviserView:
    """An adviser as others get them."""
    return AdviserView(
        id=adviser.id,
        name=adviser.name,
        topics=tuple(adviser.topics),
        modes=tuple(adviser.modes),
        base=adviser.base,
        note=adviser.note,
        sample=adviser.sample,
    )


async def workers(db: AsyncSession, first: date, last: date, minutes: int) -> list[Worker]:
    """The active advisers with their weekly hours, and what differs from those between two days."""
    weekly: dict[int, list[tuple[int, int, int]]] = {}
    for hours in await db.execute(
        select(AdviserHours.adviser_id, AdviserHours.weekday, AdviserHours.start_minute, AdviserHours.end_minute)
    ):
        weekly.setdefault(hours[0], []).append((hours[1], hours[2], hours[3]))
    extra: dict[int, list[tuple[date, int, int]]] = {}
    for more in await db.execute(
        select(AdviserExtra.adviser_id, AdviserExtra.day, AdviserExtra.start_minute, AdviserExtra.end_minute).where(
            AdviserExtra.day.between(first, last)
        )
    ):
        extra.setdefault(more[0], []).append((more[1], more[2], more[3]))
    leaves: dict[int, list[tuple[datetime, datetime]]] = {}
    for leave in await db.execute(
        select(AdviserLeave.adviser_id, AdviserLeave.starts_at, AdviserLeave.ends_at).where(
            AdviserLeave.ends_at > start_of(first)
        )
    ):
        leaves.setdefault(leave[0], []).append((leave[1], leave[2]))
    rows = await db.scalars(select(Adviser).where(Adviser.active).order_by(Adviser.id))
    return [
        Worker(
            view=adviser_view(adviser),
            at_once=adviser.at_once,
            minutes=adviser.session_minutes or minutes,
            weekly=tuple(weekly.get(adviser.id, ())),
            extra=tuple(extra.get(adviser.id, ())),
            leaves=tuple(leaves.get(adviser.id, ())),
        )
        for adviser in rows
    ]


async def advisers(db: AsyncSession) -> tuple[AdviserView, ...]:
    """The active advisers, in the order in which they came."""
    rows = await db.scalars(select(Adviser).where(Adviser.active).order_by(Adviser.id))
    return tuple(adviser_view(adviser) for adviser in rows)


async def taken(
    db: AsyncSession, start: datetime, end: datetime, now: datetime, *, without: int | None = None
) -> list[Taken]:
    """The places that are taken by sessions which begin between two moments; `without` one booking."""
    wanted = [
        Booking.starts_at >= start,
        Booking.starts_at < end,
        Booking.state.in_(_TAKING),
        or_(Booking.held_until.is_(None), Booking.held_until > now),
    ]
    if without is not None:
        wanted.append(Booking.id != without)
    rows = await db.execute(
        select(Booking.adviser_id, Booking.place, Booking.starts_at, Booking.free_at).where(*wanted)
    )
    return [Taken(*row) for row in rows]


def add_leave(db: AsyncSession, adviser_id: int, start: datetime, end: datetime) -> None:
    """Put down that an adviser is away."""
    db.add(AdviserLeave(adviser_id=adviser_id, starts_at=start, ends_at=end))


async def add_extra(db: AsyncSession, adviser_id: int, day: date, start_minute: int, end_minute: int) -> None:
    """Put down more hours of one day, in the place of those that begin at the same minute."""
    await db.execute(
        delete(AdviserExtra).where(
            AdviserExtra.adviser_id == adviser_id,
            AdviserExtra.day == day,
            AdviserExtra.start_minute == start_minute,
        )
    )
    db.add(AdviserExtra(adviser_id=adviser_id, day=day, start_minute=start_minute, end_minute=end_minute))


# -- bookings ----------------------------------------------------------------------------------------------------------


def booking_view(booking: Booking, adviser: Adviser) -> BookingView:
    """A booking as others get it."""
    return BookingView(
        id=booking.id,
        number=booking.number,
        adviser=adviser_view(adviser),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
        mode=booking.mode,
        topic=booking.topic,
        state=booking.state,
        sequence=booking.sequence,
        sample=adviser.sample,
        changed_at=booking.changed_at,
        held_until=booking.held_until,
        shares_history=booking.shares_history,
    )


async def views(db: AsyncSession, wanted: ColumnElement[bool]) -> tuple[BookingView, ...]:
    """The bookings that are as wanted, soonest first."""
    rows = await db.execute(
        select(Booking, Adviser)
        .join(Adviser, Adviser.id == Booking.adviser_id)
        .where(wanted)
        .order_by(Booking.starts_at, Booking.id)
    )
    return tuple(booking_view(booking, adviser) for booking, adviser in rows)


async def view(db: AsyncSession, booking_id: int) -> BookingView:
    """A booking that is there, as it stands."""
    [found] = await views(db, Booking.id == booking_id)
    return found


def upcoming_of(person_id: int, now: datetime) -> ColumnElement[bool]:
    """The sessions that a person has booked and that are not over."""
    return and_(Booking.person_id == person_id, Booking.state == "booked", Booking.ends_at > now)


async def own(db: AsyncSession, person_id: int, booking_id: int) -> Booking | None:
    """A booking, if it is the person's."""
    return await db.scalar(select(Booking).where(Booking.id == booking_id, Booking.person_id == person_id))


async def number_is_free(db: AsyncSession, number: str) -> bool:
    """Whether no booking has that number."""
    return await db.scalar(select(Booking.id).where(Booking.number == number)) is None


async def by_key(db: AsyncSession, person_id: int, what: str, key: str) -> int | None:
    """The booking for which a request of that key was carried out."""
    return await db.scalar(
        select(BookingKey.booking_id).where(
            BookingKey.person_id == person_id, BookingKey.what == what, BookingKey.key == key
        )
    )


def keep_key(db: AsyncSession, person_id: int, what: str, key: str, booking_id: int) -> None:
    """Put down that a request was carried out."""
    db.add(BookingKey(person_id=person_id, what=what, key=key, booking_id=booking_id))


async def occupy(db: AsyncSession, booking: Booking) -> None:
    """Take the booking's time of the person and of the adviser's place.

    Raises IntegrityError if either has something else in any of the five minutes.
    """
    await db.execute(
        insert(PersonBusy),
        [
            {"person_id": booking.person_id, "step": step, "booking_id": booking.id}
            for step in steps_of(booking.starts_at, booking.ends_at)
        ],
    )
    await db.execute(
        insert(AdviserBusy),
        [
            {"adviser_id": booking.adviser_id, "place": booking.place, "step": step, "booking_id": booking.id}
            for step in steps_of(booking.starts_at, booking.free_at)
        ],
    )


async def vacate(db: AsyncSession, booking_ids: Iterable[int]) -> None:
    """Give the time of bookings back."""
    ids = list(booking_ids)
    for table in (AdviserBusy, PersonBusy):
        await db.execute(delete(table).where(table.booking_id.in_(ids)))


async def in_the_way(
    db: AsyncSession, person_id: int, start: datetime, end: datetime, *, without: int | None
) -> datetime | None:
    """When another session begins that a person has at that time."""
    steps = steps_of(start, end)
    wanted = [PersonBusy.person_id == person_id, PersonBusy.step >= steps.start, PersonBusy.step < steps.stop]
    if without is not None:
        wanted.append(PersonBusy.booking_id != without)
    return await db.scalar(
        select(Booking.starts_at).join(PersonBusy, PersonBusy.booking_id == Booking.id).where(*wanted).limit(1)
    )


async def open_bookings(db: AsyncSession, person_id: int, now: datetime, *, without: int | None) -> int:
    """How many booked sessions a person has that are not over."""
    wanted = upcoming_of(person_id, now)
    if without is not None:
        wanted = and_(wanted, Booking.id != without)
    return await db.scalar(select(func.count()).select_from(Booking).where(wanted)) or 0


async def bookings_between(
    db: AsyncSession, person_id: int, start: datetime, end: datetime, *, without: int | None
) -> int:
    """How many sessions a person has, or had, that begin between two moments."""
    wanted = [
        Booking.person_id == person_id,
        Booking.state.in_(_COUNTED),
        Booking.starts_at >= start,
        Booking.starts_at < end,
    ]
    if without is not None:
        wanted.append(Booking.id != without)
    return await db.scalar(select(func.count()).select_from(Booking).where(*wanted)) or 0


async def own_holds(db: AsyncSession, person_id: int) -> Sequence[Booking]:
    """What a person holds or held for themselves and never confirmed, offers left out."""
    rows = await db.scalars(
        select(Booking).where(
            Booking.person_id == person_id, Booking.state.in_(("held", "expired")), Booking.offered.is_(False)
        )
    )
    return rows.all()


async def run_out(db: AsyncSession, now: datetime) -> Sequence[Booking]:
    """The holds whose time is up."""
    rows = await db.scalars(
        select(Booking).where(Booking.state == "held", Booking.held_until <= now).order_by(Booking.id)
    )
    return rows.all()


async def remove(db: AsyncSession, booking_ids: Iterable[int]) -> None:
    """Take bookings away as if they had never been."""
    await db.execute(delete(Booking).where(Booking.id.in_(list(booking_ids))))


async def remove_old_holds(db: AsyncSession, before: datetime) -> None:
    """Forget the holds that ran out long ago."""
    await db.execute(delete(Booking).where(Booking.state == "expired", Booking.changed_at < before))


async def of_adviser(db: AsyncSession, adviser_id: int, start: datetime, end: datetime) -> Sequence[Booking]:
    """The sessions of an adviser, held or booked, that lie between two moments, if only in part."""
    rows = await db.scalars(
        select(Booking)
        .where(
            Booking.adviser_id == adviser_id,
            Booking.state.in_(("held", "booked")),
            Booking.starts_at < end,
            Booking.ends_at > start,
        )
        .order_by(Booking.starts_at, Booking.id)
    )
    return rows.all()


# -- waiting -----------------------------------------------------------------------------------------------------------


async def wait_of(db: AsyncSession, person_id: int, day: date) -> Wait | None:
    """A person's place in the queue for a day."""
    return await db.scalar(
        select(Wait).where(Wait.person_id == person_id, Wait.day == day, Wait.state.in_(("waiting", "offered")))
    )


async def own_wait(db: AsyncSession, person_id: int, wait_id: int) -> Wait | None:
    """A place in a queue, if it is the person's."""
    return await db.scalar(select(Wait).where(Wait.id == wait_id, Wait.person_id == person_id))


async def waits_of(db: AsyncSession, person_id: int) -> Sequence[Wait]:
    """All queues that a person is in, soonest first."""
    rows = await db.scalars(
        select(Wait)
        .where(Wait.person_id == person_id, Wait.state.in_(("waiting", "offered")))
        .order_by(Wait.day, Wait.id)
    )
    return rows.all()


async def waiting(db: AsyncSession, day: date) -> Sequence[Wait]:
    """Those who wait for a day, who came first comes first."""
    rows = await db.scalars(select(Wait).where(Wait.day == day, Wait.state == "waiting").order_by(Wait.id))
    return rows.all()


async def waited_for(db: AsyncSession) -> Sequence[date]:
    """The days that somebody waits for."""
    return (await db.scalars(select(Wait.day).where(Wait.state == "waiting").distinct().order_by(Wait.day))).all()


async def stop_waiting_before(db: AsyncSession, day: date) -> None:
    """End the queues of days that are over."""
    await db.execute(update(Wait).where(Wait.day < day, Wait.state == "waiting").values(state="over"))


async def offers(db: AsyncSession, booking_ids: Iterable[int]) -> Sequence[Wait]:
    """Those to whom the bookings are offered."""
    rows = await db.scalars(select(Wait).where(Wait.booking_id.in_(list(booking_ids)), Wait.state == "offered"))
    return rows.all()


async def wait_view(db: AsyncSession, wait: Wait, now: datetime) -> WaitView:
    """A place in a queue as others get it."""
    position = 0
    if wait.state == "waiting":
        queue = select(func.count()).where(Wait.day == wait.day, Wait.state == "waiting", Wait.id <= wait.id)
        position = await db.scalar(queue) or 0
    adviser = await db.get(Adviser, wait.adviser_id) if wait.adviser_id is not None else None
    offer = await view(db, wait.booking_id) if wait.state == "offered" and wait.booking_id is not None else None
    state = wait.state
    if offer is not None and (offer.held_until is None or offer.held_until <= now):
        state, offer = "over", None
    return WaitView(
        id=wait.id,
        day=wait.day,
        topic=wait.topic,
        adviser=adviser_view(adviser) if adviser else None,
        position=position,
        state=state,
        offer=offer,
    )
