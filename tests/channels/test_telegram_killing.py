"""kill -9 of the gateway while somebody writes on Telegram: nothing is lost, nothing is done twice."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path

import pytest
from sqlalchemy import func, select
from telegram_server import TOKEN
from telegram_server import Telegram as Server

from bot.conversations.tables import Message, Turn
from bot.running.stack import running
from bot.store import Sessions, open_engine
from tests.conftest import export, stack_settings

pytestmark = pytest.mark.stack

QUESTIONS = ("平城区最低工资多少钱", "档案放哪里")
MOMENTS = (0.0, 0.2)  # seconds between a question and the kill
BACK_WITHIN = 90.0  # a lease and a claim run out after 30 s


async def test_whenever_the_gateway_is_killed_every_question_is_taken_once_and_answered(
    telegram: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DUIHUA_NOW", raising=False)
    settings = stack_settings(tmp_path, telegram_token=TOKEN, telegram_api=telegram.address)
    export(settings, monkeypatch)
    monkeypatch.setenv("DUIHUA_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("DUIHUA_TELEGRAM_API", telegram.address)
    async with running(settings, print, gateway=True) as supervisor:
        await telegram.until(lambda: telegram.called("getUpdates"), 60)
        for user, (question, moment) in enumerate(zip(QUESTIONS, MOMENTS, strict=True), 1):
            await telegram.say(question, user=user)
            await asyncio.sleep(moment)
            dead = supervisor.pid_of("gateway")
            assert dead is not None
            os.kill(dead, signal.SIGKILL)
            await telegram.until(lambda user=user: any(m.chat == user for m in telegram.sent), BACK_WITHIN)
        database = open_engine(settings.database)
        async with Sessions(database)() as db:
            taken = await db.scalar(select(func.count()).select_from(Message).where(Message.direction == "in"))
            states = list(await db.scalars(select(Turn.state)))
        await database.dispose()

    assert taken == len(QUESTIONS)
    assert states == ["answered"] * len(QUESTIONS)
    for user in range(1, len(QUESTIONS) + 1):
        # Killed between the platform's yes and our note of it, a part comes once more.
        assert len([message for message in telegram.sent if message.chat == user]) in (1, 2)
