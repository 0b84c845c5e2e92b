"""The log of what staff did: written, searched, exported, and checked for gaps. Nothing in it is ever changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import SHANGHAI, Clock
from bot.people.tables import AuditEntry
from bot.store import Sessions

PAGE = 50
_AT_ONCE = 1000


@dataclass(frozen=True)
class Search:
    """What is looked for in the log; days are those of 大同, both included."""

    who: str = ""
    action: str = ""
    target: str = ""
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Page:
    """A part of what was found, the latest first, and how much there is in all."""

    entries: Sequence[AuditEntry]
    total: int


class AuditLog:
    """Each method is one transaction."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def write(
        self,
        action: str,
        target: str,
        *,
        who: str,
        account_id: int | None = None,
        address: str = "",
        details: dict[str, Any] | None = None,
    ) -> None:
        """Put down that somebody did something. Details are names and numbers, never what a person wrote."""
        async with self._sessions.begin() as db:
            await add(
                db, action, target, at=self._clock(), who=who, account_id=account_id, address=address, details=details
            )

    async def find(self, search: Search, *, page: int = 1) -> Page:
        """The entries that fit, a page of them."""
        async with self._sessions() as db:
            total = await db.scalar(_fitting(select(func.count()).select_from(AuditEntry), search)) or 0
            found = await db.scalars(
                _fitting(select(AuditEntry), search)
                .order_by(AuditEntry.id.desc())
                .limit(PAGE)
                .offset((max(page, 1) - 1) * PAGE)
            )
            return Page(found.all(), total)

    async def actions(self) -> Sequence[str]:
        """What was ever done, by name."""
        async with self._sessions() as db:
            return (await db.scalars(select(AuditEntry.action).distinct().order_by(AuditEntry.action))).all()

    async def stream(self, search: Search) -> AsyncIterator[AuditEntry]:
        """Every entry that fits, the latest first, few at a time."""
        last: int | None = None
        while True:
            async with self._sessions() as db:
                statement = _fitting(select(AuditEntry), search).order_by(AuditEntry.id.desc()).limit(_AT_ONCE)
                if last is not None:
                    statement = statement.where(AuditEntry.id < last)
                found = (await db.scalars(statement)).all()
            for entry in found:
                yield entry
            if len(found) < _AT_ONCE:
                return
            last = found[-1].id

    async def broken_at(self) -> int | None:
        """The first entry that is not as it was written, or before which one is missing; None where all is whole."""
        before, last = "", 0
        while True:
            async with self._sessions() as db:
                statement = select(AuditEntry).where(AuditEntry.id > last).order_by(AuditEntry.id).limit(_AT_ONCE)
                found = (await db.scalars(statement)).all()
            for entry in found:
                if entry.digest != chained(before, entry):
                    return entry.id
                before, last = entry.digest, entry.id
            if len(found) < _AT_ONCE:
                return None


async def add(
    db: AsyncSession,
    action: str,
    target: str,
    *,
    at: datetime,
    who: str,
    account_id: int | None = None,
    address: str = "",
    details: dict[str, Any] | None = None,
) -> None:
    """Put an entry into a transaction that is open, at the end of the chain."""
    if db.get_bind().dialect.name == "postgresql":
        await db.execute(text("SELECT pg_advisory_xact_lock(hashtext('duihua audit'))"))
    entry = AuditEntry(
        at=at,
        account_id=account_id,
        who=who[:60],
        action=action[:60],
        target=target[:120],
        details=json.loads(json.dumps(details or {}, ensure_ascii=False, default=str)),
        address=address[:64],
    )
    before = await db.scalar(select(AuditEntry.digest).order_by(AuditEntry.id.desc()).limit(1))
    entry.digest = chained(before or "", entry)
    db.add(entry)
    await db.flush()


def chained(before: str, entry: AuditEntry) -> str:
    """The digest of an entry that comes after one with the digest `before`."""
    said = [
        before,
        entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.account_id,
        entry.who,
        entry.action,
        entry.target,
        entry.details,
        entry.address,
    ]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _fitting[S: Select[Any]](statement: S, search: Search) -> S:
    wanted: list[ColumnElement[bool]] = []
    if search.who:
        wanted.append(AuditEntry.who.contains(search.who, autoescape=True))
    if search.action:  # a subject, as “account”, stands for all that is done to it
        wanted.append(
            or_(AuditEntry.action == search.action, AuditEntry.action.startswith(search.action + ".", autoescape=True))
        )
    if search.target:
        wanted.append(AuditEntry.target.contains(search.target, autoescape=True))
    if search.since:
        wanted.append(AuditEntry.at >= datetime.combine(search.since, time(), SHANGHAI))
    if search.until:
        wanted.append(AuditEntry.at < datetime.combine(search.until + timedelta(days=1), time(), SHANGHAI))
    return statement.where(*wanted)
