"""Every statement on questions for the programme. They receive an open session and never commit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import contains_eager

from bot.care.tables import CareAlert
from bot.conversations.tables import Conversation, Message, Person, Turn
from bot.radio.rules import DECLINED, OPEN, WITHDRAWN, same_text
from bot.radio.tables import RadioAsker, RadioQuestion
from bot.radio.views import Answer, QuestionView


def question_view(question: RadioQuestion) -> QuestionView:
    """A question as others get it; its asker must be loaded."""
    return view_with(question, question.asker)


def view_with(question: RadioQuestion, asker: RadioAsker | None) -> QuestionView:
    """A question as others get it, with its asker."""
    return QuestionView(
        code=question.code,
        text=question.text,
        for_air=question.for_air,
        nickname=asker.nickname if asker else None,
        consent=question.consent,
        state=question.state,
        received_at=question.received_at,
        selected_at=question.selected_at,
        aired_on=question.aired_on,
        closed_at=question.closed_at,
        reason=question.reason,
        answer=question.answer,
        guest=question.guest,
        answered_at=question.answered_at,
        said_on=question.said_on,
        told_at=asker.told_at if asker else None,
        tells=asker.tells if asker else False,
    )


def _with_askers() -> Select[tuple[RadioQuestion]]:
    return (
        select(RadioQuestion)
        .outerjoin(RadioAsker, RadioAsker.question_id == RadioQuestion.id)
        .options(contains_eager(RadioQuestion.asker))
        .execution_options(populate_existing=True)
    )


async def conversation(db: AsyncSession, code: str) -> Conversation | None:
    """The conversation with that code."""
    return await db.scalar(select(Conversation).where(Conversation.code == code))


async def alone(db: AsyncSession, person_id: int) -> None:
    """Let nobody else ask for this person until the end of the transaction: what is open is counted."""
    await db.execute(select(Person.id).where(Person.id == person_id).with_for_update())


async def by_key(db: AsyncSession, person_id: int, key: str) -> RadioQuestion | None:
    """The question that a press has confirmed before."""
    return await db.scalar(_with_askers().where(RadioAsker.person_id == person_id, RadioAsker.key == key))


async def open_of(db: AsyncSession, person_id: int) -> Sequence[RadioQuestion]:
    """What a person has with the programme that was neither answered nor closed."""
    found = await db.scalars(
        _with_askers().where(
            RadioAsker.person_id == person_id, RadioQuestion.state.in_(OPEN), RadioQuestion.answered_at.is_(None)
        )
    )
    return found.all()


async def same_open(db: AsyncSession, person_id: int, text: str) -> RadioQuestion | None:
    """An open question of the person with the same words."""
    wanted = same_text(text)
    return next((one for one in await open_of(db, person_id) if same_text(one.text) == wanted), None)


async def of_person(db: AsyncSession, person_id: int, limit: int) -> list[QuestionView]:
    """What a person has asked, the latest first."""
    found = await db.scalars(
        _with_askers().where(RadioAsker.person_id == person_id).order_by(RadioQuestion.id.desc()).limit(limit)
    )
    return [question_view(one) for one in found]


async def own(db: AsyncSession, person_id: int, code: str) -> RadioQuestion | None:
    """A person's question by its code."""
    return await db.scalar(_with_askers().where(RadioAsker.person_id == person_id, RadioQuestion.code == code))


async def code_is_free(db: AsyncSession, code: str) -> bool:
    """Whether no question has the code."""
    return await db.scalar(select(RadioQuestion.id).where(RadioQuestion.code == code)) is None


async def last_refused(db: AsyncSession, conversation_id: int) -> str | None:
    """What somebody typed last that we had no answer to."""
    return await db.scalar(
        select(Message.text)
        .join(Turn, Turn.id == Message.turn_id)
        .where(
            Turn.conversation_id == conversation_id,
            Turn.outcome == "refused",
            Message.direction == "in",
            Message.kind == "text",
        )
        .order_by(Turn.id.desc())
        .limit(1)
    )


# -- for the staff -----------------------------------------------------------------------------------------------------


def _out_of_danger() -> ColumnElement[bool]:
    """Whether staff have released whoever asked, if they were in danger: until then nothing of theirs is shown or told."""
    alert = select(CareAlert.id).where(CareAlert.person_id == RadioAsker.person_id, CareAlert.released_at.is_(None))
    return ~exists(alert.correlate(RadioAsker))


async def for_staff(db: AsyncSession, state: str | None, limit: int) -> list[QuestionView]:
    """Questions in a state, or in all, oldest first."""
    wanted = _with_askers().where(_out_of_danger()).order_by(RadioQuestion.id).limit(limit)
    if state is not None:
        wanted = wanted.where(RadioQuestion.state == state)
    return [question_view(one) for one in await db.scalars(wanted)]


async def one_for_staff(db: AsyncSession, code: str) -> RadioQuestion | None:
    """A question by its code, if it may be seen, to be changed: nobody else changes it until the end of the transaction."""
    return await db.scalar(
        _with_askers().where(RadioQuestion.code == code.upper(), _out_of_danger()).with_for_update(of=RadioQuestion)
    )


# -- telling the answer ------------------------------------------------------------------------------------------------


def _to_tell(now: datetime) -> ColumnElement[bool]:
    """Answered, not told, nobody at it, and the person still wants to know."""
    answered = (
        select(RadioQuestion.id)
        .where(
            RadioQuestion.id == RadioAsker.question_id,
            RadioQuestion.answered_at.is_not(None),
            RadioQuestion.state.not_in((WITHDRAWN, DECLINED)),
        )
        .correlate(RadioAsker)
    )
    free = or_(RadioAsker.claimed_until.is_(None), RadioAsker.claimed_until <= now)
    return RadioAsker.told_at.is_(None) & RadioAsker.tells & free & exists(answered) & _out_of_danger()


async def answers_to_tell(db: AsyncSession, now: datetime, limit: int) -> list[Answer]:
    """What is to be told now, in the order in which it was answered."""
    found = await db.scalars(
        _with_askers().where(_to_tell(now)).order_by(RadioQuestion.answered_at, RadioQuestion.id).limit(limit)
    )
    return [
        Answer(one.id, one.asker.identity_id, question_view(one), one.programme_answer) for one in found if one.asker
    ]


async def claim(db: AsyncSession, question_id: int, *, now: datetime, until: datetime) -> bool:
    """Take an answer to tell it; False if somebody else has it, it was told, or is not to be told any more."""
    done = await db.execute(
        update(RadioAsker)
        .where(RadioAsker.question_id == question_id, _to_tell(now))
        .values(claimed_until=until)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount == 1


async def told(db: AsyncSession, question_id: int, at: datetime) -> bool:
    """Mark an answer as told; False if it was."""
    done = await db.execute(
        update(RadioAsker)
        .where(RadioAsker.question_id == question_id, RadioAsker.told_at.is_(None))
        .values(told_at=at, claimed_until=None)
        .execution_options(synchronize_session=False)
    )
    return done.rowcount == 1


async def consenting(db: AsyncSession, person_id: int) -> Sequence[RadioQuestion]:
    """A person's questions that their consent still does something for: not on air yet, or still to be told."""
    found = await db.scalars(
        _with_askers().where(
            RadioAsker.person_id == person_id,
            or_(RadioQuestion.state.in_(OPEN), RadioAsker.tells & RadioAsker.told_at.is_(None)),
            RadioQuestion.state.not_in((WITHDRAWN, DECLINED)),
        )
    )
    return found.all()
