"""Going through the check: in one sentence or step by step, corrected at any point, stopped at any time."""

from __future__ import annotations

from datetime import date

import pytest
from eligibility_setup import BENEFITS, PaperCheck, Somebody, benefit

from bot.eligibility import rules
from bot.eligibility.wording import APPROVED, KEEP, PATH


@pytest.fixture
def check(clock) -> PaperCheck:
    return PaperCheck(clock, tuple(benefit(name) for name in BENEFITS))


@pytest.fixture
def somebody(clock, check) -> Somebody:
    return Somebody(clock, check)


ONE_GO = "今年毕业 大专 农村户口 家里低保 自己交社保"


# -- asking ------------------------------------------------------------------------------------------------------------


async def test_it_begins_with_the_question_that_settles_most_its_choices_and_ways_out(somebody):
    said = await somebody.say("我能领什么补贴")

    assert f"最多{rules.QUESTIONS}个" in said
    assert "（1/5）你是哪年毕业的？" in said
    assert somebody.labels == [
        "还在校",
        "毕业班",
        "今年毕业",
        "离校不到2年",
        "离校2年以上",
        "不清楚",
        "跳过",
        "就看结果",
    ]


async def test_facts_in_one_go_are_taken_and_only_what_still_decides_is_asked(somebody):
    said = await somebody.say(ONE_GO)

    assert "记下了：今年毕业；学历：大专；家里吃低保；社保：自己交。" in said
    assert somebody.asked == "loan"
    await somebody.say("没有")
    assert somebody.asked == "age"
    assert KEEP in await somebody.say("22")
    assert somebody.cards == {"灵活就业社保补贴": "很可能符合", "就业见习": "很可能符合", "我的政策体检清单": None}


async def test_the_order_in_which_facts_come_changes_nothing(clock, check):
    one, other = Somebody(clock, check), Somebody(clock, check)

    await one.say("今年毕业", "自己交社保", "没贷过款", "22")
    await other.say("没贷过款", "22岁", "自己交社保", "今年毕业")

    assert one.reply.cards == other.reply.cards
    assert one.state["facts"] == other.state["facts"]


async def test_the_count_is_honest_and_shrinks_as_answers_settle_more_than_they_asked(somebody):
    assert "（1/5）" in await somebody.press_start()
    assert "（2/2）" in await somebody.press("离校2年以上")


async def test_answers_can_be_pressed(somebody):
    await somebody.say("政策体检")

    await somebody.press("今年毕业", "自己交", "贷过", "不清楚")

    assert somebody.state["facts"] == {"graduated": "this_year", "insurance": "self", "loan": "yes"}
    assert somebody.cards["代偿"] == "很可能符合"


@pytest.mark.parametrize("words", ["不清楚", "这个我还真不知道", "记不清了", "跳过", "不想说", "下一个"])
async def test_what_is_not_known_or_not_told_is_left_open_and_not_asked_again(somebody, words):
    await somebody.say("我能领啥")
    asked = somebody.asked

    await somebody.say(words)

    assert somebody.state["skipped"] == [asked]
    assert somebody.asked not in (None, asked)


async def test_skipping_everything_ends_with_everything_possible(somebody):
    await somebody.say("我能领啥")
    for _ in range(rules.QUESTIONS):
        if somebody.state["step"] == "ask":
            await somebody.press("跳过")

    assert "很可能符合0项，可能符合4项，不符合0项" in somebody.text


async def test_no_more_than_so_many_questions_are_asked(somebody, monkeypatch):
    monkeypatch.setattr(rules, "QUESTIONS", 2)
    await somebody.say("我能领啥")

    assert "（1/2）" in somebody.text
    assert "（2/2）" in await somebody.press("跳过")
    assert KEEP in await somebody.press("跳过")


@pytest.mark.parametrize("words", ["就看结果", "直接给我看结果吧", "够了 别问了", "不用再问了"])
async def test_one_can_see_the_result_at_any_time(somebody, words):
    await somebody.say("我能领啥", "大四")

    said = await somebody.say(words)

    assert "很可能符合0项，可能符合2项，不符合2项" in said


@pytest.mark.parametrize("words", ["算了", "不测了", "取消", "改天再说"])
async def test_one_can_leave_it(somebody, words):
    await somebody.say("我能领啥", "大四")

    said = await somebody.say(words)

    assert "先不做了" in said
    assert somebody.state is None


async def test_of_several_values_more_can_be_named_until_there_are_no_others(somebody):
    await somebody.say("大四 没贷过款 22岁 单位给交")
    assert somebody.asked == "hardship"

    said = await somebody.press("脱贫户")

    assert "困难情况：还有别的吗？" in said
    assert somebody.labels[:3] == ["家里吃低保", "本人有残疾证", "没有别的了"]
    await somebody.press("没有别的了")
    assert somebody.state["facts"]["hardship"] == ["lifted"]
    assert "不符合" in somebody.text


@pytest.mark.parametrize(
    ("words", "values"),
    [("都没有", []), ("没有", []), ("低保 还有残疾", ["subsistence", "disabled"]), ("脱贫户，别的没有", ["lifted"])],
)
async def test_several_values_can_be_typed_at_once_or_none(somebody, words, values):
    await somebody.say("大四 没贷过款 22岁 单位给交", words)

    assert [one for one in somebody.state["facts"]["hardship"] if one != "*"] == values


@pytest.mark.parametrize("words", ["22", "22岁", "二十二", "我今年22周岁"])
async def test_an_age_is_typed(somebody, words):
    await somebody.say("毕业三年了")
    assert somebody.asked == "age"

    await somebody.say(words)

    assert somebody.state["facts"]["age"] == 22


async def test_what_is_not_understood_gets_the_same_question_again_and_counts_for_nothing(somebody):
    await somebody.say("我能领啥", "大四")
    before = somebody.state

    said = await somebody.say("呃 那个 石榴")

    assert "没对上" in said
    assert somebody.state == before


async def test_after_something_else_the_question_comes_again_and_after_a_day_it_does_not(somebody, clock):
    await somebody.say("我能领啥")

    again = await somebody.talk.resume(None, somebody.state)
    assert "接着刚才的体检" in again.paragraphs[0]
    assert "你是哪年毕业的？" in again.paragraphs[1]
    clock.pass_(days=1)
    assert await somebody.talk.resume(None, somebody.state) is None
    assert await somebody.talk.resume(None, None) is None


# -- correcting --------------------------------------------------------------------------------------------------------


async def test_a_correction_in_the_middle_replaces_what_was_said_and_asks_no_question_twice(somebody):
    await somebody.say("我能领啥", "今年毕业")
    number = somebody.text[somebody.text.index("（") :][:5]

    said = await somebody.say("不对 我是去年毕业的")

    assert "改过来了：离校不到2年" in said
    assert number[:2] == said[said.index("（") :][:2]
    assert somebody.state["facts"] == {"graduated": "within_2"}


async def test_several_can_be_corrected_at_once_and_a_value_taken_back(somebody):
    await somebody.say("今年毕业 大专 家里低保")

    await somebody.say("错了 我是本科，去年毕业的，不是低保 是脱贫户")

    facts = somebody.state["facts"]
    assert (facts["degree"], facts["graduated"]) == ("bachelor", "within_2")
    assert facts["hardship"] == ["lifted", "*"]


async def test_a_correction_after_the_result_gives_another_result(somebody):
    await somebody.say(ONE_GO, "没有", "22")
    assert "灵活就业社保补贴" in somebody.cards

    await somebody.say("不对 社保单位给交")

    assert "灵活就业社保补贴" not in somebody.cards
    assert somebody.cards["扩岗补助"] == "单位能领 · 很可能符合"


async def test_a_press_on_an_older_answer_corrects_it(somebody):
    await somebody.say("我能领啥")
    old = next(c.payload for c in somebody.reply.choices if c.label == "毕业班")
    await somebody.press("今年毕业")

    await somebody.send(old)

    assert somebody.state["facts"] == {"graduated": "final_year"}


async def test_starting_again_forgets_what_was_said_in_the_check_before(somebody):
    await somebody.say(ONE_GO)

    await somebody.say("填错了 重新来一遍")

    assert somebody.state["facts"] == {}
    assert somebody.asked == "graduated"


@pytest.mark.parametrize("words", ["我闺女去年毕业的", "娃是去年毕的业", "孩子2025届"])
async def test_parents_speak_for_a_child(somebody, words):
    await somebody.say(words)

    assert somebody.state["facts"]["graduated"] == "within_2"


# -- the result --------------------------------------------------------------------------------------------------------


async def test_a_card_says_how_much_what_to_confirm_when_what_to_bring_and_where_it_was_read(somebody):
    await somebody.say(ONE_GO, "就看结果")

    card = somebody.reply.cards[0]

    assert (card.title, card.badge) == ("灵活就业社保补贴", "很可能符合")
    assert card.lines == (
        "多少：不超过实际缴费的2/3",
        "还要确认：做过灵活就业登记",
        "啥时候：毕业学年开始前后报。问学校。",
        "材料：身份证；毕业证",
        "来源：《就业补助办法》财社〔2023〕181号，财政部，2023年12月20日，2026年11月23日核对",
    )
    assert [c.payload for c in card.choices] == ['/policy{"topic":"flexible"}']


async def test_the_result_counts_every_group_names_what_is_missing_and_promises_nothing(somebody):
    said = await somebody.say(ONE_GO, "就看结果")

    assert "对照了4项政策：很可能符合1项，可能符合2项，不符合1项。" in said
    assert "· 就业见习（还差这条：16到24岁）" in said
    assert APPROVED in said
    assert not any(word in said for word in ("一定能", "保证", "肯定能"))
    assert [card.link.url for card in somebody.reply.cards if card.link] == [PATH]


async def test_there_are_three_cards_and_the_rest_on_request(clock):
    names = ("一", "二", "三", "四", "五")
    offered = tuple(benefit(f"t{n}", BENEFITS["traineeship"], title=name) for n, name in enumerate(names))
    somebody = Somebody(clock, PaperCheck(clock, offered))

    await somebody.say("我20岁")

    assert list(somebody.cards)[:3] == ["一", "二", "三"]
    assert "还有2项" in somebody.labels
    await somebody.press("还有2项")
    assert list(somebody.cards) == ["四", "五"]
    assert not any(label.startswith("还有") for label in somebody.labels)
    assert APPROVED in somebody.text


async def test_the_rest_can_be_looked_at_after_the_check_is_over(clock):
    offered = tuple(benefit(f"t{n}", BENEFITS["traineeship"]) for n in range(5))
    somebody = Somebody(clock, PaperCheck(clock, offered))
    await somebody.say("我20岁")
    more = next(c.payload for c in somebody.reply.choices if c.label == "还有2项")
    await somebody.press("不用")

    await somebody.send(more)

    assert len(somebody.reply.cards) == 2
    assert somebody.state is None


async def test_what_does_not_fit_is_folded_to_a_choice_that_says_why(somebody):
    await somebody.say("毕业三年了", "20")

    said = await somebody.press("不符合的3项")

    assert "· 灵活就业社保补贴：不符合，因为要求毕业年度或离校2年内" in said
    assert APPROVED in said
    assert '/policy{"topic":"seeking"}' in [c.payload for c in somebody.reply.choices]


async def test_a_policy_past_its_day_is_named_as_ended_and_counted_nowhere(clock):
    over = benefit("traineeship", valid_until=date(2026, 3, 31), standing="ended")
    somebody = Somebody(clock, PaperCheck(clock, (over, benefit("flexible"))))

    said = await somebody.say("20岁 今年毕业 自己交社保")

    assert "对照了1项" in said
    assert "就业见习（到2026年3月31日为止）" in said
    assert "就业见习" not in somebody.cards


async def test_nothing_is_asked_for_the_sake_of_a_policy_past_its_day(clock):
    over = benefit("traineeship", standing="ended")
    somebody = Somebody(clock, PaperCheck(clock, (over, benefit("loan-relief"))))

    await somebody.say("我能领啥", "没贷过款")

    assert somebody.state["step"] == "keep"  # the age decides nothing that is to be had


async def test_where_no_source_says_that_a_policy_goes_on_the_card_says_so(clock):
    somebody = Somebody(clock, PaperCheck(clock, (benefit("traineeship", standing="unconfirmed"),)))

    await somebody.say("我20岁")

    assert any("没有查到" in line for line in somebody.reply.cards[0].lines)


async def test_without_any_benefit_it_says_so_and_opens_nothing(clock):
    somebody = Somebody(clock, PaperCheck(clock, ()))

    assert "做不成" in await somebody.say("我能领啥")
    assert somebody.state is None


# -- keeping -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["用上", "用上吧", "好的", "可以", "行，用吧", "嗯"])
async def test_facts_are_used_later_with_a_yes(somebody, check, words):
    await somebody.say(ONE_GO, "就看结果", words)

    assert check.stored[1].agreed_in == "c1"
    assert somebody.state is None


@pytest.mark.parametrize("words", ["不用", "不用了", "别记", "算了，不用", "不要"])
async def test_without_a_yes_they_are_kept_for_the_list_only(somebody, check, words):
    await somebody.say(ONE_GO, "就看结果", words)

    assert check.stored[1].agreed_in is None
    assert check.stored[1].facts["graduated"] == "this_year"
    assert somebody.state is None


async def test_whoever_agreed_in_this_conversation_is_not_asked_again(somebody):
    await somebody.say(ONE_GO, "就看结果", "用上")

    assert KEEP not in await somebody.say("今年毕业 自己交社保", "就看结果")
    assert somebody.state is None


@pytest.mark.parametrize("words", ["忘掉我的情况", "把我说的情况删了吧", "别记我的情况了"])
async def test_they_are_forgotten_on_request_also_in_the_middle_of_a_check(somebody, check, words):
    await somebody.say(ONE_GO, "就看结果", "用上", "再测一遍", "大四")

    assert "忘掉了" in await somebody.say(words)
    assert check.stored == {}
    assert somebody.state is None
    assert "没有存着" in await somebody.say(words)


async def test_a_correction_with_no_check_open_is_one_of_the_facts_kept(somebody):
    await somebody.say(ONE_GO, "就看结果", "用上")

    said = await somebody.say("不对 我是去年毕业的")

    assert "改过来了" in said
    assert somebody.state["facts"]["insurance"] == "self"


async def test_the_state_is_plain_data(somebody):
    await somebody.say(ONE_GO)

    assert set(somebody.state) == {"step", "facts", "skipped", "asking", "asked", "at"}
