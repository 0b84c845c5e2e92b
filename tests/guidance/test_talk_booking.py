"""Booking in conversation: free order, only what is missing, always read back, corrected at any point."""

from datetime import date

import pytest
from guidance_desk import ZHANG, Desk, at
from guidance_person import Person

from bot.guidance import rules


@pytest.fixture
def person(clock) -> Person:
    return Person(clock)


ALL_AT_ONCE = "周四三点半约张老师聊简历，线上"
READ_BACK = "11月26日 周四 15:30，线上，张老师，聊简历，对吗？"


# -- what is asked -----------------------------------------------------------------------------------------------------


async def test_everything_in_one_sentence_is_read_back_and_held_but_not_booked(person):
    assert await person.say(ALL_AT_ONCE) == READ_BACK
    assert person.booked() == []
    assert [b.starts_at for b in person.desk.of(1, "held")] == [at(26, 15, 30)]


async def test_only_what_is_missing_is_asked_topic_then_time_then_way(person):
    assert "想聊哪方面" in await person.say("约老师")
    assert "哪天方便" in await person.say("简历")
    assert "看哪个" in await person.say("周四下午")
    assert "咋聊方便" in await person.say("三点半")
    assert await person.say("视频吧") == READ_BACK


@pytest.mark.parametrize(
    "turns",
    [
        ("线上的，约张老师", "周四", "聊简历", "三点半"),
        ("周四三点半 想约老师", "张老师", "简历", "线上"),
        ("约老师", "下午三点半", "线上聊简历", "周四", "张老师"),
    ],
)
async def test_the_order_is_free(person, turns):
    assert await person.say(*turns) == READ_BACK


async def test_the_way_is_not_asked_where_there_is_only_one(person):
    assert await person.say("约王老师聊面试 周五下午两点") == "11月27日 周五 14:00，线下，王老师，聊面试，对吗？"


async def test_real_free_times_are_offered_by_day_and_can_be_pressed(person):
    person.desk.take(ZHANG, at(24, 14))
    await person.say("约老师聊简历")

    assert [day.label for day in person.reply.days][:2] == ["今天 11月24日 周二", "明天 11月25日 周三"]
    assert [c.label for c in person.reply.days[0].choices] == ["14:30", "15:00", "15:30", "16:00", "16:30"]
    assert "11月24日 周二 15:00" in await person.press("15:00")


async def test_few_times_are_plain_choices_and_counted(person):
    await person.say("约老师聊创业 周四下午")

    assert person.labels() == ["14:00", "14:30", "先不约了"]
    assert "11月26日 周四 14:30，线下" in await person.say("第二个", "当面")


async def test_somebody_who_cannot_name_a_topic_may_just_talk(person):
    await person.say("约老师")
    await person.press("说不清，先聊聊")

    assert await person.say("周四三点半线上") == "11月26日 周四 15:30，线上，张老师，先聊聊，对吗？"
    await person.say("对")
    assert person.booked() == [(at(26, 15, 30), "线上", "张老师", rules.ANY_TOPIC)]


async def test_as_soon_as_possible_is_the_first_free_time(person):
    assert "11月24日 周二 14:00" in await person.say("约老师聊简历 电话 越快越好")


async def test_whichever_day_takes_the_first_of_those_offered(person):
    assert "11月24日 周二 14:00" in await person.say("约老师聊简历 电话", "随便哪天都行")


async def test_a_topic_nobody_has_is_taken_to_who_can_help(person):
    assert (await person.say("约老师聊见习")).startswith("见习的事找聊政策的老师就行。")


async def test_an_adviser_who_does_not_do_that_is_said_so(person):
    assert "王老师不聊简历" in await person.say("约王老师看简历")
    assert "没有姓高的老师" in await person.say("约高老师聊面试")


# -- times that cannot be ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "reason", "offered"),
    [
        ("昨天下午三点", "11月23日 周一 15:00已经过去了。", "11月24日 周二 14:00"),
        ("周六", "11月28日 周六，老师不上班。", "11月27日 周五 16:00"),
        ("今天11点", "最早能约11月24日 周二 12:00以后的", "11月24日 周二 14:00"),
        ("3月5号", "老师的时间只排到12月24日 周四", "12月24日 周四 09:00"),
        ("周四晚上七点", "这个点没有老师，11月26日 周四能约的是", "11月26日 周四 16:00"),
        ("周四下午三点十分", "老师每 30 分钟开一场", "11月26日 周四 15:00"),
    ],
)
async def test_a_time_that_cannot_be_gets_the_reason_and_the_nearest(person, time, reason, offered):
    said = await person.say("约张老师聊简历", time)

    assert reason in said
    assert offered in person.labels()


async def test_a_day_that_is_too_far_is_no_frame_for_the_next_one_named(person):
    await person.say("约张老师聊简历 线上", "国庆")

    assert await person.say("周四三点半") == READ_BACK


async def test_where_no_other_adviser_has_that_time_the_others_times_are_offered(person):
    await person.say("周四上午九点约张老师聊简历 线下")

    assert await person.say("换个老师") == "别的老师这个点都没空。最近的空档是这几个，看哪个行？"
    assert "11月26日 周四 14:00" in person.labels()


async def test_a_holiday_is_named(person):
    person.desk.closed[date(2026, 11, 26)] = "国庆节"

    assert "11月26日 周四是国庆节，老师不上班。" in await person.say("约老师聊简历 周四")


async def test_what_could_be_either_is_asked_with_two_choices(person):
    await person.say("约老师聊简历 电话 明天八点")

    assert person.labels() == ["11月25日 周三 08:00", "11月25日 周三 20:00", "先不约了"]
    assert len(person.state["reading"]["options"]) == 2
    assert "这个点没有老师" in await person.press("11月25日 周三 08:00")


async def test_a_taken_time_gets_the_nearest(person):
    person.desk.take(ZHANG, at(26, 15, 30))

    assert "15:30已经有人约了" in await person.say(ALL_AT_ONCE)
    assert {"11月26日 周四 15:00", "11月26日 周四 16:00"} <= set(person.labels())


async def test_a_full_day_offers_a_place_in_the_queue(person):
    person.desk.fill(date(2026, 11, 26))

    assert "11月26日 周四约满了。" in await person.say("约老师聊简历 周四")
    assert "有空位我马上告诉你" in await person.press("11月26日有空位告诉我")
    assert [(one, day, wanted.topic) for one, day, wanted in person.desk.waiting] == [(1, date(2026, 11, 26), "简历")]
    assert person.state is None


async def test_the_queue_can_be_joined_in_words_and_left(person):
    person.desk.fill(date(2026, 11, 26))
    await person.say("约老师聊简历 周四", "排队等空位")

    await person.press("不等了")

    assert person.desk.waiting == []


async def test_the_reading_of_the_time_is_kept_for_the_record(person):
    await person.say("约老师聊简历", "下周三")
    assert person.state["reading"]["options"] == [
        {"start": "2026-12-02T00:00+08:00", "end": "2026-12-03T00:00+08:00", "grain": "day"}
    ]

    await person.say("下午三点")
    assert person.state["reading"]["options"] == [{"start": "2026-12-02T15:00+08:00", "end": None, "grain": "minute"}]


# -- corrections -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "read_back"),
    [
        ("不对，是周五", "11月27日 周五 15:30，线上，张老师，聊简历，对吗？"),
        ("三点太早了，四点半", "11月26日 周四 16:30，线上，张老师，聊简历，对吗？"),
        ("再晚半小时", "11月26日 周四 16:00，线上，张老师，聊简历，对吗？"),
        ("改成电话", "11月26日 周四 15:30，电话，张老师，聊简历，对吗？"),
        ("不是简历，是面试", "11月26日 周四 15:30，线上，张老师，聊面试，对吗？"),
        ("换成李老师", "11月26日 周四 15:30，线上，李老师，聊简历，对吗？"),
        ("换个老师", "11月26日 周四 15:30，线上，李老师，聊简历，对吗？"),
        ("好的 那周五吧", "11月27日 周五 15:30，线上，张老师，聊简历，对吗？"),
    ],
)
async def test_a_correction_changes_only_what_it_names(person, said, read_back):
    await person.say(ALL_AT_ONCE)

    assert await person.say(said) == read_back
    assert len(person.desk.of(1, "held")) == 1
    assert person.booked() == []


async def test_a_bare_no_asks_what_is_wrong_and_keeps_the_place(person):
    await person.say(ALL_AT_ONCE)

    assert "哪儿不对" in await person.say("不对")
    assert await person.say("改成电话") == "11月26日 周四 15:30，电话，张老师，聊简历，对吗？"


async def test_where_there_is_no_other_adviser_the_times_are_offered_again(person):
    await person.say("周四三点半约张老师聊简历，电话")

    assert "没有别的老师了" in await person.say("换个老师")
    assert "11月26日 周四 15:30" in person.labels()


async def test_a_way_that_the_adviser_does_not_offer_can_be_given_up(person):
    assert "王老师没有电话的" in await person.say("约王老师聊面试 打电话 周五下午两点")
    assert await person.press("线下，当面聊") == "11月27日 周五 14:00，线下，王老师，聊面试，对吗？"


# -- yes, no, and something else ---------------------------------------------------------------------------------------


async def test_yes_books_and_says_number_calendar_and_how_to_change(person):
    said = await person.say(ALL_AT_ONCE, "对")
    card = person.reply.cards[0]

    assert person.booked() == [(at(26, 15, 30), "线上", "张老师", "简历")]
    assert "预约号 G00001" in said
    assert "改到周五" in said
    assert (card.link.label, card.link.url) == ("加到日历", "/chat/booking/G00001.ics")
    assert card.badge == "示例"
    assert person.desk.asked[1] == ALL_AT_ONCE


async def test_a_double_tap_on_yes_is_one_booking(person):
    await person.say(ALL_AT_ONCE)
    payload = person.choices()[0].payload

    await person.send(payload)
    await person.say("不用留")
    said = await person.send(payload)

    assert "预约号 G00001" in said
    assert len(person.booked()) == 1


@pytest.mark.parametrize("said", ["好的 对了失业金怎么领", "可以吗", "行不行", "对面在哪", "对了 简历怎么写"])
async def test_words_of_agreement_beside_something_else_book_nothing(person, said):
    await person.say(ALL_AT_ONCE, said)

    assert person.booked() == []
    assert await person.say("对的") != ""
    assert len(person.booked()) == 1


async def test_a_yes_the_classifier_heard_counts_only_when_it_says_nothing_else(person):
    await person.say(ALL_AT_ONCE)

    person._take(await person.talk.answered(True, "好的 对了失业金怎么领", None, person.state, "c1"))
    assert person.booked() == []
    person._take(await person.talk.answered(True, "中中", None, person.state, "c1"))
    assert len(person.booked()) == 1


async def test_who_was_faster_is_told_kindly_with_others(person, clock):
    await person.say(ALL_AT_ONCE)
    clock.pass_(minutes=6)
    person.desk.take(ZHANG, at(26, 15, 30))

    assert "已经被别人约走了" in await person.say("对")
    assert "11月26日 周四 16:00" in person.labels()
    assert person.booked() == []


async def test_never_mind_leaves_no_trace(person):
    await person.say(ALL_AT_ONCE)

    assert "不约了" in await person.say("算了")
    assert person.state is None
    assert person.desk.of(1, "held", "booked") == []


async def test_at_the_limit_the_reason_is_said(person):
    person.desk.limit = 0

    assert "最多同时约着 0 次" in await person.say(ALL_AT_ONCE)
    assert person.state is None


# -- digressions and breaks --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("turns", [("约老师",), ("约老师聊简历",), ("约老师聊简历 周四三点半",), (ALL_AT_ONCE,)])
async def test_after_a_digression_the_same_step_is_offered_again(person, turns):
    await person.say(*turns)
    before = person.reply

    again = await person.talk.resume(None, person.state)

    assert again.paragraphs[0].startswith("接着刚才的预约：")
    assert [c.label for c in again.choices] == [c.label for c in before.choices]
    assert [d.label for d in again.days] == [d.label for d in before.days]


async def test_a_yes_after_a_digression_still_books_what_was_read_back(person):
    await person.say(ALL_AT_ONCE)

    again = await person.talk.resume(None, person.state)

    assert again.paragraphs[0] == "接着刚才的预约：" + READ_BACK
    await person.send(again.choices[0].payload)
    assert len(person.booked()) == 1


async def test_wait_keeps_everything(person):
    await person.say(ALL_AT_ONCE)

    assert await person.say("等一下") == "好，不急，想好了接着说。" + READ_BACK


async def test_after_a_day_it_offers_to_go_on_and_holds_nothing_against_anybody(person, clock):
    await person.say(ALL_AT_ONCE)
    clock.pass_(days=1)

    assert "还接着约吗" in (await person.talk.resume(None, person.state)).paragraphs[0]
    assert await person.say("对") == READ_BACK
    assert person.booked() == []
    await person.say("对")
    assert len(person.booked()) == 1


async def test_after_a_break_over_the_day_itself_the_next_times_are_offered(person, clock):
    await person.say(ALL_AT_ONCE)
    clock.pass_(days=3)

    assert "已经过去了" in await person.say("接着约")


async def test_after_a_break_one_may_begin_anew_or_let_it_be(person, clock):
    await person.say(ALL_AT_ONCE)
    clock.pass_(days=2)

    await person.say("嗨")
    assert person.labels() == ["接着约", "重新约", "不约了"]
    assert "想聊哪方面" in await person.press("重新约")
    await person.press("先不约了")
    assert person.state is None


async def test_nothing_is_offered_again_once_it_is_booked(person):
    await person.say(ALL_AT_ONCE, "对")

    assert await person.talk.resume(None, person.state) is None
    assert await person.talk.resume(None, None) is None


# -- the contact -------------------------------------------------------------------------------------------------------


async def test_the_contact_comes_last_and_may_be_left_out(person):
    await person.say(ALL_AT_ONCE, "对")
    assert "不用留" in person.labels()

    await person.press("不用留")

    assert (person.state, person.desk.contacts) == (None, {})


async def test_a_number_is_taken_down(person):
    await person.say(ALL_AT_ONCE, "对", "13800001234")

    assert (person.state, person.desk.contacts) == (None, {1: "13800001234"})


async def test_a_number_that_was_masked_and_kept_on_the_way_in_is_noted(person):
    await person.say(ALL_AT_ONCE, "对")
    assert "不用留" in await person.say("〔手机号〕")  # nothing was kept: asked once more

    person.desk.contacts[1] = "13800001234"
    assert "记下了" in await person.say("〔手机号〕")
    assert person.state is None


async def test_the_adviser_sees_one_s_history_only_after_a_yes(person):
    await person.say(ALL_AT_ONCE, "对")
    assert not person.desk.bookings[1].shares_history

    await person.press("让老师先看看我的情况")
    assert person.desk.bookings[1].shares_history
    await person.press("不给看了")
    assert not person.desk.bookings[1].shares_history


async def test_two_people_are_never_read_back_one_time(clock):
    desk = Desk(clock)
    first, second = Person(clock, 1, desk), Person(clock, 2, desk)

    await first.say(ALL_AT_ONCE)

    assert "已经有人约了" in await second.say(ALL_AT_ONCE)
    assert second.desk.of(2, "held") == []
