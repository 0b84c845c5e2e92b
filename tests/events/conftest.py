"""Persons, companies and events to put on."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.clock import SHANGHAI
from bot.conversations.tables import Person
from bot.events.service import Events
from bot.events.tables import Event, EventCompany, EventPosting, Registration
from bot.events.talk import EventTalk
from bot.jobs.tables import Company, Posting
from bot.store import Sessions, open_engine
from tests.events.event_caller import Caller

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in 大同."""
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.fixture
def events(sessions, clock) -> Events:
    return Events(sessions, clock)


@pytest.fixture
async def elsewhere(database, clock) -> AsyncIterator[Events]:
    """Another process on the same database."""
    engine = open_engine(database)
    yield Events(Sessions(engine), clock)
    await engine.dispose()


@pytest.fixture
def put_on(sessions) -> Callable[..., Awaitable[int]]:
    """Puts an event on, tomorrow from 9:30 to 16:00 unless told otherwise; its id."""

    async def make(title: str = "秋季招聘会", **values: Any) -> int:
        event = Event(
            **{
                "title": title,
                "kind": "job_fair",
                "mode": "offline",
                "starts_at": at(25, 9, 30),
                "ends_at": at(25, 16),
                "district": "平城区",
                "place": "市人力资源市场",
                "capacity": 2,
                "about": "带上简历。",
                "source": "联盟",
                **values,
            }
        )
        async with sessions.begin() as db:
            db.add(event)
        return event.id

    return make


@pytest.fixture
def people(sessions) -> Callable[[int], Awaitable[list[int]]]:
    """Makes so many persons; their ids."""

    async def make(count: int) -> list[int]:
        async with sessions.begin() as db:
            known = await db.scalar(select(func.count()).select_from(Person)) or 0
            made = [Person(code=f"P{known + n:05}", created_at=NOW) for n in range(count)]
            db.add_all(made)
        return [person.id for person in made]

    return make


@pytest.fixture
def standings(sessions) -> Callable[[int], Awaitable[dict[int, str]]]:
    """How each person with an active sign-up stands, read from the tables, in the order of signing up."""

    async def read(event_id: int) -> dict[int, str]:
        async with sessions() as db:
            rows = await db.execute(
                select(Registration.person_id, Registration.state)
                .where(Registration.event_id == event_id, Registration.state != "cancelled")
                .order_by(Registration.id)
            )
            return dict(rows.all())

    return read


@pytest.fixture
def employ(sessions) -> Callable[..., Awaitable[tuple[int, list[int]]]]:
    """Makes a company with postings, and brings it to events; (company, postings)."""

    async def make(name: str, titles: list[str], *, to: int | None = None, **values: Any) -> tuple[int, list[int]]:
        async with sessions.begin() as db:
            company = Company(name=name, trade="新能源", district="云冈区", sample=True)
            db.add(company)
            await db.flush()
            postings = [
                Posting(
                    **{
                        "company_id": company.id,
                        "key": f"{name}/{title}",
                        "content_hash": title,
                        "title": title,
                        "job_type": "全职",
                        "source": "示例数据",
                        "first_seen": date(2026, 11, 1),
                        "checked_on": date(2026, 11, 1),
                        "sample": True,
                        **values,
                    }
                )
                for title in titles
            ]
            db.add_all(postings)
            await db.flush()
            if to is not None:
                db.add(EventCompany(event_id=to, company_id=company.id))
                db.add_all(EventPosting(event_id=to, posting_id=posting.id) for posting in postings)
        return company.id, [posting.id for posting in postings]

    return make


@pytest.fixture
def in_days() -> Callable[[int], date]:
    return lambda days: date(2026, 11, 24) + timedelta(days=days)


@pytest.fixture
def callers(events, people, clock):
    """Makes so many persons who talk with us."""

    async def person_of(conversation: str) -> int:
        return int(conversation)

    async def make(count: int) -> list[Caller]:
        talk = EventTalk(events, person_of, clock)
        return [Caller(talk, person) for person in await people(count)]

    return make


@pytest.fixture
async def anna(callers) -> Caller:
    return (await callers(1))[0]


@pytest.fixture
async def five(put_on) -> list[int]:
    """Two fairs, one of them online, two trainings and a day at a company, tomorrow and on the days after."""
    return [
        await put_on("综合招聘会", starts_at=at(25, 9), ends_at=at(25, 12), capacity=100),
        await put_on(
            "线上招聘会",
            starts_at=at(26, 14),
            ends_at=at(26, 17),
            mode="online",
            district=None,
            place=None,
            capacity=None,
        ),
        await put_on("焊工培训", kind="training", starts_at=at(27, 9), ends_at=at(27, 17), district="云冈区"),
        await put_on("走进电厂", kind="experience_day", starts_at=at(28, 9), ends_at=at(28, 12), district="云州区"),
        await put_on("客服培训", kind="training", starts_at=at(30, 9), ends_at=at(30, 17)),
    ]
