"""Made-up events for a first look, out of data/sample/events.yml: every one marked as a sample, removed at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import SHANGHAI, Clock, today
from bot.events import queries
from bot.events.tables import Event, EventCompany, EventPosting
from bot.jobs.tables import Company, Posting
from bot.text.districts import DISTRICTS

SOURCE = "示例数据"

Text = Annotated[str, Field(min_length=1)]
Count = Annotated[int, Field(ge=0)]


class SampleFileError(Exception):
    """A file of sample events that cannot be read; says why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.name}: {reason}")
        self.path, self.reason = path, reason


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class SampleFigures(_Strict):
    """What the League would have reported of an event."""

    companies: Count | None = None
    posts: Count | None = None
    registered: Count | None = None
    came: Count | None = None
    intents: Count | None = None


class SampleEvent(_Strict):
    """One made-up event; its day is counted from the day it is loaded."""

    title: Text
    kind: Literal["job_fair", "experience_day", "training"]
    mode: Literal["offline", "online"]
    days_from_load: int
    starts: time
    ends: time
    district: str | None = None
    place: str | None = None
    address: str | None = None
    url: str | None = None
    capacity: Annotated[int, Field(gt=0)] | None = None
    about: str = ""
    companies: list[Text] = []
    postings: list[Text] = []
    figures: SampleFigures | None = None

    @model_validator(mode="after")
    def _possible(self) -> SampleEvent:
        if self.starts >= self.ends:
            raise ValueError("an event ends after it starts, on the same day")
        if self.district is not None and self.district not in DISTRICTS:
            raise ValueError(f"{self.district} is no district of 大同")
        return self


@dataclass(frozen=True)
class LoadedEvents:
    """What a load did, by title; `unknown` are companies and postings of the file that are not in the database."""

    new: tuple[str, ...] = ()
    renewed: tuple[str, ...] = ()
    same: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()


def read_sample_events(path: Path) -> list[SampleEvent]:
    """The events of a file. Raises SampleFileError for one that is not of the form."""
    try:
        node = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["events"]
        events = TypeAdapter(list[SampleEvent]).validate_python(node)
    except YAMLError as error:
        raise SampleFileError(path, f"not YAML: {error}") from error
    except (KeyError, TypeError) as error:
        raise SampleFileError(path, "not a list under “events”") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise SampleFileError(path, f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
    titles = [event.title for event in events]
    if doubled := sorted({title for title in titles if titles.count(title) > 1}):
        raise SampleFileError(path, f"twice in the file: {doubled}")
    return events


async def load_sample_events(db: AsyncSession, clock: Clock, path: Path) -> LoadedEvents:
    """Bring in the sample events that are not there, and give new days to those that are over; the rest stays.

    A past event with figures keeps its day: it shows what a report looks like. A renewed event starts anew, without
    sign-ups. The companies and postings have to be there before. Raises SampleFileError; then nothing is loaded.
    """
    events = read_sample_events(path)
    present = {event.title: event for event in await db.scalars(select(Event).where(Event.sample))}
    new, renewed, same, unknown = [], [], [], []
    for sample in events:
        event = present.get(sample.title)
        if event is None:
            unknown += await _add(db, sample, clock)
            new.append(sample.title)
        elif event.ends_at <= clock() and sample.figures is None and _days(sample, clock)[1] > clock():
            await queries.start_anew(db, event.id)
            event.starts_at, event.ends_at = _days(sample, clock)
            event.status = "planned"
            renewed.append(sample.title)
        else:
            same.append(sample.title)
    await db.flush()
    return LoadedEvents(tuple(new), tuple(renewed), tuple(same), tuple(dict.fromkeys(unknown)))


async def remove_sample_events(db: AsyncSession) -> int:
    """Take all sample events away with their sign-ups; how many there were."""
    return (await db.execute(delete(Event).where(Event.sample))).rowcount


def _days(sample: SampleEvent, clock: Clock) -> tuple[datetime, datetime]:
    day = today(clock) + timedelta(days=sample.days_from_load)
    return datetime.combine(day, sample.starts, SHANGHAI), datetime.combine(day, sample.ends, SHANGHAI)


async def _add(db: AsyncSession, sample: SampleEvent, clock: Clock) -> list[str]:
    """Store a sample event; the names of what it mentions and we do not have."""
    starts_at, ends_at = _days(sample, clock)
    event = Event(
        **sample.model_dump(exclude={"days_from_load", "starts", "ends", "companies", "postings", "figures"}),
        starts_at=starts_at,
        ends_at=ends_at,
        source=SOURCE,
        sample=True,
    )
    for name, value in (sample.figures or SampleFigures()).model_dump().items():
        setattr(event, f"reported_{name}", value)
    db.add(event)
    await db.flush()
    companies = dict(
        (await db.execute(select(Company.name, Company.id).where(Company.name.in_(sample.companies)))).all()
    )
    # A title that several companies of an event have stands for one posting of each; the sample's own only.
    postings = (
        await db.execute(
            select(Posting.title, func.min(Posting.id))
            .where(Posting.title.in_(sample.postings), Posting.company_id.in_(companies.values()), Posting.sample)
            .group_by(Posting.title, Posting.company_id)
        )
    ).all()
    db.add_all(EventCompany(event_id=event.id, company_id=company_id) for company_id in companies.values())
    db.add_all(EventPosting(event_id=event.id, posting_id=posting_id) for _, posting_id in postings)
    found = {*companies, *(title for title, _ in postings)}
    return [f"{sample.title}: {name}" for name in (*sample.companies, *sample.postings) if name not in found]
