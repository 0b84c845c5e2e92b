"""Made-up companies and postings for a first look, out of data/sample: each marked as a sample, removed at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, today
from bot.jobs.sameness import CONTENT, content_hash, posting_key
from bot.jobs.tables import Company, ImportBatch, Posting
from bot.jobs.words import search_text
from bot.text.pay import read_pay

SOURCE = "示例数据"
"""The source of sample postings, and the name of the batch that tells whether they were loaded or removed."""

Text = Annotated[str, Field(min_length=1)]


class SampleFileError(Exception):
    """A file of sample data that cannot be read; says why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.name}: {reason}")
        self.path, self.reason = path, reason


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class SampleCompany(_Strict):
    """One made-up employer."""

    name: Text
    industry: str
    trade: Text
    district: Text
    size: Text
    alliance_member: bool


class SamplePosting(_Strict):
    """One made-up vacancy; `days_open` counts from the day it is loaded."""

    company: Text
    title: Text
    type: Literal["全职", "实习", "见习", "兼职"]
    district: Text
    address: str | None = None
    pay: Text
    education: Literal["不限", "高中", "大专", "本科", "硕士", "博士"]
    majors: list[Text] = []
    experience_years: int | None = None
    headcount: int | None = None
    duties: Text
    requirements: str | None = None
    benefits: list[Text] = []
    contact: str | None = None
    apply_how: str | None = None
    days_open: int | None = None


@dataclass(frozen=True)
class LoadedSample:
    """How many postings are new, how many got another closing day, and whether somebody had removed the sample."""

    new: int = 0
    renewed: int = 0
    removed_before: bool = False


def read_sample(folder: Path) -> tuple[list[SampleCompany], list[SamplePosting]]:
    """The companies and postings of the folder's files. Raises SampleFileError."""
    companies = [_made(SampleCompany, node, folder / "companies.yml") for node in _nodes(folder / "companies.yml")]
    postings = [_made(SamplePosting, node, folder / "postings.yml") for node in _nodes(folder / "postings.yml")]
    known = {company.name for company in companies}
    if strangers := sorted({posting.company for posting in postings} - known):
        raise SampleFileError(folder / "postings.yml", f"no such company: {strangers}")
    return companies, postings


def _nodes(path: Path) -> list[Any]:
    try:
        return YAML(typ="safe").load(path.read_text(encoding="utf-8"))[path.stem]
    except (YAMLError, KeyError, TypeError) as error:
        raise SampleFileError(path, f"not a list under “{path.stem}”: {error}") from error


def _made[T: BaseModel](form: type[T], node: Any, path: Path) -> T:
    try:
        return form.model_validate(node)
    except ValidationError as error:
        first = error.errors()[0]
        raise SampleFileError(path, f"{node}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from error


async def load_sample_jobs(db: AsyncSession, clock: Clock, folder: Path) -> LoadedSample:
    """Bring in the sample postings that are not there and open those again that have closed.

    Nothing is loaded once somebody has removed them. Raises SampleFileError; then nothing is loaded either.
    """
    batch = await db.scalar(select(ImportBatch).where(ImportBatch.file == SOURCE))
    if batch is not None and batch.undone_at is not None:
        return LoadedSample(removed_before=True)
    companies, postings = read_sample(folder)
    day = today(clock)
    if batch is None:
        batch = ImportBatch(file=SOURCE, by="duihua", at=clock(), companies={})
        db.add(batch)
    employers = {c.name: c for c in await db.scalars(select(Company).where(Company.sample))}
    for company in companies:
        if company.name not in employers:
            employers[company.name] = Company(**company.model_dump(), sample=True)
            db.add(employers[company.name])
    await db.flush()
    present = {posting.key: posting for posting in await db.scalars(select(Posting).where(Posting.sample))}
    new = renewed = 0
    for sample in postings:
        key = posting_key(sample.company, sample.title, sample.district)
        closes = day + timedelta(days=sample.days_open) if sample.days_open is not None else None
        there = present.get(key)
        if there is None:
            db.add(_posting(sample, employers[sample.company], key, closes, day))
            new += 1
        elif there.closes_on is not None and there.closes_on < day:
            there.closes_on, there.checked_on = closes, day
            renewed += 1
    batch.new += new
    await db.flush()
    return LoadedSample(new, renewed)


async def remove_sample_jobs(db: AsyncSession, clock: Clock) -> int:
    """Take all sample postings and companies away, for good; how many postings there were."""
    batch = await db.scalar(select(ImportBatch).where(ImportBatch.file == SOURCE))
    if batch is None:
        batch = ImportBatch(file=SOURCE, by="duihua", at=clock(), companies={})
        db.add(batch)
    batch.undone_at = clock()
    removed = (await db.execute(delete(Posting).where(Posting.sample))).rowcount
    await db.execute(delete(Company).where(Company.sample))
    return removed


def _posting(sample: SamplePosting, company: Company, key: str, closes: date | None, day: date) -> Posting:
    pay = read_pay(sample.pay)
    said = sample.model_dump(exclude={"company", "type", "pay", "days_open"})
    posting = Posting(
        **said,
        job_type=sample.type,
        company_id=company.id,
        key=key,
        content_hash="",
        pay_min=pay.low,
        pay_max=pay.high,
        pay_months=pay.months,
        pay_note=pay.note,
        closes_on=closes,
        source=SOURCE,
        status="open",
        sample=True,
        scam_signs=[],
        first_seen=day,
        checked_on=day,
    )
    posting.content_hash = content_hash({name: getattr(posting, name) for name in CONTENT})
    posting.search_text = search_text(posting, company)
    return posting
