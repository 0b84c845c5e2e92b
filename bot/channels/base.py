"""What a channel hands in and what it is handed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal


@dataclass(frozen=True)
class Sender:
    """Who writes, as one channel knows them; `id` never leaves the gateway in clear."""

    channel: str
    id: str


@dataclass(frozen=True)
class Inbound:
    """One message of a person. `key` is the platform's id of it; `token` stands for a pressed choice."""

    sender: Sender
    key: str
    text: str | None = None
    token: str | None = None


@dataclass(frozen=True)
class Shown:
    """One message of a conversation as a channel shows it. `body` is empty for what a person wrote."""

    id: int
    conversation: str
    direction: Literal["in", "out"]
    kind: str
    key: str | None
    text: str
    body: dict[str, Any]
    at: datetime
    feedback: str | None = None
