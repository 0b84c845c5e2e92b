"""Accounts of the staff, their sessions, wrong tries, and the log of what was done. All moments are UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store import Base, Moment


class Account(Base):
    """Somebody of the staff. Accounts are closed, not deleted: the log names them.

    `key` is the name as it is compared. `totp`, sealed, holds once `totp_on`; before, it waits to be confirmed.
    `totp_step` is the last step a code was taken for: no code is taken twice. Deleting the adviser leaves the account.
    """

    __tablename__ = "account"
    __table_args__ = (CheckConstraint("length(name) > 0", name="name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    key: Mapped[str] = mapped_column(String(80), unique=True)
    password: Mapped[str] = mapped_column(String(200))
    password_at: Mapped[datetime] = mapped_column(Moment)
    must_change: Mapped[bool] = mapped_column(default=False)
    totp: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_on: Mapped[bool] = mapped_column(default=False)
    totp_step: Mapped[int | None] = mapped_column(BigInteger)
    adviser_id: Mapped[int | None] = mapped_column(ForeignKey("adviser.id", ondelete="SET NULL"), unique=True)
    added_at: Mapped[datetime] = mapped_column(Moment)
    added_by: Mapped[str] = mapped_column(String(60))
    disabled_at: Mapped[datetime | None] = mapped_column(Moment)
    signed_in_at: Mapped[datetime | None] = mapped_column(Moment)

    roles: Mapped[list[AccountRole]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by="AccountRole.role"
    )


class AccountRole(Base):
    """A role that an account has."""

    __tablename__ = "account_role"
    __table_args__ = (CheckConstraint("role in ('reviewer', 'editor', 'adviser', 'host', 'admin')", name="role"),)

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(10), primary_key=True)


class RecoveryCode(Base):
    """Signs in once where the device with the codes is lost; only its digest is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(Moment)


class StaffSession(Base):
    """A browser in which somebody is signed in; the cookie's value is kept as a digest.

    `needs_code`: the password was right, the second step is still to come.
    """

    __tablename__ = "staff_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    needs_code: Mapped[bool] = mapped_column(default=False)
    device: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(64))
    begun_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime] = mapped_column(Moment)
    ends_at: Mapped[datetime] = mapped_column(Moment, index=True)


class SignInTry(Base):
    """Wrong tries in a row, by name or by address; the key is a digest, since a password may be typed as a name."""

    __tablename__ = "sign_in_try"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    tries: Mapped[int]
    last_at: Mapped[datetime] = mapped_column(Moment, index=True)
    wait_until: Mapped[datetime] = mapped_column(Moment)


class AuditEntry(Base):
    """Something that was done, by whom, to what. Rows are only ever added: the database refuses anything else.

    `digest` is that of the row with the digest before it: a row that was changed or taken out breaks the chain.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_who", "who", "id"),
        Index("ix_audit_entry_action", "action", "id"),
        Index("ix_audit_entry_target", "target", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(Moment, index=True)
    account_id: Mapped[int | None]
    who: Mapped[str] = mapped_column(String(60))
    action: Mapped[str] = mapped_column(String(60))
    target: Mapped[str] = mapped_column(String(120))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    address: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
