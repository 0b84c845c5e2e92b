"""The eligibility check through the real engine: in one sentence, by steps, with something else in between."""

import re

import pytest

from tests.dialogue.talking import Page

pytestmark = pytest.mark.stack

COUNT = re.compile(r"（(\d)/(\d)）")
RESULT = "后面回答你的时候，要不要用上这些情况？"
ONE_GO = "今年毕业 大专 农村户口 家里低保 自己交社保"


def count(text: str) -> tuple[int, int]:
    found = COUNT.search(text)
    assert found, text
    return int(found[1]), int(found[2])


async def test_facts_in_one_sentence_are_taken_and_the_rest_is_asked_until_there_is_a_result(page: Page) -> None:
    answer = await page.say(ONE_GO)

    assert "今年毕业" in answer.text and "家里吃低保" in answer.text
    asked = 0
    while RESULT not in answer.text:
        number, most = count(answer.text)
        assert number <= most <= 8
        answer = await page.press(answer, "跳过")
        asked += 1
    assert asked <= 8
    assert "灵活就业社会保险补贴" in answer.titles
    assert "以经办机构审核为准" in answer.text
    assert page.last["intent"] == "eligibility_check"


async def test_by_steps_typed_and_pressed_with_a_correction(page: Page) -> None:
    answer = await page.say("我能领什么补贴")
    assert "什么时候毕业" in answer.text

    answer = await page.say("去年六月毕业的")
    assert count(answer.text)[0] == 2
    answer = await page.say("不对，我是今年毕业的")
    assert "改过来了" in answer.text and "今年毕业" in answer.text
    assert count(answer.text)[0] <= 2
    answer = await page.say("不清楚")
    answer = await page.say("跳过")
    answer = await page.say("就看结果")

    assert RESULT in answer.text
    assert "今年毕业" in answer.text


@pytest.mark.parametrize(
    ("other", "answered"),
    [("失业金怎么领", "【失业"), ("平城区有会计的活没", "会计"), ("你好", "")],
)
async def test_something_else_is_answered_and_the_same_question_comes_again(
    page: Page, other: str, answered: str
) -> None:
    first = await page.say("政策体检")
    question = first.text.splitlines()[-1]

    answer = await page.say(other)

    assert answered in answer.text
    assert question in answer.text
    assert "今年毕业" in (await page.say("今年毕业")).text


async def test_a_benefit_leads_to_its_topic_and_back_to_nothing(page: Page) -> None:
    await page.say(ONE_GO)
    answer = await page.say("就看结果")

    served = await page.press_card(answer, "灵活就业社会保险补贴", "看看怎么办")

    assert "【灵活就业社会保险补贴】" in served.text
    assert page.last["topic"] == "flexible-insurance-subsidy"
    assert "（1/" not in served.text


async def test_the_facts_are_used_for_later_answers_only_with_a_yes_and_forgotten_on_request(page: Page) -> None:
    await page.say(ONE_GO)
    await page.say("就看结果")

    assert "按你说的情况" not in (await page.say("灵活就业社保补贴谁能领")).text
    await page.say("重新体检")
    await page.say(ONE_GO)
    await page.say("就看结果")
    await page.say("用上")
    assert "按你说的情况：很可能符合" in (await page.say("灵活就业社保补贴谁能领")).text
    assert "忘掉了" in (await page.say("忘掉我的情况")).text
    assert "按你说的情况" not in (await page.say("失业登记去哪办")).text


async def test_one_can_leave_it_and_what_follows_is_about_something_else(page: Page) -> None:
    await page.say("政策体检")

    assert "先不做了" in (await page.say("算了")).text
    assert "体检" not in (await page.say("失业金怎么领")).text


async def test_a_cry_for_help_in_the_middle_is_answered_as_one(page: Page) -> None:
    await page.say("政策体检")

    answer = await page.say("我不想活了")

    assert "12356" in answer.text
    assert not COUNT.search(answer.text)
