"""A talk about postings where nothing fits: relaxed, subscribed to, begun anew, on real databases."""

from __future__ import annotations

import pytest

from bot.jobs import wording
from bot.jobs.tables import Subscription
from bot.text.wishes import Wishes

# -- nothing found, relaxing -----------------------------------------------------------------------------------------


async def test_where_nothing_fits_every_choice_gives_the_number_it_promises(person, clerks):
    await person.say("平城区 文员 六千八以上 五险一金")
    assert person.titles == [] and person.reply.paragraphs == ("没有全都符合的。放宽一条就有：",)
    nothing, slot = person.told, person.slot
    promised = [(label, label.rpartition("还有 ")[2].removesuffix(" 个")) for label in person.labels if "还有" in label]
    assert [label.partition("：")[0] for label, _ in promised] == ["不限薪资", "不限区县"]

    for label, number in promised:
        person.told, person.slot = nothing, slot
        await person.press_labelled(label)

        assert f"有 {number} 个岗位" in person.reply.paragraphs[0]


async def test_negotiable_pay_counts_once_it_is_let_in_and_its_filter_takes_it_out(person, add):
    await add(title="讲师", pay_min=None, pay_max=None)
    await person.say("讲师 八千以上")
    assert person.labels[0] == "含面议：还有 1 个"

    await person.press_labelled("含面议")
    assert (person.titles, person.filters) == (["讲师"], ["讲师", "8千以上", "含面议"])

    await person.say("还有吗")
    assert person.filters == ["讲师", "8千以上", "含面议"]

    await person.press_labelled("含面议")
    assert (person.titles, person.filters) == ([], ["讲师", "8千以上"])


async def test_negotiable_pay_goes_with_the_pay_that_is_dropped(person, add):
    await add(title="讲师", pay_min=None, pay_max=None)
    await person.say("讲师 八千以上")
    await person.press_labelled("含面议")

    await person.say("工资无所谓")

    assert not person.search.negotiable and person.filters == ["讲师"]


async def test_a_condition_that_is_no_longer_there_cannot_be_dropped(person, clerks):
    await person.say("平城区 文员")
    titles, filters = person.titles, person.filters

    await person.press("relax", "不限学历")

    assert (person.titles, person.filters) == (titles, filters)


async def test_where_dropping_one_condition_helps_nothing_it_says_so_and_offers_to_tell_later(person, clerks):
    await person.say("阳高县 司机 两万以上 包吃住")

    assert "放宽一条也没有" in person.reply.paragraphs[0]
    assert person.labels == ["有新的告诉我", "重新找"]
    assert person.search.page == person.search.shown == ()


# -- 订阅, 重新找 ------------------------------------------------------------------------------------------------------


async def test_a_search_is_subscribed_to_and_given_up(person, clerks, jobs, sessions):
    await person.say("平城区 文员")

    assert (await person.press_labelled("有新的告诉我")).startswith("记下了：文员、平城区。")
    [saved] = await jobs.subscriptions(person._conversation)
    assert Wishes.from_dict(saved.wishes) == person.search.wishes

    assert (await person.press_labelled("退订")).startswith("退订好了")
    assert await jobs.subscriptions(person._conversation) == []
    assert (await person.say("退订")).startswith("你还没有订阅过")
    async with sessions() as db:
        assert (await db.get(Subscription, saved.id)).active is False


async def test_subscribing_in_words_keeps_the_page(person, clerks):
    await person.say("平城区 文员")
    before = person.search

    await person.say("有新的告诉我")

    assert person.reply.choices[0].label == "退订" and person.search == before


@pytest.mark.parametrize("first", [None, "平城区 文员"])
@pytest.mark.parametrize("words", ["订阅 阳高县司机", "有新的阳高县司机岗位告诉我", "帮我盯着阳高县的司机"])
async def test_a_search_that_is_named_in_the_same_breath_is_the_one_saved(person, clerks, jobs, first, words):
    if first:
        await person.say(first)

    said = await person.say(words)

    assert said.startswith("记下了：司机、阳高县。")
    [saved] = await jobs.subscriptions(person._conversation)
    assert Wishes.from_dict(saved.wishes) == Wishes(keyword="司机", district="阳高县")
    assert person.filters == ["司机", "阳高县"]
    assert person.labels[0] == "退订" and "有新的告诉我" not in person.labels


async def test_more_of_nothing_offers_again_what_could_be_dropped(person, clerks):
    first = await person.say("平城区 文员 两万以上")
    offered = person.labels

    assert await person.say("还有吗") == first
    assert person.labels == offered and any("还有" in label for label in offered)


async def test_which_one_is_not_asked_with_numbers_that_are_not_there(person, clerks):
    await person.say("文员 五险一金")
    count = len(person.titles)

    said = await person.say(f"第{'二三四五'[count - 1]}个详细说说")

    assert ("就列了一个" in said) is (count == 1)


async def test_unsubscribing_needs_no_search(person, clerks):
    await person.say("文员")
    await person.say("订阅")
    person.slot = None

    assert (await person.say("退订")).startswith("退订好了")
    assert person.search is None


@pytest.mark.parametrize("press", [True, False])
async def test_starting_over_forgets_every_wish(person, clerks, press):
    await person.say("平城区 文员 五险一金")

    said = await (person.press("restart") if press else person.say("重新找"))

    assert said.startswith(f"{wording.RESTARTED}岗位库里现在有 7 个岗位")
    assert person.filters == [] and not person.search.wishes


async def test_a_press_that_is_not_known_searches_as_before(person, clerks):
    await person.say("平城区 文员")
    titles = person.titles

    await person.press("dance")

    assert (person.titles, person.filters) == (titles, ["文员", "平城区"])


async def test_a_press_without_a_search_before_searches_for_anything(person, clerks):
    await person.press("again")

    assert len(person.titles) == 3
