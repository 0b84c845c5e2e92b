"""Questions handed over to a person, who read the contact that came with one, and sentences that staff keep ready."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.people.tables import Account
from bot.store import Base, Moment

_OPEN = text("state in ('asking', 'waiting', 'taken')")


class Handover(Base):
    """One question for the staff. A person has one at a time that is open, and as many messages as they leave.

    asking: the person is asked what it is about. waiting: in the queue. taken: a member of staff talks, the bot is
    silent. message: left outside the hours, to be answered later. done: given back or answered. expired: taken, but
    nothing was written for too long. left: the person did not want to wait.
    """

    __tablename__ = "handover"
    __table_args__ = (
        CheckConstraint("state in ('asking', 'waiting', 'taken', 'message', 'done', 'expired', 'left')", name="state"),
        CheckConstraint(
            "state <> 'taken' or (taken_by is not null and taken_at is not null and last_staff_at is not null)",
            name="taken",
        ),
        CheckConstraint("(closed_at is not null) = (state in ('done', 'expired', 'left'))", name="closed"),
        Index("uq_handover_open", "person_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_handover_state", "state", "opened_at"),
        Index("ix_handover_person", "person_id", "opened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id", ondelete="CASCADE"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(7))
    question: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    taken_by: Mapped[str | None] = mapped_column(String(40))
    taken_at: Mapped[datetime | None] = mapped_column(Moment)
    last_staff_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    contact: Mapped[bytes | None] = mapped_column(LargeBinary)


class HandoverRead(Base):
    """Who read the contact of a handover, and when. It outlives the handover, so it is tied to none."""

    __tablename__ = "handover_read"

    id: Mapped[int] = mapped_column(primary_key=True)
    handover_id: Mapped[int] = mapped_column(index=True)
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)


class CannedReply(Base):
    """A sentence kept ready for talks: everybody's, or its owner's own."""

    __tablename__ = "canned_reply"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey(Account.id, ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
