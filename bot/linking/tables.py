"""Signed-in links, codes that join two channels, and which channels were joined. All moments are UTC.

Of what opens something (a link's token, a browser's cookie, a code) there is only a digest here.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Base, Moment


class SignedLink(Base):
    """A link that was given to one person for one page. `browser` is the one it was opened in: no other opens it."""

    __tablename__ = "signed_link"
    __table_args__ = (
        CheckConstraint("(browser is null) = (opened_at is null)", name="opened"),
        Index("ix_signed_link_person", "person_id", "path"),
        Index("ix_signed_link_browser", "browser", "opened_at"),
    )

    token: Mapped[str] = mapped_column(String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    path: Mapped[str] = mapped_column(String(80))
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    browser: Mapped[str | None] = mapped_column(String(64))
    opened_at: Mapped[datetime | None] = mapped_column(Moment)


class JoinCode(Base):
    """The one code of an identity that may be typed on another channel, and who typed it there: nobody else may then."""

    __tablename__ = "join_code"

    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id", ondelete="CASCADE"), primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)
    expires_at: Mapped[datetime] = mapped_column(Moment, index=True)
    typed_by: Mapped[int | None] = mapped_column(ForeignKey("identity.id", ondelete="CASCADE"), index=True)


class JoinGuess(Base):
    """Wrong codes that a person typed since `since`; from too many on they are locked out for a while."""

    __tablename__ = "join_guess"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    wrong: Mapped[int]
    since: Mapped[datetime] = mapped_column(Moment)
    locked_until: Mapped[datetime | None] = mapped_column(Moment)


class Joined(Base):
    """An identity that came to its person from another one, who is no more.

    `was` is the id of that one, `was_code` what staff knew them by; `things` are the rows they brought along, by table
    (bot.linking.moving), so that each side gets its own back when they part. `code`: the code that joined them.
    """

    __tablename__ = "joined"

    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id", ondelete="CASCADE"), primary_key=True)
    was: Mapped[int] = mapped_column(index=True)
    was_code: Mapped[str] = mapped_column(String(12), index=True)
    code: Mapped[str] = mapped_column(String(64), index=True)
    things: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(Moment)
