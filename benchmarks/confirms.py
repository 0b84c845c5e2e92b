"""Fifty people who confirm one place at one moment, through the whole stack, on SQLite and on PostgreSQL.

Each was read the place back and let it run out, one after the other, so that all fifty have the same question open; then
all press “对，就约这个” at once. One is to have it, the others are to be offered something else.
"""

from __future__ import annotations

import asyncio
import os
import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
from rich.console import Console
from rich.table import Table
from sqlalchemy import func, make_url, select, update

from benchmarks.talking import Browser, browser
from bot.evaluation.measures import percentile
from bot.guidance.tables import AdviserBusy, Booking
from bot.running.checks import is_free
from bot.running.stack import running
from bot.settings import ROOT, Settings
from bot.store import Sessions, open_engine

CROWD = 50
NOW = "2026-11-24T10:00:00+08:00"
ASKED = "12月9号下午三点，想找李老师聊聊职业规划，线上的"
YES = "对，就约这个"
AT = datetime.fromisoformat("2026-12-09T15:00:00+08:00")
out = Console()


@dataclass(frozen=True)
class Crowd:
    """What came of it: who has the place, who was offered others, rows in the database, milliseconds of each answer."""

    database: str
    booked: int
    offered: int
    rows: int
    busy: int
    seconds: float
    times: tuple[float, ...]

    @property
    def right(self) -> bool:
        """One has it, everybody else was offered something, and the database says the same."""
        return (self.booked, self.offered, self.rows) == (1, CROWD - 1, 1)


async def measure(*, postgres: str | None) -> list[Crowd]:
    """On SQLite, and on PostgreSQL where one answers."""
    found = [await _on("SQLite", None)]
    if postgres is None:
        out.print("没有 PostgreSQL 应答，只测 SQLite。", style="dim")
        return found
    async with _database(postgres) as address:
        return [*found, await _on("PostgreSQL", address)]


@asynccontextmanager
async def _database(server: str) -> AsyncIterator[str]:
    """An empty database of a server, dropped again."""
    name = f"duihua_bench_{uuid.uuid4().hex[:8]}"
    admin = await asyncpg.connect(make_url(server).set(drivername="postgresql").render_as_string(hide_password=False))
    await admin.execute(f"CREATE DATABASE {name}")
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        await admin.close()


@contextmanager
def _environment(values: dict[str, Any]) -> Iterator[None]:
    """The settings as the processes of a stack read them."""
    names = {f"DUIHUA_{key.upper()}": str(value) for key, value in values.items()}
    before = {name: os.environ.get(name) for name in names}
    os.environ.update(names)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


async def _on(database: str, address: str | None) -> Crowd:
    with tempfile.TemporaryDirectory(prefix="duihua-bench-") as name:
        ports = iter(port for port in range(18080, 19000) if is_free("127.0.0.1", port))
        values = {
            "var": Path(name) / "var", "port": next(ports), "engine_port": next(ports), "actions_port": next(ports),
            "rate_person": 10**6, "rate_address": 10**6, "now": NOW, "engine_timeout": 120, "hold_after": 120,
            **({"database_url": address} if address else {}),
        }  # fmt: skip
        settings = Settings(_env_file=None, **values)
        (ROOT / "var" / "models").mkdir(parents=True, exist_ok=True)
        (settings.folder / "models").symlink_to(ROOT / "var" / "models")
        with _environment(values):
            async with running(settings, lambda text: out.print(text, style="dim"), gateway=True):
                return await _crowd(database, settings)


async def _crowd(database: str, settings: Settings) -> Crowd:
    engine = open_engine(settings.database)
    sessions = Sessions(engine)
    async with AsyncExitStack() as opened:
        people = [await opened.enter_async_context(browser(settings)) for _ in range(CROWD)]
        asked = []
        for person in people:
            _, reply = await person.say(ASKED)
            asked.append(reply)
            await _let_run_out(sessions)
        began = time.perf_counter()
        answers = await asyncio.gather(*(_pressed(person, reply) for person, reply in zip(people, asked, strict=True)))
        seconds = time.perf_counter() - began
    async with sessions() as db:
        there = Booking.starts_at == AT
        rows = await db.scalar(select(func.count()).where(there, Booking.state == "booked")) or 0
        busy = await db.scalar(
            select(func.count(AdviserBusy.booking_id.distinct())).join(Booking, Booking.id == AdviserBusy.booking_id)
            .where(there)
        ) or 0  # fmt: skip
    await engine.dispose()
    booked = [reply for _, reply in answers if "约好了" in " ".join(reply["paragraphs"])]
    offered = [reply for _, reply in answers if reply not in booked and _offers(reply)]
    return Crowd(database, len(booked), len(offered), rows, busy, seconds, tuple(spent for spent, _ in answers))


async def _pressed(person: Browser, reply: dict[str, Any]) -> tuple[float, dict[str, Any]]:
    return await person.press(reply, YES)


async def _let_run_out(sessions: Sessions) -> None:
    """As if five minutes had passed."""
    async with sessions.begin() as db:
        await db.execute(update(Booking).where(Booking.state == "held").values(held_until=AT - timedelta(days=30)))


def _offers(reply: dict[str, Any]) -> bool:
    """Whether a reply offers other times to choose from."""
    times = [choice for choice in reply["choices"] if "月" in choice["label"]]
    return bool(times or reply["days"])


def show(crowds: list[Crowd]) -> None:
    """A line for each database."""
    table = Table(
        "", "约上", "没约上，给了别的时间", "库里的预约", "占着的位子", "全部答完 秒", "p50 毫秒", "p95 毫秒", "",
        title=f"{CROWD} 人同一刻确认同一个时间（整套程序，每人一个网页连接）",
    )  # fmt: skip
    for one in crowds:
        table.add_row(
            one.database, str(one.booked), str(one.offered), str(one.rows), str(one.busy), f"{one.seconds:.1f}",
            f"{percentile(list(one.times), 50):,.0f}", f"{percentile(list(one.times), 95):,.0f}",
            "对" if one.right else "不对",
        )  # fmt: skip
    out.print(table)
    if not all(one.right for one in crowds):
        raise SystemExit("一个时间没有正好给一个人。")
