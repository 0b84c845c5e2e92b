"""What people told of themselves for the eligibility check. All moments are UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Base, Moment


class EligibilityFacts(Base):
    """A person's facts of the latest check: their result is reckoned from these anew whenever it is looked at.

    `agreed_in` is the code of the conversation in which they may be used for later answers; None without a yes.
    """

    __tablename__ = "eligibility_facts"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)
    agreed_in: Mapped[str | None] = mapped_column(String(24))
    at: Mapped[datetime] = mapped_column(Moment)
