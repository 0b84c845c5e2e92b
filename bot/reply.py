"""What the bot says in one turn, whatever the channel: features make it, channels render it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Choice(_Frozen):
    """Something to press: what the person reads and what the engine is told (never shown, never typed).

    `said` is how the press reads in the talk where the label alone would not tell (“收藏：仓库管理员”).
    """

    label: str
    payload: str
    said: str | None = None


class Link(_Frozen):
    """Somewhere to go: a page of ours (a path) or an official page (https)."""

    label: str
    url: str


class Card(_Frozen):
    """One thing out of several, a posting or an event: a title, a badge such as 示例, lines, what can be done with it."""

    title: str
    badge: str | None = None
    lines: tuple[str, ...] = ()
    link: Link | None = None
    image: Link | None = Field(default=None, description="a picture; its label is what it shows, in words")
    choices: tuple[Choice, ...] = ()


class Day(_Frozen):
    """One day of a picker: its name and the times to press."""

    label: str
    choices: tuple[Choice, ...]


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


class Notice(_Frozen):
    """The same in a few words, for a platform that sends who has not written for long no more than that.

    `what` it is about, `note` what is new of it. `whole`: it says all that the reply says. `url`: a page of ours.
    """

    kind: Literal["event", "guidance", "jobs", "radio"]
    what: str
    note: str
    when: datetime | None = None
    where: str | None = None
    url: str | None = None
    whole: bool = True


class Promise(_Frozen):
    """That somebody will be reminded of something: a platform says where it cannot keep that. `of`: when it begins."""

    kind: Literal["event", "guidance"]
    of: datetime


class Reply(_Frozen):
    """Paragraphs to read, filters, cards, days to pick a time from, then the source, then choices.

    `list` names the list that its cards are a page of: a channel that can change a message puts the next page in its
    place. `filters` are what a search was understood to want, each to be pressed away; `caveat` and `checked` belong to a
    policy answer.
    """

    paragraphs: tuple[str, ...]
    filters: tuple[Choice, ...] = ()
    cards: tuple[Card, ...] = ()
    days: tuple[Day, ...] = ()
    choices: tuple[Choice, ...] = ()
    source: SourceLine | None = None
    caveat: str | None = None
    checked: date | None = None
    knowledge: Knowledge | None = None
    list: str | None = None
    page: Link | None = Field(default=None, description="the page of ours about the one thing it tells of, by its name")
    notice: Notice | None = Field(default=None, description="for what is told unasked")
    promise: Promise | None = Field(default=None, description="a reminder that its words promise")
    rateable: bool = Field(default=False, description="whether 👍/👎 belongs under it")
