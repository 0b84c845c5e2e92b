"""The list of topics as editors look through it: what waits, what ends, what is missing. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from bot.clock import Clock, today
from bot.knowledge.editing import queries
from bot.knowledge.editing.views import Item
from bot.knowledge.rules import standing
from bot.knowledge.tables import TopicDraft
from bot.store import Sessions


def _ends_within(days: int) -> Callable[[Item, date], bool]:
    return lambda item, day: item.until is not None and day <= item.until <= day + timedelta(days=days)


FILTERS: dict[str, Callable[[Item, date], bool]] = {
    "": lambda item, day: True,
    "waiting": lambda item, day: item.draft == "waiting",
    "editing": lambda item, day: item.draft == "editing",
    "30": _ends_within(30),
    "90": _ends_within(90),
    "ended": lambda item, day: item.standing == "ended",
    "gaps": lambda item, day: bool(item.gaps),
    "figures": lambda item, day: item.standing != "new" and item.check_status in ("partly", "unverified"),
}
"""What of the list can be looked at by itself."""


class Overview:
    """One look at all topics: the same few statements however many there are."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def items(self) -> list[Item]:
        """Every topic in order, behind those that are only drafts yet."""
        day = today(self._clock)
        async with self._sessions() as db:
            rows = await queries.topics(db)
            drafts = {draft.topic_id: draft for draft in await queries.open_drafts(db)}
            gaps: dict[str, list[tuple[str, str]]] = {}
            for topic, key, gap in await queries.gaps(db):
                gaps.setdefault(topic, []).append((key, gap))
        known = {row.id for row in rows}
        new = [_new(draft) for draft in drafts.values() if draft.topic_id not in known]
        return new + [_item(row, gaps.get(row.id, []), drafts.get(row.id), day) for row in rows]

    async def ending(self, days: int) -> int:
        """How many topics have their last day within so many days."""
        day = today(self._clock)
        async with self._sessions() as db:
            return await queries.ending(db, day, day + timedelta(days=days))

    def counted(self, items: list[Item]) -> dict[str, int]:
        """How many topics each filter shows."""
        day = today(self._clock)
        return {name: sum(shows(item, day) for item in items) for name, shows in FILTERS.items()}

    def filtered(self, items: list[Item], name: str, words: str) -> list[Item]:
        """Those that a filter shows and whose title, id or group has some words."""
        day, wanted = today(self._clock), words.strip().lower()
        found = [item for item in items if FILTERS[name](item, day)]
        if name in ("30", "90"):
            found.sort(key=lambda item: (item.until is None, item.until))
        return [item for item in found if wanted in f"{item.title} {item.id} {item.group}".lower()]


def _item(row: Sequence[Any], gaps: list[tuple[str, str]], draft: TopicDraft | None, day: date) -> Item:
    topic, title, group, _region, until, state, checked_on, check_status, version = row
    return Item(
        id=topic,
        title=title,
        group=group,
        version=version,
        standing=standing(until, state, today=day),
        until=until,
        checked_on=checked_on,
        check_status=check_status,
        gaps=tuple(gaps),
        draft=draft.state if draft else None,
        changed_by=draft.changed_by if draft else None,
        changed_at=draft.changed_at if draft else None,
    )


def _new(draft: TopicDraft) -> Item:
    return Item(
        id=draft.topic_id,
        title=draft.typed.get("title") or draft.topic_id,
        group=draft.typed.get("group", ""),
        version=0,
        standing="new",
        until=None,
        checked_on=None,
        check_status=draft.typed.get("check_status", ""),
        gaps=(),
        draft=draft.state,
        changed_by=draft.changed_by,
        changed_at=draft.changed_at,
    )
