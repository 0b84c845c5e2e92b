"""Who is to be forgotten, which dialogue states still have to go, and what was purged when. All moments are UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Base, Moment


class Forgetting(Base):
    """A person who asked to be deleted. The row stands from the yes until everything of them is gone.

    `keeps_open`: what they have booked stays until it is over; the rest goes at once, and this row waits until `due_at`
    for the second time. Whoever dies in between leaves a row that says what is still to be done.
    """

    __tablename__ = "forgetting"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    asked_at: Mapped[datetime] = mapped_column(Moment)
    due_at: Mapped[datetime] = mapped_column(Moment, index=True)
    keeps_open: Mapped[bool] = mapped_column(default=False)


class DialogueToForget(Base):
    """A conversation that is deleted here and whose state the engine may still have; gone when the engine says so."""

    __tablename__ = "dialogue_to_forget"

    code: Mapped[str] = mapped_column(String(24), primary_key=True)
    since: Mapped[datetime] = mapped_column(Moment)


class RetentionRun(Base):
    """One purge of what has been kept long enough: `removed` is how much of each kind."""

    __tablename__ = "retention_run"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    removed: Mapped[dict[str, Any]] = mapped_column(JSON)
