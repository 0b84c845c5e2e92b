"""A topic is written by one editor and approved by another, in two browsers; two editors of one draft; a phone; no script."""

from __future__ import annotations

import os

import pytest
from playwright.async_api import expect

from bot.knowledge.editing import queries
from bot.knowledge.rules import Question
from bot.web.keys import KNOWLEDGE
from tests.console.conftest import BROWSER
from tests.knowledge.knowledge_setup import NEW, TOPIC, put_three, read_three

pytestmark = BROWSER

LIST = "/console/knowledge"
PAGE = f"{LIST}/topics/{TOPIC}"
EDIT, DRAFT = f"{PAGE}/edit", f"{PAGE}/draft"
PICTURES = os.environ.get("DUIHUA_TEST_PICTURES", "")


@pytest.fixture
async def topics(console) -> None:
    await put_three(console.sessions, console.clock, read_three())


async def picture(page, name: str, *, at: str = "") -> None:
    """A picture of the whole page, or of what is seen when something is at the top of the window."""
    if not PICTURES:
        return
    if at:
        await page.locator(at).evaluate("one => scrollTo(0, one.getBoundingClientRect().top + scrollY - 70)")
    await page.screenshot(path=f"{PICTURES}/{name}.png", full_page=not at)


async def opened(page, aspect: str):
    """The text of an aspect, unfolded."""
    await page.locator("details.aspect", has=page.locator(f"#{aspect}")).evaluate("one => { one.open = true; }")
    return page.locator(f"#{aspect}")


async def test_one_writes_with_a_live_preview_another_approves_and_the_next_question_gets_it(
    console, browser_as, topics
):
    writer, other = await browser_as("editor"), await browser_as("editor", width=390)
    await writer.goto(EDIT)
    await writer.get_by_label("看哪一方面").select_option("process")
    preview = writer.locator("#preview")
    await (await opened(writer, "process")).fill(NEW)
    for channel in ("网页", "Telegram", "微信"):
        await expect(preview.get_by_role("region", name=channel, exact=True)).to_contain_text(NEW)
    await picture(writer, "staff-knowledge-1280", at="label[for=process]")
    await writer.locator("#s30").fill("短")
    await expect(preview).to_contain_text("还有 1 处要改")
    await writer.get_by_label("给审批人的话").fill("改得好懂些")
    await writer.get_by_role("button", name="存好并送审").click()
    await expect(writer.locator("#s30-error")).to_contain_text("要 85 到 135 个")
    await expect(writer.locator("#s30")).to_be_focused()
    async with console.sessions() as db:
        served = await queries.whole_topic(db, TOPIC)
        spoken = next(text.text for text in served.texts if text.key == "s30")
    await writer.locator("#s30").fill(spoken)
    await writer.get_by_label("拿这份草稿问一句").fill("创业担保贷款")
    await writer.get_by_label("拿这份草稿问一句").press("Enter")
    await expect(writer.locator("#tried")).to_contain_text("会直接答")
    await writer.get_by_label("给审批人的话").fill("改得好懂些")
    await writer.get_by_role("button", name="存好并送审").click()
    await expect(writer.get_by_role("status").first).to_contain_text("送审了")
    await expect(writer.get_by_role("button", name="同意，换上")).to_have_count(0)

    await other.goto("/console")
    await other.get_by_role("link", name="份知识等你审批").click()
    await other.get_by_role("link", name="待审批", exact=True).last.click()
    await expect(other.get_by_role("region", name="怎么办")).to_contain_text(NEW)
    await picture(other, "staff-knowledge-approving-390", at="main h1")
    assert await other.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await other.get_by_role("button", name="同意，换上").click()
    await expect(other.get_by_role("status").first).to_contain_text("通过了")

    answered = await console.app[KNOWLEDGE].answer(
        Question("创业担保贷款", "policy", aspects=(("process", 0.9),), topics=((TOPIC, 0.9),))
    )
    assert NEW in answered.reply.paragraphs[0]
    assert answered.reply.knowledge.version == 2
    assert [one for one in writer.broken + other.broken if "422" not in one] == []


async def test_two_editors_of_one_field_see_both_texts(console, browser_as, topics):
    first, second = await browser_as("editor"), await browser_as("editor")
    for page in (first, second):
        await page.goto(EDIT)
    await (await opened(first, "process")).fill(NEW)
    await first.get_by_role("button", name="存草稿").first.click()
    await expect(first.get_by_role("status").first).to_contain_text("草稿存好了")
    await (await opened(second, "process")).fill("去银行。")
    await second.locator("#scope").fill("钱从哪来")
    await second.get_by_role("button", name="存草稿").first.click()

    clash = second.get_by_role("region", name="怎么办")
    await expect(clash).to_contain_text(NEW)
    await expect(clash).to_contain_text("去银行。")
    await expect(second.locator("#scope")).to_have_value("钱从哪来")
    await second.get_by_role("button", name="存草稿").first.click()
    await expect(second.get_by_role("status").first).to_contain_text("草稿存好了")
    async with console.sessions() as db:
        kept = (await queries.open_draft(db, TOPIC)).typed
    assert (kept["process"], kept["scope"]) == ("去银行。", "钱从哪来")


async def test_without_scripts_rows_and_preview_work_by_buttons_and_no_page_is_wider_than_a_phone(
    console, browser_as, topics
):
    page = await browser_as("editor", width=390, scripts=False)
    await page.goto(EDIT)
    rows = await page.locator("#figures fieldset").count()
    await page.locator("#scope").fill("钱从哪来")
    await page.get_by_role("button", name="加一行数字").click()
    await expect(page.locator("#figures fieldset")).to_have_count(rows + 1)
    await page.locator("#answer").fill(NEW)
    await page.get_by_role("button", name="预览").click()
    await expect(page.get_by_role("region", name="微信", exact=True)).to_contain_text(NEW)
    await expect(page.locator("#scope")).to_have_value("钱从哪来")
    await page.get_by_role("button", name="存草稿").first.click()

    for path in (
        LIST,
        f"{LIST}?show=gaps",
        PAGE,
        EDIT,
        DRAFT,
        f"{PAGE}/versions/1",
        f"{LIST}/new",
        f"{LIST}/unanswered",
    ):
        await page.goto(path)
        await picture(page, path.strip("/").replace("/", "-").replace("?", "-"))
        wide = await page.locator("html").evaluate("one => [one.scrollWidth, one.clientWidth]")
        assert wide[0] <= wide[1], path
