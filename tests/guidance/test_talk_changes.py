"""What is booked: looked at, moved, called off, each after a yes; two told apart."""

from dataclasses import replace
from datetime import timedelta

import pytest
from guidance_desk import LI, ZHANG, at
from guidance_person import Person

from bot.guidance import notices
from bot.guidance.views import Slot


@pytest.fixture
def person(clock) -> Person:
    """Somebody with a session on Thursday at three."""
    person = Person(clock)
    person.desk.take(ZHANG, at(26, 15), 1)
    return person


@pytest.fixture
def twice(person) -> Person:
    """And another one on Friday at two."""
    person.desk.take(LI, at(27, 14), 1)
    return person


async def test_what_is_booked_is_shown_with_its_number(person):
    said = await person.say("我约的啥")

    assert said == "你约的是这个："
    assert person.reply.cards[0].title == "11月26日 周四 15:00–15:30"
    assert "预约号 G00001" in person.reply.cards[0].lines


async def test_somebody_without_a_session_is_told_how_to_get_one(clock):
    person = Person(clock)

    assert "没有约着的指导" in await person.say("我的预约")
    assert "没有约着的指导" in await person.say("取消")
    assert "没有约着的指导" in await person.say("改时间")
    assert "没有正在约的" in await person.say("算了")


@pytest.mark.parametrize(
    ("said", "read_back"),
    [
        ("改到周五", "改成 11月27日 周五 15:00，线下，张老师，聊简历，对吗？"),
        ("往后推一天", "改成 11月27日 周五 15:00，线下，张老师，聊简历，对吗？"),
        ("提前半小时", "改成 11月26日 周四 14:30，线下，张老师，聊简历，对吗？"),
        ("周四的改到下周二", "改成 12月1日 周二 15:00，线下，张老师，聊简历，对吗？"),
        ("换个老师", "改成 11月26日 周四 15:00，线下，李老师，聊简历，对吗？"),
        ("换成李老师", "改成 11月26日 周四 15:00，线下，李老师，聊简历，对吗？"),
        ("改成电话", "改成 11月26日 周四 15:00，电话，张老师，聊简历，对吗？"),
        ("主题改成面试", "改成 11月26日 周四 15:00，线下，张老师，聊面试，对吗？"),
    ],
)
async def test_a_change_keeps_the_rest_and_waits_for_a_yes(person, said, read_back):
    before = person.booked()

    assert await person.say(said) == read_back
    assert person.booked() == before

    assert "改好了" in await person.say("对")
    moved = person.desk.bookings[1]
    assert f"{moved.mode}，{moved.adviser.name}，聊{moved.topic}" in read_back
    assert moved.starts_at.strftime("%H:%M") in read_back
    assert len(person.booked()) == 1
    assert person.state is None


async def test_a_time_to_change_to_is_not_lost_on_somebody_without_a_session(clock):
    person = Person(clock)

    assert "没有约着的指导，给你约个新的" in await person.say("改到周五下午三点")
    assert "11月27日 周五 15:00" in await person.say("简历", "电话")


async def test_changing_without_saying_to_what_offers_times(person):
    assert "改到哪个时间" in await person.say("换个时间")
    assert person.reply.days
    assert await person.say("周五上午九点半") == "改成 11月27日 周五 09:30，线下，张老师，聊简历，对吗？"


async def test_the_day_of_the_booking_only_names_it(person):
    assert "改到哪个时间" in await person.say("周四那次换个时间")


async def test_no_to_a_change_leaves_all_as_it_was(person):
    before = person.booked()

    assert "不动" in await person.say("改到周五", "算了")
    assert person.booked() == before


async def test_a_double_tap_on_a_change_is_one_change(person):
    await person.say("改到周五")
    payload = person.choices()[0].payload

    await person.send(payload)
    await person.send(payload)

    assert person.desk.bookings[1].sequence == 1


async def test_calling_off_asks_first(person):
    assert "要取消 11月26日 周四 15:00，线下，张老师，聊简历，是吗" in await person.say("取消")
    assert len(person.booked()) == 1

    assert "取消好了" in await person.say("对")
    assert person.booked() == []


@pytest.mark.parametrize("said", ["不取消", "不", "算了", "别取消了", "留着吧"])
async def test_a_no_keeps_it(person, said):
    assert "没取消" in await person.say("取消", said)
    assert len(person.booked()) == 1


@pytest.mark.parametrize("said", ["等一下", "可以吗", "好的 对了失业金怎么领"])
async def test_nothing_else_calls_off(person, said):
    await person.say("取消", said)

    assert len(person.booked()) == 1


async def test_instead_of_calling_off_it_may_be_moved(person):
    assert await person.say("取消", "还是改到周五吧") == "改成 11月27日 周五 15:00，线下，张老师，聊简历，对吗？"


async def test_two_are_told_apart_by_choices(twice):
    await twice.say("取消")
    assert twice.labels() == ["11月26日 周四 15:00 张老师", "11月27日 周五 14:00 李老师", "都不动"]

    assert "要取消 11月27日 周五 14:00" in await twice.press("11月27日 周五 14:00 李老师")


@pytest.mark.parametrize("said", ["第二个", "周五那个", "李老师那个"])
async def test_two_are_told_apart_in_words(twice, said):
    assert "要取消 11月27日 周五 14:00" in await twice.say("取消", said)


@pytest.mark.parametrize("said", ["取消周五的", "把李老师那个取消"])
async def test_the_one_that_is_named_is_not_asked_for(twice, said):
    assert "要取消 11月27日 周五 14:00" in await twice.say(said)


async def test_what_was_to_be_changed_is_not_lost_in_the_question_which_one(twice):
    await twice.say("改到下周二")
    assert "改哪个" in "".join(twice.reply.paragraphs)

    assert await twice.say("第一个") == "改成 12月1日 周二 15:00，线下，张老师，聊简历，对吗？"


async def test_what_was_to_be_changed_is_not_lost_where_it_is_pressed(twice):
    await twice.say("改到下周二")

    assert await twice.press("11月26日 周四 15:00 张老师") == "改成 12月1日 周二 15:00，线下，张老师，聊简历，对吗？"


async def test_too_late_is_said_with_whom_to_call(person, clock):
    clock.now = at(26, 14)

    assert "12355" in await person.say("取消", "对")
    assert len(person.booked()) == 1


async def test_right_after_booking_it_can_be_changed(clock):
    person = Person(clock)
    await person.say("周四三点半约张老师聊简历，线上", "对")

    assert await person.say("改到周五") == "改成 11月27日 周五 15:30，线上，张老师，聊简历，对吗？"


async def test_what_people_are_told_unasked_names_the_session(person):
    booking = person.desk.bookings[1]

    for kind in ("day_before", "hour_before", "moved", "cancelled_by_adviser"):
        assert "11月26日 周四 15:00，线下，张老师，聊简历" in notices.unasked(kind, booking).paragraphs[0]
    stars = notices.unasked("rate", booking).choices
    person.reply = notices.unasked("rate", booking)
    await person.send(stars[1].payload)
    assert person.desk.rated == [(1, 1, 4)]


async def test_a_place_offered_is_accepted_once_or_is_over(person):
    booking = person.desk.bookings[1]
    offer = notices.place_offered(booking, 7, "k7")
    assert "你等的有空位了：11月26日 周四 15:00" in offer.paragraphs[0]

    person.reply = offer
    assert "过了时间" in await person.press("要，约上")
    person.desk.keys["k7"] = 1
    person.reply = offer
    assert "预约号 G00001" in await person.press("要，约上")
    assert booking.starts_at - person.clock() > timedelta(days=1)


@pytest.mark.parametrize("said", ["我约成了没", "老师那边几点等我", "我那个预约地址再发一下"])
async def test_what_the_classifier_heard_counts_where_the_words_do_not_tell(person, said):
    person._take(await person.talk.said(said, None, None, "c1", intent="my_bookings"))

    assert person.reply.cards[0].title == "11月26日 周四 15:00–15:30"


async def test_a_change_that_only_the_classifier_heard_is_one(person):
    person._take(await person.talk.said("星期四不成 星期五行", None, None, "c1", intent="change_booking"))

    assert person.reply.paragraphs[0] == "改成 11月27日 周五 15:00，线下，张老师，聊简历，对吗？"


async def test_who_was_called_off_takes_another_time_with_one_press_and_a_yes(person):
    booking = replace(person.desk.bookings[1], state="cancelled")
    person.desk.bookings[1] = booking
    person.reply = notices.unasked("cancelled_by_adviser", booking, [Slot(LI, at(27, 14), 30)])
    assert person.labels() == ["11月27日 周五 14:00 李老师", "约别的时间"]

    said = await person.press("11月27日 周五 14:00 李老师")
    assert said == "11月27日 周五 14:00，线下，李老师，聊简历，对吗？"
    assert "约好了" in await person.say("对")


async def test_a_time_that_somebody_else_took_meanwhile_is_said(person):
    booking = replace(person.desk.bookings[1], state="cancelled")
    person.desk.bookings[1] = booking
    person.reply = notices.unasked("cancelled_by_adviser", booking, [Slot(LI, at(27, 14), 30)])
    person.desk.take(LI, at(27, 14))
    person.desk.take(ZHANG, at(27, 14))

    assert "已经有人约了" in await person.press("11月27日 周五 14:00 李老师")
