"""A worker that tells what is due, as the gateway does, in a process of its own that a test kills.

`python guidance_worker.py ADDRESS NOW STEPS`: says each step on standard output (claimed, told, sent) and, after so many
of them, stands still until it is killed. It ends by itself when nothing is due any more.
"""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime

from guidance_setup import SECRET

from bot.channels.web import page_form
from bot.conversations.telling import Telling
from bot.guidance.calendar import WorkCalendar
from bot.guidance.contacts import Contacts
from bot.guidance.rules import GuidanceRules
from bot.guidance.service import Guidance
from bot.store import Sessions, open_engine
from bot.web.background import tell_of_guidance
from bot.web.hub import Hub


class Steps:
    """Counts what was done, and stands still at the last."""

    def __init__(self, most: int) -> None:
        self.left = most

    async def done(self, what: str) -> None:
        print(what, flush=True)
        self.left -= 1
        if self.left == 0:
            await asyncio.Event().wait()


async def main(address: str, now: datetime, most: int) -> None:
    """Tell everything that is due."""
    steps = Steps(most)

    class Worker(Guidance):
        async def claim(self, reminder_id: int) -> bool:
            taken = await super().claim(reminder_id)
            await steps.done("claimed")
            return taken

        async def sent(self, reminder_id: int) -> bool:
            done = await super().sent(reminder_id)
            await steps.done("sent")
            return done

    class Teller(Telling):
        async def tell_person(self, *args, **values):
            message = await super().tell_person(*args, **values)
            await steps.done("told")
            return message

    engine = open_engine(address)
    sessions = Sessions(engine)
    worker = Worker(sessions, lambda: now, WorkCalendar(), GuidanceRules(), Contacts(SECRET))
    while await worker.due_reminders():
        await tell_of_guidance(worker, Teller(sessions, lambda: now), Hub(page_form))
    await engine.dispose()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], datetime.fromisoformat(sys.argv[2]), int(sys.argv[3])))
