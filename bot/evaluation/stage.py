"""Where models are compared: a database of its own with the knowledge as it is served, and the sample of everything else.

What is said there books no session, asks for nobody of the staff and is in no figure.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import clock_from
from bot.events.sample import load_sample_events
from bot.guidance.sample import load_sample_advisers
from bot.jobs.sample import load_sample_jobs
from bot.knowledge.tables import FigureRow, PhrasingRow, SourceRow, TermRow, TextRow, TopicRow
from bot.migrating import upgrade
from bot.running.stack import SAMPLE
from bot.running.trial import acting, apart
from bot.settings import Settings
from bot.store import Sessions, open_engine

_SERVED = (TopicRow, TextRow, FigureRow, SourceRow, TermRow, PhrasingRow)


@asynccontextmanager
async def stage(settings: Settings) -> AsyncIterator[Settings]:
    """The settings of a trial whose actions are up; all of it is gone at the end. Raises TrialFailed."""
    with tempfile.TemporaryDirectory(prefix="duihua-trial-") as place:
        trial = apart(settings, Path(place))
        if (vectors := settings.folder / "cache" / "phrasings.npz").exists():
            (trial.folder / "cache").mkdir()
            shutil.copy(vectors, trial.folder / "cache" / vectors.name)
        await _furnish(settings, trial)
        async with acting(trial):
            yield trial


async def _furnish(settings: Settings, trial: Settings) -> None:
    await upgrade(trial.database)
    live, own = open_engine(settings.database), open_engine(trial.database)
    clock = clock_from(trial.now)
    try:
        async with Sessions(live)() as served, Sessions(own).begin() as db:
            await _copy(served, db)
            await load_sample_jobs(db, clock, SAMPLE)
            await load_sample_events(db, clock, SAMPLE / "events.yml")
            await load_sample_advisers(db, clock, SAMPLE / "advisers.yml")
    finally:
        await live.dispose()
        await own.dispose()


async def _copy(served: AsyncSession, db: AsyncSession) -> None:
    """The topics as they are served."""
    for mapped in _SERVED:
        table = mapped.__table__
        rows = [dict(row) for row in (await served.execute(select(table))).mappings()]
        if rows:
            await db.execute(insert(table), rows)
