"""Advisers and their hours, bookings, who waits, and what people are to be told. All moments are UTC.

What keeps anybody from two sessions at one time are the primary keys of `adviser_busy` and `person_busy`: a booking that
is held or booked has a row there for each five minutes of it, counted from 1970 (bot.guidance.rules.steps_of). Whoever
writes there and however, the second row for one five minutes is refused, on any database.

Ids of bookings, waits and reminders are never given again (SQLite would, after a deletion): people press buttons of
yesterday, and a message is known by its reminder's id.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store import Base, Moment

_QUEUED = text("state in ('waiting', 'offered')")
_OWN_HOLD = text("state = 'held' and not offered")
_MINUTES = "start_minute >= 0 and start_minute < end_minute and end_minute <= 1440"
_FIVES = "start_minute % 5 = 0 and end_minute % 5 = 0"


class AdviserImport(Base):
    """One roster brought in. The sample has such a row too: it tells that it was loaded, or removed."""

    __tablename__ = "adviser_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(String(255))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    removed_at: Mapped[datetime | None] = mapped_column(Moment)
    undone_at: Mapped[datetime | None] = mapped_column(Moment)


class AdviserBefore(Base):
    """What an import changed: the adviser as they were before (bot.guidance.roster_undo), null where they were not there."""

    __tablename__ = "adviser_before"

    import_id: Mapped[int] = mapped_column(ForeignKey("adviser_import.id", ondelete="CASCADE"), primary_key=True)
    adviser_id: Mapped[int] = mapped_column(ForeignKey("adviser.id", ondelete="CASCADE"), primary_key=True, index=True)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class Adviser(Base):
    """Somebody who advises. `name` is what people call them, `at_once` how many they see at one time.

    `session_minutes` null means as long as the settings say. One who is not active takes no new bookings.
    """

    __tablename__ = "adviser"
    __table_args__ = (
        CheckConstraint("at_once between 1 and 20", name="at_once"),
        CheckConstraint(
            "session_minutes is null or (session_minutes between 5 and 480 and session_minutes % 5 = 0)",
            name="session_minutes",
        ),
        CheckConstraint("length(name) > 0", name="name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)
    full_name: Mapped[str | None] = mapped_column(String(40), unique=True)
    topics: Mapped[list[Any]] = mapped_column(JSON)
    modes: Mapped[list[Any]] = mapped_column(JSON)
    base: Mapped[str | None] = mapped_column(String(80))
    at_once: Mapped[int] = mapped_column(default=1)
    session_minutes: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(Text)
    active: Mapped[bool] = mapped_column(default=True)
    sample: Mapped[bool] = mapped_column(default=False)

    hours: Mapped[list[AdviserHours]] = relationship(
        lazy="raise",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="(AdviserHours.weekday, AdviserHours.start_minute)",
    )


class AdviserHours(Base):
    """Hours of every week: `weekday` 1 for Monday to 7, minutes from midnight in 大同."""

    __tablename__ = "adviser_hours"
    __table_args__ = (
        CheckConstraint("weekday between 1 and 7", name="weekday"),
        CheckConstraint(_MINUTES, name="minutes"),
        CheckConstraint(_FIVES, name="fives"),
        UniqueConstraint("adviser_id", "weekday", "start_minute"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    adviser_id: Mapped[int] = mapped_column(ForeignKey("adviser.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    start_minute: Mapped[int]
    end_minute: Mapped[int]


class AdviserExtra(Base):
    """Hours of one day beside those of the week; they hold on holidays too."""

    __tablename__ = "adviser_extra"
    __table_args__ = (
        CheckConstraint(_MINUTES, name="minutes"),
        CheckConstraint(_FIVES, name="fives"),
        UniqueConstraint("adviser_id", "day", "start_minute"),
        Index("ix_adviser_extra_day", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    adviser_id: Mapped[int] = mapped_column(ForeignKey("adviser.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column(Date)
    start_minute: Mapped[int]
    end_minute: Mapped[int]


class AdviserLeave(Base):
    """A stretch in which an adviser sees nobody."""

    __tablename__ = "adviser_leave"
    __table_args__ = (CheckConstraint("starts_at < ends_at", name="order"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    adviser_id: Mapped[int] = mapped_column(ForeignKey("adviser.id", ondelete="CASCADE"), index=True)
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Booking(Base):
    """One session of a person with an adviser.

    held: kept for the person until `held_until`; `offered` when it was offered to somebody who waited. expired: the hold
    ran out; its place is free. booked, cancelled, done and no_show are what they say. `free_at` is when the adviser's
    place is free again: the end and the buffer of the day it was booked. `place` is which of the adviser's `at_once`.
    """

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("state in ('held', 'expired', 'booked', 'cancelled', 'done', 'no_show')", name="state"),
        CheckConstraint("mode in ('线下', '电话', '线上')", name="mode"),
        CheckConstraint("starts_at < ends_at and ends_at <= free_at", name="order"),
        CheckConstraint("place >= 1", name="place"),
        CheckConstraint("(state = 'held') = (held_until is not null)", name="held"),
        CheckConstraint("(state = 'cancelled') = (cancelled_by is not null)", name="cancelled"),
        CheckConstraint("cancelled_by in ('person', 'adviser')", name="cancelled_by"),
        Index("uq_booking_hold", "person_id", unique=True, sqlite_where=_OWN_HOLD, postgresql_where=_OWN_HOLD),
        Index("ix_booking_adviser", "adviser_id", "starts_at"),
        Index("ix_booking_person", "person_id", "starts_at"),
        Index("ix_booking_held", "state", "held_until"),
        Index("ix_booking_starts_at", "starts_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(8), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    adviser_id: Mapped[int] = mapped_column(ForeignKey("adviser.id", ondelete="CASCADE"))
    place: Mapped[int]
    starts_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    free_at: Mapped[datetime] = mapped_column(Moment)
    mode: Mapped[str] = mapped_column(String(2))
    topic: Mapped[str] = mapped_column(String(40))
    asked: Mapped[str | None] = mapped_column(Text)
    shares_history: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(9))
    offered: Mapped[bool] = mapped_column(default=False)
    held_until: Mapped[datetime | None] = mapped_column(Moment)
    sequence: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_at: Mapped[datetime] = mapped_column(Moment)
    cancelled_by: Mapped[str | None] = mapped_column(String(7))


class AdviserBusy(Base):
    """Five minutes in which a place of an adviser is taken, the buffer after the session included."""

    __tablename__ = "adviser_busy"

    adviser_id: Mapped[int] = mapped_column(ForeignKey("adviser.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), index=True)


class PersonBusy(Base):
    """Five minutes in which a person has a session."""

    __tablename__ = "person_busy"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    step: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), index=True)


class BookingKey(Base):
    """A request that was carried out: the same key again is the same request, and changes nothing."""

    __tablename__ = "booking_key"
    __table_args__ = (CheckConstraint("what in ('hold', 'confirm', 'move')", name="what"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    what: Mapped[str] = mapped_column(String(7), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), index=True)


class BookingContact(Base):
    """How to reach the person of a booking, sealed (bot.guidance.contacts)."""

    __tablename__ = "booking_contact"

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    at: Mapped[datetime] = mapped_column(Moment)


class ContactRead(Base):
    """Who read what of a person (`contact` or `brief`), and when. It outlives the booking, so it is tied to none."""

    __tablename__ = "contact_read"
    __table_args__ = (CheckConstraint("what in ('contact', 'brief')", name="what"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(index=True)
    what: Mapped[str] = mapped_column(String(7))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)


class Wait(Base):
    """Somebody who wants a place on a day that is full, in order of `id`.

    offered: `booking_id` is held for them. over: they took it, let it pass, stepped back, or the day has come.
    """

    __tablename__ = "guidance_wait"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'offered', 'over')", name="state"),
        CheckConstraint("state <> 'offered' or booking_id is not null", name="offered"),
        Index(
            "uq_guidance_wait_queued",
            "person_id",
            "day",
            unique=True,
            sqlite_where=_QUEUED,
            postgresql_where=_QUEUED,
        ),
        Index("ix_guidance_wait_queue", "day", "state", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    day: Mapped[date] = mapped_column(Date)
    topic: Mapped[str | None] = mapped_column(String(40))
    mode: Mapped[str | None] = mapped_column(String(2))
    adviser_id: Mapped[int | None] = mapped_column(ForeignKey("adviser.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(7))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), index=True)
    joined_at: Mapped[datetime] = mapped_column(Moment)


class GuidanceReminder(Base):
    """Something a person is to be told unasked, once: written in the transaction that makes it so.

    A worker has it until `claimed_until`; if the worker dies, another one takes it then.
    """

    __tablename__ = "guidance_reminder"
    __table_args__ = (
        CheckConstraint(
            "kind in ('day_before', 'hour_before', 'moved', 'cancelled_by_adviser', 'place_offered', 'rate')",
            name="kind",
        ),
        UniqueConstraint("booking_id", "kind", "due_at"),
        Index("ix_guidance_reminder_due", "sent_at", "due_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    due_at: Mapped[datetime] = mapped_column(Moment)
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)


class GuidanceOutcome(Base):
    """What came of a session: what was done, what was advised, what is to follow."""

    __tablename__ = "guidance_outcome"

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True)
    done_what: Mapped[str] = mapped_column(Text)
    advice: Mapped[str] = mapped_column(Text)
    follow_up: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)


class GuidanceRating(Base):
    """What the person thought of a session, from 1 to 5; the last word counts."""

    __tablename__ = "guidance_rating"
    __table_args__ = (CheckConstraint("stars between 1 and 5", name="stars"),)

    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), primary_key=True)
    stars: Mapped[int]
    comment: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
