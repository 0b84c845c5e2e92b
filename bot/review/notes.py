"""What staff write on conversations: notes of their own, and filters under a name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.conversations.masking import joined as unmasked
from bot.conversations.masking import mask
from bot.review import queries, rules
from bot.review.rules import Changed, Filters, NotYours, TooLate, Unfit, Unknown
from bot.review.tables import ConversationNote, SavedView
from bot.store import Sessions


class Notes:
    """Each method is one transaction."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def note(self, code: str, text: str, by: str, account_id: int) -> int:
        """Write a note, masked; its id. Raises Unknown or Unfit."""
        text = masked(rules.clean_text("note", text, rules.NOTE_LIMIT))
        async with self._sessions.begin() as db:
            if (found := await queries.talk(db, code)) is None:
                raise Unknown
            row = ConversationNote(
                conversation_id=found[0].id, account_id=account_id, by=by, text=text, at=self._clock()
            )
            db.add(row)
            await db.flush()
            return row.id

    async def edit_note(self, note_id: int, text: str, account_id: int, version: int) -> None:
        """Put another text in the place of one's own note. Raises Unknown, NotYours, Unfit, or Changed with its text."""
        text = masked(rules.clean_text("note", text, rules.NOTE_LIMIT))
        await self._change_note(note_id, account_id, version, text=text, edited_at=self._clock())

    async def delete_note(self, note_id: int, account_id: int, version: int) -> None:
        """Delete one's own note; it can be put back for a while. Raises as above."""
        await self._change_note(note_id, account_id, version, deleted_at=self._clock())

    async def restore_note(self, note_id: int, account_id: int) -> None:
        """Put a deleted note of one's own back. Raises Unknown, NotYours or TooLate."""
        async with self._sessions.begin() as db:
            row = await self._own_note(db, note_id, account_id)
            if row.deleted_at is None:
                return
            if self._clock() - row.deleted_at > rules.UNDO_WITHIN:
                raise TooLate
            row.deleted_at, row.version = None, row.version + 1

    async def _change_note(self, note_id: int, account_id: int, version: int, **values: str | datetime) -> None:
        async with self._sessions.begin() as db:
            row = await self._own_note(db, note_id, account_id)
            if await queries.note_changed(db, note_id, account_id, version, **values) is None:
                raise Changed(row.by, "" if row.deleted_at else row.text, row.version)

    async def _own_note(self, db: AsyncSession, note_id: int, account_id: int) -> ConversationNote:
        row = await db.get(ConversationNote, note_id)
        if row is None:
            raise Unknown
        if row.account_id != account_id:
            raise NotYours
        return row

    # -- saved views -----------------------------------------------------------------------------------------------

    async def save_view(self, name: str, filters: Filters, *, shared: bool, by: str, account_id: int) -> None:
        """Keep filters under a name. Raises Unfit, also where one has that name already."""
        name = rules.clean_text("name", name, rules.VIEW_LIMIT)
        if not filters.any:
            raise Unfit("name", "nothing")
        try:
            async with self._sessions.begin() as db:
                db.add(
                    SavedView(
                        account_id=account_id, by=by, name=name, query=filters.query(), shared=shared, at=self._clock()
                    )
                )
        except IntegrityError as error:
            raise Unfit("name", "same") from error

    async def delete_view(self, view_id: int, account_id: int) -> SavedView:
        """Delete one's own saved view; what it was. Raises Unknown or NotYours."""
        async with self._sessions.begin() as db:
            view = await db.get(SavedView, view_id)
            if view is None:
                raise Unknown
            if view.account_id != account_id:
                raise NotYours
            await db.delete(view)
            return view

    async def tend(self) -> None:
        """Delete for good what was deleted long enough ago, and forget who had pages open."""
        now = self._clock()
        async with self._sessions.begin() as db:
            await queries.drop_old(db, now - rules.UNDO_WITHIN, now - 10 * rules.OPEN_FOR)


def masked(text: str) -> str:
    """A text of the staff's without personal numbers and names, as what people write is stored."""
    return unmasked((), mask(text)).text
