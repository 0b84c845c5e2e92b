"""The inbox of listeners' questions: those given in chat and those typed in from the telephone. One transaction a method."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock
from bot.conversations.tables import Person
from bot.radio import rules as radio
from bot.radio.groups import queries as groups
from bot.radio.groups.rules import UnknownGroup
from bot.radio.groups.service import names_of
from bot.radio.programme import inbox_queries as queries
from bot.radio.programme import rules
from bot.radio.programme.tables import RadioCall
from bot.radio.programme.views import InboxFilter, InboxView
from bot.radio.queries import view_with
from bot.radio.service import new_code
from bot.radio.tables import RadioQuestion
from bot.store import Sessions

CALL = "phone"
"""The channel of a question that came by telephone."""
MOST_TAGS = 8


class NotGrouped(rules.Refusal):
    """The question lies in no group: it came a moment ago, or its words may not be shown."""


class Inbox:
    """Listeners' questions for the desk. What becomes of them is decided by Radio; refusals are rules.Refusal of either."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def listed(self, only: InboxFilter, *, limit: int, offset: int = 0) -> tuple[tuple[InboxView, ...], int]:
        """Questions, the latest first, and how many there are in all."""
        async with self._sessions() as db:
            rows = await queries.listed(db, only, limit, offset)
            return tuple(await _views(db, rows)), await queries.counted(db, only)

    async def one(self, code: str) -> InboxView:
        """One question. Raises UnknownQuestion."""
        async with self._sessions() as db:
            return (await _views(db, [await _row(db, code)]))[0]

    async def tags(self) -> Sequence[tuple[str, int]]:
        """All tags with how many questions have them."""
        async with self._sessions() as db:
            return await queries.tags(db)

    async def take_call(self, text: str, *, caller: str = "", tags: Sequence[str] = (), by: str) -> str:
        """Take a question that came by telephone; its code. Whoever calls in agrees that it is read out.

        Raises radio's NotAsShown (with what would be kept), Unfit or BadNickname.
        """
        text, caller = " ".join(text.split()), caller.strip()
        radio.check_question(text)
        radio.check_masked(text)
        if caller:
            radio.check_nickname(caller)
        async with self._sessions.begin() as db:
            now = self._clock()
            person = Person(code=_person_code(), created_at=now)
            db.add(person)
            await db.flush()
            question = RadioQuestion(
                code=await new_code(db), owner_id=person.id, text=text, consent="air", state=radio.RECEIVED, received_at=now
            )  # fmt: skip
            db.add(question)
            await db.flush()
            db.add(RadioCall(question_id=question.id, person_id=person.id, caller=caller or None, typed_by=by))
            await queries.put_tags(db, question.id, tags)
            return question.code

    async def tag(self, code: str, tags: Sequence[str]) -> None:
        """Give a question these tags and no others. Raises UnknownQuestion."""
        async with self._sessions.begin() as db:
            await queries.put_tags(db, (await _row(db, code))[0].id, tags)

    async def put_into(self, code: str, group_id: int) -> int:
        """Put a question into a group, and all who asked in the same words; the group that it was in.

        Raises UnknownQuestion, UnknownGroup, or NotGrouped.
        """
        async with self._sessions.begin() as db:
            await groups.alone(db)
            question = (await _row(db, code))[0]
            group = await groups.standing_group(db, group_id)
            if group is None:
                raise UnknownGroup(group_id)
            before = await queries.move_text_of(db, question.id, group.id)
            if before is None:
                raise NotGrouped
            return before


def tags_in(text: str) -> tuple[str, ...]:
    """Tags as they were typed, between blanks or commas. Raises BadFields."""
    found = tuple(dict.fromkeys(one.lstrip("#") for one in re.split(r"[\s,，、；;]+", text) if one.lstrip("#")))
    if len(found) > MOST_TAGS or any(len(one) > rules.LIMITS["tag"] for one in found):
        raise rules.BadFields({"tags": "long"})
    return found


async def _row(db: AsyncSession, code: str) -> Any:
    row = await queries.one(db, code)
    if row is None:
        raise radio.UnknownQuestion(code)
    return row


async def _views(db: AsyncSession, rows: Sequence[Any]) -> list[InboxView]:
    ids = [question.id for question, *_ in rows]
    tags, of_groups, sheets = (
        await queries.tags_of(db, ids),
        await queries.groups_of(db, ids),
        await queries.sheets_of(db, ids),
    )
    names = await names_of(db, list(dict.fromkeys(of_groups.values())))
    return [
        InboxView(
            question=view_with(question, asker),
            channel=CALL if call else channel or "",
            caller=(call.caller if call else None) or (asker.nickname if asker else None),
            typed_by=call.typed_by if call else None,
            tags=tuple(tags.get(question.id, ())),
            group=(group, names[group]) if (group := of_groups.get(question.id)) else None,
            sheets=tuple(sheets.get(question.id, ())),
        )
        for question, asker, call, channel in rows
    ]


def _person_code() -> str:
    letters = [secrets.choice(radio.CODE_LETTERS) for _ in range(8)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"
