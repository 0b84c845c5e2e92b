"""What the bot says in one turn, whatever the channel: features make it, channels render it."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Frozen):
    """Something to press: what the person reads and what the engine is told (never shown, never typed)."""

    label: str
    payload: str


class SourceLine(_Frozen):
    """The one line an answer rests on; `url` only where it is an official page."""

    text: str
    url: str | None = None


class Knowledge(_Frozen):
    """Which answers a reply serves or offers, for the record."""

    outcome: Literal["served", "offered", "refused"]
    topics: tuple[str, ...] = ()
    aspect: str | None = None
    version: int | None = None


class Reply(_Frozen):
    """Paragraphs to read, then the source, then choices; `caveat` and `checked` belong to a policy answer."""

    paragraphs: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    source: SourceLine | None = None
    caveat: str | None = None
    checked: date | None = None
    knowledge: Knowledge | None = None
    rateable: bool = Field(default=False, description="whether 👍/👎 belongs under it")
