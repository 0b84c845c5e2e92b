"""Every statement on the inbox of listeners' questions. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.care.tables import CareAlert
from bot.conversations.tables import Identity
from bot.radio.groups.tables import Asked, AskedGroup, AskedText
from bot.radio.programme.tables import Programme, ProgrammeItem, RadioCall, RadioTag
from bot.radio.programme.views import InboxFilter
from bot.radio.rules import OPEN
from bot.radio.tables import RadioAsker, RadioQuestion


def _with_all() -> Select[Any]:
    """Questions with their askers, calls and channels; none of people in danger."""
    alert = select(CareAlert.id).where(CareAlert.person_id == RadioAsker.person_id, CareAlert.released_at.is_(None))
    return (
        select(RadioQuestion, RadioAsker, RadioCall, Identity.channel)
        .outerjoin(RadioAsker, RadioAsker.question_id == RadioQuestion.id)
        .outerjoin(RadioCall, RadioCall.question_id == RadioQuestion.id)
        .outerjoin(Identity, Identity.id == RadioAsker.identity_id)
        .where(~alert.correlate(RadioAsker).exists())
        .execution_options(populate_existing=True)
    )


def _wanted(only: InboxFilter) -> list[ColumnElement[bool]]:
    parts: list[ColumnElement[bool]] = []
    if only.state == "open":
        parts.append(RadioQuestion.state.in_(OPEN))
    elif only.state:
        parts.append(RadioQuestion.state == only.state)
    if only.consent:
        parts.append(RadioQuestion.consent == only.consent)
    if only.tag:
        parts.append(RadioQuestion.id.in_(select(RadioTag.question_id).where(RadioTag.tag == only.tag)))
    if only.came == "call":
        parts.append(RadioCall.question_id.is_not(None))
    elif only.came == "chat":
        parts.append(RadioCall.question_id.is_(None))
    if only.search:
        pattern = "%" + only.search.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
        columns = (RadioQuestion.text, RadioQuestion.for_air, RadioQuestion.code)
        parts.append(or_(*(column.ilike(pattern, escape="\\") for column in columns)))
    return parts


async def listed(db: AsyncSession, only: InboxFilter, limit: int, offset: int) -> Sequence[Any]:
    """Questions, the latest first: (question, asker, call, channel)."""
    wanted = _with_all().where(*_wanted(only)).order_by(RadioQuestion.id.desc()).limit(limit).offset(offset)
    return (await db.execute(wanted)).all()


async def counted(db: AsyncSession, only: InboxFilter) -> int:
    """How many questions there are in all."""
    wanted = _with_all().where(*_wanted(only)).subquery()
    return await db.scalar(select(func.count()).select_from(wanted)) or 0


async def one(db: AsyncSession, code: str) -> Any | None:
    """A question by its code: (question, asker, call, channel)."""
    return (await db.execute(_with_all().where(RadioQuestion.code == code.upper()))).first()


async def tags_of(db: AsyncSession, ids: Sequence[int]) -> dict[int, list[str]]:
    """The tags of questions."""
    found: dict[int, list[str]] = {}
    rows = await db.execute(
        select(RadioTag.question_id, RadioTag.tag).where(RadioTag.question_id.in_(ids)).order_by(RadioTag.tag)
    )
    for question, tag in rows:
        found.setdefault(question, []).append(tag)
    return found


async def tags(db: AsyncSession) -> Sequence[tuple[str, int]]:
    """All tags with how many questions have them, the most used first."""
    count = func.count()
    found = await db.execute(
        select(RadioTag.tag, count).group_by(RadioTag.tag).order_by(count.desc(), RadioTag.tag).limit(60)
    )
    return [(tag, n) for tag, n in found]


async def put_tags(db: AsyncSession, question_id: int, wanted: Sequence[str]) -> None:
    """Give a question these tags and no others."""
    await db.execute(delete(RadioTag).where(RadioTag.question_id == question_id))
    db.add_all(RadioTag(question_id=question_id, tag=tag) for tag in wanted)


async def groups_of(db: AsyncSession, ids: Sequence[int]) -> dict[int, int]:
    """The groups that questions lie in."""
    found = await db.execute(
        select(Asked.question_id, func.coalesce(AskedGroup.merged_into, AskedGroup.id))
        .join(AskedText, AskedText.id == Asked.text_id)
        .join(AskedGroup, AskedGroup.id == AskedText.group_id)
        .where(Asked.question_id.in_(ids))
    )
    return {question: group for question, group in found if question is not None}


async def sheets_of(db: AsyncSession, ids: Sequence[int]) -> dict[int, list[tuple[int, date]]]:
    """The sheets that questions are on: (id, day)."""
    rows = await db.execute(
        select(ProgrammeItem.question_id, Programme.id, Programme.day)
        .join(Programme, Programme.id == ProgrammeItem.programme_id)
        .where(ProgrammeItem.question_id.in_(ids), ProgrammeItem.removed_at.is_(None), Programme.day.is_not(None))
        .order_by(Programme.day)
    )
    found: dict[int, list[tuple[int, date]]] = {}
    for question, sheet, day in rows:
        if question is not None and day is not None:
            found.setdefault(question, []).append((sheet, day))
    return found


async def move_text_of(db: AsyncSession, question_id: int, group_id: int) -> int | None:
    """Move the wording of a question into a group, for good; the group it was in, None where it lies in none."""
    row = (
        await db.execute(
            select(AskedText.id, AskedText.group_id)
            .join(Asked, Asked.text_id == AskedText.id)
            .where(Asked.question_id == question_id)
        )
    ).first()
    if row is None:
        return None
    await db.execute(
        update(AskedText)
        .where(AskedText.id == row.id)
        .values(group_id=group_id, before=row.group_id, pinned=True)
        .execution_options(synchronize_session=False)
    )
    return row.group_id
