"""Telling somebody something unasked: a reminder, a new posting, an answer that came later."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from bot.care.queries import is_stopped
from bot.channels.base import Shown
from bot.clock import Clock
from bot.conversations import queries
from bot.conversations.messages import put
from bot.linking.queries import present
from bot.reply import Reply
from bot.store import Sessions


class Telling:
    """Puts messages into conversations without anybody having asked; each is one transaction."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def tell_identity(self, identity_id: int, reply: Reply, key: str) -> Shown | None:
        """Tell somebody where they asked for it; None when it was told before under that key, they are gone, or staff
        have not yet released them after danger."""
        try:
            return await self._tell(identity_id, reply, key)
        except IntegrityError:  # another process told it at the same moment
            return None

    async def tell_person(self, person_id: int, reply: Reply, key: str) -> Shown | None:
        """Tell somebody where they last talked with us, on whichever of their channels; None as above.

        Who is no more because two channels were joined meanwhile is told as who they are now.
        """
        async with self._sessions() as db:
            person = await present(db, person_id)
            identity = await queries.latest_identity(db, person) if person is not None else None
        return await self.tell_identity(identity, reply, key) if identity is not None else None

    async def _tell(self, identity_id: int, reply: Reply, key: str) -> Shown | None:
        async with self._sessions.begin() as db:
            conversation = await queries.latest_conversation(db, identity_id)
            if conversation is None or await queries.told_already(db, conversation.person_id, key):
                return None
            if await is_stopped(db, conversation.person_id):  # somebody in danger is not reminded of a job fair
                return None
            message = await put(db, conversation, reply, "reply", at=self._clock(), key=key)
            return queries.shown(message, conversation.code)
