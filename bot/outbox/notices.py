"""Notices: what a platform sends to who has not written for long, one for each time that they said yes to one.

A yes is kept with the moment and what brought it, is used up before the platform is asked, and names the message that
it was used for: whoever tries that message again uses no other.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.channels.base import Consent, Sender, Use
from bot.clock import Clock
from bot.conversations.senders import digest
from bot.conversations.tables import Identity
from bot.outbox import notice_queries, queries, rules
from bot.outbox.tables import NoticeConsent
from bot.store import Sessions

ARRIVED = "success"


class Notices:
    """Each method is one transaction."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def said(self, sender: Sender, event: str, consents: Sequence[Consent]) -> bool:
        """Keep what somebody said to notices; brought again it is the same. False for a stranger: nothing is kept.

        A yes is good for one notice; a no takes back what is unused.
        """
        try:
            return await self._said(sender, event, consents)
        except IntegrityError:  # another gateway kept the same at that moment
            return await self._said(sender, event, consents)

    async def _said(self, sender: Sender, event: str, consents: Sequence[Consent]) -> bool:
        now = self._clock()
        async with self._sessions.begin() as db:
            identity = await self._identity(db, sender)
            if identity is None:
                return False
            for one in consents:
                if not one.agreed:
                    await notice_queries.withdraw(db, [identity.id], now, one.template)
                elif not await notice_queries.brought_before(db, identity.id, event, one.template):
                    db.add(
                        NoticeConsent(
                            identity_id=identity.id, kind=one.kind, template=one.template, event=event, at=now
                        )
                    )
                    await db.flush()
                    await notice_queries.look_again(db, identity.id, one.kind, now)
        return True

    async def use(self, message_id: int, kind: str, template: str) -> Use:
        """Use a consent for a message that is still news, before the platform is asked to send it."""
        try:
            return await self._use(message_id, kind, template)
        except IntegrityError:  # used for it by another gateway at that moment
            return "spent"

    async def _use(self, message_id: int, kind: str, template: str) -> Use:
        async with self._sessions.begin() as db:
            before = await notice_queries.used_for(db, message_id)
            if before is not None:
                return "sent" if before.answer == 0 or before.outcome == ARRIVED else "spent"
            message, _, _ = await queries.message_with_place(db, message_id)
            now = self._clock()
            if now - message.at > rules.NOTICE_WITHIN:
                return "none"
            found = await notice_queries.use(db, message.identity_id, kind, template, message_id, now)
        return "fresh" if found is not None else "none"

    async def answered(self, message_id: int, code: int | None) -> None:
        """Keep the platform's code to the notice for a message, 0 where it was taken; None: the consent is given back."""
        async with self._sessions.begin() as db:
            if code is None:
                await notice_queries.give_back(db, message_id)
            else:
                await notice_queries.answered(db, message_id, code)

    async def arrived(self, sender: Sender, template: str, receipt: str, outcome: str) -> None:
        """Keep how a notice arrived, as the platform tells it by the notice's number; told again it is the same."""
        async with self._sessions.begin() as db:
            identity = await self._identity(db, sender)
            if identity is None or await notice_queries.told_before(db, identity.id, receipt):
                return
            if (used := await notice_queries.oldest_untold(db, identity.id, template)) is not None:
                used.receipt, used.outcome = receipt[:64], outcome[:40]

    async def _identity(self, db: AsyncSession, sender: Sender) -> Identity | None:
        return await queries.identity_of(db, sender.channel, digest(sender))
