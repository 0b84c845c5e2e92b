"""Sheets and the presenter view in a browser: keys, timers, large type, and marks that wait where the network is gone."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from bot.radio.programme.items import Items
from bot.radio.programme.service import Programmes
from bot.radio.programme.tables import ProgrammeItem
from bot.radio.service import Radio
from tests.desk.conftest import World
from tests.web.chat_page import BROWSER

pytestmark = BROWSER


@pytest.fixture
async def sheet(console) -> int:
    """A sheet with a group, a listener's question, and the host's own words."""
    here = World(console.sessions, console.clock)
    programmes, items = Programmes(console.sessions, console.clock), Items(console.sessions, console.clock)
    number = await programmes.make({"day": "2026-11-24", "minutes": "30"}, by="王芳")
    await items.add_group(number, await here.group([("档案放哪里了", 2)], topic=await here.topic()), by="王芳")
    await items.add_question(number, await here.question("大专去国企有没有前途", nickname="小雨"), by="王芳")
    await items.add_own(number, {"wording": "下期预告", "script": "下周四晚上七点，" + "还是我们。" * 60}, by="王芳")
    return number


async def aired(console) -> list[bool]:
    async with console.sessions() as db:
        rows = await db.scalars(select(ProgrammeItem).order_by(ProgrammeItem.place))
        return [one.aired_at is not None for one in rows]


UNTIL = "for (let n = 0; n < 400; n += 1) { if (await done()) return; await new Promise(next => setTimeout(next, 50)); } throw new Error('too long');"
"""Waits in the page; `wait_for_function` evaluates strings, which the policy of the page refuses."""


async def test_marks_made_without_a_network_outlive_a_reload_and_arrive_when_it_is_back(console, browser_as, sheet):
    page = await browser_as("host", width=390)
    await page.goto(f"/desk/sheets/{sheet}/present")
    here = page.locator(".item.here")
    await expect(here.locator("h1")).to_have_text("档案转递")
    for width in (1280, 390):
        await page.set_viewport_size({"width": width, "height": 844})
        sizes = await page.eval_on_selector_all(
            ".item.here h1, .item.here .script, .clock b",
            "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))",
        )
        assert len(sizes) == 5 and min(sizes) >= 40
        assert await page.evaluate("document.documentElement.scrollWidth") <= width

    await page.keyboard.press("Enter")
    await expect(page.locator("#told")).to_have_text("已存好")
    assert await aired(console) == [True, False, False]
    await page.evaluate("navigator.serviceWorker.ready")
    kept = f"const done = () => caches.match('/desk/sheets/{sheet}/present');"
    await page.evaluate(f"async () => {{ {kept} {UNTIL} }}")

    await page.context.set_offline(True)
    await page.keyboard.press("Space")
    await expect(here.locator("h1")).to_have_text("大专去国企有没有前途")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Backspace")
    await page.keyboard.press("Enter")
    await expect(page.locator("#told")).to_contain_text("断网了")
    await expect(here.locator(".done")).to_be_visible()
    await page.reload()
    await expect(here.locator("h1")).to_have_text("大专去国企有没有前途")
    await expect(here.locator(".done")).to_be_visible()
    await expect(page.locator("#elapsed")).not_to_have_text("")
    assert await aired(console) == [True, False, False]

    await page.context.set_offline(False)
    await expect(page.locator("#told")).to_have_text("已存好")
    assert await aired(console) == [True, True, False]
    await page.locator("#before").click()
    await page.locator("#mark").click()
    await expect(page.locator("#mark")).to_have_text("已播")
    await expect(here.locator(".done")).to_be_hidden()
    await expect(page.locator("#told")).to_have_text("已存好")
    sent = f"const done = () => JSON.parse(localStorage.getItem('duihua-presenter-{sheet}')).queue.length === 0;"
    await page.evaluate(f"async () => {{ {sent} {UNTIL} }}")
    assert await aired(console) == [False, True, False]


async def test_what_the_listener_took_back_meanwhile_is_not_put_down_and_that_is_told(console, browser_as, sheet):
    page = await browser_as("host", width=390)
    await page.goto(f"/desk/sheets/{sheet}/present")
    async with console.sessions() as db:
        rows = (await db.scalars(select(ProgrammeItem).order_by(ProgrammeItem.place))).all()
    radio = Radio(console.sessions, console.clock)
    (question,) = await radio.questions()
    await radio.decline(question.code, "问过了")

    await page.locator("#next").click()
    await page.locator("#mark").click()

    await expect(page.locator("#told")).to_contain_text("听众撤回了")
    await expect(page.locator(".item.here .done")).to_be_hidden()
    assert len(rows) == 3 and await aired(console) == [False, False, False]
    assert page.broken == []


async def test_without_scripts_everything_is_on_one_page_and_each_is_marked_by_its_button(console, browser_as, sheet):
    page = await browser_as("host", scripts=False)
    await page.goto(f"/desk/sheets/{sheet}/present")
    assert await page.locator(".item:visible").count() == 3

    await page.locator(".item").nth(1).get_by_role("button", name="已播").click()

    await expect(page.locator(".item").nth(1).get_by_role("button", name="撤销“已播”")).to_be_visible()
    assert await aired(console) == [False, True, False]


async def test_pages_of_the_desk_fit_a_phone_and_items_move_by_keys(console, browser_as, sheet):
    page = await browser_as("host", width=390)
    for path in (
        "/desk", "/desk/groups/1", "/desk/inbox", "/desk/sheets", f"/desk/sheets/{sheet}/edit", f"/desk/sheets/{sheet}/items/1",
        "/desk/guests", f"/desk/sheets/{sheet}",
    ):  # fmt: skip
        await page.goto(path)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 390, path

    await page.locator(".running > li").nth(2).focus()
    await page.keyboard.press("Alt+ArrowUp")
    await expect(page.locator(".running > li").nth(1)).to_contain_text("下期预告")
    await expect(page.locator(".running > li").nth(1)).to_be_focused()
    await page.keyboard.press("Alt+ArrowUp")
    await expect(page.locator(".running > li").nth(0)).to_contain_text("下期预告")
    await page.locator(".running > li").nth(0).get_by_role("button", name="下移").click()

    await expect(page.locator(".running > li").nth(1)).to_contain_text("下期预告")
    assert page.broken == []
