"""Alerts: somebody in danger, and who of the staff looked after it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Base, Moment

_OPEN = text("released_at is null")


class CareAlert(Base):
    """A message that tells of danger. One that `stops`: until `released_at` nothing answers its person by itself,
    wherever they write. Any other only tells the staff.

    kind: the writer's own life (self), that of somebody they know (other), or danger from them to others (harm).
    words: what gave it away, masked, or the message where the model found it.
    """

    __tablename__ = "care_alert"
    __table_args__ = (
        CheckConstraint("kind in ('self', 'other', 'harm')", name="kind"),
        CheckConstraint("found_by in ('rule', 'model')", name="found_by"),
        CheckConstraint("(acknowledged_at is null) = (acknowledged_by is null)", name="acknowledged"),
        CheckConstraint("(released_at is null) = (released_by is null)", name="released"),
        UniqueConstraint("turn_id"),
        Index("ix_care_alert_open", "person_id", sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id", ondelete="CASCADE"), index=True)
    turn_id: Mapped[int] = mapped_column(ForeignKey("turn.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(5))
    words: Mapped[str] = mapped_column(Text)
    found_by: Mapped[str] = mapped_column(String(5))
    stops: Mapped[bool] = mapped_column(default=True)
    at: Mapped[datetime] = mapped_column(Moment)
    acknowledged_by: Mapped[str | None] = mapped_column(String(40))
    acknowledged_at: Mapped[datetime | None] = mapped_column(Moment)
    released_by: Mapped[str | None] = mapped_column(String(40))
    released_at: Mapped[datetime | None] = mapped_column(Moment)
