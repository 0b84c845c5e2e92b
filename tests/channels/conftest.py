"""A gateway on a database of its own, with an engine of ours behind it and Telegram's server before it."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy import select
from telegram_server import KEY, TOKEN
from telegram_server import Telegram as Server
from wechat_server import AES_KEY, APP_ID
from wechat_server import TOKEN as WECHAT_TOKEN
from wechat_server import WeChat as Platform

sys.path.insert(0, str(Path(__file__).parent.parent / "conversations"))
from inbox_fakes import FakeEngine

from bot.channels.telegram.channel import Telegram
from bot.channels.telegram.pacing import Pacing
from bot.channels.web import page_form
from bot.channels.wechat.channel import WeChat
from bot.clock import Clock, clock_from
from bot.conversations.rules import Pace
from bot.conversations.service import Conversations
from bot.conversations.tables import Message
from bot.eligibility.opening import open_check
from bot.guidance.service import Guidance
from bot.linking.links import Links
from bot.migrating import upgrade
from bot.outbox.addresses import Addresses
from bot.outbox.tables import Delivery
from bot.privacy.opening import open_privacy
from bot.settings import Settings
from bot.store import Sessions, open_engine
from bot.tasks import let_go
from bot.web import reception
from bot.web.app import read_templates
from bot.web.chat.socket import PACE_PERSON, recover
from bot.web.hub import Hub
from bot.web.keys import CLOCK, CONVERSATIONS, ELIGIBILITY, GUIDANCE, HUB, LINKS, PRIVACY, SESSIONS, SETTINGS
from tests.conftest import NOW


@pytest.fixture
async def telegram() -> AsyncIterator[Server]:
    async with Server() as server:
        yield server


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def quick() -> Pacing:
    """As fast as it goes."""
    return Pacing(overall=1e6, chat=1e6, group=1e6)


@pytest.fixture
def settings(telegram, tmp_path) -> Callable[..., Settings]:
    def make(**more: object) -> Settings:
        values = {
            "var": tmp_path / "var",
            "database_url": f"sqlite+aiosqlite:///{tmp_path / 'test.db'}",
            "contact_key": KEY,
            "telegram_token": TOKEN,
            "telegram_api": telegram.address,
            "message_limit": 200,
            **more,
        }
        return Settings(_env_file=None, **values)

    return make


@dataclass
class Gateway:
    """One gateway process, as far as channels go."""

    app: web.Application
    client: TestClient[Any, Any]
    sessions: Sessions

    @property
    def conversations(self) -> Conversations:
        return self.app[CONVERSATIONS]

    async def read(self, table: type, *where: Any) -> list[Any]:
        """Rows of a table, in order."""
        async with self.sessions() as db:
            return list(await db.scalars(select(table).where(*where).order_by(*table.__table__.primary_key.columns)))

    async def messages(self, direction: str = "in") -> list[Message]:
        return await self.read(Message, Message.direction == direction)

    async def states(self) -> list[str]:
        """How the messages are on their way, in order."""
        return [delivery.state for delivery in await self.read(Delivery)]

    async def until(self, what: Callable[[], Any], seconds: float = 20.0) -> Any:
        """Wait until something is true of the database."""
        async with asyncio.timeout(seconds):
            while not (found := await what()):  # noqa: ASYNC110 - rows of the database wake nobody
                await asyncio.sleep(0.02)
        return found


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, made once."""
    file = tmp_path_factory.mktemp("migrated") / "empty.db"
    asyncio.run(upgrade(f"sqlite+aiosqlite:///{file}"))
    with closing(sqlite3.connect(file)) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return file


@pytest.fixture
def gateway(settings, engine, quick, migrated) -> Callable[..., Any]:
    """Starts a gateway; each call is another process on the same database."""

    @asynccontextmanager
    async def start(
        *, behind: FakeEngine | None = None, at: Clock | None = None, channel: Any = None, **more: object
    ) -> AsyncIterator[Gateway]:
        chosen = settings(**more)
        file = Path(chosen.database.partition("///")[2])
        if not file.exists():
            shutil.copyfile(migrated, file)
        database = open_engine(chosen.database)
        app = web.Application()
        app[SETTINGS], app[CLOCK], app[SESSIONS] = chosen, at or clock_from(NOW), Sessions(database)
        read_templates(app)
        app[HUB], app[PACE_PERSON] = Hub(page_form), Pace(chosen.rate_person)
        app[LINKS] = Links.from_settings(chosen, app[SESSIONS], app[CLOCK])
        app[GUIDANCE] = Guidance.from_settings(chosen, app[SESSIONS], app[CLOCK])
        app[PRIVACY] = open_privacy(chosen, app[SESSIONS], app[CLOCK])
        app[ELIGIBILITY], _ = open_check(app[SESSIONS], app[CLOCK])
        app[CONVERSATIONS] = Conversations(
            app[SESSIONS],
            app[CLOCK],
            behind or engine,
            hold_after=chosen.hold_after,
            message_limit=chosen.message_limit,
            addresses=Addresses(chosen.contact_secret),
        )
        if channel is None:
            channel = Telegram.from_settings(chosen)
            assert channel is not None
            channel.keep_pace(quick)
        reception.set_up(app, [channel])
        app.cleanup_ctx.append(reception.run)
        recovering = asyncio.create_task(recover(app))
        async with TestClient(TestServer(app)) as client:
            yield Gateway(app, client, app[SESSIONS])
        await let_go(recovering)
        await app[HUB].close()
        await database.dispose()

    return start


@pytest.fixture
def running(gateway, telegram):
    """Starts a gateway and waits until it asks for updates."""

    @asynccontextmanager
    async def start(**more: object) -> AsyncIterator[Gateway]:
        async with gateway(**more) as one:
            await telegram.until(lambda: telegram.called("getUpdates"))
            yield one

    return start


@dataclass
class Account:
    """An account on WeChat: its platform, and the gateway behind it (the first one, where there are several)."""

    platform: Platform
    gateway: Gateway

    def person(self, openid: str = "oPerson_1") -> Any:
        return self.platform.person(openid)


@pytest.fixture
def wechat(gateway, settings):
    """Starts an account with so many gateways on one database; the gateways wait half as long as WeChat does."""

    @asynccontextmanager
    async def start(
        workers: int = 1, *, patience: float = 5.0, sealed: bool = False, **more: object
    ) -> AsyncIterator[Account]:
        values = {"wechat_token": WECHAT_TOKEN, "wechat_budget": patience * 0.5, "telegram_token": None, **more}
        if sealed:
            values |= {"wechat_app_id": APP_ID, "wechat_aes_key": AES_KEY}
        async with AsyncExitStack() as stack:
            started = []
            for _ in range(workers):
                channel = WeChat.from_settings(settings(**values))
                started.append(await stack.enter_async_context(gateway(channel=channel, **values)))
            urls = [str(one.client.make_url("")).rstrip("/") for one in started]
            platform = await stack.enter_async_context(Platform(*urls, sealed=sealed, patience=patience))
            yield Account(platform, started[0])

    return start
