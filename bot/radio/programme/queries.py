"""Every statement on guests, running sheets and their items. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased, joinedload

from bot.care.tables import CareAlert
from bot.radio.groups.tables import Asked, AskedGroup, AskedText
from bot.radio.programme.tables import Programme, ProgrammeItem, RadioCall, RadioGuest
from bot.radio.tables import RadioAsker, RadioQuestion

# -- guests ------------------------------------------------------------------------------------------------------------


async def guests(db: AsyncSession, *, gone: bool) -> Sequence[RadioGuest]:
    """Guests, the latest first; those no longer offered only where wanted."""
    wanted = select(RadioGuest).order_by(RadioGuest.id.desc())
    return (await db.scalars(wanted if gone else wanted.where(RadioGuest.gone_at.is_(None)))).all()


async def guest(db: AsyncSession, guest_id: int) -> RadioGuest | None:
    """A guest, as it is now, to be changed."""
    return await db.get(RadioGuest, guest_id, populate_existing=True, with_for_update=True)


async def days_of_guests(db: AsyncSession) -> dict[int, tuple[int, date]]:
    """How often guests were or will be on, and the last day."""
    found = await db.execute(
        select(Programme.guest_id, func.count(), func.max(Programme.day))
        .where(Programme.guest_id.is_not(None), Programme.day.is_not(None))
        .group_by(Programme.guest_id)
    )
    return {guest: (n, day) for guest, n, day in found if guest is not None and day is not None}


# -- sheets ------------------------------------------------------------------------------------------------------------


def _with_guest() -> Any:
    return joinedload(Programme.guest)


async def sheets(db: AsyncSession, kind: str, today: date, limit: int) -> Sequence[Programme]:
    """Sheets to come (today's among them), those of the past, templates, or what was put away."""
    wanted = select(Programme).options(_with_guest()).limit(limit)
    if kind == "archived":
        return (await db.scalars(wanted.where(Programme.archived_at.is_not(None)).order_by(Programme.id.desc()))).all()
    wanted = wanted.where(Programme.archived_at.is_(None))
    if kind == "templates":
        wanted = wanted.where(Programme.template).order_by(Programme.title, Programme.id)
    elif kind == "past":
        wanted = wanted.where(Programme.day < today).order_by(Programme.day.desc(), Programme.id.desc())
    else:
        wanted = wanted.where(Programme.day >= today).order_by(Programme.day, Programme.id)
    return (await db.scalars(wanted)).all()


async def counts_of(db: AsyncSession, ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """How many items sheets have, and how many of them were on air."""
    found = await db.execute(
        select(ProgrammeItem.programme_id, func.count(), func.count(ProgrammeItem.aired_at))
        .where(ProgrammeItem.programme_id.in_(ids), ProgrammeItem.removed_at.is_(None))
        .group_by(ProgrammeItem.programme_id)
    )
    return {sheet: (n, aired) for sheet, n, aired in found}


async def sheet(db: AsyncSession, sheet_id: int) -> Programme | None:
    """A sheet with its guest."""
    return await db.get(Programme, sheet_id, options=[_with_guest()], populate_existing=True)


async def sheet_to_change(db: AsyncSession, sheet_id: int) -> Programme | None:
    """A sheet, which nobody else changes until the end of the transaction, nor what is on it."""
    return await db.scalar(
        select(Programme).where(Programme.id == sheet_id).with_for_update().execution_options(populate_existing=True)
    )


# -- items -------------------------------------------------------------------------------------------------------------


async def items(db: AsyncSession, sheet_id: int, *, removed: bool = False) -> list[ProgrammeItem]:
    """What is on a sheet, in order; or what was taken off it, the latest first."""
    wanted = select(ProgrammeItem).where(ProgrammeItem.programme_id == sheet_id)
    if removed:
        wanted = wanted.where(ProgrammeItem.removed_at.is_not(None)).order_by(ProgrammeItem.removed_at.desc())
    else:
        wanted = wanted.where(ProgrammeItem.removed_at.is_(None)).order_by(ProgrammeItem.place, ProgrammeItem.id)
    return list((await db.scalars(wanted.execution_options(populate_existing=True))).all())


async def item(db: AsyncSession, sheet_id: int, item_id: int) -> ProgrammeItem | None:
    """One item of a sheet, taken off or not."""
    return await db.scalar(
        select(ProgrammeItem)
        .where(ProgrammeItem.id == item_id, ProgrammeItem.programme_id == sheet_id)
        .execution_options(populate_existing=True)
    )


async def item_by_id(db: AsyncSession, item_id: int) -> ProgrammeItem | None:
    """One item of whichever sheet, unless it was taken off."""
    item = await db.get(ProgrammeItem, item_id, populate_existing=True)
    return item if item is not None and item.removed_at is None else None


async def last_place(db: AsyncSession, sheet_id: int) -> int:
    """The place of the last item; 0 of none."""
    found = select(func.max(ProgrammeItem.place)).where(ProgrammeItem.programme_id == sheet_id)
    return await db.scalar(found) or 0


async def edit_item(db: AsyncSession, item_id: int, version: int, values: dict[str, Any]) -> bool:
    """Change an item if it is as it was seen; False if somebody was faster, or it was taken off."""
    done = await db.execute(
        update(ProgrammeItem)
        .where(ProgrammeItem.id == item_id, ProgrammeItem.version == version, ProgrammeItem.removed_at.is_(None))
        .values(version=version + 1, **values)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount == 1  # type: ignore[attr-defined]


async def standing_groups(db: AsyncSession, ids: Sequence[int]) -> dict[int, int]:
    """The groups that some groups are part of now; themselves where they are part of none."""
    found = await db.execute(
        select(AskedGroup.id, func.coalesce(AskedGroup.merged_into, AskedGroup.id)).where(AskedGroup.id.in_(ids))
    )
    return dict(found.all())  # type: ignore[arg-type]


async def group_topics(db: AsyncSession, ids: Sequence[int]) -> dict[int, str]:
    """The topics of groups."""
    found = await db.execute(
        select(AskedGroup.id, AskedGroup.topic_id).where(AskedGroup.id.in_(ids), AskedGroup.topic_id.is_not(None))
    )
    return {group: topic for group, topic in found if topic is not None}


async def questions(db: AsyncSession, ids: Sequence[int]) -> dict[int, tuple[RadioQuestion, str | None]]:
    """Listeners' questions by their ids, each with what its asker is to be called. None of people in danger."""
    alert = select(CareAlert.id).where(CareAlert.person_id == RadioAsker.person_id, CareAlert.released_at.is_(None))
    found = await db.execute(
        select(RadioQuestion, func.coalesce(RadioAsker.nickname, RadioCall.caller))
        .outerjoin(RadioAsker, RadioAsker.question_id == RadioQuestion.id)
        .outerjoin(RadioCall, RadioCall.question_id == RadioQuestion.id)
        .where(RadioQuestion.id.in_(ids), ~alert.correlate(RadioAsker).exists())
        .execution_options(populate_existing=True)
    )
    return {question.id: (question, name) for question, name in found}


async def question_by_code(db: AsyncSession, code: str) -> RadioQuestion | None:
    """A listener's question, to be changed; None of somebody in danger."""
    question = await db.scalar(select(RadioQuestion).where(RadioQuestion.code == code.upper()).with_for_update())
    return question if question is not None and await questions(db, [question.id]) else None


async def caller_of(db: AsyncSession, question_id: int) -> int | None:
    """The person who asked a question, in chat or by telephone; None where they are gone."""
    asker = await db.scalar(select(RadioAsker.person_id).where(RadioAsker.question_id == question_id))
    return asker or await db.scalar(select(RadioCall.person_id).where(RadioCall.question_id == question_id))


async def on_air_elsewhere(
    db: AsyncSession, groups: Sequence[int], topics: Sequence[str], but: int
) -> tuple[dict[int, set[date]], dict[str, set[date]]]:
    """The days of other sheets that have some groups, or groups of some topics, on them."""
    asked = aliased(AskedGroup)
    standing = func.coalesce(asked.merged_into, asked.id)
    found = await db.execute(
        select(standing, ProgrammeItem.topic_id, Programme.day)
        .select_from(ProgrammeItem)
        .join(Programme, Programme.id == ProgrammeItem.programme_id)
        .outerjoin(asked, asked.id == ProgrammeItem.group_id)
        .where(
            Programme.id != but,
            Programme.day.is_not(None),
            Programme.archived_at.is_(None) | ProgrammeItem.aired_at.is_not(None),
            ProgrammeItem.removed_at.is_(None),
            or_(standing.in_(groups), ProgrammeItem.topic_id.in_(topics)),
        )
    )
    by_group: dict[int, set[date]] = {}
    by_topic: dict[str, set[date]] = {}
    for group, topic, day in found:
        if group is not None:
            by_group.setdefault(group, set()).add(day)
        if topic is not None:
            by_topic.setdefault(topic, set()).add(day)
    return by_group, by_topic


async def aired_of(db: AsyncSession, groups: Sequence[int]) -> set[date]:
    """The days of sheets on which some groups were on air."""
    found = await db.scalars(
        select(Programme.day)
        .join(ProgrammeItem, ProgrammeItem.programme_id == Programme.id)
        .where(ProgrammeItem.group_id.in_(groups), ProgrammeItem.aired_at.is_not(None), Programme.day.is_not(None))
    )
    return {day for day in found if day is not None}


async def sheets_with(db: AsyncSession, group: int, since: date) -> Sequence[tuple[int, str, date]]:
    """Sheets of a day and later that have a group on them: (id, title, day)."""
    found = await db.execute(
        select(Programme.id, Programme.title, Programme.day)
        .join(ProgrammeItem, ProgrammeItem.programme_id == Programme.id)
        .where(
            and_(Programme.day >= since, Programme.archived_at.is_(None)),
            ProgrammeItem.group_id == group,
            ProgrammeItem.removed_at.is_(None),
        )
        .distinct()
        .order_by(Programme.day)
    )
    return [(sheet, title, day) for sheet, title, day in found if day is not None]


async def group_of_question(db: AsyncSession, question_id: int) -> int | None:
    """The group that a listener's question lies in; None where it lies in none."""
    return await db.scalar(
        select(AskedText.group_id).join(Asked, Asked.text_id == AskedText.id).where(Asked.question_id == question_id)
    )


async def aired_besides(db: AsyncSession, question_id: int, item_id: int) -> bool:
    """Whether a listener's question was on air by another item than this one."""
    other = select(ProgrammeItem.id).where(
        ProgrammeItem.question_id == question_id, ProgrammeItem.id != item_id, ProgrammeItem.aired_at.is_not(None)
    )
    return await db.scalar(other.limit(1)) is not None


async def mark_aired(db: AsyncSession, item_id: int, *, at: datetime | None, by: str | None) -> None:
    """Put down that an item was on air, or that it was not."""
    await db.execute(
        update(ProgrammeItem)
        .where(ProgrammeItem.id == item_id)
        .values(aired_at=at, aired_by=by)
        .execution_options(synchronize_session=False)
    )
