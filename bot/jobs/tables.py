"""Companies and their postings, and what people keep of them. All moments are UTC; days are days of 大同."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store import Base, Moment


class Company(Base):
    """An employer. `industry` is the section letter of GB/T 4754-2017, `trade` the label people read."""

    __tablename__ = "company"
    __table_args__ = (
        CheckConstraint("industry is null or industry between 'A' and 'T'", name="industry"),
        CheckConstraint("length(name) > 0", name="name"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120), unique=True)
    industry: Mapped[str | None] = mapped_column(String(1))
    trade: Mapped[str | None] = mapped_column(String(40))
    district: Mapped[str | None] = mapped_column(String(8))
    size: Mapped[str | None] = mapped_column(String(20))
    alliance_member: Mapped[bool] = mapped_column(default=False)
    sample: Mapped[bool] = mapped_column(default=False)


class ImportBatch(Base):
    """One file brought in; undoing it takes back what it changed."""

    __tablename__ = "job_import"

    id: Mapped[int] = mapped_column(primary_key=True)
    file: Mapped[str] = mapped_column(String(255))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)
    new: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    folded: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    companies: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)  # what it did to companies, for the undoing
    undone_at: Mapped[datetime | None] = mapped_column(Moment)


class Posting(Base):
    """One vacancy. Pay is in yuan a month before tax; both ends null means 面议.

    `key` tells postings apart (company, title, district, source); `content_hash` tells whether anything changed;
    `batch_id` is the import that brought it. `search_text` is what the database's full text reads (bot.jobs.words).
    """

    __tablename__ = "posting"
    __table_args__ = (
        CheckConstraint("job_type in ('全职', '实习', '见习', '兼职')", name="job_type"),
        CheckConstraint("education in ('不限', '高中', '大专', '本科', '硕士', '博士')", name="education"),
        CheckConstraint("status in ('open', 'withdrawn', 'folded')", name="status"),
        CheckConstraint(
            "(pay_min is null) = (pay_max is null) and (pay_min is null or pay_min <= pay_max)", name="pay"
        ),
        CheckConstraint("pay_min is null or pay_min >= 0", name="pay_positive"),
        CheckConstraint("pay_months between 1 and 24", name="pay_months"),
        CheckConstraint("headcount is null or headcount > 0", name="headcount"),
        CheckConstraint("length(title) > 0", name="title"),
        UniqueConstraint("key"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id", ondelete="CASCADE"), index=True)
    key: Mapped[str] = mapped_column(String(64))
    content_hash: Mapped[str] = mapped_column(String(64))
    title: Mapped[str] = mapped_column(String(80))
    job_type: Mapped[str] = mapped_column(String(2))
    district: Mapped[str | None] = mapped_column(String(8))
    address: Mapped[str | None] = mapped_column(Text)
    pay_min: Mapped[int | None]
    pay_max: Mapped[int | None]
    pay_months: Mapped[int] = mapped_column(default=12)
    pay_note: Mapped[str | None] = mapped_column(String(80))
    education: Mapped[str] = mapped_column(String(2), default="不限")
    majors: Mapped[list[Any]] = mapped_column(JSON, default=list)
    experience_years: Mapped[int | None]
    headcount: Mapped[int | None]
    duties: Mapped[str | None] = mapped_column(Text)
    requirements: Mapped[str | None] = mapped_column(Text)
    benefits: Mapped[list[Any]] = mapped_column(JSON, default=list)
    contact: Mapped[str | None] = mapped_column(Text)
    apply_how: Mapped[str | None] = mapped_column(Text)
    closes_on: Mapped[date | None] = mapped_column(Date)
    source: Mapped[str] = mapped_column(String(80))
    status: Mapped[str] = mapped_column(String(10), default="open")
    sample: Mapped[bool] = mapped_column(default=False)
    scam_signs: Mapped[list[Any]] = mapped_column(JSON, default=list)
    first_seen: Mapped[date] = mapped_column(Date)
    checked_on: Mapped[date] = mapped_column(Date)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("job_import.id"), index=True)
    folded_into: Mapped[int | None] = mapped_column(ForeignKey("posting.id", ondelete="SET NULL"), index=True)
    search_text: Mapped[str] = mapped_column(Text, default="")

    company: Mapped[Company] = relationship(lazy="joined")


class PostingBefore(Base):
    """What a posting was before an import changed it (`content` null: it was not there), so that it can be undone."""

    __tablename__ = "posting_before"

    batch_id: Mapped[int] = mapped_column(ForeignKey("job_import.id", ondelete="CASCADE"), primary_key=True)
    posting_id: Mapped[int] = mapped_column(ForeignKey("posting.id", ondelete="CASCADE"), primary_key=True, index=True)
    content: Mapped[dict[str, Any] | None] = mapped_column(JSON)


class Favourite(Base):
    """A posting that a person has kept (收藏)."""

    __tablename__ = "job_favourite"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    posting_id: Mapped[int] = mapped_column(ForeignKey("posting.id", ondelete="CASCADE"), primary_key=True, index=True)
    at: Mapped[datetime] = mapped_column(Moment)


class Subscription(Base):
    """A saved search that tells of new matches, at most once a day, on the channel it was asked on (`identity_id`)."""

    __tablename__ = "job_subscription"
    __table_args__ = (Index("ix_job_subscription_due", "active", "told_on"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id", ondelete="CASCADE"), index=True)
    wishes: Mapped[dict[str, Any]] = mapped_column(JSON)
    active: Mapped[bool] = mapped_column(default=True)
    since: Mapped[datetime] = mapped_column(Moment)
    last_posting_id: Mapped[int] = mapped_column(default=0)
    told_on: Mapped[date | None] = mapped_column(Date)
