"""Talks about events through the whole stack, among the sample events: what is on, signing up, the ticket, stepping back."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import delete

from bot.clock import SHANGHAI
from bot.events.tables import Event
from bot.settings import Settings
from bot.store import Sessions, open_engine
from tests.dialogue.talking import Page

pytestmark = pytest.mark.stack

NEXT_FAIR = "大数据与客服线上招聘会"
NEXT_DAY = "新能源企业就业体验日"

PutOn = Callable[..., Awaitable[Event]]


@pytest.fixture
async def put_on(stack: Settings) -> AsyncIterator[PutOn]:
    """Puts an event on in 灵丘县, where no other is, and takes it away afterwards with all sign-ups."""
    engine = open_engine(stack.database)
    sessions, made = Sessions(engine), []

    async def make(title: str, **values: Any) -> Event:
        event = Event(
            **{
                "title": title,
                "kind": "job_fair",
                "mode": "offline",
                "starts_at": datetime(2026, 12, 1, 9, tzinfo=SHANGHAI),
                "ends_at": datetime(2026, 12, 1, 12, tzinfo=SHANGHAI),
                "district": "灵丘县",
                "place": "灵丘县人才市场",
                "capacity": 1,
                "about": "带上简历。",
                "source": "联盟",
                **values,
            }
        )
        async with sessions.begin() as db:
            db.add(event)
        made.append(event.id)
        return event

    yield make
    async with sessions.begin() as db:
        await db.execute(delete(Event).where(Event.id.in_(made)))
    await engine.dispose()


def registrations(page: Page) -> list[dict[str, Any]]:
    """The sign-ups of this page's person, in order."""
    found = page.rows(
        "SELECT r.* FROM registration r JOIN conversation c ON c.person_id = r.person_id WHERE c.code = ? ORDER BY r.id",
        page.conversation,
    )
    return [dict(row) for row in found]


# -- what is on ------------------------------------------------------------------------------------------------------


async def test_what_is_on_comes_soonest_first_each_marked_as_a_sample(page: Page) -> None:
    answer = await page.say("最近有啥活动")

    assert page.last["intent"] == "job_fair_or_event"
    assert answer.titles[:2] == [NEXT_FAIR, NEXT_DAY] and len(answer.cards) == 3
    assert {card["badge"] for card in answer.cards} == {"示例"} and "演示用的场次" in answer.text
    assert "11月26日 周四 14:00–17:00" in answer.cards[0]["lines"][0]
    assert [c["label"] for c in answer.cards[0]["choices"]] == ["详情", "报名"]


async def test_more_goes_on_without_repeats_until_the_end(page: Page) -> None:
    answer = await page.say("最近有招聘会没")
    there, shown = int(answer.text.split("有 ")[1].split(" 场")[0]), []
    words = ["还有哪些", "还有吗", "换一批"] * 3
    assert there > 3

    while answer.titles:
        shown += answer.titles
        assert answer.filters == ["招聘会"]
        answer = await page.say(words.pop())
        assert page.last["intent"] == "job_fair_or_event"

    assert len(shown) == len(set(shown)) == there
    assert answer.text == "就这些了，后面还没排。新的场次定了会放进来。"


async def test_the_choice_to_see_more_goes_on(page: Page) -> None:
    first = await page.say("最近有啥活动")

    second = await page.press(first, "还有哪些")

    assert second.titles and set(second.titles).isdisjoint(first.titles)


async def test_the_weekend_is_understood_and_shown(page: Page) -> None:
    answer = await page.say("这周末有啥活动")

    assert answer.filters == ["11月28日 周六到11月29日 周日"]
    assert answer.text.startswith("11月28日 周六到11月29日 周日的活动有 1 场。") and answer.titles == [NEXT_DAY]


async def test_this_month_is_the_rest_of_it(page: Page) -> None:
    answer = await page.say("这个月有啥招聘会")

    assert answer.titles == [NEXT_FAIR, "毕业生专场招聘会（平城场）"]
    assert len(answer.filters) == 2 and "11月1日" not in answer.text


async def test_only_those_online_keeps_the_kind(page: Page) -> None:
    await page.say("最近有招聘会没")

    answer = await page.say("线上的有没有")

    assert answer.filters == ["招聘会", "线上"]
    assert answer.titles == [NEXT_FAIR, "县域企业线上招聘会（灵丘·广灵·天镇）"]


async def test_a_pressed_filter_takes_off_just_itself(page: Page) -> None:
    answer = await page.say("云冈区有啥培训")
    assert answer.filters == ["技能培训", "云冈区"]

    answer = await page.press(answer, "技能培训")

    assert answer.filters == ["云冈区"] and "医药健康行业招聘会" in answer.titles


@pytest.mark.parametrize(("words", "first"), [("12月的", "直播带货实操培训班"), ("阳高的呢", "阳高县返乡青年招聘会")])
async def test_a_few_words_after_a_list_are_about_the_list(page: Page, words: str, first: str) -> None:
    await page.say("最近有啥活动")

    answer = await page.say(words)

    assert answer.titles[0] == first and len(answer.filters) == 1


async def test_near_me_asks_for_the_district(page: Page) -> None:
    asked = await page.say("附近有啥活动")
    assert "哪个区县" in asked.text and len(asked.labels) == 10

    answer = await page.press(asked, "云冈区")

    assert answer.filters == ["云冈区"] and len(answer.titles) == 3
    assert all("云冈区" in card["lines"][1] for card in answer.cards)


async def test_nothing_on_in_a_place_offers_all_there_is(page: Page) -> None:
    answer = await page.say("灵丘县有招聘会吗")

    assert answer.text.startswith("灵丘县的招聘会现在没有排")
    assert answer.labels[0].startswith("看全部活动（")
    assert (await page.press(answer, answer.labels[0])).titles[0] == NEXT_FAIR


async def test_how_fairs_are_held_is_answered_from_what_is_known(page: Page) -> None:
    answer = await page.say("招聘会要带啥材料")

    assert (page.last["topic"], page.last["aspect"]) == ("job-fair", "materials")
    assert answer.titles == []


# -- one event -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["第二个详细说说", "第二个", "第二场有哪些企业"])
async def test_the_second_one_is_the_second_event_of_the_page(page: Page, words: str) -> None:
    await page.say("最近有啥活动")

    answer = await page.say(words)

    assert page.last["intent"] == "job_fair_or_event"
    assert answer.text.startswith(f"【{NEXT_DAY}】") and "来的企业" in answer.text
    assert answer.labels == ["报名", "看别的活动"]


async def test_details_are_pressed_on_the_card(page: Page) -> None:
    listed = await page.say("最近有啥活动")

    answer = await page.press_card(listed, NEXT_DAY, "详情")

    assert answer.text.startswith(f"【{NEXT_DAY}】") and "名额" in answer.text and "来源：示例数据" in answer.text


# -- signing up ------------------------------------------------------------------------------------------------------


@pytest.mark.web_only("opens an address with the cookie of the browser")
async def test_signing_up_asks_first_and_gives_a_ticket_with_a_picture(page: Page, put_on: PutOn) -> None:
    event = await put_on("灵丘冬季招聘会")
    listed = await page.say("灵丘县有招聘会吗")
    assert listed.titles == [event.title] and listed.cards[0]["badge"] is None

    asked = await page.press_card(listed, event.title, "报名")
    assert "确定吗" in asked.text and asked.labels == ["确定报名", "先不报"] and registrations(page) == []
    answer = await page.press(asked, "确定报名")

    [signed_up] = registrations(page)
    [card] = answer.cards
    assert signed_up["state"] == "registered" and "报上了" in answer.text
    assert card["image"] == {
        "label": f"签到码 {signed_up['ticket']}",
        "url": f"/chat/ticket/{signed_up['ticket']}.svg",
    }
    async with page.http.get(page.settings.address + card["image"]["url"]) as picture:
        assert picture.status == 200 and picture.content_type == "image/svg+xml"


async def test_the_first_one_is_signed_up_for_in_words(page: Page) -> None:
    await page.say("最近有啥活动")

    asked = await page.say("报名第一个")
    assert NEXT_FAIR in asked.text and asked.labels == ["确定报名", "先不报"]
    left = await page.press(asked, "先不报")

    assert "先不动" in left.text and registrations(page) == []


async def test_what_was_looked_at_is_signed_up_for_without_naming_it(page: Page) -> None:
    await page.say("最近有啥活动")
    await page.say("第二个详细说说")

    assert f"给你报“{NEXT_DAY}”" in (await page.say("报名")).text


async def test_signing_up_without_saying_for_what_is_asked_about(page: Page) -> None:
    await page.say("最近有啥活动")

    assert "哪一场" in (await page.say("报名")).text


async def test_a_yes_in_words_signs_up_and_a_yes_beside_a_question_does_not(page: Page) -> None:
    await page.say("这周末有啥活动")
    await page.say("给我报名")

    between = await page.say("好的 对了失业金怎么领")
    assert "失业" in between.text and registrations(page) == []

    await page.say("这周末有啥活动")
    await page.say("给我报名")
    answer = await page.say("确定报名")

    assert "报上了" in answer.text
    assert [row["state"] for row in registrations(page)] == ["registered"]


@pytest.mark.web_only("speaks the protocol of the page")
async def test_confirming_twice_is_one_registration(page: Page, put_on: PutOn) -> None:
    event = await put_on("灵丘冬季招聘会", capacity=5)
    listed = await page.say("灵丘县有招聘会吗")
    asked = await page.press_card(listed, event.title, "报名")
    token = asked.token("确定报名")

    for key in (uuid.uuid4().hex, uuid.uuid4().hex):
        await page.send(type="press", key=key, token=token)
    await page.wait(lambda: len(page.replies_after(asked.id)) == 2)

    [signed_up] = registrations(page)
    tickets = {answer.cards[0]["image"]["url"] for answer in page.replies_after(asked.id)}
    assert tickets == {f"/chat/ticket/{signed_up['ticket']}.svg"}


@pytest.mark.web_only("presses a choice of an earlier message")
async def test_what_one_signed_up_for_is_shown_and_cancelling_asks_first(page: Page, put_on: PutOn) -> None:
    event = await put_on("灵丘冬季招聘会")
    listed = await page.say("灵丘县有招聘会吗")
    await page.press(await page.press_card(listed, event.title, "报名"), "确定报名")

    mine = await page.say("我报的活动")
    assert mine.titles == [event.title] and mine.cards[0]["image"]

    asked = await page.say("取消报名")
    assert f"要取消“{event.title}”" in asked.text and asked.labels == ["确定取消", "不取消"]
    await page.press(asked, "不取消")
    assert registrations(page)[0]["state"] == "registered"
    asked = await page.press_card(mine, event.title, "取消报名")
    done = await page.press(asked, "确定取消")

    assert done.text == f"取消好了：{event.title}。想去了随时再报。"
    assert registrations(page)[0]["state"] == "cancelled"
    assert "还没有报名" in (await page.say("我报的活动")).text


@pytest.mark.web_only("speaks the protocol of the page")
async def test_a_full_event_puts_on_the_waiting_list_and_moves_up(page: Page, put_on: PutOn, stack: Settings) -> None:
    event = await put_on("灵丘小班体验日", kind="experience_day", capacity=1)
    listed = await page.say("灵丘县有体验日吗")
    first = await page.press(await page.press_card(listed, event.title, "报名"), "确定报名")

    async with Page(stack) as other:
        listed = await other.say("灵丘县有体验日吗")
        assert "名额满了" in listed.cards[0]["lines"][2]
        asked = await other.press_card(listed, event.title, "报名")
        assert "先排候补" in asked.text
        answer = await other.press(asked, "确定报名")
        assert "前面还有 0 人" in answer.text
        assert answer.cards[0]["lines"][-1] == "候补第 1 位" and answer.cards[0]["image"] is None

        await page.press(await page.press_card(first, event.title, "取消报名"), "确定取消")
        await other.wait(lambda: other.replies_after(answer.id), seconds=45)  # told unasked, within one look

        [told] = other.replies_after(answer.id)
        assert "候补轮到你了" in told.text and told.cards[0]["image"]
        assert [row["state"] for row in registrations(other)] == ["registered"]


async def test_what_has_begun_cannot_be_signed_up_for(page: Page, put_on: PutOn) -> None:
    event = await put_on(
        "灵丘电工培训",
        kind="training",
        starts_at=datetime(2026, 11, 24, 9, tzinfo=SHANGHAI),
        ends_at=datetime(2026, 11, 24, 23, tzinfo=SHANGHAI),
    )
    listed = await page.say("灵丘县有培训吗")

    answer = await page.press_card(listed, event.title, "报名")

    assert "09:00截止了" in answer.text and "确定报名" not in answer.labels and registrations(page) == []


@pytest.mark.web_only("speaks the protocol of the page")
async def test_somebody_else_cannot_press_my_confirmation(page: Page, put_on: PutOn, stack: Settings) -> None:
    event = await put_on("灵丘冬季招聘会")
    asked = await page.press_card(await page.say("灵丘县有招聘会吗"), event.title, "报名")

    async with Page(stack) as other:
        await other.refused(type="press", token=asked.token("确定报名"))

        assert registrations(other) == registrations(page) == []


# -- questions between -----------------------------------------------------------------------------------------------


@pytest.mark.web_only("presses a choice of an earlier message")
async def test_a_question_between_does_not_lose_what_was_asked_to_confirm(page: Page, put_on: PutOn) -> None:
    event = await put_on("灵丘冬季招聘会")
    asked = await page.press_card(await page.say("灵丘县有招聘会吗"), event.title, "报名")

    await page.say("试用期最长多久")
    topic = page.last["topic"]
    answer = await page.press(asked, "确定报名")

    assert topic == "probation" and "报上了" in answer.text and len(registrations(page)) == 1


@pytest.mark.parametrize("question", ["灵活就业社保补贴谁能领", "试用期最长多久"])
async def test_a_policy_question_after_a_list_of_events_is_answered_as_policy(page: Page, question: str) -> None:
    await page.say("最近有啥活动")

    answer = await page.say(question)

    assert page.last["outcome"] == "served" and answer.source and answer.titles == []


async def test_from_events_to_jobs_and_back(page: Page) -> None:
    await page.say("最近有招聘会没")

    jobs = await page.say("平城区 会计")
    assert jobs.filters == ["会计", "平城区"]
    second = await page.say("第一个")
    assert second.text.startswith(f"【{jobs.titles[0]}】")
    events = await page.say("最近有招聘会没")

    assert events.titles[0] == NEXT_FAIR
    assert (await page.say("第一个")).text.startswith(f"【{NEXT_FAIR}】")
