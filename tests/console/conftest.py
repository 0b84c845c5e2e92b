"""Pages of the staff, before the real gateway on a migrated SQLite database.

How to use it:

    async def test_a_reviewer_reads_talks(console, signed_in):
        client = await signed_in("reviewer")            # an aiohttp client with a session; several roles: signed_in("editor", "host")
        page = await client.get("/console/conversations")
        assert "…" in await page.text()
        done = await client.post("/console/…", data={"field": "…"})   # says that it comes from our own page; redirects are not followed

- `console`: the running gateway. `console.app` is the application of `bot.web.app.build` (services under their keys),
  `console.sessions` its database, `console.clock` its clock (`console.clock.pass_(minutes=5)`), `console.address` where it listens,
  `console.engine` what answers in the place of the dialogue engine (see tests/web/chat_page.py).
  `options` (parametrize it) are settings that differ, `more_routes` routes that it has in one test only.
- `signed_in(*roles, name=…, adviser_id=…)`: a client; a second call with the same roles is a second person.
  `client.staff` is the account (`id`, `name`).
- `anybody`: a client that nobody is signed in with.
- `browser_as(*roles, width=1280)`: a page in headless Chromium, signed in. Mark such tests with `pytestmark = BROWSER`.
  `page.broken` gathers what went wrong in it (errors, refused by the content policy).
- `statements`: counts what the database is asked, so that a list page does not ask once a row (background work asks too:
  compare few rows with many, not with a number).
Passwords are hashed with the least work there is, so that a sign-in takes a millisecond.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, CookieJar, web
from argon2 import PasswordHasher
from playwright.async_api import Browser, Page, async_playwright
from sqlalchemy import event

from bot.conversations.tables import Conversation, Identity, Person, Turn
from bot.people.accounts import Accounts, AccountView
from bot.people.passwords import Passwords
from bot.people.rules import Role
from bot.settings import Settings
from bot.store import Sessions
from bot.web.app import build
from bot.web.console.access import ACCOUNTS, PEOPLE, cookie_name
from bot.web.keys import CLOCK, SESSIONS
from tests.conftest import SetClock
from tests.web.chat_page import ARGS, BROWSER, CHROMIUM, ScriptedEngine, free_port, serve

__all__ = ["BROWSER", "PASSWORD", "Client", "Console"]

PASSWORD = "云冈石窟和恒山悬空寺"
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@dataclass
class Console:
    """A gateway that runs."""

    app: web.Application
    address: str
    clock: SetClock
    engine: ScriptedEngine
    settings: Settings

    @property
    def sessions(self) -> Sessions:
        return self.app[SESSIONS]

    async def account(self, *roles: str, name: str = "", adviser_id: int | None = None) -> AccountView:
        """An account whose password is PASSWORD."""
        accounts = self.app[ACCOUNTS]
        name = name or f"{roles[0]}{len(await accounts.all()) + 1}"
        made, _ = await accounts.add(
            name, [Role(role) for role in roles], by="测试", password=PASSWORD, adviser_id=adviser_id
        )
        return made


class Client:
    """A browser of somebody, without the browser: keeps cookies, says that it comes from our own page, follows nothing."""

    def __init__(self, console: Console, http: ClientSession, staff: AccountView | None = None) -> None:
        self._console, self.http, self.staff = console, http, staff

    async def get(self, path: str, **more: Any) -> ClientResponse:
        return await self.request("GET", path, **more)

    async def post(self, path: str, **more: Any) -> ClientResponse:
        return await self.request("POST", path, **more)

    async def request(self, method: str, path: str, *, headers: dict[str, str] | None = None, **more: Any):
        said = {"Accept": "text/html", "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"} | (headers or {})
        said = {name: value for name, value in said.items() if value is not None}
        answer = await self.http.request(
            method, f"{self._console.address}{path}", headers=said, **{"allow_redirects": False, **more}
        )
        await answer.read()
        return answer

    async def sign_in(self, name: str, password: str = PASSWORD, **more: str) -> ClientResponse:
        return await self.post("/console/login", data={"name": name, "password": password, **more})

    @property
    def token(self) -> str:
        """The session's cookie; empty where there is none."""
        name = cookie_name(self._console.settings)
        return next((cookie.value for cookie in self.http.cookie_jar if cookie.key == name), "")


@pytest.fixture
def options() -> dict[str, Any]:
    """Settings that differ in one test: parametrize it there."""
    return {}


@pytest.fixture
def more_routes() -> Sequence[web.RouteDef]:
    """Routes that the gateway has in one test only: parametrize it there."""
    return ()


@pytest.fixture
async def console(
    migrated_file: Path,
    tmp_path: Path,
    clock: SetClock,
    options: dict[str, Any],
    more_routes: Sequence[web.RouteDef],
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[Console]:
    engine = ScriptedEngine()
    behind = web.Application()
    behind.router.add_post("/{path:.*}", engine.turn)
    behind.router.add_get("/{path:.*}", _well)
    engine.port = free_port()
    running = await serve(behind, engine.port)
    port = free_port()
    settings = Settings(
        **{"var": tmp_path, "port": port, "engine_port": engine.port, "actions_port": engine.port, "rate_person": 10_000,
           "_env_file": None} | options
    )  # fmt: skip
    (tmp_path / "duihua.db").write_bytes(migrated_file.read_bytes())
    monkeypatch.setattr("bot.web.app.clock_from", lambda _now: clock)
    app = build(settings)
    app.add_routes(more_routes)
    runner = await serve(app, port)
    app[PEOPLE].passwords = quick = Passwords(QUICK)
    app[ACCOUNTS]._passwords = quick
    assert app[CLOCK] is clock
    yield Console(app, f"http://127.0.0.1:{port}", clock, engine, settings)
    await runner.cleanup()
    await running.cleanup()


async def _well(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


@pytest.fixture
async def another(console: Console) -> AsyncIterator[Callable[..., Client]]:
    """Makes clients, each with cookies of its own."""
    opened: list[ClientSession] = []

    def make(staff: AccountView | None = None) -> Client:
        opened.append(ClientSession(cookie_jar=CookieJar(unsafe=True)))
        return Client(console, opened[-1], staff)

    yield make
    for http in opened:
        await http.close()


@pytest.fixture
async def anybody(another: Callable[..., Client]) -> Client:
    """Somebody who is not signed in."""
    return another()


SignedIn = Callable[..., Awaitable[Client]]


@pytest.fixture
def signed_in(console: Console, another: Callable[..., Client]) -> SignedIn:
    """Signs somebody in who has these roles."""

    async def sign_in(*roles: str, name: str = "", adviser_id: int | None = None) -> Client:
        account = await console.account(*roles, name=name, adviser_id=adviser_id)
        client = another(account)
        answer = await client.sign_in(account.name)
        assert answer.status == 303, await answer.text()
        return client

    return sign_in


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        await browser.close()


@pytest.fixture
def browser_as(console: Console, browser: Browser, signed_in: SignedIn) -> Callable[..., Awaitable[Page]]:
    """Opens a browser of its own in which somebody with these roles is signed in; the page is still empty."""

    async def open_(*roles: str, width: int = 1280, name: str = "", scripts: bool = True, **more: Any) -> Page:
        client = await signed_in(*roles, name=name)
        context = await browser.new_context(
            base_url=console.address,
            viewport={"width": width, "height": 844},
            locale="zh-CN",
            reduced_motion="reduce",
            java_script_enabled=scripts,
            **more,
        )
        await context.add_cookies(
            [{"name": cookie_name(console.settings), "value": client.token, "url": console.address, "httpOnly": True}]
        )
        page = await context.new_page()
        page.set_default_timeout(20_000)
        page.staff, page.broken = client.staff, []
        page.on("pageerror", lambda error: page.broken.append(str(error)))
        page.on("console", lambda said: page.broken.append(said.text) if said.type == "error" else None)
        return page

    return open_


@pytest.fixture
def statements(console: Console) -> Callable[[], AbstractContextManager[list[str]]]:
    """Takes down what the database is asked: `with statements() as asked: …`, then `len(asked)`."""
    engine = console.sessions().bind.sync_engine

    @contextmanager
    def taking() -> Iterator[list[str]]:
        asked: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
            asked.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        yield asked
        event.remove(engine, "before_cursor_execute", note)

    return taking


def accounts_of(console: Console) -> Accounts:
    """What admins do with accounts."""
    return console.app[ACCOUNTS]


@pytest.fixture
async def busy(console) -> None:
    """A week in which two people asked."""
    now = console.clock()
    async with console.sessions.begin() as db:
        for n, channel in enumerate(("web", "wechat")):
            person = Person(code=f"AAAA-000{n}", created_at=now)
            db.add(person)
            await db.flush()
            identity = Identity(person_id=person.id, channel=channel, sender=f"busy{n}", created_at=now)
            db.add(identity)
            await db.flush()
            talk = Conversation(
                code=f"busy{n}",
                person_id=person.id,
                identity_id=identity.id,
                channel=channel,
                started_at=now,
                last_at=now,
            )
            db.add(talk)
            await db.flush()
            for day in range(4):
                at = now - timedelta(days=day)
                known = {"outcome": "served", "topic": "startup-loan"} if day else {"outcome": "refused"}
                db.add(
                    Turn(
                        conversation_id=talk.id, state="answered", received_at=at, retry_at=at, milliseconds=30, **known
                    )
                )
