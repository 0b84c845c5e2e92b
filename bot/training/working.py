"""A gateway's work on a run: it holds the run by a lease, has the model trained and compared, and says how far it is."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Protocol

from bot.tasks import let_go
from bot.training.rules import RENEW, Case, Compared, FilesChanged, WorkFailed
from bot.training.service import Training

logger = logging.getLogger(__name__)

Progress = Callable[[str], None]
"""Hears what is worked on; for a comparison it ends with “ 12/500”."""


class Workshop(Protocol):
    """Where models are made and tried; both raise WorkFailed."""

    async def train(self, model: str, progress: Progress) -> None:
        """Make a model of what was put down under its name."""
        ...

    async def compare(self, before: str, after: str, cases: Sequence[Case], progress: Progress) -> Compared:
        """Put the same sentences to two models."""
        ...


class Worker:
    """Works on one run at a time."""

    def __init__(self, training: Training, workshop: Workshop, *, renew: float | None = None) -> None:
        self._training, self._workshop, self._renew = training, workshop, renew or RENEW
        self._holder = uuid.uuid4().hex
        self._state, self._step = "training", ""

    async def look(self) -> bool:
        """Work on the run that waits, to its end; False where none does."""
        taken = await self._training.take(self._holder)
        if taken is None:
            return False
        run_id, model, before = taken
        self._state, self._step = "training", ""
        work = asyncio.create_task(self._work(run_id, model, before))
        signs = asyncio.create_task(self._still_there(run_id, work))
        try:
            await work
        except asyncio.CancelledError:
            work.cancel()
            with suppress(asyncio.CancelledError):
                await work
            await asyncio.shield(self._training.give_up(run_id, self._holder, "interrupted"))
            if (current := asyncio.current_task()) and current.cancelling():
                raise
        except (WorkFailed, FilesChanged) as error:
            await self._training.give_up(run_id, self._holder, "failed", str(error))
        except Exception:
            logger.exception("training run %s failed", run_id)
            await self._training.give_up(run_id, self._holder, "failed", "")
        finally:
            await let_go(signs)
        return True

    async def _work(self, run_id: int, model: str, before: str) -> None:
        shelf, began = self._training.shelf, time.perf_counter()
        if not shelf.has(model):  # a run that was interrupted may have come that far
            await self._workshop.train(model, self._at)
        trained = time.perf_counter()
        self._state, self._step = "comparing", ""
        await self._training.go_on(run_id, self._holder, self._state, self._step)
        compared = await self._workshop.compare(before, model, await self._training.cases(), self._at)
        seconds = {"training": round(trained - began, 1), "comparing": round(time.perf_counter() - trained, 1)}
        compared.figures["seconds"] = seconds
        await self._training.finish(run_id, self._holder, compared)

    def _at(self, step: str) -> None:
        self._step = step

    async def _still_there(self, run_id: int, work: asyncio.Task[None]) -> None:
        """Renew the lease as long as the work goes on; stop the work where somebody else ended the run."""
        while not work.done():
            try:
                ours = await self._training.go_on(run_id, self._holder, self._state, self._step)
            except Exception:
                logger.exception("training run %s could not be held; tried again", run_id)
                ours = True
            if not ours and not work.done():
                work.cancel()
                return
            await asyncio.sleep(self._renew)
