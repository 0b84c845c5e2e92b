"""The inbox: every message of every channel goes through here, is written down first, and is answered once.

A crash between any two steps leaves a turn that `recover` picks up: the message is stored before anybody works on it,
the engine runs a message once however often it is sent, and replies are stored in the transaction that closes the turn.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from weakref import WeakValueDictionary

from aiohttp import ClientSession
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.base import Inbound, Sender, Shown
from bot.clock import Clock, clock_from
from bot.conversations import guarding, queries, rules, wording
from bot.conversations.commands import Meant, meant
from bot.conversations.engine import Engine, EngineFailed, EngineUnavailable, TurnResult
from bot.conversations.guarding import Guarded
from bot.conversations.masking import joined, mask
from bot.conversations.messages import put
from bot.conversations.own_words import OwnWords
from bot.conversations.tables import Conversation, Feedback, Identity, Message, Person, Turn
from bot.outbox.addresses import Addresses
from bot.outbox.keeping import keep_address
from bot.reply import Reply
from bot.review import search_index
from bot.settings import Settings
from bot.store import Sessions
from bot.text.scams import signs_in

logger = logging.getLogger(__name__)

HISTORY = 200  # messages a channel gets at most after a reload
RECOVERY_PERIOD = 2.0  # seconds between two looks for turns that wait
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

KeepPrivate = Callable[[int, dict[str, Any], str], Awaitable[None]]
"""Takes what a person wrote before it is masked, with the person and what the dialogue is about."""

Deliver = Callable[[Shown], Awaitable[None]]
"""Hands a stored message to whoever shows that conversation."""


class UnknownChoice(Exception):
    """A token that was not shown to this person."""


class NotRateable(Exception):
    """A message that is not theirs to rate."""


@dataclass(frozen=True)
class Received:
    """A message that is written down. `repeated`: it was here before, and nothing new was done."""

    message: Shown
    conversation_id: int
    turn_id: int
    repeated: bool


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
        self._sessions, self._clock, self._engine = sessions, clock, engine
        self._quiet, self._own_words = quiet, OwnWords(sessions, clock)
        self._hold_after, self._limit = hold_after, message_limit
        self._keep_private, self._addresses = keep_private, addresses
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

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
        engine = Engine(http, settings.engine_url, settings.engine_secret, timeout=settings.engine_timeout)
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

    # -- in --------------------------------------------------------------------------------------------------------

    async def receive(self, inbound: Inbound) -> Received:
        """Write a message down, masked, with a turn that waits for its answer; a repeat changes nothing.

        Raises TooLong or UnknownChoice; then nothing is stored.
        """
        said = meant(inbound)
        raw = rules.clean(said.text, limit=self._limit)
        text = mask(raw)
        if text != raw and self._keep_private:
            await self._hand_over(inbound.sender, raw, self._keep_private)
        received, mended = await _again_if_raced(lambda: self._receive(inbound, replace(said, text=text)))
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
            conversation = await self._conversation(db, inbound.sender)
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

    async def _conversation(self, db: AsyncSession, sender: Sender) -> Conversation:
        """The conversation the sender is in, made with the person where there is none."""
        known_as = digest(sender)
        identity = await queries.identity(db, sender.channel, known_as)
        if identity is None:
            now = self._clock()
            person = Person(code=_code(), created_at=now)
            db.add(person)
            await db.flush()
            identity = Identity(person_id=person.id, channel=sender.channel, sender=known_as, created_at=now)
            db.add(identity)
            await db.flush()
        conversation = await queries.latest_conversation(db, identity.id)
        return conversation or await self._begin(db, identity)

    async def _begin(self, db: AsyncSession, identity: Identity) -> Conversation:
        now = self._clock()
        conversation = Conversation(
            code=secrets.token_hex(8),
            person_id=identity.person_id,
            identity_id=identity.id,
            channel=identity.channel,
            started_at=now,
            last_at=now,
        )
        db.add(conversation)
        await db.flush()
        return conversation

    async def restart(self, sender: Sender, key: str) -> str:
        """Begin a new conversation with nothing of the old one in mind; its code. The same key again changes nothing."""
        return await _again_if_raced(lambda: self._restart(sender, key))

    async def _restart(self, sender: Sender, key: str) -> str:
        code = hashlib.sha256(f"{digest(sender)} {key}".encode()).hexdigest()[:16]
        async with self._sessions.begin() as db:
            current = await self._conversation(db, sender)
            if await queries.conversation_by_code(db, code) is not None:
                return current.code
            identity = await db.get_one(Identity, current.identity_id)
            (await self._begin(db, identity)).code = code
        return code

    # -- out -------------------------------------------------------------------------------------------------------

    async def answer(self, conversation_id: int, deliver: Deliver) -> None:
        """Answer every waiting turn of a conversation, in order, one at a time; many transactions.

        `deliver` gets each reply once it is stored. What cannot be answered now stays for `recover`.
        """
        lock = self._locks.setdefault(conversation_id, asyncio.Lock())
        async with lock:
            while await self._answer_first(conversation_id, deliver):
                pass

    async def _answer_first(self, conversation_id: int, deliver: Deliver) -> bool:
        """Answer the oldest open turn; False when there is none or it has to wait."""
        now = self._clock()
        async with self._sessions() as db:
            first = await queries.first_open_turn(db, conversation_id)
        if first is None or (first.state == "waiting" and first.retry_at > now):
            return False
        async with self._sessions.begin() as db:
            turn = await queries.claim(db, first.id, now=now, until=now + rules.CLAIM_FOR)
            if turn is None:
                return False
            message, conversation = await queries.incoming(db, turn.id)
            guarded, line = await guarding.look(db, turn, message, conversation, now=now, quiet=self._quiet)
        if line:
            await deliver(line)
        if guarded:
            await self._close(turn, conversation, None, "reply", deliver, guarded=guarded)
            return True
        if (own := await self._own_words.said(turn, conversation, message)) is not None:
            await self._close(turn, conversation, own.reply, "reply", deliver)
            for told in own.told:  # on another channel of theirs
                await deliver(told)
            return True
        try:
            result = await self._ask(turn, conversation, message, deliver)
        except EngineUnavailable as error:
            return await self._put_off(turn, conversation, error, deliver)
        except EngineFailed as error:
            logger.error("turn %s failed: %s", turn.id, error)
            apology = wording.apology(await self._last_out(conversation_id))
            await self._close(turn, conversation, apology, "apology", deliver)
            return True
        await self._close(turn, conversation, result.reply, "reply", deliver, result, said=message.text)
        return True

    async def _ask(self, turn: Turn, conversation: Conversation, message: Message, deliver: Deliver) -> TurnResult:
        """The engine's answer; says that it takes a while when it does."""
        asked = asyncio.ensure_future(
            self._engine.turn(
                sender=conversation.code,
                message_id=f"t{turn.id}",
                at=message.at,
                text=None if turn.payload else message.text,
                payload=turn.payload,
            )
        )
        working = asyncio.create_task(self._say_still_there(turn))
        try:
            done, _ = await asyncio.wait({asked}, timeout=self._hold_after)
            if not done:
                await self._hold(turn, conversation, deliver)
            return await asked
        finally:
            asked.cancel()
            working.cancel()

    async def _say_still_there(self, turn: Turn) -> None:
        """Keep the claim on a turn as long as this process works on it."""
        while True:
            await asyncio.sleep(rules.CLAIM_AGAIN.total_seconds())
            async with self._sessions.begin() as db:
                await queries.keep_claim(db, turn.id, turn.attempts, until=self._clock() + rules.CLAIM_FOR)

    async def _last_out(self, conversation_id: int) -> str | None:
        async with self._sessions() as db:
            return await queries.last_out(db, conversation_id)

    async def _put_off(
        self, turn: Turn, conversation: Conversation, error: EngineUnavailable, deliver: Deliver
    ) -> bool:
        """Leave the turn for later, or give it up when it is too old; True when it is closed."""
        now = self._clock()
        logger.warning("turn %s, attempt %s: the engine cannot answer: %s", turn.id, turn.attempts, error)
        if now - turn.received_at > rules.HOLD_FOR:
            apology = wording.apology(await self._last_out(conversation.id))
            await self._close(turn, conversation, apology, "apology", deliver)
            return True
        async with self._sessions.begin() as db:
            stored = await db.get(Turn, turn.id)
            if stored is None:  # deleted meanwhile with its person
                return False
            stored.state, stored.retry_at = "waiting", now + rules.retry_after(turn.attempts)
        await self._hold(turn, conversation, deliver)
        return False

    async def _hold(self, turn: Turn, conversation: Conversation, deliver: Deliver) -> None:
        """Tell the person once that their message is kept."""
        async with self._sessions.begin() as db:
            if await db.get(Turn, turn.id) is None or await queries.was_held(db, turn.id):
                return
            last = await queries.last_out(db, conversation.id)
            message = await put(db, conversation, wording.holding(last), "holding", at=self._clock(), turn_id=turn.id)
            held = queries.shown(message, conversation.code)
        await deliver(held)

    async def _close(
        self,
        turn: Turn,
        conversation: Conversation,
        reply: Reply | None,
        kind: str,
        deliver: Deliver,
        result: TurnResult | None = None,
        *,
        said: str = "",
        guarded: Guarded | None = None,
    ) -> None:
        """Store the reply and what was understood, close the turn, then deliver. What is `guarded` has its own reply."""
        now = self._clock()
        async with self._sessions.begin() as db:
            stored = await db.get(Turn, turn.id, with_for_update=True)
            if stored is None or stored.state not in queries.OPEN:  # deleted with its person, or closed by another
                return
            conversation = await db.get_one(Conversation, conversation.id)  # whose person was joined with another since
            stored.state = "failed" if kind == "apology" else "answered"
            stored.answered_at, stored.claimed_until = now, None
            stored.milliseconds = round((now - stored.received_at).total_seconds() * 1000)
            if result:
                stored.intent, stored.confidence, stored.ranking = result.intent, result.confidence, result.ranking
                stored.slots, stored.actions = result.slots, result.actions
                guarded = await guarding.over(db, result, said, conversation, turn.payload)
            last = await queries.last_out(db, conversation.id)
            if guarded:
                await guarding.put_down(db, stored, conversation, guarded, now)
                reply = guarded.reply(last)
            await queries.touch(db, conversation.id, now)
            if reply is None:
                await search_index.understood(db, conversation, stored)
                return
            if known := reply.knowledge:
                stored.outcome, stored.aspect, stored.answer_version = known.outcome, known.aspect, known.version
                stored.offered = list(known.topics) if known.outcome == "offered" else None
                stored.topic = known.topics[0] if known.outcome == "served" else None
            reply = wording.unlike(reply, last)
            if stored.outcome == "refused" or kind == "apology":
                reply = await guarding.after_a_miss(db, stored, reply)
            message = await put(db, conversation, reply, kind, at=now, turn_id=turn.id)
            closed = queries.shown(message, conversation.code)
        await deliver(closed)

    # -- for channels ----------------------------------------------------------------------------------------------

    async def greet(self, sender: Sender) -> Shown | None:
        """The greeting, stored with its choices, for a person whose conversation is empty; None for others."""
        return await _again_if_raced(lambda: self._greet(sender))

    async def _greet(self, sender: Sender) -> Shown | None:
        async with self._sessions.begin() as db:
            conversation = await self._conversation(db, sender)
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
            return (await self._conversation(db, sender)).code

    async def history(self, sender: Sender, after: int) -> tuple[str, str, list[Shown], bool]:
        """The code of the sender's conversation and of their person, its messages after one, and whether more were."""
        async with self._sessions.begin() as db:
            conversation = await self._conversation(db, sender)
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

    async def recover(self, deliver: Deliver) -> int:
        """Answer what waits and is due, or was left by a gateway that died; how many conversations were looked at."""
        async with self._sessions() as db:
            due = await queries.conversations_to_answer(db, self._clock())
        for conversation_id in due:
            await self.answer(conversation_id, deliver)
        return len(due)


async def _again_if_raced[T](job: Callable[[], Awaitable[T]]) -> T:
    """The job's result; once more when a constraint refused it because somebody wrote the same at the same moment."""
    try:
        return await job()
    except IntegrityError:
        return await job()


def digest(sender: Sender) -> str:
    """How a sender is known in the record."""
    return hashlib.sha256(f"{sender.channel}:{sender.id}".encode()).hexdigest()


def _code() -> str:
    """A code for a person that can be read out on the telephone."""
    letters = [secrets.choice(_ALPHABET) for _ in range(8)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"
