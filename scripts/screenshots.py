"""A walk through the web chat in headless Chromium, at phone and desk width; pictures go to docs/screenshots/."""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.async_api import Page, async_playwright

from bot.running.checks import is_free
from bot.running.stack import running
from bot.settings import ROOT, Settings

TO = ROOT / "docs" / "screenshots"
WIDTHS = {"390": {"width": 390, "height": 844}, "1280": {"width": 1280, "height": 800}}
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip


async def say(page: Page, text: str) -> None:
    """Type and send, then wait for one more answer."""
    before = await page.locator(".msg.bot").count()
    await page.fill("#box", text)
    await page.press("#box", "Enter")
    await page.wait_for_function("n => document.querySelectorAll('.msg.bot').length > n", arg=before)
    await page.wait_for_timeout(400)


async def walk(page: Page, width: str, url: str) -> None:
    """The talk, a picture a step."""

    async def shoot(name: str) -> None:
        await page.screenshot(path=TO / f"{name}-{width}.png")

    await page.goto(f"{url}/chat")
    await page.wait_for_selector(".msg.bot")
    await page.wait_for_timeout(400)
    await shoot("greeting")
    await say(page, "想开个小店没本钱 国家能借点不")
    await shoot("answer")
    await say(page, "那要啥材料")
    await shoot("follow-up")
    await page.locator(".rate .down").last.click()
    await page.wait_for_timeout(300)
    await shoot("rating")
    await page.keyboard.press("Escape")
    await say(page, "听说大学生有钱领")
    await shoot("offer")
    await say(page, "明天大同下雨不")
    await shoot("unknown")
    await say(page, "平城区 会计 三千以上")
    await shoot("jobs")
    await page.locator(".card").last.get_by_role("button", name="详情").click()
    await page.wait_for_timeout(900)
    await shoot("posting")
    await say(page, "这个月有啥招聘会")
    await shoot("events")
    await page.locator(".msg.bot").last.get_by_role("button", name="报名").first.click()
    await page.wait_for_timeout(900)
    await page.get_by_role("button", name="确定报名").last.click()
    await page.wait_for_timeout(1200)
    await shoot("ticket")
    await say(page, "想约个老师聊聊简历")
    await shoot("booking")
    await page.locator(".picker").last.locator(".times .chip").first.click()
    await page.wait_for_timeout(1200)
    await shoot("booking-way")
    await page.goto(f"{url}/chat/privacy")
    await shoot("privacy")


async def main() -> None:
    """Start a stack of its own, walk twice and once in the dark."""
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
        settings = Settings(_env_file=None, **values)
        (ROOT / "var" / "models").mkdir(parents=True, exist_ok=True)
        (settings.folder / "models").symlink_to(ROOT / "var" / "models")
        os.environ.update({f"DUIHUA_{key.upper()}": str(value) for key, value in values.items()})
        async with running(settings, print, gateway=True), async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            for width, viewport in WIDTHS.items():
                context = await browser.new_context(viewport=viewport, device_scale_factor=1, locale="zh-CN")
                await walk(await context.new_page(), width, settings.address)
                await context.close()
            dark = await browser.new_context(viewport=WIDTHS["390"], color_scheme="dark", locale="zh-CN")
            page = await dark.new_page()
            await page.goto(f"{settings.address}/chat")
            await page.wait_for_selector(".msg.bot")
            await say(page, "试用期工资能打几折")
            await page.screenshot(path=TO / "dark-390.png")
            await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
