"""What tests of the chat page share: an engine to script, a line to cut, and what is read off the page."""

from __future__ import annotations

import asyncio
import json
import random
import re
import shutil
import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Page, WebSocketRoute

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
PHONE = {"width": 390, "height": 844}
BROWSER = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]


# -- what the page talks to ------------------------------------------------------------------------------------------


@dataclass
class ScriptedEngine:
    """Answers each text with what the test put down for it; counts what it was asked.

    `heard` is what texts are understood as where only that is asked; it has no model for any other.
    """

    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    heard: dict[str, dict[str, Any]] = field(default_factory=dict)
    delay: float = 0.0

    async def turn(self, request: web.Request) -> web.Response:
        said = await request.json()
        if request.path.endswith("/understand"):
            heard = self.heard.get(said["text"])
            return web.json_response(
                {"understood": heard} if heard else {"error": "no model"}, status=200 if heard else 503
            )
        text = said.get("text") or said["payload"]
        self.asked.append(text)
        await asyncio.sleep(self.delay)
        message = self.answers.get(text, {"text": f"听到了：{text[:40]}"})
        understood = {"intent": None, "confidence": None, "ranking": [], "slots": {}, "actions": []}
        return web.json_response({"messages": [message], "understood": understood})


def reply(*paragraphs: str, **more: Any) -> dict[str, Any]:
    return {"custom": {"paragraphs": list(paragraphs), **more}}


POLICY = reply(
    "【试用期工资】多少钱：\n不得低于约定工资的80%。\n· 不够110人、不够12000元的另算\n· 打12333问，或者看https://www.gov.cn/zhengce/。",
    source={"text": "来源：《劳动合同法》第二十条", "url": "https://www.gov.cn/flfg/"},
    caveat="以当地最新公布为准",
    checked="2026-11-23",
    choices=[{"label": "怎么维权", "payload": "/policy"}],
    rateable=True,
)
LONG = reply("\n".join(f"第{n}行，说的是同一件事，写得长一点好看它折不折。" for n in range(1, 31)), rateable=True)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


async def serve(app: web.Application, port: int) -> web.AppRunner:
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


# -- a line to cut --------------------------------------------------------------------------------------------------


class Line:
    """A connection that can be cut before a frame goes out or comes in, or go silent without being cut."""

    def __init__(self) -> None:
        self.up = True
        self.deaf = False
        self.twice = False
        self.chance = 0.0
        self.luck = random.Random(961)
        self.cut_out: str | None = None
        self.cut_in: str | None = None
        self.sent: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._cuts: list[asyncio.Future[Any]] = []

    async def between(self, page: Page) -> None:
        await page.route_web_socket(re.compile("/chat/socket"), self._route)
        await page.reload()

    async def _route(self, near: WebSocketRoute) -> None:
        if not self.up:
            await near.close()
            return
        far = near.connect_to_server()
        near.on_message(self._passing("cut_out", near, far, far.send))
        far.on_message(self._passing("cut_in", near, far, near.send))

    def _passing(
        self, cut: str, near: WebSocketRoute, far: WebSocketRoute, send: Callable[[str], None]
    ) -> Callable[[str], None]:
        def handle(frame: str) -> None:
            kind = json.loads(frame)["type"]
            if getattr(self, cut) == kind or self.luck.random() < self.chance:
                setattr(self, cut, None)
                self._cuts.append(asyncio.gather(far.close(), near.close()))
                return
            if cut == "cut_out":
                self.sent.append(json.loads(frame))
                self._news.set()
            elif self.deaf:
                return
            elif self.twice:
                send(frame)
            send(frame)

        return handle

    async def says(self, kind: str) -> None:
        """Wait until the page has sent a frame of this kind."""
        async with asyncio.timeout(10):
            while not any(frame["type"] == kind for frame in self.sent):
                self._news.clear()
                await self._news.wait()


# -- what is typed and read ------------------------------------------------------------------------------------------


async def type_and_send(page: Page, text: str) -> None:
    await page.locator("#box").fill(text)
    await page.locator("#box").press("Enter")


def mine(page: Page):
    return page.locator(".me .body")


def told(page: Page):
    return page.locator(".bot:not(.greeting) .body")


CONTRAST = """() => {
  const rgba = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = rgba(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !node.getClientRects().length || node.closest('noscript, .sr')) continue;
    const [a, b] = [light(rgba(getComputedStyle(node).color)), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(walk.currentNode.data.trim() + ' ' + ratio.toFixed(2));
  }
  return poor;
}"""
"""Every text whose colour stands out too little from what is behind it, with the ratio; 4.5 is enough."""
