"""What has been kept long enough goes: in batches, so that nobody waits for the database meanwhile."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import SHANGHAI, Clock
from bot.privacy import belongings, queries, retention_queries
from bot.privacy.erasing import empty_log
from bot.privacy.kinds import by_kind
from bot.privacy.tables import RetentionRun
from bot.review import search_index
from bot.settings import Settings
from bot.store import Sessions

logger = logging.getLogger(__name__)

BATCH = 200
NIGHT = 3  # the hour in 大同 from which the purge of a day is done
_EMPTY = ("conversation",)  # what stays of a conversation in which somebody is still told things


@dataclass(frozen=True)
class Limits:
    """For how many days things are kept; 0: for good. Contacts are counted from the end of what they were left for."""

    days: int = 180
    contact_days: int = 30

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """As the settings have them."""
        return cls(settings.retention_days, settings.contact_days)


@dataclass
class Purged:
    """How many rows of each table went, or would go."""

    rows: dict[str, int] = field(default_factory=dict)

    def add(self, more: Mapping[str, int]) -> None:
        """Take more rows in."""
        for table, count in more.items():
            self.rows[table] = self.rows.get(table, 0) + count

    @property
    def kinds(self) -> dict[str, int]:
        """By kind, and persons of whom nothing is left."""
        people = {"人": self.rows["person"]} if self.rows.get("person") else {}
        return by_kind(self.rows) | people


Find = Callable[[AsyncSession, datetime, datetime, int, int], Awaitable[list[Any]]]


class Retention:
    """Purges; each batch is one transaction."""

    def __init__(self, sessions: Sessions, clock: Clock, limits: Limits) -> None:
        self._sessions, self._clock, self._limits = sessions, clock, limits

    async def due(self) -> bool:
        """Whether today's purge, which is done at night, is still to be done."""
        now = self._clock().astimezone(SHANGHAI)
        async with self._sessions() as db:
            last = await retention_queries.last_run(db)
        return now.hour >= NIGHT and (
            last is None or last.finished_at is None or last.at.astimezone(SHANGHAI).date() < now.date()
        )

    async def runs(self) -> list[RetentionRun]:
        """The latest purges, the last first."""
        async with self._sessions() as db:
            return list(await retention_queries.runs(db))

    async def preview(self) -> Purged:
        """What a purge would take away now; nothing changes."""
        return await self._purge(dry=True)

    async def run(self) -> Purged:
        """Purge, and put down what went. The states of dialogues go by the list that the gateway works off."""
        now = self._clock()
        async with self._sessions.begin() as db:
            run = RetentionRun(at=now, removed={})
            db.add(run)
        purged = await self._purge(dry=False)
        async with self._sessions.begin() as db:
            stored = await db.get_one(RetentionRun, run.id)
            stored.removed, stored.finished_at = purged.kinds, self._clock()
        await search_index.tidy(self._sessions)  # also after those whom somebody deleted since the last purge
        await empty_log(self._sessions)
        logger.info("purged what was kept long enough: %s", purged.kinds or "nothing")
        return purged

    async def _purge(self, *, dry: bool) -> Purged:
        now, purged = self._clock(), Purged()
        if self._limits.contact_days:
            purged.add(await self._contacts(now - timedelta(days=self._limits.contact_days), dry=dry))
        if not self._limits.days:
            return purged
        before = now - timedelta(days=self._limits.days)
        await self._each(purged, retention_queries.persons_gone, self._persons, before, now, dry=dry)
        await self._each(purged, retention_queries.old_talks, self._talks, before, now, dry=dry)
        for root, find in (
            ("booking", retention_queries.past_bookings),
            ("registration", retention_queries.past_registrations),
            ("guidance_wait", retention_queries.past_waits),
            ("job_subscription", retention_queries.past_subscriptions),
        ):
            await self._each(purged, find, _rows_of(root), before, now, dry=dry)
        return purged

    async def _each(
        self,
        purged: Purged,
        find: Find,
        take: Callable[[AsyncSession, list[Any], bool], Awaitable[dict[str, int]]],
        before: datetime,
        now: datetime,
        *,
        dry: bool,
    ) -> None:
        """Go through what is found, a batch a transaction."""
        after = 0
        while True:
            async with self._sessions() if dry else self._sessions.begin() as db:
                found = await find(db, before, now, after, BATCH)
                if not found:
                    return
                purged.add(await take(db, found, dry))
                after = getattr(found[-1], "id", found[-1])

    async def _contacts(self, before: datetime, *, dry: bool) -> dict[str, int]:
        async with self._sessions() if dry else self._sessions.begin() as db:
            of_bookings, of_handovers = await retention_queries.count_contacts(db, before)
            if not dry:
                await retention_queries.remove_contacts(db, before)
        return {"booking_contact": of_bookings, "handover_contact": of_handovers}

    async def _persons(self, db: AsyncSession, persons: list[int], dry: bool) -> dict[str, int]:
        if dry:
            return await belongings.count(db, belongings.PERSON, persons)
        await queries.put_down_dialogues(db, await queries.talk_codes(db, persons), self._clock())
        return await belongings.remove(db, belongings.PERSON, persons)

    async def _talks(self, db: AsyncSession, talks: list[retention_queries.OldTalk], dry: bool) -> dict[str, int]:
        whole = [talk.id for talk in talks if not talk.needed]
        emptied = [talk.id for talk in talks if talk.needed]
        if not dry:
            await queries.put_down_dialogues(db, [talk.code for talk in talks], self._clock())
            await queries.rename_talks(db, emptied)
        do = belongings.count if dry else belongings.remove
        removed = Purged()
        removed.add(await do(db, belongings.CONVERSATION, whole))
        removed.add(await do(db, belongings.CONVERSATION, emptied, but=_EMPTY))
        return removed.rows


def _rows_of(root: str) -> Callable[[AsyncSession, list[int], bool], Awaitable[dict[str, int]]]:
    async def take(db: AsyncSession, ids: list[int], dry: bool) -> dict[str, int]:
        return await (belongings.count if dry else belongings.remove)(db, root, ids)

    return take
