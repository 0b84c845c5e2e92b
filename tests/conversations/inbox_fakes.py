"""An engine, a phone and a process that dies, all of our own making."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels.base import Inbound, Sender, Shown
from bot.conversations.engine import TurnResult
from bot.reply import Choice, Knowledge, Reply


@dataclass(frozen=True)
class Asked:
    """One turn that the engine was sent."""

    sender: str
    message_id: str
    text: str | None
    payload: str | None


def result(words: str, *, choices: tuple[Choice, ...] = (), rateable: bool = False, **understood: Any) -> TurnResult:
    reply = Reply(
        paragraphs=(words,),
        choices=choices,
        rateable=rateable,
        knowledge=Knowledge(outcome="served", topics=("startup-loan",), aspect="who", version=2),
    )
    return TurnResult(
        **(
            {"reply": reply, "intent": "policy", "confidence": 0.9, "ranking": [], "slots": {}, "actions": []}
            | understood
        )
    )


class FakeEngine:
    """Does what its script says, one entry a request; echoes the text where the script has come to its end.

    An entry is a result to give, an exception to raise, or a coroutine function to await that gives either.
    As the real engine does, it carries a message out once and gives the same answer to it when it comes again.
    """

    def __init__(self) -> None:
        self.script: deque[Any] = deque()
        self.asked: list[Asked] = []
        self.carried_out: dict[str, TurnResult] = {}
        self.mended: dict[str, str] = {}
        self.forgotten: list[str] = []

    async def turn(
        self, *, sender: str, message_id: str, at: datetime, text: str | None, payload: str | None
    ) -> TurnResult:
        self.asked.append(Asked(sender, message_id, text, payload))
        if message_id in self.carried_out:
            return self.carried_out[message_id]
        step = self.script.popleft() if self.script else result(f"答：{text or payload}", slots={"heard": text})
        if callable(step):
            step = await step()
        if isinstance(step, BaseException):
            raise step
        self.carried_out[message_id] = step
        return step

    async def mend(self, sender: str, texts: dict[str, str]) -> None:
        self.mended |= texts

    async def forget(self, senders: Any) -> None:
        self.forgotten += senders


class Died(BaseException):
    """The process is gone: nobody catches this."""


class DyingSessions:
    """Sessions of a process that dies at its nth transaction that writes, before it or right after its commit."""

    def __init__(self, sessions: Any, n: int, when: str) -> None:
        self._sessions, self._left, self._when = sessions, n, when

    def __call__(self) -> Any:
        return self._sessions()

    @asynccontextmanager
    async def begin(self):
        self._left -= 1
        if self._left == 0 and self._when == "before":
            raise Died
        async with self._sessions.begin() as db:
            yield db
        if self._left == 0 and self._when == "after":
            raise Died


class Phone:
    """What a person sees."""

    def __init__(self) -> None:
        self.seen: list[Shown] = []

    async def __call__(self, message: Shown) -> None:
        self.seen.append(message)

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.seen]

    @property
    def kinds(self) -> list[str]:
        return [message.kind for message in self.seen]


ANNA, BORIS = Sender("web", "anna-secret-cookie"), Sender("web", "boris-secret-cookie")


def said(text: str, key: str = "k1", sender: Sender = ANNA) -> Inbound:
    return Inbound(sender, key, text)


class Gate:
    """A scripted step that waits until it is opened."""

    def __init__(self, then: Any) -> None:
        self.reached, self._open, self._then = asyncio.Event(), asyncio.Event(), then

    async def __call__(self) -> Any:
        self.reached.set()
        await self._open.wait()
        return self._then

    def open(self) -> None:
        self._open.set()


class Meeting:
    """Lets what two processes do at once come as close as it can: each has read before either writes.

    Where the database lets only one of them in at a time, the one goes on after a moment.
    """

    def __init__(self) -> None:
        self._barrier = asyncio.Barrier(2)

    async def wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(0.25):
                await self._barrier.wait()


class MeetingSessions:
    """Sessions whose transactions wait at the meeting before they write for the first time."""

    def __init__(self, sessions: Any, meeting: Meeting) -> None:
        self._sessions, self._meeting = sessions, meeting

    def __call__(self) -> Any:
        return self._sessions()

    @asynccontextmanager
    async def begin(self):
        async with self._sessions.begin() as db:
            write, met = db.flush, False

            async def flush() -> None:
                nonlocal met
                if not met:
                    met = True
                    await self._meeting.wait()
                await write()

            db.flush = flush
            yield db
