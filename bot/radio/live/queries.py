"""Every statement on programmes on air. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.care.tables import CareAlert
from bot.radio.groups.queries import open_alert
from bot.radio.groups.tables import Asked, AskedText
from bot.radio.live.tables import LiveNote, LiveSent, LiveShow, LiveWindow
from bot.radio.programme.tables import ProgrammeItem, RadioCall
from bot.radio.rules import DECLINED, WITHDRAWN
from bot.radio.tables import RadioAsker, RadioQuestion

# -- on air ------------------------------------------------------------------------------------------------------------


async def show(db: AsyncSession, programme_id: int) -> LiveShow | None:
    """How a programme stands, now."""
    return await db.get(LiveShow, programme_id, populate_existing=True)


async def on_air(db: AsyncSession) -> LiveShow | None:
    """The programme that is on air."""
    return await db.scalar(select(LiveShow).where(LiveShow.on_air == 1))


async def open_window(db: AsyncSession, programme_id: int) -> LiveWindow | None:
    """The time that questions come in, if it has not ended."""
    return await db.scalar(
        select(LiveWindow).where(LiveWindow.programme_id == programme_id, LiveWindow.closed_at.is_(None))
    )


async def air_and_window(db: AsyncSession, since: datetime) -> tuple[bool, bool]:
    """Whether a programme that began after a moment is on air, and whether it takes questions."""
    open_ = exists().where(LiveWindow.programme_id == LiveShow.programme_id, LiveWindow.closed_at.is_(None))
    found = await db.scalar(select(open_).where(LiveShow.on_air == 1, LiveShow.started_at > since))
    return found is not None, bool(found)


async def first_window(db: AsyncSession, programme_id: int) -> datetime | None:
    """When questions began to come in."""
    return await db.scalar(select(func.min(LiveWindow.opened_at)).where(LiveWindow.programme_id == programme_id))


async def close_window(db: AsyncSession, programme_id: int, *, at: datetime, by: str) -> bool:
    """Let no more questions come in; False where none did."""
    done = await db.execute(
        update(LiveWindow)
        .where(LiveWindow.programme_id == programme_id, LiveWindow.closed_at.is_(None))
        .values(closed_at=at, closed_by=by)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount == 1  # type: ignore[attr-defined]


async def off_air(db: AsyncSession, programme_id: int, *, at: datetime, by: str) -> bool:
    """Take a programme off air; False where it was not on."""
    done = await db.execute(
        update(LiveShow)
        .where(LiveShow.programme_id == programme_id, LiveShow.on_air == 1)
        .values(on_air=None, ended_at=at, ended_by=by)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount == 1  # type: ignore[attr-defined]


# -- what comes in -----------------------------------------------------------------------------------------------------


def _came(programme_id: int) -> list[ColumnElement[bool]]:
    """What of all that was asked came in for a programme and may be read out: cleared, agreed to, nobody in danger."""
    window = exists().where(
        LiveWindow.programme_id == programme_id,
        Asked.at >= LiveWindow.opened_at,
        or_(LiveWindow.closed_at.is_(None), Asked.at < LiveWindow.closed_at),
    )
    given = aliased(RadioQuestion)
    barred = exists().where(
        given.id == Asked.question_id, or_(given.consent != "air", given.state.in_((WITHDRAWN, DECLINED)))
    )
    return [window, ~barred, ~open_alert(Asked.person_id), ~exists().where(CareAlert.turn_id == Asked.turn_id)]


async def groups(db: AsyncSession, programme_id: int, since: datetime, limit: int) -> Sequence[Any]:
    """Groups of what came in, those with most askers first: (group, askers, times, last)."""
    askers, last = func.count(Asked.person_id.distinct()), func.max(Asked.at)
    found = await db.execute(
        select(AskedText.group_id, askers, func.count(), last)
        .join(Asked, Asked.text_id == AskedText.id)
        .where(Asked.at >= since, *_came(programme_id))
        .group_by(AskedText.group_id)
        .order_by(askers.desc(), last.desc(), AskedText.group_id)
        .limit(limit)
    )
    return found.all()


async def questions(db: AsyncSession, programme_id: int, since: datetime, ids: Sequence[int]) -> Sequence[Any]:
    """Listeners' questions among it, by group: (group, question, what the asker is called)."""
    found = await db.execute(
        select(AskedText.group_id, RadioQuestion, func.coalesce(RadioAsker.nickname, RadioCall.caller))
        .join(Asked, Asked.text_id == AskedText.id)
        .join(RadioQuestion, RadioQuestion.id == Asked.question_id)
        .outerjoin(RadioAsker, RadioAsker.question_id == RadioQuestion.id)
        .outerjoin(RadioCall, RadioCall.question_id == RadioQuestion.id)
        .where(AskedText.group_id.in_(ids), Asked.at >= since, *_came(programme_id))
        .order_by(RadioQuestion.id)
        .execution_options(populate_existing=True)
    )
    return found.all()


async def askers_of(db: AsyncSession, programme_id: int, ids: Sequence[int]) -> dict[int, int]:
    """How many different people asked some groups while the programme was on air."""
    found = await db.execute(
        select(AskedText.group_id, func.count(Asked.person_id.distinct()))
        .join(Asked, Asked.text_id == AskedText.id)
        .where(AskedText.group_id.in_(ids), *_came(programme_id))
        .group_by(AskedText.group_id)
    )
    return dict(found.all())  # type: ignore[arg-type]


# -- what the host has -------------------------------------------------------------------------------------------------


async def sent(db: AsyncSession, programme_id: int) -> dict[int, LiveSent]:
    """What the host was sent, by item, in the order in which it was."""
    found = await db.scalars(
        select(LiveSent)
        .join(ProgrammeItem, ProgrammeItem.id == LiveSent.item_id)
        .where(ProgrammeItem.programme_id == programme_id, ProgrammeItem.removed_at.is_(None))
        .order_by(LiveSent.sent_at, LiveSent.item_id)
    )
    return {one.item_id: one for one in found}


async def take_back(db: AsyncSession, item_id: int) -> bool | None:
    """Take something back from the host: whether it came onto the sheet with that; None where they did not have it."""
    return await db.scalar(
        delete(LiveSent).where(LiveSent.item_id == item_id).returning(LiveSent.added),
        execution_options={"synchronize_session": False},
    )


async def items_of(db: AsyncSession, programme_id: int) -> Sequence[Any]:
    """What stands on a sheet: (item, group, question, when it was on air)."""
    found = await db.execute(
        select(ProgrammeItem.id, ProgrammeItem.group_id, ProgrammeItem.question_id, ProgrammeItem.aired_at).where(
            ProgrammeItem.programme_id == programme_id, ProgrammeItem.removed_at.is_(None)
        )
    )
    return found.all()


async def notes(db: AsyncSession, programme_id: int, limit: int) -> list[LiveNote]:
    """What producer and host wrote last, in order."""
    found = await db.scalars(
        select(LiveNote).where(LiveNote.programme_id == programme_id).order_by(LiveNote.id.desc()).limit(limit)
    )
    return list(reversed(found.all()))
