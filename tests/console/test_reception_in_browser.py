"""Two of the staff and a person in the chat at once: who waits appears by itself, one takes them, words go both ways."""

from __future__ import annotations

import re

from playwright.async_api import expect

from bot.knowledge.files import read_topic
from bot.knowledge.loading import row_of
from bot.settings import ROOT
from tests.web.chat_page import BROWSER

pytestmark = BROWSER


async def chat(browser, console, width: int = 390):
    """The chat page of somebody new."""
    context = await browser.new_context(
        base_url=console.address, viewport={"width": width, "height": 844}, locale="zh-CN"
    )
    page = await context.new_page()
    await page.goto("/chat")
    await page.wait_for_selector("text=小同")
    return page


async def wait_in_queue(console, code: str) -> None:
    """What the dialogue does when somebody wants a person."""
    from bot.web.console.reception import queue_of

    class Request:
        app = console.app

    await queue_of(Request).begin(code)
    await queue_of(Request).ask(code, "档案丢了咋办")


async def test_a_person_is_taken_over_and_given_back(console, browser, browser_as):
    async with console.sessions.begin() as db:
        db.add(
            row_of(read_topic(ROOT / "data/knowledge/archive-lookup.yml")[0], position=0, version=1, fingerprint=None)
        )
    person = await chat(browser, console)
    await person.fill("textarea", "档案丢了咋办")
    await person.keyboard.press("Enter")
    await expect(person.locator("text=听到了").first).to_be_visible()
    first, second = await browser_as("reviewer"), await browser_as("editor", width=390)
    for page in (first, second):
        await page.goto("/console/reception")
        await expect(page.locator("text=没有人在等")).to_be_visible()

    async with console.sessions() as db:
        from sqlalchemy import select

        from bot.conversations.tables import Conversation

        conversation = await db.scalar(select(Conversation.code))
    await wait_in_queue(console, conversation)

    await expect(first.get_by_role("button", name="接过来")).to_be_visible()
    await expect(second.get_by_role("button", name="接过来")).to_be_visible()
    await expect(first).to_have_title("（1）接待 · 对话青春")
    await first.get_by_role("button", name="接过来").click()
    await expect(first.locator("text=接过来了，现在是你在和这个人说话")).to_be_visible()
    await expect(second.get_by_role("button", name="接过来")).to_have_count(0)
    await expect(second.locator("text=正在接待（1）")).to_be_visible()

    await expect(first.get_by_role("heading", name="小同会这样答")).to_be_visible()
    await first.get_by_label("说给本人").fill("你好呀")
    await first.get_by_role("button", name="放进回复").first.click()
    await expect(first.get_by_label("说给本人")).to_have_value(re.compile("^你好呀\n【档案"))
    await first.get_by_label("说给本人").fill("先去人才中心查一查")
    await first.keyboard.press("Control+Enter")
    await expect(first.locator("#lines .staff").last).to_contain_text("先去人才中心查一查")
    await expect(person.locator("text=先去人才中心查一查")).to_be_visible()
    await expect(first.get_by_label("说给本人")).to_have_value("")

    await person.fill("textarea", "在几楼")
    await person.keyboard.press("Enter")
    await expect(first.locator("#lines .line").last).to_contain_text("在几楼")
    assert console.engine.asked == ["档案丢了咋办"]  # the bot is silent while a person talks

    await first.get_by_role("button", name="交回给小同").click()
    await expect(first.locator("text=交回给小同了")).to_be_visible()
    await person.fill("textarea", "那落户呢")
    await person.keyboard.press("Enter")
    await expect(person.locator("text=听到了：那落户呢")).to_be_visible()
    assert await second.evaluate("document.documentElement.scrollWidth") <= 390
    assert first.broken == second.broken == []


async def test_what_is_typed_while_the_line_is_down_is_kept_and_sent_once(console, browser, browser_as):
    person = await chat(browser, console)
    await person.fill("textarea", "有人吗")
    await person.keyboard.press("Enter")
    await expect(person.locator("text=听到了").first).to_be_visible()
    async with console.sessions() as db:
        from sqlalchemy import select

        from bot.conversations.tables import Conversation

        conversation = await db.scalar(select(Conversation.code))
    await wait_in_queue(console, conversation)
    page = await browser_as("reviewer")
    await page.goto("/console/reception")
    await page.get_by_role("button", name="接过来").click()

    await page.get_by_label("说给本人").fill("这句不能丢")
    await page.context.set_offline(True)
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("text=网断了，没发出去")).to_be_visible()
    await expect(page.get_by_label("说给本人")).to_have_value("这句不能丢")
    await page.context.set_offline(False)
    await page.get_by_role("button", name="发送").click()

    await expect(person.locator("text=这句不能丢")).to_have_count(1)
    await expect(page.locator("#lines .staff", has_text="这句不能丢")).to_have_count(1)
