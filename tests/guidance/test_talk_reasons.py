"""Why a time cannot be, told truly; what was named of a time before the topic is known is not passed over."""

import pytest
from guidance_desk import LI, NOW, ZHANG, at
from guidance_person import Person

ASKED = "下周三下午想找个老师看看简历，线上的"


@pytest.fixture
def person(clock) -> Person:
    return Person(clock)


async def test_a_day_on_which_others_work_is_not_called_closed(person):
    said = await person.say("周二下午三点 电话聊简历")  # today: 张老师 alone has telephone sessions

    assert "老师不上班" not in said


@pytest.mark.parametrize(
    ("turns", "reason"),
    [
        (["周一上午十点 聊职业规划"], "11月30日 周一没有能聊职业规划的老师。"),
        (["周一上午十点 约李老师聊简历"], "11月30日 周一李老师不在。"),
        (["周五下午三点看简历", "李老师", "改成下周二"], "12月1日 周二李老师不在。"),
    ],
)
async def test_who_is_missing_on_a_day_is_said(person, turns, reason):
    said = await person.say(*turns)

    assert said.startswith(reason) and "最近的空档" in said
    assert person.labels()


async def test_a_holiday_is_the_reason_whoever_was_asked_for(person):
    person.desk.closed[at(27, 0).date()] = "校庆"

    assert "校庆" in await person.say("周五下午三点 约李老师聊简历")


async def test_another_adviser_whom_nobody_has_at_that_time_is_said_and_theirs_are_offered(person):
    await person.say(ASKED, "三点半")
    held = person.desk.of(1, "held")[0]
    person.desk.take(LI if held.adviser == ZHANG else ZHANG, held.starts_at)

    said = await person.say("换个老师")

    assert said.startswith("别的老师这个点都没空。最近的空档")
    assert "不上班" not in said


@pytest.mark.parametrize(
    ("said", "noted"),
    [
        ("想约个老师 周四下午三点", "11月26日 周四 15:00，记下了。想聊哪方面？"),
        ("想约老师 后天", "后天 11月26日 周四，记下了。想聊哪方面？"),
        ("想约老师 周末", "11月28日 周六到11月29日 周日，记下了。想聊哪方面？"),
        ("想约老师 昨天下午三点", "11月23日 周一 15:00已经过去了。时间回头再挑。想聊哪方面？"),
        ("想约老师 明年三月五号", "太远了，老师的时间只排到12月24日 周四。时间回头再挑。想聊哪方面？"),
    ],
)
async def test_a_time_named_before_the_topic_is_read_back_or_refused_at_once(person, said, noted):
    assert await person.say(said) == noted


async def test_a_time_that_was_noted_is_used_once_the_topic_is_known(person):
    assert "11月26日 周四 15:00" in await person.say("想约个老师 周四下午三点", "简历", "线上")


async def test_after_a_time_that_cannot_be_the_next_days_are_offered(person):
    await person.say("想约老师 昨天下午三点", "简历")

    assert person.reply.days
    assert all(slot > NOW for slot in map(_moment, person.choices()) if slot)


def _moment(choice):
    import json
    from datetime import datetime

    told = json.loads(choice.payload.removeprefix("/book_guidance"))
    return datetime.fromisoformat(told["of"]) if told["do"] == "slot" else None


@pytest.mark.parametrize(("said", "hour"), [("第一个", "15:00"), ("第二个", "16:00"), ("最后一个", "16:00")])
async def test_of_two_readings_the_one_meant_is_named_by_its_place(person, said, hour):
    await person.say("周四下午三点或者四点 聊简历 线上")
    assert "你说的是哪个时间" in "".join(person.reply.paragraphs)

    assert f"11月26日 周四 {hour}" in await person.say(said)


async def test_either_way_is_any_way(person):
    said = await person.say("周三下午三点 看简历 线下也行线上也行")

    assert said.startswith("11月25日 周三 15:00，")


async def test_an_adviser_without_the_topic_is_not_called_booked_up(person):
    said = await person.say("约李老师聊创业", "换个时间")

    assert said.startswith("李老师不聊创业") and "约满" not in said


async def test_the_times_offered_once_more_say_of_which_day(person):
    await person.say("周四 聊创业 电话", "等一下")

    said = "\n".join(person.reply.paragraphs)
    assert "11月26日 周四" in said
    assert person.labels()[0].endswith("14:00")
