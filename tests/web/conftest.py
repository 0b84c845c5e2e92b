"""The chat page in a real browser, before the real gateway; only the dialogue engine is ours to script."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from bot.settings import Settings
from bot.web.app import build
from tests.web.chat_page import ARGS, CHROMIUM, LONG, PHONE, POLICY, Line, ScriptedEngine, free_port, serve


@pytest.fixture
async def engine() -> AsyncIterator[ScriptedEngine]:
    scripted = ScriptedEngine({"试用期": POLICY, "长": LONG})
    app = web.Application()
    app.router.add_post("/{path:.*}", scripted.turn)
    scripted.port = free_port()
    runner = await serve(app, scripted.port)
    yield scripted
    await runner.cleanup()


@pytest.fixture
def options() -> dict[str, Any]:
    """Settings that differ in one test: parametrize it there."""
    return {}


@pytest.fixture
async def address(
    engine: ScriptedEngine, options: dict[str, Any], tmp_path: Path, migrated_file: Path
) -> AsyncIterator[str]:
    port = free_port()
    settings = Settings(
        **{"var": tmp_path, "port": port, "engine_port": engine.port, "rate_person": 200, "_env_file": None} | options
    )
    shutil.copy(migrated_file, tmp_path / "duihua.db")
    runner = await serve(build(settings), port)
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        await browser.close()


@pytest.fixture
async def phone(browser: Browser) -> BrowserContext:
    return await browser.new_context(viewport=PHONE, locale="zh-CN", reduced_motion="reduce")


@pytest.fixture
async def page(phone: BrowserContext, address: str) -> Page:
    page = await phone.new_page()
    page.set_default_timeout(20_000)
    page.broken = []
    page.on("pageerror", lambda error: page.broken.append(str(error)))
    page.on("console", lambda said: page.broken.append(said.text) if "Security Policy" in said.text else None)
    await page.goto(f"{address}/chat")
    await expect(page.locator(".greeting")).to_be_visible()
    return page


@pytest.fixture
async def line(page: Page) -> Line:
    line = Line()
    await line.between(page)
    await expect(page.locator(".greeting")).to_be_visible()
    return line
