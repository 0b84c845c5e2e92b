"""A talk about events turn by turn, on real databases: signing up and stepping back."""

from __future__ import annotations

import pytest

from bot.events import wording
from tests.events.conftest import at

# -- signing up ------------------------------------------------------------------------------------------------------


async def test_signing_up_asks_first_and_then_gives_the_ticket(anna, five, standings):
    await anna.say("最近有啥活动")
    said = await anna.say("报名第一个")
    assert said.startswith("给你报“综合招聘会”，") and said.endswith("确定吗？")
    assert anna.labels == ["确定报名", "先不报"]
    assert await standings(five[0]) == {}

    said = await anna.press_labelled("确定报名")

    [card] = anna.reply.cards
    assert said.startswith("报上了") and await standings(five[0]) == {anna.id: "registered"}
    assert card.image.url.startswith("/chat/ticket/EVT-") and card.image.url.endswith(".svg")
    assert card.image.label.removeprefix("签到码 ") in card.image.url and card.image.label in card.lines[-1]
    assert [choice.label for choice in card.choices] == ["取消报名"]


async def test_confirming_twice_is_one_sign_up_and_the_same_ticket(anna, five, standings):
    await anna.press("sign_up", five[0])
    confirm = anna.payload("确定报名")

    first = await anna.press(**confirm)
    ticket = anna.reply.cards[0].image
    second = await anna.press(**confirm)

    assert first == second and anna.reply.cards[0].image == ticket
    assert await standings(five[0]) == {anna.id: "registered"}


async def test_confirming_another_asking_of_the_same_event_shows_the_ticket_there_is(anna, five, standings):
    await anna.press("sign_up", five[0])
    first = anna.payload("确定报名")
    await anna.press("sign_up", five[0])
    second = anna.payload("确定报名")
    await anna.press(**first)
    ticket = anna.reply.cards[0].image

    said = await anna.press(**second)

    assert first["key"] != second["key"]
    assert said == "你已经报过这场了，签到码在这儿。" and anna.reply.cards[0].image == ticket
    assert await standings(five[0]) == {anna.id: "registered"}


async def test_asking_again_after_signing_up_shows_the_ticket(anna, five):
    await anna.press("confirm", five[0], "k")

    assert (await anna.press("sign_up", five[0])).startswith("你已经报过这场了")
    assert "取消报名" in [choice.label for choice in anna.reply.cards[0].choices]


async def test_leaving_it_signs_nobody_up(anna, five, standings):
    await anna.press("sign_up", five[0])

    await anna.press_labelled("先不报")

    assert anna.reply == wording.LEFT and await standings(five[0]) == {}


@pytest.mark.parametrize("words", ["对", "确定", "好的，报吧", "确定报名"])
async def test_a_yes_in_words_signs_up_what_was_asked_about(anna, five, standings, words):
    await anna.say("最近有啥活动")
    await anna.say("报名第二个")

    said = await anna.say(words)

    assert "报上了" in said and anna.reply.cards[0].image is not None
    assert await standings(five[1]) == {anna.id: "registered"}
    assert anna.looking.pending is None


async def test_a_yes_said_twice_is_one_sign_up_and_the_second_is_none(anna, five, standings):
    await anna.say("最近有啥活动")
    await anna.say("报名第二个")
    await anna.say("对")
    ticket = anna.reply.cards[0].lines

    assert "报名" in await anna.say("对")
    await anna.say("我报了啥")
    assert anna.reply.cards[0].lines == ticket
    assert await standings(five[1]) == {anna.id: "registered"}


@pytest.mark.parametrize("words", ["先不报", "不", "算了", "等一下", "好的 对了失业金怎么领", "12月的"])
async def test_nothing_else_signs_up(anna, five, standings, words):
    await anna.say("最近有啥活动")
    await anna.say("报名第二个")

    await anna.say(words)
    await anna.say("对")

    assert await standings(five[1]) == {}


async def test_a_yes_in_words_takes_a_sign_up_back_and_a_no_keeps_it(anna, five, standings):
    await anna.say("最近有啥活动")
    await anna.say("报名第一个")
    await anna.say("对")

    await anna.say("取消报名")
    assert "先不动" in await anna.say("不取消了")
    assert await standings(five[0]) == {anna.id: "registered"}

    await anna.say("取消报名")
    assert "取消好了" in await anna.say("确定取消")
    assert await standings(five[0]) == {}


async def test_the_full_event_says_so_before_and_gives_the_place_in_the_queue(callers, put_on):
    event = await put_on(capacity=1)
    anna, boris, clara = await callers(3)
    await anna.press("confirm", event, "a")

    assert "先排候补" in await boris.press("sign_up", event)
    assert await boris.press_labelled("确定报名") == "排上候补了，前面还有 0 人。轮到你我马上告诉你。"
    await clara.press("sign_up", event)
    assert "前面还有 1 人" in await clara.press_labelled("确定报名")

    assert clara.reply.cards[0].lines[-1] == "候补第 2 位" and clara.reply.cards[0].image is None
    assert "你已经在候补了" in await boris.press("sign_up", event)


async def test_who_steps_back_gives_the_place_to_who_waits(callers, put_on, standings):
    event = await put_on(capacity=1)
    anna, boris = await callers(2)
    await anna.press("confirm", event, "a")
    await boris.press("confirm", event, "b")

    await anna.press("cancel_now", event)

    assert await standings(event) == {boris.id: "registered"}
    await boris.press("mine")
    assert boris.reply.cards[0].image is not None


@pytest.mark.parametrize("do", ["sign_up", "confirm"])
async def test_a_training_that_has_begun_takes_nobody(anna, put_on, standings, do):
    event = await put_on(kind="training", starts_at=at(24, 9), ends_at=at(24, 17))

    said = await anna.press(do, event, "k")

    assert "报名已经在" in said and "09:00截止了" in said
    assert anna.labels == ["看别的活动"] and await standings(event) == {}


@pytest.mark.parametrize("do", ["sign_up", "confirm", "cancel_now"])
async def test_an_event_that_was_called_off_says_so(anna, events, five, do):
    await events.cancel_event(five[0])

    await anna.press(do, five[0], "k")

    assert anna.reply == wording.CALLED_OFF


# -- what one has signed up for, stepping back -----------------------------------------------------------------------


async def test_what_one_has_signed_up_for_is_shown_with_tickets(anna, five):
    assert await anna.say("我报的活动") == "你还没有报名的活动。"
    await anna.press("confirm", five[0], "a")
    await anna.press("confirm", five[2], "b")

    assert await anna.press("mine") == "你报了 2 场："
    assert anna.titles == ["综合招聘会", "焊工培训"]
    assert all(card.image for card in anna.reply.cards)


async def test_a_sign_up_for_what_was_called_off_says_so_without_a_ticket(anna, events, five):
    await anna.press("confirm", five[0], "a")
    await events.cancel_event(five[0])

    await anna.press("mine")

    [card] = anna.reply.cards
    assert (card.badge, card.image, card.choices) == ("已取消", None, ())


async def test_stepping_back_asks_first(anna, five, standings):
    await anna.press("confirm", five[0], "a")

    assert (await anna.say("取消报名")).startswith("要取消“综合招聘会”（")
    assert anna.labels == ["确定取消", "不取消"]
    await anna.press_labelled("不取消")
    assert await standings(five[0]) == {anna.id: "registered"}
    await anna.say("取消报名")
    assert await anna.press_labelled("确定取消") == "取消好了：综合招聘会。想去了随时再报。"

    assert await standings(five[0]) == {}


async def test_stepping_back_twice_says_that_there_is_nothing_to_step_back_from(anna, five):
    await anna.press("confirm", five[0], "a")
    await anna.press("cancel_now", five[0])

    await anna.press("cancel_now", five[0])
    assert anna.reply == wording.NOT_SIGNED_UP
    await anna.press("cancel", five[0])
    assert anna.reply == wording.NOT_SIGNED_UP


async def test_stepping_back_from_nothing_named_shows_what_there_is(anna, five):
    await anna.press("confirm", five[0], "a")
    anna.slot = None

    assert await anna.say("不去了，取消报名") == "你报了 1 场："


async def test_who_is_in_cannot_step_back(anna, events, put_on):
    event = await put_on(starts_at=at(24, 9), ends_at=at(24, 17))
    await anna.press("confirm", event, "a")
    await events.check_in(anna.reply.cards[0].image.label.removeprefix("签到码 "), "小李")

    assert "已经签到了，取消不了" in await anna.press("cancel_now", event)
    await anna.press("mine")
    assert anna.reply.cards[0].lines[-1] == "已签到"


async def test_one_may_sign_up_again_after_stepping_back(anna, five, standings):
    await anna.press("sign_up", five[0])
    await anna.press_labelled("确定报名")
    await anna.press("cancel_now", five[0])

    await anna.press("sign_up", five[0])
    await anna.press_labelled("确定报名")

    assert await standings(five[0]) == {anna.id: "registered"}


async def test_a_press_that_is_not_known_lists_what_is_on(anna, five):
    await anna.press("all")

    assert anna.titles == ["综合招聘会", "线上招聘会", "焊工培训"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("day_before", "提醒你：明天有活动"),
        ("moved_up", "候补轮到你了"),
        ("changed", "时间地点有变，现在是"),
        ("cancelled", "主办方取消了，不用去了"),
    ],
)
async def test_what_is_told_unasked_names_the_event(events, put_on, kind, text):
    event = (await events.details(await put_on())).event

    reply = wording.unasked(kind, event, "EVT-23456789")

    assert text in reply.paragraphs[0] and "秋季招聘会" in reply.paragraphs[0]
    assert reply.cards[0].image.url == "/chat/ticket/EVT-23456789.svg"
    assert wording.unasked(kind, event, "").cards == ()  # who waits has no ticket
