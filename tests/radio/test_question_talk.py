"""A question taken step by step: out of the sentence, shown, named, agreed to, stored; and what became of it."""

from datetime import date, timedelta

import pytest
from radio_setup import QUESTION, Speaker

from bot.radio.service import Radio
from bot.radio.talk import RadioTalk
from bot.radio.wording import answer_told

DAY = date(2026, 11, 24)


async def stored(radio, person):
    return [(one.text, one.nickname, one.consent, one.state) for one in await radio.mine(person.conversation)]


async def test_the_question_is_taken_out_of_the_sentence_and_shown(person):
    said = await person.say("我想问嘉宾 大专去国企有没有前途")

    assert f"“{QUESTION}”" in said and "怎么称呼你" in said
    assert person.labels() == ["匿名", "改一下", "不问了"]


async def test_three_turns_and_a_question_is_with_the_programme(person, radio):
    await person.say("我想问嘉宾 大专去国企有没有前途", "小北")
    assert "“小北”" in person.reply.paragraphs[0] and "告诉你" in person.reply.paragraphs[1]

    said = await person.press("能念")

    [mine] = await radio.mine(person.conversation)
    assert mine.code in said and "我在这儿告诉你" in said
    assert await stored(radio, person) == [(QUESTION, "小北", "air", "received")]
    assert person.state is None


async def test_without_a_question_in_it_it_is_asked_for_once(person):
    said = await person.say("能帮我在节目里问问吗")
    assert "想问嘉宾啥" in said

    assert f"“{QUESTION}”" in await person.say(QUESTION)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("不念，只给我答复", "reply"), ("别念了私下告诉我", "reply"), ("不行", "reply"), ("能念", "air"), ("可以 念吧", "air"), ("没问题", "air"),
    ],
)  # fmt: skip
async def test_consent_is_given_in_words_too(person, radio, said, kept):
    await person.say("替我问问主持人 大专去国企有没有前途", "匿名", said)

    assert await stored(radio, person) == [(QUESTION, None, kept, "received")]


async def test_personal_details_are_out_of_what_is_shown_and_stored(person, radio):
    said = await person.say("我想问嘉宾 我电话13812345678，大专能进国企吗")

    assert "13812345678" not in said and "〔" in said and "隐去" in said
    await person.say("匿名", "能念")
    [(text, *_)] = await stored(radio, person)
    assert f"“{text}”" in said


async def test_the_question_is_changed_until_it_is_right(person, radio):
    await person.say("我想问嘉宾 大专去国企有没有前途")
    assert "重新说" in await person.press("改一下")
    assert "“本科去国企有没有前途”" in await person.say("本科去国企有没有前途")
    assert "“硕士去国企有没有前途”" in await person.say("改成 硕士去国企有没有前途")
    assert "“硕士去国企有没有前途，我是女生”" in await person.say("再加一句 我是女生")
    await person.say("小北")
    assert "重新说" in await person.say("改一下")
    assert "称呼“小北”" in await person.say(QUESTION)

    await person.press("能念")

    assert await stored(radio, person) == [(QUESTION, "小北", "air", "received")]


async def test_a_press_under_an_older_text_stores_nothing_but_shows_the_newer_one(person, radio):
    await person.say("我想问嘉宾 大专去国企有没有前途", "匿名")
    older = person.payload("能念")
    await person.say("改成 本科去国企有没有前途")

    assert "“本科去国企有没有前途”" in await person.send(older)
    assert await stored(radio, person) == []


async def test_pressed_twice_is_one_question_and_says_the_same(person, radio):
    await person.say("我想问嘉宾 大专去国企有没有前途", "匿名")
    yes = person.payload("能念")

    assert await person.send(yes) == await person.send(yes)
    assert len(await stored(radio, person)) == 1


async def test_the_same_question_again_is_not_taken_twice(person, radio):
    await person.say("我想问嘉宾 大专去国企有没有前途", "匿名", "能念")

    said = await person.say("我想问嘉宾 大专去国企有没有前途", "匿名", "能念")

    assert "交过了" in said and len(await stored(radio, person)) == 1


@pytest.mark.parametrize("stop", ["算了", "不问了", "取消"])
@pytest.mark.parametrize("steps", [["我想问嘉宾"], [f"我想问嘉宾 {QUESTION}"], [f"我想问嘉宾 {QUESTION}", "小北"]])
async def test_a_stop_leaves_no_trace_at_any_step(person, radio, steps, stop):
    assert "啥也没留" in await person.say(*steps, stop)

    assert person.state is None and await stored(radio, person) == []


@pytest.mark.parametrize(
    ("name", "why"),
    [("叫我一二三四五六七八九十一二三", "12 个字"), ("〔姓名〕", "化名"), ("13812345678", "化名"), ("好的", "称呼"), ("叫我大傻逼", "换一个")],
)  # fmt: skip
async def test_a_nickname_that_will_not_do_is_asked_for_again(person, name, why):
    await person.say(f"我想问嘉宾 {QUESTION}")

    assert why in await person.say(name)
    assert "称呼“小北”" in await person.say("就叫小北吧")


async def test_who_said_at_once_that_they_want_no_name_is_not_asked(person, radio):
    said = await person.say("匿名提问 别说我名字 我在单位被排挤了怎么处")

    assert "匿名，问题是：“我在单位被排挤了怎么处”" in said
    await person.press("能念")
    assert await stored(radio, person) == [("我在单位被排挤了怎么处", None, "air", "received")]


async def test_a_nickname_in_the_sentence_is_taken(person):
    assert "称呼“小李”" in await person.say("别用我真名 就叫小李 问跳槽太勤咋解释")


@pytest.mark.parametrize("said", ["😀😀", "你好", "主持人好", "我想问嘉宾", "〔手机号〕"])
async def test_what_is_no_question_is_asked_for_once_more_and_then_let_be(person, radio, said):
    await person.say("我想问嘉宾")

    assert "想问啥" in await person.say(said)
    assert "问嘉宾" in await person.say(said)
    assert person.state is None and await stored(radio, person) == []


async def test_an_insult_is_declined_kindly_and_a_better_wording_is_taken(person):
    await person.say("我想问嘉宾")

    assert "换个说法" in await person.say("嘉宾是不是傻逼")
    assert f"“{QUESTION}”" in await person.say(QUESTION)


async def test_what_the_model_takes_for_abuse_is_no_question(person):
    await person.say("我想问嘉宾")

    assert "换个说法" in await person.say("你们都是一群没用的东西", intent="abuse")


async def test_cheating_others_is_not_asked_on_air(person):
    assert "犯法" in await person.say("我想问嘉宾 怎么骗补贴不被发觉")


async def test_too_long_a_question_is_to_be_shortened(person):
    await person.say("我想问嘉宾")

    assert "300 个字以内" in await person.say("大专去国企有没有前途，" * 40)


async def test_no_more_are_taken_than_one_person_may_have_open(clock, sessions, meet):
    person = Speaker(RadioTalk(Radio(sessions, clock, open_limit=1), clock), await meet())
    await person.say(f"我想问嘉宾 {QUESTION}", "匿名", "能念")

    said = await person.say("我想问嘉宾 文科生有啥出路")

    assert "1 个问题还在节目组手里" in said and person.state is None


async def test_the_step_is_offered_again_after_something_else(person):
    assert await person.talk.resume(None, None) is None
    await person.say(f"我想问嘉宾 {QUESTION}", "小北")

    again = await person.talk.resume(None, person.state)

    assert again.paragraphs[0].startswith("接着刚才给嘉宾的提问：") and QUESTION in again.paragraphs[0]
    assert [c.payload for c in again.choices] == [c.payload for c in person.reply.choices]


async def test_what_was_left_for_hours_is_not_offered_again_but_can_be_pressed(person, clock, radio):
    await person.say(f"我想问嘉宾 {QUESTION}", "小北")
    clock.pass_(hours=3)

    assert await person.talk.resume(None, person.state) is None
    await person.press("能念")
    assert len(await stored(radio, person)) == 1


async def test_another_question_in_the_middle_begins_anew(person):
    await person.say(f"我想问嘉宾 {QUESTION}", "小北")

    assert "“文科生在大同有啥出路”" in await person.say("我想问嘉宾 文科生在大同有啥出路")


# -- what became of them -----------------------------------------------------------------------------------------------


async def test_my_questions_show_how_far_each_is(person, radio, asked):
    for n, text in enumerate(
        ["收到的问题是啥", "入选的问题是啥", "播出的问题是啥", "退回的问题是啥", "撤回的问题是啥"]
    ):
        one = await asked(text, talk=person.conversation)
        if n in (1, 2):
            await radio.select(one.code)
        if n == 2:
            await radio.aired(one.code, DAY)
        if n == 3:
            await radio.decline(one.code, "和上期重了")
        if n == 4:
            await radio.withdraw(person.conversation, one.code)

    await person.say("我的提问")

    shown = {card.title: (card.badge, [c.label for c in card.choices]) for card in person.reply.cards}
    assert shown == {
        "收到的问题是啥": ("已收到", ["撤回"]),
        "入选的问题是啥": ("已入选", ["撤回"]),
        "播出的问题是啥": ("已播出", ["答复不用告诉我"]),
        "退回的问题是啥": ("没选上", []),
        "撤回的问题是啥": ("已撤回", []),
    }
    lines = [line for card in person.reply.cards for line in card.lines]
    assert "11月24日播的" in lines and "原因：和上期重了" in lines


async def test_a_question_is_taken_back_with_one_press(person, radio):
    await person.say(f"我想问嘉宾 {QUESTION}", "匿名", "能念")
    assert "点它下面的“撤回”" in await person.say("把我那个问题撤了")

    assert "撤回了" in await person.press("撤回")
    assert [state for *_, state in await stored(radio, person)] == ["withdrawn"]


async def test_what_is_on_air_is_not_taken_back(person, radio, asked):
    one = await asked(talk=person.conversation)
    await person.say("我的提问")
    back = person.payload("撤回")
    await radio.select(one.code)
    await radio.aired(one.code, DAY)

    assert "撤不回来" in await person.send(back)


async def test_looking_at_one_s_questions_in_the_middle_keeps_the_new_one_open(person):
    await person.say(f"我想问嘉宾 {QUESTION}", "小北")
    open_question = person.state

    await person.say("我上次提的问题播了没")

    assert "没给节目提过" in person.reply.paragraphs[0] and person.state == open_question


async def test_a_question_about_what_one_asked_before_is_a_question_where_one_is_asked_for(person):
    await person.say("我想问嘉宾")

    assert "我记的是" in await person.say("我上次问的那家公司说试用期不交社保，合不合法")


async def test_somebody_without_questions_is_told_how_to_ask_one(person):
    assert "还没给节目提过" in await person.say("我的提问")
    assert "想问嘉宾啥" in await person.press("问嘉宾一个问题")


async def test_the_answer_names_the_day_and_the_guest(radio, asked, clock):
    one = await asked()
    await radio.select(one.code)
    await radio.aired(one.code, DAY)
    await radio.answer(one.code, "先干着看。", guest="王总")
    clock.pass_(days=30)

    told = answer_told(await radio.question(one.code), DAY + timedelta(days=9))
    later = answer_told(await radio.question(one.code), DAY + timedelta(days=60))

    assert told.paragraphs[1] == "11月24日节目里嘉宾王总谈到：先干着看。"
    assert later.paragraphs[1].startswith("2026年11月24日节目里")


async def test_an_answer_without_the_air_says_no_day(radio, asked):
    one = await asked(consent="reply")

    told = answer_told(await radio.answer(one.code, "先干着看。"), DAY)

    assert told.paragraphs[1] == "嘉宾看了你的问题，说：先干着看。"


class Refusing:
    """A desk whose record has one question that had no answer."""

    def __init__(self, radio, text):
        self._radio, self._text = radio, text

    def __getattr__(self, name):
        return getattr(self._radio, name)

    async def last_refused(self, conversation):
        return self._text


async def test_a_question_we_had_no_answer_to_is_taken_to_the_programme(radio, clock, meet):
    person = Speaker(RadioTalk(Refusing(radio, "养羊的合作社咋跟超市谈价"), clock), await meet())

    assert "“养羊的合作社咋跟超市谈价”" in await person.send('/ask_radio{"do":"take"}')


async def test_where_no_such_question_is_on_record_it_is_asked_for(radio, clock, meet):
    person = Speaker(RadioTalk(Refusing(radio, None), clock), await meet())

    assert "没找着" in await person.send('/ask_radio{"do":"take"}')
    assert person.state["step"] == "question"
