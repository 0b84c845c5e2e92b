"""Every statement on accounts, their sessions and wrong tries. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.guidance.tables import Adviser
from bot.people.rules import Role
from bot.people.tables import Account, AccountRole, RecoveryCode, SignInTry, StaffSession

# -- accounts ----------------------------------------------------------------------------------------------------------


async def account_of(db: AsyncSession, key: str) -> Account | None:
    """The account with that name."""
    return await db.scalar(select(Account).where(Account.key == key))


async def account(db: AsyncSession, number: int, *, to_change: bool = False) -> Account | None:
    """An account by its number; `to_change` lets nobody else change it until the end of the transaction."""
    statement = select(Account).where(Account.id == number)
    return await db.scalar(statement.with_for_update() if to_change else statement)


async def accounts(db: AsyncSession) -> Sequence[Account]:
    """All, those that are open first, by name."""
    found = await db.scalars(select(Account).order_by(Account.disabled_at.is_not(None), Account.name))
    return found.all()


async def alone(db: AsyncSession) -> None:
    """Let nobody else change accounts until the end of the transaction, so that the last admin is not lost to two at once."""
    if db.get_bind().dialect.name == "postgresql":
        await db.execute(text("SELECT pg_advisory_xact_lock(hashtext('duihua people'))"))


async def other_admins(db: AsyncSession, number: int) -> int:
    """How many besides that one can manage accounts."""
    is_admin = exists().where(AccountRole.account_id == Account.id, AccountRole.role == Role.ADMIN)
    statement = select(func.count()).select_from(Account)
    return await db.scalar(statement.where(Account.id != number, Account.disabled_at.is_(None), is_admin)) or 0


async def any_account(db: AsyncSession) -> bool:
    """Whether there is any account that is open."""
    return bool(await db.scalar(select(exists().where(Account.disabled_at.is_(None)))))


async def advisers(db: AsyncSession) -> Sequence[tuple[int, str]]:
    """Advisers that an account can be tied to: number and name."""
    found = await db.execute(select(Adviser.id, Adviser.name).order_by(Adviser.name))
    return [(number, name) for number, name in found]


async def tied_to(db: AsyncSession, adviser_id: int) -> int | None:
    """The account that is tied to an adviser."""
    return await db.scalar(select(Account.id).where(Account.adviser_id == adviser_id))


async def take_step(db: AsyncSession, number: int, step: int) -> bool:
    """Use up a code's step; False where it, or a later one, was used before."""
    later = Account.totp_step.is_(None) | (Account.totp_step < step)
    done = await db.execute(update(Account).where(Account.id == number, later).values(totp_step=step))
    return done.rowcount == 1  # type: ignore[attr-defined]


async def take_recovery_code(db: AsyncSession, number: int, digest: str, now: datetime) -> bool:
    """Use up a recovery code; False where it is none, or was used."""
    one = (RecoveryCode.account_id == number, RecoveryCode.digest == digest, RecoveryCode.used_at.is_(None))
    done = await db.execute(update(RecoveryCode).where(*one).values(used_at=now))
    return done.rowcount == 1  # type: ignore[attr-defined]


async def recovery_codes_left(db: AsyncSession, number: int) -> int:
    """How many recovery codes were not used."""
    one = select(func.count()).select_from(RecoveryCode)
    return await db.scalar(one.where(RecoveryCode.account_id == number, RecoveryCode.used_at.is_(None))) or 0


async def replace_recovery_codes(db: AsyncSession, number: int, digests: Iterable[str]) -> None:
    """These instead of those before."""
    await db.execute(delete(RecoveryCode).where(RecoveryCode.account_id == number))
    db.add_all(RecoveryCode(account_id=number, digest=digest) for digest in digests)


# -- sessions ----------------------------------------------------------------------------------------------------------


async def session_of(db: AsyncSession, digest: str) -> tuple[StaffSession, Account] | None:
    """A session by its digest, with its account."""
    found = await db.execute(
        select(StaffSession, Account)
        .join(Account, Account.id == StaffSession.account_id)
        .where(StaffSession.digest == digest)
    )
    row = found.first()
    return (row[0], row[1]) if row else None


async def sessions_of(db: AsyncSession, number: int, now: datetime, used_since: datetime) -> Sequence[StaffSession]:
    """The sessions of an account that still hold, the one used last first."""
    found = await db.scalars(
        select(StaffSession)
        .where(
            StaffSession.account_id == number,
            ~StaffSession.needs_code,
            StaffSession.ends_at > now,
            StaffSession.used_at > used_since,
        )
        .order_by(StaffSession.used_at.desc(), StaffSession.id.desc())
    )
    return found.all()


async def touch(db: AsyncSession, number: int, now: datetime, address: str) -> None:
    """Put down that a session is used."""
    await db.execute(update(StaffSession).where(StaffSession.id == number).values(used_at=now, address=address))


async def end_session(db: AsyncSession, number: int, session_id: int) -> bool:
    """End one session of an account; False where there is none."""
    one = (StaffSession.account_id == number, StaffSession.id == session_id)
    return (await db.execute(delete(StaffSession).where(*one))).rowcount == 1  # type: ignore[attr-defined]


async def end_sessions(db: AsyncSession, number: int, *, but: int | None = None) -> int:
    """End every session of an account, but one; how many."""
    statement = delete(StaffSession).where(StaffSession.account_id == number)
    if but is not None:
        statement = statement.where(StaffSession.id != but)
    return (await db.execute(statement)).rowcount  # type: ignore[attr-defined]


async def end_by_digest(db: AsyncSession, digest: str) -> None:
    """End the session with that digest, if there is one."""
    await db.execute(delete(StaffSession).where(StaffSession.digest == digest))


async def sweep(db: AsyncSession, now: datetime, used_before: datetime) -> None:
    """Delete sessions that hold no more."""
    over = (StaffSession.ends_at <= now) | (StaffSession.used_at <= used_before)
    await db.execute(delete(StaffSession).where(over))


# -- wrong tries -------------------------------------------------------------------------------------------------------


async def trying(db: AsyncSession, key: str) -> SignInTry | None:
    """The tries under a key, changed by nobody else until the end of the transaction."""
    return await db.scalar(select(SignInTry).where(SignInTry.key == key).with_for_update())


async def forget_tries(db: AsyncSession, key: str) -> None:
    """Count anew under a key."""
    await db.execute(delete(SignInTry).where(SignInTry.key == key))


async def forgive(db: AsyncSession, key: str) -> None:
    """Take one try back: it was right."""
    right = (SignInTry.key == key, SignInTry.tries > 0)
    await db.execute(update(SignInTry).where(*right).values(tries=SignInTry.tries - 1, wait_until=SignInTry.last_at))


async def forget_old_tries(db: AsyncSession, before: datetime) -> None:
    """Delete the tries that were long ago."""
    await db.execute(delete(SignInTry).where(SignInTry.last_at < before))
