"""The shell in a browser: places by role, keys, phone width, dark, print, without scripts."""

from __future__ import annotations

import pytest
from playwright.async_api import Error, expect

from bot.people.rules import Role
from bot.web.console.access import ACCOUNTS
from tests.console.conftest import BROWSER, PASSWORD

pytestmark = BROWSER

PAGES = (
    "/console", "/console/me", "/console/me/password", "/console/me/totp", "/console/accounts", "/console/accounts/new",
    "/console/accounts/1", "/console/audit", "/console/letters", "/console/options", "/console/patterns",
    "/console/status",
)  # fmt: skip
CONTRAST = """() => {
  const light = ([r, g, b]) => [r, g, b].map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const c = parts(getComputedStyle(node).backgroundColor);
      if (c.length === 3 || c[3] === 1) return c;
    }
    return [255, 255, 255];
  };
  const bad = [];
  for (const node of document.querySelectorAll("body *")) {
    const words = [...node.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
    if (!words || !node.getClientRects().length || node.matches(":disabled, option, script, .skip")) continue;
    const [a, b] = [light(parts(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x);
    const ratio = (a + .05) / (b + .05);
    if (ratio < 4.5) bad.push(`${node.tagName}.${node.className} ${node.textContent.trim().slice(0, 20)} ${ratio.toFixed(2)}`);
  }
  return bad;
}"""
SMALL = """() => [...document.querySelectorAll("a.button, button, summary, nav a, input:not([type=hidden]), select, textarea")]
  .filter(n => n.getClientRects().length && !n.matches("[type=checkbox], [type=radio]"))
  .filter(n => n.getBoundingClientRect().height < 44).map(n => n.outerHTML.slice(0, 80))"""
UNNAMED = """() => [...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
  .filter(n => !n.labels.length).map(n => n.outerHTML.slice(0, 80))"""


@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1280, "dark")])
async def test_every_page_fits_is_readable_and_has_a_name_on_each_field(browser_as, width, scheme):
    page = await browser_as("admin", width=width, color_scheme=scheme)

    for path in PAGES:
        await page.goto(path)
        wide = await page.evaluate("document.documentElement.scrollWidth")

        assert wide <= width, path
        assert await page.evaluate(CONTRAST) == [], path
        assert await page.evaluate(SMALL) == [], path
        assert await page.evaluate(UNNAMED) == [], path
        assert await page.locator("h1").count() == 1, path
    assert page.broken == []


async def test_each_role_sees_its_own_places_and_the_keys_go_there(browser_as):
    admin, host = await browser_as("admin"), await browser_as("host")
    await admin.goto("/console")
    await host.goto("/console")

    assert "设置" in await admin.locator(".top nav").inner_text()
    assert "设置" not in await host.locator(".top nav").inner_text()
    await admin.keyboard.press("?")
    await expect(admin.get_by_role("dialog", name="快捷键")).to_be_visible()
    await expect(admin.get_by_role("dialog")).to_contain_text("设置")
    await admin.keyboard.press("Escape")
    await expect(admin.get_by_role("dialog")).to_be_hidden()
    await admin.keyboard.press("g")
    await admin.keyboard.press("s")
    await admin.wait_for_url("**/console/status")
    assert await admin.locator(".top nav [aria-current]").inner_text() == "设置"
    await admin.goto("/console/audit")
    await admin.keyboard.press("/")
    await admin.keyboard.type("gs王")
    assert await admin.locator("#who").input_value() == "gs王", "keys are letters in a field"
    assert admin.url.endswith("/console/audit")


async def test_signing_in_changing_the_password_and_signing_out_without_scripts(console, browser):
    _, made = await console.app[ACCOUNTS].add("王芳", [Role.ADMIN], by="测试")
    context = await browser.new_context(base_url=console.address, java_script_enabled=False, locale="zh-CN")
    page = await context.new_page()

    await page.goto("/console/accounts")
    await page.get_by_label("名字").fill("王芳")
    await page.get_by_label("密码").fill(made)
    await page.get_by_role("button", name="登录").click()
    await expect(page.get_by_role("heading", name="改密码")).to_be_visible()
    await page.get_by_label("现在的密码").fill(made)
    await page.get_by_label("新密码", exact=True).fill(PASSWORD)
    await page.get_by_label("新密码再输一遍").fill(PASSWORD)
    await page.get_by_role("button", name="改密码").click()
    await expect(page.get_by_role("status")).to_have_text("密码改好了，别处的登录都已退出。")
    await page.goto("/console/accounts/new")
    await page.get_by_label("名字").fill("李雷")
    await page.get_by_label("主持人").check()
    await page.get_by_role("button", name="开账号").click()
    await expect(page.locator(".secret")).to_be_visible()
    await page.locator(".me summary").click()
    await page.get_by_role("button", name="退出登录").click()
    await expect(page.get_by_role("heading", name="登录")).to_be_visible()
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # the password that was shown is kept nowhere
        await page.go_back()
    later = await context.new_page()
    await later.goto("/console/accounts")
    await expect(later.get_by_role("heading", name="登录")).to_be_visible()


async def test_what_was_told_once_is_not_told_again_and_a_printed_page_has_no_buttons(browser_as):
    page = await browser_as("admin")
    await page.goto("/console/me?notice=session-ended")
    await expect(page.get_by_role("status")).to_have_text("那一处已经退出登录。")

    await page.reload()
    await expect(page.get_by_role("heading", name="我的账号")).to_be_visible()

    await expect(page.get_by_role("status")).to_have_count(0)
    await page.goto("/console/accounts")
    await page.emulate_media(media="print")
    for gone in (".top", ".tabs", "main .button"):
        await expect(page.locator(gone).first).to_be_hidden()
    await expect(page.locator("table")).to_be_visible()
