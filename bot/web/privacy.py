"""What the gateway does for privacy by itself: deleting whoever asked for it, and purging what is old, once a night."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import web

from bot.conversations.engine import EngineUnavailable
from bot.privacy.opening import open_retention
from bot.privacy.service import Dialogues, Privacy
from bot.web.hub import Hub
from bot.web.keys import CLOCK, ENGINE, HUB, PRIVACY, SESSIONS, SETTINGS

logger = logging.getLogger(__name__)

PERIOD = 1.0  # seconds between two looks
_NIGHTLY = 300  # looks between two questions whether the purge is due
GONE = "你的记录已经删掉了，这里从头开始。"


async def forget_due(privacy: Privacy, engine: Dialogues, hub: Hub) -> int:
    """Delete whoever asked for it and may be deleted now, also in the engine; their open pages begin anew. How many."""
    people = await privacy.due()
    for one in people:
        try:
            await privacy.forget(one.person_id, keep="open" if one.keeps_open else "fixed")
        except Exception:  # it keeps nobody else waiting, and is tried again
            logger.exception("a person could not be deleted")

    async def begin_anew(code: str) -> None:
        await hub.tell(code, {"type": "restarted", "key": None, "conversation": "", "messages": [], "notice": GONE})

    await privacy.forget_dialogues(engine, begin_anew)
    return len(people)


async def tend_privacy(app: web.Application) -> None:
    """Do it again and again, until cancelled; what fails is logged and tried again the next time."""
    settings, privacy, hub = app[SETTINGS], app[PRIVACY], app[HUB]
    engine = app[ENGINE]
    retention = open_retention(settings, app[SESSIONS], app[CLOCK])
    looks = 0
    while True:
        try:
            await forget_due(privacy, engine, hub)
            if looks % _NIGHTLY == 0 and await retention.due():
                await retention.run()
        except EngineUnavailable as error:
            logger.log(logging.WARNING if looks % 60 == 0 else logging.DEBUG, "dialogues wait to be deleted: %s", error)
        except Exception:
            logger.exception("work for privacy failed")
        looks += 1
        await asyncio.sleep(PERIOD)
