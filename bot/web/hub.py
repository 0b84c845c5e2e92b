"""Who is looking at which conversation right now, and the jobs that answer in the background."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from bot.channels.base import Shown

logger = logging.getLogger(__name__)

Watcher = Callable[[dict[str, Any]], Awaitable[None]]
Form = Callable[[Shown], dict[str, Any]]


class Hub:
    """Sends stored messages to every open connection of their conversation; a connection that fails is its own loss."""

    def __init__(self, form: Form) -> None:
        self._form = form
        self._watchers: defaultdict[str, set[Watcher]] = defaultdict(set)
        self._jobs: set[asyncio.Task[None]] = set()

    def watch(self, conversation: str, watcher: Watcher) -> None:
        """Let a connection see a conversation."""
        self._watchers[conversation].add(watcher)

    def unwatch(self, conversation: str, watcher: Watcher) -> None:
        """Let it no longer see it."""
        self._watchers[conversation].discard(watcher)
        if not self._watchers[conversation]:
            del self._watchers[conversation]

    async def show(self, message: Shown) -> None:
        """Send a message to everybody who looks at its conversation."""
        await self.tell(message.conversation, {"type": "message", "message": self._form(message)})

    async def tell(self, conversation: str, event: dict[str, Any]) -> None:
        """Send an event to everybody who looks at a conversation."""
        for watcher in list(self._watchers.get(conversation, ())):
            try:
                await watcher(event)
            except (ConnectionError, RuntimeError) as error:  # the line dropped; it asks again when it is back
                logger.info("a connection dropped: %s", error)

    def in_background(self, job: Coroutine[Any, Any, None]) -> None:
        """Run a job to its end, whatever becomes of the connection that began it; failures are logged."""
        task = asyncio.create_task(job)
        self._jobs.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._jobs.discard(task)
        if not task.cancelled() and (error := task.exception()):
            logger.error("a background job failed", exc_info=error)

    async def close(self) -> None:
        """Give running jobs five seconds to end."""
        if self._jobs:
            await asyncio.wait(self._jobs, timeout=5)
