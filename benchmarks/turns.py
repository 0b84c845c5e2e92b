"""A turn through the whole stack, beside stock Rasa on the same data, in the same run.

The stock engine is asked directly, without a gateway that writes a record in front of it: it has less to do.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

from aiohttp import ClientError, ClientSession
from rich.console import Console
from rich.table import Table

from benchmarks.talking import Browser, StockPerson, browser
from bot.evaluation.measures import percentile
from bot.running.checks import is_free
from bot.running.stack import running
from bot.running.training import ENGINE_PYTHON, engine_environment
from bot.settings import ROOT, Settings

ONE = 200  # turns of one person
LONG = 500  # turns of one long talk of ours
CROWD, EACH = 32, 8  # people at once, and turns of each
STOCK_PORT = 5097
out = Console()

Turn = Callable[[str], Awaitable[float]]


def questions() -> list[str]:
    """Colloquial questions of the held-out set."""
    lines = (ROOT / "tests" / "evaluation" / "topics.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


async def one_person(turn: Turn, asked: list[str], turns: int) -> list[float]:
    """Times of one person's turns, after ten that do not count."""
    for i in range(10):
        await turn(asked[-i - 1])
    return [await turn(asked[i % len(asked)]) for i in range(turns)]


async def crowd(turns: list[Turn], asked: list[str]) -> tuple[float, list[float]]:
    """Turns a second of many people at once, and the time of each turn."""
    began = time.perf_counter()

    async def talk(person: int, turn: Turn) -> list[float]:
        return [await turn(asked[(person * EACH + i) % len(asked)]) for i in range(EACH)]

    times = [t for row in await asyncio.gather(*(talk(i, turn) for i, turn in enumerate(turns))) for t in row]
    return len(times) / (time.perf_counter() - began), times


async def ours(settings: Settings, asked: list[str]) -> dict[str, float]:
    """Our figures, through the gateway's WebSocket."""
    figures: dict[str, float] = {}
    async with AsyncExitStack() as stack:
        people: list[Browser] = [await stack.enter_async_context(browser(settings)) for _ in range(CROWD)]
        times = await one_person(people[0].turn, asked, LONG)
        figures |= {"p50": percentile(times[:ONE], 50), "p95": percentile(times[:ONE], 95)}
        figures |= {"first50": percentile(times[:50], 50), "last50": percentile(times[-50:], 50)}
        rate, busy = await crowd([p.turn for p in people], asked)
        figures |= {"rate": rate, "busy95": percentile(busy, 95)}
    return figures


async def stock(settings: Settings, asked: list[str], folder: Path) -> dict[str, float]:
    """The stock engine's figures, over its REST channel."""
    environment = {**engine_environment(settings), "STOCK_DB": str(folder / "stock.db")}
    common = [str(ENGINE_PYTHON), "-m", "rasa"]
    out.print("训练原装 Rasa（1 轮）……")
    began = time.perf_counter()
    with (folder / "stock.log").open("wb") as log:
        await asyncio.to_thread(
            subprocess.run,
            [*common, "train", "--skip-validation", "--config", "benchmarks/stock/config.yml", "--domain", "domain.yml",
             "--data", "data/nlu", "data/rules", "data/stories", "--out", str(folder), "--fixed-model-name", "stock"],
            cwd=ROOT, env=environment, check=True, stdout=log, stderr=log,
        )  # fmt: skip
        figures = {"train": time.perf_counter() - began}
        server = subprocess.Popen(  # noqa: ASYNC220 - starts in an instant
            [*common, "run", "--model", str(folder / "stock.tar.gz"), "--port", str(STOCK_PORT), "--interface", "127.0.0.1",
             "--endpoints", "benchmarks/stock/endpoints.yml", "--credentials", "benchmarks/stock/credentials.yml"],
            cwd=ROOT, env={**environment, "LOG_LEVEL": "WARNING"}, stdout=log, stderr=log,
        )  # fmt: skip
    try:
        async with ClientSession() as session:
            await _until_up(session)
            times = await one_person(StockPerson(session, STOCK_PORT).turn, asked, ONE)
            figures |= {"p50": percentile(times, 50), "p95": percentile(times, 95)}
            figures |= {"first50": percentile(times[:50], 50), "last50": percentile(times[-50:], 50)}
            rate, busy = await crowd([StockPerson(session, STOCK_PORT).turn for _ in range(CROWD)], asked)
            return figures | {"rate": rate, "busy95": percentile(busy, 95)}
    finally:
        server.terminate()
        server.wait(timeout=20)


async def _until_up(session: ClientSession) -> None:
    for _ in range(600):
        try:
            async with session.get(f"http://127.0.0.1:{STOCK_PORT}/") as response:
                if response.status == 200:
                    return
        except ClientError:
            pass  # not listening yet
        await asyncio.sleep(0.2)
    raise RuntimeError("the stock engine did not start")


def memory(settings: Settings) -> float:
    """Resident memory of our processes, in MB."""
    import psutil

    own = psutil.Process()
    return sum(p.memory_info().rss for p in own.children(recursive=True)) / 2**20


async def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="duihua-bench-") as name:
        folder = Path(name)
        ports = iter(p for p in range(18080, 19000) if is_free("127.0.0.1", p))
        values = {
            "var": folder / "var", "port": next(ports), "engine_port": next(ports), "actions_port": next(ports),
            "rate_person": 10**6, "rate_address": 10**6,
        }  # fmt: skip
        settings = Settings(_env_file=None, **values)
        (ROOT / "var" / "models").mkdir(parents=True, exist_ok=True)
        (settings.folder / "models").symlink_to(ROOT / "var" / "models")
        os.environ.update({f"DUIHUA_{key.upper()}": str(value) for key, value in values.items()})
        asked = questions()
        async with running(settings, lambda text: out.print(text, style="dim"), gateway=True):
            mine = await ours(settings, asked)
            resident = memory(settings)
            theirs = await stock(settings, asked, folder)
    show(mine, theirs, resident)


def show(mine: dict[str, float], theirs: dict[str, float], resident: float) -> None:
    """One table: ours, stock, and how many times better."""
    table = Table("", "本产品（含网关与记录）", "原装 Rasa（REST 直连）", "比值", title="一轮对话")
    rows = [
        (f"1 人，{ONE} 轮，p50 毫秒", "p50", False),
        ("1 人，p95 毫秒", "p95", False),
        ("前 50 轮 p50 毫秒", "first50", False),
        (f"最后 50 轮 p50 毫秒（本产品第 {LONG} 轮，原装第 {ONE} 轮）", "last50", False),
        (f"{CROWD} 人同时，轮/秒", "rate", True),
        (f"{CROWD} 人同时，p95 毫秒", "busy95", False),
    ]
    for label, key, more_is_better in rows:
        ratio = mine[key] / theirs[key] if more_is_better else theirs[key] / mine[key]
        table.add_row(label, f"{mine[key]:.1f}", f"{theirs[key]:.1f}", f"{ratio:.1f}×")
    out.print(table)
    out.print(f"本产品各进程内存合计 {resident:.0f} MB（启动命令自身除外）")
