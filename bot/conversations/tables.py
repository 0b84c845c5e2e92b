"""Persons, their conversations, messages and turns: the record that staff read. All moments are UTC."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.store import Base, Moment


class Person(Base):
    """Someone who writes to us; `code` is all that staff see of them."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(12), unique=True)
    created_at: Mapped[datetime] = mapped_column(Moment)


class Identity(Base):
    """A person as one channel knows them. `sender` is a digest: the record alone cannot write to anybody."""

    __tablename__ = "identity"
    __table_args__ = (UniqueConstraint("channel", "sender"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    channel: Mapped[str] = mapped_column(String(16))
    sender: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(Moment)


class Conversation(Base):
    """What one person and the bot say from one start to the next; `code` is the engine's sender."""

    __tablename__ = "conversation"
    __table_args__ = (Index("ix_conversation_identity_started", "identity_id", "started_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(24), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id"))
    channel: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime] = mapped_column(Moment)
    last_at: Mapped[datetime] = mapped_column(Moment, index=True)


class Turn(Base):
    """One incoming message, what was understood of it and what became of it.

    waiting: written down, nobody works on it. answering: a gateway has it until `claimed_until`.
    answered: the replies are in `message`. failed: given up with an apology.
    """

    __tablename__ = "turn"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'answering', 'answered', 'failed')", name="state"),
        Index("ix_turn_open", "state", "retry_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    state: Mapped[str] = mapped_column(String(9))
    payload: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(Moment, index=True)
    retry_at: Mapped[datetime] = mapped_column(Moment)
    claimed_until: Mapped[datetime | None] = mapped_column(Moment)
    attempts: Mapped[int] = mapped_column(default=0)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    milliseconds: Mapped[int | None]

    intent: Mapped[str | None] = mapped_column(String(40), index=True)
    confidence: Mapped[float | None]
    ranking: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    outcome: Mapped[str | None] = mapped_column(String(8), index=True)
    topic: Mapped[str | None] = mapped_column(String(40), index=True)
    offered: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    aspect: Mapped[str | None] = mapped_column(String(12))
    answer_version: Mapped[int | None]
    slots: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    scam_signs: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))
    actions: Mapped[list[Any] | None] = mapped_column(JSON(none_as_null=True))


class Message(Base):
    """One message, in or out, as it may be read: personal numbers masked.

    `key` is the platform's own id of an incoming message; a repeat of it is refused by the database.
    `id` rises with every message of a conversation: “all after this one” is what a client asks after a dropped line.
    """

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("identity_id", "key"),
        CheckConstraint("direction in ('in', 'out')", name="direction"),
        CheckConstraint("kind in ('text', 'choice', 'media', 'reply', 'holding', 'apology', 'staff')", name="kind"),
        Index("ix_message_conversation_order", "conversation_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    identity_id: Mapped[int] = mapped_column(ForeignKey("identity.id"))
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turn.id"), index=True)
    direction: Mapped[str] = mapped_column(String(3))
    kind: Mapped[str] = mapped_column(String(8))
    key: Mapped[str | None] = mapped_column(String(128))
    text: Mapped[str] = mapped_column(Text)
    body: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    at: Mapped[datetime] = mapped_column(Moment, index=True)


class PressableChoice(Base):
    """A choice we showed: the opaque token that travels and the payload that only we know."""

    __tablename__ = "choice"

    token: Mapped[str] = mapped_column(String(24), primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), index=True)
    label: Mapped[str] = mapped_column(Text)
    payload: Mapped[str] = mapped_column(Text)


class Feedback(Base):
    """👍 or 👎 for one message of the bot, with the reasons a person picked; the last word counts."""

    __tablename__ = "feedback"
    __table_args__ = (CheckConstraint("verdict in ('up', 'down')", name="verdict"),)

    message_id: Mapped[int] = mapped_column(ForeignKey("message.id"), primary_key=True)
    verdict: Mapped[str] = mapped_column(String(4))
    reasons: Mapped[list[Any]] = mapped_column(JSON(none_as_null=True))
    comment: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(Moment)
