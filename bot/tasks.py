"""Tasks of asyncio that are done with."""

from __future__ import annotations

import asyncio
from typing import Any


async def let_go(*tasks: asyncio.Future[Any]) -> None:
    """Cancel tasks and wait until each has given back what it holds; what they raise is dropped.

    Cancelling alone is not enough: a task that is cancelled once more while it gives back a connection of SQLite waits for
    ever (SQLAlchemy with aiosqlite 0.22: the connection's thread is gone by then), and with it the loop that closes.
    """
    for task in tasks:
        task.cancel()
    if tasks:
        await asyncio.wait(tasks)  # `gather` would cancel them once more where the one who waits is cancelled
    for task in tasks:
        if not task.cancelled():
            task.exception()
