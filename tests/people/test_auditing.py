"""The log: only ever added to, whole, and found again; on both databases."""

from __future__ import annotations

import asyncio
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot.people.auditing import AuditLog, Search


@pytest.fixture
def log(sessions, clock) -> AuditLog:
    return AuditLog(sessions, clock)


async def test_entries_are_found_by_who_what_target_and_day(log, clock):
    await log.write("account.add", "李雷", who="王芳", account_id=1, address="10.0.0.1", details={"roles": ["editor"]})
    await log.write("job.import", "batch 7", who="李雷", details={"rows": 120})
    clock.pass_(hours=14)  # midnight in 大同
    await log.write("account.disable", "100%_sicher", who="王芳")

    async def found(**wanted) -> list[str]:
        return [entry.action for entry in (await log.find(Search(**wanted))).entries]

    assert await found() == ["account.disable", "job.import", "account.add"]
    assert await found(who="王") == ["account.disable", "account.add"]
    assert await found(action="account") == ["account.disable", "account.add"]
    assert await found(action="account.add") == ["account.add"]
    assert await found(action="acc") == []
    assert await found(target="batch") == ["job.import"]
    assert await found(target="%") == ["account.disable"]
    assert await found(since=date(2026, 11, 25)) == ["account.disable"]
    assert await found(until=date(2026, 11, 24)) == ["job.import", "account.add"]
    assert await found(since=date(2026, 11, 24), until=date(2026, 11, 25), who="李雷") == ["job.import"]
    assert list(await log.actions()) == ["account.add", "account.disable", "job.import"]


async def test_pages_hold_fifty_and_the_stream_holds_all(log):
    for n in range(60):
        await log.write("x", str(n), who="王芳")

    first, second = await log.find(Search()), await log.find(Search(), page=2)

    assert (first.total, len(first.entries), len(second.entries)) == (60, 50, 10)
    assert [entry.target async for entry in log.stream(Search())] == [str(n) for n in reversed(range(60))]


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET who = 'x'", "DELETE FROM audit_entry"])
async def test_the_database_lets_nobody_change_or_delete_an_entry(log, sessions, statement):
    await log.write("x", "y", who="王芳")

    with pytest.raises(DBAPIError, match="only ever added to"):
        async with sessions.begin() as db:
            await db.execute(text(statement))

    assert (await log.find(Search())).entries[0].who == "王芳"


async def test_entries_written_at_once_make_one_chain(log):
    await asyncio.gather(*(log.write("x", str(n), who="王芳", details={"n": n, "ä": "中"}) for n in range(30)))

    assert (await log.find(Search())).total == 30
    assert await log.broken_at() is None


@pytest.mark.parametrize(
    "statement",
    ["UPDATE audit_entry SET target = 'z' WHERE id = 2", "DELETE FROM audit_entry WHERE id = 2",
     "UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE id = 2"],
)  # fmt: skip
async def test_a_row_that_was_changed_or_taken_out_behind_the_database_s_back_is_noticed(log, sessions, statement):
    for n in range(4):
        await log.write("x", str(n), who="王芳")
    async with sessions.begin() as db:
        if db.get_bind().dialect.name == "sqlite":
            for verb in ("update", "delete"):
                await db.execute(text(f"DROP TRIGGER audit_entry_no_{verb}"))
        else:
            await db.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_stays"))
        await db.execute(text(statement))
        if db.get_bind().dialect.name != "sqlite":
            await db.execute(text("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_stays"))

    assert await log.broken_at() in (2, 3)
