"""Pages of content in a browser: nothing broken, nothing wider than a phone, the door works without a script."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversations.tables import Person
from bot.events.tables import Event
from bot.guidance.roster_cells import hours_in
from bot.guidance.tables import Adviser, AdviserHours
from bot.guidance.views import Wanted
from bot.jobs.tables import Company
from bot.web.keys import EVENTS, GUIDANCE
from tests.console.conftest import BROWSER
from tests.guidance.guidance_setup import EVERY_DAY, at
from tests.jobs.conftest import posting

pytestmark = BROWSER

PAGES = (
    "/console/jobs", "/console/jobs/1", "/console/jobs/new", "/console/jobs/import", "/console/jobs/quality",
    "/console/companies", "/console/companies/1", "/console/events", "/console/events/1", "/console/events/1/change",
    "/console/events/1/list", "/console/events/1/entrance", "/console/guidance?day=2026-11-25",
    "/console/guidance/advisers", "/console/guidance/advisers/1", "/console/guidance/sessions/1",
)  # fmt: skip


@pytest.fixture
async def content(console) -> str:
    """A posting, an event with somebody on its list, and a session; the ticket."""
    now = console.clock()
    async with console.sessions.begin() as db:
        firm = Company(name="大同市恒源商贸有限责任公司")
        person = Person(code="EEEE-0001", created_at=now)
        adviser = Adviser(
            name="张老师", topics=["简历"], modes=["线下"],
            hours=[AdviserHours(weekday=d, start_minute=s, end_minute=e) for d, s, e in hours_in(EVERY_DAY)],
        )  # fmt: skip
        event = Event(
            title="冬季招聘会", kind="job_fair", mode="offline", starts_at=now, ends_at=now + timedelta(hours=3),
            source="联盟", place="体育馆",
        )  # fmt: skip
        db.add_all([firm, person, adviser, event])
        await db.flush()
        db.add(posting(firm, title="会计"))
    slot = await console.app[GUIDANCE].check(Wanted(), at(25, 9))
    held = await console.app[GUIDANCE].hold(person.id, slot, mode="线下", topic="简历", key="k")
    await console.app[GUIDANCE].confirm(person.id, held.id, "k")
    return (await console.app[EVENTS].sign_up(event.id, person.id, "k")).ticket


@pytest.mark.parametrize("width", [390, 1280])
async def test_the_pages_of_content_fit_their_width_and_break_nothing(browser_as, content, width):
    page = await browser_as("editor", width=width)

    wide = {}
    for path in PAGES:
        await page.goto(path)
        wide[path] = await page.evaluate("document.documentElement.scrollWidth") - width

    assert {path: over for path, over in wide.items() if over > 0} == {}
    assert page.broken == []


async def test_somebody_is_let_in_once_where_no_script_runs(browser_as, content):
    page = await browser_as("editor", width=390, scripts=False)
    await page.goto("/console/events/1/entrance")

    await page.get_by_label("签到码", exact=True).fill(content.lower())
    await page.get_by_role("button", name="签到", exact=True).click()
    assert "签到成功" in await page.get_by_role("status").first.inner_text()
    await page.get_by_label("签到码", exact=True).fill(content)
    await page.get_by_role("button", name="签到", exact=True).click()

    assert "已经签过了" in await page.locator("#ticket-error").inner_text()
