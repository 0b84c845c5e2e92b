"""The console's list of conversations at 1,000,000 messages on SQLite and PostgreSQL, beside a scan with LIKE, in one run.

`python -m benchmarks.review --messages 1000000 --postgres postgresql+asyncpg://…` (any database of a server on which a
database may be created; it is dropped again). The lists that are taken away are written by a process of their own, whose
greatest memory is told.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import random
import sqlite3
import sys
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

import asyncpg
from rich.console import Console
from rich.table import Table
from sqlalchemy import distinct, func, make_url, select

from bot.conversations.tables import Conversation, Message
from bot.evaluation.measures import percentile
from bot.knowledge.files import read_topic, topic_files
from bot.migrating import upgrade
from bot.review.export import Exports
from bot.review.rules import PRESETS, Filters
from bot.review.service import Review
from bot.review.words import DISTRESS, DOWN, HANDED, NEW, SEEN, WAITS, facets_of, grams, joined
from bot.settings import ROOT
from bot.store import Sessions, open_engine

MESSAGES = 1_000_000
BATCH = 5_000  # turns
ROUNDS = 3  # how often each list is asked for
PLAIN = 12  # scans; each takes its time
NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
SINCE = timedelta(days=180)
out = Console()

_COLUMNS = {
    "person": ("id", "code", "created_at"),
    "identity": ("id", "person_id", "channel", "sender", "created_at"),
    "conversation": ("id", "code", "person_id", "identity_id", "channel", "started_at", "last_at"),
    "turn": (
        "id", "conversation_id", "state", "received_at", "retry_at", "attempts", "answered_at", "milliseconds", "intent",
        "confidence", "outcome", "topic", "answer_version",
    ),
    "message": ("id", "conversation_id", "identity_id", "turn_id", "direction", "kind", "key", "text", "body", "at"),
    "feedback": ("message_id", "verdict", "reasons", "at"),
    "search_entry": ("id", "conversation_id", "turn_id", "message_id", "at", "facets", "marks", "standing", "words"),
}  # fmt: skip
Rows = dict[str, list[tuple[Any, ...]]]


def clock() -> datetime:
    """The day the talks are made for."""
    return NOW


def talks(messages: int, seed: int = 7) -> Iterator[Rows]:
    """Half as many turns as messages, in order of time, some to each conversation; in batches of rows by table."""
    dice = random.Random(seed)
    topics = [(t.id, t) for _, t, _ in ((p, *read_topic(p)) for p in topic_files(ROOT / "data" / "knowledge"))]
    weights = [1 / (n + 2) for n in range(len(topics))]
    before = ("", "", "", "请问", "我想问下，", "老师好，", "那个，", "急，", "家在浑源，", "平城区的，", "25届的，")
    after = ("", "", "", "？", "呀", "，谢谢", "，在线等", "，咋整", "，麻烦说下", "，去年没办", "，我同学说不行")
    turns, open_, last_turn = messages // 2, [], 0
    rows: Rows = {name: [] for name in _COLUMNS}
    people = 0
    for turn in range(1, turns + 1):
        at = NOW - SINCE + SINCE * (turn / turns)
        if len(open_) < 40 or dice.random() < 0.22:
            people += 1
            channel = dice.choices(("web", "telegram"), (8, 2))[0]
            rows["person"].append((people, f"P{people}", at))
            rows["identity"].append((people, people, channel, f"s{people}", at))
            rows["conversation"].append(
                (people, f"{people:016x}", people, people, channel, at, at + timedelta(hours=1))
            )
            state = dice.random()
            marks = SEEN if state < 0.3 else NEW
            standing = f"{HANDED} {WAITS}" if state > 0.9995 else HANDED if state > 0.98 else ""
            open_.append((people, channel, marks, standing))
            if len(open_) > 60:
                open_.pop(0)
        talk, channel, marks, standing = open_[-1] if dice.random() < 0.5 else dice.choice(open_)
        topic_id, topic = dice.choices(topics, weights)[0]
        aspect = dice.choice(list(topic.phrasings))
        question = dice.choice(before) + dice.choice(topic.phrasings[aspect]) + dice.choice(after)
        outcome = dice.choices(("served", "offered", "refused", None), (62, 20, 6, 12))[0]
        said = (
            _answer(topic, aspect)
            if outcome == "served"
            else "这个我还不知道，帮你记下了，可以打 12333 问。"
            if outcome == "refused"
            else "你问的是这几个里的哪个？"
        )
        intent = "policy" if outcome else dice.choice(("greet", "thanks_bye", "job_search", "chitchat"))
        confidence = 0.35 if dice.random() < 0.05 else 0.93
        distress, scam = dice.random() < 0.0007, dice.random() < 0.004
        down = dice.random() < 0.01
        facets = facets_of(
            channel=channel, intent=intent, confidence=confidence, outcome=outcome, topics=(topic_id,) if outcome == "served" else (),
            scam=scam, verdict="down" if down else None, reasons=("没答到点上",) if down else (),
        )  # fmt: skip
        facets += f" {DISTRESS}" if distress else ""
        assert DOWN in facets or not down
        rows["turn"].append(
            (turn, talk, "answered", at, at, 1, at, 14, intent, confidence, outcome, topic_id if outcome == "served" else None, 1)
        )  # fmt: skip
        shared = (talk, talk, turn)
        rows["message"].append((2 * turn - 1, *shared, "in", "text", f"k{turn}", question, None, at))
        rows["message"].append((2 * turn, *shared, "out", "reply", None, said, _body(said), at))
        if down:
            rows["feedback"].append((2 * turn, "down", json.dumps(["没答到点上"]), at))
        words = joined(grams(question)) + " " + _words(said)
        rows["search_entry"].append((turn, talk, turn, None, at, facets, marks, standing, words))
        if turn - last_turn == BATCH or turn == turns:
            yield rows
            rows, last_turn = {name: [] for name in _COLUMNS}, turn


@lru_cache(maxsize=4096)
def _words(text: str) -> str:
    return joined(grams(text))


@lru_cache(maxsize=4096)
def _body(text: str) -> str:
    whole = {"paragraphs": text.split("\n"), "source": {"text": "来源：人社局文件", "url": None}, "rateable": True}
    return json.dumps(whole | {"choices": [], "filters": [], "cards": [], "days": []}, ensure_ascii=False)


def _answer(topic: Any, aspect: str) -> str:
    said = topic.aspects.get(aspect)
    return (said.text or said.none) if said else topic.answer.text


# -- the databases -----------------------------------------------------------------------------------------------------


@dataclass
class Store:
    """A database that is filled and asked."""

    name: str
    sessions: Sessions
    add: Callable[[Rows], Awaitable[None]]
    settle: Callable[[], Awaitable[None]]
    address: str


@asynccontextmanager
async def sqlite_store(folder: Path) -> AsyncIterator[Store]:
    """A file in a folder; the triggers feed FTS5."""
    path = folder / "review.db"
    address = f"sqlite+aiosqlite:///{path}"
    await upgrade(address)

    def insert(rows: Rows) -> None:
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("PRAGMA synchronous=OFF")
            db.execute("PRAGMA cache_size=-200000")
            for table, some in rows.items():
                marks = ", ".join("?" * len(_COLUMNS[table]))
                plain = [
                    tuple(f"{v:%Y-%m-%d %H:%M:%S.%f}" if isinstance(v, datetime) else v for v in row) for row in some
                ]
                db.executemany(f"INSERT INTO {table} ({', '.join(_COLUMNS[table])}) VALUES ({marks})", plain)

    def analyse() -> None:
        with closing(sqlite3.connect(path)) as db, db:
            db.execute("ANALYZE")

    engine = open_engine(address)
    yield Store(
        "SQLite", Sessions(engine), lambda r: asyncio.to_thread(insert, r), lambda: asyncio.to_thread(analyse), address
    )
    await engine.dispose()


@asynccontextmanager
async def postgres_store(server: str) -> AsyncIterator[Store]:
    """A database of its own on a server, dropped at the end."""
    name = f"duihua_bench_{uuid.uuid4().hex[:8]}"
    plain = make_url(server).set(drivername="postgresql")
    admin = await asyncpg.connect(plain.render_as_string(hide_password=False))
    await admin.execute(f"CREATE DATABASE {name}")
    try:
        address = make_url(server).set(database=name).render_as_string(hide_password=False)
        await upgrade(address)
        connection = await asyncpg.connect(plain.set(database=name).render_as_string(hide_password=False))
        index = await connection.fetchval("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_search_entry_fts'")
        await connection.execute("DROP INDEX ix_search_entry_fts")  # made anew afterwards: faster than row by row

        async def add(rows: Rows) -> None:
            for table, some in rows.items():
                await connection.copy_records_to_table(table, columns=_COLUMNS[table], records=some)

        async def settle() -> None:
            await connection.execute("SET maintenance_work_mem = '512MB'")
            await connection.execute(index)
            await connection.execute("VACUUM ANALYZE")

        engine = open_engine(address)
        try:
            yield Store("PostgreSQL", Sessions(engine), add, settle, address)
        finally:
            await connection.close()
            await engine.dispose()
    finally:
        await admin.execute(f"DROP DATABASE {name}")
        await admin.close()


# -- measuring ---------------------------------------------------------------------------------------------------------

TEXTS = (
    "社保",
    "补贴",
    "档案",
    "创业",
    "大同",
    "保",
    "卡",
    "落户口",
    "毕业证丢了",
    "浑源",
    "紫罗兰",
    "社保 档案",
    "12333",
    "见习期",
    "三方协议",
    "我同学说不行",
)
"""Common and rare, one character to a clause, two words, none."""
LISTS: tuple[tuple[str, tuple[Filters, ...]], ...] = (
    ("全文搜索", tuple(Filters(q=text) for text in TEXTS)),
    (
        "搜索加筛选",
        (
            Filters(q="社保", outcome="refused"), Filters(q="补贴", verdict="down"), Filters(q="档案", scam="1"),
            Filters(q="的", distress="1"), Filters(q="创业", day="today"), Filters(q="大同", handed="waits"),
            Filters(q="社保", channel="telegram", low="1"), Filters(q="毕业", reviewed="yes", outcome="offered"),
        ),
    ),
    (
        "筛选",
        (
            Filters(), *(preset.filters for preset in PRESETS), Filters(topic="startup-loan"), Filters(intent="policy"),
            Filters(intent="greet", channel="telegram"), Filters(low="1"), Filters(reviewed="yes"), Filters(sort="old"),
            Filters(since="2026-08-01", until="2026-08-07"), Filters(outcome="refused", topic="startup-loan"),
        ),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Line:
    """Milliseconds of whole list pages of one kind."""

    database: str
    what: str
    p50: float
    p95: float
    worst: float


async def _timed(job: Callable[[], Awaitable[Any]]) -> tuple[float, Any]:
    began = time.perf_counter()
    done = await job()
    return (time.perf_counter() - began) * 1000, done


async def measured(store: Store) -> list[Line]:
    """Whole pages: rows, counts, presets, views; first pages and pages far down."""
    review = Review(store.sessions, clock)
    lines = []
    for what, lists in LISTS:
        times = []
        for round_ in range(ROUNDS + 1):
            for filters in lists:
                took, listed = await _timed(lambda f=filters: review.list(f, 1))
                times += [took] if round_ else []  # the first time warms what a day's work has warm
                if what == "筛选" and listed.before and round_:
                    took, _ = await _timed(lambda f=filters, at=listed.before: review.list(f, 1, before=at))
                    times.append(took)
        lines.append(
            Line(store.name, f"{what}（{len(lists)} 种）", percentile(times, 50), percentile(times, 95), max(times))
        )
    deep = []
    for filters in (Filters(q="社保"), Filters(outcome="served"), Filters()):
        for part in (0.5, 0.1):
            middle = int(part * MESSAGES / 2)
            for _ in range(ROUNDS):
                deep.append((await _timed(lambda f=filters, at=middle: review.list(f, 1, before=at)))[0])
    lines.append(Line(store.name, "翻到很后面的一页", percentile(deep, 50), percentile(deep, 95), max(deep)))
    return lines


async def scanned(store: Store) -> Line:
    """The plain way: LIKE on every message, the latest conversations that have it, and their count."""
    times = []
    for text in itertools.islice(itertools.cycle(TEXTS), PLAIN):
        has = Message.text.contains(text, autoescape=True)

        async def plain(has: Any = has) -> None:
            async with store.sessions() as db:
                latest = (
                    select(Message.conversation_id, func.max(Message.id).label("last"))
                    .where(has)
                    .group_by(Message.conversation_id)
                    .subquery()
                )
                page = select(Conversation, latest.c.last).join(latest, latest.c.conversation_id == Conversation.id)
                (await db.execute(page.order_by(latest.c.last.desc()).limit(25))).all()
                await db.scalar(select(func.count(distinct(Message.conversation_id))).where(has))

        times.append((await _timed(plain))[0])
    return Line(store.name, f"逐条 LIKE（{PLAIN} 次搜索）", percentile(times, 50), percentile(times, 95), max(times))


# -- taking away -------------------------------------------------------------------------------------------------------


async def take_away(address: str, form: str, per: str, q: str) -> None:
    """Write one list and tell rows, seconds and the greatest memory of this process."""
    engine = open_engine(address)
    with tempfile.TemporaryDirectory(prefix="duihua-export-") as folder:
        exports = Exports(Sessions(engine), clock, Path(folder))
        run = await exports.begin(Filters(q=q), per=per, form=form, by="测", account_id=None)  # type: ignore[arg-type]
        began = time.perf_counter()
        await exports.make(run)
        took = time.perf_counter() - began
        done = await exports.run(run, None)  # type: ignore[arg-type]
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
    await engine.dispose()
    peak = _peak()
    sys.stdout.write(
        json.dumps({"rows": done.rows, "seconds": took, "peak": peak, "size": size / 1e6, "state": done.state})
    )


def _peak() -> float:
    """The most memory this program ever had, in MB; what getrusage tells begins with that of the process that started it."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


async def taken_away(store: Store) -> list[tuple[str, dict[str, Any]]]:
    """Lists of nothing, of some and of everything, each by a process of its own."""
    found = []
    for what, form, per, q in (
        ("几乎没有", "csv", "message", "毕业证丢了 浑源"), ("全部，每条消息一行", "csv", "message", ""),
        ("全部，每条消息一行", "xlsx", "message", ""), ("全部，每段对话一行", "csv", "conversation", ""),
    ):  # fmt: skip
        command = [sys.executable, "-m", "benchmarks.review", "--take-away", store.address, form, per, q]
        process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
        told, _ = await process.communicate()
        found.append((f"{store.name} {form} {what}", json.loads(told)))
    return found


async def measure(messages: int = MESSAGES, postgres: str | None = None, *, exports: bool = True) -> None:
    """Fill, measure, print."""
    with tempfile.TemporaryDirectory(prefix="duihua-review-") as name:
        async with AsyncExitStack() as stack:
            stores = [await stack.enter_async_context(sqlite_store(Path(name)))]
            if postgres:
                stores.append(await stack.enter_async_context(postgres_store(postgres)))
            began = time.perf_counter()
            for rows in talks(messages):
                await asyncio.gather(*(store.add(rows) for store in stores))
            for store in stores:
                await store.settle()
            out.print(f"{messages:,} 条消息已备好，{time.perf_counter() - began:.0f} 秒", style="dim")
            table = Table(
                "数据库",
                "列表页",
                "p50 毫秒",
                "p95 毫秒",
                "最慢",
                "LIKE p50 之比",
                title=f"对话列表，{messages:,} 条消息",
            )
            for store in stores:
                lines, plain = await measured(store), await scanned(store)
                for line in (*lines, plain):
                    table.add_row(
                        line.database, line.what, f"{line.p50:.1f}", f"{line.p95:.1f}", f"{line.worst:.1f}",
                        "" if line is plain else f"{plain.p50 / line.p50:.0f}×",
                    )  # fmt: skip
            out.print(table)
            if exports:
                table = Table("导出", "行数", "秒", "内存峰值 MB", "文件 MB", title="导出")
                for store in stores:
                    for what, told in await taken_away(store):
                        table.add_row(
                            what,
                            f"{told['rows']:,}",
                            f"{told['seconds']:.0f}",
                            f"{told['peak']:.0f}",
                            f"{told['size']:.0f}",
                        )
                out.print(table)


def main() -> None:
    """Read the command line, measure, print."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--messages", type=int, default=MESSAGES)
    reader.add_argument("--postgres", help="address of any database of a server on which one may be created")
    reader.add_argument("--no-exports", action="store_true")
    reader.add_argument("--take-away", nargs=4, metavar=("ADDRESS", "FORM", "PER", "TEXT"), help=argparse.SUPPRESS)
    said = reader.parse_args()
    if said.take_away:
        asyncio.run(take_away(*said.take_away))
    else:
        asyncio.run(measure(said.messages, said.postgres, exports=not said.no_exports))


if __name__ == "__main__":
    main()
