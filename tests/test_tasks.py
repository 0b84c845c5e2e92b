"""Tasks that are done with leave nothing behind that would hold up the loop's end."""

from __future__ import annotations

import asyncio

from sqlalchemy import text

from bot.store import Sessions
from bot.tasks import let_go

LONG = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(30)",
}


async def test_who_is_let_go_in_the_middle_of_a_query_has_given_its_connection_back(
    sessions: Sessions, database: str
) -> None:
    began = asyncio.Event()

    async def look() -> None:
        async with sessions() as db:
            await db.execute(text("SELECT 1"))
            began.set()
            await db.execute(text(LONG[database.split("+")[0]]))

    before = asyncio.all_tasks()
    task = asyncio.create_task(look())
    await began.wait()
    await asyncio.sleep(0.05)

    await let_go(task)

    assert task.cancelled()
    assert asyncio.all_tasks() == before
    async with sessions() as db:
        assert await db.scalar(text("SELECT 1")) == 1


async def test_what_has_ended_and_what_fails_hold_up_nobody() -> None:
    async def fail() -> None:
        raise ValueError

    async def stay() -> None:
        await asyncio.Event().wait()

    tasks = [asyncio.create_task(job()) for job in (fail, stay)]
    await asyncio.wait(tasks[:1])

    await let_go(*tasks)
    await let_go()

    assert [task.done() for task in tasks] == [True, True]


async def test_who_waits_for_others_may_be_let_go_too_and_cancels_them_no_second_time() -> None:
    asked: list[int] = []

    async def slow() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            asked.append(1)
            await asyncio.sleep(0.1)  # gives back what it holds
            asked.append(2)

    task = asyncio.create_task(slow())
    await asyncio.sleep(0)
    waiting = asyncio.create_task(let_go(task))
    await asyncio.sleep(0.02)

    await let_go(waiting)
    await asyncio.wait([task])

    assert asked == [1, 2]
