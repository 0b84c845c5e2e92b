"""What staff do with companies: find them, change them, make one of two spellings of the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock, today
from bot.jobs import company_queries as queries
from bot.jobs import keeping_queries
from bot.jobs.keeping_queries import Search
from bot.jobs.sameness import posting_key, same_company
from bot.jobs.tables import Company
from bot.jobs.values import Unreadable, district_named, industry_letter, named, short
from bot.jobs.words import search_text
from bot.store import Sessions

FIELDS = ("name", "industry", "trade", "district", "size", "alliance_member")
LACKS = ("soon", "pay", "contact", "signs")


class BadFields(Exception):
    """What was typed cannot be kept: what is wrong with which field, in Chinese."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


class UnknownCompany(Exception):
    """There is no such company."""


class CannotMerge(Exception):
    """Both have the same posting: which of the second one's stands in the way."""

    def __init__(self, posting_id: int) -> None:
        super().__init__(f"posting {posting_id} is there twice")
        self.posting_id = posting_id


@dataclass(frozen=True)
class Quality:
    """What is to be looked after: how many postings lack what (COUNTED + 1 for more), and which names may be one company."""

    lacking: Mapping[str, int]
    twice: tuple[tuple[tuple[int, str], ...], ...]


def typed_of(company: Company) -> dict[str, str]:
    """A company as the form has it."""
    typed = {name: getattr(company, name) or "" for name in FIELDS[:-1]}
    return typed | {"alliance_member": "on" if company.alliance_member else ""}


class Companies:
    """Companies as staff keep them. Each method is one transaction."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def listed(self, words: str, page: int) -> tuple[Sequence[Any], int]:
        """A page of companies with their open postings, and how many companies there are."""
        async with self._sessions() as db:
            return await queries.listed(db, words, page)

    async def one(self, company_id: int) -> tuple[Company, tuple[tuple[int, str], ...]]:
        """A company, and others that may be the same. Raises UnknownCompany."""
        async with self._sessions() as db:
            company = await db.get(Company, company_id)
            if company is None:
                raise UnknownCompany(company_id)
            near = _near(company.name)
            rows = await queries.names(db)
        return company, tuple((id_, name) for id_, name in rows if id_ != company_id and _near(name) == near)

    async def change(self, company_id: int, typed: Mapping[str, str]) -> list[str]:
        """Change a company, and what its postings are found by: the names of what differs.

        Raises UnknownCompany or BadFields.
        """
        values = read(typed)
        async with self._sessions.begin() as db:
            company = await db.get(Company, company_id)
            if company is None:
                raise UnknownCompany(company_id)
            different = [name for name, value in values.items() if getattr(company, name) != value]
            if "name" in different:
                other = await keeping_queries.company_spelled(db, values["name"], same_company)
                if other not in (None, company_id):
                    raise BadFields({"name": f"和编号 {other} 的公司是同一家，可以把两家合并。"})
            for name in different:
                setattr(company, name, values[name])
            if different:
                for posting in await queries.postings(db, company_id):
                    await self._belongs(db, posting, company)
        return different

    async def merge(self, company_id: int, into: int) -> int:
        """Give all that one company has to another, and take it away; how many postings. It cannot be taken back.

        Raises UnknownCompany, or CannotMerge with nothing changed.
        """
        async with self._sessions.begin() as db:
            gone, kept = await db.get(Company, company_id), await db.get(Company, into)
            if gone is None or kept is None or gone is kept:
                raise UnknownCompany(company_id)
            postings = await queries.postings(db, company_id)
            for posting in postings:
                await self._belongs(db, posting, kept)
                posting.company_id = into
            for before in await queries.belonged_to(db, company_id):  # an undoing must not bring it back
                before.content = {**(before.content or {}), "company_id": into}
            await db.flush()
            await queries.take_part_instead(db, company_id, into)
            await queries.remove(db, company_id)
            return len(postings)

    async def _belongs(self, db: Any, posting: Any, company: Company) -> None:
        """Let a posting be known and found by its company's name."""
        key = posting_key(company.name, posting.title, posting.district) + posting.key[40:]
        if key != posting.key and await keeping_queries.holder(db, key, but=posting.id) is not None:
            raise CannotMerge(posting.id)
        posting.key, posting.search_text = key, search_text(posting, company)

    async def quality(self) -> Quality:
        """What is to be looked after."""
        day = today(self._clock)
        async with self._sessions() as db:
            lacking = {one: await keeping_queries.counted(db, Search(lack=one), today=day) for one in LACKS}
            rows = await queries.names(db)
        near: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for id_, name in rows:
            near[_near(name)].append((id_, name))
        return Quality(lacking, tuple(tuple(group) for group in near.values() if len(group) > 1))


def _near(name: str) -> str:
    """What spellings of one company's name have in common, a little looser than `same_company`."""
    return re.sub(r"^(?:山西省?)?(?:大同市?)?|(?:分公司|集团|有限)$", "", same_company(name)) or same_company(name)


def read(typed: Mapping[str, str]) -> dict[str, Any]:
    """What was typed as the columns of a company. Raises BadFields."""
    reading = {
        "name": lambda text: named(text, "company", "公司名称"),
        "industry": industry_letter,
        "trade": lambda text: short(text, "trade"),
        "district": district_named,
        "size": lambda text: short(text, "size"),
    }
    values: dict[str, Any] = {"alliance_member": typed.get("alliance_member") == "on"}
    errors = {}
    for name, how in reading.items():
        text = typed.get(name, "").strip()
        try:
            values[name] = how(text) if text or name == "name" else None
        except Unreadable as error:
            errors[name] = f"{error}。"
    if errors:
        raise BadFields(errors)
    return values
