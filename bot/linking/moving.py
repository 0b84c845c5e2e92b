"""Every statement that gives what belongs to one person to another. They receive an open session and never commit.

Whoever refers to a person by a foreign key is moved, so that a table of a new feature is never forgotten. What a person
may have once only is made one before (`fold`); tests/linking walks the constraints for one that is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.care.tables import CareAlert
from bot.conversations.tables import Conversation, Identity, Person, Turn
from bot.eligibility.tables import EligibilityFacts
from bot.events.tables import Event, Registration
from bot.guidance import queries as desk
from bot.guidance.tables import Booking, BookingKey, PersonBusy, Wait
from bot.handover.tables import Handover
from bot.jobs.tables import Favourite, Subscription
from bot.linking.rules import Busy, Overlap
from bot.linking.tables import Joined, JoinGuess
from bot.privacy.tables import Forgetting
from bot.radio.groups.tables import Asked
from bot.radio.tables import RadioAsker, RadioQuestion
from bot.store import Base

_QUEUED = ("waiting", "offered")
_OPEN = ("asking", "waiting")
_RANK = {"came": 0, "registered": 1, "waiting": 2}

FOLDED = frozenset(
    {"booking", "person_busy", "booking_key", "guidance_wait", "registration", "job_favourite", "eligibility_facts", "handover",
     "radio_asker", "join_guess", "forgetting"}
)  # fmt: skip
"""The tables of which a person may have some row once only: each is looked after here before rows are moved."""

_THINGS: Mapping[str, tuple[Any, Any]] = {
    "booking": (Booking.id, Booking.created_at),
    "registration": (Registration.id, Registration.registered_at),
    "guidance_wait": (Wait.id, Wait.joined_at),
    "job_favourite": (Favourite.posting_id, Favourite.at),
}
"""What no channel is written beside: by table what a row is known by, and since when it is there."""


@dataclass(frozen=True)
class Folded:
    """What both had and one has now: titles of events."""

    events: tuple[str, ...] = ()


def persons_columns() -> list[tuple[Table, Column[Any]]]:
    """Every column that refers to a person."""
    return [
        (table, key.parent)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name == Person.__tablename__
    ]


# -- two into one ------------------------------------------------------------------------------------------------------


async def alone(db: AsyncSession, person_ids: Sequence[int]) -> None:
    """Let nobody book, and nobody sign up for what these have signed up for, until the end of the transaction."""
    await desk.alone(db)
    theirs = select(Registration.event_id).where(Registration.person_id.in_(person_ids))
    await db.execute(select(Event.id).where(Event.id.in_(theirs)).order_by(Event.id).with_for_update())


async def check_free(db: AsyncSession, person_ids: Sequence[int]) -> None:
    """Raise Busy where somebody is about to be deleted, or staff talk to them."""
    if await db.scalar(select(Forgetting.person_id).where(Forgetting.person_id.in_(person_ids)).limit(1)) is not None:
        raise Busy("deleting")
    talking = and_(Handover.person_id.in_(person_ids), Handover.state == "taken")
    if await db.scalar(select(Handover.id).where(talking).limit(1)) is not None:
        raise Busy("talking")


async def fold(db: AsyncSession, gone: int, kept: int, now: datetime) -> Folded:
    """Make one of what both have and one may have. Raises Overlap where both have a session at the same time."""
    await _fold_sessions(db, gone, kept, now)
    await _fold_waits(db, gone, kept)
    events = await _fold_sign_ups(db, gone, kept, now)
    await _fold_jobs(db, gone, kept)
    await _fold_facts(db, gone, kept)
    await _fold_questions(db, gone, kept, now)
    await _fold_guesses(db, gone, kept)
    await db.flush()
    return Folded(events)


async def _fold_sessions(db: AsyncSession, gone: int, kept: int, now: datetime) -> None:
    """What is only held runs out (a confirm takes it again where it is still free)."""
    held = await db.scalars(
        select(Booking).where(Booking.person_id.in_((gone, kept)), Booking.state == "held", ~Booking.offered)
    )
    for booking in list(held):
        booking.state, booking.held_until, booking.changed_at = "expired", None, now
        await desk.vacate(db, [booking.id])
    await db.flush()
    theirs, other = aliased(PersonBusy), aliased(PersonBusy)
    first, second = aliased(Booking), aliased(Booking)
    both = await db.execute(
        select(first.starts_at, second.starts_at)
        .select_from(theirs)
        .join(other, and_(other.step == theirs.step, other.person_id == kept))
        .join(first, first.id == theirs.booking_id)
        .join(second, second.id == other.booking_id)
        .where(theirs.person_id == gone)
        .order_by(first.starts_at)
        .limit(1)
    )
    if found := both.first():
        raise Overlap(found[0], found[1])
    same = select(BookingKey.what + ":" + BookingKey.key).where(BookingKey.person_id == kept)
    doubled = (BookingKey.what + ":" + BookingKey.key).in_(same.scalar_subquery())
    await db.execute(delete(BookingKey).where(BookingKey.person_id == gone, doubled))


async def _fold_waits(db: AsyncSession, gone: int, kept: int) -> None:
    """One place in the queue of a day: the one with an offer, or the better one."""
    queued = await db.scalars(
        select(Wait).where(Wait.person_id.in_((gone, kept)), Wait.state.in_(_QUEUED)).order_by(Wait.day, Wait.id)
    )
    best: dict[Any, Wait] = {}
    for wait in list(queued):
        other = best.setdefault(wait.day, wait)
        if other is wait:
            continue
        over, stays = (other, wait) if (other.state, wait.state) == ("waiting", "offered") else (wait, other)
        best[wait.day] = stays
        if over.state == "offered" and over.booking_id is not None:  # its place goes to whoever is next
            await desk.remove(db, [over.booking_id])
            over.booking_id = None
        over.state = "over"
    await db.flush()


async def _fold_sign_ups(db: AsyncSession, gone: int, kept: int, now: datetime) -> tuple[str, ...]:
    """One place at an event: who came, has a place, or stands before the other in the queue."""
    active = await db.execute(
        select(Registration, Event.title)
        .join(Event, Event.id == Registration.event_id)
        .where(Registration.person_id.in_((gone, kept)), Registration.state != "cancelled")
        .order_by(Registration.event_id, Registration.id)
    )
    best: dict[int, Registration] = {}
    titles = []
    for signed, title in active.all():
        other = best.setdefault(signed.event_id, signed)
        if other is signed:
            continue
        over, stays = (other, signed) if _RANK[signed.state] < _RANK[other.state] else (signed, other)
        best[signed.event_id] = stays
        over.state, over.cancelled_at, over.checked_in_at, over.checked_by = "cancelled", now, None, None
        titles.append(title)
    same = select(Registration.event_id, Registration.key).where(Registration.person_id == kept)
    keys = {tuple(row) for row in await db.execute(same)}
    for signed in list(await db.scalars(select(Registration).where(Registration.person_id == gone))):
        if (signed.event_id, signed.key) in keys:
            signed.key = f"joined:{signed.id}"
    await db.flush()
    return tuple(titles)


async def _fold_jobs(db: AsyncSession, gone: int, kept: int) -> None:
    """A posting is kept once, and a saved search tells in one place: where it was asked first."""
    theirs = select(Favourite.posting_id).where(Favourite.person_id == kept)
    await db.execute(delete(Favourite).where(Favourite.person_id == gone, Favourite.posting_id.in_(theirs)))
    searches = await db.scalars(
        select(Subscription)
        .where(Subscription.person_id.in_((gone, kept)), Subscription.active)
        .order_by(Subscription.id)
    )
    seen: list[tuple[int, Any]] = []
    for search in list(searches):
        if any(person != search.person_id and wishes == search.wishes for person, wishes in seen):
            search.active = False
        else:
            seen.append((search.person_id, search.wishes))
    await db.flush()


async def _fold_facts(db: AsyncSession, gone: int, kept: int) -> None:
    """All that was told of either; of two words on one fact the later. Used for answers only if agreed to that."""
    found = {one.person_id: one for one in await db.scalars(
        select(EligibilityFacts).where(EligibilityFacts.person_id.in_((gone, kept)))
    )}  # fmt: skip
    if len(found) < 2:
        return
    earlier, later = sorted(found.values(), key=lambda one: one.at)
    facts, agreed, at = {**earlier.facts, **later.facts}, later.agreed_in, later.at
    await db.delete(found[gone])
    found[kept].facts, found[kept].agreed_in, found[kept].at = facts, agreed, at
    await db.flush()


async def _fold_questions(db: AsyncSession, gone: int, kept: int, now: datetime) -> None:
    """One open question to the staff: the one that waits, and waits longer. The other one is a message to be answered."""
    questions = await db.scalars(
        select(Handover).where(Handover.person_id.in_((gone, kept)), Handover.state.in_(_OPEN)).order_by(Handover.id)
    )
    ordered = sorted(questions, key=lambda one: (one.state != "waiting", one.id))
    for other in ordered[1:]:
        if other.state == "waiting":
            other.state = "message"
        else:
            other.state, other.closed_at = "left", now
    keys = select(RadioAsker.key).where(RadioAsker.person_id == kept)
    same = update(RadioAsker).where(RadioAsker.person_id == gone, RadioAsker.key.in_(keys))
    await db.execute(same.values(key=func.substr(RadioAsker.key, 1, 40) + ":joined"))


async def _fold_guesses(db: AsyncSession, gone: int, kept: int) -> None:
    if (theirs := await db.get(JoinGuess, gone)) is not None:
        if await db.get(JoinGuess, kept) is None:
            db.add(JoinGuess(person_id=kept, wrong=theirs.wrong, since=theirs.since, locked_until=theirs.locked_until))
        await db.delete(theirs)


async def things_of(db: AsyncSession, person_id: int) -> dict[str, list[int]]:
    """What a person brings along, by table."""
    found: dict[str, list[int]] = {}
    for name, (known_by, _) in _THINGS.items():
        if rows := list(await db.scalars(select(known_by).where(_owner(name) == person_id).order_by(known_by))):
            found[name] = rows
    if await db.get(EligibilityFacts, person_id) is not None:
        found["eligibility_facts"] = [1]
    return found


async def move_all(db: AsyncSession, gone: int, kept: int) -> None:
    """Give everything of one person to another; what both may not have was folded before."""
    await db.flush()  # what was read before keeps its values below, and is read anew when it is asked for again
    for table, column in persons_columns():
        await db.execute(update(table).where(column == gone).values({column.name: kept}))
    db.expunge_all()


# -- one into two ------------------------------------------------------------------------------------------------------


async def move_channels(db: AsyncSession, identity_ids: Sequence[int], person_id: int) -> None:
    """Give some identities to a person, with what was said there and what hangs on that."""
    talks = select(Conversation.id).where(Conversation.identity_id.in_(identity_ids))
    asked = select(RadioAsker.question_id).where(RadioAsker.identity_id.in_(identity_ids))
    turns = select(Turn.id).where(Turn.conversation_id.in_(talks))
    for statement in (
        update(Asked).where(or_(Asked.turn_id.in_(turns), Asked.question_id.in_(asked))).values(person_id=person_id),
        update(CareAlert).where(CareAlert.conversation_id.in_(talks)).values(person_id=person_id),
        update(RadioQuestion)
        .where(RadioQuestion.id.in_(asked), RadioQuestion.owner_id.is_not(None))
        .values(owner_id=person_id),
        *(
            update(table).where(table.identity_id.in_(identity_ids)).values(person_id=person_id)
            for table in (Conversation, Subscription, Handover, RadioAsker)
        ),
        update(Identity).where(Identity.id.in_(identity_ids)).values(person_id=person_id),
    ):
        await db.execute(statement.execution_options(synchronize_session=False))
    db.expunge_all()


async def made_since(db: AsyncSession, person_id: int, since: datetime) -> dict[str, list[int]]:
    """What a person has made since a moment, by table."""
    found = {}
    for name, (known_by, at) in _THINGS.items():
        rows = list(await db.scalars(select(known_by).where(_owner(name) == person_id, at > since)))
        if rows:
            found[name] = rows
    facts = await db.get(EligibilityFacts, person_id)
    if facts is not None and facts.at > since:
        found["eligibility_facts"] = [1]
    return found


async def move_things(db: AsyncSession, things: Iterable[Mapping[str, Sequence[int]]], person: int, other: int) -> None:
    """Give some rows of one person to another who has none yet."""
    ids: dict[str, set[int]] = {}
    for some in things:
        for name, rows in some.items():
            ids.setdefault(name, set()).update(rows)
    offered = select(Wait.booking_id).where(Wait.id.in_(ids.get("guidance_wait", ())), Wait.booking_id.is_not(None))
    ids.setdefault("booking", set()).update(row for row in await db.scalars(offered) if row is not None)
    moved = or_(*(PersonBusy.booking_id == row for row in ids["booking"])) if ids["booking"] else None
    if moved is not None:
        keys = update(BookingKey).where(BookingKey.person_id == person, BookingKey.booking_id.in_(ids["booking"]))
        await db.execute(update(PersonBusy).where(moved, PersonBusy.person_id == person).values(person_id=other))
        await db.execute(keys.values(person_id=other))
    for name, (known_by, _) in _THINGS.items():
        if rows := ids.get(name):
            owner = _owner(name)
            await db.execute(
                update(known_by.class_)
                .where(owner == person, known_by.in_(rows))
                .values(person_id=other)
                .execution_options(synchronize_session=False)
            )
    if "eligibility_facts" in ids:
        facts = update(EligibilityFacts).where(EligibilityFacts.person_id == person)
        await db.execute(facts.values(person_id=other).execution_options(synchronize_session=False))
    for one in (person, other):
        talks = select(Conversation.code).where(Conversation.person_id == one)
        facts = update(EligibilityFacts).where(EligibilityFacts.person_id == one)
        elsewhere = EligibilityFacts.agreed_in.not_in(talks)
        await db.execute(facts.where(elsewhere).values(agreed_in=None).execution_options(synchronize_session=False))
    db.expunge_all()


def _owner(name: str) -> Any:
    return _THINGS[name][0].class_.person_id


async def drop_joined(db: AsyncSession, identity_ids: Sequence[int]) -> None:
    """Some identities are no longer joined to anybody."""
    await db.execute(delete(Joined).where(Joined.identity_id.in_(identity_ids)))
