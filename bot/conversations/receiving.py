"""Messages on their way in: masked, written down, and given a turn that waits for its answer."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.base import Inbound, Sender, Shown
from bot.clock import Clock
from bot.conversations import queries, rules
from bot.conversations.commands import Meant, meant
from bot.conversations.engine import Engine, EngineUnavailable
from bot.conversations.masking import joined, mask
from bot.conversations.senders import again_if_raced, conversation_of, digest
from bot.conversations.tables import Conversation, Message, Turn
from bot.outbox.addresses import Addresses
from bot.outbox.keeping import keep_address
from bot.review import search_index
from bot.store import Sessions
from bot.text.scams import signs_in

logger = logging.getLogger(__name__)

KeepPrivate = Callable[[int, dict[str, Any], str], Awaitable[None]]
"""Takes what a person wrote before it is masked, with the person and what the dialogue is about."""


class UnknownChoice(Exception):
    """A token that was not shown to this person."""


@dataclass(frozen=True)
class Received:
    """A message that is written down. `repeated`: it was here before, and nothing new was done."""

    message: Shown
    conversation_id: int
    turn_id: int
    repeated: bool


class Receiving:
    """Takes messages in. The engine is only told where an earlier message has to be masked."""

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        engine: Engine,
        *,
        message_limit: int,
        keep_private: KeepPrivate | None,
        addresses: Addresses | None,
    ) -> None:
        self._sessions, self._clock, self._engine = sessions, clock, engine
        self._limit, self._keep_private, self._addresses = message_limit, keep_private, addresses

    async def receive(self, inbound: Inbound) -> Received:
        """Write a message down, masked, with a turn that waits for its answer; a repeat changes nothing.

        Raises TooLong or UnknownChoice; then nothing is stored.
        """
        said = meant(inbound)
        raw = rules.clean(said.text, limit=self._limit)
        text = mask(raw)
        if text != raw and self._keep_private:
            await self._hand_over(inbound.sender, raw, self._keep_private)
        received, mended = await again_if_raced(lambda: self._receive(inbound, replace(said, text=text)))
        if mended:
            await self._mend_dialogue(received.message.conversation, mended)
        return received

    async def _hand_over(self, sender: Sender, raw: str, keep: KeepPrivate) -> None:
        """Give personal numbers to whoever asked for them, before they are masked for good.

        Before the message is stored: sent again after a crash it is handed over again, which changes nothing.
        """
        async with self._sessions() as db:
            identity = await queries.identity(db, sender.channel, digest(sender))
            talk = await queries.latest_conversation(db, identity.id) if identity else None
            slots = await queries.latest_slots(db, talk.id) if talk else None
        if talk and slots:
            await keep(talk.person_id, slots, raw)

    async def _mend_dialogue(self, conversation: str, mended: dict[str, str]) -> None:
        """Have the engine see earlier messages as they are stored now, as soon as it can be reached.

        Where it cannot, it keeps the few digits that were no number by themselves; the rest it is never sent.
        """
        try:
            await self._engine.mend(conversation, mended)
        except EngineUnavailable as error:
            logger.warning("%s: earlier messages could not be masked in the engine: %s", conversation, error)

    async def _receive(self, inbound: Inbound, said: Meant) -> tuple[Received, dict[str, str]]:
        """The message, and what earlier ones became by it, by the id under which the engine has them."""
        async with self._sessions.begin() as db:
            conversation = await conversation_of(db, inbound.sender, self._clock())
            if self._addresses is not None:
                await keep_address(db, self._addresses, conversation.identity_id, inbound, self._clock())
            if (known := await queries.message_by_key(db, conversation.identity_id, inbound.key)) is not None:
                return self._repeat(known, await db.get_one(Conversation, known.conversation_id)), {}
            mended: dict[str, str] = {}
            if inbound.token is not None:
                pressed = await queries.choice(db, inbound.token, conversation.identity_id)
                if pressed is None:
                    raise UnknownChoice(inbound.token)
                said = Meant(pressed.label, pressed.payload)
            elif said.payload is None and said.kind is None:
                text, mended = await self._with_parts(db, conversation, said.text)
                said = Meant(text)
            return await self._write(db, conversation, inbound, said), mended

    async def _with_parts(self, db: AsyncSession, conversation: Conversation, text: str) -> tuple[str, dict[str, str]]:
        """Mask a number that came in several messages, in this one and in those that are stored."""
        earlier = await queries.latest_typed(db, conversation.id, since=self._clock() - rules.PARTS_WITHIN)
        together = joined([message.text for message in earlier], text)
        mended = {}
        for message, becomes in zip(earlier, together.earlier, strict=True):
            if message.text != becomes:
                message.text = becomes
                mended[f"t{message.turn_id}"] = becomes
        if mended:
            await search_index.mended(db, [message.turn_id for message in earlier if message.turn_id])
        return together.text, mended

    async def _write(self, db: AsyncSession, conversation: Conversation, inbound: Inbound, said: Meant) -> Received:
        now, text, payload = self._clock(), said.text, said.payload
        turn = Turn(
            conversation_id=conversation.id, state="waiting", payload=payload, received_at=now, retry_at=now, attempts=0
        )
        if payload is None and (signs := signs_in(text)):
            turn.scam_signs = [{"name": sign.name, "words": sign.words} for sign in signs]
        db.add(turn)
        await db.flush()
        message = Message(
            conversation_id=conversation.id,
            identity_id=conversation.identity_id,
            turn_id=turn.id,
            direction="in",
            kind=said.kind or ("choice" if payload else "text"),
            key=inbound.key,
            text=text,
            at=now,
        )
        db.add(message)
        await db.flush()
        await search_index.heard(db, conversation, turn, message)
        return Received(queries.shown(message, conversation.code), conversation.id, turn.id, repeated=False)

    @staticmethod
    def _repeat(message: Message, conversation: Conversation) -> Received:
        return Received(
            queries.shown(message, conversation.code), message.conversation_id, message.turn_id or 0, repeated=True
        )
