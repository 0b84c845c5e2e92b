"""Events, who takes part with which postings, who signed up, and what they are to be told. All moments are UTC."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Base, Moment

_ACTIVE = text("state <> 'cancelled'")


class Event(Base):
    """One fair, day or training. `capacity` null means that everybody may come.

    `taken` is how many places are given away. Triggers on `registration` keep it (migration 0003), whoever writes there
    and however, also when a person is deleted; the constraint `capacity` refuses the write that would give one too many.
    The `reported_` figures are the League's own, which need not be what was counted here.
    """

    __tablename__ = "event"
    __table_args__ = (
        CheckConstraint("kind in ('job_fair', 'experience_day', 'training')", name="kind"),
        CheckConstraint("mode in ('offline', 'online')", name="mode"),
        CheckConstraint("status in ('planned', 'cancelled')", name="status"),
        CheckConstraint("starts_at < ends_at", name="order"),
        CheckConstraint("length(title) > 0", name="title"),
        CheckConstraint("capacity is null or capacity > 0", name="capacity_positive"),
        CheckConstraint("taken >= 0 and (capacity is null or taken <= capacity)", name="capacity"),
        *(
            CheckConstraint(f"reported_{name} is null or reported_{name} >= 0", name=f"reported_{name}")
            for name in ("companies", "posts", "registered", "came", "intents")
        ),
        Index("ix_event_status_ends", "status", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(14))
    mode: Mapped[str] = mapped_column(String(7))
    starts_at: Mapped[datetime] = mapped_column(Moment, index=True)
    ends_at: Mapped[datetime] = mapped_column(Moment)
    district: Mapped[str | None] = mapped_column(String(8))
    place: Mapped[str | None] = mapped_column(String(120))
    address: Mapped[str | None] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    capacity: Mapped[int | None]
    taken: Mapped[int] = mapped_column(default=0)
    about: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(9), default="planned")
    sample: Mapped[bool] = mapped_column(default=False)
    reported_companies: Mapped[int | None]
    reported_posts: Mapped[int | None]
    reported_registered: Mapped[int | None]
    reported_came: Mapped[int | None]
    reported_intents: Mapped[int | None]


class EventCompany(Base):
    """A company that takes part."""

    __tablename__ = "event_company"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"), primary_key=True, index=True)


class EventPosting(Base):
    """A posting that a company brings along."""

    __tablename__ = "event_posting"

    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"), primary_key=True)
    posting_id: Mapped[int] = mapped_column(ForeignKey("posting.id", ondelete="CASCADE"), primary_key=True, index=True)


class Registration(Base):
    """One sign-up. A person has at most one of an event that is not cancelled; signing up again makes a new one.

    The waiting list is in order of `id`: sign-ups of an event are written one after the other, whatever the clocks of
    the processes say. `key` is the caller's: the same again is the same registration.
    """

    __tablename__ = "registration"
    __table_args__ = (
        CheckConstraint("state in ('registered', 'waiting', 'cancelled', 'came')", name="state"),
        CheckConstraint("(state = 'came') = (checked_in_at is not null)", name="checked_in"),
        CheckConstraint("(checked_in_at is null) = (checked_by is null)", name="checked_by"),
        CheckConstraint("(state = 'cancelled') = (cancelled_at is not null)", name="cancelled"),
        UniqueConstraint("event_id", "person_id", "key", name="uq_registration_key"),
        Index(
            "uq_registration_active",
            "event_id",
            "person_id",
            unique=True,
            sqlite_where=_ACTIVE,
            postgresql_where=_ACTIVE,
        ),
        Index("ix_registration_queue", "event_id", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    state: Mapped[str] = mapped_column(String(10))
    ticket: Mapped[str] = mapped_column(String(12), unique=True)
    key: Mapped[str] = mapped_column(String(128))
    registered_at: Mapped[datetime] = mapped_column(Moment)
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    checked_in_at: Mapped[datetime | None] = mapped_column(Moment)
    checked_by: Mapped[str | None] = mapped_column(String(40))


class EventReminder(Base):
    """Something a person is to be told unasked, once: written in the transaction that makes it so.

    day_before: the event is tomorrow. moved_up: a place became free for them. changed: it is at another time or place.
    cancelled: the event does not take place.
    A worker has it until `claimed_until`; if the worker dies, another one takes it then.
    """

    __tablename__ = "event_reminder"
    __table_args__ = (
        CheckConstraint("kind in ('day_before', 'moved_up', 'changed', 'cancelled')", name="kind"),
        Index(
            "uq_event_reminder_open",
            "registration_id",
            "kind",
            unique=True,
            sqlite_where=text("sent_at IS NULL AND kind <> 'changed'"),
            postgresql_where=text("sent_at IS NULL AND kind <> 'changed'"),
        ),
        Index("ix_event_reminder_due", "sent_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    registration_id: Mapped[int] = mapped_column(ForeignKey("registration.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime] = mapped_column(Moment)
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
