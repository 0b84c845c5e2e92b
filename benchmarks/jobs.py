"""Job search at growing sizes on SQLite and PostgreSQL, beside reading every title and duty with LIKE, in one run.

`python -m benchmarks.jobs --sizes 1000,100000,1000000 --postgres postgresql+asyncpg://…` (any database of a server on
which a database may be created; it is dropped again).
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import random
import sqlite3
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

import asyncpg
from rich.console import Console
from rich.table import Table
from sqlalchemy import ColumnElement, and_, func, make_url, or_, select

from benchmarks.postings import (
    COMPANY_COLUMNS,
    POSTING_COLUMNS,
    MadeCompany,
    companies,
    company_row,
    posting_row,
    postings,
)
from bot.clock import today
from bot.evaluation.measures import percentile
from bot.jobs.search import JobSearch
from bot.jobs.tables import Posting
from bot.migrating import upgrade
from bot.store import Sessions, open_engine
from bot.text.schooling import LEVELS, rank
from bot.text.wishes import Wishes

SIZES = (1_000, 100_000, 1_000_000)
QUERIES = 200
COMPANIES = 40_000
BATCH = 20_000
PLAIN_QUERIES = {1_000: QUERIES}  # at other sizes so few that the wait stays bearable
PLAIN_QUERIES_ELSE = 20
out = Console()

_SYNONYMS = {
    "程序员": ("软件开发", "前端开发", "java开发"), "文员": ("行政",), "财务": ("会计", "出纳"), "老师": ("教师",),
    "司机": ("驾驶员",), "客服": ("呼叫",), "幼师": ("幼教",), "服务员": ("传菜员",), "营业员": ("导购",), "美工": ("设计",),
}  # fmt: skip


def clock() -> datetime:
    """The day the made-up postings are made for."""
    return datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


def synonyms(word: str) -> tuple[str, ...]:
    """A few, so that the measure does not change when the maintained table does."""
    return _SYNONYMS.get(word, ())


@dataclass(frozen=True)
class Row:
    """One line of the table: milliseconds of a first page."""

    database: str
    size: int
    p50: float
    p95: float
    worst: float
    plain_p50: float
    plain_p95: float
    slowest: Wishes


def queries(n: int = QUERIES, seed: int = 3) -> list[Wishes]:
    """Searches as people mix them: from one word to six conditions, common and rare, with and without a match."""
    dice = random.Random(seed)
    keywords = (
        "会计", "文员", "司机", "程序员", "销售", "客服", "护士", "教师", "电工", "软件开发工程师", "java", "前台", "服务员",
        "保安", "新媒体运营", "财务", "导游", "煤矿", "光伏运维", "幼师", "店长", "快递", "美工", "宠物美容", "工程师", "会计 出纳",
    )  # fmt: skip
    districts = ("平城区",) * 6 + ("云冈区",) * 3 + ("新荣区", "云州区", "浑源县", "左云县", "灵丘县", "平城区 云冈区")
    majors = ("会计", "计算机", "机械", "电气", "护理", "旅游管理", "采矿工程", "英语", "市场营销", "考古")
    benefits = ("双休", "五险一金", "包吃住", "不上夜班", "包住")
    pay = (2500, 3000, 3150, 4000, 4500, 5000, 6000, 8000, 10_000, 12_000, 15_000)
    made = []
    for _ in range(n):
        some: dict[str, Any] = {}
        kind = dice.random()
        if kind < 0.7:
            some["keyword"] = dice.choice(keywords)
        if dice.random() < 0.55:
            some["district"] = dice.choice(districts)
        if dice.random() < 0.4:
            some["salary_min"] = dice.choice(pay)
            if dice.random() < 0.3:
                some["salary_max"] = some["salary_min"] + dice.choice((1000, 2000, 3000))
        if dice.random() < 0.3:
            some["education"] = dice.choice(LEVELS[:5])
        if dice.random() < 0.2:
            some["major"] = dice.choice(majors)
        if dice.random() < 0.15:
            some["job_type"] = dice.choice(("全职", "实习", "见习", "兼职"))
        if dice.random() < 0.15:
            some["benefits"] = tuple(dice.sample(benefits, dice.choice((1, 2))))
        if dice.random() < 0.12:
            some["exclude"] = tuple(dice.sample(("销售", "客服", "主播", "电话销售", "保险"), dice.choice((1, 2))))
        if dice.random() < 0.08:
            some["industry"] = dice.choice(("新能源", "物流", "医院", "教育", "Q", "旅游"))
        if dice.random() < 0.04:
            some["company"] = dice.choice(("恒源", "华盛物流", "云中平城", "金地软件"))
        made.append(Wishes(**some))
    return made


class Store(Protocol):
    """A database that is filled and searched."""

    name: str
    sessions: Sessions

    async def add(self, rows: list[tuple[Any, ...]]) -> None:
        """Add postings."""

    async def settle(self) -> None:
        """Bring indexes and statistics up to date, as they are in daily life."""


class SqliteStore:
    """A file in a temporary folder."""

    name = "SQLite"

    def __init__(self, path: Path, sessions: Sessions) -> None:
        self._path, self.sessions = path, sessions

    @classmethod
    @asynccontextmanager
    async def opened(cls, folder: Path, made: list[MadeCompany]) -> AsyncIterator[SqliteStore]:
        """Migrated, with the companies."""
        path = folder / "jobs.db"
        address = f"sqlite+aiosqlite:///{path}"
        await upgrade(address)
        engine = open_engine(address)
        store = cls(path, Sessions(engine))
        await asyncio.to_thread(store._insert, "company", COMPANY_COLUMNS, [company_row(c) for c in made])
        yield store
        await engine.dispose()

    async def add(self, rows: list[tuple[Any, ...]]) -> None:
        """Add postings; the triggers feed FTS5."""
        await asyncio.to_thread(self._insert, "posting", POSTING_COLUMNS, rows)

    async def settle(self) -> None:
        """Statistics for the planner."""

        def analyse() -> None:
            with sqlite3.connect(self._path) as db:
                db.execute("ANALYZE")

        await asyncio.to_thread(analyse)

    def _insert(self, table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
        with sqlite3.connect(self._path) as db:
            db.execute("PRAGMA synchronous=OFF")
            db.execute("PRAGMA cache_size=-200000")
            marks = ", ".join("?" * len(columns))
            plain = [tuple(v.isoformat() if hasattr(v, "isoformat") else v for v in row) for row in rows]
            db.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", plain)


class PostgresStore:
    """A database of its own on a server, dropped at the end."""

    name = "PostgreSQL"

    def __init__(self, connection: asyncpg.Connection, sessions: Sessions) -> None:
        self._connection, self.sessions = connection, sessions
        self._index: str | None = None

    @classmethod
    @asynccontextmanager
    async def opened(cls, server: str, made: list[MadeCompany]) -> AsyncIterator[PostgresStore]:
        """Migrated, with the companies."""
        name = f"duihua_bench_{uuid.uuid4().hex[:8]}"
        plain = make_url(server).set(drivername="postgresql")
        admin = await asyncpg.connect(plain.render_as_string(hide_password=False))
        await admin.execute(f"CREATE DATABASE {name}")
        try:
            address = make_url(server).set(database=name).render_as_string(hide_password=False)
            await upgrade(address)
            engine = open_engine(address)
            connection = await asyncpg.connect(plain.set(database=name).render_as_string(hide_password=False))
            await connection.copy_records_to_table(
                "company", columns=COMPANY_COLUMNS, records=[company_row(c) for c in made]
            )
            try:
                yield cls(connection, Sessions(engine))
            finally:
                await connection.close()
                await engine.dispose()
        finally:
            await admin.execute(f"DROP DATABASE {name}")
            await admin.close()

    async def add(self, rows: list[tuple[Any, ...]]) -> None:
        """Add postings; the index of words is made anew afterwards, which is much faster than row by row."""
        if self._index is None:
            self._index = await self._connection.fetchval(
                "SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_posting_fts'"
            )
            await self._connection.execute("DROP INDEX ix_posting_fts")
        await self._connection.copy_records_to_table("posting", columns=POSTING_COLUMNS, records=rows)

    async def settle(self) -> None:
        """The index of words as the migration makes it, and statistics."""
        await self._connection.execute("SET maintenance_work_mem = '1GB'")
        if self._index is not None:
            await self._connection.execute(self._index)
            self._index = None
        await self._connection.execute("VACUUM ANALYZE posting")


async def timed(search: JobSearch, asked: list[Wishes]) -> list[float]:
    """Milliseconds of each first page."""
    times = []
    for wishes in asked:
        began = time.perf_counter()
        await search.find(wishes)
        times.append((time.perf_counter() - began) * 1000)
    return times


def plainly(wishes: Wishes) -> ColumnElement[bool]:
    """The same wishes by comparing columns, and keywords by LIKE on title and duties."""
    parts: list[ColumnElement[bool]] = [
        Posting.status == "open",
        or_(Posting.closes_on.is_(None), Posting.closes_on >= today(clock)),
    ]
    if wishes.keyword:
        spellings = [s for word in wishes.keywords for s in (word, *synonyms(word))]
        parts.append(or_(*(c.like(f"%{s}%") for s in spellings for c in (Posting.title, Posting.duties))))
    if wishes.district:
        parts.append(Posting.district.in_(wishes.districts))
    if wishes.education:
        parts.append(Posting.education.in_(LEVELS[: rank(wishes.education) + 1]))
    if wishes.job_type:
        parts.append(Posting.job_type == wishes.job_type)
    if wishes.salary_min is not None:
        parts.append(Posting.pay_max >= wishes.salary_min)
    if wishes.salary_max is not None:
        parts.append(Posting.pay_min <= wishes.salary_max)
    parts += [Posting.title.not_like(f"%{word}%") for word in wishes.exclude]
    return and_(*parts)


async def timed_plainly(sessions: Sessions, asked: list[Wishes]) -> list[float]:
    """Milliseconds of the plain way: three postings and the count."""
    times = []
    for wishes in asked:
        began = time.perf_counter()
        async with sessions() as db:
            fits = plainly(wishes)
            newest = select(Posting).where(fits).order_by(Posting.checked_on.desc(), Posting.id.desc()).limit(3)
            (await db.scalars(newest)).all()
            await db.scalar(select(func.count()).select_from(Posting).where(fits))
        times.append((time.perf_counter() - began) * 1000)
    return times


async def measure(sizes: tuple[int, ...] = SIZES, postgres: str | None = None) -> list[Row]:
    """First pages of mixed searches at each size, on SQLite and, with an address, on PostgreSQL."""
    asked = queries(QUERIES)
    made = companies(max(50, min(COMPANIES, max(sizes) // 20)))
    endless = postings(made)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="duihua-jobs-") as name:
        async with AsyncExitStack() as stack:
            stores: list[Store] = [await stack.enter_async_context(SqliteStore.opened(Path(name), made))]
            if postgres:
                stores.append(await stack.enter_async_context(PostgresStore.opened(postgres, made)))
            there = 0
            for size in sorted(sizes):
                began = time.perf_counter()
                await _grow(stores, endless, size - there)
                there = size
                out.print(f"{size:,} 条已备好，{time.perf_counter() - began:.0f} 秒", style="dim")
                rows += [await _measured(store, size, asked) for store in stores]
    return rows


async def _grow(stores: list[Store], endless: Iterator[Any], more: int) -> None:
    while more > 0:
        batch = [posting_row(p) for p in itertools.islice(endless, min(BATCH, more))]
        more -= len(batch)
        await asyncio.gather(*(store.add(batch) for store in stores))
    for store in stores:
        await store.settle()


async def _measured(store: Store, size: int, asked: list[Wishes]) -> Row:
    search = JobSearch(store.sessions, clock, synonyms)
    await timed(search, queries(QUERIES, seed=4))  # other searches, as a day's work before: nothing is read from disk
    times = await timed(search, asked)
    few = PLAIN_QUERIES.get(size, PLAIN_QUERIES_ELSE)
    plain = await timed_plainly(store.sessions, asked[:: len(asked) // few])
    worst = max(range(len(times)), key=times.__getitem__)
    return Row(
        store.name, size, percentile(times, 50), percentile(times, 95), round(times[worst], 1), percentile(plain, 50),
        percentile(plain, 95), asked[worst],
    )  # fmt: skip


def show(rows: list[Row]) -> None:
    """One line for each database and size."""
    table = Table(
        "数据库", "岗位数", "p50 毫秒", "p95 毫秒", "最慢", "逐条 LIKE p50", "逐条 LIKE p95", "p95 之比",
        title=f"岗位搜索首页，{QUERIES} 个混合查询",
    )  # fmt: skip
    for row in rows:
        table.add_row(
            row.database, f"{row.size:,}", f"{row.p50:.1f}", f"{row.p95:.1f}", f"{row.worst:.1f}",
            f"{row.plain_p50:.1f}", f"{row.plain_p95:.1f}", f"{row.plain_p95 / row.p95:.1f}×",
        )  # fmt: skip
    out.print(table)
    out.print(f"逐条 LIKE 不查行业、专业、公司、福利；大库只测其中 {PLAIN_QUERIES_ELSE} 个。", style="dim")


def main() -> None:
    """Read the command line, measure, print."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--sizes", default=",".join(map(str, SIZES)))
    reader.add_argument("--postgres")
    given = reader.parse_args()
    show(asyncio.run(measure(tuple(int(size) for size in given.sizes.split(",")), given.postgres)))


if __name__ == "__main__":
    main()
