"""Every row of a file as a chat of a new person: inbox, engine, actions. The record goes to a database of its own.

The actions look into the product's own database, where one guest stands for all rows and is gone at the end.
"""

from __future__ import annotations

import tempfile
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientSession
from sqlalchemy import select

from bot.channels.base import Inbound, Sender, Shown
from bot.clock import Clock, clock_from
from bot.conversations.service import Conversations
from bot.conversations.tables import Conversation, Identity, Person, Turn
from bot.evaluation.files import FollowupRow, TimeRow
from bot.evaluation.measures import Happened, followups_summary, intents_summary, topics_summary
from bot.evaluation.slots import jobs_summary
from bot.evaluation.times import times_summary
from bot.migrating import upgrade
from bot.privacy import belongings
from bot.running.stack import Say, is_up, running
from bot.settings import Settings
from bot.store import Sessions, open_engine

CHANNEL = "evaluate"
OPENING = "想约个老师聊聊简历"
_SUMMARIES = {
    "topics": topics_summary,
    "followups": followups_summary,
    "intents": intents_summary,
    "jobs": jobs_summary,
    "times": times_summary,
}


class RowClock:
    """The moment a row is said, or the present."""

    def __init__(self, present: Clock) -> None:
        self._present = present
        self.moment: datetime | None = None

    def __call__(self) -> datetime:
        """The moment."""
        return self.moment or self._present()


class Guest:
    """Somebody in the product's own database whom the actions find by the conversations of a run.

    One for all rows: what a row holds is let go by the next, and all of it goes with the guest at the end.
    """

    def __init__(self, sessions: Sessions, now: datetime) -> None:
        self._sessions, self._now = sessions, now
        self._name = uuid.uuid4().hex
        self._person = self._identity = 0
        self._known: set[str] = set()

    async def come(self) -> None:
        """Be there."""
        async with self._sessions.begin() as db:
            person = Person(code=self._name[:12], created_at=self._now)
            db.add(person)
            await db.flush()
            identity = Identity(person_id=person.id, channel=CHANNEL, sender=self._name, created_at=self._now)
            db.add(identity)
            await db.flush()
            self._person, self._identity = person.id, identity.id

    async def talks_in(self, code: str) -> None:
        """Be the person of a conversation."""
        if code in self._known:
            return
        self._known.add(code)
        async with self._sessions.begin() as db:
            db.add(
                Conversation(
                    code=code,
                    person_id=self._person,
                    identity_id=self._identity,
                    channel=CHANNEL,
                    started_at=self._now,
                    last_at=self._now,
                )
            )

    async def leave(self) -> None:
        """Be gone, with everything that was kept."""
        async with self._sessions.begin() as db:
            await belongings.remove(db, belongings.PERSON, [self._person])


class Chat:
    """Chats through the gateway's own inbox."""

    def __init__(self, conversations: Conversations, sessions: Sessions, clock: RowClock, guest: Guest) -> None:
        self._conversations, self._sessions, self._clock, self._guest = conversations, sessions, clock, guest

    async def say(self, person: str, text: str, *, at: datetime | None = None) -> Happened:
        """One message of a person, and what became of it. `at`: when it is said, now where it is None."""
        self._clock.moment = at
        replies: list[Shown] = []

        async def deliver(message: Shown) -> None:
            replies.append(message)

        began = time.perf_counter()
        received = await self._conversations.receive(Inbound(Sender(CHANNEL, person), uuid.uuid4().hex, text))
        await self._guest.talks_in(received.message.conversation)
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
        async with running(settings, say, gateway=False), chat_with(settings) as chat:
            yield chat
        return
    async with chat_with(settings) as chat:
        yield chat


@asynccontextmanager
async def chat_with(settings: Settings) -> AsyncIterator[Chat]:
    """A chat with the engine of the settings, which is up; the record is thrown away at the end."""
    with tempfile.TemporaryDirectory(prefix="duihua-") as folder:
        address = f"sqlite+aiosqlite:///{Path(folder) / 'record.db'}"
        await upgrade(address)
        database = open_engine(address)
        sessions = Sessions(database)
        async with ClientSession() as http:
            clock = RowClock(clock_from(settings.now))
            live = open_engine(settings.database)
            guest = Guest(Sessions(live), clock())
            await guest.come()
            try:
                yield Chat(Conversations.of(settings, sessions, http, clock=clock), sessions, clock, guest)
            finally:
                await guest.leave()
                await live.dispose()
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
            elif isinstance(row, TimeRow):  # the answer to “when?” in a booking
                await chat.say(person, OPENING, at=row.now)
                pairs.append((row, await chat.say(person, row.text, at=row.now)))
            else:
                pairs.append((row, await chat.say(person, row.text)))
            done()
    summary, right = _SUMMARIES[kind](pairs)
    wrong = [
        row.model_dump(mode="json") | {"got": {"intent": got.intent, "outcome": got.outcome, "topics": got.topics, "aspect": got.aspect, "text": got.text, "slots": got.slots}}
        for (row, got), good in zip(pairs, right, strict=True)
        if not good
    ]  # fmt: skip
    return summary, wrong
