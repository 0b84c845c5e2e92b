"""What a person can have done with what is stored of them: told, taken away, taken back, deleted."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal, Protocol

from sqlalchemy.exc import IntegrityError

from bot.clock import Clock
from bot.conversations.engine import EngineUnavailable
from bot.conversations.tables import Conversation, Person
from bot.privacy import belongings, queries
from bot.privacy.erasing import empty_log, erase_dialogues
from bot.privacy.kinds import by_kind
from bot.privacy.retention import Limits
from bot.privacy.views import Due, Forgotten, Kept, OpenThing
from bot.store import Sessions

logger = logging.getLogger(__name__)

READ_FIRST = timedelta(seconds=3)
"""How long after the yes the deletion begins: the answer to it is stored and shown before."""
_PATIENCE = timedelta(minutes=1)  # how long it waits for messages that are still being answered
_TRIES = 5


Keep = Literal["nothing", "fixed", "open"]


class UnknownPerson(Exception):
    """Nobody, or nobody any more."""


class Dialogues(Protocol):
    """Where the engine is told to delete the states of conversations."""

    async def forget(self, senders: Sequence[str]) -> None:
        """Delete them for good. Raises EngineUnavailable."""


class Privacy:
    """Each method is one transaction unless it says otherwise."""

    def __init__(
        self, sessions: Sessions, clock: Clock, limits: Limits, *, change_within: timedelta = timedelta(hours=2)
    ) -> None:
        self._sessions, self._clock, self._limits = sessions, clock, limits
        self._change_within = change_within

    # -- told and taken away -------------------------------------------------------------------------------------------

    async def kept(self, person_id: int) -> Kept:
        """What is stored of a person, by kind. Raises UnknownPerson."""
        now = self._clock()
        async with self._sessions() as db:
            code = await queries.code_of(db, person_id)
            if code is None:
                raise UnknownPerson(person_id)
            return Kept(
                code=code,
                counts=by_kind(await queries.counted(db, person_id)),
                since=await queries.since(db, person_id),
                consents=await queries.consents(db, person_id, now),
                open=tuple(await self._open(db, person_id)),
                retention_days=self._limits.days,
                contact_days=self._limits.contact_days,
            )

    async def record(self, person_id: int) -> dict[str, list[dict[str, Any]]]:
        """Every row of a person, by table, as it is stored: masked, and what is sealed sealed."""
        async with self._sessions() as db:
            return await queries.record(db, person_id)

    async def kept_by_code(self, code: str) -> Kept:
        """The same of the person whom staff know by that code. Raises UnknownPerson."""
        return await self.kept(await self._by_code(code))

    async def record_by_code(self, code: str) -> dict[str, list[dict[str, Any]]]:
        """The same of the person whom staff know by that code. Raises UnknownPerson."""
        return await self.record(await self._by_code(code))

    async def _by_code(self, code: str) -> int:
        async with self._sessions() as db:
            person: Person | None = await queries.person_by_code(db, code.strip().upper())
        if person is None:
            raise UnknownPerson(code)
        return person.id

    async def _open(self, db: Any, person_id: int) -> list[OpenThing]:
        now = self._clock()
        sessions = await queries.bookings_to_come(db, person_id, now, now + self._change_within)
        return sessions + await queries.events_to_come(db, person_id, now)

    # -- taken back ----------------------------------------------------------------------------------------------------

    async def withdraw(self, person_id: int, kinds: Sequence[str]) -> None:
        """Take back what a person agreed to."""
        async with self._sessions.begin() as db:
            for kind in kinds:
                await queries.withdraw(db, person_id, kind, self._clock())

    # -- deleted -------------------------------------------------------------------------------------------------------

    async def ask_to_forget(self, person_id: int, *, keep_open: bool) -> bool:
        """Put down that a person wants to be deleted; it is done a moment later, by whoever looks after that.

        With `keep_open` what they have booked stays until it is over. A session that begins too soon to be called off
        stays in any case: then, and with `keep_open` where there is something, True.
        """
        now = self._clock()
        async with self._sessions.begin() as db:
            if await queries.code_of(db, person_id) is None:
                raise UnknownPerson(person_id)
            open_ = await self._open(db, person_id)
            keeps = any(thing.fixed or keep_open for thing in open_)
            await queries.ask(db, person_id, now, now + READ_FIRST, keeps_open=keep_open)
        return keeps

    async def due(self) -> list[Due]:
        """Who is to be deleted now."""
        now = self._clock()
        async with self._sessions() as db:
            return await queries.due(db, now, now - _PATIENCE)

    async def forget(self, person_id: int, *, keep: Keep = "nothing") -> Forgotten:
        """Delete a person with everything, or with everything but what is still to come; again: nothing.

        `keep`: of sessions and events to come none, those that are too soon to be called off (fixed), or all (open). A
        person of whom something stays is deleted once it is over.

        The codes of their conversations stand on the list of dialogues until those are deleted too (`forget_dialogues`).
        """
        for attempt in range(_TRIES):
            try:
                return await self._forget(person_id, keep)
            except IntegrityError:  # a turn of theirs was being answered, and wrote its reply meanwhile
                if attempt == _TRIES - 1:
                    raise
        raise AssertionError("unreachable")

    async def _forget(self, person_id: int, keep: Keep) -> Forgotten:
        now = self._clock()
        async with self._sessions.begin() as db:
            talks = await queries.talk_codes(db, [person_id])
            await queries.put_down_dialogues(db, talks, now)
            to_come = [] if keep == "nothing" else await self._open(db, person_id)
            stays = [thing for thing in to_come if thing.fixed or keep == "open"]
            if not stays:
                removed = await belongings.remove(db, belongings.PERSON, [person_id])
            else:
                removed = await queries.remove_but(db, person_id, stays)
                for identity in await queries.identities(db, person_id):  # where they are reminded
                    db.add(
                        Conversation(
                            code=queries.new_code(),
                            person_id=person_id,
                            identity_id=identity.id,
                            channel=identity.channel,
                            started_at=now,
                            last_at=now,
                        )
                    )
                over = max(thing.ends_at for thing in stays)
                await queries.ask(db, person_id, now, over, keeps_open=False)
        await empty_log(self._sessions)
        logger.info("a person was deleted: %s", {table: n for table, n in removed.items() if n})
        return Forgotten(tuple(talks), removed)

    async def forget_by_code(self, code: str) -> Forgotten:
        """Delete the person whom staff know by that code. Raises UnknownPerson."""
        return await self.forget(await self._by_code(code))

    async def dialogues(self) -> list[str]:
        """The conversations that are deleted here and of which the engine may still have something."""
        async with self._sessions() as db:
            return await queries.dialogues(db)

    async def forget_dialogues(self, engine: Dialogues, gone: Callable[[str], Awaitable[None]] | None = None) -> int:
        """Have the engine delete what it has of deleted conversations; how many. `gone` is told of each.

        Raises EngineUnavailable; then they stay on the list.
        """
        async with self._sessions() as db:
            codes = await queries.dialogues(db)
        if codes:
            await engine.forget(codes)
            async with self._sessions.begin() as db:
                await queries.dialogues_gone(db, codes)
            await empty_log(self._sessions)
            for code in codes if gone else ():
                await gone(code)
        return len(codes)


async def forget_dialogues_here(engine: Dialogues, file: Path, codes: Sequence[str]) -> None:
    """Delete states of conversations in the engine that runs, or in its file where none does."""
    try:
        await engine.forget(codes)
    except EngineUnavailable:
        erase_dialogues(file, list(codes))
