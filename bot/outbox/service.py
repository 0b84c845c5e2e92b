"""What a gateway does with the outbox: claims what is due, notes what is out, lets be what cannot be sent."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.base import PRESSED_ONCE, Outgoing, Sender, Shown, Spoken
from bot.clock import Clock
from bot.conversations.queries import shown
from bot.conversations.senders import digest
from bot.conversations.tables import Conversation, Message
from bot.outbox import queries, rules
from bot.outbox.addresses import Addresses
from bot.outbox.tables import Address, Delivery, Lease
from bot.store import Sessions


@dataclass(frozen=True)
class Claimed:
    """A message that this gateway sends now."""

    channel: str
    identity_id: int
    attempt: int
    outgoing: Outgoing

    @property
    def message_id(self) -> int:
        """The message's number."""
        return self.outgoing.message.id


@dataclass(frozen=True)
class DeadLetter:
    """A message that was not sent: whose (by code), where, when it was said, and why it was not."""

    person: str
    channel: str
    at: datetime
    reason: str | None


@dataclass(frozen=True)
class Letter:
    """A message that was not sent, or is tried again and again: as staff see it, without its words."""

    message_id: int
    person: str
    channel: str
    at: datetime
    state: str
    attempts: int
    reason: str | None
    may_retry: bool


class Outbox:
    """Each method is one transaction unless it says otherwise."""

    def __init__(self, sessions: Sessions, clock: Clock, addresses: Addresses, *, holder: str | None = None) -> None:
        self._sessions, self._clock, self._addresses = sessions, clock, addresses
        self._holder = holder or uuid.uuid4().hex

    # -- sending -------------------------------------------------------------------------------------------------------

    async def claim(self, channels: Sequence[str]) -> Claimed | None:
        """Take the next message that is due; None when nothing is. One transaction for each that is looked at."""
        async with self._sessions() as db:
            due = await queries.due(db, channels, self._clock())
        for message_id in due:
            async with self._sessions.begin() as db:
                if (found := await self._claim(db, message_id)) is not None:
                    return found
        return None

    async def _claim(self, db: AsyncSession, message_id: int) -> Claimed | None:
        now = self._clock()
        delivery = await queries.claim(db, message_id, now=now, until=now + rules.CLAIM_FOR)
        if delivery is None:
            return None
        message, conversation, identity = await queries.message_with_place(db, message_id)
        kept = await queries.address(db, identity.id)
        address = self._addresses.open_(identity.id, kept.sealed) if kept else None
        why = None
        if kept is None:
            why = rules.NO_ADDRESS
        elif kept.left_at is not None:
            why = rules.LEFT
        elif address is None:
            why = rules.SEALED
        elif now - message.at > rules.give_up_after(fetches=await self._fetches(db, kept, identity.id)):
            why = rules.TOO_OLD
        if why or kept is None or address is None:
            stored = await db.get_one(Delivery, message_id, populate_existing=True)
            stored.state, stored.reason, stored.claimed_until = "dead", why, None
            return None
        question = await queries.question_of(db, message.turn_id) if message.turn_id else None
        outgoing = Outgoing(
            message=shown(message, conversation.code),
            person=identity.person_id,
            address=address,
            shared=kept.shared,
            done=tuple(delivery.refs),
            instead_of=await self._instead_of(db, message, question),
            answers=question.key if question else None,
        )
        return Claimed(identity.channel, identity.id, delivery.attempts, outgoing)

    async def _fetches(self, db: AsyncSession, kept: Address, identity_id: int) -> bool:
        """Whether the person's platform fetches what waits for them, with their next word."""
        return kept.fetched_until is not None or await queries.latest_handed_out(db, identity_id) is not None

    async def _instead_of(self, db: AsyncSession, message: Message, question: Message | None) -> tuple[str, ...]:
        """What the page of the same list is called that a press on it turns over, as long as it is the last thing said."""
        same = (message.body or {}).get("list")
        if not same or question is None or not (question.key or "").startswith(PRESSED_ONCE):
            return ()
        before = await queries.offering(db, (question.key or "").removeprefix(PRESSED_ONCE), message.identity_id)
        if before is None or (before[0].body or {}).get("list") != same:
            return ()
        if await queries.said_between(db, message.conversation_id, before[0].id, question.id):
            return ()
        delivery = await queries.delivery(db, before[0].id)
        return tuple(delivery.refs) if delivery else ()

    async def note(self, claimed: Claimed, ref: str) -> None:
        """A part of it is out; the claim lasts longer."""
        async with self._sessions.begin() as db:
            delivery = await queries.claimed(db, claimed.message_id, claimed.attempt)
            if delivery is not None:
                delivery.refs = [*delivery.refs, ref]
                delivery.claimed_until = self._clock() + rules.CLAIM_FOR

    async def sent(self, claimed: Claimed) -> None:
        """All of it is out."""
        async with self._sessions.begin() as db:
            if (delivery := await queries.claimed(db, claimed.message_id, claimed.attempt)) is not None:
                delivery.state, delivery.sent_at, delivery.claimed_until = "sent", self._clock(), None

    async def put_off(self, claimed: Claimed, seconds: float | None = None) -> None:
        """Try it again later: after so many seconds, or by the number of attempts."""
        wait = rules.retry_after(claimed.attempt) if seconds is None else timedelta(seconds=seconds)
        async with self._sessions.begin() as db:
            if (delivery := await queries.claimed(db, claimed.message_id, claimed.attempt)) is not None:
                delivery.state, delivery.next_at, delivery.claimed_until = "waiting", self._clock() + wait, None

    async def refused(self, claimed: Claimed, why: str) -> None:
        """It will never be taken."""
        async with self._sessions.begin() as db:
            if (delivery := await queries.claimed(db, claimed.message_id, claimed.attempt)) is not None:
                delivery.state, delivery.reason, delivery.claimed_until = "dead", why[:60], None

    # -- people and places ---------------------------------------------------------------------------------------------

    async def gone(self, claimed: Claimed) -> None:
        """The person does not want to be written to: nothing more is sent until they write again."""
        async with self._sessions.begin() as db:
            await self._left(db, claimed.identity_id)

    async def away(self, sender: Sender) -> None:
        """The same, as the platform tells it; nothing for a stranger."""
        async with self._sessions.begin() as db:
            identity = await queries.identity_of(db, sender.channel, digest(sender))
            if identity is not None:
                await self._left(db, identity.id)

    async def _left(self, db: AsyncSession, identity_id: int) -> None:
        if (kept := await queries.address(db, identity_id)) is not None:
            kept.left_at = self._clock()
        await queries.drop_open(db, identity_id, rules.LEFT)

    async def moved(self, channel: str, old: str, new: str) -> None:
        """A shared address is another one now: whoever is known by it is known by the new one."""
        async with self._sessions.begin() as db:
            for kept, identity in await queries.addresses_shared(db, channel):
                address = self._addresses.open_(identity.id, kept.sealed)
                if address is None or address.partition(" ")[0] != old:
                    continue
                kept.sealed = self._addresses.seal(identity.id, new + address.removeprefix(old))
                known_as = digest(Sender(channel, new + address.removeprefix(old)))
                if await queries.identity_of(db, channel, known_as) is None:
                    identity.sender = known_as

    async def offered(self, sender: Sender, token: str) -> Shown | None:
        """The message in which a choice was shown to this sender."""
        async with self._sessions() as db:
            identity = await queries.identity_of(db, sender.channel, digest(sender))
            found: tuple[Message, Conversation] | None = (
                await queries.offering(db, token, identity.id) if identity else None
            )
            return shown(found[0], found[1].code) if found else None

    async def spoken(self, message_id: int) -> Spoken:
        """How much was sent to whom a message is for since they wrote last."""
        async with self._sessions() as db:
            message, _, _ = await queries.message_with_place(db, message_id)
            heard = await queries.heard_last(db, message.identity_id)
            if heard is None:
                return Spoken(None, 0)
            return Spoken(
                self._clock() - heard, sum(map(len, await queries.refs_since(db, message.identity_id, heard)))
            )

    async def counts(self) -> dict[tuple[str, str, str | None], int]:
        """Deliveries by channel, state and reason."""
        async with self._sessions() as db:
            return await queries.counts(db)

    async def dead(self, limit: int) -> list[DeadLetter]:
        """What was not sent, the latest first."""
        async with self._sessions() as db:
            return [DeadLetter(*row) for row in await queries.dead(db, limit)]

    # -- what staff do with what did not arrive ------------------------------------------------------------------------

    async def letters(self, *, limit: int = 50, offset: int = 0) -> tuple[list[Letter], int]:
        """What did not arrive, but for what was given up, the latest first; and how many in all."""
        now = self._clock()
        async with self._sessions() as db:
            rows, total = await queries.letters(db, limit, offset)
        return [Letter(*row, row.state == "dead" and rules.may_retry(row.reason, row.at, now)) for row in rows], total

    async def retry(self, message_id: int) -> None:
        """Try one again that was not sent. Raises NotSo where that cannot help, or somebody else was faster."""
        async with self._sessions.begin() as db:
            stored = await queries.delivery(db, message_id)
            if stored is None:
                raise rules.NotSo
            message, _, _ = await queries.message_with_place(db, message_id)
            if not rules.may_retry(stored.reason, message.at, self._clock()):
                raise rules.NotSo
            if not await queries.revive(db, message_id, self._clock()):
                raise rules.NotSo

    async def give_up(self, message_id: int) -> None:
        """Let one be for good. Raises NotSo where it is being sent, or is out."""
        async with self._sessions.begin() as db:
            if not await queries.give_up(db, message_id):
                raise rules.NotSo

    # -- alone ---------------------------------------------------------------------------------------------------------

    async def lease(self, name: str, seconds: float) -> bool:
        """Be the only gateway that does something, for so long; False where another one is."""
        now = self._clock()
        until = now + timedelta(seconds=seconds)
        try:
            async with self._sessions.begin() as db:
                if await queries.extend_lease(db, name, self._holder, now=now, until=until):
                    return True
                if await queries.lease(db, name) is not None:
                    return False
                db.add(Lease(name=name, holder=self._holder, until=until))
                await db.flush()
                return True
        except IntegrityError:  # another one was the first at the same moment
            return False

    async def release(self) -> None:
        """Leave to others at once what this gateway did alone."""
        async with self._sessions.begin() as db:
            await queries.release_leases(db, self._holder, self._clock())
