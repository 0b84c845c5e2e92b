"""Where people are written to, what is on its way to them, and which gateway does what alone. All moments are UTC."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Base, Moment


class Address(Base):
    """Where an identity is written to, sealed; deleted with the person.

    `left_at`: they do not want to be written to, until they write again. `shared`: others read there too (a group).
    `fetched_until`: the platform is asking for the answer, which it may take as long as that; nothing is sent meanwhile.
    """

    __tablename__ = "address"

    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    shared: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(Moment)
    left_at: Mapped[datetime | None] = mapped_column(Moment)
    fetched_until: Mapped[datetime | None] = mapped_column(Moment)


class Delivery(Base):
    """One stored message on its way to an address; written in the transaction that stores the message.

    waiting: to be sent from `next_at` on. sending: a gateway has it until `claimed_until`. sent: the platform took it.
    dead: it will not be sent, `reason` says why. `refs`: what the platform calls the parts that are out.
    `notice`: the kind of notice that can stand for it, where the person agreed to one.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'sending', 'sent', 'dead')", name="state"),
        Index("ix_delivery_open", "state", "next_at"),
        Index("ix_delivery_identity_order", "identity_id", "message_id"),
    )

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id"))
    state: Mapped[str] = mapped_column(String(7))
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime] = mapped_column(Moment)
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)
    refs: Mapped[list[str]] = mapped_column(JSON(none_as_null=True))
    reason: Mapped[str | None] = mapped_column(String(60))
    sent_at: Mapped[datetime | None] = mapped_column(Moment)
    notice: Mapped[str | None] = mapped_column(String(12))


class NoticeConsent(Base):
    """Somebody's yes to one notice of a kind, on a platform that asks them for each; deleted with the person.

    `event`: a digest of what brought it, the same however often it is brought. `used_for`: the one message that it was
    used for; `answer`: the platform's code to that, 0 where it was taken. `receipt` and `outcome`: what the platform told
    later of how it arrived.
    """

    __tablename__ = "notice_consent"
    __table_args__ = (
        UniqueConstraint("identity_id", "event", "template"),
        UniqueConstraint("used_for"),
        Index("ix_notice_consent_unused", "identity_id", "kind", "used_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id"))
    kind: Mapped[str] = mapped_column(String(12))
    template: Mapped[str] = mapped_column(String(64))
    event: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    used_for: Mapped[int | None] = mapped_column(ForeignKey("message.id"))
    used_at: Mapped[datetime | None] = mapped_column(Moment)
    answer: Mapped[int | None]
    receipt: Mapped[str | None] = mapped_column(String(64))
    outcome: Mapped[str | None] = mapped_column(String(40))


class Lease(Base):
    """Something that one gateway does alone, and until when; another one takes it over after that."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(40))
    until: Mapped[datetime] = mapped_column(Moment)


class HandedOut(Base):
    """What a platform that fetches answers was given to one message of a person; deleted with the person.

    `tries`: how often it has brought the message. `sealed`: what was given, as its channel keeps it; null until then.
    """

    __tablename__ = "handed_out"
    __table_args__ = (Index("ix_handed_out_latest", "identity_id", "given_at"),)

    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    tries: Mapped[int] = mapped_column(default=0)
    at: Mapped[datetime] = mapped_column(Moment)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    given_at: Mapped[datetime | None] = mapped_column(Moment)


class Seen(Base):
    """A number that a platform uses once, with a digest of what it was used for; kept as long as it could be used again."""

    __tablename__ = "seen"

    number: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[str] = mapped_column(String(64))
    until: Mapped[datetime] = mapped_column(Moment, index=True)


class SharedToken(Base):
    """A token that a platform gave for a while, sealed; used by all gateways."""

    __tablename__ = "shared_token"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    until: Mapped[datetime] = mapped_column(Moment)
