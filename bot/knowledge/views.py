"""A topic as it is served, and the ways it is asked for: plain values read from the live tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.knowledge.tables import SourceRow, TextRow, TopicRow


@dataclass(frozen=True)
class Phrasing:
    """One way to ask, and what it asks about."""

    topic: str
    aspect: str
    text: str


@dataclass(frozen=True)
class TopicView:
    """A topic with its texts and sources by key and number."""

    id: str
    title: str
    group: str
    region: str
    valid_until: date | None
    state: str
    checked_on: date
    check_status: str
    version: int
    texts: dict[str, TextRow]
    sources: dict[int, SourceRow]
    related: tuple[tuple[str, str], ...]  # (id, title)


def view_of(row: TopicRow, titles: dict[str, str]) -> TopicView:
    """The view of a loaded row; `titles` has every topic's title by id."""
    return TopicView(
        id=row.id,
        title=row.title,
        group=row.group,
        region=row.region,
        valid_until=row.valid_until,
        state=row.state,
        checked_on=row.checked_on,
        check_status=row.check_status,
        version=row.version,
        texts={text.key: text for text in row.texts},
        sources={source.n: source for source in row.sources},
        related=tuple((other, titles[other]) for other in row.related if other in titles),
    )
