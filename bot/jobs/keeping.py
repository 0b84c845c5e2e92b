"""What staff do with single postings: find one, add one, change it, take it down, put it up again.

A change on a page is kept as an import of one row is, so that it is taken back the same way (`Importer.undo`), and an
import that it has changed since is not taken back over it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, today
from bot.jobs import import_queries, keeping_queries, queries
from bot.jobs.cells import Reading, RowReader
from bot.jobs.headers import Header
from bot.jobs.import_reading import Facts
from bot.jobs.keeping_queries import BY_HAND, PAGE, Listed, Search
from bot.jobs.sameness import content_hash, copy_key, posting_key, same_company
from bot.jobs.service import UnknownPosting
from bot.jobs.tables import Company, ImportBatch, Posting
from bot.jobs.values import Unreadable, headcount_of, years_of_experience
from bot.jobs.words import search_text
from bot.sheets.rows import Row, address
from bot.store import Sessions

FIELDS = (
    "title", "company", "job_type", "district", "address", "pay", "pay_note", "education", "majors", "experience",
    "headcount", "duties", "requirements", "benefits", "contact", "apply_how", "closes_on", "source",
)  # fmt: skip
"""What is typed of a posting, in the order of the form."""
_HEADER = Header(1, {name: place for place, name in enumerate(FIELDS)}, FIELDS)
SOURCE = "联盟收集"


class BadFields(Exception):
    """What was typed cannot be kept: what is wrong with which field, in Chinese."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


class Twice(Exception):
    """There is such a posting already: which."""

    def __init__(self, posting_id: int) -> None:
        super().__init__(f"posting {posting_id} is the same")
        self.posting_id = posting_id


class NotThat(Exception):
    """A posting cannot be taken down or put up in its state."""


@dataclass(frozen=True)
class Found:
    """A page of the list; `total` is COUNTED + 1 for more, `after` the id below which the next page begins."""

    postings: tuple[Listed, ...]
    total: int
    after: int | None


@dataclass(frozen=True)
class Kept:
    """One posting with what was folded into it, and what changed it."""

    posting: Posting
    copies: tuple[Posting, ...]
    changes: tuple[ImportBatch, ...]


@dataclass(frozen=True)
class Changed:
    """A posting that was added or changed, and the number under which that is taken back."""

    posting: int
    batch: int


def typed_of(posting: Posting) -> dict[str, str]:
    """A posting as the form has it: typed back unchanged, it is the same posting."""
    p = posting
    years = p.experience_years
    months = f"·{p.pay_months}薪" if p.pay_months != 12 else ""
    return {
        "title": p.title,
        "company": p.company.name,
        "job_type": p.job_type,
        "district": p.district or "",
        "address": p.address or "",
        "pay": "面议" if p.pay_min is None else f"{p.pay_min}-{p.pay_max}元/月{months}",
        "pay_note": p.pay_note or "",
        "education": p.education,
        "majors": "、".join(p.majors or ()),
        "experience": "" if years is None else "应届" if years == 0 else f"{years}年",
        "headcount": str(p.headcount or ""),
        "duties": p.duties or "",
        "requirements": p.requirements or "",
        "benefits": "、".join(p.benefits or ()),
        "contact": p.contact or "",
        "apply_how": p.apply_how or "",
        "closes_on": p.closes_on.isoformat() if p.closes_on else "",
        "source": p.source,
    }


class JobKeeping:
    """Postings as staff keep them. Each method is one transaction."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def find(self, wanted: Search, *, before: int | None = None) -> Found:
        """Postings by what is looked for, the newest first."""
        day = today(self._clock)
        async with self._sessions() as db:
            rows = await keeping_queries.listed(db, wanted, today=day, before=before)
            total = await keeping_queries.counted(db, wanted, today=day)
        return Found(tuple(rows[:PAGE]), total, rows[PAGE - 1].id if len(rows) > PAGE else None)

    async def sources(self) -> list[str]:
        """Where the latest postings are from."""
        async with self._sessions() as db:
            return await keeping_queries.sources(db)

    async def one(self, posting_id: int) -> Kept:
        """One posting. Raises UnknownPosting."""
        async with self._sessions() as db:
            found = await _there(db, posting_id)
            copies = await keeping_queries.copies(db, posting_id)
            return Kept(found, tuple(copies), tuple(await keeping_queries.changes_of(db, posting_id)))

    async def add(self, typed: dict[str, str], *, by: str) -> Changed:
        """Add a posting. Raises BadFields or Twice."""
        reading = self._read(typed)
        async with self._sessions.begin() as db:
            await import_queries.alone(db)
            batch = await self._batch(db, by, new=1)
            company = await self._company(db, reading, batch)
            row = self._row(reading.posting, company)
            row["key"] = posting_key(company.name, row["title"], row["district"])
            if (other := await keeping_queries.holder(db, row["key"], but=None)) is not None:
                raise Twice(other)
            day = today(self._clock)
            added = Posting(
                **row, company_id=company.id, status="open", sample=False, first_seen=day, checked_on=day,
                batch_id=batch.id,
            )  # fmt: skip
            db.add(added)
            await db.flush()
            await import_queries.keep_new(db, batch.id)
            return Changed(added.id, batch.id)

    async def change(self, posting_id: int, typed: dict[str, str], *, by: str) -> Changed | None:
        """Change a posting; None where nothing differs. Raises UnknownPosting, BadFields or Twice."""
        reading = self._read(typed)
        async with self._sessions.begin() as db:
            await import_queries.alone(db)
            found = await _there(db, posting_id)
            before = await import_queries.whole(db, [posting_id])
            batch = await self._batch(db, by, changed=1)
            company = await self._company(db, reading, batch)
            row = self._row(reading.posting, company, sample=found.sample)
            key = posting_key(company.name, row["title"], row["district"])
            row["key"] = copy_key(key, row["source"]) if found.status == "folded" else key
            if (other := await keeping_queries.holder(db, row["key"], but=posting_id)) is not None:
                raise Twice(other)
            row["company_id"] = company.id
            if all(before[posting_id][name] == value for name, value in row.items() if name not in _DERIVED):
                await db.delete(batch)
                return None
            await self._write(db, batch, before, row)
            return Changed(posting_id, batch.id)

    async def set_status(self, posting_id: int, status: str, *, by: str) -> Changed:
        """Take a posting down (`withdrawn`) or put it up again (`open`). Raises UnknownPosting or NotThat."""
        async with self._sessions.begin() as db:
            await import_queries.alone(db)
            found = await _there(db, posting_id)
            if {found.status, status} != {"open", "withdrawn"}:
                raise NotThat(found.status)
            before = await import_queries.whole(db, [posting_id])
            batch = await self._batch(db, by, changed=1)
            await self._write(db, batch, before, {"status": status})
            return Changed(posting_id, batch.id)

    async def imports(self, count: int = 50) -> tuple[ImportBatch, ...]:
        """The latest files brought in, newest first."""
        async with self._sessions() as db:
            return tuple(await keeping_queries.imports(db, count))

    def _read(self, typed: dict[str, str]) -> Reading:
        """The fields as a row of an import is read; what a file may leave out with a warning is told here."""
        row = Row(1, tuple(typed.get(name, "").strip() or None for name in FIELDS))
        reading = RowReader(_HEADER, today=today(self._clock), source=SOURCE).read(row)
        fields = {address(place, 1): name for name, place in _HEADER.columns.items()}
        errors = {fields[fault.cell]: f"{fault.reason}。" for fault in reading.faults}
        for name, read in (("experience", years_of_experience), ("headcount", headcount_of)):
            try:
                if text := typed.get(name, "").strip():
                    read(text)
            except Unreadable as error:
                errors[name] = f"{error}。"
        if errors:
            raise BadFields(errors)
        return reading

    def _row(self, read: dict[str, Any], company: Company, *, sample: bool = False) -> dict[str, Any]:
        """The columns that are typed, and those that follow from them."""
        row = {name: value for name, value in read.items() if name not in ("status", "sample")}
        row["content_hash"] = _hash(row, sample)
        row["search_text"] = search_text(Posting(**row), company)
        return row

    async def _company(self, db: AsyncSession, reading: Reading, batch: ImportBatch) -> Company:
        """The company that is named, however it is spelt; a new one where there is none."""
        name = reading.company["name"]
        if (found := await keeping_queries.company_named(db, name)) is not None:
            return found
        if (known := await keeping_queries.company_spelled(db, name, same_company)) is not None:
            return await db.get_one(Company, known)
        facts = Facts(None, **{**reading.company, "alliance_member": False})
        created = await import_queries.create_companies(db, [facts])
        batch.companies = {"created": list(created.values())}
        return await db.get_one(Company, created[name])

    async def _batch(self, db: AsyncSession, by: str, *, new: int = 0, changed: int = 0) -> ImportBatch:
        batch = ImportBatch(file=BY_HAND, by=by, at=self._clock(), new=new, changed=changed, companies={})
        db.add(batch)
        await db.flush()
        return batch

    async def _write(
        self, db: AsyncSession, batch: ImportBatch, before: dict[int, dict[str, Any]], row: dict[str, Any]
    ) -> None:
        [(posting_id, old)] = before.items()
        await import_queries.keep_before(db, batch.id, before)
        changed = {**old, **row, "checked_on": today(self._clock)}
        await import_queries.change_postings(db, [{"posting": posting_id, **changed}])


_DERIVED = {"content_hash", "search_text", "scam_signs"}


def _hash(row: dict[str, Any], sample: bool) -> str:
    day = row["closes_on"]
    return content_hash({**row, "sample": sample, "closes_on": day.isoformat() if day else None})


async def _there(db: AsyncSession, posting_id: int) -> Posting:
    found = await queries.posting(db, posting_id)
    if found is None:
        raise UnknownPosting(posting_id)
    return found
