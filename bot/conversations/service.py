"""The inbox: every message of every channel goes through here, is written down first, and is answered once.

A crash between any two steps leaves a turn that `recover` picks up: the message is stored before anybody works on it,
the engine runs a message once however often it is sent, and replies are stored in the transaction that closes the turn.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from aiohttp import ClientSession

from bot.channels.base import Inbound, Sender, Shown
from bot.clock import Clock, clock_from
from bot.conversations import guarding, queries, wording
from bot.conversations.answering import Answering, Deliver
from bot.conversations.engine import Engine
from bot.conversations.masking import joined, mask
from bot.conversations.messages import put
from bot.conversations.receiving import KeepPrivate, Received, Receiving
from bot.conversations.senders import again_if_raced, begin, conversation_of, digest
from bot.conversations.tables import Feedback, Identity
from bot.outbox.addresses import Addresses
from bot.review import search_index
from bot.settings import Settings
from bot.store import Sessions

HISTORY = 200  # messages a channel gets at most after a reload


class NotRateable(Exception):
    """A message that is not theirs to rate."""


class Conversations:
    """What a person can do in a conversation; each method is one transaction unless it says otherwise."""

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        engine: Engine,
        *,
        hold_after: float,
        message_limit: int,
        quiet: timedelta = timedelta(minutes=30),
        keep_private: KeepPrivate | None = None,
        addresses: Addresses | None = None,
    ) -> None:
        self._sessions, self._clock = sessions, clock
        self._in = Receiving(
            sessions, clock, engine, message_limit=message_limit, keep_private=keep_private, addresses=addresses
        )
        self._out = Answering(sessions, clock, engine, hold_after=hold_after, quiet=quiet)

    @classmethod
    def of(
        cls,
        settings: Settings,
        sessions: Sessions,
        http: ClientSession,
        *,
        clock: Clock | None = None,
        keep_private: KeepPrivate | None = None,
    ) -> Conversations:
        """As the settings say: with their clock, limits and engine, which is reached over `http`."""
        engine = Engine.of(settings, http)
        return cls(
            sessions,
            clock or clock_from(settings.now),
            engine,
            hold_after=settings.hold_after,
            message_limit=settings.message_limit,
            quiet=timedelta(minutes=settings.staff_quiet_minutes),
            keep_private=keep_private,
            addresses=Addresses(settings.contact_secret),
        )

    async def receive(self, inbound: Inbound) -> Received:
        """Write a message down, masked, with a turn that waits for its answer; a repeat changes nothing.

        Raises TooLong or UnknownChoice; then nothing is stored.
        """
        return await self._in.receive(inbound)

    async def answer(self, conversation_id: int, deliver: Deliver) -> None:
        """Answer every waiting turn of a conversation, in order, one at a time; many transactions.

        `deliver` gets each reply once it is stored. What cannot be answered now stays for `recover`.
        """
        await self._out.answer(conversation_id, deliver)

    async def recover(self, deliver: Deliver) -> int:
        """Answer what waits and is due, or was left by a gateway that died; how many conversations were looked at."""
        return await self._out.recover(deliver)

    async def restart(self, sender: Sender, key: str) -> str:
        """Begin a new conversation with nothing of the old one in mind; its code. The same key again changes nothing."""
        return await again_if_raced(lambda: self._restart(sender, key))

    async def _restart(self, sender: Sender, key: str) -> str:
        code = hashlib.sha256(f"{digest(sender)} {key}".encode()).hexdigest()[:16]
        async with self._sessions.begin() as db:
            current = await conversation_of(db, sender, self._clock())
            if await queries.conversation_by_code(db, code) is not None:
                return current.code
            identity = await db.get_one(Identity, current.identity_id)
            (await begin(db, identity, self._clock())).code = code
        return code

    async def greet(self, sender: Sender) -> Shown | None:
        """The greeting, stored with its choices, for a person whose conversation is empty; None for others."""
        return await again_if_raced(lambda: self._greet(sender))

    async def _greet(self, sender: Sender) -> Shown | None:
        async with self._sessions.begin() as db:
            conversation = await conversation_of(db, sender, self._clock())
            if await queries.last_out(db, conversation.id) is not None:
                return None
            found, _ = await queries.messages_after(db, conversation, 0, 1)
            if found:
                return None
            greeting = await guarding.greeting(db, conversation.person_id, wording.GREETING)
            message = await put(db, conversation, greeting, "reply", at=self._clock())
            return queries.shown(message, conversation.code)

    async def person_of(self, sender: Sender) -> int | None:
        """The person behind a sender, None for a stranger."""
        async with self._sessions() as db:
            identity = await queries.identity(db, sender.channel, digest(sender))
            return identity.person_id if identity else None

    async def code_of(self, sender: Sender) -> str:
        """The code of the conversation the sender is in, which is begun where there is none."""
        async with self._sessions.begin() as db:
            return (await conversation_of(db, sender, self._clock())).code

    async def history(self, sender: Sender, after: int) -> tuple[str, str, list[Shown], bool]:
        """The code of the sender's conversation and of their person, its messages after one, and whether more were."""
        async with self._sessions.begin() as db:
            conversation = await conversation_of(db, sender, self._clock())
            messages, more = await queries.messages_after(db, conversation, after, HISTORY)
            return conversation.code, await queries.person_code(db, conversation.person_id), messages, more

    async def rate(
        self, sender: Sender, message_id: int, verdict: str, reasons: list[str], comment: str | None
    ) -> Shown | None:
        """Keep 👍 or 👎 for a reply, with reasons; a later word replaces the earlier. Raises NotRateable.

        After the second turn in a row that helped nobody, the offer of a person.
        """
        async with self._sessions.begin() as db:
            identity = await queries.identity(db, sender.channel, digest(sender))
            rated = await queries.rateable_message(db, message_id, identity.id) if identity else None
            if rated is None:
                raise NotRateable(message_id)
            await db.merge(
                Feedback(
                    message_id=message_id,
                    verdict=verdict,
                    reasons=reasons,
                    comment=joined((), mask(comment)).text if comment else None,
                    at=self._clock(),
                )
            )
            await search_index.rated(db, rated)
            return await guarding.after_a_thumb_down(db, rated, self._clock()) if verdict == "down" else None
