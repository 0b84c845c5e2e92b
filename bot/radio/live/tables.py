"""A programme on air. All moments are UTC.

What comes in is not stored here: it is what was asked (`asked`) while a window was open. So it goes with its person.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Base, Moment

_OPEN = text("closed_at is null")


class LiveShow(Base):
    """That a running sheet is on air, or was. `on_air` is 1 or nothing: at most one is."""

    __tablename__ = "radio_live"
    __table_args__ = (
        CheckConstraint("on_air = 1", name="on_air"),
        CheckConstraint("(on_air is null) = (ended_at is not null)", name="ended"),
    )

    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"), primary_key=True)
    on_air: Mapped[int | None] = mapped_column(unique=True)
    started_at: Mapped[datetime] = mapped_column(Moment)
    started_by: Mapped[str] = mapped_column(String(40))
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    ended_by: Mapped[str | None] = mapped_column(String(40))


class LiveWindow(Base):
    """A time in which questions come in for a programme; it is open as long as it has no end."""

    __tablename__ = "radio_live_window"
    __table_args__ = (
        Index("uq_radio_live_window_open", "programme_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_radio_live_window_programme_id", "programme_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("radio_live.programme_id", ondelete="CASCADE"))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    opened_by: Mapped[str] = mapped_column(String(40))
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by: Mapped[str | None] = mapped_column(String(40))


class LiveSent(Base):
    """That an item of the sheet was sent to the host. `added`: it came onto the sheet with that, not before."""

    __tablename__ = "radio_live_sent"

    item_id: Mapped[int] = mapped_column(ForeignKey("programme_item.id", ondelete="CASCADE"), primary_key=True)
    sent_by: Mapped[str] = mapped_column(String(40))
    sent_at: Mapped[datetime] = mapped_column(Moment)
    added: Mapped[bool] = mapped_column(default=False)


class LiveNote(Base):
    """What producer and host write to each other. `side`: at whose page it was written."""

    __tablename__ = "radio_live_note"
    __table_args__ = (
        CheckConstraint("side in ('producer', 'host')", name="side"),
        CheckConstraint("length(text) > 0", name="text"),
        Index("ix_radio_live_note_programme_id", "programme_id", "id"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int] = mapped_column(ForeignKey("programme.id", ondelete="CASCADE"))
    side: Mapped[str] = mapped_column(String(8))
    by: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
