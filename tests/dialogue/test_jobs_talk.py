"""Talks about jobs through the whole stack, among the sample postings: searched, refined, paged, kept, left and taken up."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest

from bot.settings import Settings
from bot.text.districts import DISTRICTS
from tests.dialogue.talking import Answer, Page

pytestmark = pytest.mark.stack

SAMPLE = "示例"


def total(answer: Answer) -> int:
    """How many postings a list says there are."""
    return int(re.search(r"有 (\d+) 个岗位", answer.text)[1])


@pytest.fixture
async def searching(page: Page) -> AsyncIterator[Page]:
    """Somebody with thirteen or so postings to page through."""
    await page.say("平城区 五险一金 双休 有没有工作")
    yield page


# -- refining --------------------------------------------------------------------------------------------------------


async def test_a_search_is_refined_over_four_turns(page: Page) -> None:
    first = await page.say("平城区 文员")
    assert page.last["intent"] == "job_search"
    assert first.filters == ["文员", "平城区"]

    second = await page.say("只要五险一金的")
    third = await page.say("工资高点的")
    fourth = await page.say("学历不限")

    assert second.filters == ["文员", "平城区", "五险一金"]
    assert third.filters == fourth.filters == ["文员", "平城区", "4千以上", "五险一金"]
    assert total(fourth) <= total(second) <= total(first)
    assert [turn["intent"] for turn in page.turns()] == ["job_search", *["job_detail_or_more"] * 3]
    for answer in (first, second, third, fourth):
        assert answer.titles and all("平城区" in card["lines"][0] for card in answer.cards)
    assert all("五险一金" in card["lines"][-1] for card in fourth.cards)


async def test_education_that_was_said_is_dropped_by_a_later_turn(page: Page) -> None:
    narrow = await page.say("我高中毕业 平城区有啥工作")
    assert narrow.filters == ["平城区", "学历高中"]

    wide = await page.say("算了学历不限")

    assert wide.filters == ["平城区"] and total(wide) > total(narrow)


async def test_each_filter_is_pressed_off_alone_and_the_rest_stays(page: Page) -> None:
    answer = await page.say("平城区 会计 大专 四千以上 双休")
    assert answer.filters == ["会计", "平城区", "学历大专", "4千以上", "双休"]

    for gone in ("学历大专", "双休", "会计", "4千以上"):
        left = [label for label in answer.filters if label != gone]
        fewer = answer
        answer = await page.press(answer, gone)

        assert answer.filters == left
        if fewer.titles:
            assert total(answer) >= total(fewer)

    assert [m["text"] for m in page.messages.values() if m["from"] == "me"][-1] == "去掉“4千以上”"


async def test_starting_over_forgets_the_search(page: Page) -> None:
    await page.say("平城区 会计 双休")

    answer = await page.say("重新找")

    assert "条件都清掉了" in answer.text and answer.filters == []
    assert (await page.say("云冈区的")).filters == ["云冈区"]


async def test_another_job_is_another_search(page: Page) -> None:
    await page.say("平城区 文员 五险一金")

    answer = await page.say("有没有司机的工作")

    assert page.last["intent"] == "job_search"
    assert answer.filters == ["司机"]


# -- relaxing --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wish",
    [
        "云冈区 会计 八千以上 双休",
        "浑源县 司机 高中 五千以上 包吃住",
        "云冈区 本科 护士 一万以上 双休",
        "天镇县 会计 六千以上",
    ],
)
async def test_where_nothing_fits_each_choice_gives_exactly_the_number_it_promises(page: Page, wish: str) -> None:
    nothing = await page.say(wish)
    promised = dict(re.fullmatch(r"(.+)：还有 (\d+) 个", label).groups() for label in nothing.labels if "还有" in label)
    assert nothing.titles == [] and "放宽一条就有" in nothing.text
    assert 1 <= len(promised) <= 5 and nothing.labels[-2:] == ["有新的告诉我", "重新找"]

    for condition, number in promised.items():
        await page.say("重新找")
        again = await page.say(wish)
        found = await page.press(again, f"{condition}：还有 {number} 个")

        assert total(found) == int(number) and found.titles
        assert len(found.filters) in (len(nothing.filters) - 1, len(nothing.filters) + 1)


async def test_a_wish_that_nothing_could_meet_offers_to_tell_later(page: Page) -> None:
    answer = await page.say("阳高县 程序员 两万以上 博士")

    assert "放宽一条也没有" in answer.text
    assert answer.labels == ["有新的告诉我", "重新找"]
    assert answer.filters == ["程序员", "阳高县", "学历博士", "2万以上"]


# -- paging ----------------------------------------------------------------------------------------------------------


async def test_paging_shows_everything_once_until_the_end(page: Page) -> None:
    answer = await page.say("平城区 五险一金 双休 有没有工作")
    there, shown, texts = total(answer), [], []
    assert there > 6
    words = ["换一批", "还有吗"] * there

    while answer.titles:
        assert len(answer.titles) <= 3
        shown += [(card["title"], card["lines"][0]) for card in answer.cards]
        texts.append(answer.text)
        answer = await page.say(words.pop())

    assert len(shown) == len(set(shown)) == there
    assert answer.text.startswith("符合的都给你看完了")
    assert answer.filters == ["平城区", "五险一金", "双休"] and "从头再看" in answer.labels
    assert "再跟你说一遍" not in "".join(texts)


async def test_the_next_page_can_be_pressed_and_never_repeats(searching: Page) -> None:
    first = await searching.say("工资不限")
    second = await searching.press(first, "换一批")
    third = await searching.press(second, "换一批")

    shown = [(c["title"], c["lines"][0]) for answer in (first, second, third) for c in answer.cards]
    assert len(set(shown)) == 9
    again = await searching.press(third, "换一批")
    assert again.titles and set(again.titles).isdisjoint(third.titles)


async def test_no_company_fills_a_page_where_there_are_others(page: Page) -> None:
    answer = await page.say("平城区有啥工作")

    companies = [card["lines"][0].split(" · ")[0] for card in answer.cards]
    assert len(set(companies)) == 3


# -- one posting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["第二个", "第二个详细说说", "看看第二个", "第二个怎么投"])
async def test_the_second_one_is_the_second_of_the_page(searching: Page, words: str) -> None:
    listed = await searching.say("换一批")

    answer = await searching.say(words)

    assert answer.text.startswith(f"【{listed.titles[1]}】")
    assert "怎么投：" in answer.text and "来源：示例数据" in answer.text
    assert {"收藏", "回到列表", "换一批"} <= set(answer.labels)


async def test_details_that_are_pressed_lead_back_to_the_same_page(searching: Page) -> None:
    listed = await searching.say("换一批")

    details = await searching.press_card(listed, listed.titles[2], "详情")
    back = await searching.press(details, "回到列表")

    assert details.text.startswith(f"【{listed.titles[2]}】")
    assert back.titles == listed.titles


async def test_a_place_that_is_not_on_the_page_is_asked_about(searching: Page) -> None:
    answer = await searching.say("第九个")

    assert "你说的是哪一个" in answer.text


# -- 收藏, 订阅 ------------------------------------------------------------------------------------------------------


async def test_a_posting_is_kept_shown_and_kept_no_more(searching: Page) -> None:
    listed = await searching.say("换一批")
    title = listed.titles[1]

    assert (await searching.say("收藏第二个")).text == f"收藏好了：{title}。"
    mine = await searching.say("我的收藏")
    assert mine.titles == [title] and [c["label"] for c in mine.cards[0]["choices"]] == ["详情", "取消收藏"]

    assert (await searching.press_card(mine, title, "取消收藏")).text == f"取消收藏了：{title}。"
    assert (await searching.say("我的收藏")).titles == []


@pytest.mark.web_only("speaks the protocol of the page")
async def test_a_kept_posting_is_there_in_the_next_conversation_without_a_search(searching: Page) -> None:
    listed = await searching.say("换一批")
    await searching.press_card(listed, listed.titles[0], "收藏")

    await searching.send(type="restart", key="restart-" + searching.conversation)
    await searching.wait(lambda: searching.event("restarted"))

    assert (await searching.say("我的收藏")).titles == [listed.titles[0]]


@pytest.mark.web_only("compares with somebody else on the page")
async def test_somebody_else_has_kept_nothing(searching: Page, stack: Settings) -> None:
    await searching.say("收藏第一个")

    async with Page(stack) as other:
        assert "还没有收藏" in (await other.say("我的收藏")).text


async def test_a_search_is_subscribed_to_and_given_up(searching: Page) -> None:
    answer = await searching.say("订阅")
    assert answer.text.startswith("记下了：平城区、五险一金、双休。") and "一天最多一次" in answer.text
    [saved] = searching.rows(
        "SELECT s.* FROM job_subscription s JOIN conversation c ON c.person_id = s.person_id WHERE c.code = ?",
        searching.conversation,
    )
    assert saved["active"]

    assert "退订好了" in (await searching.say("退订")).text
    assert "还没有订阅过" in (await searching.say("退订")).text
    [saved] = searching.rows("SELECT active FROM job_subscription WHERE id = ?", saved["id"])
    assert not saved["active"]


async def test_the_choice_to_be_told_subscribes_and_its_answer_offers_to_stop(searching: Page) -> None:
    listed = await searching.say("换一批")

    answer = await searching.press(listed, "有新的告诉我")

    assert answer.text.startswith("记下了：平城区、五险一金、双休。")
    assert "退订好了" in (await searching.press(answer, "退订")).text


@pytest.mark.web_only("speaks the protocol of the page")
async def test_giving_up_a_subscription_needs_no_search_before_it(searching: Page) -> None:
    await searching.say("订阅")
    await searching.send(type="restart", key="restart-" + searching.conversation)
    await searching.wait(lambda: searching.event("restarted"))

    assert "退订好了" in (await searching.say("退订")).text


# -- questions between -----------------------------------------------------------------------------------------------


async def test_after_a_policy_question_the_list_goes_on_where_it_was(searching: Page) -> None:
    first = await searching.say("工资不限")

    answer = await searching.say("灵活就业社保补贴谁能领")
    assert (page_topic := searching.last["topic"]) == "flexible-insurance-subsidy", page_topic
    assert answer.titles == [] and answer.filters == []

    second = await searching.say("换一批")
    assert second.filters == first.filters and second.titles
    assert {(c["title"], c["lines"][0]) for c in first.cards}.isdisjoint(
        (c["title"], c["lines"][0]) for c in second.cards
    )

    await searching.say("灵活就业社保补贴谁能领")
    details = await searching.say("第二个详细说说")
    assert details.text.startswith(f"【{second.titles[1]}】")


async def test_after_a_policy_question_the_search_can_still_be_refined(searching: Page) -> None:
    await searching.say("试用期最长多久")

    answer = await searching.say("只要包吃住的")

    assert answer.filters[:2] == ["平城区", "五险一金"] or "包吃住" in answer.filters
    assert {"平城区", "五险一金", "双休", "包吃住"} == set(answer.filters)


@pytest.mark.parametrize("before", [None, "平城区 文员"])
@pytest.mark.parametrize(
    ("question", "topic"),
    [
        ("就业见习有补贴吗", "traineeship"),
        ("灵活就业社保补贴谁能领", "flexible-insurance-subsidy"),
        ("试用期工资能打几折", "probation"),
        ("平城区最低工资多少钱", "minimum-wage"),
    ],
)
async def test_a_policy_question_in_words_of_jobs_is_answered_as_policy(
    page: Page, before: str | None, question: str, topic: str
) -> None:
    if before:
        await page.say(before)

    answer = await page.say(question)

    assert (page.last["outcome"], page.last["topic"]) == ("served", topic)
    assert answer.titles == [] and answer.source.startswith("来源：")


async def test_distress_is_heard_in_the_middle_of_a_search(searching: Page) -> None:
    assert "12356" in (await searching.say("不想活了")).text


# -- what people are shown -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("district", DISTRICTS)
async def test_every_card_of_a_sample_says_so_in_every_district(page: Page, district: str) -> None:
    answer = await page.say(f"{district}有啥工作")
    cards = [*answer.cards, *(await page.say("换一批")).cards]

    assert answer.filters == [district] and len(cards) > 3
    for card in cards:
        assert card["badge"] == SAMPLE and district in card["lines"][0]
        assert "符合：" + district in card["lines"][-1]
        assert "截止" in card["lines"][1] or "长期招聘" in card["lines"][1]
    assert "演示用的岗位" in answer.text


async def test_a_list_of_anything_offers_the_ways_to_look_elsewhere(page: Page) -> None:
    answer = await page.say("找个工作")

    assert answer.filters == [] and len(answer.cards) == 3
    assert "告诉我想干啥" in answer.text and "哪些求职渠道靠谱" in answer.labels
    served = await page.press(answer, "哪些求职渠道靠谱")
    assert page.last["topic"] == "job-channels" and served.source
