"""What tests share: databases, a clock to set, and the whole stack started once for each worker that needs it.

Several workers (pytest-xdist, `make test`) share the machine: each has a PostgreSQL database of its own, made beside the one
that is given, and a stack of its own; whoever is first trains the model.
"""

from __future__ import annotations

import asyncio
import fcntl
import gc
import os
import shutil
import socket
import sys
import threading
import uuid
from collections.abc import AsyncIterator, Coroutine, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import expect
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

import bot.tables  # noqa: F401 - every table is known
from bot.migrating import upgrade
from bot.running.stack import running
from bot.running.training import fingerprint, shelf_of, train
from bot.settings import ROOT, Settings
from bot.store import Base, Sessions, open_engine
from bot.training.rules import TrainingSet

sys.path.insert(0, str(Path(__file__).parent / "channels"))
from telegram_server import TOKEN, Telegram
from wechat_server import APP_ID
from wechat_server import TOKEN as WECHAT_TOKEN

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # a Tuesday, 10:00 in 大同
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")
expect.set_options(timeout=20_000)  # a page asks every few seconds, and a busy machine is slow
_GIVEN = os.environ.get("DUIHUA_TEST_POSTGRES", "postgresql+asyncpg://duihua:duihua@127.0.0.1:5432/duihua_test")
POSTGRES = f"{_GIVEN}_{WORKER}" if WORKER else _GIVEN


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what needs the whole stack: it takes longest."""
    items.sort(key=lambda item: item.get_closest_marker("stack") is None)


def _say_where_tasks_wait() -> None:
    for task in [one for one in gc.get_objects() if isinstance(one, asyncio.Task) and not one.done()]:
        task.print_stack(file=sys.stderr)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[object]:
    """What `timeout` lacks: where a test that hangs waits, and an end of this process if what tidies up hangs as well."""
    allowed = float(item.config.getini("timeout"))
    timers = (
        []
        if allowed <= 0
        else [
            threading.Timer(allowed - 5, _say_where_tasks_wait),
            threading.Timer(allowed * 1.5, os._exit, (70,)),  # another worker goes on
        ]
    )
    for timer in timers:
        timer.daemon = True
        timer.start()
    try:
        return (yield)
    finally:
        for timer in timers:
            timer.cancel()


class SetClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **kwargs: float) -> None:
        self.now += timedelta(**kwargs)


@pytest.fixture(autouse=True)
def _no_platform_of_the_stack(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the session's stack was started with is no setting of a test that has nothing to do with it."""
    if "stack" not in request.fixturenames:
        for name in [name for name in os.environ if name.startswith(("DUIHUA_TELEGRAM_", "DUIHUA_WECHAT_"))]:
            monkeypatch.delenv(name)


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@cache
def _postgres_answers() -> bool:
    address = make_url(POSTGRES)
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex((address.host or "127.0.0.1", address.port or 5432)) == 0


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty, migrated SQLite database to copy: migrating anew takes longer than most tests."""
    path = tmp_path_factory.mktemp("migrated") / "empty.db"
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, upgrade(f"sqlite+aiosqlite:///{path}")).result()
    return path


@cache
def _latest_step() -> str:
    """The step's number, which the names of the files begin with."""
    return max(path.name.split("_")[0] for path in (ROOT / "migrations" / "versions").glob("*.py"))


async def _emptied(address: str) -> None:
    """PostgreSQL as it is right after migrating: emptied where it has all tables, else made anew."""
    engine = open_engine(address)
    try:
        async with engine.begin() as connection:
            # A test that failed in the middle may have left a connection open, with rows locked.
            await connection.execute(text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            ))  # fmt: skip
            found = await connection.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
            whole = set(found) == {*Base.metadata.tables, "alembic_version"}
            if whole:
                whole = await connection.scalar(text("SELECT version_num FROM alembic_version")) == _latest_step()
            if whole:
                tables = ", ".join(f'"{name}"' for name in sorted(Base.metadata.tables))
                await connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
                await connection.execute(text("INSERT INTO knowledge_revision (id, n) VALUES (1, 0)"))
            else:
                await connection.execute(text("DROP SCHEMA public CASCADE"))
                await connection.execute(text("CREATE SCHEMA public"))
    finally:
        await engine.dispose()
    if not whole:
        await upgrade(address)


_made: set[str] = set()


async def _made_for_this_worker() -> None:
    """The database of this worker, made if it is not there: its owner must be allowed to create databases."""
    if not WORKER or POSTGRES in _made:
        return
    engine = create_async_engine(_GIVEN, isolation_level="AUTOCOMMIT")
    name = make_url(POSTGRES).database
    try:
        async with engine.connect() as connection:
            known = text("SELECT 1 FROM pg_database WHERE datname = :name")
            if not (await connection.execute(known, {"name": name})).scalar():
                await connection.execute(text(f'CREATE DATABASE "{name}"'))
    finally:
        await engine.dispose()
    _made.add(POSTGRES)


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of an empty, migrated database, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "test.db")
        yield f"sqlite+aiosqlite:///{tmp_path / 'test.db'}"
        return
    if not _postgres_answers():
        pytest.skip("no PostgreSQL answers on localhost (.ci/run starts one; DUIHUA_TEST_POSTGRES gives its address)")
    await _made_for_this_worker()
    await _emptied(POSTGRES)
    yield POSTGRES


@pytest.fixture
async def sessions(database: str) -> AsyncIterator[Sessions]:
    engine = open_engine(database)
    yield Sessions(engine)
    await engine.dispose()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@cache
def _train_once() -> None:
    """Train the model if there is none for the data as it is; a worker that comes second waits for the first."""
    project = Settings(_env_file=None, var=ROOT / "var")
    project.models.mkdir(parents=True, exist_ok=True)
    with (project.models / ".training").open("w") as lock, ThreadPoolExecutor(1) as pool:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shelf = shelf_of(project)
        if not shelf.has(
            fingerprint()
        ):  # what staff of the project taught its live model is none of the tests' business
            pool.submit(asyncio.run, train(project, shelf.put(fingerprint(), TrainingSet()))).result()


def stack_settings(var: Path, **more: object) -> Settings:
    """Settings of a stack of its own; it shares only the trained models with the project."""
    _train_once()
    if not (var / "models").exists():
        (var / "models").symlink_to(ROOT / "var" / "models")
    values = {
        "var": var,
        "port": free_port(),
        "engine_port": free_port(),
        "actions_port": free_port(),
        "rate_person": 10_000,
        "rate_address": 10_000,
        **more,
    }
    return Settings(_env_file=None, **values)


def export(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hand settings on to the processes that a stack starts: they read the environment."""
    for name in (
        "var",
        "port",
        "engine_port",
        "actions_port",
        "rate_person",
        "rate_address",
        "hold_after",
        "engine_timeout",
    ):
        monkeypatch.setenv(f"DUIHUA_{name.upper()}", str(getattr(settings, name)))
    if settings.embed_origins:
        monkeypatch.setenv("DUIHUA_EMBED_ORIGINS", ",".join(settings.embed_origins))
    if settings.now:
        monkeypatch.setenv("DUIHUA_NOW", settings.now.isoformat())


@dataclass
class Platforms:
    """The servers of the platforms that the session's stack talks with, in the loop of the stack's own thread."""

    telegram: Telegram
    loop: asyncio.AbstractEventLoop

    async def there[T](self, job: Coroutine[Any, Any, T]) -> T:
        """Do something with a platform where it runs."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(job, self.loop))


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Settings, Platforms]]:
    """Engine, actions and gateway of the whole run, with the platforms' servers before them."""
    var, patch, loop = tmp_path_factory.mktemp("var"), pytest.MonkeyPatch(), asyncio.new_event_loop()
    up: Future[tuple[Settings, Platforms]] = Future()
    stop = asyncio.Event()

    async def keep() -> None:
        async with Telegram() as telegram:
            settings = stack_settings(
                var, now=NOW, embed_origins=("https://league.example",), telegram_token=TOKEN,
                telegram_api=telegram.address, telegram_rate=1000.0, wechat_token=WECHAT_TOKEN, wechat_app_id=APP_ID,
            )  # fmt: skip
            export(settings, patch)
            for name in ("telegram_token", "wechat_token"):
                patch.setenv(f"DUIHUA_{name.upper()}", getattr(settings, name).get_secret_value())
            for name in ("telegram_api", "telegram_rate", "wechat_app_id"):
                patch.setenv(f"DUIHUA_{name.upper()}", str(getattr(settings, name)))
            async with running(settings, print, gateway=True):
                up.set_result((settings, Platforms(telegram, loop)))
                await stop.wait()

    def run() -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_until_complete(keep())
        except BaseException as error:
            if not up.done():
                up.set_exception(error)
            raise

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    yield up.result()
    loop.call_soon_threadsafe(stop.set)
    thread.join(20)
    patch.undo()


@pytest.fixture(scope="session")
def stack(started: tuple[Settings, Platforms]) -> Settings:
    """The whole run's stack, on ports of its own, with today set to 2026-11-24."""
    return started[0]


@pytest.fixture(scope="session")
def platforms(started: tuple[Settings, Platforms]) -> Platforms:
    """The platforms that stack talks with."""
    return started[1]


@pytest.fixture
def person() -> str:
    """Somebody new."""
    return uuid.uuid4().hex
