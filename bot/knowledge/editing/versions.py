"""What topics said before: versions, and what differs between two of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.knowledge import queries as knowledge
from bot.knowledge.editing import queries, rules
from bot.knowledge.editing.differences import Difference, differences
from bot.knowledge.editing.views import VersionView
from bot.knowledge.loading import content_of_row
from bot.store import Sessions


@dataclass(frozen=True)
class Compared:
    """A version of a topic beside another one."""

    topic: str
    title: str
    content: dict[str, Any]
    current: int
    version: VersionView | None
    against: int | None
    differences: list[Difference]
    all: list[VersionView]


class Versions:
    """Reads only."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    async def all(self, topic_id: str) -> list[VersionView]:
        """The versions of a topic, the latest first."""
        async with self._sessions() as db:
            return [VersionView(*row) for row in await queries.versions(db, topic_id)]

    async def compare(self, topic_id: str, number: int, against: int | None = None) -> Compared:
        """A version beside another one, the one before it unless told. Raises UnknownTopic.

        What is served now is shown also where nobody kept it as a version.
        """
        async with self._sessions() as db:
            row = await queries.whole_topic(db, topic_id)
            if row is None:
                raise rules.UnknownTopic(topic_id)
            known = [VersionView(*one) for one in await queries.versions(db, topic_id)]
            kept = await queries.version(db, topic_id, number)
            if kept is None and number != row.version:
                raise rules.UnknownTopic(topic_id)
            content = kept.content if kept is not None else content_of_row(row)
            if against is None:
                against = next((one.version for one in known if one.version < number), None)
            other = await queries.version(db, topic_id, against) if against is not None else None
            if against is not None and other is None:
                raise rules.UnknownTopic(topic_id)
            return Compared(
                topic=topic_id,
                title=(await knowledge.titles(db))[topic_id],
                content=content,
                current=row.version,
                version=next((one for one in known if one.version == number), None),
                against=against,
                differences=differences(other.content, content) if other is not None else [],
                all=known,
            )
