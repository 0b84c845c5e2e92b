"""What hangs on a person or a conversation: found by the foreign keys, so that a table of a new feature is never forgotten.

A row belongs to a person if it refers to them, or to a row that belongs to them. A reference that the database sets to
null by itself (ON DELETE SET NULL) is none: such a row is about something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache

from sqlalchemy import ColumnElement, ForeignKey, Table, delete, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

# Every table that a person can have rows in has to be known here, whichever process this runs in.
from bot.care import tables as _care  # noqa: F401
from bot.conversations import tables as _conversations  # noqa: F401
from bot.eligibility import tables as _eligibility  # noqa: F401
from bot.events import tables as _events  # noqa: F401
from bot.guidance import tables as _guidance  # noqa: F401
from bot.handover import tables as _handover  # noqa: F401
from bot.jobs import tables as _jobs  # noqa: F401
from bot.linking import tables as _linking  # noqa: F401
from bot.outbox import tables as _outbox  # noqa: F401
from bot.privacy import tables as _privacy  # noqa: F401
from bot.radio import tables as _radio  # noqa: F401
from bot.radio.groups import tables as _radio_groups  # noqa: F401
from bot.radio.live import tables as _radio_live  # noqa: F401
from bot.radio.programme import tables as _radio_programme  # noqa: F401
from bot.radio.pull import tables as _radio_pull  # noqa: F401
from bot.review import tables as _review  # noqa: F401
from bot.store import Base

PERSON, CONVERSATION = "person", "conversation"


@cache
def tables_of(root: str) -> tuple[Table, ...]:
    """The tables with rows that may belong to a row of `root`, and `root` itself: who refers stands before who is referred to."""
    known = {root}
    ordered = list(Base.metadata.sorted_tables)
    for table in ordered:
        if any(key.column.table.name in known for key in _binding(table)):
            known.add(table.name)
    return tuple(table for table in reversed(ordered) if table.name in known)


def _binding(table: Table) -> list[ForeignKey]:
    keys = (key for column in table.columns for key in column.foreign_keys)
    return [key for key in keys if key.ondelete != "SET NULL" and key.column.table is not table]


def belongs(table: Table, root: str, ids: Sequence[int]) -> ColumnElement[bool]:
    """Whether a row of a table belongs to one of some rows of `root`, by their ids."""
    if table.name == root:
        return table.c.id.in_(ids)
    names = {one.name for one in tables_of(root)}
    ways = []
    for key in _binding(table):
        other = key.column.table
        if other.name == root and key.column.name == "id":
            ways.append(key.parent.in_(ids))
        elif other.name in names:
            ways.append(key.parent.in_(select(key.column).where(belongs(other, root, ids))))
    return or_(*ways) if ways else false()


async def remove(db: AsyncSession, root: str, ids: Sequence[int], *, but: Iterable[str] = ()) -> dict[str, int]:
    """Delete rows of `root` with all that belongs to them; how many rows of each table. Tables in `but` stay."""
    if not ids:
        return {}
    stays = set(but)
    return {
        table.name: (await db.execute(delete(table).where(belongs(table, root, ids)))).rowcount  # type: ignore[attr-defined]
        for table in tables_of(root)
        if table.name not in stays
    }


async def count(db: AsyncSession, root: str, ids: Sequence[int], *, but: Iterable[str] = ()) -> dict[str, int]:
    """How many rows of each table `remove` would delete."""
    if not ids:
        return {}
    stays = set(but)
    return {
        table.name: await db.scalar(select(func.count()).select_from(table).where(belongs(table, root, ids))) or 0
        for table in tables_of(root)
        if table.name not in stays
    }
