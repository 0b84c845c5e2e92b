"""How the page looks and whom it lets in."""

import re

import pytest
from playwright.async_api import expect

from tests.web.chat_page import BROWSER, CONTRAST, PHONE, type_and_send

pytestmark = BROWSER


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_all_text_can_be_read_on_its_ground(page, scheme):
    await page.emulate_media(color_scheme=scheme)
    await type_and_send(page, "你好")
    await type_and_send(page, "试用期")
    await page.get_by_role("button", name="没用").click()
    await page.get_by_role("button", name="过时").click()
    await page.locator("#box").fill("长" * 2010)
    await page.get_by_role("button", name="菜单").click()

    assert await page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_nothing_runs_out_at_the_side(page, width):
    await page.set_viewport_size({"width": width, "height": 700})
    await type_and_send(page, "试用期")
    await expect(page.locator(".bot.latest .meta")).to_be_visible()

    assert await page.evaluate("document.getElementById('scroll').scrollWidth") <= width
    assert await page.evaluate("document.getElementById('log').clientWidth") <= 760
    assert float((await page.locator("body").evaluate("n => getComputedStyle(n).fontSize")).removesuffix("px")) >= 17


async def test_what_can_be_pressed_is_large_enough_for_a_thumb(page):
    await type_and_send(page, "试用期")
    await expect(page.locator(".bot.latest .rate")).to_be_visible()

    sizes = await page.eval_on_selector_all(
        "button:not([hidden])", "all => all.filter(b => b.offsetParent).map(b => [b.offsetWidth, b.offsetHeight])"
    )

    assert all(width >= 40 and height >= 40 for width, height in sizes)


async def test_escape_closes_the_menu_and_gives_the_focus_back(page):
    await page.get_by_role("button", name="菜单").press("Enter")
    await expect(page.locator("#code")).to_have_text(re.compile(r"^\S{4,12}$"))

    await page.keyboard.press("Escape")

    await expect(page.locator("#menu")).to_be_hidden()
    await expect(page.get_by_role("button", name="菜单")).to_be_focused()


async def test_the_page_is_light_and_asks_nobody_else(phone, address):
    page = await phone.new_page()
    bodies: dict[str, bytes] = {}

    async def keep(response) -> None:
        bodies[response.url] = await response.body()

    page.on("response", keep)
    broken: list[str] = []
    page.on("console", lambda said: broken.append(said.text))
    await page.goto(f"{address}/chat", wait_until="networkidle")
    await expect(page.locator(".greeting")).to_be_visible()

    assert all(url.startswith(address) for url in bodies)
    assert sum(map(len, bodies.values())) <= 60 * 1024
    assert broken == []


async def test_without_scripts_the_page_says_whom_to_call(browser, address):
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{address}/chat")

    await expect(page.locator(".nojs")).to_be_visible()
    await expect(page.locator(".nojs a")).to_have_text(["12333", "12345"])


async def test_the_privacy_page_leads_back(page, address):
    await page.locator(".privacy").get_by_role("link", name="隐私说明").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("隐私说明")

    await page.get_by_role("link", name="回到对话").click()
    await expect(page.locator(".greeting")).to_be_visible()
