"""What is deleted is to be gone from the file as well, not only from what the database shows of it."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.store import Sessions


async def empty_log(sessions: Sessions) -> None:
    """Move SQLite's write-ahead log into the file and cut it: it holds what was there before a deletion.

    As far as nobody reads an older state just then; the next one who writes goes on with it. PostgreSQL minds its own.
    """
    async with sessions() as db:
        url = db.get_bind().engine.url
    if url.get_backend_name() == "sqlite" and url.database:
        await asyncio.to_thread(_cut_log, url.database)


def _cut_log(path: str) -> None:
    with closing(sqlite3.connect(path, timeout=1)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def erase_dialogues(path: Path, codes: list[str]) -> None:
    """Delete the states of conversations from the engine's file, while no engine is running that has it open."""
    if not path.exists():
        return
    with closing(sqlite3.connect(path, timeout=10)) as db:
        db.execute("PRAGMA secure_delete = ON")
        with db:
            db.executemany("DELETE FROM state WHERE sender = ?", [(code,) for code in codes])
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
