"""kill -9 of the worker at every step of telling: each reminder arrives, and arrives once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

from guidance_setup import at
from sqlalchemy import select

from bot.conversations.tables import Conversation, Identity, Message
from bot.guidance.tables import GuidanceReminder
from bot.settings import ROOT

WORKER = Path(__file__).with_name("guidance_worker.py")
PEOPLE = 5
KILLS = (1, 2, 3, 4, 5)  # after so many steps: a claim, a message, a mark, and in the middle of the next one


def _start(address: str, now, steps: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, WORKER, address, now.isoformat(), str(steps)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), str(WORKER.parent)))},
    )


async def _talks(sessions, persons) -> None:
    """Where they are told things."""
    async with sessions.begin() as db:
        for person in persons:
            identity = Identity(person_id=person, channel="web", sender=f"s{person}", created_at=at(24, 10))
            db.add(identity)
            await db.flush()
            db.add(
                Conversation(
                    code=f"c{person}", person_id=person, identity_id=identity.id, channel="web",
                    started_at=at(24, 10), last_at=at(24, 10),
                )
            )  # fmt: skip


async def test_reminders_come_once_whenever_the_worker_is_killed(database, sessions, hire, people, book):
    persons = await people(PEOPLE)
    await _talks(sessions, persons)
    for n, person in enumerate(persons):
        await hire(f"{'张李王赵刘'[n]}老师")
        await book(person, at(26, 15))
    now = at(25, 15)

    for n, steps in enumerate(KILLS):
        worker = _start(database, now + n * timedelta(seconds=61), steps)  # what a dead one had is free after a minute
        assert worker.stdout is not None
        for _ in range(steps):
            assert worker.stdout.readline()
        os.kill(worker.pid, signal.SIGKILL)
        assert worker.wait(10) == -signal.SIGKILL
        worker.stdout.close()
    last = _start(database, now + len(KILLS) * timedelta(seconds=61), 1000)
    last.communicate(timeout=60)

    assert last.returncode == 0
    async with sessions() as db:
        told = (await db.scalars(select(Message.key).where(Message.key.like("guidance-reminder-%")))).all()
        reminders = (await db.scalars(select(GuidanceReminder).where(GuidanceReminder.kind == "day_before"))).all()
    assert Counter(told) == {f"guidance-reminder-{one.id}": 1 for one in reminders}
    assert len(reminders) == PEOPLE and all(one.sent_at for one in reminders)
