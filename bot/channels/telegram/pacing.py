"""How fast Telegram may be asked to show something: 30 messages a second in all, one a second in a chat, 20 a minute in a group."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

_REMEMBERED = 10_000  # chats


@dataclass
class _Bucket:
    rate: float
    burst: float
    left: float
    at: float

    def reserve(self, now: float) -> float:
        """Take one; the seconds until it may be used."""
        self.left = min(self.burst, self.left + (now - self.at) * self.rate) - 1
        self.at = now
        return max(0.0, -self.left / self.rate)


class Pacing:
    """Lets a chat have a few messages at once (an answer and its file), and one a second after that."""

    def __init__(
        self,
        *,
        overall: float = 28.0,
        chat: float = 1.0,
        group: float = 20 / 60,
        burst: int = 4,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._chat, self._group, self._burst, self._now, self._sleep = chat, group, burst, now, sleep
        self._all = _Bucket(overall, 1, 1, now())
        self._chats: OrderedDict[str, _Bucket] = OrderedDict()

    async def turn(self, chat: str) -> None:
        """Wait until something may be shown in a chat."""
        now = self._now()
        rate = self._group if chat.startswith("-") else self._chat
        bucket = self._chats.setdefault(chat, _Bucket(rate, self._burst, self._burst, now))
        self._chats.move_to_end(chat)
        while len(self._chats) > _REMEMBERED:
            self._chats.popitem(last=False)
        if wait := max(bucket.reserve(now), self._all.reserve(now)):
            await self._sleep(wait)
