"""Passwords: kept as Argon2id, checked off the event loop, with the same work for names that nobody has."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Callable

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from bot.people.rules import clean_password

_AT_ONCE = 2  # each takes 64 MiB
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is read as another


class Passwords:
    """Makes and checks hashes; `hasher` has the parameters that hold today."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=2)
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._nobody = _hash_of_nothing(self._hasher)

    async def hash(self, password: str) -> str:
        """What is kept of a password."""
        return await self._apart(lambda: self._hasher.hash(clean_password(password)))

    async def matches(self, kept: str | None, password: str) -> bool:
        """Whether it is the password that was kept; None costs the same and never matches."""
        return await self._apart(lambda: self._matches(kept or self._nobody, password))

    def outdated(self, kept: str) -> bool:
        """Whether it was made with other parameters than those that hold today."""
        return self._hasher.check_needs_rehash(kept)

    def _matches(self, kept: str, password: str) -> bool:
        try:
            return self._hasher.verify(kept, clean_password(password))
        except (VerifyMismatchError, InvalidHashError):
            return False

    async def _apart[T](self, work: Callable[[], T]) -> T:
        async with self._room:
            return await asyncio.to_thread(work)


def _hash_of_nothing(hasher: PasswordHasher) -> str:
    """A hash that no password has, with the same parameters: checking against it takes as long."""

    def part(size: int) -> str:
        return base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")

    return (
        f"$argon2id$v=19$m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
        f"${part(hasher.salt_len)}${part(hasher.hash_len)}"
    )


def made_password() -> str:
    """A password to be typed once and changed: four groups of four, about 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def made_token() -> str:
    """What a browser shows to be known: 256 random bits."""
    return secrets.token_urlsafe(32)


def digest(*parts: str) -> str:
    """What is kept of something that only its owner may know, and that is long and random enough for it."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
