"""A walk through the web chat in headless Chromium, at phone and desk width; pictures go to docs/screenshots/."""

from __future__ import annotations

import asyncio

from playwright.async_api import Page
from walking import TO, WIDTHS, say, stack_and_browser


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
    """Walk twice and once in the dark."""
    async with stack_and_browser() as (settings, browser):
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


if __name__ == "__main__":
    asyncio.run(main())
