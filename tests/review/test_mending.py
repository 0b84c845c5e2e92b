"""Corrections and regression cases made from a turn, on both databases."""

from __future__ import annotations

import pytest
from ruamel.yaml import YAML
from sqlalchemy import select

from bot.knowledge.loading import load
from bot.knowledge.rules import Question
from bot.knowledge.service import Knowledge
from bot.knowledge.tables import PhrasingRow
from bot.privacy import belongings
from bot.review import queries
from bot.review.mending import Known, Mending
from bot.review.rules import Unfit, Unknown
from bot.review.wording import INTENTS
from bot.settings import ROOT

TOPIC = "job-seeking-subsidy"


@pytest.fixture
def mending(sessions, clock) -> Mending:
    return Mending(sessions, clock)


@pytest.fixture
async def knowledge(sessions, clock, tmp_path) -> Knowledge:
    for name in (TOPIC, "startup-loan"):
        (tmp_path / f"{name}.yml").write_bytes((ROOT / "data/knowledge" / f"{name}.yml").read_bytes())
    await load(sessions, tmp_path, clock)
    return Knowledge(sessions, clock)


def test_every_intent_has_a_name_for_staff():
    domain = YAML(typ="safe").load((ROOT / "domain.yml").read_text(encoding="utf-8"))

    assert set(INTENTS) == set(domain["intents"])


async def test_a_corrected_sentence_is_answered_at_once_and_no_more_when_it_is_taken_back(
    mending, knowledge, say, sessions
):
    talk = await say("毕业那个一千块咋整", outcome="refused", topic=None, intent="out_of_scope")
    question = Question(text="毕业那个一千块咋整", intent="policy")
    assert (await knowledge.answer(question)).topic != TOPIC

    made = await mending.correct_topic(talk.turns[0], "毕业那个一千块咋整", TOPIC, "amount", "王芳")

    served = await knowledge.answer(question)
    assert (served.topic, served.outcome) == (TOPIC, "served")
    (row,) = await mending.corrections()
    assert (row.kind, row.intent, row.was_intent, row.by) == ("topic", "policy", "out_of_scope", "王芳")
    async with sessions() as db:
        found = await db.scalars(select(PhrasingRow.origin).where(PhrasingRow.text == row.text))
        assert found.all() == ["review"]

    await mending.undo(made, "李雷")
    assert (await knowledge.answer(question)).topic != TOPIC
    await mending.redo(made)
    assert (await knowledge.answer(question)).topic == TOPIC


async def test_a_sentence_that_is_known_is_noted_and_not_added_twice(mending, knowledge, say):
    talk = await say("毕业那个一千块咋整")
    turn = talk.turns[0]
    await mending.correct_topic(turn, "毕业那个一千块咋整", TOPIC, "general", "王芳")

    with pytest.raises(Known) as same:
        await mending.correct_topic(turn, "毕业那个 一千块咋整？", TOPIC, "general", "李雷")
    with pytest.raises(Known) as other:
        await mending.correct_topic(turn, "毕业那个一千块咋整", "startup-loan", "general", "李雷")

    assert (same.value.same, other.value.same, other.value.topic) == (True, False, TOPIC)
    await mending.correct_topic(turn, "毕业那个一千块咋整", "startup-loan", "general", "李雷", anyway=True)
    assert len(await mending.corrections()) == 2


async def test_what_is_saved_is_masked_and_measured(mending, knowledge, say):
    talk = await say("x")
    made = await mending.correct_topic(talk.turns[0], "我叫王小明，13812345678，补贴咋领", TOPIC, "process", "王芳")

    (row,) = await mending.corrections()
    assert row.id == made
    assert "13812345678" not in row.text
    for text, topic, aspect, field in (
        ("", TOPIC, "general", "text"), ("长" * 201, TOPIC, "general", "text"), ("好", "nothing", "general", "topic"),
        ("好", TOPIC, "price", "aspect"),
    ):  # fmt: skip
        with pytest.raises(Unfit) as refused:
            await mending.correct_topic(talk.turns[0], text, topic, aspect, "王芳")
        assert refused.value.field == field
    with pytest.raises(Unknown):
        await mending.correct_topic(10**6, "好", TOPIC, "general", "王芳")


async def test_an_intent_is_corrected_for_the_next_training(mending, say, sessions):
    talk = await say("我不想活得这么累", intent="weary")
    await mending.correct_intent(talk.turns[0], "我不想活得这么累", "distress_mild", "王芳")

    for text, intent, why in (
        ("我不想活得这么累！", "distress_mild", "same"),
        ("好", "policy", "unknown"),
        ("好", "x", "unknown"),
    ):
        with pytest.raises(Unfit) as refused:
            await mending.correct_intent(talk.turns[0], text, intent, "王芳")
        assert refused.value.why == why
    async with sessions() as db:
        (row,) = await queries.standing_corrections(db)
    assert (row.kind, row.text, row.intent, row.topic) == ("intent", "我不想活得这么累", "distress_mild", None)


async def test_a_case_keeps_what_was_said_after_what_and_what_has_to_come_of_it(mending, knowledge, say, sessions):
    talk = await say("那要啥材料", topic=TOPIC)
    turn = talk.turns[0]
    made = await mending.keep_case(
        turn,
        "那要啥材料",
        "求职补贴咋领",
        "served",
        "王芳",
        topic=TOPIC,
        aspect="materials",
        current=(TOPIC, "process"),
    )
    await mending.keep_case(turn, "火星移民", "", "refused", "王芳", topic=TOPIC, current=(TOPIC, None))
    await mending.keep_case(turn, "想找活", "", "understood", "王芳", intent="job_search")

    with pytest.raises(Unfit) as same:
        await mending.keep_case(turn, "那要啥材料", "求职补贴咋领", "refused", "李雷")
    assert same.value.why == "same"
    found = {row.id: row for row in await mending.cases()}
    kept = found[made]
    assert (kept.before, kept.current_topic, kept.current_aspect, kept.topic, kept.aspect) == (
        "求职补贴咋领", TOPIC, "process", TOPIC, "materials",
    )  # fmt: skip
    refused = next(row for row in found.values() if row.expects == "refused")
    assert (refused.topic, refused.current_topic) == (None, None)

    await mending.remove_case(made, "王芳")
    assert await mending.counted() == (0, 2)
    await mending.restore_case(made)
    async with sessions() as db:
        assert next(row.id for row in await queries.standing_cases(db)) == made


async def test_what_was_made_of_a_turn_stays_without_it(mending, knowledge, say, sessions):
    talk = await say("毕业那个一千块咋整")
    await mending.correct_topic(talk.turns[0], "毕业那个一千块咋整", TOPIC, "general", "王芳")
    await mending.keep_case(talk.turns[0], "毕业那个一千块咋整", "", "served", "王芳", topic=TOPIC)

    async with sessions.begin() as db:
        await belongings.remove(db, belongings.PERSON, [talk.person])

    (correction,), (case,) = await mending.corrections(), await mending.cases()
    assert (correction.turn_id, case.turn_id) == (None, None)


async def test_a_corrected_sentence_keeps_a_topic_s_file_from_nothing_and_stays_when_it_is_loaded(
    mending, knowledge, say, sessions, clock, tmp_path
):
    talk = await say("毕业那个一千块咋整")
    await mending.correct_topic(talk.turns[0], "毕业那个一千块咋整", TOPIC, "general", "王芳")
    path = tmp_path / f"{TOPIC}.yml"
    path.write_text(path.read_text(encoding="utf-8") + "\n# looked through\n", encoding="utf-8")

    loaded = await load(sessions, tmp_path, clock)

    assert (loaded.changed, loaded.edited) == ([TOPIC], [])
    assert (await knowledge.answer(Question(text="毕业那个一千块咋整", intent="policy"))).topic == TOPIC
