"""What can be looked for among conversations, and what staff may write on them. No I/O here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from bot.clock import SHANGHAI
from bot.review import words

PAGE = 25
TAG_LIMIT, NOTE_LIMIT, TEXT_LIMIT, VIEW_LIMIT, REASON_LEAST = 12, 1000, 200, 20, 5
TAGS_AT_MOST = 8
UNDO_WITHIN = timedelta(minutes=30)  # how long a deleted note can be put back
OPEN_FOR = timedelta(seconds=40)  # a page that has not said for so long that it is open counts as closed
OUTCOMES = ("served", "offered", "refused", "comforted", "failed")
REASONS = ("不准确", "没答到点上", "过时", "看不懂", "其他")
CHANNELS = ("web", "telegram", "wechat")
_NAME = re.compile(r"[\w/.-]{1,40}")
_TAG = re.compile(r"[\w+#-]+")


# -- refusals ----------------------------------------------------------------------------------------------------------


class Refusal(Exception):
    """Something that cannot be; the kind says why."""


class Unknown(Refusal):
    """There is no such conversation, turn, note, view, correction, case or list."""


class Changed(Refusal):
    """Somebody changed it meanwhile: who, and what stands there now."""

    def __init__(self, by: str, now: str = "", version: int = 0) -> None:
        super().__init__(f"changed by {by}")
        self.by, self.now, self.version = by, now, version


class NotYours(Refusal):
    """Only who wrote it may change it."""


class Unfit(Refusal):
    """What was typed will not do: the field, and why (empty, long, marks, many, same, unknown)."""

    def __init__(self, field: str, why: str, limit: int = 0) -> None:
        super().__init__(f"{field}: {why}")
        self.field, self.why, self.limit = field, why, limit


class TooLate(Refusal):
    """It cannot be undone any more."""


# -- looking -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Filters:
    """What is looked for. All that is set must hold of one turn; empty means whatever.

    `day`: today or week, before `since` and `until`. `assigned`: an account's id. `handed`: waits, or any. `reviewed`: no
    or yes. `sort`: new or old.
    """

    q: str = ""
    day: str = ""
    since: str = ""
    until: str = ""
    channel: str = ""
    topic: str = ""
    intent: str = ""
    outcome: str = ""
    low: str = ""
    verdict: str = ""
    reason: str = ""
    handed: str = ""
    scam: str = ""
    distress: str = ""
    reviewed: str = ""
    assigned: str = ""
    tag: str = ""
    flagged: str = ""
    sort: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        """Out of an address. What is no value of a filter is left out: an old link still opens."""
        found = {field.name: query.get(field.name, "").strip() for field in fields(cls)}
        found["q"] = found["q"][: words.LONGEST_QUERY]
        for name, values in _VALUES.items():
            if found[name] not in values:
                found[name] = ""
        for name in ("topic", "intent"):
            if not _NAME.fullmatch(found[name]):
                found[name] = ""
        for name in ("since", "until"):
            if not _is_day(found[name]):
                found[name] = ""
        if not found["assigned"].isdecimal() or len(found["assigned"]) > 9:
            found["assigned"] = ""
        found["tag"] = tag_key(found["tag"]) if found["tag"] else ""
        return cls(**found)

    def query(self, **more: str | int) -> str:
        """As part of an address, with more behind it; nothing that is empty."""
        pairs = {field.name: getattr(self, field.name) for field in fields(self)} | more
        return urlencode({name: value for name, value in pairs.items() if value not in ("", None)})

    @property
    def any(self) -> bool:
        """Whether anything is looked for; the order is not."""
        return replace(self, sort="") != Filters()

    @property
    def unsearchable(self) -> bool:
        """Whether a text is asked for in which nothing counts."""
        return bool(self.q) and not words.asked(self.q)

    @property
    def newest_first(self) -> bool:
        """The order of the list."""
        return self.sort != "old"

    def words(self) -> list[str]:
        """What a turn must all have."""
        asked = words.asked(self.q)
        for name, letter in _VALUED.items():
            if value := getattr(self, name):
                asked.append(words.valued(letter, value))
        for name, by_value in _FLAGS.items():
            if word := by_value.get(getattr(self, name)):
                asked.append(word)
        return asked

    def between(self, today: date) -> tuple[datetime | None, datetime | None]:
        """From when, and until before when."""
        first = {"today": today, "week": today - timedelta(days=6)}.get(self.day)
        since = date.fromisoformat(self.since) if self.since else None
        until = date.fromisoformat(self.until) + timedelta(days=1) if self.until else None
        return _begin(first or since), _begin(None if first else until)


_VALUES = {
    "day": ("today", "week"),
    "channel": CHANNELS,
    "outcome": OUTCOMES,
    "low": ("1",),
    "verdict": ("up", "down"),
    "reason": REASONS,
    "handed": ("waits", "any"),
    "scam": ("1",),
    "distress": ("1",),
    "reviewed": ("no", "yes"),
    "flagged": ("1",),
    "sort": ("old",),
}
_VALUED = {
    "channel": words.CHANNEL, "topic": words.TOPIC, "intent": words.INTENT, "outcome": words.OUTCOME,
    "reason": words.REASON, "tag": words.TAG, "assigned": words.ASSIGNED,
}  # fmt: skip
_FLAGS = {
    "low": {"1": words.LOW},
    "verdict": {"up": words.UP, "down": words.DOWN},
    "handed": {"waits": words.WAITS, "any": words.HANDED},
    "scam": {"1": words.SCAM},
    "distress": {"1": words.DISTRESS},
    "reviewed": {"no": words.NEW, "yes": words.SEEN},
    "flagged": {"1": words.FLAGGED},
}


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).year > 2000
    except ValueError:
        return False


def _begin(day: date | None) -> datetime | None:
    return datetime.combine(day, time(), SHANGHAI) if day else None


@dataclass(frozen=True)
class Preset:
    """Filters that are looked at every day."""

    name: str
    filters: Filters


PRESETS = (
    Preset("今天没答上的", Filters(day="today", outcome="refused")),
    Preset("差评", Filters(verdict="down")),
    Preset("需要人", Filters(handed="waits")),
    Preset("未看过", Filters(reviewed="no")),
    Preset("有骗局苗头", Filters(scam="1")),
    Preset("有危险信号", Filters(distress="1")),
)


# -- writing -----------------------------------------------------------------------------------------------------------


def tag_key(tag: str) -> str:
    """What two spellings of a tag have in common, as a word of the index."""
    return re.sub(r"[^\w+#-]+", "", unicodedata.normalize("NFKC", tag).casefold())[:40]


def clean_tag(tag: str) -> str:
    """A tag as it is kept. Raises Unfit."""
    tag = unicodedata.normalize("NFKC", tag).strip().lstrip("#").strip()
    if not tag:
        raise Unfit("tag", "empty")
    if len(tag) > TAG_LIMIT:
        raise Unfit("tag", "long", TAG_LIMIT)
    if not _TAG.fullmatch(tag):
        raise Unfit("tag", "marks")
    return tag


def clean_text(field: str, text: str, limit: int, *, least: int = 1) -> str:
    """What was typed, without outer blanks and control characters. Raises Unfit."""
    text = "".join(c for c in text.replace("\r\n", "\n") if c in "\n\t" or unicodedata.category(c) != "Cc").strip()
    if not text:
        raise Unfit(field, "empty")
    if len(text) < least:
        raise Unfit(field, "short", least)
    if len(text) > limit:
        raise Unfit(field, "long", limit)
    return text


def same_key(text: str) -> str:
    """What two phrasings that read alike have in common."""
    return "".join(part for run in words.runs(text) for part in run)
