"""A person with the chat page open, as the gateway sees them: a cookie, a WebSocket, and what a browser remembers."""

from __future__ import annotations

import asyncio
import sqlite3
import uuid
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self

import aiohttp

from bot.settings import Settings

PATIENCE = 30.0  # seconds; far above any turn, so that a test that waits in vain ends


@dataclass(frozen=True)
class Answer:
    """One message of the bot as the page gets it."""

    event: dict[str, Any]

    @property
    def id(self) -> int:
        return self.event["id"]

    @property
    def kind(self) -> str:
        return self.event["kind"]

    @property
    def text(self) -> str:
        return "\n".join(self.event["paragraphs"])

    @property
    def source(self) -> str:
        return (self.event["source"] or {}).get("text", "")

    @property
    def caveat(self) -> str:
        return self.event["caveat"] or ""

    @property
    def labels(self) -> list[str]:
        return [choice["label"] for choice in self.event["choices"]]

    @property
    def filters(self) -> list[str]:
        """What a search was understood to want."""
        return [choice["label"] for choice in self.event["filters"]]

    @property
    def cards(self) -> list[dict[str, Any]]:
        return self.event["cards"]

    @property
    def titles(self) -> list[str]:
        return [card["title"] for card in self.cards]

    def token(self, label: str) -> str:
        """What a press on that choice or filter sends."""
        choices = (*self.event["choices"], *self.event["filters"])
        return next(choice["token"] for choice in choices if choice["label"] == label)

    def card_token(self, title: str, label: str) -> str:
        """What a press on a card's choice sends."""
        card = next(card for card in self.cards if card["title"] == title)
        return next(choice["token"] for choice in card["choices"] if choice["label"] == label)


class Recorded:
    """What the record has of somebody's conversation."""

    settings: Settings
    conversation: str

    def rows(self, statement: str, *values: object) -> list[sqlite3.Row]:
        """Rows of the stack's database."""
        return rows(self.settings, statement, *values)

    def turns(self) -> list[sqlite3.Row]:
        """This conversation's turns, in order."""
        return self.rows(
            "SELECT t.* FROM turn t JOIN conversation c ON c.id = t.conversation_id WHERE c.code = ? ORDER BY t.id",
            self.conversation,
        )

    @property
    def last(self) -> sqlite3.Row:
        """The latest turn as it is recorded."""
        return self.turns()[-1]

    def stored(self) -> list[sqlite3.Row]:
        """This conversation's messages, in order."""
        return self.rows(
            "SELECT m.* FROM message m JOIN conversation c ON c.id = m.conversation_id WHERE c.code = ? ORDER BY m.id",
            self.conversation,
        )


@dataclass
class Page(Recorded):
    """One browser. Opening it again after `drop` is what the page's script does when the line is cut."""

    settings: Settings
    last_id: int = 0  # of the last message held, what `hello` says
    messages: dict[int, dict[str, Any]] = field(default_factory=dict)
    heard: list[dict[str, Any]] = field(default_factory=list)
    conversation: str = ""
    person: str = ""

    async def __aenter__(self) -> Self:
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.news = asyncio.Condition()
        self.line: aiohttp.ClientWebSocketResponse | None = None
        self._reading: asyncio.Task[None] | None = None
        try:
            await self.open()
        except BaseException:
            await self.http.close()
            raise
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.drop()
        await self.http.close()

    @property
    def now(self) -> datetime:
        """What time it is for the gateway."""
        return datetime.fromisoformat(self.event("ready")["now"])

    # -- the line ------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Get the page, connect, say hello."""
        async with self.http.get(f"{self.settings.address}/chat") as response:
            assert response.status == 200
        self.line = await self.http.ws_connect(
            f"{self.settings.address}/chat/socket", headers={"Origin": self.settings.address}
        )
        ready_before = sum(e["type"] == "ready" for e in self.heard)
        self._reading = asyncio.create_task(self._read(self.line))
        await self.send(type="hello", after=self.last_id)
        await self.wait(lambda: sum(e["type"] == "ready" for e in self.heard) > ready_before)

    async def open_again(self) -> None:
        """Try until the gateway is back."""
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    await self.open()
                    return
                except (aiohttp.ClientError, ConnectionError, OSError):
                    await asyncio.sleep(0.1)

    async def drop(self) -> None:
        """The line is cut; what was held stays."""
        if self.line is not None:
            await self.line.close()
        if self._reading is not None:
            await self._reading
        self.line = self._reading = None

    async def _read(self, line: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in line:
            if frame.type is not aiohttp.WSMsgType.TEXT:
                break
            event = frame.json()
            async with self.news:
                self._take(event)
                self.news.notify_all()

    def _take(self, event: dict[str, Any]) -> None:
        self.heard.append(event)
        if event["type"] in ("ready", "restarted"):
            self.conversation = event["conversation"]
            self.person = event.get("person", self.person)
        for message in event.get("messages", []) if event["type"] in ("ready", "restarted") else []:
            self._hold(message)
        if event["type"] == "message":
            self._hold(event["message"])

    def _hold(self, message: dict[str, Any]) -> None:
        self.messages[message["id"]] = message
        self.last_id = max(self.last_id, message["id"])

    async def send(self, **event: Any) -> None:
        assert self.line is not None
        await self.line.send_json(event)

    async def wait(self, until: Callable[[], Any], seconds: float = PATIENCE) -> None:
        """Until something is true of what was heard."""
        async with asyncio.timeout(seconds), self.news:
            await self.news.wait_for(until)

    # -- what is said --------------------------------------------------------------------------------------------

    @property
    def greeting(self) -> Answer:
        return Answer(self.messages[min(self.messages)])

    def event(self, kind: str, **fields: Any) -> dict[str, Any] | None:
        """The first event of a kind with these fields."""
        matching = (e for e in self.heard if e["type"] == kind and all(e.get(k) == v for k, v in fields.items()))
        return next(matching, None)

    def replies_after(self, id_: int) -> list[Answer]:
        """What the bot said after a message, holding lines left out."""
        found = (m for i, m in sorted(self.messages.items()) if i > id_ and m["from"] == "bot")
        return [Answer(m) for m in found if m["kind"] != "holding"]

    async def say(self, text: str) -> Answer:
        """Type something and wait for the answer to it."""
        return await self._answered(type="say", text=text)

    async def press(self, answer: Answer, label: str) -> Answer:
        """Press a choice and wait for the answer to it."""
        return await self._answered(type="press", token=answer.token(label))

    async def press_card(self, answer: Answer, title: str, label: str) -> Answer:
        """Press a choice on a card and wait for the answer to it."""
        return await self._answered(type="press", token=answer.card_token(title, label))

    async def _answered(self, **event: Any) -> Answer:
        key = uuid.uuid4().hex
        await self.send(key=key, **event)
        await self.wait(lambda: self.event("ack", key=key) or self.event("refused", key=key))
        ack = self.event("ack", key=key)
        assert ack, f"refused: {self.event('refused', key=key)}"
        await self.wait(lambda: self.replies_after(ack["id"]))
        return self.replies_after(ack["id"])[0]

    async def refused(self, **event: Any) -> dict[str, Any]:
        """Send what must not be taken; the refusal."""
        key = event.setdefault("key", uuid.uuid4().hex)
        await self.send(**event)
        await self.wait(lambda: self.event("ack", key=key) or self.event("refused", key=key))
        refusal = self.event("refused", key=key)
        assert refusal, "it was taken"
        return refusal

    @property
    def last_rateable(self) -> int | None:
        """The latest reply that 👍/👎 stands under."""
        return max((i for i, m in self.messages.items() if m.get("rateable")), default=None)


def rows(settings: Settings, statement: str, *values: object) -> list[sqlite3.Row]:
    """Rows of a stack's database."""
    with closing(sqlite3.connect(settings.folder / "duihua.db", timeout=10)) as database:
        database.row_factory = sqlite3.Row
        found = database.execute(statement, values).fetchall()
        database.commit()
    return found
