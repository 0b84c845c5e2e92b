"""Every statement on what guests said. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.radio.answers.tables import ProgrammeAnswer, ProgrammeAnswerVersion
from bot.radio.groups.tables import Asked, AskedGroup, AskedText
from bot.radio.programme.tables import ProgrammeItem
from bot.radio.rules import DECLINED, WITHDRAWN
from bot.radio.tables import RadioAsker, RadioQuestion

_TEXTS = 400  # texts of a group that new questions are held against: the latest
_CENTRES = 20_000


async def answer(db: AsyncSession, answer_id: int) -> ProgrammeAnswer | None:
    """One, which nobody else changes until the end of the transaction."""
    return await db.get(ProgrammeAnswer, answer_id, populate_existing=True, with_for_update=True)


async def listed(db: AsyncSession, state: str, limit: int) -> Sequence[ProgrammeAnswer]:
    """Those in a state, the latest first; `served` in service, `stopped` taken out of it, `all`."""
    wanted = select(ProgrammeAnswer).order_by(ProgrammeAnswer.id.desc()).limit(limit)
    if state == "served":
        wanted = wanted.where(ProgrammeAnswer.version > 0, ProgrammeAnswer.stopped_at.is_(None))
    elif state == "stopped":
        wanted = wanted.where(ProgrammeAnswer.stopped_at.is_not(None))
    elif state != "all":
        wanted = wanted.where(ProgrammeAnswer.state == state)
    return (await db.scalars(wanted)).all()


async def of_items(db: AsyncSession, items: Sequence[int]) -> dict[int, ProgrammeAnswer]:
    """What was written down of some items, by item; the latest of each."""
    found = await db.scalars(
        select(ProgrammeAnswer).where(ProgrammeAnswer.item_id.in_(items)).order_by(ProgrammeAnswer.id)
    )
    return {one.item_id: one for one in found if one.item_id}


async def of_group(db: AsyncSession, group_id: int) -> Sequence[ProgrammeAnswer]:
    """What guests said to a group, the latest first."""
    found = await db.scalars(
        select(ProgrammeAnswer)
        .where(_of_group(group_id))
        .order_by(ProgrammeAnswer.day.desc(), ProgrammeAnswer.id.desc())
    )
    return found.all()


def _of_group(group_id: int) -> ColumnElement[bool]:
    merged = select(AskedGroup.id).where(or_(AskedGroup.id == group_id, AskedGroup.merged_into == group_id))
    return ProgrammeAnswer.group_id.in_(merged)


async def versions(db: AsyncSession, answer_id: int) -> Sequence[ProgrammeAnswerVersion]:
    """What was served, the latest first."""
    found = await db.scalars(
        select(ProgrammeAnswerVersion)
        .where(ProgrammeAnswerVersion.answer_id == answer_id)
        .order_by(ProgrammeAnswerVersion.version.desc())
    )
    return found.all()


async def group_of(db: AsyncSession, answer_id: int) -> int | None:
    """The group that an answer is of."""
    return await db.scalar(select(ProgrammeAnswer.group_id).where(ProgrammeAnswer.id == answer_id))


# -- in service --------------------------------------------------------------------------------------------------------


def _in_service() -> ColumnElement[bool]:
    return (ProgrammeAnswer.version > 0) & ProgrammeAnswer.stopped_at.is_(None)


async def stamp(db: AsyncSession) -> tuple[int, int, datetime | None]:
    """What changes whenever something else is in service."""
    found = await db.execute(
        select(
            func.count(), func.coalesce(func.sum(ProgrammeAnswer.version), 0), func.max(ProgrammeAnswer.changed_at)
        ).where(_in_service())
    )
    n, versions_, at = found.one()
    return n, versions_, at


async def in_service(db: AsyncSession) -> Sequence[tuple[ProgrammeAnswer, int | None, str | None]]:
    """All in service with the group and the topic they are of now, the latest first."""
    own, kept = aliased(AskedGroup), aliased(AskedGroup)
    found = await db.execute(
        select(
            ProgrammeAnswer,
            func.coalesce(kept.id, own.id),
            func.coalesce(kept.topic_id, own.topic_id, ProgrammeAnswer.topic_id),
        )
        .outerjoin(own, own.id == ProgrammeAnswer.group_id)
        .outerjoin(kept, kept.id == own.merged_into)
        .where(_in_service())
        .order_by(ProgrammeAnswer.day.desc(), ProgrammeAnswer.id.desc())
    )
    return [(one, group, topic) for one, group, topic in found]


async def answered_groups(db: AsyncSession, groups: Sequence[int]) -> set[int]:
    """Those of some groups to which a guest's answer is in service."""
    own = aliased(AskedGroup)
    standing = func.coalesce(own.merged_into, own.id)
    found = select(standing).join(ProgrammeAnswer, ProgrammeAnswer.group_id == own.id)
    return set(await db.scalars(found.where(_in_service(), standing.in_(groups))))


async def texts_of(db: AsyncSession, group_id: int) -> Sequence[tuple[str, bytes]]:
    """The texts of a group: (key, vector), the latest first."""
    found = await db.execute(
        select(AskedText.key, AskedText.vector)
        .where(AskedText.group_id == group_id)
        .order_by(AskedText.id.desc())
        .limit(_TEXTS)
    )
    return [(key, vector) for key, vector in found]


async def other_centres(db: AsyncSession, groups: Sequence[int]) -> Sequence[bytes]:
    """The centres of the groups besides some, the latest first."""
    found = await db.scalars(
        select(AskedGroup.centre)
        .where(
            AskedGroup.centre.is_not(None),
            AskedGroup.merged_into.is_(None),
            AskedGroup.topic_id.is_(None),
            AskedGroup.id.not_in(groups),
        )
        .order_by(AskedGroup.id.desc())
        .limit(_CENTRES)
    )
    return [one for one in found if one]


# -- who asked ---------------------------------------------------------------------------------------------------------


def _asked_it() -> ColumnElement[bool]:
    """Whether a listener's question is one that an answer is to: it lies in the group, or it was the one on air."""
    own, kept = aliased(AskedGroup), aliased(AskedGroup)
    in_group = (
        select(Asked.id)
        .join(AskedText, AskedText.id == Asked.text_id)
        .join(own, own.id == ProgrammeAnswer.group_id)
        .outerjoin(kept, kept.id == own.merged_into)
        .where(Asked.question_id == RadioQuestion.id, AskedText.group_id == func.coalesce(kept.id, own.id))
        .correlate(RadioQuestion, ProgrammeAnswer)
    )
    on_air = (
        select(ProgrammeItem.id)
        .where(ProgrammeItem.id == ProgrammeAnswer.item_id, ProgrammeItem.question_id == RadioQuestion.id)
        .correlate(RadioQuestion, ProgrammeAnswer)
    )
    return or_(exists(in_group), exists(on_air))


async def unanswered(db: AsyncSession, limit: int) -> Sequence[tuple[int, int]]:
    """(question, answer) of listeners' questions that have no answer, and one in service that is to them; the latest."""
    latest = (
        select(func.max(ProgrammeAnswer.id))
        .where(_in_service(), _asked_it())
        .correlate(RadioQuestion)
        .scalar_subquery()
    )
    found = await db.execute(
        select(RadioQuestion.id, latest)
        .where(
            RadioQuestion.answered_at.is_(None),
            RadioQuestion.state.not_in((WITHDRAWN, DECLINED)),
            exists(select(ProgrammeAnswer.id).where(_in_service(), _asked_it()).correlate(RadioQuestion)),
        )
        .order_by(RadioQuestion.id)
        .limit(limit)
    )
    return [(question, answer_id) for question, answer_id in found]


async def put_answer(db: AsyncSession, question_id: int, one: ProgrammeAnswer, at: datetime) -> bool:
    """Answer a question with what a guest said to all of its group; False where it is answered or closed."""
    done = await db.execute(
        update(RadioQuestion)
        .where(
            RadioQuestion.id == question_id,
            RadioQuestion.answered_at.is_(None),
            RadioQuestion.state.not_in((WITHDRAWN, DECLINED)),
        )
        .values(
            answer=one.served, guest=one.guest, answered_at=at, said_on=one.day,
            programme_answer=one.id, programme_version=one.version,
        )
        .execution_options(synchronize_session=False)
    )  # fmt: skip
    return done.rowcount == 1  # type: ignore[attr-defined]


async def renew_answers(db: AsyncSession, one: ProgrammeAnswer, at: datetime) -> None:
    """Give questions that were answered with an earlier version the one in service, where nobody was told yet."""
    untold = exists().where(RadioAsker.question_id == RadioQuestion.id, RadioAsker.told_at.is_(None))
    await db.execute(
        update(RadioQuestion)
        .where(RadioQuestion.programme_answer == one.id, RadioQuestion.programme_version < one.version, untold)
        .values(answer=one.served, guest=one.guest, answered_at=at, said_on=one.day, programme_version=one.version)
        .execution_options(synchronize_session=False)
    )


async def take_answers_back(db: AsyncSession, answer_id: int) -> None:
    """Take an answer that is no longer served from the questions of which nobody was told."""
    told = exists().where(RadioAsker.question_id == RadioQuestion.id, RadioAsker.told_at.is_not(None))
    await db.execute(
        update(RadioQuestion)
        .where(RadioQuestion.programme_answer == answer_id, ~told)
        .values(answer=None, guest=None, answered_at=None, said_on=None, programme_answer=None, programme_version=None)
        .execution_options(synchronize_session=False)
    )


async def waiting_for(db: AsyncSession, answer_id: int) -> tuple[int, int]:
    """How many people asked what an answer is to and agreed to be told, and how many of them were told it."""
    agreed = await db.scalar(
        select(func.count(RadioAsker.person_id.distinct()))
        .select_from(RadioQuestion)
        .join(RadioAsker, RadioAsker.question_id == RadioQuestion.id)
        .join(ProgrammeAnswer, ProgrammeAnswer.id == answer_id)
        .where(
            RadioAsker.tells,
            RadioQuestion.state.not_in((WITHDRAWN, DECLINED)),
            or_(RadioQuestion.answered_at.is_(None), RadioQuestion.programme_answer == answer_id),
            or_(_asked_it(), RadioQuestion.programme_answer == answer_id),
        )
    )
    told = await db.scalar(
        select(func.count(RadioAsker.person_id.distinct()))
        .join(RadioQuestion, RadioQuestion.id == RadioAsker.question_id)
        .where(RadioQuestion.programme_answer == answer_id, RadioAsker.told_at.is_not(None))
    )
    return agreed or 0, told or 0
