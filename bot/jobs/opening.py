"""The jobs' services put together for a process."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.clock import Clock
from bot.jobs import queries
from bot.jobs.search import JobSearch
from bot.jobs.service import Jobs
from bot.jobs.talk import JobTalk
from bot.store import Sessions
from bot.text.wishes import synonyms_of
from bot.text.wishes.vocabulary import TRADE_OF

NAMED = 2000  # employers that are known by name in a talk
NAMES_FOR = timedelta(minutes=10)


def trades_of(word: str) -> Collection[str]:
    """Other words for the industry that a word names; the word alone where it names none."""
    label = TRADE_OF.get(word)
    return [other for other, of in TRADE_OF.items() if of == label] if label else [word]


class CompanyNames:
    """The names of employers, asked of the database every ten minutes: people name them in a search."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock
        self._names: tuple[str, ...] = ()
        self._asked: datetime | None = None

    async def __call__(self) -> tuple[str, ...]:
        """The names, those with most postings first."""
        now = self._clock()
        if self._asked is None or now - self._asked > NAMES_FOR:
            async with self._sessions() as db:
                self._names = tuple(await queries.company_names(db, NAMED))
            self._asked = now
        return self._names


def open_jobs(sessions: Sessions, clock: Clock) -> tuple[Jobs, JobTalk]:
    """What people can do with postings, and the talk about them."""
    search = JobSearch(sessions, clock, synonyms_of, trades=trades_of)
    jobs = Jobs(sessions, clock, search)
    return jobs, JobTalk(search, jobs, CompanyNames(sessions, clock), clock)
