"""A token that a platform gives for a while, fetched by one gateway and used by all of them. Sealed: it opens the account."""

from __future__ import annotations

from datetime import timedelta

from cryptography.exceptions import InvalidTag
from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.guidance.contacts import Contacts
from bot.outbox.tables import SharedToken
from bot.store import Sessions


class Tokens:
    """Each method is one transaction."""

    def __init__(self, sessions: Sessions, clock: Clock, secret: str) -> None:
        self._sessions, self._clock = sessions, clock
        self._seals = Contacts(secret, "shared-token")

    async def token(self, name: str) -> str | None:
        """The token, as long as it holds."""
        async with self._sessions() as db:
            kept = await db.get(SharedToken, name)
        if kept is None or kept.until <= self._clock():
            return None
        try:
            return self._seals.open_(0, kept.sealed)
        except InvalidTag:  # sealed with another key
            return None

    async def keep_token(self, name: str, token: str, seconds: float) -> None:
        """Keep a token for so long, in the place of the one before."""
        try:
            await self._keep(name, token, seconds)
        except IntegrityError:  # another one was the first at the same moment
            await self._keep(name, token, seconds)

    async def _keep(self, name: str, token: str, seconds: float) -> None:
        until = self._clock() + timedelta(seconds=seconds)
        async with self._sessions.begin() as db:
            kept = await db.get(SharedToken, name)
            if kept is None:
                db.add(SharedToken(name=name, sealed=self._seals.seal(0, token), until=until))
            else:
                kept.sealed, kept.until = self._seals.seal(0, token), until
