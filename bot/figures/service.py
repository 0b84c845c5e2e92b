"""How it goes, read from the record: a period beside the one before, where a figure comes from, the brief."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, today
from bot.figures import queries
from bot.figures.brief import Brief, compose
from bot.figures.catalogue import BY_NAME, FIGURES, Figure
from bot.figures.rules import Period, movers, percentile
from bot.figures.views import Day, Overview, Topic, Traced, Value
from bot.knowledge.queries import attention, titles
from bot.store import Sessions

MOVERS = 5
SOON = timedelta(days=90)


class Figures:
    """Reads only; each method sees one state of the database."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def overview(self, period: Period) -> Overview:
        """A period, compared with the one before."""
        before = period.before
        async with self._sessions() as db:
            values = {
                figure.name: Value(figure, await _count(db, figure, period), await _count(db, figure, before))
                for figure in FIGURES
            }
            times, times_before = [await _rows(db, queries.reply_times(p)) for p in (period, before)]
            known = await titles(db)
            topics, topics_before = [await _rows(db, queries.by_topic(p)) for p in (period, before)]
            rising, falling = movers(
                {topic: n for topic, n, _ in topics}, {topic: n for topic, n, _ in topics_before}, MOVERS
            )
            down = dict(await _rows(db, queries.disliked_topics(period)))
            hours = dict(await _rows(db, queries.by_hour(period)))
            return Overview(
                period=period,
                values=values,
                median=(percentile(times, 0.5), percentile(times_before, 0.5)),
                p95=(percentile(times, 0.95), percentile(times_before, 0.95)),
                days=_every_day(period, await _rows(db, queries.by_day(period))),
                days_before=_every_day(before, await _rows(db, queries.by_day(before))),
                hours=[hours.get(hour, 0) for hour in range(24)],
                channels=await _rows(db, queries.by_channel(period)),
                topics=[Topic(id_, known.get(id_, id_), n, who, down.get(id_, 0)) for id_, n, who in topics],
                rising=rising,
                falling=falling,
                titles=known,
                at=self._clock(),
            )

    async def traced(self, name: str, period: Period) -> Traced:
        """One figure and its statement. Raises KeyError."""
        figure = BY_NAME[name]
        async with self._sessions() as db:
            dialect = (await db.connection()).dialect
            return Traced(figure, period, await _count(db, figure, period), figure.sql(period, dialect), self._clock())

    async def brief(self, period: Period) -> Brief:
        """The work brief of a period."""
        overview = await self.overview(period)
        day = today(self._clock)
        async with self._sessions() as db:
            events = await _rows(db, queries.events_listed(period))
            return compose(overview, events, await attention(db, today=day, soon=day + SOON))


async def _count(db: AsyncSession, figure: Figure, period: Period) -> int:
    return await db.scalar(figure.statement(period)) or 0


async def _rows(db: AsyncSession, statement: Any) -> list[Any]:
    return [tuple(row) for row in await db.execute(statement)]


def _every_day(period: Period, rows: Sequence[Any]) -> list[Day]:
    """A row for each day of the period. SQLite gives days as text."""
    found = {date.fromisoformat(row[0]) if isinstance(row[0], str) else row[0]: row for row in rows}
    days = (date.fromordinal(n) for n in range(period.first.toordinal(), period.last.toordinal() + 1))
    return [Day(day, *found[day][1:]) if day in found else Day(day) for day in days]
