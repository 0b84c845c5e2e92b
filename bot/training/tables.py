"""Training runs, what they would change, and which model the engine was given. All moments are UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Base, Moment


class TrainingRun(Base):
    """One training that somebody asked for. `open` is 1 until it has ended: the database lets only one be open.

    waiting: for a gateway. training, comparing: a gateway works on it and holds it `until`; `step` is what it is at.
    ready: `model` can be activated. failed: `error` says why. interrupted: its gateway went away in the middle,
    or `stopped_by` stopped it.
    `changes` is what was new beside the live model, `compared` the figures of both models.
    """

    __tablename__ = "training_run"
    __table_args__ = (
        CheckConstraint(
            "state in ('waiting', 'training', 'comparing', 'ready', 'failed', 'interrupted')", name="state"
        ),
        CheckConstraint("(state in ('waiting', 'training', 'comparing')) = (open is not null)", name="open"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    open: Mapped[int | None] = mapped_column(default=1, unique=True)
    state: Mapped[str] = mapped_column(String(11), default="waiting")
    by: Mapped[str] = mapped_column(String(40))
    stopped_by: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)
    holder: Mapped[str | None] = mapped_column(String(40))
    until: Mapped[datetime | None] = mapped_column(Moment)
    started_at: Mapped[datetime | None] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
    step: Mapped[str] = mapped_column(String(60), default="")
    model: Mapped[str | None] = mapped_column(String(60))
    before: Mapped[str | None] = mapped_column(String(60))
    changes: Mapped[dict[str, Any]] = mapped_column(JSON)
    compared: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    error: Mapped[str | None] = mapped_column(Text)


class TrainingDifference(Base):
    """One sentence of the regression sets that another model understands in another way, or that is wrong with both.

    kind: `case` of the database, or the evaluation file it stands in. `before`, `after`: what became of it, as plain data.
    """

    __tablename__ = "training_difference"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("training_run.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    said: Mapped[str] = mapped_column(Text)
    said_before: Mapped[str | None] = mapped_column(Text)
    expected: Mapped[dict[str, Any]] = mapped_column(JSON)
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    before_right: Mapped[bool]
    after_right: Mapped[bool]


class ModelActivation(Base):
    """The engine was given another model: which, in the place of which, by whom, and how long turns had to wait."""

    __tablename__ = "model_activation"

    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("training_run.id", ondelete="SET NULL"), index=True)
    model: Mapped[str] = mapped_column(String(60))
    before: Mapped[str] = mapped_column(String(60))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)
    milliseconds: Mapped[int]
