"""A walk through the staff's pages in headless Chromium, at phone and desk width; pictures go to docs/screenshots/.

Before it, people talk with the bot, so that there is something to see; everything else is the samples.
"""

from __future__ import annotations

import asyncio

from playwright.async_api import Browser, Page, expect
from walking import TO, WIDTHS, say, stack_and_browser

from bot.clock import clock_from
from bot.people.accounts import Accounts
from bot.people.rules import Role
from bot.settings import Settings
from bot.store import Sessions, open_engine

NAME, PASSWORD = "王芳", "一二三四五六七八九十"
TALKS = (
    ("想开个小店没本钱 国家能借点不", "那要啥材料"),
    ("档案放家里行不行", "去哪补"),
    ("平城区 会计 三千以上",),
    ("社保断了咋补", "每个月多少钱"),
    ("灵活就业的补贴啥时候发", "我想找个真人问问", "我的补贴申请交了俩月没消息，该问谁"),
)
PAGES = {
    "staff-home": "/console",
    "staff-conversations": "/console/conversations",
    "staff-mended": "/console/mended",
    "staff-reception": "/console/reception",
    "staff-canned": "/console/canned",
    "staff-knowledge": "/console/knowledge",
    "staff-training": "/console/training",
    "staff-jobs": "/console/jobs",
    "staff-job": "/console/jobs/1",
    "staff-jobs-import": "/console/jobs/import",
    "staff-jobs-quality": "/console/jobs/quality",
    "staff-companies": "/console/companies",
    "staff-events": "/console/events",
    "staff-event": "/console/events/1",
    "staff-entrance": "/console/events/1/entrance",
    "staff-guidance": "/console/guidance",
    "staff-advisers": "/console/guidance/advisers",
    "staff-adviser": "/console/guidance/advisers/1",
    "staff-figures": "/console/figures",
    "staff-figure": "/console/figures/turns",
    "staff-brief": "/console/brief",
    "staff-letters": "/console/letters",
    "staff-options": "/console/options",
    "staff-me": "/console/me",
    "console-1280": "/console/status",
    "console-accounts": "/console/accounts",
    "console-audit": "/console/audit",
    "staff-patterns": "/console/patterns",
    "desk": "/desk",
    "desk-inbox": "/desk/inbox",
    "desk-sheets": "/desk/sheets",
}


async def people_talk(browser: Browser, settings: Settings) -> None:
    """Some who ask, one of whom wants a person."""
    for texts in TALKS:
        context = await browser.new_context(viewport=WIDTHS["390"], locale="zh-CN")
        page = await context.new_page()
        await page.goto(f"{settings.address}/chat")
        await page.wait_for_selector(".msg.bot")
        for text in texts:
            await say(page, text)
        await context.close()


async def add_admin(settings: Settings) -> None:
    """Somebody who may see everything."""
    database = open_engine(settings.database)
    await Accounts(Sessions(database), clock_from(settings.now)).add(NAME, [Role.ADMIN], by="示例", password=PASSWORD)
    await database.dispose()


async def walk(page: Page, width: str, url: str) -> None:
    """Each page, then what is reached from one."""

    async def shoot(name: str, path: str = "") -> None:
        if path:
            answer = await page.goto(f"{url}{path}")
            assert answer and answer.status == 200, f"{path}: {answer and answer.status}"
        await page.wait_for_timeout(300)
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"{path or name} sticks out"
        await page.screenshot(path=TO / f"{name}-{width}.png")

    await shoot("console-login", "/console/login")
    await page.get_by_label("名字").fill(NAME)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("navigation").first).to_be_visible()
    for name, path in PAGES.items():
        await shoot(name.removesuffix("-1280"), path)
    await page.goto(f"{url}/console/conversations")
    await page.locator("[data-talks] a").first.click()
    await shoot("staff-conversation")
    await page.goto(f"{url}/console/reception")
    if await page.get_by_role("button", name="接过来").count():
        await page.get_by_role("button", name="接过来").first.click()
    else:
        await page.locator("main table a").first.click()
    await shoot("staff-talk")


async def main() -> None:
    """Let people talk, then walk at both widths."""
    async with stack_and_browser() as (settings, browser):
        await add_admin(settings)
        await people_talk(browser, settings)
        for width, viewport in WIDTHS.items():
            context = await browser.new_context(viewport=viewport, device_scale_factor=1, locale="zh-CN")
            await walk(await context.new_page(), width, settings.address)
            await context.close()


if __name__ == "__main__":
    asyncio.run(main())
