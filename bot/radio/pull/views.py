"""Tokens and tied chats as others get them: plain data that outlives the database session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class TokenView:
    """A read token, without its secret."""

    id: int
    name: str
    made_by: str
    made_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True)
class Given:
    """A code, and until when it can be typed."""

    code: str
    until: datetime
