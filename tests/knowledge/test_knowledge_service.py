"""Answers out of the live tables, on both databases."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from bot.knowledge.rules import Question
from bot.knowledge.service import Knowledge, UnknownTopic

SURE = 0.9


def asked(words: str, topic: str | None = None, **known) -> Question:
    """A question as the engine understood it; `topic` is what its classifier is sure of."""
    ranking = ((topic, SURE),) if topic else ()
    return Question(**({"text": words, "intent": "policy", "confidence": 0.9, "topics": ranking} | known))


async def execute(sessions, statement: str, **values) -> None:
    async with sessions.begin() as db:
        await db.execute(text(statement), values)


async def test_a_question_is_answered_with_its_source(knowledge):
    answered = await knowledge.answer(asked("招应届给公司的一千五咋领", "job-expansion-subsidy"))

    assert (answered.outcome, answered.topic, answered.aspect) == ("served", "job-expansion-subsidy", "general")
    assert answered.reply.source.text.startswith("来源：")
    assert "1500元" in answered.reply.paragraphs[0]


async def test_an_edit_by_plain_sql_is_served_at_once(knowledge, sessions):
    question = asked("贷款能贷多少", "startup-loan")
    await knowledge.answer(question)

    await execute(
        sessions,
        "UPDATE topic_text SET text = '额度昨天刚改。' WHERE topic_id = 'startup-loan' AND key = 'answer'",
    )

    assert "额度昨天刚改。" in (await knowledge.answer(question)).reply.paragraphs[0]


async def test_a_phrasing_inserted_by_plain_sql_is_found_at_once(knowledge, sessions):
    question = asked("老叔说的那个啥票子")
    before = await knowledge.answer(question)

    await execute(
        sessions,
        "INSERT INTO topic_phrasing (topic_id, aspect, text) VALUES ('startup-loan', 'general', '老叔说的那个啥票子')",
    )
    after = await knowledge.answer(question)

    assert before.outcome != "served"
    assert (after.outcome, after.topic) == ("served", "startup-loan")


async def test_a_phrasing_taken_away_is_found_no_more(knowledge, sessions):
    phrase = "扩岗补助是个啥"
    question = asked(phrase)
    assert (await knowledge.answer(question)).topic == "job-expansion-subsidy"

    await execute(sessions, "DELETE FROM topic WHERE id = 'job-expansion-subsidy'")
    after = await knowledge.answer(question)

    assert after.topic != "job-expansion-subsidy"
    assert "job-expansion-subsidy" not in after.offered


async def test_a_new_title_is_on_the_choices_at_once(knowledge, sessions):
    question = asked("档案", topics=(("archive-transfer", 0.3), ("startup-loan", 0.3)), confidence=0.4)
    await knowledge.answer(question)

    await execute(sessions, "UPDATE topic SET title = '档案怎么走' WHERE id = 'archive-transfer'")
    offered = await knowledge.answer(question)

    assert offered.outcome == "offered"
    assert "档案怎么走" in [choice.label for choice in offered.reply.choices]


async def test_a_new_meaning_of_a_term_is_told_at_once(knowledge, sessions):
    question = asked("免申即享是啥意思")
    before = await knowledge.answer(question)

    await execute(sessions, "UPDATE topic_term SET text = '不用你动手。' WHERE term = '免申即享'")
    after = await knowledge.answer(question)

    assert before.reply.paragraphs[0].startswith("【免申即享】")
    assert after.reply.paragraphs == ("【免申即享】不用你动手。",)
    assert after.topic == "job-expansion-subsidy"


async def test_an_edit_rolled_back_is_not_served(knowledge, sessions):
    question = asked("老叔说的那个啥票子")
    before = await knowledge.answer(question)

    with pytest.raises(RuntimeError):
        async with sessions.begin() as db:
            await db.execute(
                text("INSERT INTO topic_phrasing (topic_id, aspect, text) VALUES ('startup-loan', 'who', :t)"),
                {"t": question.text},
            )
            raise RuntimeError

    assert (await knowledge.answer(question)).outcome == before.outcome != "served"


async def test_a_policy_turns_into_history_when_its_last_day_is_over_in_datong(knowledge, clock):
    question = asked("扩岗补助", "job-expansion-subsidy")
    clock.now = datetime(2026, 12, 31, 15, 59, tzinfo=UTC)
    last_minute = await knowledge.answer(question)

    clock.now = datetime(2026, 12, 31, 16, 0, tzinfo=UTC)  # 2027-01-01, midnight in 大同
    new_year = await knowledge.answer(question)

    assert last_minute.reply.paragraphs[0].startswith("【一次性扩岗补助】")
    assert last_minute.reply.caveat is None
    assert new_year.reply.paragraphs[0].startswith("先说明：这项政策到2026年12月31日为止，已经到期")
    assert new_year.reply.paragraphs[1].startswith("现在怎么办：2026年这一轮到12月31日就结束了")
    assert new_year.reply.caveat == "以当地最新公布为准"


async def test_what_is_not_known_is_never_refused_twice_in_the_same_words(knowledge):
    said = []
    for turn in range(7):
        refused = await knowledge.answer(asked("月亮上有没有人卖烤串儿", intent="out_of_scope"), turn=turn)
        assert refused.outcome == "refused"
        said.append(refused.reply.paragraphs)

    assert all(before != after for before, after in zip(said, said[1:], strict=False))


async def test_a_refusal_keeps_the_topic_that_was_talked_of(knowledge):
    refused = await knowledge.answer(asked("月亮上有没有人卖烤串儿", current="startup-loan", current_aspect="who"))

    assert (refused.outcome, refused.topic, refused.aspect) == ("refused", "startup-loan", "who")


async def test_a_pressed_choice_opens_its_aspect(knowledge):
    answered = await knowledge.answer(asked("", chosen_topic="startup-loan", chosen_aspect="materials"))

    assert (answered.topic, answered.aspect) == ("startup-loan", "materials")
    assert answered.reply.knowledge.version == 1


async def test_a_choice_of_a_topic_that_is_gone_is_not_answered_with_another(knowledge, sessions):
    await execute(sessions, "DELETE FROM topic WHERE id = 'startup-loan'")

    with pytest.raises(UnknownTopic) as caught:
        await knowledge.answer(asked("", chosen_topic="startup-loan"))

    assert caught.value.topic == "startup-loan"


async def test_a_topic_that_only_the_trained_model_knows_is_not_served(knowledge):
    answered = await knowledge.answer(asked("月亮上有没有人卖烤串儿", "a-topic-that-was-removed"))

    assert answered.outcome == "refused"


async def test_a_follow_up_without_a_subject_is_offered_what_is_asked_most(knowledge):
    answered = await knowledge.answer(asked("要啥材料嘞", intent="followup", confidence=0.99))

    assert answered.outcome == "offered"
    assert answered.offered == ("job-seeking-subsidy", "archive-transfer", "startup-loan")


async def test_two_processes_see_each_other_s_edits(knowledge, sessions, clock, vectors):
    other = Knowledge(sessions, clock, cache=vectors)
    question = asked("老叔说的那个啥票子")
    await other.answer(question)

    await execute(
        sessions,
        "INSERT INTO topic_phrasing (topic_id, aspect, text) VALUES ('startup-loan', 'general', '老叔说的那个啥票子')",
    )

    assert (await knowledge.answer(question)).topic == (await other.answer(question)).topic == "startup-loan"


async def test_an_empty_database_knows_nothing_and_says_so(sessions, clock):
    refused = await Knowledge(sessions, clock).answer(asked("档案放哪里", "archive-transfer"))

    assert refused.outcome == "refused"


async def test_the_record_of_an_edited_version_is_what_was_served(knowledge, sessions):
    await execute(sessions, "UPDATE topic SET version = 8 WHERE id = 'startup-loan'")

    served = await knowledge.serve("startup-loan")

    assert served.reply.knowledge.version == 8
