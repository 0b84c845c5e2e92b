"""Staff keep companies: find them, change them, and make one of two spellings; what postings lack is told."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.clock import today
from bot.events.tables import Event, EventCompany
from bot.jobs.sameness import posting_key
from bot.jobs.tables import Company, Posting
from tests.jobs.conftest import posting


@pytest.fixture
async def two(console) -> tuple[int, int]:
    """One company under two names, with a posting each and an event of the second; their ids."""
    now = console.clock()
    async with console.sessions.begin() as db:
        firms = [Company(name="恒源商贸有限公司"), Company(name="大同恒源商贸有限公司", district="平城区")]
        db.add_all(firms)
        await db.flush()
        for firm, title in zip(firms, ("会计", "出纳"), strict=True):
            one = posting(firm, title=title, pay_min=None, pay_max=None, closes_on=today(console.clock))
            one.key = posting_key(firm.name, title, one.district)
            db.add(one)
        event = Event(
            title="招聘会", kind="job_fair", mode="offline", starts_at=now, ends_at=now.replace(year=2027), source="x"
        )
        db.add(event)
        await db.flush()
        db.add(EventCompany(event_id=event.id, company_id=firms[0].id))
        return firms[0].id, firms[1].id


async def test_companies_are_found_and_what_is_alike_is_shown(signed_in, two):
    editor = await signed_in("editor")

    listed = await (await editor.get("/console/companies?q=恒源")).text()
    report = await (await editor.get("/console/jobs/quality")).text()

    assert listed.count("恒源商贸有限公司</a>") == 2
    assert "可能是同一家公司（1）" in report and "没写薪资</b>2 个" in report and "7 天内截止</b>2 个" in report
    assert "没有这样叫的" in await (await editor.get("/console/companies?q=%25")).text()
    assert (await editor.get("/console/companies/999")).status == 404


async def test_two_spellings_are_made_one_and_an_earlier_change_is_still_taken_back(console, signed_in, two):
    editor = await signed_in("editor")
    gone, kept = two
    async with console.sessions() as db:
        number = await db.scalar(select(Posting.id).where(Posting.company_id == gone))
    await editor.post(f"/console/jobs/{number}/withdraw")

    done = await editor.post(f"/console/companies/{gone}/merge", data={"into": str(kept)})
    again = await editor.post(f"/console/companies/{gone}/merge", data={"into": str(kept)})
    undone = await editor.post(f"/console/jobs/{number}/undo", data={"batch": "1"})

    assert (done.headers["Location"].split("?")[0], again.status) == (f"/console/companies/{kept}", 404)
    assert "job-undone" in undone.headers["Location"]
    async with console.sessions() as db:
        assert await db.get(Company, gone) is None
        assert (await db.get(Posting, number)).company_id == kept
        assert list(await db.scalars(select(EventCompany.company_id))) == [kept]


async def test_two_companies_with_the_same_posting_are_not_made_one(console, signed_in, two):
    editor = await signed_in("editor")
    gone, kept = two
    async with console.sessions.begin() as db:
        firm = await db.get(Company, kept)
        twin = posting(firm, title="会计")
        twin.key = posting_key(firm.name, "会计", twin.district)
        db.add(twin)

    done = await editor.post(f"/console/companies/{gone}/merge", data={"into": str(kept)})

    assert "company-merge-no" in done.headers["Location"]
    for into in ("", "x", "999", str(gone)):
        assert (await editor.post(f"/console/companies/{gone}/merge", data={"into": into})).status == 404
    async with console.sessions() as db:
        assert await db.get(Company, gone) is not None


async def test_a_changed_company_changes_what_its_postings_are_found_by(console, signed_in, two):
    editor = await signed_in("editor")
    place = f"/console/companies/{two[1]}"
    typed = {"name": "云州粮油有限公司", "industry": "F", "trade": "粮油", "district": "云州区", "size": ""}

    assert "company-saved" in (await editor.post(place, data=typed)).headers["Location"]
    assert "company-same" in (await editor.post(place, data=typed)).headers["Location"]
    assert "出纳" in await (await editor.get("/console/jobs?q=云州粮油")).text()
    for name, value in (("name", "！"), ("industry", "Z"), ("district", "北京"), ("name", "恒源商贸 有限公司")):
        answer = await editor.post(place, data={**typed, name: value})
        assert (answer.status, f'id="{name}-error"' in await answer.text()) == (422, True), (name, value)
