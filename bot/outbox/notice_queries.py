"""Every statement on what people agreed to be sent notices of. They receive an open session and never commit."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.outbox.tables import Delivery, NoticeConsent

_PUT_OFF = timedelta(minutes=10)  # what is put off for longer waits for its person, not for a line


def unused() -> ColumnElement[bool]:
    """Whether a consent can still be used."""
    return and_(NoticeConsent.used_at.is_(None), NoticeConsent.withdrawn_at.is_(None))


def holds_back(earlier: type[Delivery], now: datetime) -> ColumnElement[bool]:
    """Whether an earlier open message of the same person holds one back.

    Not where it waits until they write, and the later one can go as a notice that they agreed to: it would be too late.
    """
    agreed = exists().where(
        NoticeConsent.identity_id == Delivery.identity_id, NoticeConsent.kind == Delivery.notice, unused()
    )
    return or_(earlier.state == "sending", earlier.next_at <= now + _PUT_OFF, ~agreed)


async def brought_before(db: AsyncSession, identity_id: int, event: str, template: str) -> bool:
    """Whether a consent is known already."""
    found = select(NoticeConsent.id).where(
        NoticeConsent.identity_id == identity_id, NoticeConsent.event == event, NoticeConsent.template == template
    )
    return await db.scalar(found) is not None


async def look_again(db: AsyncSession, identity_id: int, kind: str, now: datetime) -> None:
    """Let what waits for somebody, and can go as a notice of a kind, be tried from now on."""
    await db.execute(
        update(Delivery)
        .where(
            Delivery.identity_id == identity_id,
            Delivery.state == "waiting",
            Delivery.notice == kind,
            Delivery.next_at > now,
        )
        .values(next_at=now)
        .execution_options(synchronize_session=False)
    )


async def withdraw(db: AsyncSession, identity_ids: list[int], now: datetime, template: str | None = None) -> None:
    """Take back what is unused: of a template, or all."""
    done = update(NoticeConsent).where(NoticeConsent.identity_id.in_(identity_ids), unused())
    if template is not None:
        done = done.where(NoticeConsent.template == template)
    await db.execute(done.values(withdrawn_at=now).execution_options(synchronize_session=False))


async def used_for(db: AsyncSession, message_id: int) -> NoticeConsent | None:
    """The consent that was used for a message."""
    return await db.scalar(select(NoticeConsent).where(NoticeConsent.used_for == message_id))


async def use(
    db: AsyncSession, identity_id: int, kind: str, template: str, message_id: int, now: datetime
) -> int | None:
    """Use the oldest consent for a message: its number; None where there is none. Two never get the same."""
    while True:
        oldest = await db.scalar(
            select(NoticeConsent.id)
            .where(
                NoticeConsent.identity_id == identity_id,
                NoticeConsent.kind == kind,
                NoticeConsent.template == template,
                unused(),
            )
            .order_by(NoticeConsent.at, NoticeConsent.id)
            .limit(1)
        )
        if oldest is None:
            return None
        done = await db.execute(
            update(NoticeConsent)
            .where(NoticeConsent.id == oldest, unused())
            .values(used_for=message_id, used_at=now, answer=None)
            .execution_options(synchronize_session=False)
        )
        if done.rowcount == 1:  # type: ignore[attr-defined]
            return oldest


async def give_back(db: AsyncSession, message_id: int) -> None:
    """Let the consent that was used for a message be used for another one."""
    await db.execute(
        update(NoticeConsent)
        .where(NoticeConsent.used_for == message_id)
        .values(used_for=None, used_at=None, answer=None)
        .execution_options(synchronize_session=False)
    )


async def answered(db: AsyncSession, message_id: int, code: int) -> None:
    """Keep what the platform said to the notice for a message."""
    await db.execute(
        update(NoticeConsent)
        .where(NoticeConsent.used_for == message_id)
        .values(answer=code)
        .execution_options(synchronize_session=False)
    )


async def told_before(db: AsyncSession, identity_id: int, receipt: str) -> bool:
    """Whether it was told before how a notice arrived."""
    found = select(NoticeConsent.id).where(NoticeConsent.identity_id == identity_id, NoticeConsent.receipt == receipt)
    return await db.scalar(found) is not None


async def oldest_untold(db: AsyncSession, identity_id: int, template: str) -> NoticeConsent | None:
    """The first consent of a template that was used, and of which it is not known how the notice arrived."""
    return await db.scalar(
        select(NoticeConsent)
        .where(
            NoticeConsent.identity_id == identity_id,
            NoticeConsent.template == template,
            NoticeConsent.used_at.is_not(None),
            NoticeConsent.receipt.is_(None),
            or_(NoticeConsent.answer.is_(None), NoticeConsent.answer == 0),
        )
        .order_by(NoticeConsent.used_at, NoticeConsent.id)
        .limit(1)
        .with_for_update()
    )
