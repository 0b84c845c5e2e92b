"""A talk about one posting: named, opened, kept and dropped, on real databases."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import update

from bot.jobs import wording
from bot.jobs.tables import Posting
from bot.reply import Link

# -- one posting -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("第二个详细说说", "文员6"),
        ("第一个怎么投", "文员7"),
        ("最后一个", "文员5"),
        ("第3个", "文员5"),
    ],
)
async def test_a_posting_is_named_by_its_place_on_the_page(person, clerks, words, title):
    await person.say("文员")

    said = await person.say(words)

    assert said.startswith(f"【{title}】") and "怎么投：" in said
    assert person.search.asked == clerks[int(title[-1]) - 1]


async def test_the_place_is_that_on_the_page_shown_last(person, clerks):
    await person.say("文员")
    await person.say("换一批")

    assert (await person.say("第一个")).startswith("【文员4】")


async def test_this_one_is_the_posting_looked_at_or_the_only_one_on_the_page(person, clerks):
    await person.say("文员")
    await person.say("第二个")
    assert (await person.say("这个怎么投")).startswith("【文员6】")

    await person.say("平城区 文员 五险一金 六千以上")
    assert person.titles == ["文员5"]
    assert (await person.say("这个怎么投")).startswith("【文员5】")


@pytest.mark.parametrize("words", ["第九个", "这个怎么投", "收藏"])
async def test_which_one_is_asked_where_none_is_meant(person, clerks, words):
    await person.say("文员")
    before = person.search

    await person.say(words)

    assert person.reply == wording.WHICH
    assert person.search == before


async def test_a_posting_cannot_be_named_where_none_was_shown(person, clerks):
    await person.say("文员 博士以上学历 十万以上")
    assert person.titles == []

    await person.say("第一个")

    assert person.reply == wording.NONE_SHOWN


@pytest.mark.parametrize("words", ["第二个详细说说", "收藏第一个"])
async def test_a_posting_named_out_of_the_blue_is_asked_what_to_look_for(person, clerks, words):
    await person.say(words)

    assert person.reply == wording.NONE_SHOWN
    assert person.search is None


@pytest.mark.parametrize("do", ["details", "keep"])
async def test_a_posting_that_is_gone_is_said_to_be_gone(person, clerks, do):
    await person.say("文员")
    before = person.search

    await person.press(do, max(clerks) + 1)

    assert person.reply == wording.GONE
    assert person.search == before


async def test_what_closed_since_is_shown_without_how_to_apply(person, clerks, sessions):
    await person.say("文员")
    async with sessions.begin() as db:
        await db.execute(update(Posting).where(Posting.id == clerks[6]).values(closes_on=date(2026, 11, 23)))

    said = await person.say("第一个")

    assert "已经截止或下架" in said and "怎么投" not in said


async def test_an_address_that_begins_with_its_district_is_not_told_twice(person, add):
    await add(title="库管", address="平城区御河西路5号")
    await add(title="库管", company="另一家", district="云冈区", address="口泉大街1号", checked_on=date(2026, 11, 1))
    await person.say("库管")

    assert "· 地点：平城区御河西路5号\n" in await person.say("第一个")
    assert "· 地点：云冈区 口泉大街1号\n" in await person.say("第二个")


async def test_a_sample_is_marked_on_its_card_and_in_its_details(person, add):
    await add(title="真岗位")
    await add(title="假岗位", company="编的公司", sample=True, checked_on=date(2026, 11, 1))

    listed = await person.say("岗位")
    assert [card.badge for card in person.reply.cards] == [None, "示例"]
    assert wording.SAMPLE_NOTE in listed

    assert wording.SAMPLE_NOTE not in await person.press_labelled("详情")
    await person.press("list")
    assert wording.SAMPLE_NOTE in await person.say("第二个")


# -- 收藏 ------------------------------------------------------------------------------------------------------------


async def test_a_posting_is_kept_shown_and_kept_no_more(person, clerks):
    await person.say("文员")
    assert await person.say("收藏第二个") == "收藏好了：文员6。"
    assert "之前就收藏过了" in await person.say("收藏第二个")

    assert await person.say("我的收藏") == "你收藏了 1 个岗位。"
    assert person.titles == ["文员6"]
    assert [choice.label for choice in person.reply.cards[0].choices] == ["详情", "取消收藏"]

    assert await person.press_labelled("取消收藏") == "取消收藏了：文员6。"
    assert (await person.press_labelled("我的收藏")).startswith("还没有收藏")


async def test_the_details_of_a_kept_posting_offer_to_keep_it_no_more(person, clerks):
    await person.say("文员")
    await person.say("第一个")
    assert "收藏" in person.labels
    assert person.reply.page == Link(label="文员7", url=f"/chat/jobs/{clerks[6]}")

    await person.press_labelled("收藏")
    await person.say("第一个")

    assert "取消收藏" in person.labels and "收藏" not in person.labels


async def test_a_kept_posting_can_be_dropped_in_words(person, clerks):
    await person.say("文员")
    await person.say("收藏第一个")

    assert await person.say("取消收藏") == "取消收藏了：文员7。"


async def test_a_kept_posting_that_closed_has_a_badge(person, clerks, sessions):
    await person.say("文员")
    await person.say("收藏第一个")
    async with sessions.begin() as db:
        await db.execute(update(Posting).where(Posting.id == clerks[6]).values(status="withdrawn"))

    await person.press("kept")

    assert person.reply.cards[0].badge == "已截止"


async def test_what_was_kept_is_there_without_a_search(person, clerks):
    await person.press("keep", clerks[0])
    person.slot = None

    await person.say("我的收藏")

    assert person.titles == ["文员1"]
