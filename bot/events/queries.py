"""Every statement on events. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.events.rules import free_places
from bot.events.tables import Event, EventCompany, EventPosting, EventReminder, Registration
from bot.events.views import EventCompanyView, EventPostingView, EventView, Figures, Reminder, Reported
from bot.jobs.tables import Company, Posting

HOLDING = ("registered", "came")  # states that take a place; the triggers of migration 0003 know the same two
_OF_EVENT = {part.name for part in fields(EventView)} - {"free", "waiting", "companies"}  # what the row itself has
_OF_POSTING = {part.name for part in fields(EventPostingView)} - {"scam_signs"}
_WAITING = (
    select(func.count())
    .where(Registration.event_id == Event.id, Registration.state == "waiting")
    .correlate(Event)
    .scalar_subquery()
)
_COMPANIES = select(func.count()).where(EventCompany.event_id == Event.id).correlate(Event).scalar_subquery()


# -- events ------------------------------------------------------------------------------------------------------------


async def locked(db: AsyncSession, event_id: int) -> Event | None:
    """The event, held until the end of the transaction: sign-ups of one event are written one after the other."""
    return await db.get(Event, event_id, with_for_update=True, populate_existing=True)


def _view(event: Event, waiting: int, companies: int) -> EventView:
    return EventView(
        **{name: getattr(event, name) for name in _OF_EVENT},
        free=free_places(event.capacity, event.taken, waiting),
        waiting=waiting,
        companies=companies,
    )


async def views(db: AsyncSession, event_ids: Sequence[int]) -> dict[int, EventView]:
    """Those of the events that exist, as they stand in the database now."""
    rows = await db.execute(
        select(Event, _WAITING, _COMPANIES)
        .where(Event.id.in_(event_ids))
        .execution_options(populate_existing=True)  # triggers count the places behind the session's back
    )
    return {event.id: _view(event, waiting, companies) for event, waiting, companies in rows}


async def upcoming(
    db: AsyncSession,
    now: datetime,
    *,
    kind: str | None,
    district: str | None,
    mode: str | None,
    between: tuple[datetime, datetime] | None,
    limit: int,
    offset: int,
) -> tuple[list[int], int]:
    """Events that take place and are not over, soonest first, and how many there are without the limit."""
    wanted = [Event.status == "planned", Event.ends_at > now]
    wanted += [
        column == value
        for column, value in ((Event.kind, kind), (Event.district, district), (Event.mode, mode))
        if value is not None
    ]
    if between is not None:
        wanted += [Event.starts_at < between[1], Event.ends_at > between[0]]
    total = await db.scalar(select(func.count()).select_from(Event).where(*wanted)) or 0
    found = await db.scalars(
        select(Event.id).where(*wanted).order_by(Event.starts_at, Event.id).limit(limit).offset(offset)
    )
    return list(found), total


def _open(today: date) -> ColumnElement[bool]:
    return and_(Posting.status == "open", or_(Posting.closes_on.is_(None), Posting.closes_on >= today))


async def companies(db: AsyncSession, event_id: int, today: date) -> tuple[EventCompanyView, ...]:
    """Who takes part, with those of the postings they bring along that can still be applied for."""
    brought: dict[int, list[EventPostingView]] = {}
    for posting in await db.scalars(
        select(Posting)
        .join(EventPosting, EventPosting.posting_id == Posting.id)
        .where(EventPosting.event_id == event_id, _open(today))
        .order_by(Posting.id)
    ):
        if posting.scam_signs:
            continue  # never offered, here neither
        brought.setdefault(posting.company_id, []).append(
            EventPostingView(
                **{name: getattr(posting, name) for name in _OF_POSTING}, scam_signs=tuple(posting.scam_signs)
            )
        )
    takes_part = select(EventCompany.company_id).where(EventCompany.event_id == event_id)
    found = await db.scalars(
        select(Company).where(or_(Company.id.in_(takes_part), Company.id.in_(brought))).order_by(Company.id)
    )
    return tuple(
        EventCompanyView(
            id=company.id,
            name=company.name,
            trade=company.trade,
            district=company.district,
            alliance_member=company.alliance_member,
            sample=company.sample,
            postings=tuple(brought.get(company.id, ())),
        )
        for company in found
    )


async def cancel_event(db: AsyncSession, event_id: int) -> bool:
    """Call an event off; False if it was."""
    done = await db.execute(
        update(Event).where(Event.id == event_id, Event.status == "planned").values(status="cancelled")
    )
    return done.rowcount == 1


async def report(db: AsyncSession, event_id: int, figures: Reported) -> bool:
    """Keep the reported figures in the place of earlier ones; False if there is no such event."""
    values = {f"reported_{name}": value for name, value in vars(figures).items()}
    return (await db.execute(update(Event).where(Event.id == event_id).values(**values))).rowcount == 1


async def figures(db: AsyncSession, event: Event) -> Figures:
    """What was counted of an event and what was reported."""
    states = dict(
        (
            await db.execute(
                select(Registration.state, func.count())
                .where(Registration.event_id == event.id)
                .group_by(Registration.state)
            )
        ).all()
    )
    links = [
        await db.scalar(select(func.count()).select_from(table).where(table.event_id == event.id)) or 0
        for table in (EventCompany, EventPosting)
    ]
    return Figures(
        companies=links[0],
        posts=links[1],
        registered=sum(states.get(state, 0) for state in HOLDING),
        waiting=states.get("waiting", 0),
        cancelled=states.get("cancelled", 0),
        came=states.get("came", 0),
        reported=Reported(**{name: getattr(event, f"reported_{name}") for name in vars(Reported())}),
    )


# -- sign-ups ----------------------------------------------------------------------------------------------------------


async def by_key(db: AsyncSession, event_id: int, person_id: int, key: str) -> Registration | None:
    """The sign-up that a caller's key has made."""
    return await db.scalar(
        select(Registration).where(
            Registration.event_id == event_id, Registration.person_id == person_id, Registration.key == key
        )
    )


async def active(db: AsyncSession, event_id: int, person_id: int) -> Registration | None:
    """A person's sign-up for an event, unless they took it back."""
    return await db.scalar(
        select(Registration).where(
            Registration.event_id == event_id, Registration.person_id == person_id, Registration.state != "cancelled"
        )
    )


async def by_ticket(db: AsyncSession, ticket: str) -> Registration | None:
    """The sign-up that a ticket belongs to."""
    return await db.scalar(
        select(Registration).where(Registration.ticket == ticket).execution_options(populate_existing=True)
    )


async def position(db: AsyncSession, registration: Registration) -> int | None:
    """The place in the queue, 1 for who is next; None for those who do not wait."""
    if registration.state != "waiting":
        return None
    return await db.scalar(
        select(func.count()).where(
            Registration.event_id == registration.event_id,
            Registration.state == "waiting",
            Registration.id <= registration.id,
        )
    )


async def move_up(db: AsyncSession, event_id: int) -> Sequence[Row[tuple[int, int]]]:
    """Give the free places of an event (which is locked) to those who wait longest: (id, person) of each, in order."""
    room = (await db.execute(select(Event.capacity, Event.taken).where(Event.id == event_id))).one()
    free = None if room.capacity is None else room.capacity - room.taken
    next_ones = (
        select(Registration.id)
        .where(Registration.event_id == event_id, Registration.state == "waiting")
        .order_by(Registration.id)
        .limit(free)
    )
    moved = await db.execute(
        update(Registration)
        .where(Registration.id.in_(next_ones))
        .values(state="registered")
        .returning(Registration.id, Registration.person_id)
        .execution_options(synchronize_session=False)
    )
    return sorted(moved.all())


async def take_back(db: AsyncSession, event_id: int, person_id: int, at: datetime) -> bool:
    """Cancel a sign-up; False if there is none that can be."""
    done = await db.execute(
        update(Registration)
        .where(
            Registration.event_id == event_id,
            Registration.person_id == person_id,
            Registration.state.in_(("registered", "waiting")),
        )
        .values(state="cancelled", cancelled_at=at)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount == 1


async def let_in(db: AsyncSession, ticket: str, at: datetime, by: str) -> bool:
    """Mark the holder of a ticket as come; False if it opens nothing, or was used."""
    done = await db.execute(
        update(Registration)
        .where(Registration.ticket == ticket, Registration.state == "registered")
        .values(state="came", checked_in_at=at, checked_by=by)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount == 1


async def expected(db: AsyncSession, event_id: int) -> Sequence[Row[tuple[int, int, str]]]:
    """(id, person, state) of those who have a place they have not used yet, or wait for one."""
    rows = await db.execute(
        select(Registration.id, Registration.person_id, Registration.state)
        .where(Registration.event_id == event_id, Registration.state.in_(("registered", "waiting")))
        .order_by(Registration.id)
    )
    return rows.all()


async def of_person(db: AsyncSession, person_id: int, now: datetime) -> Sequence[Registration]:
    """A person's sign-ups for events that are not over, soonest first."""
    rows = await db.scalars(
        select(Registration)
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.person_id == person_id, Registration.state != "cancelled", Event.ends_at > now)
        .order_by(Event.starts_at, Event.id)
    )
    return rows.all()


async def with_room_and_queue(db: AsyncSession, now: datetime) -> Sequence[int]:
    """Events to come with a free place while somebody waits: a place was added, or a person was deleted."""
    rows = await db.scalars(
        select(Event.id)
        .where(
            Event.status == "planned",
            Event.ends_at > now,
            or_(Event.capacity.is_(None), Event.taken < Event.capacity),
            select(Registration.id).where(Registration.event_id == Event.id, Registration.state == "waiting").exists(),
        )
        .order_by(Event.starts_at, Event.id)
    )
    return rows.all()


async def start_anew(db: AsyncSession, event_id: int) -> None:
    """Take all sign-ups of an event away."""
    await db.execute(delete(Registration).where(Registration.event_id == event_id))


# -- what people are to be told ----------------------------------------------------------------------------------------


def remind(db: AsyncSession, registration_id: int, kind: str, due_at: datetime) -> None:
    """Put down something that the holder of a sign-up is to be told."""
    db.add(EventReminder(registration_id=registration_id, kind=kind, due_at=due_at))


def _to_send(now: datetime) -> ColumnElement[bool]:
    """Due, not sent, nobody at it, and still true of the sign-up and the event."""
    still_true = (
        select(Registration.id)
        .join(Event, Event.id == Registration.event_id)
        .where(
            Registration.id == EventReminder.registration_id,
            or_(
                and_(
                    EventReminder.kind == "cancelled",
                    Event.status == "cancelled",
                    Registration.state.in_(("registered", "waiting")),
                ),
                and_(
                    EventReminder.kind.in_(("day_before", "moved_up")),
                    Event.status == "planned",
                    Registration.state == "registered",
                ),
                and_(
                    EventReminder.kind == "changed",
                    Event.status == "planned",
                    Registration.state.in_(("registered", "waiting")),
                ),
            ),
            # Nobody wants to hear of tomorrow's event when it is on, nor of any event that is over.
            or_(Event.starts_at > now, and_(EventReminder.kind != "day_before", Event.ends_at > now)),
        )
        .correlate(EventReminder)
        .exists()
    )
    return and_(
        EventReminder.sent_at.is_(None),
        EventReminder.due_at <= now,
        or_(EventReminder.claimed_until.is_(None), EventReminder.claimed_until <= now),
        still_true,
    )


async def due_reminders(db: AsyncSession, now: datetime, limit: int) -> list[Reminder]:
    """What is to be sent now, in the order in which it was due."""
    rows: Sequence[Row[Any]] = (
        await db.execute(
            select(
                EventReminder.id,
                EventReminder.kind,
                Registration.person_id,
                Registration.event_id,
                case((Registration.state == "waiting", ""), else_=Registration.ticket).label("ticket"),
            )
            .join(Registration, Registration.id == EventReminder.registration_id)
            .where(_to_send(now))
            .order_by(EventReminder.due_at, EventReminder.id)
            .limit(limit)
        )
    ).all()
    events = await views(db, sorted({row.event_id for row in rows}))
    return [
        Reminder(id=row.id, kind=row.kind, person_id=row.person_id, ticket=row.ticket, event=events[row.event_id])
        for row in rows
        if row.event_id in events
    ]


async def claim(db: AsyncSession, reminder_id: int, *, now: datetime, until: datetime) -> bool:
    """Take a message to send it; False if somebody else has it, it was sent, or it is no longer true."""
    done = await db.execute(
        update(EventReminder)
        .where(EventReminder.id == reminder_id, _to_send(now))
        .values(claimed_until=until)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount == 1


async def sent(db: AsyncSession, reminder_id: int, at: datetime) -> bool:
    """Mark a message as sent; False if it was."""
    done = await db.execute(
        update(EventReminder)
        .where(EventReminder.id == reminder_id, EventReminder.sent_at.is_(None))
        .values(sent_at=at, claimed_until=None)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount == 1
