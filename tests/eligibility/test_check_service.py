"""The check over the live tables, on both databases: edits count at once, facts are kept with a yes and forgotten."""

from __future__ import annotations

import pytest
from eligibility_setup import BENEFITS, FACTS, Somebody, topic_row
from sqlalchemy import delete, select, text, update

from bot.conversations.tables import Conversation, Identity, Person
from bot.eligibility.service import EligibilityCheck
from bot.eligibility.tables import EligibilityFacts
from bot.knowledge import queries as knowledge
from bot.knowledge.loading import content_of_row
from bot.knowledge.tables import TopicRow

FITS = {"graduated": "this_year", "insurance": "self", "age": 22, "loan": "no", "hardship": []}


@pytest.fixture
async def check(sessions, clock) -> EligibilityCheck:
    async with sessions.begin() as db:
        db.add_all(topic_row(name, position) for position, name in enumerate([*BENEFITS, "no-benefit"]))
    return EligibilityCheck(sessions, clock, FACTS)


@pytest.fixture
async def person(sessions, clock) -> int:
    """Somebody with two conversations, c1 and c2."""
    async with sessions.begin() as db:
        someone = Person(code="P00001", created_at=clock())
        db.add(someone)
        await db.flush()
        identity = Identity(person_id=someone.id, channel="web", sender="s", created_at=clock())
        db.add(identity)
        await db.flush()
        db.add_all(
            Conversation(
                code=code,
                person_id=someone.id,
                identity_id=identity.id,
                channel="web",
                started_at=clock(),
                last_at=clock(),
            )
            for code in ("c1", "c2")
        )
    return someone.id


def names(lines) -> list[str]:
    return [line.benefit.topic for line in lines]


async def edit(sessions, topic: str, **values) -> None:
    async with sessions.begin() as db:
        await db.execute(update(TopicRow).where(TopicRow.id == topic).values(**values))


async def test_topics_with_conditions_are_grouped_by_what_the_facts_say(check):
    result = await check.result(FITS)

    assert names(result.likely) == ["flexible", "traineeship"]
    assert names(result.no) == ["seeking", "loan-relief"]
    assert result.employer == () and result.possible == () and result.total == 4
    assert names((await check.result({"graduated": "this_year"})).employer) == ["expansion"]


async def test_an_edit_of_the_conditions_in_the_database_changes_the_answer_at_once(check, sessions):
    assert "traineeship" in names((await check.result(FITS)).likely)

    block = BENEFITS["traineeship"].content()
    block["needs"][0]["at_most"] = 21
    await edit(sessions, "traineeship", eligibility=block)

    assert "traineeship" in names((await check.result(FITS)).no)
    await edit(sessions, "traineeship", eligibility=None)
    assert "traineeship" not in [b.topic for b in await check.benefits()]


async def test_so_does_an_edit_by_plain_sql(check, sessions):
    await check.result(FITS)

    async with sessions.begin() as db:
        await db.execute(text("UPDATE topic SET title = 'X' WHERE id = 'seeking'"))

    assert (await check.benefits())[0].title == "X"


async def test_conditions_that_are_not_of_the_form_are_left_out_and_logged(check, sessions, caplog):
    await edit(sessions, "traineeship", eligibility={"amount": "钱"})
    broken = BENEFITS["flexible"].content()
    broken["needs"][0]["is"] = ["yesterday"]
    await edit(sessions, "flexible", eligibility=broken)

    assert {b.topic for b in await check.benefits()} == {"seeking", "loan-relief", "expansion"}
    assert "traineeship" in caplog.text and "yesterday" in caplog.text


async def test_a_policy_past_its_last_day_is_none_to_be_had_from_that_day_on(check, sessions, clock):
    await edit(sessions, "traineeship", valid_until=clock().date())
    assert "traineeship" in names((await check.result(FITS)).likely)

    clock.pass_(days=1)

    result = await check.result(FITS)
    assert "traineeship" not in names((*result.likely, *result.possible, *result.no))
    assert [b.topic for b in result.ended] == ["traineeship"]
    assert (await check.result({"age": 50})).ended == ()


async def test_conditions_travel_with_the_topic_s_content(check, sessions):
    async with sessions() as db:
        contents = {row.id: row.eligibility for row in await knowledge.whole_topics(db)}
        rows = {row.id: row for row in await knowledge.whole_topics(db)}

    assert contents["seeking"] == BENEFITS["seeking"].content()
    rows["seeking"].texts += topic_spoken()
    assert content_of_row(rows["seeking"])["eligibility"] == BENEFITS["seeking"].content()
    assert contents["no-benefit"] is None


def topic_spoken():
    from bot.knowledge.tables import TextRow

    return [TextRow(key=key, text="说", sources=[]) for key in ("s30", "s60")]


async def test_facts_are_used_only_in_the_conversation_in_which_that_was_agreed_to(check, person):
    await check.keep(person, FITS)
    assert await check.remark("c1", "flexible") is None

    assert await check.agree(person, "c1")

    assert (
        await check.remark("c1", "flexible")
        == "按你说的情况：很可能符合，还要确认：做过灵活就业登记。以经办机构审核为准。"
    )
    assert await check.remark("c2", "flexible") is None
    await check.disagree(person)
    assert await check.remark("c1", "flexible") is None


async def test_a_remark_says_what_is_missing_and_what_does_not_fit_and_nothing_of_other_topics(check, person, sessions):
    await check.keep(person, {"graduated": "final_year"})
    await check.agree(person, "c1")

    missing = await check.remark("c1", "traineeship")
    assert missing == "按你说的情况：可能符合，还差这条：16到24岁。以经办机构审核为准。"
    unfit = await check.remark("c1", "flexible")
    assert unfit == "按你说的情况：不符合，因为要求毕业年度或离校2年内。以经办机构审核为准。"
    assert await check.remark("c1", "no-benefit") is None
    assert await check.remark("c1", "unknown") is None
    await edit(sessions, "flexible", state="expired")
    assert await check.remark("c1", "flexible") is None


async def test_another_check_keeps_the_latest_facts_and_what_was_agreed_to(check, person):
    await check.keep(person, FITS)
    await check.agree(person, "c1")
    await check.keep(person, {"age": 30})

    kept = await check.kept(person)

    assert (kept.facts, kept.agreed_in) == ({"age": 30}, "c1")


async def test_facts_are_forgotten_on_request(check, person):
    await check.keep(person, FITS)
    await check.agree(person, "c1")

    assert await check.forget(person)
    assert await check.kept(person) is None
    assert await check.remark("c1", "flexible") is None
    assert not await check.forget(person)
    assert not await check.agree(person, "c1")


async def test_they_go_with_the_person(check, person, sessions):
    await check.keep(person, FITS)

    async with sessions.begin() as db:
        for table in (Conversation, Identity):
            await db.execute(delete(table).where(table.person_id == person))
        await db.execute(delete(Person).where(Person.id == person))

    async with sessions() as db:
        assert (await db.scalars(select(EligibilityFacts))).all() == []


async def test_a_stored_value_that_the_form_has_no_more_is_left_out(check, person, sessions):
    await check.keep(person, FITS)
    async with sessions.begin() as db:
        await db.execute(update(EligibilityFacts).values(facts={"age": 22, "graduated": "never", "height": 180}))

    assert (await check.kept(person)).facts == {"age": 22}


async def test_a_talk_over_the_database_keeps_the_facts_and_uses_them_after_a_yes(check, person, clock):
    somebody = Somebody(clock, check)
    somebody._person = lambda code: _always(person)
    somebody.talk._person_of = somebody._person

    await somebody.say("今年毕业 自己交社保 没贷过款 22岁")
    assert somebody.cards["灵活就业社保补贴"] == "很可能符合"
    assert (await check.kept(person)).facts["age"] == 22
    await somebody.say("用上")
    assert "很可能符合" in await check.remark("c1", "flexible")
    await somebody.say("忘掉我的情况")
    assert await check.kept(person) is None


async def _always(person: int) -> int:
    return person
