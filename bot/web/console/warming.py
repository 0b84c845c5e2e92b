"""The index of phrasings is made while somebody of the staff still reads: a gateway has none until it is needed."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web

from bot.knowledge.service import Knowledge
from bot.tasks import let_go
from bot.web.keys import KNOWLEDGE

logger = logging.getLogger(__name__)


class Warming:
    """Makes the index in the background, once."""

    def __init__(self) -> None:
        self._task: asyncio.Task[None] | None = None

    def begin(self, knowledge: Knowledge) -> None:
        """Begin, if nobody did; nobody waits for it."""
        if self._task is None:
            self._task = asyncio.create_task(self._make(knowledge))

    async def _make(self, knowledge: Knowledge) -> None:
        try:
            await knowledge.refresh()
        except Exception:
            self._task = None  # the next page tries again, and so does who asks
            logger.exception("the index of phrasings could not be made beforehand")

    async def close(self) -> None:
        """Stop what is being made."""
        if self._task is not None:
            await let_go(self._task)


_WARMING = web.AppKey("warming", Warming)


def warm(app: web.Application) -> None:
    """Have the index ready soon."""
    app[_WARMING].begin(app[KNOWLEDGE])


def set_up(app: web.Application) -> None:
    """Let the application make the index beforehand."""
    app[_WARMING] = Warming()

    async def close(app: web.Application) -> None:
        await app[_WARMING].close()

    app.on_shutdown.append(close)
