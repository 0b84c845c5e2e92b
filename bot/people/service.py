"""How staff sign in, stay signed in, and look after their own account. One transaction a method unless it says otherwise."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pyotp
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.guidance.contacts import Contacts
from bot.people import queries, rules
from bot.people.passwords import Passwords, digest, made_token
from bot.people.tables import Account, SignInTry, StaffSession
from bot.settings import Settings
from bot.store import Sessions

_CODE_WITHIN = timedelta(minutes=10)  # between the password and the code
_NOTED_EVERY = timedelta(minutes=1)  # that a session is used
_RECOVERY_CODES = 10
_STEP = 30  # seconds a code is good for


@dataclass(frozen=True)
class SignedIn:
    """A session that has begun: what the browser is to show, and until when it may hold."""

    token: str
    staff: rules.Staff
    ends_at: datetime
    needs_code: bool = False


@dataclass(frozen=True)
class Session:
    """A browser in which somebody is signed in."""

    id: int
    device: str
    address: str
    begun_at: datetime
    used_at: datetime


class People:
    """What somebody does with their own account. What cannot be is a rules.Refusal."""

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        *,
        secret: str,
        idle: timedelta,
        longest: timedelta,
        passwords: Passwords | None = None,
        issuer: str = "对话青春",
    ) -> None:
        self._sessions, self._clock, self._idle, self._longest = sessions, clock, idle, longest
        self.passwords = passwords or Passwords()
        self._sealing, self._issuer = Contacts(secret, "account-totp"), issuer

    @classmethod
    def from_settings(cls, settings: Settings, sessions: Sessions, clock: Clock) -> People:
        """As the settings say how long a session holds."""
        return cls(
            sessions,
            clock,
            secret=settings.contact_secret,
            idle=timedelta(minutes=settings.staff_idle_minutes),
            longest=timedelta(hours=settings.staff_session_hours),
        )

    # -- signing in ----------------------------------------------------------------------------------------------------

    async def sign_in(self, name: str, password: str, *, address: str, device: str) -> SignedIn:
        """Begin a session. Raises MustWait or WrongPassword. Several transactions: the try counts before it is checked."""
        keys = _try_keys(name, address)
        await self._count(keys)
        async with self._sessions() as db:
            account = await queries.account_of(db, rules.name_key(name))
        right = await self.passwords.matches(account.password if account else None, password)
        if account is None or not right or account.disabled_at is not None:
            raise rules.WrongPassword
        renewed = await self.passwords.hash(password) if self.passwords.outdated(account.password) else None
        async with self._sessions.begin() as db:
            stored = await queries.account(db, account.id, to_change=True)
            if stored is None or stored.password != account.password or stored.disabled_at is not None:
                raise rules.WrongPassword  # changed while it was checked
            stored.password = renewed or stored.password
            if not stored.totp_on:
                await self._is_in(db, stored, keys)
            await queries.sweep(db, self._clock(), self._clock() - self._idle)
            return await self._begin(db, stored, address=address, device=device, needs_code=stored.totp_on)

    async def confirm(self, token: str, code: str, *, address: str) -> SignedIn:
        """The second step: a code of the device or a recovery code. Raises MustWait, WrongPassword, or Unknown session."""
        async with self._sessions() as db:
            found = await queries.session_of(db, digest(token))
        if found is None or not found[0].needs_code or found[0].ends_at <= self._clock():
            raise rules.Unknown
        session, account = found
        keys = _try_keys(account.key, address)
        await self._count(keys)
        async with self._sessions.begin() as db:
            stored = await queries.account(db, account.id, to_change=True)
            if stored is None or stored.disabled_at is not None or not await self._code_is_right(db, stored, code):
                raise rules.WrongPassword
            if not await queries.end_session(db, stored.id, session.id):
                raise rules.Unknown
            await self._is_in(db, stored, keys)
            return await self._begin(db, stored, address=address, device=session.device)

    async def _begin(
        self, db: AsyncSession, account: Account, *, address: str, device: str, needs_code: bool = False
    ) -> SignedIn:
        now, token = self._clock(), made_token()
        session = StaffSession(
            account_id=account.id,
            digest=digest(token),
            needs_code=needs_code,
            device=device[:60],
            address=address[:64],
            begun_at=now,
            used_at=now,
            ends_at=now + (_CODE_WITHIN if needs_code else self._longest),
        )
        db.add(session)
        await db.flush()
        return SignedIn(token, staff_of(account, session.id), session.ends_at, needs_code)

    async def _is_in(self, db: AsyncSession, account: Account, keys: dict[str, str]) -> None:
        account.signed_in_at = self._clock()
        await queries.forget_tries(db, keys["name"])
        await queries.forgive(db, keys["address"])

    async def _count(self, keys: dict[str, str]) -> None:
        """Count a try before it is known whether it is right: many at once get no more than one after another."""
        now = self._clock()
        try:
            async with self._sessions.begin() as db:
                await queries.forget_old_tries(db, now - rules.FORGOTTEN_AFTER)
                wait = timedelta()
                for kind, key in sorted(keys.items()):
                    found = await queries.trying(db, key)
                    if found is None:
                        db.add(SignInTry(key=key, tries=1, last_at=now, wait_until=now))
                    elif found.wait_until > now:
                        wait = max(wait, found.wait_until - now)
                    else:
                        found.tries, found.last_at = found.tries + 1, now
                        found.wait_until = now + rules.wait_after(found.tries, kind)
                if wait:
                    raise rules.MustWait(wait)
        except IntegrityError:  # another try was the first at the same moment
            await self._count(keys)

    # -- being signed in -----------------------------------------------------------------------------------------------

    async def session(self, token: str, *, address: str, uses: bool = True) -> tuple[rules.Staff, bool] | None:
        """Who is signed in with a token, and whether the code is still to come; None where nobody is.

        `uses`: somebody uses it now, so that it holds on.
        """
        now = self._clock()
        async with self._sessions() as db:
            found = await queries.session_of(db, digest(token))
        if found is None:
            return None
        session, account = found
        if session.ends_at <= now or session.used_at <= now - self._idle or account.disabled_at is not None:
            return None
        if uses and now - session.used_at >= _NOTED_EVERY and not session.needs_code:
            async with self._sessions.begin() as db:
                await queries.touch(db, session.id, now, address[:64])
        return staff_of(account, session.id), session.needs_code

    async def sign_out(self, token: str) -> None:
        """End the session of a token."""
        async with self._sessions.begin() as db:
            await queries.end_by_digest(db, digest(token))

    async def sessions(self, account_id: int) -> Sequence[Session]:
        """Where somebody is signed in, the place used last first."""
        now = self._clock()
        async with self._sessions() as db:
            found = await queries.sessions_of(db, account_id, now, now - self._idle)
        return [Session(s.id, s.device, s.address, s.begun_at, s.used_at) for s in found]

    async def end_session(self, account_id: int, session_id: int) -> None:
        """End one of somebody's sessions. Raises Unknown."""
        async with self._sessions.begin() as db:
            if not await queries.end_session(db, account_id, session_id):
                raise rules.Unknown

    async def end_others(self, staff: rules.Staff) -> int:
        """End all of somebody's sessions but this one; how many."""
        async with self._sessions.begin() as db:
            return await queries.end_sessions(db, staff.id, but=staff.session_id)

    # -- one's password ------------------------------------------------------------------------------------------------

    async def change_password(self, staff: rules.Staff, old: str, new: str, *, address: str, device: str) -> SignedIn:
        """Give oneself a new password. Every session ends, a new one begins here.

        Raises MustWait, WrongPassword for the old one, UnfitPassword for the new one. Several transactions.
        """
        async with self._sessions() as db:
            account = await queries.account(db, staff.id)
        if account is None:
            raise rules.Unknown
        await self._check_own(account, old, address)
        new = rules.clean_password(new)
        rules.check_password(new, account.name)
        if new == rules.clean_password(old):
            raise rules.UnfitPassword("same")
        hashed = await self.passwords.hash(new)
        async with self._sessions.begin() as db:
            stored = await queries.account(db, staff.id, to_change=True)
            if stored is None or stored.password != account.password:
                raise rules.WrongPassword
            stored.password, stored.password_at, stored.must_change = hashed, self._clock(), False
            await queries.end_sessions(db, stored.id)
            return await self._begin(db, stored, address=address, device=device)

    async def _check_own(self, account: Account, password: str, address: str) -> None:
        keys = _try_keys(account.key, address)
        await self._count(keys)
        if not await self.passwords.matches(account.password, password):
            raise rules.WrongPassword
        async with self._sessions.begin() as db:
            await queries.forget_tries(db, keys["name"])
            await queries.forgive(db, keys["address"])

    # -- the second step -----------------------------------------------------------------------------------------------

    async def begin_totp(self, staff: rules.Staff) -> str:
        """An address for the device that makes codes, until it is confirmed; the same as long as it is not."""
        async with self._sessions.begin() as db:
            account = await queries.account(db, staff.id, to_change=True)
            if account is None or account.totp_on:
                raise rules.Unknown
            if account.totp is None:
                account.totp = self._sealing.seal(account.id, pyotp.random_base32())
            return self._totp(account).provisioning_uri(name=account.name, issuer_name=self._issuer)

    async def confirm_totp(self, staff: rules.Staff, code: str) -> tuple[str, ...]:
        """Ask for codes from now on; gives the recovery codes, once. Other sessions end. Raises WrongPassword, NotBegun."""
        codes = tuple(f"{secrets.token_hex(3)}-{secrets.token_hex(3)}" for _ in range(_RECOVERY_CODES))
        async with self._sessions.begin() as db:
            account = await queries.account(db, staff.id, to_change=True)
            if account is None or account.totp is None or account.totp_on:
                raise rules.NotBegun
            if not await self._step_is_right(db, account, code):
                raise rules.WrongPassword
            account.totp_on = True
            await queries.replace_recovery_codes(db, account.id, [_code_digest(account.id, code) for code in codes])
            await queries.end_sessions(db, account.id, but=staff.session_id)
        return codes

    async def end_totp(self, staff: rules.Staff, password: str, *, address: str) -> None:
        """Ask for no more codes. Raises MustWait, WrongPassword. Several transactions."""
        async with self._sessions() as db:
            account = await queries.account(db, staff.id)
        if account is None:
            raise rules.Unknown
        await self._check_own(account, password, address)
        async with self._sessions.begin() as db:
            stored = await queries.account(db, staff.id, to_change=True)
            if stored is not None:
                await forget_totp(db, stored)

    async def codes_left(self, staff: rules.Staff) -> int:
        """How many recovery codes somebody has left."""
        async with self._sessions() as db:
            return await queries.recovery_codes_left(db, staff.id)

    def _totp(self, account: Account) -> pyotp.TOTP:
        return pyotp.TOTP(self._sealing.open_(account.id, account.totp or b""), interval=_STEP)

    async def _code_is_right(self, db: AsyncSession, account: Account, code: str) -> bool:
        if not account.totp_on:
            return False
        if await self._step_is_right(db, account, code):
            return True
        return await queries.take_recovery_code(db, account.id, _code_digest(account.id, code), self._clock())

    async def _step_is_right(self, db: AsyncSession, account: Account, code: str) -> bool:
        """Whether a code is that of now, the half minute before or after, and no code of its step was taken before."""
        code = "".join(code.split())
        if not (code.isascii() and code.isdigit() and len(code) == 6):
            return False
        totp, now = self._totp(account), int(self._clock().timestamp()) // _STEP
        for step in (now - 1, now, now + 1):
            if secrets.compare_digest(totp.generate_otp(step), code):
                return await queries.take_step(db, account.id, step)
        return False


def staff_of(account: Account, session_id: int = 0) -> rules.Staff:
    """An account as pages know it."""
    return rules.Staff(
        id=account.id,
        name=account.name,
        roles=frozenset(rules.Role(one.role) for one in account.roles),
        adviser_id=account.adviser_id,
        must_change=account.must_change,
        has_totp=account.totp_on,
        session_id=session_id,
    )


async def forget_totp(db: AsyncSession, account: Account) -> None:
    """No second step any more."""
    account.totp, account.totp_on, account.totp_step = None, False, None
    await queries.replace_recovery_codes(db, account.id, [])


def try_key(name: str) -> str:
    """Under which tries of a name are counted."""
    return digest("name", rules.name_key(name))


def _try_keys(name: str, address: str) -> dict[str, str]:
    return {"name": try_key(name), "address": digest("address", address)}


def _code_digest(account_id: int, code: str) -> str:
    return digest("recovery", str(account_id), "".join(code.split()).casefold())
