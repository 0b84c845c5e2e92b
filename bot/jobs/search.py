"""Searching: three at a time, why each fits, and what could be dropped when there is none."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, today
from bot.jobs import queries, words
from bot.jobs.queries import Match
from bot.jobs.rules import COUNTED, Relevance, Synonyms, Vocabulary, asked, conditions, itself, why
from bot.jobs.tables import Posting
from bot.store import Sessions
from bot.text.wishes import Wishes

_ENOUGH = 20  # of the best titles, to choose a page of several companies from


@dataclass(frozen=True)
class Found:
    """A posting that fits, and why, in words for a card."""

    posting: Posting
    why: tuple[str, ...]


@dataclass(frozen=True)
class Count:
    """How many fit: exact up to 1,000; `more` says that there are more than that."""

    n: int
    more: bool = False

    def __str__(self) -> str:
        return f"{self.n}+" if self.more else str(self.n)


@dataclass(frozen=True)
class Page:
    """Some of the postings that fit, how many fit in all (shown or not), and whether any are left to show."""

    postings: list[Found]
    total: Count
    more: bool


@dataclass(frozen=True)
class Relaxation:
    """One condition to drop: its field, what to call the dropping (“不限学历”), the wishes without it, what fits then.

    Where `negotiable` is true, `find` has to be told so too: the wishes are the same, and 面议 counts as fitting.
    """

    field: str
    label: str
    count: Count
    wishes: Wishes
    negotiable: bool = False


def _count(found: Collection[Match]) -> Count:
    return Count(min(len(found), COUNTED), more=len(found) > COUNTED)


class JobSearch:
    """Finds postings; `synonyms` gives other words for a keyword, `trades` for an industry. Nothing found is closed, over or a likely scam."""

    def __init__(
        self, sessions: Sessions, clock: Clock, synonyms: Synonyms = itself, *, trades: Synonyms = itself
    ) -> None:
        self._sessions, self._clock = sessions, clock
        self._vocabulary = Vocabulary(synonyms, trades)

    async def find(
        self,
        wishes: Wishes,
        *,
        shown: Collection[int] = frozenset(),
        limit: int = 3,
        negotiable: bool = False,
        after: int = 0,
    ) -> Page:
        """The best postings that meet all wishes and are not among `shown`; those with an id above `after` only.

        First come those whose title is the keyword, begins with it, has it; then the freshest. A company comes twice
        on a page only where there is nothing else. Of more than 1,000 the newest 1,000 are ranked.
        """
        day, shown = today(self._clock), set(shown)
        async with self._sessions() as db:
            fitting = await queries.matches(
                db,
                asked(wishes, self._vocabulary, negotiable=negotiable),
                today=day,
                limit=COUNTED + 1 + len(shown),
                after=after,
            )
            total = _count(fitting)
            unseen = {match.id: match for match in fitting}
            for posting_id in shown:
                unseen.pop(posting_id, None)
            relevance = Relevance(wishes, self._vocabulary.synonyms)
            if total.more and wishes.keyword:
                await self._add_better(db, unseen, relevance, wishes, day, shown, negotiable=negotiable, after=after)
            ranked = _ranked(relevance, unseen.values())
            page = _page(ranked, limit)
            found = await queries.postings(db, [match.id for match in page])
        return Page([Found(posting, why(wishes, posting)) for posting in found], total, more=len(ranked) > len(page))

    async def count(self, wishes: Wishes, *, negotiable: bool = False) -> Count:
        """How many postings meet all wishes."""
        async with self._sessions() as db:
            return await self._count(db, wishes, today(self._clock), negotiable=negotiable)

    async def relaxations(self, wishes: Wishes, *, negotiable: bool = False) -> list[Relaxation]:
        """Every single condition whose dropping gives something, with what `find` then gives as its total."""
        day = today(self._clock)
        found = []
        async with self._sessions() as db:
            for condition in conditions(wishes, negotiable=negotiable):
                count = await self._count(db, condition.wishes, day, negotiable=condition.negotiable)
                if count.n:
                    found.append(
                        Relaxation(condition.field, condition.label, count, condition.wishes, condition.negotiable)
                    )
        return found

    async def _count(self, db: AsyncSession, wishes: Wishes, day: date, *, negotiable: bool) -> Count:
        words_asked = asked(wishes, self._vocabulary, negotiable=negotiable)
        return _count(await queries.matches(db, words_asked, today=day, limit=COUNTED + 1))

    async def _add_better(
        self,
        db: AsyncSession,
        unseen: dict[int, Match],
        relevance: Relevance,
        wishes: Wishes,
        day: date,
        shown: Collection[int],
        *,
        negotiable: bool,
        after: int,
    ) -> None:
        """Add titles that the keyword fits best, if few are among the newest thousand: there may be older ones."""
        for closeness, place in enumerate((words.WHOLE_TITLE, words.TITLE_START, words.TITLE)):
            if sum(relevance(match.title) <= closeness for match in unseen.values()) >= _ENOUGH:
                return
            closer = asked(wishes, self._vocabulary, negotiable=negotiable, keyword_in=place)
            limit = _ENOUGH + len(shown)
            for match in await queries.matches(db, closer, today=day, limit=limit, after=after):
                if match.id not in shown:
                    unseen[match.id] = match


def _ranked(relevance: Relevance, matches: Iterable[Match]) -> list[Match]:
    fresh_first = sorted(matches, key=lambda match: (match.checked_on, match.id), reverse=True)
    return sorted(fresh_first, key=lambda match: relevance(match.title))


def _page(ranked: list[Match], limit: int) -> list[Match]:
    """The first few, each of another company as long as there are others; in the order they are ranked."""
    companies: set[int] = set()
    chosen: list[int] = []
    for i, match in enumerate(ranked):
        if len(chosen) == limit:
            break
        if match.company_id not in companies:
            companies.add(match.company_id)
            chosen.append(i)
    rest = (i for i in range(len(ranked)) if i not in chosen)
    while len(chosen) < min(limit, len(ranked)):
        chosen.append(next(rest))
    return [ranked[i] for i in sorted(chosen)]
