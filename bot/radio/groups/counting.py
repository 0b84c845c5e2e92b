"""Every statement that counts what was asked, and finds its wordings. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.care.tables import CareAlert
from bot.conversations.tables import Feedback, Message
from bot.figures.rules import Period
from bot.knowledge.tables import TopicRow
from bot.radio.groups.queries import in_chunks, incoming, open_alert
from bot.radio.groups.tables import Asked, AskedGroup, AskedText
from bot.radio.groups.views import Filter
from bot.radio.rules import DECLINED, WITHDRAWN
from bot.radio.tables import RadioQuestion


def _counted(period: Period, only: Filter) -> list[ColumnElement[bool]]:
    """What of the questions is counted: asked in the period, and nothing of somebody who is in danger, or took it back."""
    taken_back = exists().where(RadioQuestion.id == Asked.question_id, RadioQuestion.state.in_((WITHDRAWN, DECLINED)))
    parts: list[ColumnElement[bool]] = [
        Asked.at >= period.begins,
        Asked.at < period.ends,
        ~open_alert(Asked.person_id),
        ~exists().where(CareAlert.turn_id == Asked.turn_id),
        ~taken_back,
    ]
    if only.channel:
        parts.append(Asked.channel == only.channel)
    if only.district:
        parts.append(Asked.district == only.district)
    if only.degree:
        parts.append(Asked.degree == only.degree)
    return parts


def _down() -> ColumnElement[int]:
    """One for a question whose answer got 👎."""
    reply = (
        exists()
        .where(
            Feedback.message_id == Message.id,
            Feedback.verdict == "down",
            Message.turn_id == Asked.turn_id,
            Message.direction == "out",
        )
        .correlate(Asked)
    )
    return func.sum(case((reply, 1), else_=0))


def _of_outcome(name: str) -> ColumnElement[int]:
    return func.sum(case((Asked.outcome == name, 1), else_=0))


def _by_group(period: Period, only: Filter) -> Select[Any]:
    return (
        select(AskedText.group_id)
        .select_from(Asked)
        .join(AskedText, AskedText.id == Asked.text_id)
        .where(*_counted(period, only))
        .group_by(AskedText.group_id)
    )


async def counts(
    db: AsyncSession, period: Period, only: Filter, limit: int, offset: int, *, group: int | None = None
) -> Sequence[Any]:
    """Groups by different askers: (group, askers, questions, served, offered, refused, 👎)."""
    askers = func.count(Asked.person_id.distinct())
    wanted = _by_group(period, only).add_columns(
        askers, func.count(), _of_outcome("served"), _of_outcome("offered"), _of_outcome("refused"), _down()
    )
    if group is not None:
        wanted = wanted.where(AskedText.group_id == group)
    if only.search:
        wanted = wanted.where(AskedText.group_id.in_(_named_like(only.search)))
    if only.unanswered:
        topical = select(AskedGroup.id).where(AskedGroup.topic_id.is_not(None))
        wanted = wanted.where(AskedText.group_id.not_in(topical))
    return (await db.execute(wanted.order_by(askers.desc(), AskedText.group_id).limit(limit).offset(offset))).all()


def _named_like(search: str) -> Select[Any]:
    """Groups whose name, title or wordings hold some words."""
    pattern = "%" + search.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"

    def has(column: Any) -> ColumnElement[bool]:
        return column.like(pattern, escape="\\")

    named = (
        select(AskedGroup.id)
        .outerjoin(TopicRow, TopicRow.id == AskedGroup.topic_id)
        .where(or_(has(AskedGroup.name), has(TopicRow.title)))
    )
    asked = (
        select(AskedText.group_id)
        .join(Asked, Asked.text_id == AskedText.id)
        .outerjoin(Message, incoming())
        .outerjoin(RadioQuestion, RadioQuestion.id == Asked.question_id)
        .where(or_(has(Message.text), has(RadioQuestion.text)))
    )
    return named.union(asked)


async def askers(db: AsyncSession, period: Period, only: Filter, groups: Sequence[int]) -> dict[int, int]:
    """Different askers of some groups in a period."""
    found: dict[int, int] = {}
    for some in in_chunks(groups):
        wanted = _by_group(period, only).add_columns(func.count(Asked.person_id.distinct()))
        found |= dict((await db.execute(wanted.where(AskedText.group_id.in_(some)))).all())
    return found


async def by(db: AsyncSession, column: Any, period: Period, group_id: int) -> tuple[tuple[str, int], ...]:
    """Different askers of a group by what a column has, the most first; unknown left out."""
    count = func.count(Asked.person_id.distinct())
    found = await db.execute(
        select(column, count)
        .select_from(Asked)
        .join(AskedText, AskedText.id == Asked.text_id)
        .where(*_counted(period, Filter()), AskedText.group_id == group_id, column.is_not(None))
        .group_by(column)
        .order_by(count.desc(), column)
    )
    return tuple((value, n) for value, n in found)


async def wordings(
    db: AsyncSession, groups: Sequence[int], *, since: datetime | None = None, each: int = 60
) -> dict[int, list[tuple[str, str, int]]]:
    """The texts of some groups that may be read out, those asked most first: (key, text, askers)."""
    text = func.min(func.coalesce(RadioQuestion.text, Message.text))
    count = func.count(Asked.person_id.distinct())
    place = func.row_number().over(partition_by=AskedText.group_id, order_by=(count.desc(), AskedText.id))
    found: dict[int, list[tuple[str, str, int]]] = {one: [] for one in groups}
    for some in in_chunks(groups):
        ranked = (
            select(AskedText.group_id, AskedText.key, text.label("text"), count.label("n"), place.label("place"))
            .join(Asked, Asked.text_id == AskedText.id)
            .outerjoin(RadioQuestion, RadioQuestion.id == Asked.question_id)
            .outerjoin(Message, incoming())
            .where(
                AskedText.group_id.in_(some),
                ~open_alert(Asked.person_id),
                ~exists().where(CareAlert.turn_id == Asked.turn_id),
                or_(
                    Asked.question_id.is_(None),
                    and_(RadioQuestion.consent == "air", RadioQuestion.state.not_in((WITHDRAWN, DECLINED))),
                ),
                *([Asked.at >= since] if since else []),
            )
            .group_by(AskedText.group_id, AskedText.key, AskedText.id)
            .subquery()
        )
        rows = await db.execute(select(ranked).where(ranked.c.place <= each).order_by(ranked.c.place))
        for group_id, key, said, n, _ in rows:
            if said:
                found[group_id].append((key, said, n))
    return found


async def aired(db: AsyncSession, group_id: int) -> tuple[date, ...]:
    """The days on which a question of a group was on air, the latest first."""
    found = await db.scalars(
        select(RadioQuestion.aired_on)
        .join(Asked, Asked.question_id == RadioQuestion.id)
        .join(AskedText, AskedText.id == Asked.text_id)
        .where(AskedText.group_id == group_id, RadioQuestion.aired_on.is_not(None))
        .distinct()
        .order_by(RadioQuestion.aired_on.desc())
    )
    return tuple(day for day in found if day is not None)
