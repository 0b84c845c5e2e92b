"""What is said without the engine: the greeting, a kind word to what has no words in it, joining channels, hosts' commands."""

from __future__ import annotations

from bot.clock import Clock
from bot.conversations import queries, rules, wording
from bot.conversations.commands import GREET
from bot.conversations.tables import Conversation, Message, Turn
from bot.linking.talk import LinkingTalk, Said
from bot.radio.pull.talk import HostTalk
from bot.store import Sessions


class OwnWords:
    """Looks at every turn before the engine does."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions = sessions
        self._linking = LinkingTalk(sessions, clock)
        self._hosts = HostTalk(sessions, clock)

    async def said(self, turn: Turn, conversation: Conversation, message: Message) -> Said | None:
        """The answer to a turn; None where it is the engine's."""
        if turn.payload == GREET:
            return Said(wording.GREETING)
        if message.kind == "media":
            return Said(wording.media(message.text, await self._last_out(conversation.id)))
        if turn.payload is None and (kind := rules.wordless(message.text)):
            return Said(wording.wordless(kind, await self._last_out(conversation.id)))
        if turn.payload is None:
            told = await self._hosts.said(conversation.identity_id, conversation.channel, message.text)
            if told is not None:
                return Said(told)
        return await self._linking.said(conversation, message.text, turn.payload)

    async def _last_out(self, conversation_id: int) -> str | None:
        async with self._sessions() as db:
            return await queries.last_out(db, conversation_id)
