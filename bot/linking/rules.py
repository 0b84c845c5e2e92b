"""Which pages a link may lead to and what it opens there, what a code looks like, how many may be guessed. No I/O here."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

# -- links -------------------------------------------------------------------------------------------------------------

VISIT_FOR = timedelta(hours=2)
"""How long a browser is somebody after a link was opened in it; opening it again there gives as long again."""
RECORD_FOR = timedelta(hours=1)
"""For how long a link to a person's whole record may be opened, whatever the settings say."""
KEPT_FOR = timedelta(days=30)
"""How long a link is kept after its last day, to say that it is one that has run out."""

BOOKING, ELIGIBILITY, RECORD, MINE = "booking", "eligibility", "record", "mine"
JOB, EVENT = "job", "event"

_PAGES = (
    (re.compile(r"/chat/booking(?:/[2-9A-Z]{4,8}\.ics)?", re.ASCII), BOOKING),
    (re.compile(r"/chat/eligibility", re.ASCII), ELIGIBILITY),
    (re.compile(r"/chat/record\.(?:txt|json)", re.ASCII), RECORD),
    (re.compile(r"/chat/mine", re.ASCII), MINE),
    (re.compile(r"/chat/(job)s/([1-9]\d{0,8})", re.ASCII), JOB),
    (re.compile(r"/chat/(event)s/([1-9]\d{0,8})", re.ASCII), EVENT),
)
_OPEN = re.compile(r"/chat|/chat/privacy|/chat/ticket/[\w-]{1,20}\.svg", re.ASCII)
_ALL_OF_MINE = (BOOKING, JOB, EVENT)


class UnknownPath(ValueError):
    """Not one of our pages."""

    def __init__(self, path: str) -> None:
        super().__init__(f"no page of ours: {path[:80]}")
        self.path = path


class LinkGone(Exception):
    """No such link (any more): it was never given, its person is deleted, or it was taken back."""


class LinkExpired(Exception):
    """It could be opened until then."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"expired at {until}")
        self.until = until


class LinkElsewhere(Exception):
    """It was opened in another browser before, and opens in that one only."""


def purpose(path: str) -> str:
    """What a page of ours is for, as a link opens it: a job and an event each by itself. Raises UnknownPath."""
    for pattern, name in _PAGES:
        if found := pattern.fullmatch(path):
            return f"{name}:{found[2]}" if pattern.groups else name
    raise UnknownPath(path)


def is_open(path: str) -> bool:
    """Whether a page of ours shows everybody the same, so that a link to it needs no person."""
    return _OPEN.fullmatch(path) is not None


def covers(opened: str, wanted: str) -> bool:
    """Whether a link to one purpose lets its holder do another: the page of one's own things leads on to each."""
    return opened == wanted or (opened == MINE and wanted.partition(":")[0] in _ALL_OF_MINE)


def open_until(path: str, now: datetime, usual: timedelta) -> datetime:
    """Until when a link to a page may be opened."""
    return now + (min(usual, RECORD_FOR) if purpose(path) == RECORD else usual)


# -- joining -----------------------------------------------------------------------------------------------------------

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is mistaken for something else when read out
CODE_LENGTH = 8
CODE_FOR = timedelta(minutes=10)
GUESSES, GUESSES_WITHIN = 5, timedelta(hours=1)
LOCKED_FOR = timedelta(hours=1)

_AROUND = re.compile(
    r"^[\s\"'“”‘’「」『』【】《》<>()（）,，.。!！~、:：;；]+|[\s\"'“”‘’「」『』【】《》<>()（）,，.。!！~、:：;；?？]+$"
)
_POLITE = r"(?:我?(?:要|想|想要|来)|帮我|请|麻烦|怎么|咋|如何|给我)*"
_WHAT = r"(?:一下)?(?:我的|两个|两边|别的|另一个|其他)*(?:账号|账户|帐号|帐户|微信|公众号|telegram|tg|电报|网页|渠道|聊天软件)?"
_TAIL = r"(?:一下|吧|呀|啊|呢|嘛|了|谢谢)*"
_JOIN = re.compile(
    rf"{_POLITE}(?:绑定{_WHAT}|绑{_WHAT}|(?:账号|账户|帐号|帐户|微信|telegram)绑定){_TAIL}", re.IGNORECASE
)
_PART = re.compile(
    rf"{_POLITE}(?:解绑|解除绑定|取消绑定|解除关联){_WHAT}{_TAIL}|{_POLITE}(?:账号|账户|微信|telegram)?(?:解绑|解除绑定){_TAIL}",
    re.IGNORECASE,
)
_WITH_CODE = re.compile(
    r"(?:我?要|帮我|请)?绑定?(?:账号|账户)?(?:码)?\s*[:：是为]?\s*[\"“「【<《]?\s*([0-9A-Za-z][0-9A-Za-z\s\-_]{3,18})"
)
_BARE = re.compile(r"[0-9A-Za-z][0-9A-Za-z\s\-_]{3,12}")


@dataclass(frozen=True)
class Wish:
    """What a message wants of joining. `code` as it was typed, in one spelling; `bare` where it came without a word."""

    do: str
    code: str = ""
    bare: bool = False


def wish_in(text: str) -> Wish | None:
    """Whether a message is about joining channels, by its words alone; None for whatever else."""
    plain = _AROUND.sub("", unicodedata.normalize("NFKC", text).strip())
    if not plain or len(plain) > 40:
        return None
    if _PART.fullmatch(plain.replace(" ", "")):
        return Wish("part")
    if _JOIN.fullmatch(plain.replace(" ", "")):
        return Wish("join")
    if found := _WITH_CODE.fullmatch(plain):
        return Wish("code", _code(found[1]))
    if _BARE.fullmatch(plain) and _is_code(_code(plain)):
        return Wish("code", _code(plain), bare=True)
    return None


def _code(text: str) -> str:
    return re.sub(r"[\s\-_]", "", text).upper()


def _is_code(text: str) -> bool:
    return len(text) == CODE_LENGTH and not set(text) - set(CODE_LETTERS)


class CodeWrong(Exception):
    """No such code, or not any more; `left`: how many more may be wrong."""

    def __init__(self, left: int) -> None:
        super().__init__(f"{left} left")
        self.left = left


class LockedOut(Exception):
    """Too many wrong codes; until when none is looked at."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"until {until}")
        self.until = until


class OwnCode(Exception):
    """The code is for the other channel."""


class SamePerson(Exception):
    """The two are joined already."""


class Alone(Exception):
    """There is nothing to part from."""


class InGroup(Exception):
    """Others read here."""


class Busy(Exception):
    """It cannot be now: `why` is deleting (one of them is about to be deleted) or talking (staff talk to one of them)."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Overlap(Exception):
    """Both have a session at the same time; when the two begin."""

    def __init__(self, here: datetime, there: datetime) -> None:
        super().__init__(f"{here} and {there}")
        self.here, self.there = here, there


def after_a_wrong_code(wrong: int, since: datetime, now: datetime) -> tuple[int, datetime, datetime | None]:
    """How many wrong codes there are now, since when they count, and until when the person is locked out for it."""
    if now - since > GUESSES_WITHIN:
        wrong, since = 0, now
    wrong += 1
    return wrong, since, now + LOCKED_FOR if wrong >= GUESSES else None
