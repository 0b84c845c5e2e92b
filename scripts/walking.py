"""What the walks share: a stack of their own, with samples, and a browser before it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from bot.running.checks import is_free
from bot.running.stack import running
from bot.settings import ROOT, Settings

TO = ROOT / "docs" / "screenshots"
WIDTHS = {"390": {"width": 390, "height": 844}, "1280": {"width": 1280, "height": 800}}
NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)  # a Tuesday, 10:00 in 大同: somebody is there
_FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
          "--disable-component-update", "--disable-sync"]  # fmt: skip


@asynccontextmanager
async def stack_and_browser() -> AsyncIterator[tuple[Settings, Browser]]:
    """A stack that is gone afterwards, on free ports, with the project's models; and headless Chromium."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("There is no Chromium: apt-get install chromium fonts-noto-cjk")
    TO.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="duihua-walk-") as folder:
        ports = iter(p for p in range(18080, 19000) if is_free("127.0.0.1", p))
        values = {
            "var": Path(folder) / "var",
            "port": next(ports),
            "engine_port": next(ports),
            "actions_port": next(ports),
        }
        settings = Settings(_env_file=None, now=NOW, **values)
        (ROOT / "var" / "models").mkdir(parents=True, exist_ok=True)
        (settings.folder / "models").symlink_to(ROOT / "var" / "models")
        os.environ.update({f"DUIHUA_{key.upper()}": str(value) for key, value in values.items()})
        os.environ["DUIHUA_NOW"] = NOW.isoformat()
        async with running(settings, print, gateway=True), async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
            yield settings, browser
            await browser.close()


async def say(page: Page, text: str) -> None:
    """Type and send in the chat, then wait for one more answer."""
    before = await page.locator(".msg.bot").count()
    await page.fill("#box", text)
    await page.press("#box", "Enter")
    await page.wait_for_function("n => document.querySelectorAll('.msg.bot').length > n", arg=before)
    await page.wait_for_timeout(400)
