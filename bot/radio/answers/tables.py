"""What guests said, as it is served. All moments are UTC.

It stands beside the knowledge and not in it: a guest's word has no document behind it, and is served under the guest's
name. So a topic's answer keeps its version, and what the guest adds has one of its own.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Base, Moment


class ProgrammeAnswer(Base):
    """What a guest said to a group of questions: beside the answer of `topic_id`, or alone where the group has no topic.

    `said` is what was typed or pasted whole, `text` what is to be served of it. `revision` counts edits: who saves over
    somebody else is told. `editors` are the accounts that changed the text since it was approved last; none of them may
    approve it. `version` counts approvals (0: none yet); `served` is the text of that version and stays in service while
    the next one is being written. `stopped_at`: taken out of service.
    """

    __tablename__ = "radio_answer"
    __table_args__ = (
        CheckConstraint("state in ('editing', 'waiting', 'approved')", name="state"),
        CheckConstraint("(version = 0) = (served is null)", name="served"),
        CheckConstraint("length(guest) > 0", name="guest"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int | None] = mapped_column(ForeignKey("asked_group.id", ondelete="SET NULL"), index=True)
    topic_id: Mapped[str | None] = mapped_column(ForeignKey("topic.id", ondelete="SET NULL"), index=True)
    item_id: Mapped[int | None] = mapped_column(ForeignKey("programme_item.id", ondelete="SET NULL"), index=True)
    programme_id: Mapped[int | None] = mapped_column(ForeignKey("programme.id", ondelete="SET NULL"), index=True)
    day: Mapped[date] = mapped_column(Date)
    guest: Mapped[str] = mapped_column(String(180))
    question: Mapped[str] = mapped_column(Text)
    said: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(8), default="editing", index=True)
    revision: Mapped[int] = mapped_column(default=1)
    editors: Mapped[list[Any]] = mapped_column(JSON)
    version: Mapped[int] = mapped_column(default=0)
    served: Mapped[str | None] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column(Moment)
    changed_by: Mapped[str] = mapped_column(String(40))
    changed_at: Mapped[datetime] = mapped_column(Moment)
    decided_by: Mapped[str | None] = mapped_column(String(40))
    decided_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(Text)
    stopped_at: Mapped[datetime | None] = mapped_column(Moment)


class ProgrammeAnswerVersion(Base):
    """What was served under a version, who wrote it and who approved it."""

    __tablename__ = "radio_answer_version"

    answer_id: Mapped[int] = mapped_column(ForeignKey("radio_answer.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(40))
    approved_by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)
