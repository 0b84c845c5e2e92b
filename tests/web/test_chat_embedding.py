"""The chat in another site's page."""

import pytest
from aiohttp import web
from playwright.async_api import expect

from tests.web.chat_page import BROWSER, PHONE, free_port, serve

pytestmark = BROWSER


async def league_site(address: str) -> tuple[web.AppRunner, str]:
    """A site with our one script tag and a strict policy of its own."""

    async def home(_: web.Request) -> web.Response:
        html = (
            f"<!doctype html><title>团市委</title><h1>团市委</h1><script src='{address}/chat/embed.js' async></script>"
        )
        policy = f"default-src 'none'; script-src {address}; frame-src {address}"
        return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": policy})

    app = web.Application()
    app.router.add_get("/", home)
    port = free_port()
    return await serve(app, port), f"http://127.0.0.1:{port}/"


@pytest.mark.parametrize("options", [{"embed_origins": "http://127.0.0.1:*"}])
async def test_an_allowed_site_opens_and_closes_the_chat(browser, address):
    runner, site = await league_site(address)
    page = await (await browser.new_context(viewport={"width": 1280, "height": 800})).new_page()
    await page.goto(site)

    await page.get_by_role("button", name="问小同").click()
    frame = page.frame_locator("duihua-chat iframe")
    await expect(frame.locator(".greeting")).to_be_visible()
    box = await page.locator("duihua-chat iframe").bounding_box()
    assert (box["width"], box["height"]) == (400, 640)

    await frame.get_by_role("button", name="关闭").click()
    await expect(page.locator("duihua-chat iframe")).to_be_hidden()
    await expect(page.get_by_role("button", name="问小同")).to_be_focused()

    await page.set_viewport_size(PHONE)
    await page.get_by_role("button", name="问小同").click()
    assert await page.locator("duihua-chat iframe").bounding_box() == {"x": 0, "y": 0, **PHONE}
    await frame.locator("#box").press("Escape")
    await expect(page.locator("duihua-chat iframe")).to_be_hidden()
    await runner.cleanup()


async def test_a_site_that_is_not_allowed_gets_no_chat(browser, address):
    runner, site = await league_site(address)
    page = await browser.new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text))
    await page.goto(site)

    await page.get_by_role("button", name="问小同").click()
    await page.wait_for_timeout(500)

    assert any("frame-ancestors" in text for text in refused)
    await expect(page.frame_locator("duihua-chat iframe").locator(".greeting")).to_have_count(0)
    await runner.cleanup()
