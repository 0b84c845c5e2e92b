"""Every row of a file as a chat of a new person: inbox, engine, actions. The record goes to a database of its own."""

from __future__ import annotations

import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from sqlalchemy import select

from bot.channels.base import Inbound, Sender, Shown
from bot.conversations.service import Conversations
from bot.conversations.tables import Turn
from bot.evaluation.files import FollowupRow
from bot.evaluation.measures import Happened, followups_summary, intents_summary, topics_summary
from bot.evaluation.slots import jobs_summary
from bot.migrating import upgrade
from bot.running.stack import Say, is_up, running
from bot.settings import Settings
from bot.store import Sessions, open_engine

CHANNEL = "evaluate"
_SUMMARIES = {
    "topics": topics_summary,
    "followups": followups_summary,
    "intents": intents_summary,
    "jobs": jobs_summary,
}


class Chat:
    """Chats through the gateway's own inbox."""

    def __init__(self, conversations: Conversations, sessions: Sessions) -> None:
        self._conversations, self._sessions = conversations, sessions

    async def say(self, person: str, text: str) -> Happened:
        """One message of a person, and what became of it."""
        replies: list[Shown] = []

        async def deliver(message: Shown) -> None:
            replies.append(message)

        began = time.perf_counter()
        received = await self._conversations.receive(Inbound(Sender(CHANNEL, person), uuid.uuid4().hex, text))
        await self._conversations.answer(received.conversation_id, deliver)
        milliseconds = (time.perf_counter() - began) * 1000
        async with self._sessions() as db:
            turn = (await db.scalars(select(Turn).where(Turn.id == received.turn_id))).one()
        topics = (turn.topic,) if turn.topic else tuple(turn.offered or ())
        said = "\n".join(reply.text for reply in replies)
        return Happened(turn.intent, turn.outcome, topics, turn.aspect, said, milliseconds, turn.slots or {})


@asynccontextmanager
async def chatting(settings: Settings, say: Say) -> AsyncIterator[Chat]:
    """A chat with the running engine, or with one that is started for it; the record is thrown away at the end."""
    if not await is_up(settings):
        say("服务没有在运行，先启动对话引擎和动作服务……")
        async with running(settings, say, gateway=False), _chat(settings) as chat:
            yield chat
        return
    async with _chat(settings) as chat:
        yield chat


@asynccontextmanager
async def _chat(settings: Settings) -> AsyncIterator[Chat]:
    with tempfile.TemporaryDirectory(prefix="duihua-") as folder:
        address = f"sqlite+aiosqlite:///{Path(folder) / 'record.db'}"
        await upgrade(address)
        database = open_engine(address)
        sessions = Sessions(database)
        async with ClientSession() as http:
            yield Chat(Conversations.of(settings, sessions, http), sessions)
        await database.dispose()


async def evaluate_rows(
    settings: Settings, kind: str, rows: list[Any], *, say: Say, done: Callable[[], None]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The summary of the rows, and those that went wrong with what was answered."""
    pairs = []
    async with chatting(settings, say) as chat:
        for row in rows:
            person = uuid.uuid4().hex
            if isinstance(row, FollowupRow):
                await chat.say(person, row.first)
                pairs.append((row, await chat.say(person, row.second)))
            else:
                pairs.append((row, await chat.say(person, row.text)))
            done()
    summary, right = _SUMMARIES[kind](pairs)
    wrong = [
        row.model_dump() | {"got": {"intent": got.intent, "outcome": got.outcome, "topics": got.topics, "aspect": got.aspect, "text": got.text, "slots": got.slots}}
        for (row, got), good in zip(pairs, right, strict=True)
        if not good
    ]  # fmt: skip
    return summary, wrong
