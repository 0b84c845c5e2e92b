"""What may be said to the bot and how often. No I/O."""

from __future__ import annotations

import re
import unicodedata
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.text.normal import has_words

HOLD_FOR = timedelta(hours=1)  # how long a message waits for the engine before we give it up with an apology
FIRST_RETRY = timedelta(seconds=2)
LAST_RETRY = timedelta(seconds=60)
CLAIM_FOR = timedelta(seconds=10)  # a gateway that dies leaves its turn to others after this time
PARTS_WITHIN = timedelta(minutes=10)  # how soon the rest of a number follows that began in another message
CLAIM_AGAIN = timedelta(seconds=3)  # how often a gateway at work says that it is still there

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


class TooLong(Exception):
    """A message longer than the limit."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(f"{length} characters, at most {limit}")
        self.length, self.limit = length, limit


def clean(text: str, *, limit: int) -> str:
    """The text without control characters and outer blanks. Raises TooLong."""
    text = _CONTROL.sub("", text.replace("\r\n", "\n")).strip()
    if len(text) > limit:
        raise TooLong(len(text), limit)
    return text


def wordless(text: str) -> Literal["nothing", "signs"] | None:
    """Whether there is nothing to read in it: no character at all, or only emoji and marks."""
    visible = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Zs", "Cc"))
    if not visible:
        return "nothing"
    return None if has_words(text) else "signs"


def retry_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 2 s, doubled each time, at most a minute."""
    return min(FIRST_RETRY * 2 ** min(attempts - 1, 10), LAST_RETRY)


@dataclass
class _Bucket:
    left: float
    at: datetime


class Pace:
    """At most so many a minute for each key, bursts of as many; remembers the last ten thousand keys."""

    def __init__(self, per_minute: int, *, remembered: int = 10_000) -> None:
        self._rate, self._remembered = per_minute, remembered
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, key: str, now: datetime) -> float:
        """Take one; 0.0 when it was there, else the seconds until there is one."""
        bucket = self._buckets.setdefault(key, _Bucket(self._rate, now))
        self._buckets.move_to_end(key)
        while len(self._buckets) > self._remembered:
            self._buckets.popitem(last=False)
        passed = max(0.0, (now - bucket.at).total_seconds())
        bucket.left, bucket.at = min(self._rate, bucket.left + passed * self._rate / 60), now
        if bucket.left < 1:
            return (1 - bucket.left) * 60 / self._rate
        bucket.left -= 1
        return 0.0
