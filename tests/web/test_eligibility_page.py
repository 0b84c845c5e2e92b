"""The list of an eligibility check in a browser: on a phone, on a desk, on paper."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect
from sqlalchemy import delete, select, update

from bot.conversations.tables import Identity
from bot.eligibility.tables import EligibilityFacts
from bot.knowledge.files import Topic, read_topic, topic_files
from bot.knowledge.loading import row_of
from bot.knowledge.tables import TopicRow
from bot.settings import ROOT
from bot.store import Sessions, open_engine
from tests.web.chat_page import BROWSER, PHONE

pytestmark = BROWSER

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
FITS = {
    "graduated": "this_year",
    "degree": "college",
    "hardship": ["subsistence"],
    "pays_insurance": "self",
    "work": "flexible",
    "business": "no",
    "student_loan": "yes",
    "age": 22,
}


@pytest.fixture
def options() -> dict[str, object]:
    return {"now": NOW}


@cache
def benefits() -> list[Topic]:
    """The topics of the project that somebody may be entitled to; reading them takes seconds."""
    topics = (read_topic(path)[0] for path in topic_files(ROOT / "data" / "knowledge"))
    return [topic for topic in topics if topic.eligibility]


@pytest.fixture
async def sessions(address: str, tmp_path: Path):
    """The gateway's database, with every benefit of the project."""
    engine = open_engine(f"sqlite+aiosqlite:///{tmp_path / 'duihua.db'}")
    sessions = Sessions(engine)
    async with sessions.begin() as db:
        db.add_all(row_of(topic, position=i, version=1, fingerprint=None) for i, topic in enumerate(benefits()))
    yield sessions
    await engine.dispose()


@pytest.fixture
async def told(page: Page, sessions: Sessions) -> Page:
    """The page of somebody who went through the check."""
    async with sessions.begin() as db:
        person = (await db.scalars(select(Identity.person_id))).one()
        db.add(EligibilityFacts(person_id=person, facts=FITS, at=NOW))
    return page


async def groups(page: Page) -> dict[str, list[str]]:
    return {
        await section.get_attribute("id"): await section.locator("h3").all_inner_texts()
        for section in await page.locator("section.group").all()
    }


async def test_without_a_result_the_page_says_how_to_begin(page: Page, sessions: Sessions, address: str):
    await page.goto(f"{address}/chat/eligibility")

    await expect(page.locator(".empty")).to_contain_text("政策体检")
    await page.get_by_role("link", name="去做政策体检").click()
    await expect(page).to_have_url(f"{address}/chat")


async def test_a_stranger_sees_nothing_of_anybody(told: Page, browser: Browser, address: str):
    async with await browser.new_context() as elsewhere:
        stranger = await elsewhere.new_page()
        await stranger.goto(f"{address}/chat/eligibility")

        await expect(stranger.locator(".empty")).to_be_visible()
        await expect(stranger.locator("article")).to_have_count(0)


async def test_every_group_has_its_benefits_with_conditions_amount_when_materials_and_source(told: Page, address: str):
    await told.goto(f"{address}/chat/eligibility")

    found = await groups(told)
    assert set(found) >= {"likely", "possible", "no"}
    assert "灵活就业社会保险补贴" in found["likely"]
    assert "一次性求职补贴" in found["no"]
    benefit = told.locator("#likely article", has_text="灵活就业社会保险补贴")
    await expect(benefit.locator(".amount")).to_contain_text("2/3")
    await expect(benefit.locator(".met")).not_to_have_count(0)
    await expect(benefit.locator(".open")).to_contain_text("灵活就业登记")
    await expect(benefit.locator("dl")).to_contain_text("啥时候")
    await expect(benefit.locator("dl")).to_contain_text("要啥材料")
    assert re.search(r"来源：《.+\d{4}年\d+月\d+日核对", await benefit.locator(".source").inner_text(), re.DOTALL)
    for article in await told.locator("#no article").all():
        await expect(article.locator(".failed")).not_to_have_count(0)
    for article in await told.locator("#possible article").all():
        await expect(article.locator(".missing")).not_to_have_count(0)
    await expect(told.locator(".lead")).to_contain_text("以经办机构审核为准")
    await expect(told.locator(".told")).to_contain_text("家里吃低保")


async def test_an_edit_in_the_database_changes_the_page_at_once(told: Page, sessions: Sessions, address: str):
    await told.goto(f"{address}/chat/eligibility")
    assert "灵活就业社会保险补贴" in (await groups(told))["likely"]

    async with sessions.begin() as db:
        await db.execute(
            update(TopicRow)
            .where(TopicRow.id == "flexible-insurance-subsidy")
            .values(valid_until=NOW.date().replace(day=1))
        )
    await told.reload()

    assert "灵活就业社会保险补贴" not in (await groups(told))["likely"]
    await expect(told.locator("#ended")).to_contain_text("灵活就业社会保险补贴，到2026年11月1日为止")


async def test_after_forgetting_the_page_is_empty(told: Page, sessions: Sessions, address: str):
    async with sessions.begin() as db:
        await db.execute(delete(EligibilityFacts))

    await told.goto(f"{address}/chat/eligibility")

    await expect(told.locator(".empty")).to_be_visible()


@pytest.mark.parametrize("width", [320, 390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nothing_sticks_out_and_everything_can_be_read(
    told: Page, address: str, width: int, scheme: str, tmp_path
):
    await told.emulate_media(color_scheme=scheme)
    await told.set_viewport_size({"width": width, "height": PHONE["height"]})
    await told.goto(f"{address}/chat/eligibility")

    assert await told.evaluate("document.documentElement.scrollWidth") <= width
    sizes = "[...document.querySelectorAll('main *')].filter(e => e.children.length === 0 && e.textContent.trim()).map(e => parseFloat(getComputedStyle(e).fontSize))"
    assert min(await told.evaluate(sizes)) >= 12
    await told.screenshot(path=tmp_path / f"{width}-{scheme}.png", full_page=True)
    assert told.broken == []


async def test_it_needs_no_script_and_prints_on_a4(told: Page, phone: BrowserContext, browser: Browser, address: str):
    async with await browser.new_context(java_script_enabled=False, storage_state=await phone.storage_state()) as plain:
        page = await plain.new_page()
        await page.goto(f"{address}/chat/eligibility")
        assert await page.locator("article").count() > 20

    await told.goto(f"{address}/chat/eligibility")
    await told.emulate_media(media="print", color_scheme="dark")
    await expect(told.locator(".back")).to_be_hidden()
    await expect(told.locator(".screen").first).to_be_hidden()
    assert await told.evaluate("getComputedStyle(document.documentElement).backgroundColor") == "rgb(255, 255, 255)"
    await expect(told.locator("#likely dl").first).to_be_visible()
    await expect(told.locator("#no dl").first).to_be_hidden()
    paper = await told.pdf(format="A4", prefer_css_page_size=True)
    pages = max(int(count) for count in re.findall(rb"/Count (\d+)", paper))
    assert 2 <= pages <= 10
