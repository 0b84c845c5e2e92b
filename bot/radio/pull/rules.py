"""Read tokens and codes: how they look, how they are kept, and what cannot be. No I/O here."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from datetime import timedelta
from typing import Literal

PREFIX = "duihua"
SECRET_BYTES = 24
NAME_LENGTH = 40
USED_EVERY = timedelta(minutes=1)  # how exactly it is known when a token was used last
CODE_FOR = timedelta(minutes=10)
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # nothing that is mistaken for something else
CODE_LENGTH = 8
MOST_DAYS, MOST_GROUPS = 366, 50

_TOKEN = re.compile(rf"{PREFIX}-(\d{{1,9}})-([A-Za-z0-9_-]{{16,64}})")
_COMMAND = re.compile(r"/(host|top|sheet)(?:@\w{1,40})?(?:\s+(\S{1,40}))?", re.ASCII | re.IGNORECASE)
Command = tuple[Literal["host", "top", "sheet"], str]


class Refusal(Exception):
    """Something that cannot be done as asked; each kind has its own facts."""


class BadName(Refusal):
    """A token's name that is empty or too long."""


class UnknownToken(Refusal):
    """No such token."""


def new_secret() -> str:
    """What nobody guesses."""
    return secrets.token_urlsafe(SECRET_BYTES)


def new_code() -> str:
    """A code to be typed within minutes."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def digest(secret: str) -> str:
    """What is kept of it: it is long and drawn by chance, so nobody finds it by trying."""
    return hashlib.sha256(secret.encode()).hexdigest()


def is_it(secret: str, kept: str) -> bool:
    """Whether a secret is the one that is kept; takes as long whether it nearly is or not."""
    return hmac.compare_digest(digest(secret), kept)


def token(number: int, secret: str) -> str:
    """A token as the station's tools are given it."""
    return f"{PREFIX}-{number}-{secret}"


def parts_of(said: str) -> tuple[int, str] | None:
    """The number and the secret of a token; None for what is none."""
    found = _TOKEN.fullmatch(said.strip())
    return (int(found[1]), found[2]) if found else None


def command_in(text: str) -> Command | None:
    """A host's command in a chat, with what was typed behind it."""
    found = _COMMAND.fullmatch(text.strip())
    return (found[1].lower(), found[2] or "") if found else None  # type: ignore[return-value]
