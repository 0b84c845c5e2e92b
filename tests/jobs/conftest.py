"""Postings to search among."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.conversations.tables import Conversation, Identity, Person
from bot.jobs.search import JobSearch
from bot.jobs.service import Jobs
from bot.jobs.tables import Company, Posting
from bot.jobs.talk import JobTalk
from bot.jobs.words import search_text
from tests.jobs.job_talker import Talker

SYNONYMS = {"程序员": ("软件开发", "前端"), "文员": ("行政",)}
TRADES = {"煤炭": ("煤电", "煤矿")}

AddPosting = Callable[..., Awaitable[int]]


def posting(company: Company, **fields: Any) -> Posting:
    """A posting of a company with what is not told filled in."""
    values = {
        "key": uuid.uuid4().hex,
        "content_hash": "0",
        "title": "会计",
        "job_type": "全职",
        "district": "平城区",
        "pay_min": 4000,
        "pay_max": 6000,
        "education": "不限",
        "majors": [],
        "benefits": [],
        "source": "示例",
        "status": "open",
        "scam_signs": [],
        "first_seen": date(2026, 11, 1),
        "checked_on": date(2026, 11, 20),
        **fields,
    }
    made = Posting(**values)
    made.company = company
    made.search_text = search_text(made, company)
    return made


@pytest.fixture
def add(sessions) -> AddPosting:
    """Adds a posting, its company made where there is none of that name; gives its id."""

    async def adding(
        *, company: str = "恒源商贸有限公司", trade: str | None = "商贸", industry: str | None = "F", **fields: Any
    ) -> int:
        async with sessions.begin() as db:
            owner = await db.scalar(select(Company).where(Company.name == company))
            if owner is None:
                owner = Company(name=company, trade=trade, industry=industry, district="平城区")
                db.add(owner)
                await db.flush()
            made = posting(owner, **fields)
            db.add(made)
            await db.flush()
            return made.id

    return adding


@pytest.fixture
def search(sessions, clock) -> JobSearch:
    return JobSearch(sessions, clock, lambda word: SYNONYMS.get(word, ()), trades=lambda word: TRADES.get(word, ()))


@pytest.fixture
def jobs(sessions, clock, search) -> Jobs:
    return Jobs(sessions, clock, search)


@pytest.fixture
def talk(sessions, clock) -> Callable[[], Awaitable[str]]:
    """Begins somebody's conversation; gives its code."""

    async def beginning() -> str:
        async with sessions.begin() as db:
            person = Person(code=uuid.uuid4().hex[:12], created_at=clock())
            db.add(person)
            await db.flush()
            identity = Identity(person_id=person.id, channel="web", sender=uuid.uuid4().hex, created_at=clock())
            db.add(identity)
            await db.flush()
            made = Conversation(
                code=uuid.uuid4().hex[:24],
                person_id=person.id,
                identity_id=identity.id,
                channel="web",
                started_at=clock(),
                last_at=clock(),
            )
            db.add(made)
            return made.code

    return beginning


async def _known_companies() -> tuple[str, ...]:
    return ("恒源商贸有限公司",)


@pytest.fixture
async def person(search, jobs, talk, clock) -> AsyncIterator[Talker]:
    yield Talker(JobTalk(search, jobs, _known_companies, clock), await talk())


@pytest.fixture
async def clerks(add) -> list[int]:
    """Seven postings for clerks of seven companies, 云冈区 the last two; the newest has the highest number."""
    return [
        await add(
            title=f"文员{n}",
            company=f"公司{n}",
            district="平城区" if n <= 5 else "云冈区",
            pay_min=3000 + 500 * n,
            pay_max=4000 + 500 * n,
            benefits=["五险一金"] if n % 2 else [],
            education="大专" if n == 3 else "不限",
            checked_on=date(2026, 11, n),
        )
        for n in range(1, 8)
    ]
