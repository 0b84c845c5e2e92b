"""A programme on air before two browsers: what comes in, what the host is sent, and a network that drops."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from bot.radio.live.service import Live
from bot.radio.programme.service import Programmes
from tests.console.conftest import BROWSER
from tests.desk.conftest import World

pytestmark = BROWSER


@pytest.fixture
def here(console) -> World:
    return World(console.sessions, console.clock)


@pytest.fixture
def live(console) -> Live:
    return Live(console.sessions, console.clock)


async def test_producer_and_host_sit_at_two_browsers(here, live, console, browser_as):
    producer, host = await browser_as("host", name="王芳"), await browser_as("host", name="李强", width=390)
    sheet = await Programmes(console.sessions, console.clock).make({"day": "2026-11-24", "minutes": "30"}, by="王芳")
    await producer.goto(f"/desk/live/{sheet}")
    await host.goto(f"/desk/live/{sheet}/host")
    await producer.get_by_role("button", name="开播", exact=True).click()
    await expect(host.get_by_text("正在直播")).to_be_visible()
    console.clock.pass_(minutes=1)

    await here.group([("档案放哪里了", 2)], topic=await here.topic())
    card = producer.locator("#block-incoming li.card")
    await expect(card).to_contain_text("档案转递")
    await producer.get_by_label("写给主持人").fill("别忘了报台")
    await here.group([("创业贷款咋申请", 3)])
    await expect(card.first).to_contain_text("创业贷款咋申请")
    await expect(card.first.locator(".askers")).to_have_text("3")
    assert await producer.get_by_label("写给主持人").input_value() == "别忘了报台"  # what is being typed stays

    await card.filter(has_text="档案转递").get_by_role("button", name="送给主持人").click()
    heading = host.get_by_role("heading", name="档案转递")
    await expect(heading).to_be_visible()
    assert float((await heading.evaluate("e => getComputedStyle(e).fontSize")).removesuffix("px")) >= 40
    await expect(host.get_by_text("创业贷款咋申请")).to_have_count(0)
    await producer.get_by_role("button", name="发", exact=True).click()
    await expect(host.get_by_text("别忘了报台")).to_be_visible()
    await host.get_by_label("写给导播").fill("好")
    await host.keyboard.press("Enter")
    await expect(producer.locator(".notes")).to_contain_text("好")

    await host.context.set_offline(True)
    await live.write(sheet, "producer", "断网时写的", by="王芳")
    await host.context.set_offline(False)
    await expect(host.get_by_text("断网时写的")).to_be_visible()

    await host.get_by_role("button", name="播完了").click()
    await expect(producer.locator("#block-sent")).to_contain_text("播过")
    await producer.get_by_role("button", name="下播").click()
    await expect(producer.get_by_role("link", name="记嘉宾说了什么")).to_be_visible()
    await expect(host.get_by_text("没在直播")).to_be_visible()
    assert producer.broken == []
    assert [one for one in host.broken if "ERR_INTERNET_DISCONNECTED" not in one] == []
