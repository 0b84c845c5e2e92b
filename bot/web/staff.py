"""What the gateway does for the staff, who write from another process: shows what they wrote, and keeps the queue."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web

from bot.handover.service import Handovers
from bot.web.hub import Hub
from bot.web.keys import CLOCK, HUB, SESSIONS, SETTINGS

logger = logging.getLogger(__name__)

PERIOD = 1.0  # seconds between two looks: a person waits for the next word
_TEND_EVERY = 20  # looks


class StaffLines:
    """Shows what staff wrote since the last look, each once.

    On PostgreSQL a message may become visible after one with a higher id, so some ids before the last are looked at
    again; the page drops a message that it holds already.
    """

    _OVERLAP = 200

    def __init__(self, handovers: Handovers, hub: Hub) -> None:
        self._handovers, self._hub = handovers, hub
        self._mark: int | None = None
        self._shown: set[int] = set()

    async def look(self) -> int:
        """Show what is new; how many."""
        top = await self._handovers.last_message()
        if self._mark is None:  # what was there before is in every page's history
            self._mark = top
            self._shown = {line.id for line in await self._handovers.staff_lines(top - self._OVERLAP)}
            return 0
        new = [m for m in await self._handovers.staff_lines(self._mark - self._OVERLAP) if m.id not in self._shown]
        for line in new:
            await self._hub.show(line)
        self._mark = max(self._mark, top)
        self._shown = {n for n in self._shown | {m.id for m in new} if n > self._mark - self._OVERLAP}
        return len(new)


async def tend_staff(app: web.Application) -> None:
    """Do it again and again, until cancelled; what fails is logged and tried again the next time."""
    handovers = Handovers.from_settings(app[SETTINGS], app[SESSIONS], app[CLOCK])
    lines, looks = StaffLines(handovers, app[HUB]), 0
    while True:
        try:
            if looks % _TEND_EVERY == 0:
                await handovers.tend()  # what it writes is shown by the next look
            await lines.look()
        except Exception:
            logger.exception("looking for what staff wrote failed")
        looks += 1
        await asyncio.sleep(PERIOD)
