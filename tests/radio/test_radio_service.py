"""Questions with the programme: taken once, so many a person, taken back, selected, aired, answered, told once."""

import asyncio
from datetime import date

import pytest
from radio_setup import QUESTION
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from bot.care.tables import CareAlert
from bot.conversations import queries as conversation_queries
from bot.conversations.tables import Conversation, Identity, Message, Person, Turn
from bot.radio import rules
from bot.radio.service import Radio
from bot.radio.tables import RadioAsker, RadioQuestion

TODAY = date(2026, 11, 24)


async def count(sessions, table) -> int:
    async with sessions() as db:
        return await db.scalar(select(func.count()).select_from(table))


async def person_of(sessions, talk: str) -> int:
    async with sessions() as db:
        return (await db.scalars(select(Conversation.person_id).where(Conversation.code == talk))).one()


async def forget(sessions, talk: str) -> None:
    """As whoever deletes a person does it: their rows, and what the database takes along."""
    person_id = await person_of(sessions, talk)
    async with sessions.begin() as db:
        await db.execute(delete(Conversation).where(Conversation.person_id == person_id))
        await db.execute(delete(Identity).where(Identity.person_id == person_id))
        await db.execute(delete(Person).where(Person.id == person_id))


async def put_in_danger(sessions, talk: str, at) -> None:
    async with sessions.begin() as db:
        conversation = await conversation_queries.conversation_by_code(db, talk)
        turn = Turn(conversation_id=conversation.id, state="answered", received_at=at, retry_at=at, attempts=1)
        db.add(turn)
        await db.flush()
        db.add(
            CareAlert(
                person_id=conversation.person_id,
                conversation_id=conversation.id,
                turn_id=turn.id,
                kind="self",
                words="…",
                found_by="rule",
                at=at,
            )
        )


async def test_a_question_is_kept_as_it_was_shown(radio, meet, clock):
    talk = await meet()

    taken = await radio.submit(talk, QUESTION, nickname="小北", consent="air", key="k")

    assert (taken.text, taken.nickname, taken.consent, taken.state) == (QUESTION, "小北", "air", "received")
    assert taken.received_at == clock.now and len(taken.code) == 6
    assert await radio.mine(talk) == (taken,)


async def test_what_was_not_masked_is_not_stored(radio, meet, sessions):
    with pytest.raises(rules.NotAsShown):
        await radio.submit(await meet(), "打13812345678问我", nickname=None, consent="air", key="k")

    assert await count(sessions, RadioQuestion) == 0


async def test_pressed_twice_is_one_question(radio, meet, sessions):
    talk = await meet()

    first = await radio.submit(talk, QUESTION, nickname=None, consent="air", key="k")
    second = await radio.submit(talk, QUESTION, nickname=None, consent="air", key="k")

    assert first == second == await radio.confirmed(talk, "k")
    assert await count(sessions, RadioQuestion) == 1


async def test_pressed_twice_at_once_in_two_processes_is_one_question(radio, elsewhere, meet, sessions):
    talk = await meet()

    taken = await asyncio.gather(
        *(
            one.submit(talk, QUESTION, nickname=None, consent="air", key="k")
            for one in (radio, elsewhere, radio, elsewhere)
        )
    )

    assert len({one.code for one in taken}) == 1
    assert await count(sessions, RadioQuestion) == 1


async def test_the_same_words_are_not_taken_twice_while_they_are_open(radio, meet, asked):
    talk = await meet()
    first = await asked(talk=talk)

    with pytest.raises(rules.AlreadyAsked) as refusal:
        await asked("大专 去国企，有没有前途？", talk=talk)
    assert refusal.value.question == first

    await radio.withdraw(talk, first.code)
    assert (await asked(talk=talk)).code != first.code


async def test_nobody_has_more_open_questions_than_allowed(sessions, clock, meet, asked):
    radio, talk = Radio(sessions, clock, open_limit=2), await meet()
    for n in range(2):
        last = await radio.submit(talk, f"第{n}个问题是啥", nickname=None, consent="air", key=f"k{n}")

    with pytest.raises(rules.TooMany) as refusal:
        await radio.submit(talk, "还有一个问题", nickname=None, consent="air", key="k3")
    with pytest.raises(rules.TooMany):
        await radio.check_room(talk)
    assert refusal.value.limit == 2
    await radio.check_room(await meet("somebody else"))

    await radio.withdraw(talk, last.code)
    await radio.submit(talk, "还有一个问题", nickname=None, consent="air", key="k3")


async def test_many_presses_at_once_do_not_get_past_the_limit(sessions, clock, elsewhere, meet):
    radio, talk = Radio(sessions, clock), await meet()

    done = await asyncio.gather(
        *(
            (radio, elsewhere)[n % 2].submit(talk, f"第{n}个问题是啥", nickname=None, consent="air", key=f"k{n}")
            for n in range(12)
        ),
        return_exceptions=True,
    )

    assert sum(isinstance(one, rules.TooMany) for one in done) == 7
    assert await count(sessions, RadioQuestion) == 5


async def test_an_answered_question_is_no_longer_open(sessions, clock, meet):
    radio, talk = Radio(sessions, clock, open_limit=1), await meet()
    first = await radio.submit(talk, QUESTION, nickname=None, consent="reply", key="k")

    await radio.answer(first.code, "先干着看。")

    await radio.check_room(talk)


async def test_a_question_goes_from_received_to_selected_to_aired(radio, asked, clock):
    one = await asked()

    selected = await radio.select(one.code)
    then = clock.now
    clock.pass_(days=9)
    aired = await radio.aired(one.code, date(2026, 12, 3))

    assert (selected.state, selected.selected_at) == ("selected", then)
    assert (aired.state, aired.aired_on) == ("aired", date(2026, 12, 3))


async def test_what_was_not_selected_was_not_on_air(radio, asked):
    one = await asked()

    with pytest.raises(rules.CannotBecome):
        await radio.aired(one.code, TODAY)


async def test_what_may_not_be_read_out_is_answered_all_the_same(radio, asked):
    one = await asked(consent="reply")

    with pytest.raises(rules.NotForAir):
        await radio.select(one.code)

    assert (await radio.answer(one.code, "先干着看。", guest="王总")).guest == "王总"


async def test_the_wording_for_air_is_another_one_and_the_first_stays(radio, asked):
    one = await asked()

    edited = await radio.edit(one.code, "大专生进国企，还有没有奔头？")

    assert (edited.spoken, edited.text) == ("大专生进国企，还有没有奔头？", QUESTION)
    await radio.select(one.code)
    await radio.aired(one.code, TODAY)
    with pytest.raises(rules.CannotBecome):
        await radio.edit(one.code, "播了以后再改")


async def test_a_question_is_taken_back_until_it_is_on_air(radio, meet, asked):
    talk = await meet()
    received, selected, aired = [await asked(f"第{n}个问题是啥", talk=talk) for n in range(3)]
    for one in (selected, aired):
        await radio.select(one.code)
    await radio.aired(aired.code, TODAY)

    assert (await radio.withdraw(talk, received.code)).state == "withdrawn"
    assert (await radio.withdraw(talk, selected.code)).state == "withdrawn"
    assert (await radio.withdraw(talk, selected.code)).state == "withdrawn"
    with pytest.raises(rules.CannotBecome):
        await radio.withdraw(talk, aired.code)


async def test_nobody_touches_another_one_s_question(radio, meet, asked):
    one = await asked()

    with pytest.raises(rules.UnknownQuestion):
        await radio.withdraw(await meet("somebody else"), one.code)
    with pytest.raises(rules.UnknownQuestion):
        await radio.tell_no_more(await meet("a third one"), one.code)


async def test_a_question_that_was_turned_down_says_why(radio, meet, asked):
    talk = await meet()
    one = await asked(talk=talk)

    await radio.decline(one.code, "这期主题不合")

    [mine] = await radio.mine(talk)
    assert (mine.state, mine.reason) == ("declined", "这期主题不合")
    with pytest.raises(rules.CannotBecome):
        await radio.answer(one.code, "晚了")


async def test_staff_see_questions_by_state_in_the_order_they_came(radio, asked):
    first, second, third = [await asked(f"第{n}个问题是啥") for n in range(3)]
    await radio.select(second.code)

    assert [one.code for one in await radio.questions()] == [first.code, second.code, third.code]
    assert [one.code for one in await radio.questions("received")] == [first.code, third.code]
    assert [one.code for one in await radio.questions("selected")] == [second.code]
    assert (await radio.question(first.code.lower())).code == first.code


async def test_nothing_of_somebody_in_danger_is_shown_to_staff_or_told(radio, meet, asked, sessions, clock):
    talk = await meet()
    hidden, seen = await asked(talk=talk), await asked()
    for one in (hidden, seen):
        await radio.answer(one.code, "先干着看。")
    await put_in_danger(sessions, talk, clock())

    assert [one.code for one in await radio.questions()] == [seen.code]
    assert [one.question.code for one in await radio.answers_to_tell()] == [seen.code]
    with pytest.raises(rules.UnknownQuestion):
        await radio.select(hidden.code)

    async with sessions.begin() as db:
        await db.execute(update(CareAlert).values(released_at=clock(), released_by="王老师"))
    assert len(await radio.questions()) == 2


# -- the answer is told once -------------------------------------------------------------------------------------------


async def test_an_answer_is_to_be_told_on_the_channel_where_it_was_asked(radio, meet, asked, sessions):
    await meet("a", "telegram")
    talk = await meet("a", "web")
    one = await asked(talk=talk)

    assert await radio.answers_to_tell() == []
    await radio.answer(one.code, "先干着看。")

    [answer] = await radio.answers_to_tell()
    async with sessions() as db:
        web = await conversation_queries.conversation_by_code(db, talk)
    assert (answer.identity_id, answer.question.answer) == (web.identity_id, "先干着看。")


async def test_an_answer_is_claimed_by_one_and_told_once(radio, elsewhere, asked, clock):
    one = await asked()
    await radio.answer(one.code, "先干着看。")
    [answer] = await radio.answers_to_tell()

    claims = await asyncio.gather(*(who.claim(answer.question_id) for who in (radio, elsewhere) * 4))
    assert sum(claims) == 1
    assert await radio.answers_to_tell() == []

    clock.pass_(seconds=61)  # whoever claimed it died
    assert await elsewhere.claim(answer.question_id)
    assert await elsewhere.told(answer.question_id)
    assert not await radio.told(answer.question_id)
    clock.pass_(days=1)
    assert await radio.answers_to_tell() == [] and not await radio.claim(answer.question_id)


async def test_an_answer_may_be_mended_until_it_was_told(radio, asked):
    one = await asked()
    await radio.answer(one.code, "先干着看。")
    assert (await radio.answer(one.code, "先干着看，别急。")).answer == "先干着看，别急。"

    [answer] = await radio.answers_to_tell()
    await radio.claim(answer.question_id)
    await radio.told(answer.question_id)

    with pytest.raises(rules.AlreadyTold):
        await radio.answer(one.code, "又改了")


async def test_what_was_taken_back_between_answer_and_telling_is_not_told(radio, meet, asked):
    talk = await meet()
    one = await asked(talk=talk)
    await radio.answer(one.code, "先干着看。")
    [answer] = await radio.answers_to_tell()

    await radio.withdraw(talk, one.code)

    assert not await radio.claim(answer.question_id)
    assert await radio.answers_to_tell() == []


async def test_who_wants_to_hear_no_more_is_not_told(radio, meet, asked):
    talk = await meet()
    one = await asked(talk=talk)
    await radio.select(one.code)
    await radio.aired(one.code, TODAY)
    await radio.tell_no_more(talk, one.code)

    assert not (await radio.answer(one.code, "先干着看。")).tells
    assert await radio.answers_to_tell() == []


async def test_consent_taken_back_withdraws_what_was_not_on_air_and_ends_all_telling(radio, meet, asked, sessions):
    talk = await meet()
    received, aired = [await asked(f"第{n}个问题是啥", talk=talk) for n in range(2)]
    other = await asked()
    await radio.select(aired.code)
    await radio.aired(aired.code, TODAY)

    assert await radio.withdraw_consent(await person_of(sessions, talk)) == 2
    assert await radio.withdraw_consent(await person_of(sessions, talk)) == 0

    assert [(one.code, one.state) for one in await radio.mine(talk)] == [
        (aired.code, "aired"),
        (received.code, "withdrawn"),
    ]
    for code in (aired.code, other.code):
        await radio.answer(code, "先干着看。")
    assert [one.question.code for one in await radio.answers_to_tell()] == [other.code]


# -- and the person ----------------------------------------------------------------------------------------------------


async def test_questions_go_with_the_person_but_what_was_on_air_stays_without_them(radio, meet, asked, sessions):
    talk = await meet()
    received = await asked("没播的问题是啥", talk=talk, nickname="小北")
    aired = await asked("播了的问题是啥", talk=talk, nickname="小北")
    await radio.select(aired.code)
    await radio.aired(aired.code, TODAY)
    await radio.answer(aired.code, "先干着看。")

    await forget(sessions, talk)

    [left] = await radio.questions()
    assert (left.code, left.nickname, left.tells) == (aired.code, None, False)
    assert await count(sessions, RadioAsker) == 0
    assert await radio.answers_to_tell() == []
    with pytest.raises(rules.UnknownQuestion):
        await radio.question(received.code)


@pytest.mark.parametrize(
    "values",
    [
        {"state": "lost"},
        {"state": "aired"},
        {"state": "selected", "consent": "reply"},
        {"state": "declined"},
        {"state": "selected"},
        {"consent": "maybe"},
        {"answer": "一句话"},
    ],
)
async def test_the_database_itself_refuses_what_cannot_be(asked, sessions, values):
    one = await asked()

    with pytest.raises(IntegrityError):
        async with sessions.begin() as db:
            await db.execute(update(RadioQuestion).where(RadioQuestion.code == one.code).values(**values))


async def test_the_question_that_had_no_answer_is_found_in_the_record(radio, meet, sessions, clock):
    talk = await meet()
    assert await radio.last_refused(talk) is None
    async with sessions.begin() as db:
        conversation = await conversation_queries.conversation_by_code(db, talk)
        for n, (text, outcome) in enumerate([("问过的", "refused"), ("后来问的", "refused"), ("答上的", "served")]):
            turn = Turn(
                conversation_id=conversation.id, state="answered", received_at=clock(), retry_at=clock(), attempts=1,
                outcome=outcome,
            )  # fmt: skip
            db.add(turn)
            await db.flush()
            for direction, kind, words in (("in", "text", text), ("out", "reply", "回了一句")):
                db.add(
                    Message(
                        conversation_id=conversation.id, identity_id=conversation.identity_id, turn_id=turn.id,
                        direction=direction, kind=kind, key=f"{n}{kind}", text=words, at=clock(),
                    )
                )  # fmt: skip

    assert await radio.last_refused(talk) == "后来问的"
    assert await radio.last_refused(await meet("somebody else")) is None
