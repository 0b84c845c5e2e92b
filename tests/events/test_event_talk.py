"""A talk about events turn by turn, on real databases: what is on, and one of them."""

from __future__ import annotations

from datetime import date

import pytest

from bot.events import wording
from tests.events.conftest import at

# -- what is on ------------------------------------------------------------------------------------------------------


async def test_what_is_on_comes_three_at_a_time_and_ends(anna, five):
    assert (await anna.say("最近有啥活动")).startswith("活动有 5 场，先看最近的 3 场。")
    assert anna.titles == ["综合招聘会", "线上招聘会", "焊工培训"]
    assert (anna.labels, anna.filters) == (["还有哪些", "我报的活动", "招聘会怎么参加"], [])

    assert (await anna.press_labelled("还有哪些")).startswith("再看第 4–5 场。")
    assert anna.titles == ["走进电厂", "客服培训"]
    assert "还有哪些" not in anna.labels
    page = anna.looking

    assert (await anna.say("还有吗")) == wording.NO_MORE.paragraphs[0]
    assert anna.looking == page
    assert (await anna.say("第一个")).startswith("【走进电厂】")


async def test_more_in_words_goes_on_and_the_filter_stays(anna, five, put_on):
    for day in (26, 27, 28, 29):
        await put_on(f"{day}日招聘会", starts_at=at(day, 18), ends_at=at(day, 20))
    await anna.say("最近有招聘会没")

    await anna.say("还有哪些")

    assert anna.titles == ["27日招聘会", "28日招聘会", "29日招聘会"]
    assert anna.filters == ["招聘会"]


async def test_more_without_a_list_before_it_lists(anna, five):
    await anna.say("还有别的吗")

    assert anna.titles[0] == "综合招聘会"


@pytest.mark.parametrize(
    ("words", "titles", "filters"),
    [
        ("这周末有啥活动", ["走进电厂"], ["11月28日 周六到11月29日 周日"]),
        ("明天有招聘会吗", ["综合招聘会"], ["招聘会", "明天 11月25日 周三"]),
        ("线上的有没有", ["线上招聘会"], ["线上"]),
        ("云州区有啥活动", ["走进电厂"], ["云州区"]),
        ("有啥培训", ["焊工培训", "客服培训"], ["技能培训"]),
        ("口泉有培训没", ["焊工培训"], ["技能培训", "云冈区"]),
    ],
)
async def test_wishes_narrow_the_list_and_are_shown(anna, five, words, titles, filters):
    await anna.say(words)

    assert anna.titles == titles
    assert len(anna.filters) == len(filters)
    for label, wanted in zip(anna.filters, filters, strict=True):
        assert label == wanted or wanted.endswith(label)


async def test_this_month_means_the_rest_of_it(anna, five):
    said = await anna.say("这个月有啥活动")

    assert len(anna.titles) == 3
    assert "11月1日" not in said and anna.looking.filter.first == date(2026, 11, 24)
    assert anna.looking.filter.last == date(2026, 11, 30)


async def test_a_second_wish_is_added_to_the_first_and_another_kind_begins_anew(anna, five):
    await anna.say("最近有招聘会没")
    await anna.say("线上的有没有")
    assert (anna.titles, anna.filters) == (["线上招聘会"], ["招聘会", "线上"])

    await anna.say("有啥培训")

    assert (anna.titles, anna.filters) == (["焊工培训", "客服培训"], ["技能培训"])


@pytest.mark.parametrize(
    ("off", "filters"), [("招聘会", ["线上", "天"]), ("线上", ["招聘会", "天"]), ("11月", ["招聘会", "线上"])]
)
async def test_a_pressed_filter_takes_off_just_itself(anna, five, off, filters):
    await anna.say("后天线上的招聘会")
    assert anna.titles == ["线上招聘会"]
    [days] = [label for label in anna.filters if "26日" in label]

    await anna.press_labelled(days if off == "11月" else off)

    assert anna.filters == [days if label == "天" else label for label in filters]


async def test_nothing_of_a_kind_is_said_and_all_there_is_offered(anna, five):
    said = await anna.say("阳高县有培训吗")

    assert said == "阳高县的技能培训现在没有排。别的时间和地方还有："
    assert anna.labels == ["看全部活动（5 场）", "培训怎么报、要钱吗"]
    assert anna.filters == ["技能培训", "阳高县"] and anna.looking.page == ()
    await anna.press_labelled("看全部活动")
    assert anna.titles[0] == "综合招聘会"


async def test_nothing_at_all_is_said_without_offering_all(anna):
    said = await anna.say("最近有啥活动", topic="skills-training")

    assert "新的场次定了会放进来" in said
    assert anna.labels == ["培训怎么报、要钱吗"]


async def test_near_me_asks_for_the_district(anna, five):
    said = await anna.say("附近有啥培训")
    assert said.startswith("你在哪个区县") and len(anna.labels) == 10

    await anna.press_labelled("云冈区")

    assert (anna.titles, anna.filters) == (["焊工培训"], ["技能培训", "云冈区"])


async def test_near_a_district_that_is_named_asks_nothing(anna, five):
    await anna.say("云冈区附近有啥活动")

    assert anna.titles == ["焊工培训"]


# -- one event -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "title"), [("第二个详细说说", "线上招聘会"), ("最后一场", "焊工培训"), ("第1场有哪些企业", "综合招聘会")]
)
async def test_an_event_is_named_by_its_place_on_the_page(anna, five, words, title):
    await anna.say("最近有啥活动")

    assert (await anna.say(words)).startswith(f"【{title}】")


async def test_details_name_the_companies_and_their_postings(anna, five, employ):
    for n in range(10):
        await employ(f"公司{n}", ["焊工", "电工", "钳工", "车工"], to=five[0])
    await anna.say("最近有啥活动")

    said = await anna.say("第一个")

    assert "来的企业（10 家）：" in said and said.count("焊工、电工、钳工") == 8 and "车工" not in said
    assert "还有 2 家" in said and "来源：联盟。" in said
    assert anna.labels == ["报名", "看别的活动"]
    assert anna.reply.page is not None
    assert anna.reply.page.url == f"/chat/events/{five[0]}"


async def test_a_place_that_is_not_on_the_page_is_asked_about(anna, five):
    await anna.say("最近有啥活动")

    await anna.say("报名第九个")

    assert anna.reply == wording.WHICH


async def test_signing_up_for_nothing_named_asks_which(anna, five):
    await anna.say("最近有啥活动")

    await anna.say("报名")

    assert anna.reply == wording.WHICH


async def test_the_only_event_that_fits_is_meant(anna, five):
    said = await anna.say("我想报名云州区的体验日")

    assert "给你报“走进电厂”" in said


async def test_a_training_that_is_about_live_sales_is_not_taken_for_one_online(anna, five, put_on):
    await put_on("直播带货培训", kind="training", starts_at=at(29, 9), ends_at=at(29, 17))

    await anna.say("有直播带货的培训吗")

    assert "直播带货培训" in anna.titles and "线上" not in anna.filters


async def test_a_sample_is_marked_on_its_card_and_told_of(anna, put_on):
    await put_on(sample=True)

    assert wording.SAMPLE_NOTE in await anna.say("最近有啥活动")
    assert anna.reply.cards[0].badge == "示例"
    assert wording.SAMPLE_NOTE in await anna.say("第一个")


async def test_an_event_that_is_gone_is_said_to_be_gone(anna, five):
    await anna.press("details", max(five) + 1)

    assert anna.reply == wording.GONE
