"""What staff do with postings and companies, on both databases."""

from __future__ import annotations

from datetime import date

import pytest

from bot.jobs.companies import Companies
from bot.jobs.importing import ChangedSince, Importer
from bot.jobs.keeping import JobKeeping, typed_of
from bot.jobs.keeping_queries import Search
from bot.jobs.tables import Posting
from tests.jobs.import_files import ACCOUNTANT, CLERK, write_csv


@pytest.fixture
async def keeping(sessions, clock, tmp_path) -> JobKeeping:
    """Two postings that came from a file."""
    await Importer(sessions, clock).bring_in(write_csv(tmp_path / "a.csv", [ACCOUNTANT, CLERK]), by="王芳")
    return JobKeeping(sessions, clock)


@pytest.mark.parametrize(
    ("wanted", "titles"),
    [
        (Search(), ["行政文员", "会计"]),
        (Search(words="文员"), ["行政文员"]),
        (Search(words="示例一科技"), ["会计"]),
        (Search(words="会计", status="open"), ["会计"]),
        (Search(words="会计", status="withdrawn"), []),
        (Search(words="会计", lack="pay"), []),
        (Search(lack="pay"), ["行政文员"]),
        (Search(lack="signs"), []),
        (Search(lack="soon"), []),
        (Search(batch=1, sample=False, source="联盟收集"), ["行政文员", "会计"]),
        (Search(words="'\" & | !:*()"), []),
        (Search(words="2"), ["行政文员"]),
    ],
)
async def test_postings_are_found_by_what_is_looked_for(keeping, wanted, titles):
    found = await keeping.find(wanted)

    assert [one.title for one in found.postings] == titles
    assert found.total == len(titles)


async def test_an_import_is_not_taken_back_over_a_change_until_that_is(keeping, sessions, clock):
    importer = Importer(sessions, clock)
    kept = await keeping.one(1)
    changed = await keeping.change(1, typed_of(kept.posting) | {"closes_on": "2027-01-31"}, by="李明")

    with pytest.raises(ChangedSince):
        await importer.undo(1)
    await importer.undo(changed.batch)
    async with sessions() as db:
        assert (await db.get(Posting, 1)).closes_on == date(2026, 12, 31)
    await importer.undo(1)

    assert (await keeping.find(Search())).postings == ()


async def test_what_is_typed_back_unchanged_is_no_change(keeping):
    for number in (1, 2):
        kept = await keeping.one(number)
        assert await keeping.change(number, typed_of(kept.posting), by="李明") is None
        assert len((await keeping.one(number)).changes) == 1


async def test_a_company_takes_over_what_another_one_had(keeping, sessions, clock):
    companies = Companies(sessions, clock)
    gone, into = [(await keeping.one(number)).posting.company_id for number in (1, 2)]
    await keeping.set_status(1, "withdrawn", by="李明")

    assert await companies.merge(gone, into) == 1

    assert [one.company for one in (await keeping.find(Search())).postings] == ["示例二科技有限公司"] * 2
    await Importer(sessions, clock).undo(2)
    assert (await keeping.one(1)).posting.company_id == into
    assert (await companies.quality()).lacking == {"soon": 0, "pay": 1, "contact": 0, "signs": 0}
