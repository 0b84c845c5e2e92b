"""What was asked, who asked it, and the groups it lies in. All moments are UTC.

No wording is stored here: it stands in the message or the question that a row refers to, and goes with it. A vector and a
key without a text of anybody are deleted with the next look.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Base, Moment

_OPEN = text("closed_at is null")


class AskedGroup(Base):
    """Questions that mean the same. One of a topic has its title; `name` is what somebody called it by hand.

    `named_after`: key of the text that it is called by else, as long as somebody has asked that. `merged_into`: put
    together by hand with another one, for good. `centre` and `near` place a new question: half floats, and a likeness.
    """

    __tablename__ = "asked_group"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[str | None] = mapped_column(ForeignKey("topic.id", ondelete="SET NULL"), unique=True)
    name: Mapped[str | None] = mapped_column(Text)
    named_after: Mapped[str | None] = mapped_column(String(40))
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("asked_group.id", ondelete="SET NULL"), index=True)
    centre: Mapped[bytes | None] = mapped_column(LargeBinary)
    near: Mapped[float | None]
    created_at: Mapped[datetime] = mapped_column(Moment)


class AskedText(Base):
    """One text, known by the digest of its normalised form, with its sentence vector and the group it lies in.

    `pinned`: put there by hand; grouping anew leaves it there. `before`: the group it was in before that.
    """

    __tablename__ = "asked_text"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    group_id: Mapped[int] = mapped_column(ForeignKey("asked_group.id"), index=True)
    pinned: Mapped[bool] = mapped_column(default=False)
    before: Mapped[int | None]


class Asked(Base):
    """One cleared question of one person: a turn of the record, or a question given for the programme."""

    __tablename__ = "asked"
    __table_args__ = (
        CheckConstraint("(turn_id is null) <> (question_id is null)", name="source"),
        Index("ix_asked_at", "at", "text_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    text_id: Mapped[int] = mapped_column(ForeignKey("asked_text.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turn.id", ondelete="CASCADE"), unique=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("radio_question.id", ondelete="CASCADE"), unique=True)
    at: Mapped[datetime] = mapped_column(Moment)
    channel: Mapped[str] = mapped_column(String(16))
    district: Mapped[str | None] = mapped_column(String(8))
    degree: Mapped[str | None] = mapped_column(String(8))
    outcome: Mapped[str | None] = mapped_column(String(8))


class AskedRequest(Base):
    """That the editors are asked for an answer to a group; open until it has one, or they say why not."""

    __tablename__ = "asked_request"
    __table_args__ = (
        CheckConstraint("(closed_at is null) = (state = 'open')", name="closed"),
        CheckConstraint("state in ('open', 'answered', 'declined')", name="state"),
        Index("uq_asked_request_open", "group_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("asked_group.id", ondelete="CASCADE"))
    state: Mapped[str] = mapped_column(String(8))
    asked_by: Mapped[str] = mapped_column(String(40))
    asked_at: Mapped[datetime] = mapped_column(Moment)
    note: Mapped[str | None] = mapped_column(Text)
    closed_by: Mapped[str | None] = mapped_column(String(40))
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(Text)
