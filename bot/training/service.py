"""What staff do with the model: see what is new, ask for a training, give the engine its outcome or the former one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.conversations.engine import EngineUnavailable, ModelRefused
from bot.knowledge.queries import titles
from bot.review.queries import standing_cases
from bot.store import Sessions
from bot.training import gathering, queries, rules
from bot.training.rules import Case, Change, Compared, TrainingSet
from bot.training.shelf import Live, Shelf
from bot.training.tables import ModelActivation, TrainingDifference, TrainingRun
from bot.training.views import Found, Given, Overview, RunDetails, RunView

RUNS, GIVEN = 20, 10  # shown at most


class Loads(Protocol):
    """The engine, as far as it takes models."""

    async def give_model(self, model: str) -> int:
        """Have it answer with another model; milliseconds. Raises EngineUnavailable or ModelRefused."""
        ...


class Training:
    """One transaction a method, unless it says otherwise. Refusals are rules.Refusal.

    `base` gives the hash of the files that a model is trained on, as they are now; `topics` the ids that have a file.
    """

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        shelf: Shelf,
        engine: Loads,
        *,
        base: Callable[[], str],
        topics: Callable[[], set[str]],
    ) -> None:
        self._sessions, self._clock, self._engine = sessions, clock, engine
        self._base, self._topics = base, topics
        self.shelf = shelf
        self.asked = asyncio.Event()
        """Set when somebody asked for a training here; a worker clears it."""

    # -- how it stands -------------------------------------------------------------------------------------------------

    async def overview(self) -> Overview:
        """What is live, what is new beside it, what runs and what was."""
        live = self.shelf.live()
        async with self._sessions() as db:
            now = await gathering.learnt(db, self._topics())
            changes = await gathering.named(db, rules.differences(self._learnt(live), now))
            runs, given = await queries.runs(db, RUNS), await queries.activations(db, GIVEN)
            counts = await queries.counts(db, [run.id for run in runs])
            seen = [self._view(run, live, *counts[run.id]) for run in runs]
            live_run = await queries.run_of_model(db, live.model) if live else None
        since = given[0].at if given and live and given[0].model == live.model else None
        ready = next((run for run in seen if run.state == "ready"), None)
        return Overview(
            live=live.model if live else None,
            live_run=live_run,
            live_since=since,
            former=live.former if live and live.former and self._fits(live.former) else None,
            current=live is not None and self.shelf.base_of(live.model) == self._base(),
            changes=changes,
            running=next((run for run in seen if run.open), None),
            ready=ready if ready and ready.usable and not ready.live else None,
            runs=seen,
            given=[Given(g.model, g.before, g.by, g.at, g.milliseconds, g.run_id) for g in given],
        )

    async def run(self, run_id: int) -> RunDetails:
        """One run with what it found. Raises Unknown."""
        async with self._sessions() as db:
            row = await db.get(TrainingRun, run_id)
            if row is None:
                raise rules.Unknown
            found = [Found.of(one) for one in await queries.found(db, run_id)]
            better, worse = (await queries.counts(db, [run_id]))[run_id]
            view = self._view(row, self.shelf.live(), better, worse, usual=await _usual(db))
        return RunDetails(view, [Change.of(one) for one in row.changes["items"]], row.compared, found)

    async def progress(self, run_id: int) -> RunView:
        """How far a run is. Raises Unknown."""
        async with self._sessions() as db:
            row = await db.get(TrainingRun, run_id)
            if row is None:
                raise rules.Unknown
            return self._view(row, self.shelf.live(), usual=await _usual(db))

    async def undecided(self) -> int | None:
        """The latest run that came to a model which is neither live nor was ever."""
        async with self._sessions() as db:
            row = await queries.latest_ready(db)
            if row is None or row.model is None or await queries.was_given(db, row.id):
                return None
        live = self.shelf.live()
        return row.id if self._fits(row.model) and not (live and live.model == row.model) else None

    async def titles(self) -> dict[str, str]:
        """Every topic's title, by id."""
        async with self._sessions() as db:
            return await titles(db)

    def _view(
        self, row: TrainingRun, live: Live | None, better: int = 0, worse: int = 0, *, usual: float = rules.USUAL
    ) -> RunView:
        since = self._clock() - row.started_at if row.started_at else None
        return RunView(
            id=row.id, state=row.state, by=row.by, at=row.at, started_at=row.started_at, finished_at=row.finished_at,
            step=row.step, share=rules.share(row.state, row.step, since=since, usual=usual),
            model=row.model, before=row.before, error=row.error, stopped_by=row.stopped_by, better=better, worse=worse,
            live=bool(live and row.model == live.model and row.state == "ready"),
            usable=bool(row.model and row.state == "ready" and self._fits(row.model)),
        )  # fmt: skip

    def _fits(self, model: str) -> bool:
        return self.shelf.has(model) and self.shelf.base_of(model) == self._base()

    def _learnt(self, live: Live | None) -> TrainingSet:
        return self.shelf.learnt_by(live.model) if live else TrainingSet()

    # -- asking for a training -----------------------------------------------------------------------------------------

    async def begin(self, by: str) -> int:
        """Ask for a training with what is new; a gateway takes it up. Its id.

        Raises FilesChanged, NothingNew or AlreadyOpen.
        """
        live = self.shelf.live()
        if live is None or self.shelf.base_of(live.model) != self._base():
            raise rules.FilesChanged
        try:
            async with self._sessions.begin() as db:
                now = await gathering.learnt(db, self._topics())
                changes = await self._changes(db, live, now)
                if not changes["items"]:
                    raise rules.NothingNew
                run = TrainingRun(by=by, at=self._clock(), changes=changes, before=live.model)
                db.add(run)
                await db.flush()
        except IntegrityError as error:
            raise rules.AlreadyOpen from error
        self.asked.set()
        return run.id

    async def stop(self, run_id: int, by: str) -> None:
        """End a run in the middle; its gateway lets go of it within `RENEW`. Raises Unknown or Over."""
        async with self._sessions.begin() as db:
            if await db.get(TrainingRun, run_id) is None:
                raise rules.Unknown
            if not await queries.stop(db, run_id, by, now=self._clock()):
                raise rules.Over

    async def _changes(self, db: AsyncSession, live: Live, now: TrainingSet) -> dict[str, Any]:
        named = await gathering.named(db, rules.differences(self._learnt(live), now))
        return {"learnt": now.digest, "items": [one.plain() for one in named]}

    # -- for the gateway that works on it ------------------------------------------------------------------------------

    async def take(self, holder: str) -> tuple[int, str, str] | None:
        """Take the run that waits, with what is new at this moment: its id, the model to make and the live one.

        None where none waits. Ends runs that were left behind.
        """
        now, live = self._clock(), self.shelf.live()
        async with self._sessions() as db:
            if await queries.open_run(db) is None:
                return None
        async with self._sessions.begin() as db:
            await queries.interrupt(db, now=now)
            row = await queries.claim(db, holder, now=now, until=now + rules.LEASE)
            if row is None:
                return None
            if live is None:
                raise rules.FilesChanged
            learnt = await gathering.learnt(db, self._topics())
            changes = await self._changes(db, live, learnt)
            model = self.shelf.put(self._base(), learnt)
            await queries.hold(db, row.id, holder, changes=changes, before=live.model, model=model)
            return row.id, model, live.model

    async def go_on(self, run_id: int, holder: str, state: str, step: str) -> bool:
        """Say that a run is still worked on, and at what; False where it is no longer this gateway's."""
        until = self._clock() + rules.LEASE
        async with self._sessions.begin() as db:
            return await queries.hold(db, run_id, holder, state=state, step=step[:60], until=until)

    async def finish(self, run_id: int, holder: str, compared: Compared) -> bool:
        """Keep what a comparison found: the run is ready. False where it is no longer this gateway's."""
        async with self._sessions.begin() as db:
            kept = await queries.hold(
                db, run_id, holder, state="ready", open=None, step="", compared=compared.figures,
                finished_at=self._clock(),
            )  # fmt: skip
            if kept:
                db.add_all(TrainingDifference(run_id=run_id, **vars(one)) for one in compared.differences)
            return kept

    async def give_up(self, run_id: int, holder: str, state: str, error: str | None = None) -> None:
        """End a run as failed, with why, or as interrupted."""
        async with self._sessions.begin() as db:
            await queries.hold(db, run_id, holder, state=state, open=None, error=error, finished_at=self._clock())

    async def cases(self) -> Sequence[Case]:
        """What the comparison has to put to both models: the cases that staff keep."""
        async with self._sessions() as db:
            named = await titles(db)
            return [
                Case(
                    one.said, one.before, one.current_topic, named.get(one.current_topic or ""),
                    one.expects, one.topic, one.aspect, one.intent,
                )
                for one in await standing_cases(db)
            ]  # fmt: skip

    # -- which model the engine has ------------------------------------------------------------------------------------

    async def activate(self, run_id: int, by: str) -> Given:
        """Give the engine the model of a run. The engine is asked between two transactions.

        Raises Unknown, NotReady, IsLive, Missing, FilesChanged, EngineAway or CannotLoad; then it keeps what it has.
        """
        async with self._sessions() as db:
            row = await db.get(TrainingRun, run_id)
        if row is None:
            raise rules.Unknown
        if row.state != "ready" or row.model is None:
            raise rules.NotReady
        return await self._give(row.model, by, run_id)

    async def go_back(self, by: str) -> Given:
        """Give the engine the model that it had before. Raises NoFormer, and what `activate` raises."""
        live = self.shelf.live()
        if live is None or live.former is None:
            raise rules.NoFormer
        async with self._sessions() as db:
            run_id = await queries.run_of_model(db, live.former)
        return await self._give(live.former, by, run_id)

    async def _give(self, model: str, by: str, run_id: int | None) -> Given:
        live = self.shelf.live()
        if live is None or {self.shelf.base_of(model), self.shelf.base_of(live.model)} != {self._base()}:
            raise rules.FilesChanged
        if live.model == model:
            raise rules.IsLive
        if not self.shelf.has(model):
            raise rules.Missing
        try:
            milliseconds = await self._engine.give_model(model)  # it keeps in mind by itself which one it has
        except EngineUnavailable as error:
            raise rules.EngineAway from error
        except ModelRefused as error:
            raise rules.CannotLoad(str(error)) from error
        return await self._given(model, live.model, by, self._clock(), milliseconds, run_id)

    async def note_start(self, by: str) -> Given | None:
        """Put down a model that the engine was started with, not given: trained anew since the program's files changed."""
        live = self.shelf.live()
        if live is None or live.former is None:
            return None
        async with self._sessions() as db:
            last = await queries.activations(db, 1)
        if last and last[0].model == live.model:
            return None
        return await self._given(live.model, live.former, by, self._clock(), 0, None)

    async def _given(
        self, model: str, before: str, by: str, at: datetime, milliseconds: int, run_id: int | None
    ) -> Given:
        async with self._sessions.begin() as db:
            db.add(ModelActivation(model=model, before=before, by=by, at=at, milliseconds=milliseconds, run_id=run_id))
        return Given(model, before, by, at, milliseconds, run_id)


async def _usual(db: AsyncSession) -> float:
    """How many seconds a training takes here, by the last one."""
    last = await queries.latest_ready(db)
    took = ((last.compared if last else None) or {}).get("seconds", {}).get("training", 0.0)
    return took if took > 1 else rules.USUAL  # a model that was there already took none
