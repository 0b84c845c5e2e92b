"""Turns on their way out: each is answered once, by guard, by ourselves or by the engine; what cannot be answered waits."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from weakref import WeakValueDictionary

from bot.channels.base import Shown
from bot.clock import Clock
from bot.conversations import guarding, queries, rules, wording
from bot.conversations.engine import Engine, EngineFailed, EngineUnavailable, TurnResult
from bot.conversations.guarding import Guarded
from bot.conversations.messages import put
from bot.conversations.own_words import OwnWords
from bot.conversations.tables import Conversation, Message, Turn
from bot.reply import Reply
from bot.review import search_index
from bot.store import Sessions
from bot.tasks import let_go

logger = logging.getLogger(__name__)

RECOVERY_PERIOD = 2.0  # seconds between two looks for turns that wait

Deliver = Callable[[Shown], Awaitable[None]]
"""Hands a stored message to whoever shows that conversation."""


class Answering:
    """Answers turns that wait, those of one conversation in order."""

    def __init__(
        self, sessions: Sessions, clock: Clock, engine: Engine, *, hold_after: float, quiet: timedelta
    ) -> None:
        self._sessions, self._clock, self._engine = sessions, clock, engine
        self._hold_after, self._quiet = hold_after, quiet
        self._own_words = OwnWords(sessions, clock)
        self._locks: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()

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
            await let_go(asked, working)

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

    async def recover(self, deliver: Deliver) -> int:
        """Answer what waits and is due, or was left by a gateway that died; how many conversations were looked at."""
        async with self._sessions() as db:
            due = await queries.conversations_to_answer(db, self._clock())
        for conversation_id in due:
            await self.answer(conversation_id, deliver)
        return len(due)
