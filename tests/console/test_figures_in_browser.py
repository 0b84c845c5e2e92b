"""Charts are seen, in a browser that is as strict as the page tells it to be."""

from __future__ import annotations

import pytest

from tests.web.chat_page import BROWSER

pytestmark = BROWSER


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize("width", [390, 1280])
async def test_charts_are_seen_and_nothing_is_wider_than_the_screen(browser_as, width):
    page = await browser_as("editor", width=width)

    await page.goto("/console/figures?period=week")

    sizes = await page.eval_on_selector_all("figure img", "all => all.map(one => one.naturalWidth)")
    assert len(sizes) == 5
    assert all(sizes)
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.goto("/console/brief?period=this-month")
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.broken == []
