"""Questions as others get them: plain data that outlives the database session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from bot.radio.rules import OPEN


@dataclass(frozen=True)
class QuestionView:
    """A question. `text` as it was asked and shown, `for_air` as it was edited; `nickname` None for no name.

    `said_on`: the day on which the answer was given on air to all who asked the like. `tells`: whether the person wants to be told the answer; False where they are gone.
    """

    code: str
    text: str
    for_air: str | None
    nickname: str | None
    consent: str
    state: str
    received_at: datetime
    selected_at: datetime | None
    aired_on: date | None
    closed_at: datetime | None
    reason: str | None
    answer: str | None
    guest: str | None
    answered_at: datetime | None
    said_on: date | None
    told_at: datetime | None
    tells: bool

    @property
    def open(self) -> bool:
        """Whether it can still be taken back."""
        return self.state in OPEN

    @property
    def spoken(self) -> str:
        """The wording for air."""
        return self.for_air or self.text


@dataclass(frozen=True)
class Answer:
    """An answer that its asker is to be told, through the identity they asked with."""

    question_id: int
    identity_id: int
    question: QuestionView
    programme_answer: int | None = None

    @property
    def key(self) -> str:
        """What makes it one message, however often it is sent; one for a person who asked the like twice."""
        return f"radio-answer:{self.programme_answer}" if self.programme_answer else f"radio:{self.question_id}"
