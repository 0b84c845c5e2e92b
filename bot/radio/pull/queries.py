"""Every statement on read tokens and hosts' chats. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.people.tables import Account
from bot.radio.pull.tables import HostChat, HostCode, ReadToken


async def tokens(db: AsyncSession) -> Sequence[ReadToken]:
    """All, those that hold first, the latest first."""
    found = await db.scalars(select(ReadToken).order_by(ReadToken.revoked_at.is_not(None), ReadToken.id.desc()))
    return found.all()


async def holding(db: AsyncSession, number: int) -> ReadToken | None:
    """A token that holds."""
    return await db.scalar(select(ReadToken).where(ReadToken.id == number, ReadToken.revoked_at.is_(None)))


async def revoke(db: AsyncSession, number: int, at: datetime) -> bool:
    """Let a token hold no longer; False where it does not."""
    done = await db.execute(
        update(ReadToken).where(ReadToken.id == number, ReadToken.revoked_at.is_(None)).values(revoked_at=at)
    )
    return done.rowcount == 1  # type: ignore[attr-defined]


async def chat_of(db: AsyncSession, account_id: int) -> HostChat | None:
    """The chat of an account."""
    return await db.get(HostChat, account_id, populate_existing=True)


async def account_at(db: AsyncSession, identity_id: int) -> Account | None:
    """The account that a chat is tied to, if it is open."""
    return await db.scalar(
        select(Account)
        .join(HostChat, HostChat.account_id == Account.id)
        .where(HostChat.identity_id == identity_id, Account.disabled_at.is_(None))
    )


async def use_code(db: AsyncSession, digest: str, now: datetime) -> int | None:
    """Use a code up: the account it is of; None where it is wrong, used or too old."""
    return await db.scalar(
        delete(HostCode).where(HostCode.digest == digest, HostCode.until > now).returning(HostCode.account_id),
        execution_options={"synchronize_session": False},
    )


async def untie(db: AsyncSession, *, account_id: int | None = None, identity_id: int | None = None) -> bool:
    """Untie an account's chat, and whatever a chat is tied to; False where nothing was."""
    done = await db.execute(
        delete(HostChat)
        .where(or_(HostChat.account_id == account_id, HostChat.identity_id == identity_id))
        .execution_options(synchronize_session=False)
    )
    return done.rowcount > 0  # type: ignore[attr-defined]
