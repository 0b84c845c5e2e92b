"""Who somebody is, by the conversation they are in."""

from __future__ import annotations

from bot.conversations import queries
from bot.store import Sessions


class UnknownConversation(Exception):
    """No conversation has that code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"no conversation {code}")
        self.code = code


async def person_of(sessions: Sessions, code: str) -> int:
    """The id of the person in a conversation. Raises UnknownConversation."""
    async with sessions() as db:
        talk = await queries.conversation_by_code(db, code)
    if talk is None:
        raise UnknownConversation(code)
    return talk.person_id
