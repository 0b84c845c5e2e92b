"""Read tokens of the station's tools, and hosts' own Telegram. All moments are UTC.

Of a token and of a code only the digest is kept.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Base, Moment


class ReadToken(Base):
    """Something that may read what was asked."""

    __tablename__ = "radio_token"
    __table_args__ = (CheckConstraint("length(name) > 0", name="name"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    digest: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    revoked_at: Mapped[datetime | None] = mapped_column(Moment)


class HostChat(Base):
    """Where a host is on Telegram: an identity of the record, which goes with its person."""

    __tablename__ = "radio_host_chat"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id", ondelete="CASCADE"), unique=True)
    tied_at: Mapped[datetime] = mapped_column(Moment)


class HostCode(Base):
    """A code that ties a chat to an account, once."""

    __tablename__ = "radio_host_code"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    until: Mapped[datetime] = mapped_column(Moment)
