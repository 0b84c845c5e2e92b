"""What the gateway does for the radio desk by itself: takes in what was asked, and has it grouped anew at night."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.radio.groups.collecting import Collecting
from bot.radio.groups.nightly import Nights
from bot.radio.live.service import Live
from bot.settings import ROOT
from bot.web.keys import CLOCK, COLLECTING, SESSIONS

logger = logging.getLogger(__name__)

PERIOD = 20.0  # seconds between two looks
QUICK = 2.0  # while a programme is on air


async def group_anew() -> None:
    """Group in a process of its own: it takes minutes at a million questions, and gives all memory back."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "radio", "regroup", cwd=ROOT, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        if code := await process.wait():
            logger.error("grouping anew ended with %s", code)
    except asyncio.CancelledError:
        process.terminate()
        await process.wait()
        raise


async def look(collecting: Collecting, nights: Nights, anew: Callable[[], Awaitable[None]]) -> int:
    """Take in what was asked since the last look; group anew if it is time. How many questions came."""
    count = await collecting.collect()
    if await nights.is_due():
        await anew()
    return count


async def pause(live: Live) -> None:
    """Wait for the next look: not long while a programme is on air, and no longer once one goes on."""
    for _ in range(round(PERIOD / QUICK)):
        await asyncio.sleep(QUICK)
        if await live.on_air() is not None:
            return


async def tend_asked(app: web.Application) -> None:
    """Do it again and again, until cancelled; what fails is logged and tried again the next time."""
    nights = Nights(app[SESSIONS], app[CLOCK])
    live = Live(app[SESSIONS], app[CLOCK])
    while True:
        try:
            await pause(live)
            await look(app[COLLECTING], nights, group_anew)
        except Exception:
            logger.exception("taking in what was asked failed")
