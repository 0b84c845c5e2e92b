"""What staff write from another process is shown on the open page, with who wrote it."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Page, expect

from bot.channels.base import Shown
from bot.clock import system_clock
from bot.handover.service import Handovers
from bot.settings import Settings
from bot.store import Sessions, open_engine
from bot.web.staff import StaffLines


class Lines:
    """The queue as the gateway's look-out sees it."""

    def __init__(self) -> None:
        self.top = 0
        self.lines: list[Shown] = []

    def write(self, number: int) -> None:
        self.top = max(self.top, number)
        self.lines.append(Shown(number, "c", "out", "staff", None, f"第{number}句", {}, system_clock()))

    async def last_message(self) -> int:
        return self.top

    async def staff_lines(self, after: int) -> list[Shown]:
        return [line for line in self.lines if line.id > after]


class Shower:
    """A hub that remembers what it showed."""

    def __init__(self) -> None:
        self.seen: list[int] = []

    async def show(self, message: Shown) -> None:
        self.seen.append(message.id)


async def test_each_line_is_shown_once_and_what_was_there_before_is_not():
    lines, hub = Lines(), Shower()
    lines.write(5)
    look_out = StaffLines(lines, hub)
    await look_out.look()

    lines.write(9)
    await look_out.look()
    await look_out.look()

    assert hub.seen == [9]


async def test_a_line_that_becomes_visible_after_a_later_one_is_shown_too():
    lines, hub = Lines(), Shower()
    look_out = StaffLines(lines, hub)
    await look_out.look()
    lines.write(1000)
    await look_out.look()

    lines.write(998)
    await look_out.look()

    assert hub.seen == [1000, 998]


@pytest.mark.browser
async def test_the_person_sees_who_writes_while_the_page_is_open(page: Page, tmp_path):
    settings = Settings(var=tmp_path, _env_file=None)
    engine = open_engine(settings.database)
    staff = Handovers.from_settings(settings, Sessions(engine), system_clock)
    await page.fill("#box", "你好")
    await page.press("#box", "Enter")
    await expect(page.locator(".msg.bot")).to_have_count(2)
    code = (await page.locator("#code").text_content() or "").strip()

    await staff.take(code, "李老师")
    await expect(page.locator(".msg.staff").last).to_contain_text("李老师来了")
    await staff.say(code, "李老师", "我是李老师，档案的事我来说。")
    await expect(page.locator(".msg.staff .by")).to_have_text("李老师说：")
    await page.fill("#box", "好的老师")
    await page.press("#box", "Enter")
    await expect(page.locator(".msg.me").last).to_contain_text("好的老师")
    await asyncio.sleep(1)

    await expect(page.locator(".msg.bot").last).to_contain_text("档案的事我来说")
    await staff.back(code)
    await expect(page.locator(".msg.bot").last).to_contain_text("我接着")
    await engine.dispose()
