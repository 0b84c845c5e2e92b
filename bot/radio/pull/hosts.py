"""A host's own Telegram: tied to the account by a code that is typed there once. One transaction a method."""

from __future__ import annotations

from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.linking.queries import is_shared
from bot.people.rules import Permission, Role, permissions_of
from bot.people.tables import Account
from bot.radio.pull import queries, rules
from bot.radio.pull.tables import HostChat, HostCode
from bot.radio.pull.views import Given
from bot.store import Sessions


class HostChats:
    """Which chat is which host's."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def give_code(self, account_id: int) -> Given:
        """A code for an account, in the place of an earlier one."""
        code, until = rules.new_code(), self._clock() + rules.CODE_FOR
        async with self._sessions.begin() as db:
            await db.merge(HostCode(account_id=account_id, digest=rules.digest(code), until=until))
        return Given(code, until)

    async def is_tied(self, account_id: int) -> bool:
        """Whether an account has a chat."""
        async with self._sessions() as db:
            return await queries.chat_of(db, account_id) is not None

    async def untie(self, account_id: int) -> bool:
        """Untie an account's chat; False where there is none."""
        async with self._sessions.begin() as db:
            return await queries.untie(db, account_id=account_id)

    async def is_alone(self, identity_id: int) -> bool:
        """Whether nobody else reads along in a chat."""
        async with self._sessions() as db:
            return not await is_shared(db, identity_id)

    async def host_at(self, identity_id: int) -> str | None:
        """The name of the host whose chat it is; None where it is nobody's, or theirs no longer to use."""
        async with self._sessions() as db:
            account = await queries.account_at(db, identity_id)
            return account.name if account is not None and _is_host(account) else None

    async def spend(self, code: str) -> None:
        """Let a code be of no more use: others have read it."""
        async with self._sessions.begin() as db:
            await queries.use_code(db, rules.digest(code.upper()), self._clock())

    async def tie(self, identity_id: int, code: str) -> str | None:
        """Tie a chat to the account that a code is of: its name. None for a wrong code; what it was tied to is untied."""
        try:
            async with self._sessions.begin() as db:
                account_id = await queries.use_code(db, rules.digest(code.upper()), self._clock())
                account = await db.get(Account, account_id) if account_id is not None else None
                if account is None or account.disabled_at is not None or not _is_host(account):
                    return None
                await queries.untie(db, account_id=account.id, identity_id=identity_id)
                db.add(HostChat(account_id=account.id, identity_id=identity_id, tied_at=self._clock()))
                return account.name
        except IntegrityError:  # another chat with another code at the same moment
            return None


def _is_host(account: Account) -> bool:
    return Permission.RADIO_EDIT in permissions_of(Role(one.role) for one in account.roles)
