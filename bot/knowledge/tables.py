"""The live knowledge: what is served comes from these tables, so an edit counts at once. All moments are UTC."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store import Base, Moment


class TopicRow(Base):
    """One topic. `version` rises with every change of what it says; `loaded_hash` is of the file it came from, and
    `loaded_version` the version that says what that file says.

    `eligibility` holds the conditions of a benefit in the form of `bot/eligibility/forms.py`.
    """

    __tablename__ = "topic"
    __table_args__ = (
        CheckConstraint("state in ('current', 'unknown', 'expired')", name="state"),
        CheckConstraint("check_status in ('verified', 'partly', 'unverified', 'expired')", name="check_status"),
    )

    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(Text)
    group: Mapped[str] = mapped_column("group_name", String(20))
    scope: Mapped[str] = mapped_column(Text)
    region: Mapped[str] = mapped_column(String(20))
    aliases: Mapped[list[Any]] = mapped_column(JSON)
    related: Mapped[list[Any]] = mapped_column(JSON)
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_until: Mapped[date | None] = mapped_column(Date)
    state: Mapped[str] = mapped_column(String(8))
    checked_on: Mapped[date] = mapped_column(Date)
    check_status: Mapped[str] = mapped_column(String(10))
    version: Mapped[int] = mapped_column(default=1)
    loaded_hash: Mapped[str | None] = mapped_column(String(64))
    loaded_version: Mapped[int | None]
    eligibility: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))

    texts: Mapped[list[TextRow]] = relationship(cascade="all, delete-orphan", order_by="TextRow.key")
    figures: Mapped[list[FigureRow]] = relationship(cascade="all, delete-orphan", order_by="FigureRow.position")
    sources: Mapped[list[SourceRow]] = relationship(cascade="all, delete-orphan", order_by="SourceRow.n")
    terms: Mapped[list[TermRow]] = relationship(cascade="all, delete-orphan", order_by="TermRow.id")
    phrasings: Mapped[list[PhrasingRow]] = relationship(cascade="all, delete-orphan", order_by="PhrasingRow.id")


class TextRow(Base):
    """One text of a topic: `answer`, one of the aspects, `after_expiry`, `s30` or `s60`.

    `gap` is what nobody has told us yet; `applies` is false for an aspect that the topic does not have.
    """

    __tablename__ = "topic_text"

    topic_id: Mapped[str] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(12), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    gap: Mapped[str | None] = mapped_column(Text)
    applies: Mapped[bool] = mapped_column(default=True)
    sources: Mapped[list[Any]] = mapped_column(JSON)


class FigureRow(Base):
    """A number the topic's texts may use."""

    __tablename__ = "topic_figure"

    topic_id: Mapped[str] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(Text)
    value: Mapped[str] = mapped_column(Text)
    source_n: Mapped[int]


class SourceRow(Base):
    """Where a topic's facts were read."""

    __tablename__ = "topic_source"

    topic_id: Mapped[str] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(Text)
    number: Mapped[str | None] = mapped_column(Text)
    issuer: Mapped[str | None] = mapped_column(Text)
    date: Mapped[str | None] = mapped_column(String(20))
    url: Mapped[str | None] = mapped_column(Text)
    text_seen: Mapped[bool]
    seen_at: Mapped[str | None] = mapped_column(String(10))


class TermRow(Base):
    """A word whose meaning people ask."""

    __tablename__ = "topic_term"

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[str] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), index=True)
    term: Mapped[str] = mapped_column(Text)
    aliases: Mapped[list[Any]] = mapped_column(JSON)
    text: Mapped[str] = mapped_column(Text)


class PhrasingRow(Base):
    """One way people ask about a topic. origin: `files` or `review`, a sentence of a conversation that staff put here."""

    __tablename__ = "topic_phrasing"
    __table_args__ = (UniqueConstraint("topic_id", "text"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[str] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), index=True)
    aspect: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(Text)
    origin: Mapped[str] = mapped_column(String(6), default="files", server_default="files")


class TopicVersion(Base):
    """What a topic said in a version, whole, as its file would have it: whose it is, who approved it, and why."""

    __tablename__ = "topic_version"

    topic_id: Mapped[str] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    author: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)
    approved_by: Mapped[str | None] = mapped_column(String(40))
    note: Mapped[str | None] = mapped_column(Text)


class TopicDraft(Base):
    """What a topic is to say; it is not served. At most one is open for a topic.

    `typed` are the fields of the form as they were left, `base` the content that was served when it was begun, or last
    looked at together with it. `version` rises with every save: who saves over another one is told. `editors` are the
    accounts that changed it, none of whom may approve it.

    editing: being written. waiting: for somebody else's approval. approved: served as version `became`. dropped: given up.
    """

    __tablename__ = "topic_draft"
    __table_args__ = (
        UniqueConstraint("topic_id", "open"),
        CheckConstraint("state in ('editing', 'waiting', 'approved', 'dropped')", name="state"),
        CheckConstraint("(state in ('editing', 'waiting')) = (open is not null)", name="open"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    topic_id: Mapped[str] = mapped_column(String(40))
    open: Mapped[int | None] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(String(8), default="editing", index=True)
    version: Mapped[int] = mapped_column(default=1)
    base_version: Mapped[int]
    base: Mapped[dict[str, Any]] = mapped_column(JSON)
    typed: Mapped[dict[str, Any]] = mapped_column(JSON)
    note: Mapped[str] = mapped_column(Text, default="")
    editors: Mapped[list[Any]] = mapped_column(JSON)
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[str] = mapped_column(String(40))
    changed_at: Mapped[datetime] = mapped_column(Moment)
    sent_by: Mapped[str | None] = mapped_column(String(40))
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_by: Mapped[str | None] = mapped_column(String(40))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(Text)
    became: Mapped[int | None]


class KnowledgeRevision(Base):
    """One row, counted up by triggers on every table that finding reads, so that no edit goes unseen."""

    __tablename__ = "knowledge_revision"

    id: Mapped[int] = mapped_column(primary_key=True)
    n: Mapped[int]
