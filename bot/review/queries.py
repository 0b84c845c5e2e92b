"""Every statement on what staff keep beside the record. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.conversations.tables import Conversation, Feedback, Message, Person, PressableChoice, Turn
from bot.guidance.tables import Booking, BookingContact
from bot.handover.tables import Handover
from bot.review.tables import (
    ConversationNote,
    ConversationReview,
    ConversationTag,
    ConversationViewing,
    Correction,
    RegressionCase,
    SavedView,
    SearchEntry,
)

_TAGS = 40


async def entries(db: AsyncSession, ids: Collection[int]) -> Sequence[SearchEntry]:
    """Some entries."""
    return (await db.scalars(select(SearchEntry).where(SearchEntry.id.in_(ids)))).all()


async def talks(db: AsyncSession, ids: Collection[int]) -> dict[int, tuple[Conversation, ConversationReview | None]]:
    """Some conversations with what staff decided of them."""
    rows = await db.execute(
        select(Conversation, ConversationReview)
        .outerjoin(ConversationReview, ConversationReview.conversation_id == Conversation.id)
        .where(Conversation.id.in_(ids))
    )
    return {talk.id: (talk, review) for talk, review in rows}


async def texts(db: AsyncSession, turns: Collection[int], messages: Collection[int]) -> list[Any]:
    """What was said in some turns, and in some messages by themselves, in order."""
    rows = await db.execute(
        select(Message.id, Message.turn_id, Message.direction, Message.kind, Message.text)
        .where(or_(Message.turn_id.in_(turns), Message.id.in_(messages)))
        .order_by(Message.id)
    )
    return list(rows)


async def turns_in(db: AsyncSession, conversations: Collection[int]) -> dict[int, int]:
    """How many turns some conversations have."""
    rows = await db.execute(
        select(Turn.conversation_id, func.count())
        .where(Turn.conversation_id.in_(conversations))
        .group_by(Turn.conversation_id)
    )
    return {row[0]: row[1] for row in rows}


async def tags_of(db: AsyncSession, conversations: Collection[int]) -> dict[int, list[tuple[str, str]]]:
    """The tags of some conversations, by key and as they are read."""
    found: dict[int, list[tuple[str, str]]] = {}
    rows = await db.scalars(
        select(ConversationTag).where(ConversationTag.conversation_id.in_(conversations)).order_by(ConversationTag.at)
    )
    for row in rows:
        found.setdefault(row.conversation_id, []).append((row.key, row.tag))
    return found


async def tags(db: AsyncSession) -> list[tuple[str, str]]:
    """The tags that are used most, by key and as they are read."""
    rows = await db.execute(
        select(ConversationTag.key, func.min(ConversationTag.tag))
        .group_by(ConversationTag.key)
        .order_by(func.count().desc(), ConversationTag.key)
        .limit(_TAGS)
    )
    return [(row[0], row[1]) for row in rows]


async def views(db: AsyncSession, account_id: int) -> Sequence[SavedView]:
    """The saved views of somebody, and those that others share."""
    rows = await db.scalars(
        select(SavedView)
        .where(or_(SavedView.account_id == account_id, SavedView.shared))
        .order_by(SavedView.account_id != account_id, SavedView.name)
    )
    return rows.all()


# -- one conversation --------------------------------------------------------------------------------------------------


async def talk(db: AsyncSession, code: str) -> tuple[Conversation, str, ConversationReview | None] | None:
    """A conversation with the code of its person and what staff decided of it."""
    rows = await db.execute(
        select(Conversation, Person.code, ConversationReview)
        .join(Person, Person.id == Conversation.person_id)
        .outerjoin(ConversationReview, ConversationReview.conversation_id == Conversation.id)
        .where(Conversation.code == code)
    )
    found = rows.first()
    return (found[0], found[1], found[2]) if found else None


async def codes(db: AsyncSession, ids: Collection[int]) -> dict[int, str]:
    """The codes of some conversations."""
    rows = await db.execute(select(Conversation.id, Conversation.code).where(Conversation.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


async def messages(
    db: AsyncSession, conversation_id: int, limit: int, to: int | None
) -> list[tuple[Message, Feedback | None]]:
    """The last messages of a conversation up to one, in order."""
    found = (
        select(Message, Feedback)
        .outerjoin(Feedback, Feedback.message_id == Message.id)
        .where(Message.conversation_id == conversation_id)
    )
    if to is not None:
        found = found.where(Message.id <= to)
    rows = await db.execute(found.order_by(Message.id.desc()).limit(limit))
    return [(row[0], row[1]) for row in rows][::-1]


async def message_after(db: AsyncSession, entry: SearchEntry, so_many: int) -> int | None:
    """The message that comes so many after what was found; the last one where there are fewer."""
    at = Message.turn_id == entry.turn_id if entry.turn_id else Message.id == entry.message_id
    first = await db.scalar(select(func.min(Message.id)).where(at))
    later = (
        select(Message.id)
        .where(Message.conversation_id == entry.conversation_id, Message.id >= (first or 0))
        .order_by(Message.id)
        .limit(so_many)
    )
    return max((await db.scalars(later)).all(), default=None)


async def turns(db: AsyncSession, ids: Collection[int]) -> dict[int, Turn]:
    """Some turns."""
    return {turn.id: turn for turn in await db.scalars(select(Turn).where(Turn.id.in_(ids)))}


async def shown_choices(db: AsyncSession, message_ids: Collection[int]) -> dict[str, PressableChoice]:
    """What could be pressed under some messages, by token."""
    rows = await db.scalars(select(PressableChoice).where(PressableChoice.message_id.in_(message_ids)))
    return {row.token: row for row in rows}


async def notes(db: AsyncSession, conversation_id: int, deleted_since: datetime) -> Sequence[ConversationNote]:
    """The notes on a conversation, with those that were deleted lately."""
    there = or_(ConversationNote.deleted_at.is_(None), ConversationNote.deleted_at >= deleted_since)
    rows = await db.scalars(
        select(ConversationNote)
        .where(ConversationNote.conversation_id == conversation_id, there)
        .order_by(ConversationNote.id)
    )
    return rows.all()


async def note_count(db: AsyncSession, conversation_id: int) -> int:
    """How many notes there are, counting every change of one."""
    which = and_(ConversationNote.conversation_id == conversation_id, ConversationNote.deleted_at.is_(None))
    return await db.scalar(select(func.coalesce(func.sum(ConversationNote.version), 0)).where(which)) or 0


async def last_entry(db: AsyncSession, conversation_id: int) -> tuple[int, str]:
    """The last entry of a conversation and its marks; 0 where nothing was said."""
    rows = await db.execute(
        select(SearchEntry.id, SearchEntry.marks)
        .where(SearchEntry.conversation_id == conversation_id)
        .order_by(SearchEntry.id.desc())
        .limit(1)
    )
    found = rows.first()
    return (found[0], found[1]) if found else (0, "")


async def mended(db: AsyncSession, turn_ids: Collection[int]) -> tuple[Sequence[Correction], Sequence[RegressionCase]]:
    """The corrections and cases that were made from some turns."""
    corrections = select(Correction).where(Correction.turn_id.in_(turn_ids)).order_by(Correction.id)
    cases = select(RegressionCase).where(RegressionCase.turn_id.in_(turn_ids)).order_by(RegressionCase.id)
    return (await db.scalars(corrections)).all(), (await db.scalars(cases)).all()


async def review_for_change(db: AsyncSession, conversation_id: int, by: str, at: datetime) -> ConversationReview:
    """What staff decided of a conversation, to be changed; nobody else changes it meanwhile."""
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    new = {
        "conversation_id": conversation_id, "version": 1, "reviewed_to": 0, "changed_by": by, "changed_at": at, "marks": "",
    }  # fmt: skip
    await db.execute(dialect.insert(ConversationReview).values(new).on_conflict_do_nothing())
    found = await db.scalars(
        select(ConversationReview)
        .where(ConversationReview.conversation_id == conversation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.one()


# -- who is there ------------------------------------------------------------------------------------------------------


async def look(db: AsyncSession, conversation_id: int, account_id: int, name: str, at: datetime) -> None:
    """Note that somebody has a conversation open."""
    dialect = postgresql if db.get_bind().dialect.name == "postgresql" else sqlite
    new = {"conversation_id": conversation_id, "account_id": account_id, "name": name, "seen_at": at}
    await db.execute(
        dialect.insert(ConversationViewing)
        .values(new)
        .on_conflict_do_update(index_elements=["conversation_id", "account_id"], set_={"seen_at": at, "name": name})
    )


async def leave(db: AsyncSession, conversation_id: int, account_id: int) -> None:
    """Note that somebody has closed it."""
    mine = and_(ConversationViewing.conversation_id == conversation_id, ConversationViewing.account_id == account_id)
    await db.execute(delete(ConversationViewing).where(mine))


async def others(db: AsyncSession, conversation_id: int, account_id: int, since: datetime) -> tuple[str, ...]:
    """Who else has a conversation open."""
    rows = await db.scalars(
        select(ConversationViewing.name)
        .where(ConversationViewing.conversation_id == conversation_id, ConversationViewing.seen_at >= since)
        .where(ConversationViewing.account_id != account_id)
        .order_by(ConversationViewing.name)
    )
    return tuple(rows.all())


async def drop_old(db: AsyncSession, notes_before: datetime, seen_before: datetime) -> None:
    """Delete for good the notes that were deleted before a moment, and who was there before another."""
    await db.execute(delete(ConversationNote).where(ConversationNote.deleted_at < notes_before))
    await db.execute(delete(ConversationViewing).where(ConversationViewing.seen_at < seen_before))


# -- what is sealed ----------------------------------------------------------------------------------------------------


async def has_sealed(db: AsyncSession, person_id: int) -> bool:
    """Whether a person left a contact with a session or with a question to the staff."""
    asked = select(Handover.id).where(Handover.person_id == person_id, Handover.contact.is_not(None))
    booked = select(Booking.id).join(BookingContact).where(Booking.person_id == person_id)
    return await db.scalar(asked.limit(1)) is not None or await db.scalar(booked.limit(1)) is not None


async def booked_contacts(db: AsyncSession, person_id: int) -> list[Any]:
    """The sessions of a person that have a contact: id, number and when."""
    rows = await db.execute(
        select(Booking.id, Booking.number, Booking.starts_at)
        .join(BookingContact, BookingContact.booking_id == Booking.id)
        .where(Booking.person_id == person_id)
        .order_by(Booking.starts_at)
    )
    return list(rows)


async def handed_contacts(db: AsyncSession, person_id: int) -> Sequence[Handover]:
    """The questions of a person to the staff that have a contact."""
    rows = await db.scalars(
        select(Handover).where(Handover.person_id == person_id, Handover.contact.is_not(None)).order_by(Handover.id)
    )
    return rows.all()


# -- corrections and cases ---------------------------------------------------------------------------------------------


async def latest_corrections(db: AsyncSession, before: int | None, limit: int) -> Sequence[Correction]:
    """Corrections, the latest first."""
    found = select(Correction).order_by(Correction.id.desc()).limit(limit)
    return (await db.scalars(found if before is None else found.where(Correction.id < before))).all()


async def latest_cases(db: AsyncSession, before: int | None, limit: int) -> Sequence[RegressionCase]:
    """Cases, the latest first."""
    found = select(RegressionCase).order_by(RegressionCase.id.desc()).limit(limit)
    return (await db.scalars(found if before is None else found.where(RegressionCase.id < before))).all()


async def counted(db: AsyncSession) -> tuple[int, int]:
    """How many corrections and how many cases hold."""
    corrections = select(func.count()).select_from(Correction).where(Correction.undone_at.is_(None))
    cases = select(func.count()).select_from(RegressionCase).where(RegressionCase.removed_at.is_(None))
    return await db.scalar(corrections) or 0, await db.scalar(cases) or 0


async def standing_corrections(db: AsyncSession) -> Sequence[Correction]:
    """All corrections that hold, in order: what training takes."""
    return (await db.scalars(select(Correction).where(Correction.undone_at.is_(None)).order_by(Correction.id))).all()


async def standing_cases(db: AsyncSession) -> Sequence[RegressionCase]:
    """All cases that hold, in order: what an evaluation runs."""
    found = select(RegressionCase).where(RegressionCase.removed_at.is_(None)).order_by(RegressionCase.id)
    return (await db.scalars(found)).all()


async def note_changed(
    db: AsyncSession, note_id: int, account_id: int, version: int, **values: Any
) -> ConversationNote | None:
    """Change somebody's own note as it was in a version; None if it is another one now."""
    return await db.scalar(
        update(ConversationNote)
        .where(ConversationNote.id == note_id, ConversationNote.account_id == account_id)
        .where(ConversationNote.version == version)
        .values(version=version + 1, **values)
        .returning(ConversationNote),
        execution_options={"synchronize_session": False},
    )
