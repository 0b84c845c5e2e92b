"""What people do with their questions for the programme, and what the staff do with them. One transaction a method."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date

from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, today
from bot.conversations.finding import UnknownConversation
from bot.conversations.tables import Conversation
from bot.radio import queries, rules
from bot.radio.live import queries as live
from bot.radio.live.rules import LONGEST, Air
from bot.radio.tables import RadioAsker, RadioQuestion
from bot.radio.views import Answer, QuestionView
from bot.store import Sessions

_MINE = 8  # questions that a person is shown


class Radio:
    """Questions for the programme. What cannot be is a rules.Refusal; people are known by their conversation."""

    def __init__(self, sessions: Sessions, clock: Clock, *, open_limit: int = 5) -> None:
        self._sessions, self._clock, self._limit = sessions, clock, open_limit

    # -- what people do ------------------------------------------------------------------------------------------------

    async def check_room(self, conversation: str) -> None:
        """Raise TooMany if the person has as many open questions as anybody may have."""
        async with self._sessions() as db:
            talk = await _talk(db, conversation)
            self._check_room(await queries.open_of(db, talk.person_id))

    async def air(self) -> Air | None:
        """Whether a programme is on air and takes questions; None while none is."""
        async with self._sessions() as db:
            on, open_ = await live.air_and_window(db, self._clock() - LONGEST)
            return ("open" if open_ else "closed") if on else None

    async def submit(
        self, conversation: str, text: str, *, nickname: str | None, consent: rules.Consent, key: str
    ) -> QuestionView:
        """Take a question as it was shown. The same key again is the same question.

        Raises NotAsShown, Unfit, BadNickname, AlreadyAsked where the same words are open, or TooMany.
        """
        async with self._sessions.begin() as db:
            talk = await _talk(db, conversation)
            await queries.alone(db, talk.person_id)
            if (known := await queries.by_key(db, talk.person_id, key)) is not None:
                return queries.question_view(known)
            rules.check_masked(text)
            rules.check_question(text)
            if nickname is not None:
                rules.check_nickname(nickname)
            if (same := await queries.same_open(db, talk.person_id, text)) is not None:
                raise rules.AlreadyAsked(queries.question_view(same))
            self._check_room(await queries.open_of(db, talk.person_id))
            question = RadioQuestion(
                code=await new_code(db),
                owner_id=talk.person_id,
                text=text,
                consent=consent,
                state=rules.RECEIVED,
                received_at=self._clock(),
                asker=RadioAsker(
                    person_id=talk.person_id, identity_id=talk.identity_id, nickname=nickname, key=key, tells=True
                ),
            )
            db.add(question)
            await db.flush()
            return queries.question_view(question)

    async def confirmed(self, conversation: str, key: str) -> QuestionView | None:
        """The question that a press with this key has confirmed; None if none has."""
        async with self._sessions() as db:
            talk = await _talk(db, conversation)
            known = await queries.by_key(db, talk.person_id, key)
            return queries.question_view(known) if known else None

    async def mine(self, conversation: str) -> tuple[QuestionView, ...]:
        """What the person has asked, the latest first."""
        async with self._sessions() as db:
            talk = await _talk(db, conversation)
            return tuple(await queries.of_person(db, talk.person_id, _MINE))

    async def withdraw(self, conversation: str, code: str) -> QuestionView:
        """Take a question back; it is neither read out nor answered. Again: it stays withdrawn.

        Raises UnknownQuestion, or CannotBecome for one that is on air or was turned down.
        """
        async with self._sessions.begin() as db:
            question = await self._own(db, conversation, code)
            if question.state != rules.WITHDRAWN:
                rules.check_becomes(code, question.state, rules.WITHDRAWN, question.consent)
                question.state, question.closed_at = rules.WITHDRAWN, self._clock()
                await db.flush()
            return queries.question_view(question)

    async def tell_no_more(self, conversation: str, code: str) -> QuestionView:
        """Tell the person nothing more of a question. Raises UnknownQuestion."""
        async with self._sessions.begin() as db:
            question = await self._own(db, conversation, code)
            assert question.asker is not None
            question.asker.tells = False
            await db.flush()
            return queries.question_view(question)

    async def withdraw_consent(self, person_id: int) -> int:
        """Take back what the person agreed to: what was not on air is withdrawn, and nothing more is told; how many."""
        async with self._sessions.begin() as db:
            await queries.alone(db, person_id)
            found = await queries.consenting(db, person_id)
            for question in found:
                assert question.asker is not None
                question.asker.tells = False
                if question.state in rules.OPEN:
                    question.state, question.closed_at = rules.WITHDRAWN, self._clock()
            return len(found)

    async def last_refused(self, conversation: str) -> str | None:
        """What the person typed last that we had no answer to."""
        async with self._sessions() as db:
            talk = await _talk(db, conversation)
            return await queries.last_refused(db, talk.id)

    async def _own(self, db: AsyncSession, conversation: str, code: str) -> RadioQuestion:
        talk = await _talk(db, conversation)
        question = await queries.own(db, talk.person_id, code)
        if question is None:
            raise rules.UnknownQuestion(code)
        return question

    def _check_room(self, open_questions: Sequence[RadioQuestion]) -> None:
        if len(open_questions) >= self._limit:
            raise rules.TooMany(self._limit)

    # -- what the staff do ---------------------------------------------------------------------------------------------

    async def questions(self, state: str | None = None, limit: int = 200) -> list[QuestionView]:
        """Questions in a state, or in all, oldest first; none of people in danger."""
        async with self._sessions() as db:
            return await queries.for_staff(db, state, limit)

    async def question(self, code: str) -> QuestionView:
        """One question. Raises UnknownQuestion."""
        async with self._sessions() as db:
            return queries.question_view(await _for_staff(db, code))

    async def edit(self, code: str, text: str) -> QuestionView:
        """Give a question its wording for air; how it was asked stays. Raises UnknownQuestion, CannotBecome or Unfit."""
        async with self._sessions.begin() as db:
            question = await _for_staff(db, code)
            if question.state not in rules.OPEN:
                raise rules.CannotBecome(code, question.state, "edited")
            rules.check_question(text)
            question.for_air = text if text != question.text else None
            await db.flush()
            return queries.question_view(question)

    async def select(self, code: str) -> QuestionView:
        """Take a question for the programme. Raises UnknownQuestion, CannotBecome or NotForAir."""
        async with self._sessions.begin() as db:
            question = await _for_staff(db, code)
            rules.check_becomes(code, question.state, rules.SELECTED, question.consent)
            question.state, question.selected_at = rules.SELECTED, self._clock()
            await db.flush()
            return queries.question_view(question)

    async def aired(self, code: str, on: date) -> QuestionView:
        """Put down when a question was read out; from then on it stays, even if its asker goes.

        Raises UnknownQuestion, CannotBecome, NotForAir or NotThatDay.
        """
        async with self._sessions.begin() as db:
            question = await _for_staff(db, code)
            rules.check_becomes(code, question.state, rules.AIRED, question.consent)
            rules.check_aired_on(on, question.received_at, today=today(self._clock))
            question.state, question.aired_on, question.owner_id = rules.AIRED, on, None
            await db.flush()
            return queries.question_view(question)

    async def answer(self, code: str, text: str, *, guest: str | None = None) -> QuestionView:
        """Put down what the guest said; the person is told once. Before that, the last word counts.

        Raises UnknownQuestion, CannotBecome for one that is closed, or AlreadyTold.
        """
        async with self._sessions.begin() as db:
            question = await _for_staff(db, code)
            if question.state in (rules.WITHDRAWN, rules.DECLINED):
                raise rules.CannotBecome(code, question.state, "answered")
            if question.asker is not None and (told := question.asker.told_at) is not None:
                raise rules.AlreadyTold(code, told)
            question.answer, question.guest, question.answered_at = text, guest, self._clock()
            question.programme_answer = question.programme_version = question.said_on = None
            await db.flush()
            return queries.question_view(question)

    async def decline(self, code: str, reason: str) -> QuestionView:
        """Turn a question down; the person reads why among theirs. Raises UnknownQuestion or CannotBecome."""
        async with self._sessions.begin() as db:
            question = await _for_staff(db, code)
            rules.check_becomes(code, question.state, rules.DECLINED, question.consent)
            question.state, question.reason, question.closed_at = rules.DECLINED, reason, self._clock()
            await db.flush()
            return queries.question_view(question)

    # -- telling the answer --------------------------------------------------------------------------------------------

    async def answers_to_tell(self, limit: int = 50) -> Sequence[Answer]:
        """What is to be told now and nobody is at. Claim each before telling it."""
        async with self._sessions() as db:
            return await queries.answers_to_tell(db, self._clock(), limit)

    async def claim(self, question_id: int) -> bool:
        """Take an answer to tell it; False if it is taken, told, or not wanted any more. It is free again after a minute."""
        now = self._clock()
        async with self._sessions.begin() as db:
            return await queries.claim(db, question_id, now=now, until=now + rules.CLAIM_FOR)

    async def told(self, question_id: int) -> bool:
        """Mark an answer as told; False if it was. Pass Answer.key with the message."""
        async with self._sessions.begin() as db:
            return await queries.told(db, question_id, self._clock())


async def _talk(db: AsyncSession, code: str) -> Conversation:
    talk = await queries.conversation(db, code)
    if talk is None:
        raise UnknownConversation(code)
    return talk


async def _for_staff(db: AsyncSession, code: str) -> RadioQuestion:
    question = await queries.one_for_staff(db, code)
    if question is None:
        raise rules.UnknownQuestion(code)
    return question


async def new_code(db: AsyncSession) -> str:
    """A code that no question has; it is read out, and tells nothing of its asker."""
    while True:
        code = "".join(secrets.choice(rules.CODE_LETTERS) for _ in range(rules.CODE_LENGTH))
        if await queries.code_is_free(db, code):
            return code
