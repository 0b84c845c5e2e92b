"""A talk about events turn by turn, on real databases: what is on, one of them, signing up and stepping back."""

from __future__ import annotations

import json
from datetime import date, datetime

import pytest

from bot.clock import SHANGHAI
from bot.events import wording
from bot.events.talk import EventTalk, Looking, Told


def at(day: int, hour: int) -> datetime:
    """A moment of November 2026 in 大同."""
    return datetime(2026, 11, day, hour, tzinfo=SHANGHAI)


class Caller:
    """Somebody who talks about events: what they remember goes in and out through the engine's slot."""

    def __init__(self, talk: EventTalk, person: int) -> None:
        self._talk, self.id = talk, person
        self.told: Told | None = None
        self.slot: dict | None = None

    async def say(self, text: str, topic: str = "job-fair") -> str:
        looking = Looking.from_slot(self.slot)
        return self._after(await self._talk.said(text, looking, str(self.id), topic=topic))

    async def press(self, do: str, of: str | int | None = None, key: str | None = None) -> str:
        of = None if of is None else str(of)
        return self._after(await self._talk.pressed(do, of, key, Looking.from_slot(self.slot), str(self.id)))

    def payload(self, label: str) -> dict[str, str]:
        """What a press on the first choice of the last reply that is labelled so says."""
        cards = [choice for card in self.reply.cards for choice in card.choices]
        choice = next(c for c in (*self.reply.filters, *self.reply.choices, *cards) if c.label.startswith(label))
        return json.loads(choice.payload.removeprefix(f"/{wording.INTENT}"))

    async def press_labelled(self, label: str) -> str:
        return await self.press(**self.payload(label))

    def _after(self, told: Told) -> str:
        self.told = told
        self.slot = json.loads(json.dumps(told.looking.to_slot()))  # as the engine's tracker keeps it
        return "\n".join(told.reply.paragraphs)

    @property
    def reply(self):
        return self.told.reply

    @property
    def titles(self) -> list[str]:
        return [card.title for card in self.reply.cards]

    @property
    def filters(self) -> list[str]:
        return [choice.label for choice in self.reply.filters]

    @property
    def labels(self) -> list[str]:
        return [choice.label for choice in self.reply.choices]

    @property
    def looking(self) -> Looking:
        return Looking.from_slot(self.slot)


@pytest.fixture
def callers(events, people, clock):
    """Makes so many persons who talk with us."""

    async def person_of(conversation: str) -> int:
        return int(conversation)

    async def make(count: int) -> list[Caller]:
        talk = EventTalk(events, person_of, clock)
        return [Caller(talk, person) for person in await people(count)]

    return make


@pytest.fixture
async def anna(callers) -> Caller:
    return (await callers(1))[0]


@pytest.fixture
async def five(put_on) -> list[int]:
    """Two fairs, one of them online, two trainings and a day at a company, tomorrow and on the days after."""
    return [
        await put_on("综合招聘会", starts_at=at(25, 9), ends_at=at(25, 12), capacity=100),
        await put_on(
            "线上招聘会",
            starts_at=at(26, 14),
            ends_at=at(26, 17),
            mode="online",
            district=None,
            place=None,
            capacity=None,
        ),
        await put_on("焊工培训", kind="training", starts_at=at(27, 9), ends_at=at(27, 17), district="云冈区"),
        await put_on("走进电厂", kind="experience_day", starts_at=at(28, 9), ends_at=at(28, 12), district="云州区"),
        await put_on("客服培训", kind="training", starts_at=at(30, 9), ends_at=at(30, 17)),
    ]


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
