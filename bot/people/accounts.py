"""What admins do with accounts. One transaction a method unless it says otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.people import queries, rules
from bot.people.passwords import Passwords, made_password
from bot.people.rules import Role
from bot.people.service import forget_totp, try_key
from bot.people.tables import Account, AccountRole, StaffSession
from bot.store import Sessions


@dataclass(frozen=True)
class AccountView:
    """An account as admins see it."""

    id: int
    name: str
    roles: tuple[Role, ...]
    adviser_id: int | None
    must_change: bool
    has_totp: bool
    added_at: datetime
    added_by: str
    password_at: datetime
    disabled_at: datetime | None
    signed_in_at: datetime | None


class Accounts:
    """What cannot be is a rules.Refusal. `by` is who does it: None for the command line."""

    def __init__(self, sessions: Sessions, clock: Clock, passwords: Passwords | None = None) -> None:
        self._sessions, self._clock = sessions, clock
        self._passwords = passwords or Passwords()

    async def any(self) -> bool:
        """Whether there is an account at all that is open."""
        async with self._sessions() as db:
            return await queries.any_account(db)

    async def all(self) -> Sequence[AccountView]:
        """All accounts, those that are open first."""
        async with self._sessions() as db:
            return [_view(one) for one in await queries.accounts(db)]

    async def one(self, number: int) -> AccountView:
        """An account. Raises Unknown."""
        async with self._sessions() as db:
            if (found := await queries.account(db, number)) is None:
                raise rules.Unknown
            return _view(found)

    async def named(self, name: str) -> AccountView:
        """An account by its name. Raises Unknown."""
        async with self._sessions() as db:
            if (found := await queries.account_of(db, rules.name_key(name))) is None:
                raise rules.Unknown
            return _view(found)

    async def advisers(self) -> Sequence[tuple[int, str]]:
        """Whom an account can be tied to."""
        async with self._sessions() as db:
            return await queries.advisers(db)

    async def add(
        self, name: str, roles: Iterable[Role], *, by: str, password: str | None = None, adviser_id: int | None = None
    ) -> tuple[AccountView, str | None]:
        """A new account; without a password one is made, given back once, to be changed at the first sign-in.

        Raises BadName, NameTaken, NoRole, UnfitPassword, AdviserUnknown, AdviserTaken.
        """
        name, roles = rules.clean_name(name), frozenset(roles)
        made = None if password is not None else made_password()
        if not roles:
            raise rules.NoRole
        if password is not None:
            rules.check_password(rules.clean_password(password), name)
        hashed, now = await self._passwords.hash(password or made or ""), self._clock()
        try:
            async with self._sessions.begin() as db:
                if await queries.account_of(db, rules.name_key(name)) is not None:
                    raise rules.NameTaken
                account = Account(
                    name=name,
                    key=rules.name_key(name),
                    password=hashed,
                    password_at=now,
                    must_change=made is not None,
                    totp_on=False,
                    added_at=now,
                    added_by=by[:60],
                    roles=[AccountRole(role=role) for role in sorted(roles)],
                )
                await self._tie(db, account, adviser_id)
                db.add(account)
                await db.flush()
                return _view(account), made
        except IntegrityError as error:  # somebody was faster
            raise rules.NameTaken from error

    async def set_roles(
        self, number: int, roles: Iterable[Role], *, by: int | None, adviser_id: int | None = None
    ) -> AccountView:
        """Other roles, or another adviser; sessions end. Raises Unknown, NoRole, OnOneself, LastAdmin, Adviser…."""
        wanted = frozenset(roles)
        if not wanted:
            raise rules.NoRole
        async with self._sessions.begin() as db:
            account = await self._to_change(db, number)
            if Role.ADMIN not in wanted:
                await self._check_admins(db, account, by)
            kept = [one for one in account.roles if one.role in wanted]
            had = {one.role for one in kept}
            account.roles = [*kept, *(AccountRole(role=role) for role in sorted(wanted) if role not in had)]
            await self._tie(db, account, adviser_id)
            await queries.end_sessions(db, number)
            await db.flush()
            return _view(account)

    async def disable(self, number: int, *, by: int | None) -> AccountView:
        """Let nobody sign in with it; sessions end. Raises Unknown, OnOneself, LastAdmin."""
        async with self._sessions.begin() as db:
            account = await self._to_change(db, number)
            if by == number:
                raise rules.OnOneself
            await self._check_admins(db, account, by)
            account.disabled_at = account.disabled_at or self._clock()
            await queries.end_sessions(db, number)
            return _view(account)

    async def enable(self, number: int) -> AccountView:
        """Let somebody sign in again. Raises Unknown."""
        async with self._sessions.begin() as db:
            account = await self._to_change(db, number)
            account.disabled_at = None
            return _view(account)

    async def reset_password(self, number: int, *, totp: bool = False) -> str:
        """A made password, given back once, to be changed at the next sign-in; sessions end, waiting is over.

        `totp` takes the second step away too, where the device is lost. Raises Unknown.
        """
        made = made_password()
        hashed = await self._passwords.hash(made)
        async with self._sessions.begin() as db:
            account = await self._to_change(db, number)
            account.password, account.password_at, account.must_change = hashed, self._clock(), True
            if totp:
                await forget_totp(db, account)
            await queries.end_sessions(db, number)
            await queries.forget_tries(db, try_key(account.key))
        return made

    async def sessions(self, number: int) -> Sequence[StaffSession]:
        """Where somebody is signed in, as far as it is known: one that was not used for long holds no more."""
        now = self._clock()
        async with self._sessions() as db:
            return await queries.sessions_of(db, number, now, now - timedelta(days=8))

    async def end_sessions(self, number: int) -> int:
        """Sign somebody out everywhere; how many sessions. Raises Unknown."""
        async with self._sessions.begin() as db:
            await self._to_change(db, number)
            return await queries.end_sessions(db, number)

    async def _to_change(self, db: AsyncSession, number: int) -> Account:
        await queries.alone(db)
        if (account := await queries.account(db, number, to_change=True)) is None:
            raise rules.Unknown
        return account

    async def _check_admins(self, db: AsyncSession, account: Account, by: int | None) -> None:
        """Raise where it would leave nobody who can manage accounts."""
        if account.disabled_at is not None or not any(one.role == Role.ADMIN for one in account.roles):
            return
        if by == account.id:
            raise rules.OnOneself
        if not await queries.other_admins(db, account.id):
            raise rules.LastAdmin

    async def _tie(self, db: AsyncSession, account: Account, adviser_id: int | None) -> None:
        if adviser_id is not None:
            if adviser_id not in {number for number, _ in await queries.advisers(db)}:
                raise rules.AdviserUnknown
            if (tied := await queries.tied_to(db, adviser_id)) is not None and tied != account.id:
                raise rules.AdviserTaken
        account.adviser_id = adviser_id


def _view(account: Account) -> AccountView:
    return AccountView(
        id=account.id,
        name=account.name,
        roles=tuple(role for role in Role if any(one.role == role for one in account.roles)),
        adviser_id=account.adviser_id,
        must_change=account.must_change,
        has_totp=account.totp_on,
        added_at=account.added_at,
        added_by=account.added_by,
        password_at=account.password_at,
        disabled_at=account.disabled_at,
        signed_in_at=account.signed_in_at,
    )
