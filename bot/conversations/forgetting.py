"""Everything of one person taken out: the record, and the engine's dialogue state, which is a file of its own."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from bot.conversations import queries
from bot.conversations.tables import Person
from bot.store import Sessions


class UnknownPerson(Exception):
    """A code that belongs to nobody."""


async def forget(sessions: Sessions, dialogues: Path, code: str) -> int:
    """Delete the person with that code from the record and from the engine's store; how many conversations they had.

    Raises UnknownPerson.
    """
    async with sessions.begin() as db:
        person = await db.scalar(select(Person).where(Person.code == code))
        if person is None:
            raise UnknownPerson(code)
        talks = await queries.remove_person(db, person.id)
    if dialogues.exists():
        with closing(sqlite3.connect(dialogues, timeout=10)) as db, db:
            db.executemany("DELETE FROM state WHERE sender = ?", [(talk,) for talk in talks])
    return len(talks)
