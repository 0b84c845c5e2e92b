"""Sentences that staff keep ready: shared by all, or one's own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.handover.tables import CannedReply
from bot.store import Sessions

TITLE_LIMIT, TEXT_LIMIT = 20, 500  # characters


class UnfitCanned(Exception):
    """A sentence that cannot be kept: `field` says where, the text why, in Chinese."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


class NotYours(Exception):
    """There is no such sentence, or it is a colleague's own."""


@dataclass(frozen=True)
class Canned:
    """One sentence. `own`: only its owner sees it."""

    id: int
    title: str
    text: str
    own: bool


class CannedReplies:
    """Each method is one transaction; an owner is an account's id."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def all(self, owner: int) -> list[Canned]:
        """One's own first, then those of all, each by title."""
        async with self._sessions() as db:
            return [_view(row) for row in await _visible(db, owner)]

    async def keep(self, owner: int, title: str, text: str, *, own: bool) -> Canned:
        """Keep a new sentence. Raises UnfitCanned."""
        title, text = checked(title, text)
        async with self._sessions.begin() as db:
            row = CannedReply(owner_id=owner if own else None, title=title, text=text, at=self._clock())
            db.add(row)
            await db.flush()
            return _view(row)

    async def change(self, id_: int, owner: int, title: str, text: str) -> Canned:
        """Change a sentence. Raises UnfitCanned and NotYours."""
        title, text = checked(title, text)
        async with self._sessions.begin() as db:
            row = await _mine(db, id_, owner)
            row.title, row.text, row.at = title, text, self._clock()
            return _view(row)

    async def drop(self, id_: int, owner: int) -> Canned:
        """Throw a sentence away; what it was, so that it can be kept anew. Raises NotYours."""
        async with self._sessions.begin() as db:
            row = await _mine(db, id_, owner)
            dropped = _view(row)
            await db.execute(delete(CannedReply).where(CannedReply.id == id_))
            return dropped


def checked(title: str, text: str) -> tuple[str, str]:
    """Title and text as they are kept. Raises UnfitCanned."""
    title, text = re.sub(r"\s+", " ", title).strip(), text.strip()
    if not title:
        raise UnfitCanned("title", "给它起个短名字，找起来快。")
    if len(title) > TITLE_LIMIT:
        raise UnfitCanned("title", f"名字 {len(title)} 个字，最多 {TITLE_LIMIT} 个。")
    if not text:
        raise UnfitCanned("text", "写上要说的话。")
    if len(text) > TEXT_LIMIT:
        raise UnfitCanned("text", f"一共 {len(text)} 个字，最多 {TEXT_LIMIT} 个。")
    return title, text


async def _visible(db: AsyncSession, owner: int) -> Sequence[CannedReply]:
    rows = await db.scalars(
        select(CannedReply)
        .where(or_(CannedReply.owner_id.is_(None), CannedReply.owner_id == owner))
        .order_by(CannedReply.owner_id.is_(None), CannedReply.title, CannedReply.id)
    )
    return rows.all()


async def _mine(db: AsyncSession, id_: int, owner: int) -> CannedReply:
    row = await db.get(CannedReply, id_)
    if row is None or row.owner_id not in (None, owner):
        raise NotYours(id_)
    return row


def _view(row: CannedReply) -> Canned:
    return Canned(row.id, row.title, row.text, row.owner_id is not None)
