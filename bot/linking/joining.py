"""One person on several channels: only if they say so, by a code from one typed in the other; and apart again."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.care.queries import is_stopped
from bot.channels.base import Shown
from bot.clock import Clock
from bot.conversations.masking import mask
from bot.conversations.messages import put
from bot.conversations.queries import shown
from bot.conversations.tables import Identity, Person
from bot.linking import moving, queries, rules, wording
from bot.linking.links import digest
from bot.linking.tables import Joined, JoinGuess
from bot.reply import Reply
from bot.store import Sessions

_TRIES = 4
Side = Literal["here", "there"]
_LETTERS = rules.CODE_LETTERS  # of what staff know a person by, too


@dataclass(frozen=True)
class Given:
    """A code to be typed on another channel, until when, and the channels that are joined already."""

    code: str
    until: datetime
    joined: tuple[str, ...]


@dataclass(frozen=True)
class Asked:
    """A code that was typed: by its digest, and the channel it comes from."""

    code: str
    channel: str


@dataclass(frozen=True)
class Together:
    """The channels are one person's now. `events`: for which both had signed up; `told`: what the others are told."""

    channels: tuple[str, ...]
    events: tuple[str, ...] = ()
    told: tuple[Shown, ...] = ()


@dataclass(frozen=True)
class Apart:
    """The channel is a person of its own now."""

    channels: tuple[str, ...]
    told: tuple[Shown, ...] = ()


class _Again(Exception):
    """Somebody was joined or parted at the same moment: once more from the start."""


class Joining:
    """Each method is one transaction."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    # -- the code ------------------------------------------------------------------------------------------------------

    async def give_code(self, identity_id: int) -> Given:
        """A code of this channel for another one, in the place of an earlier one. Raises InGroup."""
        return await _again_if_raced(lambda: self._give_code(identity_id))

    async def _give_code(self, identity_id: int) -> Given:
        now, code = self._clock(), _new_code()
        async with self._sessions.begin() as db:
            identity = await self._present(db, identity_id)
            await queries.keep_code(db, identity_id, digest(code), now=now, until=now + rules.CODE_FOR)
            others = await self._others(db, identity)
            return Given(code, now + rules.CODE_FOR, tuple(one.channel for one in others))

    async def has_asked(self, identity_id: int) -> bool:
        """Whether a code that comes without a word is meant for us: they asked for one a moment ago."""
        async with self._sessions() as db:
            return await queries.has_code(db, identity_id, self._clock())

    async def type_code(self, identity_id: int, code: str) -> Asked:
        """Take a code from another channel; from then on nobody else can. Nothing is joined yet.

        Raises InGroup, LockedOut, OwnCode, SamePerson or CodeWrong; a wrong one counts.
        """
        refusal: Exception
        known_as, now = digest(code), self._clock()
        async with self._sessions.begin() as db:
            identity = await self._present(db, identity_id)
            guesses = await self._guesses(db, identity.person_id, now)
            if guesses.locked_until is not None and guesses.locked_until > now:
                raise rules.LockedOut(guesses.locked_until)
            if await queries.own_code(db, known_as, identity_id):
                raise rules.OwnCode
            taken = await queries.take_code(db, known_as, identity_id, now)
            if taken is not None:
                other = await self._present(db, taken.identity_id)
                if other.person_id == identity.person_id:
                    raise rules.SamePerson
                return Asked(known_as, other.channel)
            guesses.wrong, guesses.since, guesses.locked_until = rules.after_a_wrong_code(
                guesses.wrong, guesses.since, now
            )
            locked = guesses.locked_until
            refusal = rules.LockedOut(locked) if locked else rules.CodeWrong(rules.GUESSES - guesses.wrong)
        raise refusal  # after the commit: the guess counts

    async def _guesses(self, db: AsyncSession, person_id: int, now: datetime) -> JoinGuess:
        await queries.persons_alone(db, [person_id])  # two guesses at once are two
        found = await queries.guesses(db, person_id)
        if found is None:
            found = JoinGuess(person_id=person_id, wrong=0, since=now)
            db.add(found)
        return found

    async def let_be(self, identity_id: int, code: str) -> None:
        """The code that was typed is not to be used."""
        async with self._sessions.begin() as db:
            await queries.let_go_of_code(db, code, identity_id)

    # -- together ------------------------------------------------------------------------------------------------------

    async def join(self, identity_id: int, code: str) -> Together:
        """Make one person of those of two channels; the same again changes nothing. `code`: its digest.

        Raises CodeWrong, SamePerson, Busy or Overlap; then nothing has changed.
        """
        return await _again_if_raced(lambda: self._join(identity_id, code))

    async def _join(self, identity_id: int, code: str) -> Together:
        now = self._clock()
        async with self._sessions.begin() as db:
            here = await self._present(db, identity_id)
            there = await queries.typed(db, code, identity_id, now)
            if there is None:
                if await queries.was_joined_by(db, code, here.person_id):
                    return Together(await self._channels(db, here.person_id))
                raise rules.CodeWrong(rules.GUESSES)
            if here.person_id == there.person_id:
                raise rules.SamePerson
            both = sorted((here.person_id, there.person_id))
            await self._hold(db, both, here, there)
            await moving.check_free(db, both)
            if await queries.use_code(db, code, identity_id, now) is None:
                raise _Again
            events = await self._make_one(db, both[0], both[1], code, now)
            told = await self._tell(db, there.id, wording.joined_elsewhere(here.channel), f"joined:{code[:32]}", now)
            return Together(await self._channels(db, both[1]), events, told)

    async def _hold(self, db: AsyncSession, persons: list[int], *identities: Identity) -> None:
        """Let nobody add anything to some persons until the end of the transaction. Raises _Again if they changed."""
        before = [(one.id, one.person_id) for one in identities]
        await moving.alone(db, persons)
        held = await queries.persons_alone(db, persons)
        now = [(one, found.person_id if (found := await queries.identity(db, one)) else None) for one, _ in before]
        if len(held) != len(persons) or now != before:
            raise _Again

    async def _make_one(self, db: AsyncSession, gone: int, kept: int, code: str, now: datetime) -> tuple[str, ...]:
        """The later one stays, since its id is never given again, and takes on the code and the age of the earlier one."""
        folded = await moving.fold(db, gone, kept, now)
        theirs = await queries.identities(db, gone)
        known = {one.identity_id for one in await queries.joined(db, [one.id for one in theirs])}
        things = await moving.things_of(db, gone)
        mine = [one.id for one in await queries.identities(db, kept)]
        await queries.drop_links_of(db, [gone, kept])
        await queries.drop_codes(db, [*(one.id for one in theirs), *mine])
        old, stays = await db.get_one(Person, gone), await db.get_one(Person, kept)
        codes, since = (old.code, stays.code), min(old.created_at, stays.created_at)
        await moving.move_all(db, gone, kept)
        await db.execute(delete(Person).where(Person.id == gone))
        stays = await db.get_one(Person, kept, populate_existing=True)
        stays.code, stays.created_at = codes[0], since
        for one in theirs:
            if one.id not in known:
                db.add(Joined(identity_id=one.id, was=gone, was_code=codes[1], code=code, things=things, at=now))
                things = {}
        await db.flush()
        return folded.events

    # -- apart ---------------------------------------------------------------------------------------------------------

    async def others(self, identity_id: int) -> tuple[str, ...]:
        """The other channels of the person of an identity. Raises Alone where there is none."""
        async with self._sessions() as db:
            found = await self._others(db, await self._present(db, identity_id))
        if not found:
            raise rules.Alone
        return tuple(one.channel for one in found)

    async def part(self, identity_id: int, newer: Side) -> Apart:
        """Part a channel from the others: each gets what it had, and what was made since goes to the side of `newer`.

        Raises Alone or Busy; then nothing has changed.
        """
        return await _again_if_raced(lambda: self._part(identity_id, newer))

    async def _part(self, identity_id: int, newer: Side) -> Apart:
        now = self._clock()
        async with self._sessions.begin() as db:
            here = await self._present(db, identity_id)
            person = here.person_id
            await self._hold(db, [person], here)
            others = await self._others(db, here)
            if not others:
                raise rules.Alone
            await moving.check_free(db, [person])
            came = await queries.joined(db, [identity_id])
            leaving = [here.id] if came else [one.id for one in others]
            rows = await queries.joined(db, leaving)
            new = await self._new_person(db, rows, now)
            things = [row.things for row in rows]
            if rows and (newer == "here") == (identity_id in leaving):
                things.append(await moving.made_since(db, person, min(row.at for row in rows)))
            await queries.drop_links_of(db, [person])
            await queries.drop_codes(db, [here.id, *(one.id for one in others)])
            await moving.move_channels(db, leaving, new)
            await moving.move_things(db, things, person, new)
            await moving.drop_joined(db, leaving)
            key, told = f"parted:{here.id}:{now.timestamp():.0f}", []
            for one in others:
                told += await self._tell(db, one.id, wording.parted_elsewhere(here.channel, newer), key, now)
            return Apart(tuple(one.channel for one in others), tuple(told))

    async def _new_person(self, db: AsyncSession, rows: list[Joined], now: datetime) -> int:
        """A person with the code that staff knew them by before, where nobody else has it."""
        before = {row.was_code for row in rows}
        free = len(before) == 1 and await queries.code_is_free(db, *before)
        person = Person(code=before.pop() if free else _person_code(), created_at=now)
        db.add(person)
        await db.flush()
        return person.id

    # -- both ----------------------------------------------------------------------------------------------------------

    async def _present(self, db: AsyncSession, identity_id: int) -> Identity:
        identity = await queries.identity(db, identity_id)
        if identity is None:
            raise rules.Alone
        if await queries.is_shared(db, identity_id):
            raise rules.InGroup
        return identity

    async def _others(self, db: AsyncSession, identity: Identity) -> list[Identity]:
        return [one for one in await queries.identities(db, identity.person_id) if one.id != identity.id]

    async def _channels(self, db: AsyncSession, person_id: int) -> tuple[str, ...]:
        return tuple(one.channel for one in await queries.identities(db, person_id))

    async def _tell(
        self, db: AsyncSession, identity_id: int, reply: Reply, key: str, now: datetime
    ) -> tuple[Shown, ...]:
        """Tell another channel what was done on this one, so that nobody does it behind its back."""
        talk = await queries.latest_talk(db, identity_id)
        if talk is None or await is_stopped(db, talk.person_id):
            return ()
        return (shown(await put(db, talk, reply, "reply", at=now, key=key), talk.code),)


async def _again_if_raced[T](job: Callable[[], Awaitable[T]]) -> T:
    """The job's result; once more when somebody changed the same at the same moment."""
    for attempt in range(_TRIES):
        try:
            return await job()
        except (_Again, IntegrityError):
            if attempt == _TRIES - 1:
                raise
        except DBAPIError as error:  # two transactions waited for one another, and PostgreSQL ended this one
            if attempt == _TRIES - 1 or getattr(error.orig, "sqlstate", None) != "40P01":
                raise
    raise AssertionError("unreachable")


def _new_code() -> str:
    """A code that nobody can guess, and that no masking takes for a number of a person."""
    while True:
        code = "".join(secrets.choice(rules.CODE_LETTERS) for _ in range(rules.CODE_LENGTH))
        if (
            sum(letter.isalpha() for letter in code) >= 3
            and mask(f"绑定 {code}") == f"绑定 {code}"
            and mask(code) == code
        ):
            return code


def _person_code() -> str:
    letters = [secrets.choice(_LETTERS) for _ in range(8)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"
