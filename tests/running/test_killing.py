"""kill -9 of any process at any point of a turn: nothing lost, nothing doubled, and everything answers again.

The stack is one of this file's own. Before each kill several people talk, each at another moment of their turn.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sqlite3
import threading
import uuid
from collections.abc import Iterator
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from bot.running.processes import Supervisor
from bot.running.stack import running
from bot.settings import Settings
from tests.conftest import export, stack_settings
from tests.dialogue.talking import Page

pytestmark = pytest.mark.stack

QUESTION, TOPIC = "平城区最低工资多少钱", "minimum-wage"
MOMENTS = (0.06, 0.04, 0.02, 0.01, 0.005, 0.002, 0.0)  # seconds between a person's acknowledgement and the kill
BACK_WITHIN = 90.0  # seconds, on a busy machine
TIMEOUT = 5.0  # seconds the gateway waits for the engine; a dead gateway's turns are free again ten seconds later


@dataclass
class Logged(logging.Handler):
    """What the supervisor said."""

    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def __hash__(self) -> int:
        return id(self)

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


@dataclass(frozen=True)
class OwnStack:
    settings: Settings
    supervisor: Supervisor
    logged: Logged

    async def kill(self, name: str) -> None:
        """kill -9, and wait until the supervisor has another one running."""
        dead = self.supervisor.pid_of(name)
        assert dead is not None
        os.kill(dead, signal.SIGKILL)
        async with asyncio.timeout(30):
            while self.supervisor.pid_of(name) in (dead, None):  # noqa: ASYNC110 - it lives in another thread
                await asyncio.sleep(0.02)

    async def settled(self) -> None:
        """Until all three processes answer again after the kill of another test."""
        s = self.settings
        addresses = (f"http://127.0.0.1:{s.actions_port}", s.engine_url, s.address)
        async with asyncio.timeout(60), aiohttp.ClientSession() as http:
            for address in addresses:
                while True:
                    try:
                        async with http.get(f"{address}/health") as response:
                            if response.status == 200:
                                break
                    except aiohttp.ClientError:
                        pass  # not listening yet
                    await asyncio.sleep(0.1)


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnStack]:
    patch = pytest.MonkeyPatch()
    patch.delenv(
        "DUIHUA_NOW", raising=False
    )  # a set clock begins anew with each process; the answers here have no last day
    settings = stack_settings(tmp_path_factory.mktemp("var"), hold_after=1.0)
    logged = Logged()
    logging.getLogger("bot.running.processes").addHandler(logged)
    export(settings.model_copy(update={"engine_timeout": TIMEOUT}), patch)
    loop = asyncio.new_event_loop()
    stop, up = asyncio.Event(), threading.Event()
    held: list[Any] = []

    async def keep() -> None:
        async with running(settings, print, gateway=True) as supervisor:
            held.append(supervisor)
            up.set()
            await stop.wait()

    def run() -> None:
        try:
            loop.run_until_complete(keep())
        except BaseException as error:  # noqa: BLE001 - handed to the waiting fixture
            held.append(error)
        finally:
            up.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    up.wait()
    if isinstance(held[0], BaseException):
        raise held[0]
    yield OwnStack(settings, held[0], logged)
    loop.call_soon_threadsafe(stop.set)
    thread.join(20)
    patch.undo()
    logging.getLogger("bot.running.processes").removeHandler(logged)


@pytest.fixture(autouse=True)
async def settled(own: OwnStack) -> None:
    await own.settled()


@dataclass
class Asker:
    """A person in the middle of a turn, who keeps the message until it is acknowledged, as the page does."""

    page: Page
    key: str = field(default_factory=lambda: uuid.uuid4().hex)

    async def ask(self) -> None:
        await self.page.send(type="say", key=self.key, text=QUESTION)

    async def acknowledged(self) -> None:
        await self.page.wait(lambda: self.page.event("ack", key=self.key))

    async def come_back(self) -> None:
        """Connect anew, send the same message with the same key, and wait for the answer."""
        await self.page.drop()
        await self.page.open_again()
        await self.ask()
        await self.page.wait(lambda: self.page.replies_after(self.page.greeting.id), BACK_WITHIN)

    def said(self) -> list[str]:
        """The stored messages by kind; `in` for the person's own. The greeting is left out."""
        return ["in" if m["direction"] == "in" else m["kind"] for m in self.page.stored()[1:]]

    def times_heard(self) -> int:
        """How often the dialogue itself took the message."""
        with closing(sqlite3.connect(self.page.settings.folder / "dialogue.db", timeout=10)) as database:
            [(events,)] = database.execute("SELECT events FROM state WHERE sender = ?", (self.page.conversation,))
        return sum(event["event"] == "user" and event["text"] == QUESTION for event in json.loads(events))


async def _all_ask_then_die(own: OwnStack, askers: list[Asker], name: str) -> None:
    """One after another so that each has waited its moment when the process is killed; the last has only just sent."""
    before = MOMENTS[0]
    for asker, moment in zip(askers, MOMENTS, strict=False):
        await asyncio.sleep(max(0.0, before - moment))
        before = moment
        await asker.ask()
        await asker.acknowledged()
    await askers[-1].ask()
    await own.kill(name)


@pytest.mark.parametrize("again", ["once", "and once more"])
@pytest.mark.parametrize("name", ["actions", "engine", "gateway"])
async def test_a_kill_in_the_middle_of_a_turn_loses_nothing_and_doubles_nothing(
    own: OwnStack, name: str, again: str
) -> None:
    async with AsyncExitStack() as pages:
        askers = [Asker(await pages.enter_async_context(Page(own.settings))) for _ in (*MOMENTS, "just sent")]

        await _all_ask_then_die(own, askers, name)
        await asyncio.gather(*(asker.come_back() for asker in askers))
        await asyncio.sleep(3)  # longer than the pause between two looks for waiting turns: time to double something

        assert [asker.said() for asker in askers] == [
            ["in", "holding", "reply"] if "holding" in asker.said() else ["in", "reply"] for asker in askers
        ]
        assert {asker.page.last["topic"] for asker in askers} == {TOPIC}
        assert [asker.times_heard() for asker in askers] == [1] * len(askers)
        for asker in askers:
            assert sorted(asker.page.messages) == [m["id"] for m in asker.page.stored()]
            assert [t["state"] for t in asker.page.turns()] == ["answered"]


@pytest.mark.parametrize("name", ["actions", "engine", "gateway"])
async def test_after_a_restart_the_talk_goes_on_where_it_was(own: OwnStack, name: str) -> None:
    async with Page(own.settings) as page:
        await page.say("创业担保贷款是怎么回事")

        await own.kill(name)
        await page.drop()
        await page.open_again()
        answer = await _patient(page, "那要啥材料")

        assert (page.last["topic"], page.last["aspect"]) == ("startup-loan", "materials")
        assert "征信授权" in answer.text
    assert any(f"{name} ended (signal SIGKILL); starting it again in" in line for line in own.logged.lines)


async def _patient(page: Page, text: str) -> Any:
    """Say something to a stack that may not be quite up; the answer, however late."""
    key = uuid.uuid4().hex
    await page.send(type="say", key=key, text=text)
    await page.wait(lambda: page.event("ack", key=key))
    acknowledged = page.event("ack", key=key)
    assert acknowledged
    await page.wait(lambda: page.replies_after(acknowledged["id"]), BACK_WITHIN)
    return page.replies_after(acknowledged["id"])[0]


async def test_questions_asked_while_the_engine_is_away_are_answered_in_their_order(own: OwnStack) -> None:
    async with Page(own.settings) as page:
        await own.kill("engine")
        for text in ("平城区最低工资多少钱", "试用期最长多久", "谢谢"):
            await page.send(type="say", key=uuid.uuid4().hex, text=text)
        await page.wait(lambda: len(page.replies_after(page.greeting.id)) == 3, BACK_WITHIN)

        assert [t["topic"] for t in page.turns()] == ["minimum-wage", "probation", None]
        holding = [m["text"] for m in page.stored() if m["kind"] == "holding"]
        assert 1 <= len(holding) <= 3 and "收到" in holding[0]


async def test_the_engine_is_never_open_to_strangers_even_after_a_restart(own: OwnStack) -> None:
    async with Page(own.settings) as page:
        await _patient(page, "你好")

        async with page.http.post(
            f"{own.settings.engine_url}/turn", json={"sender": page.conversation, "message_id": "x", "text": "你好"}
        ) as response:
            assert response.status == 401
