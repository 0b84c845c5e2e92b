"""What a turn about guidance says, as people type it; and whether it is about guidance at all."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.guidance_wishes import gives_contact, is_about_guidance, is_short_answer, read_guidance_wish
from bot.text.times import SHANGHAI

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)  # a Tuesday


def read(text):
    return read_guidance_wish(text, NOW)


def test_one_sentence_may_say_everything():
    wish = read("下周三下午想找个老师看看简历，线上的")

    assert (wish.act, wish.topic, wish.mode, wish.rest) == ("book", "简历", "线上", 0)
    assert wish.times.options[0].start == datetime(2026, 12, 2, 12, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("想约个老师聊聊", "book"), ("我要预约", "book"), ("挂个老师的号", "book"), ("給我約個老師", "book"),
        ("我约的啥", "mine"), ("我的预约", "mine"), ("看下我的预约", "mine"), ("我约的是几点来着", "mine"),
        ("改到周五", "change"), ("换个时间", "change"), ("往后推一天", "change"), ("改时间", "change"),
        ("取消", "cancel"), ("取消预约", "cancel"), ("明天的指导不去了", "cancel"),
        ("不取消", "refuse"), ("别取消了", "refuse"), ("不", "refuse"), ("不对", "refuse"), ("好像不对", "refuse"),
        ("不对，是周四", "refuse"),
        ("算了", "stop"), ("不约了", "stop"), ("不改了", "stop"),
        ("换个老师", "another_adviser"), ("不要张老师", "another_adviser"),
        ("等一下", "wait"), ("我想想", "wait"), ("接着约", "resume"), ("重新约一个", "restart"),
        ("有空位告诉我", "queue"), ("还有别的时间吗", "more"), ("都不行", "more"),
    ],
)  # fmt: skip
def test_what_a_turn_wants(text, act):
    assert read(text).act == act


@pytest.mark.parametrize("text", ["对", "好的", "可以", "对，就这个", "嗯嗯", "行", "没问题", "就这个吧", "OK", "是的"])
def test_agreement_and_nothing_else(text):
    assert read(text).agrees


@pytest.mark.parametrize(
    "text",
    [
        "好的 对了失业金怎么领",
        "可以吗",
        "行不行",
        "对了",
        "可以问你个事不",
        "好像不对",
        "不可以",
        "好难啊",
        "对面是谁",
        "不取消",
    ],
)
def test_words_of_agreement_beside_something_else_are_none(text):
    assert not read(text).agrees


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("改简厉", "简历"), ("模拟面视", "面试"), ("职业规化", "职业规划"), ("不知道干啥", "职业规划"), ("想开个奶茶店", "创业"),
        ("问问政策", "政策"), ("考公", "考公考编"), ("事业编", "考公考编"), ("公司拖欠工资", "劳动权益"), ("合同的事", "劳动权益"),
        ("压力大", "求职心理"), ("不是简历，是面试", "面试"), ("简历那个改成职业规划", "职业规划"), ("随便", None),
    ],
)  # fmt: skip
def test_topics_with_their_spellings(text, topic):
    assert read(text).topic == topic


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        ("当面聊", "线下"), ("我去你们那", "线下"), ("打电话行不", "电话"), ("语音就行", "电话"), ("视频的吧", "线上"),
        ("腾讯会议那种", "线上"), ("不方便过去 打电话行不", "电话"), ("线下改线上", "线上"), ("视频改成当面", "线下"),
        ("不视频了 打电话", "电话"), ("线上的不要了 我去现场", "线下"), ("周四", None),
    ],
)  # fmt: skip
def test_ways_and_the_one_meant_of_two(text, mode):
    assert read(text).mode == mode


@pytest.mark.parametrize(
    ("text", "adviser"),
    [
        ("约张老师", "张"), ("换成李老师", "李"), ("不要张老师，要王老师", "王"), ("换个老师", None), ("有老师没", None),
        ("想和老师聊聊", None), ("向老师请教", None),
    ],
)  # fmt: skip
def test_advisers_by_name(text, adviser):
    assert read(text).adviser == adviser


@pytest.mark.parametrize(
    ("text", "index"), [("第二个", 2), ("第3个时段", 3), ("最后一个", -1), ("第一", 1), ("周三", None)]
)
def test_which_of_those_offered(text, index):
    assert read(text).index == index


@pytest.mark.parametrize(
    ("text", "contact"),
    [("13800001234", "13800001234"), ("手机 138-0000-1234", "138-0000-1234"), ("a.b@qq.com", "a.b@qq.com"),
     ("微信号abc_12345", "abc_12345"), ("周四", None)],
)  # fmt: skip
def test_contacts(text, contact):
    assert read(text).contact == contact
    assert gives_contact(text, NOW) == (contact is not None)


@pytest.mark.parametrize("text", ["〔手机号〕", "我的手机号是〔手机号〕", "微信〔账号〕"])
def test_a_masked_contact_is_one_that_was_given(text):
    assert gives_contact(text, NOW)
    assert is_about_guidance(text, True, NOW)
    assert read(text).mode is None


def test_a_contact_need_not_be_left():
    assert gives_contact("不用留", NOW)


IN_A_BOOKING = [
    "周四下午", "不对，是周四", "三点太早了，四点半", "换个老师", "改成电话", "算了", "对", "第二个", "简历", "等一下",
    "接着约", "周五有空吗", "越快越好", "随便哪天都行", "我约的啥", "还有别的时间吗", "不方便过去 打电话行不", "早一点",
]  # fmt: skip
OTHER_MATTERS = [
    "好的 对了失业金怎么领", "失业金怎么领", "简历怎么写", "面试穿什么", "你好", "我月底毕业 档案放哪", "招聘会周六几点开始",
    "有没有平城区的岗位", "有补贴吗", "考公要带啥材料", "创业能领多少钱", "试用期多久", "周六有招聘会吗", "三方怎么签",
]  # fmt: skip


@pytest.mark.parametrize("text", IN_A_BOOKING)
def test_a_turn_that_goes_on_with_a_booking(text):
    assert is_about_guidance(text, True, NOW)


@pytest.mark.parametrize("text", OTHER_MATTERS)
@pytest.mark.parametrize("state_open", [True, False])
def test_a_turn_about_something_else(text, state_open):
    assert not is_about_guidance(text, state_open, NOW)


@pytest.mark.parametrize("text", ["周四下午", "对", "简历", "算了", "线上", "第二个"])
def test_without_a_booking_open_a_bare_fact_opens_none(text):
    assert not is_about_guidance(text, False, NOW)


@pytest.mark.parametrize("text", ["想约个老师看看简历", "我的预约", "换个老师", "约个时间见老师 周四"])
def test_a_plain_wish_is_about_guidance_at_any_time(text):
    assert is_about_guidance(text, False, NOW)


def test_only_what_says_little_is_a_short_answer():
    assert is_short_answer("中中")
    assert not is_short_answer("失业金怎么领")
    assert not is_short_answer("好的 那我问一下别的")


@given(st.text(alphabet=st.sampled_from("约老师改不对好的周三下午点取消张，。 1234简历电话?😀a@"), max_size=30))
def test_no_text_is_too_much(text):
    wish = read(text)

    assert wish.rest >= 0
    assert is_about_guidance(text, True, NOW) in (True, False)


@pytest.mark.parametrize("text", ["周六上午随便几点", "等考完试 12月20以后", "周四下了课四点半"])
def test_what_one_does_before_belongs_to_the_time(text):
    assert is_about_guidance(text, True, NOW)
