"""Two ways to talk: to our gateway as a browser does, to a stock engine over its REST channel. Times in milliseconds."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, CookieJar

from bot.settings import Settings


class Browser:
    """One person on the page."""

    def __init__(self, line: ClientWebSocketResponse) -> None:
        self._line = line

    async def turn(self, text: str) -> float:
        """Say something; the time until the reply is there."""
        return (await self.say(text))[0]

    async def say(self, text: str) -> tuple[float, dict[str, Any]]:
        """Say something; the time until the reply is there, and the reply."""
        return await self._answered(type="say", text=text)

    async def press(self, reply: dict[str, Any], label: str) -> tuple[float, dict[str, Any]]:
        """Press a choice of a reply; as above."""
        token = next(choice["token"] for choice in reply["choices"] if choice["label"] == label)
        return await self._answered(type="press", token=token)

    async def _answered(self, **event: str) -> tuple[float, dict[str, Any]]:
        began = time.perf_counter()
        await self._line.send_str(json.dumps({"key": uuid.uuid4().hex, **event}))
        async for frame in self._line:
            told = json.loads(frame.data)
            if told["type"] == "refused":
                raise RuntimeError(told["reason"])
            if told["type"] == "message" and told["message"]["kind"] in ("reply", "apology"):
                return (time.perf_counter() - began) * 1000, told["message"]
        raise RuntimeError("the line closed")


@asynccontextmanager
async def browser(settings: Settings) -> AsyncIterator[Browser]:
    """A new person with an open page."""
    base = f"http://127.0.0.1:{settings.port}"
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as session:
        await (await session.get(f"{base}/chat")).read()
        async with session.ws_connect(f"{base}/chat/socket", headers={"Origin": base}) as line:
            await line.send_str('{"type":"hello","after":0}')
            await line.receive()
            yield Browser(line)


class StockPerson:
    """One sender of the stock engine."""

    def __init__(self, session: ClientSession, port: int) -> None:
        self._session, self._url = session, f"http://127.0.0.1:{port}/webhooks/rest/webhook"
        self._sender = uuid.uuid4().hex

    async def turn(self, text: str) -> float:
        """Say something; the time until the reply is there."""
        began = time.perf_counter()
        async with self._session.post(self._url, json={"sender": self._sender, "message": text}) as response:
            await response.json()
        return (time.perf_counter() - began) * 1000
