"""Drafts and versions as the pages get them: plain data that outlives the database session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.knowledge.editing.forms import Read, Typed
from bot.knowledge.tables import TopicDraft


@dataclass(frozen=True)
class DraftView:
    """A draft, and whose it is."""

    id: int
    topic: str
    state: str
    version: int
    base_version: int
    base: dict[str, Any]
    typed: Typed
    note: str
    editors: tuple[int, ...]
    by: str
    at: datetime
    changed_by: str
    changed_at: datetime
    sent_by: str | None
    sent_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None


def draft_view(row: TopicDraft) -> DraftView:
    """The view of a row."""
    return DraftView(
        id=row.id,
        topic=row.topic_id,
        state=row.state,
        version=row.version,
        base_version=row.base_version,
        base=row.base,
        typed=row.typed,
        note=row.note,
        editors=tuple(row.editors),
        by=row.by,
        at=row.at,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
        sent_by=row.sent_by,
        sent_at=row.sent_at,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        reason=row.reason,
    )


@dataclass(frozen=True)
class Served:
    """What a topic says now."""

    id: str
    version: int
    content: dict[str, Any]


@dataclass(frozen=True)
class Opened:
    """A topic with the draft that is open, what is served, and the titles of all. One that is new has nothing served."""

    topic: str
    served: Served | None
    draft: DraftView | None
    dropped: DraftView | None
    titles: dict[str, str]
    moved: bool  # what is served is not what the draft was written upon

    @property
    def content(self) -> dict[str, Any]:
        """What is served; nothing for a new topic."""
        return self.served.content if self.served else {}


@dataclass(frozen=True)
class Saved:
    """A draft that was written down; `joined`: a colleague's changes of other fields were put together with it."""

    draft: int
    version: int
    joined: bool = False


@dataclass(frozen=True)
class Checked:
    """A form held against the rules."""

    read: Read
    titles: dict[str, str]


@dataclass(frozen=True)
class VersionView:
    """A version in the list."""

    version: int
    author: str
    at: datetime
    approved_by: str | None
    note: str | None


@dataclass(frozen=True)
class Item:
    """A topic in the list; one that is new has only a draft."""

    id: str
    title: str
    group: str
    version: int
    standing: str  # current, unconfirmed, ended, or new
    until: date | None
    checked_on: date | None
    check_status: str
    gaps: tuple[tuple[str, str], ...]  # (aspect, what nobody has told us yet)
    draft: str | None
    changed_by: str | None
    changed_at: datetime | None
