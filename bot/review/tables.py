"""What staff keep beside the record: an index to search, marks, notes, saved views, corrections and cases. All moments are UTC."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.conversations import tables as _conversations  # noqa: F401 - foreign keys name their tables
from bot.guidance import tables as _guidance  # noqa: F401
from bot.people import tables as _people  # noqa: F401
from bot.store import Base, Moment


class SearchEntry(Base):
    """What is searched: a turn with all that was said in it, or a message that belongs to none.

    `id` rises with time. `words` are of the masked text, `facets` of what was understood of the turn, `marks` of what
    staff put on the conversation, `standing` of its handovers (by triggers): bot.review.words. The databases' full text
    reads the four together; it can be told to no mapped class (bot.tables.is_mapped).
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        CheckConstraint("(turn_id is null) <> (message_id is null)", name="one"),
        Index("ix_search_entry_conversation", "conversation_id", "id"),
        Index("ix_search_entry_at", "at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turn.id", ondelete="CASCADE"), unique=True)
    message_id: Mapped[int | None] = mapped_column(ForeignKey("message.id", ondelete="CASCADE"), unique=True)
    at: Mapped[datetime] = mapped_column(Moment)
    facets: Mapped[str] = mapped_column(Text, default="")
    marks: Mapped[str] = mapped_column(Text, default="")
    standing: Mapped[str] = mapped_column(Text, default="")
    words: Mapped[str] = mapped_column(Text)


class ConversationReview(Base):
    """What staff decided about a conversation. `version` rises with every change: who changes an older one is told.

    `reviewed_to` is the last entry that somebody has looked at; what is said later is new again.
    """

    __tablename__ = "conversation_review"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    version: Mapped[int] = mapped_column(default=1)
    reviewed_to: Mapped[int] = mapped_column(default=0)
    reviewed_by: Mapped[str | None] = mapped_column(String(40))
    reviewed_at: Mapped[datetime | None] = mapped_column(Moment)
    flagged_by: Mapped[str | None] = mapped_column(String(40))
    assigned_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    assigned_to: Mapped[str | None] = mapped_column(String(40))
    changed_by: Mapped[str] = mapped_column(String(40))
    changed_at: Mapped[datetime] = mapped_column(Moment)
    marks: Mapped[str] = mapped_column(Text, default="")


class ConversationTag(Base):
    """A word that staff put on a conversation. `key` is what two spellings have in common."""

    __tablename__ = "conversation_tag"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)
    tag: Mapped[str] = mapped_column(String(20))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)


class ConversationNote(Base):
    """What a member of staff wrote about a conversation, masked. One that is deleted can be put back for a while."""

    __tablename__ = "conversation_note"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))
    by: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(Moment)
    edited_at: Mapped[datetime | None] = mapped_column(Moment)
    deleted_at: Mapped[datetime | None] = mapped_column(Moment, index=True)


class ConversationViewing(Base):
    """Who has a conversation open: `seen_at` is when their page last said so."""

    __tablename__ = "conversation_viewing"

    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    seen_at: Mapped[datetime] = mapped_column(Moment, index=True)


class SavedView(Base):
    """Filters under a name, of one member of staff or shared with all."""

    __tablename__ = "saved_view"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    by: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(20))
    query: Mapped[str] = mapped_column(Text)
    shared: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime] = mapped_column(Moment)


class Correction(Base):
    """How a sentence should have been understood: it joins the training phrasings.

    topic: a way to ask about a topic, which finding reads at once; `added` unless the topic had that phrasing already.
    intent: an utterance of an intent, heard from the next training on. The sentence is what staff made of it, masked and
    without a person: it stays when the turn goes.
    """

    __tablename__ = "correction"
    __table_args__ = (
        CheckConstraint("kind in ('topic', 'intent')", name="kind"),
        CheckConstraint("(kind = 'topic') = (topic is not null)", name="topic"),
        CheckConstraint("(undone_at is null) = (undone_by is null)", name="undone"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turn.id", ondelete="SET NULL"), index=True)
    kind: Mapped[str] = mapped_column(String(6))
    text: Mapped[str] = mapped_column(Text)
    intent: Mapped[str] = mapped_column(String(40))
    topic: Mapped[str | None] = mapped_column(String(40), index=True)
    aspect: Mapped[str | None] = mapped_column(String(12))
    added: Mapped[bool] = mapped_column(default=False)
    was_intent: Mapped[str | None] = mapped_column(String(40))
    was_topic: Mapped[str | None] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)
    undone_by: Mapped[str | None] = mapped_column(String(40))
    undone_at: Mapped[datetime | None] = mapped_column(Moment)


class RegressionCase(Base):
    """What must stay right: what is said, after what, and what has to become of it.

    `before` is what was said in the turn before, `current_topic` and `current_aspect` what was talked of then.
    expects: served or offered (`topic`, for served also `aspect`), refused, or understood (`intent`). Like a correction
    it holds no person, and stays when the turn goes.
    """

    __tablename__ = "regression_case"
    __table_args__ = (
        CheckConstraint("expects in ('served', 'offered', 'refused', 'understood')", name="expects"),
        CheckConstraint("(expects in ('served', 'offered')) = (topic is not null)", name="topic"),
        CheckConstraint("expects <> 'understood' or intent is not null", name="intent"),
        CheckConstraint("(removed_at is null) = (removed_by is null)", name="removed"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    turn_id: Mapped[int | None] = mapped_column(ForeignKey("turn.id", ondelete="SET NULL"), index=True)
    said: Mapped[str] = mapped_column(Text)
    before: Mapped[str | None] = mapped_column(Text)
    current_topic: Mapped[str | None] = mapped_column(String(40))
    current_aspect: Mapped[str | None] = mapped_column(String(12))
    expects: Mapped[str] = mapped_column(String(10))
    topic: Mapped[str | None] = mapped_column(String(40), index=True)
    aspect: Mapped[str | None] = mapped_column(String(12))
    intent: Mapped[str | None] = mapped_column(String(40))
    by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(Moment)
    removed_by: Mapped[str | None] = mapped_column(String(40))
    removed_at: Mapped[datetime | None] = mapped_column(Moment)


class ExportRun(Base):
    """A list that somebody took away: what of, how far it is, and until when its file stays.

    making: being written. ready: `file` can be fetched. failed: it broke off. gone: the file is deleted.
    """

    __tablename__ = "export_run"
    __table_args__ = (CheckConstraint("state in ('making', 'ready', 'failed', 'gone')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"), index=True)
    by: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(Text)
    per: Mapped[str] = mapped_column(String(12))
    form: Mapped[str] = mapped_column(String(4))
    state: Mapped[str] = mapped_column(String(6), index=True)
    rows: Mapped[int] = mapped_column(default=0)
    conversations: Mapped[int] = mapped_column(default=0)
    file: Mapped[str | None] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(Moment)
    finished_at: Mapped[datetime | None] = mapped_column(Moment)
