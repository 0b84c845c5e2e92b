"""Conversations in headless Chromium: two of the staff at one conversation, keys, a phone's width."""

from __future__ import annotations

import os

from playwright.async_api import expect

from bot.channels.base import Inbound, Sender
from bot.web.keys import CONVERSATIONS, HUB
from tests.console.conftest import BROWSER

pytestmark = BROWSER
PICTURES = os.environ.get("DUIHUA_TEST_PICTURES")


async def test_two_at_one_conversation_see_each_other_and_lose_nothing(console, browser_as):
    for n, text in enumerate(("社保断了怎么补缴", "社保卡丢了去哪补")):
        received = await console.app[CONVERSATIONS].receive(Inbound(Sender("web", f"p{n}"), f"k{n}", text))
        await console.app[CONVERSATIONS].answer(received.conversation_id, console.app[HUB].show)
    anna, boris = await browser_as("reviewer", name="王芳"), await browser_as("reviewer", name="李雷", width=390)

    await anna.goto("/console/conversations?q=社保")
    await anna.keyboard.press("j")
    await expect(anna.locator("[data-talks] a").first).to_be_focused()
    await anna.keyboard.press("Enter")
    await expect(anna.get_by_text("社保卡丢了去哪补").first).to_be_visible()
    await boris.goto(anna.url)
    await expect(boris.locator("[data-here]")).to_contain_text("王芳也开着")
    await expect(anna.locator("[data-here]")).to_contain_text("李雷也开着")

    await anna.get_by_label("派给").select_option(label="王芳")
    await anna.get_by_role("button", name="派", exact=True).click()
    await expect(anna.get_by_text("派好了")).to_be_visible()
    await expect(boris.locator("[data-here]")).to_contain_text("有人改了")
    await boris.get_by_label("派给").select_option(label="李雷")
    await boris.get_by_role("button", name="派", exact=True).click()
    await expect(boris.get_by_text("王芳刚刚派给了王芳")).to_be_visible()
    for page, text in ((anna, "王芳写的备注"), (boris, "李雷写的备注")):
        await page.get_by_label("写一条").fill(text)
        await page.get_by_role("button", name="存备注").click()
        await expect(page.get_by_text("备注存好了")).to_be_visible()
    await expect(boris.get_by_text("王芳写的备注")).to_be_visible()

    await anna.locator("h1").click()
    await anna.keyboard.press("r")
    await expect(anna.get_by_text("标成看过了")).to_be_visible()
    await anna.locator("h1").click()
    await anna.keyboard.press("f")
    await expect(anna.get_by_text("王芳 标记的")).to_be_visible()
    await anna.locator("h1").click()
    await anna.keyboard.press("j")
    await expect(anna.get_by_text("社保断了怎么补缴").first).to_be_visible()
    await boris.locator(".understood > summary").first.click()

    for page, name in ((anna, "wide"), (boris, "narrow")):
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        if PICTURES:
            await page.screenshot(path=f"{PICTURES}/conversation-{name}.png", full_page=True)
            await page.goto("/console/conversations")
            await page.screenshot(path=f"{PICTURES}/conversations-{name}.png", full_page=True)
    assert [broken for broken in anna.broken + boris.broken if "409" not in broken] == []
