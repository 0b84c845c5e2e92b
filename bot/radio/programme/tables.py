"""Guests, running sheets and what stands on them; what is known of a question besides its words. All moments are UTC.

An item that came out of a listener's question goes with that question, and so with its person until it was on air.
An item of a group copies nobody's words: `wording` is empty until somebody of the staff writes one.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store import Base, Moment


class RadioGuest(Base):
    """Somebody who answers on air."""

    __tablename__ = "radio_guest"
    __table_args__ = (CheckConstraint("length(name) > 0", name="name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(60), default="")
    company: Mapped[str] = mapped_column(String(80), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Moment)
    gone_at: Mapped[datetime | None] = mapped_column(Moment)


class Programme(Base):
    """A running sheet: one programme of one day, or a template that has no day. `version` counts edits of this row."""

    __tablename__ = "programme"
    __table_args__ = (
        CheckConstraint("template = (day is null)", name="template"),
        CheckConstraint("minutes between 1 and 300", name="minutes"),
        Index("ix_programme_day", "day"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(60))
    day: Mapped[date | None] = mapped_column(Date)
    minutes: Mapped[int]
    guest_id: Mapped[int | None] = mapped_column(ForeignKey("radio_guest.id", ondelete="SET NULL"), index=True)
    note: Mapped[str] = mapped_column(Text, default="")
    template: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    created_by: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[str] = mapped_column(String(40))
    changed_at: Mapped[datetime] = mapped_column(Moment)
    archived_at: Mapped[datetime | None] = mapped_column(Moment)

    guest: Mapped[RadioGuest | None] = relationship(lazy="raise")


class ProgrammeItem(Base):
    """One thing on a sheet, in the order of `place`: a group, a listener's question, or what the host wrote.

    `taken` is the spoken form as it was at `answer_version` of the topic, `script` what is read out, `script_before` what
    it was before it was brought up to date. `version` counts edits of the wording, the script and the source line.
    """

    __tablename__ = "programme_item"
    __table_args__ = (
        CheckConstraint("form in ('s30', 's60')", name="form"),
        CheckConstraint("(aired_at is null) = (aired_by is null)", name="aired"),
        CheckConstraint("(removed_at is null) or (aired_at is null)", name="removed"),
        Index("ix_programme_item_place", "programme_id", "place"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    place: Mapped[int]
    group_id: Mapped[int | None] = mapped_column(ForeignKey("asked_group.id", ondelete="SET NULL"), index=True)
    question_id: Mapped[int | None] = mapped_column(ForeignKey("radio_question.id", ondelete="CASCADE"), index=True)
    topic_id: Mapped[str | None] = mapped_column(ForeignKey("topic.id", ondelete="SET NULL"), index=True)
    answer_version: Mapped[int | None]
    form: Mapped[str | None] = mapped_column(String(3))
    wording: Mapped[str | None] = mapped_column(Text)
    script: Mapped[str] = mapped_column(Text, default="")
    taken: Mapped[str] = mapped_column(Text, default="")
    script_before: Mapped[str | None] = mapped_column(Text)
    source_line: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    added_by: Mapped[str] = mapped_column(String(40))
    added_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[str] = mapped_column(String(40))
    changed_at: Mapped[datetime] = mapped_column(Moment)
    aired_at: Mapped[datetime | None] = mapped_column(Moment)
    aired_by: Mapped[str | None] = mapped_column(String(40))
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class RadioCall(Base):
    """That a question came by telephone, and who of the staff typed it in.

    `person_id`: a caller is a person without an identity, one for each call, so that they count as one who asked.
    """

    __tablename__ = "radio_call"

    question_id: Mapped[int] = mapped_column(ForeignKey("radio_question.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    caller: Mapped[str | None] = mapped_column(String(12))
    typed_by: Mapped[str] = mapped_column(String(40))


class RadioTag(Base):
    """A word that the staff sort questions by."""

    __tablename__ = "radio_tag"

    question_id: Mapped[int] = mapped_column(ForeignKey("radio_question.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(12), primary_key=True)
