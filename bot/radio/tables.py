"""Questions for the programme, and who asked them. All moments are UTC.

Who asked is in a row of its own, which goes with the person. The question goes with them too, by `owner_id`, until it
was on air: then it belongs to the programme, and that is empty. So whoever deletes a person and however, what was not
on air is gone, and what was is left without its asker.

Ids are never given again (SQLite would, after a deletion): a message is known by its question's id.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store import Base, Moment


class RadioQuestion(Base):
    """One question, personal details taken out: `text` as it was shown and agreed to, `for_air` as edited since.

    `programme_answer`, in `programme_version`, is what it was answered with where that was said to its whole group; it
    was said on `said_on`.
    """

    __tablename__ = "radio_question"
    __table_args__ = (
        CheckConstraint("state in ('received', 'selected', 'aired', 'withdrawn', 'declined')", name="state"),
        CheckConstraint("consent in ('air', 'reply')", name="consent"),
        CheckConstraint("consent = 'air' or state not in ('selected', 'aired')", name="for_air"),
        CheckConstraint("(state = 'aired') = (owner_id is null)", name="owner"),
        CheckConstraint("(state = 'aired') = (aired_on is not null)", name="aired"),
        CheckConstraint("state not in ('selected', 'aired') or selected_at is not null", name="selected"),
        CheckConstraint("(state in ('withdrawn', 'declined')) = (closed_at is not null)", name="closed"),
        CheckConstraint("state <> 'declined' or reason is not null", name="declined"),
        CheckConstraint("(answer is null) = (answered_at is null)", name="answered"),
        CheckConstraint("length(text) > 0", name="text"),
        Index("ix_radio_question_state", "state", "received_at"),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    for_air: Mapped[str | None] = mapped_column(Text)
    consent: Mapped[str] = mapped_column(String(5))
    state: Mapped[str] = mapped_column(String(9))
    received_at: Mapped[datetime] = mapped_column(Moment)
    selected_at: Mapped[datetime | None] = mapped_column(Moment)
    aired_on: Mapped[date | None] = mapped_column(Date)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    reason: Mapped[str | None] = mapped_column(Text)
    answer: Mapped[str | None] = mapped_column(Text)
    guest: Mapped[str | None] = mapped_column(String(40))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    programme_answer: Mapped[int | None]
    programme_version: Mapped[int | None]
    said_on: Mapped[date | None] = mapped_column(Date)

    asker: Mapped[RadioAsker | None] = relationship(lazy="raise", passive_deletes=True)


class RadioAsker(Base):
    """Who asked a question, and where they are told the answer.

    `key` is that of the press that confirmed it: the same again is the same question. `tells` false: told nothing more.
    """

    __tablename__ = "radio_asker"
    __table_args__ = (
        UniqueConstraint("person_id", "key"),
        CheckConstraint("length(nickname) between 1 and 12", name="nickname"),
    )

    question_id: Mapped[int] = mapped_column(ForeignKey("radio_question.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id", ondelete="CASCADE"), index=True)
    nickname: Mapped[str | None] = mapped_column(String(12))
    key: Mapped[str] = mapped_column(String(64))
    tells: Mapped[bool] = mapped_column(default=True)
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)
    told_at: Mapped[datetime | None] = mapped_column(Moment)
