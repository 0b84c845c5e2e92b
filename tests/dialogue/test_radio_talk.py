"""Questions for the programme through the real engine: asked, left and gone on with, taken back, answered and told."""

import asyncio
from datetime import date

import pytest

from bot.clock import clock_from
from bot.radio.service import Radio
from bot.settings import Settings
from bot.store import Sessions, open_engine
from tests.dialogue.talking import Page

pytestmark = pytest.mark.stack

QUESTION = "大专去国企有没有前途"


@pytest.fixture
async def radio(stack: Settings):
    """The programme's side of the stack's database."""
    engine = open_engine(stack.database)
    yield Radio(Sessions(engine), clock_from(stack.now))
    await engine.dispose()


async def test_a_question_is_taken_in_three_turns_and_shown_with_its_state(page: Page, radio: Radio) -> None:
    shown = await page.say(f"我想问嘉宾 {QUESTION}")
    agreeing = await page.say("小北")
    taken = await page.press(agreeing, "能念")
    mine = await page.say("我的提问")

    [question] = await radio.mine(page.conversation)
    assert f"“{QUESTION}”" in shown.text and "“小北”" in agreeing.text
    assert question.code in taken.text and question.nickname == "小北"
    assert mine.titles == [QUESTION] and mine.cards[0]["badge"] == "已收到"


async def test_where_the_question_is_asked_for_even_a_policy_question_is_one(page: Page, radio: Radio) -> None:
    await page.say("能帮我在节目里问问吗")
    shown = await page.say("灵活就业社保补贴以后还会有吗")
    await page.say("匿名")
    await page.say("不念，只给我答复")

    [question] = await radio.mine(page.conversation)
    assert "“灵活就业社保补贴以后还会有吗”" in shown.text
    assert (question.text, question.consent) == ("灵活就业社保补贴以后还会有吗", "reply")


@pytest.mark.parametrize(
    ("other", "answered"), [("你好", ""), ("平城区有会计的活没", "会计"), ("失业金怎么领", "失业")]
)
async def test_something_else_in_the_middle_is_answered_and_the_step_offered_again(
    page: Page, radio: Radio, other: str, answered: str
) -> None:
    await page.say(f"我想问嘉宾 {QUESTION}")
    await page.say("匿名")

    between = await page.say(other)
    assert await radio.mine(page.conversation) == ()
    await page.say("能念")

    assert answered in between.text
    assert f"接着刚才给嘉宾的提问：匿名，问题是：“{QUESTION}”" in between.text
    assert len(await radio.mine(page.conversation)) == 1


async def test_a_stop_leaves_no_trace(page: Page, radio: Radio) -> None:
    await page.say(f"我想问嘉宾 {QUESTION}")
    stopped = await page.say("算了")
    after = await page.say("你好")

    assert "啥也没留" in stopped.text and "接着" not in after.text
    assert await radio.mine(page.conversation) == ()


@pytest.mark.web_only("speaks the protocol of the page")
async def test_two_presses_at_once_are_one_question(page: Page, radio: Radio) -> None:
    await page.say(f"我想问嘉宾 {QUESTION}")
    agreeing = await page.say("匿名")
    token = agreeing.token("能念")

    await asyncio.gather(*(page.send(type="press", token=token, key=f"{page.conversation}{n}") for n in range(2)))
    await page.wait(lambda: len(page.replies_after(agreeing.id)) == 2)

    [question] = await radio.mine(page.conversation)
    assert all(question.code in reply.text for reply in page.replies_after(agreeing.id))


async def test_a_phone_number_in_a_question_reaches_no_table(page: Page, radio: Radio) -> None:
    shown = await page.say("我想问嘉宾 我电话13812345678，大专能进国企吗")
    await page.say("匿名")
    await page.say("能念")

    [question] = await radio.mine(page.conversation)
    assert "13812345678" not in shown.text + question.text
    assert f"“{question.text}”" in shown.text


async def test_a_question_without_an_answer_is_taken_to_the_programme(page: Page, radio: Radio) -> None:
    refusal = await page.say("明天大同下雨不")
    shown = await page.press(refusal, "请节目嘉宾回答")

    assert "“明天大同下雨不”" in shown.text


@pytest.mark.parametrize("asked", ["对话青春几点播", "这期嘉宾是谁"])
async def test_what_is_asked_about_the_programme_is_answered_from_the_knowledge(page: Page, asked: str) -> None:
    answer = await page.say(asked)

    assert page.last["topic"] == "radio-show" and answer.source


async def test_a_question_is_taken_back_and_its_answer_is_told_to_nobody(page: Page, radio: Radio) -> None:
    await page.say(f"我想问嘉宾 {QUESTION}")
    await page.say("匿名")
    await page.say("能念")
    mine = await page.say("我的提问")

    gone = await page.press_card(mine, QUESTION, "撤回")

    [question] = await radio.mine(page.conversation)
    assert "撤回了" in gone.text and question.state == "withdrawn"


@pytest.mark.web_only("speaks the protocol of the page")
async def test_the_answer_comes_by_itself_once_it_is_there(page: Page, radio: Radio) -> None:
    await page.say(f"我想问嘉宾 {QUESTION}")
    await page.say("匿名")
    taken = await page.say("能念")
    [question] = await radio.mine(page.conversation)

    await radio.select(question.code)
    await radio.aired(question.code, date(2026, 11, 24))
    await radio.answer(question.code, "先干着看。", guest="王总")
    await page.wait(lambda: page.replies_after(taken.id), seconds=60)

    [told] = page.replies_after(taken.id)
    assert "11月24日节目里嘉宾王总谈到：先干着看。" in told.text
