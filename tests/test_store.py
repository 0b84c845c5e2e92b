"""What the database does for all who use it, on SQLite and on PostgreSQL."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.store import Sessions, open_engine

HOLD = text("UPDATE knowledge_revision SET n = n + 1")


async def revision(sessions: Sessions) -> int:
    async with sessions() as reader:
        return (await reader.execute(text("SELECT n FROM knowledge_revision"))).scalar_one()


async def test_who_waits_too_long_for_what_another_holds_gets_an_error(sessions: Sessions, database: str) -> None:
    engine = open_engine(database, lock_wait=0.1)
    second = Sessions(engine)
    before = await revision(sessions)

    async with sessions.begin() as holder:
        await holder.execute(HOLD)
        with pytest.raises(DBAPIError, match="lock"):
            async with second.begin() as late:
                await late.execute(HOLD)
    async with second.begin() as after:
        await after.execute(HOLD)
    await engine.dispose()

    assert await revision(sessions) == before + 2
