"""What the gateway does for training: takes up a run that was asked for, and works on it to its end."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

from aiohttp import web

from bot.evaluation.comparing import compare
from bot.running.opening import open_training
from bot.running.training import TrainingFailed, train
from bot.settings import Settings
from bot.tasks import let_go
from bot.training import wording
from bot.training.rules import Case, Compared, WorkFailed
from bot.training.service import Training
from bot.training.working import Progress, Worker, Workshop
from bot.web.keys import CLOCK, HTTP, SESSIONS, SETTINGS

logger = logging.getLogger(__name__)

PERIOD = 20.0  # seconds between two looks, where nobody asks here
TRAINING = web.AppKey("training", Training)
WORKSHOP = web.AppKey("workshop", Workshop)


class OwnMachine:
    """Models are made and tried on this machine, gently."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def train(self, model: str, progress: Progress) -> None:
        """In the engine's environment, as a process of its own."""
        try:
            await train(self._settings, model, gentle=True, progress=progress)
        except TrainingFailed as error:
            raise WorkFailed(str(error)) from error

    async def compare(self, before: str, after: str, cases: Sequence[Case], progress: Progress) -> Compared:
        """In engines of their own, one after the other."""
        return await compare(self._settings, before, after, cases, progress)


async def run(app: web.Application) -> AsyncIterator[None]:
    """Let the application train, as long as it runs."""
    app[TRAINING] = open_training(app[SETTINGS], app[SESSIONS], app[CLOCK], app[HTTP])
    app[WORKSHOP] = OwnMachine(app[SETTINGS])
    worker = asyncio.create_task(tend_training(app))
    yield
    await let_go(worker)


async def tend_training(app: web.Application) -> None:
    """Look for a run again and again, until cancelled; what fails is logged and tried again the next time."""
    worker, asked = Worker(app[TRAINING], app[WORKSHOP]), app[TRAINING].asked
    noted = False
    while True:
        asked.clear()
        try:
            if not noted:
                await app[TRAINING].note_start(wording.SERVER)
                noted = True
            await worker.look()
        except Exception:
            logger.exception("looking for a training failed")
        with suppress(TimeoutError):
            await asyncio.wait_for(asked.wait(), PERIOD)
