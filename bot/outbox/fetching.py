"""Answers that a platform fetches: it brings a message and takes along what waits for the person, in one and the same call.

All of it is in tables: the platform brings a message again, to whichever gateway, where it heard nothing in time.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.base import Fetched, Handed, Outgoing, Sender
from bot.clock import Clock
from bot.conversations.queries import shown
from bot.conversations.senders import digest
from bot.conversations.tables import Identity
from bot.guidance.contacts import Contacts
from bot.outbox import queries, rules
from bot.outbox.tables import HandedOut, Seen
from bot.store import Sessions

_CLOSED = (None, "answered", "failed")


class Raced(Exception):
    """Something that waited is on its way elsewhere."""


class Fetching:
    """Each method is one transaction. What was given is sealed: it may hold a person's links."""

    def __init__(self, sessions: Sessions, clock: Clock, secret: str) -> None:
        self._sessions, self._clock = sessions, clock
        self._seals = Contacts(secret, "handed-out")

    async def begin(self, sender: Sender, key: str, seconds: float) -> Handed:
        """The platform brings a message, and takes an answer to it for so long; what is known of the message.

        Nothing for a stranger: they are known once their message is taken.
        """
        return await _again_if_raced(lambda: self._begin(sender, key, seconds))

    async def _begin(self, sender: Sender, key: str, seconds: float) -> Handed:
        now = self._clock()
        async with self._sessions.begin() as db:
            identity = await self._identity(db, sender)
            if identity is None:
                return Handed()
            if (kept := await queries.address_alone(db, identity.id)) is not None:
                kept.fetched_until = now + timedelta(seconds=seconds)
            await queries.let_go_of_old(db, identity.id, now - rules.KEPT_TO_FETCH)
            row = await self._row(db, identity.id, key)
            row.tries += 1
            known = await queries.turn_state(db, identity.id, key) is not None
            last = await queries.latest_handed_out(db, identity.id)
            return Handed(row.tries, known, self._opened(row), self._opened(last))

    async def _row(self, db: AsyncSession, identity_id: int, key: str) -> HandedOut:
        row = await queries.handed_out(db, identity_id, key)
        if row is None:
            row = HandedOut(identity_id=identity_id, key=key, tries=0, at=self._clock())
            db.add(row)
            await db.flush()
        return row

    async def look(self, sender: Sender, key: str) -> Fetched:
        """What waits for a sender, and whether more is to come to their message."""
        async with self._sessions() as db:
            identity = await self._identity(db, sender)
            if identity is None:  # deleted
                return Fetched(answered=True)
            # first the state, then what waits: a reply is stored in the transaction that closes its turn
            answered = await queries.turn_state(db, identity.id, key) in _CLOSED
            if not answered:
                return Fetched(answered=False)
            return Fetched(answered, await self._waiting(db, identity, sender))

    async def waiting(self, sender: Sender) -> tuple[Outgoing, ...]:
        """What waits for a sender, in order."""
        async with self._sessions() as db:
            identity = await self._identity(db, sender)
            return await self._waiting(db, identity, sender) if identity is not None else ()

    async def _waiting(self, db: AsyncSession, identity: Identity, sender: Sender) -> tuple[Outgoing, ...]:
        found = []
        for _, message, conversation in await queries.waiting(db, identity.id):
            question = await queries.question_of(db, message.turn_id) if message.turn_id else None
            found.append(
                Outgoing(
                    message=shown(message, conversation.code),
                    person=identity.person_id,
                    address=sender.id,
                    answers=question.key if question else None,
                )
            )
        return tuple(found)

    async def hand_out(self, sender: Sender, key: str, form: dict[str, Any], messages: Sequence[int]) -> dict[str, Any]:
        """Note what is given to a message, with the messages that are out by it; what was given where it was before.

        Raises Raced where one of the messages does not wait any more; then nothing has changed.
        """
        return await _again_if_raced(lambda: self._hand_out(sender, key, form, messages))

    async def _hand_out(
        self, sender: Sender, key: str, form: dict[str, Any], messages: Sequence[int]
    ) -> dict[str, Any]:
        now = self._clock()
        async with self._sessions.begin() as db:
            identity = await self._identity(db, sender)
            if identity is None:
                return form
            kept = await queries.address_alone(db, identity.id)
            row = await self._row(db, identity.id, key)
            if (before := self._opened(row)) is not None:
                return before
            if messages and await queries.take(db, messages, now) != len(messages):
                raise Raced
            row.sealed, row.given_at = self._seals.seal(identity.id, json.dumps(form, ensure_ascii=False)), now
            if kept is not None and row.tries:
                kept.fetched_until = None
                await queries.send_now(db, identity.id, now)
            await queries.drop_handed_out(db, identity.id, now - rules.KEPT_FOR, but=key)
        return form

    async def is_fresh(self, number: str, content: str, seconds: float) -> bool:
        """Whether a number that is used once was not used for something else before."""
        return await _again_if_raced(lambda: self._is_fresh(_digest(number), _digest(content), seconds))

    async def _is_fresh(self, number: str, content: str, seconds: float) -> bool:
        now = self._clock()
        async with self._sessions.begin() as db:
            await queries.drop_seen(db, now)
            if (known := await queries.seen(db, number)) is not None:
                return known.content == content
            db.add(Seen(number=number, content=content, until=now + timedelta(seconds=seconds)))
        return True

    def _opened(self, row: HandedOut | None) -> dict[str, Any] | None:
        if row is None or row.sealed is None:
            return None
        return json.loads(self._seals.open_(row.identity_id, row.sealed))  # type: ignore[no-any-return]

    async def _identity(self, db: AsyncSession, sender: Sender) -> Identity | None:
        return await queries.identity_of(db, sender.channel, digest(sender))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


async def _again_if_raced[T](job: Callable[[], Awaitable[T]]) -> T:
    """The job's result; once more when a constraint refused it because another gateway wrote the same at that moment."""
    try:
        return await job()
    except IntegrityError:
        return await job()
