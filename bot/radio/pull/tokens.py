"""Read tokens for the station's own tools: made, revoked, checked. One transaction a method."""

from __future__ import annotations

from bot.clock import Clock
from bot.radio.pull import queries, rules
from bot.radio.pull.tables import ReadToken
from bot.radio.pull.views import TokenView
from bot.store import Sessions


class ReadTokens:
    """Tokens that read what was asked, and nothing else."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def make(self, name: str, *, by: str) -> str:
        """A new token, which is shown this once. Raises BadName."""
        name = " ".join(name.split())
        if not 0 < len(name) <= rules.NAME_LENGTH:
            raise rules.BadName
        secret = rules.new_secret()
        async with self._sessions.begin() as db:
            made = ReadToken(name=name, digest=rules.digest(secret), made_by=by, made_at=self._clock())
            db.add(made)
            await db.flush()
            return rules.token(made.id, secret)

    async def all(self) -> tuple[TokenView, ...]:
        """All tokens, those that hold first."""
        async with self._sessions() as db:
            return tuple(
                TokenView(one.id, one.name, one.made_by, one.made_at, one.used_at, one.revoked_at)
                for one in await queries.tokens(db)
            )

    async def revoke(self, number: int) -> None:
        """Let a token hold no longer. Raises UnknownToken."""
        async with self._sessions.begin() as db:
            if not await queries.revoke(db, number, self._clock()):
                raise rules.UnknownToken

    async def holds(self, said: str) -> bool:
        """Whether a token holds; puts down, to the minute, that it was used."""
        parts = rules.parts_of(said)
        async with self._sessions() as db:
            found = await queries.holding(db, parts[0]) if parts else None
            kept, used = (found.digest, found.used_at) if found else (rules.digest(""), None)
        if not rules.is_it(parts[1] if parts else "-", kept) or found is None:
            return False
        now = self._clock()
        if used is None or now - used >= rules.USED_EVERY:
            async with self._sessions.begin() as db:
                if (one := await queries.holding(db, found.id)) is not None:
                    one.used_at = now
        return True
