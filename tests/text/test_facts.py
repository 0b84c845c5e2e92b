"""Facts out of people's words, and whether a turn belongs to an open check."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from bot.text.facts import MORE, Reading, belongs, fact_words, forgets, joined, kept
from bot.text.graduation import choice_of, graduations

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=SHANGHAI)
IDS = ("in_school", "final_year", "this_year", "within_2", "within_5", "earlier", "never")
WORDS = fact_words()


def left(text: str, now: datetime = NOW) -> set[str | None]:
    return {choice_of(one, now, IDS) for one in graduations(text, now)}


def read(text: str, asked: str | None = None) -> Reading:
    return WORDS.read(text, NOW, asked=asked)


# -- when school was left ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "choice"),
    [
        ("今年毕业", "this_year"),
        ("今年6月刚从大学毕业", "this_year"),
        ("2026届", "this_year"),
        ("26届本科", "this_year"),
        ("毕业半年没工作", "this_year"),
        ("刚毕业", "this_year"),
        ("去年毕业的", "within_2"),
        ("毕业于2025年7月", "within_2"),
        ("25年大专毕业", "within_2"),
        ("毕业一年半了", "within_2"),
        ("毕业不到两年", "within_2"),
        ("离校快两年了", "within_2"),
        ("24年毕业", "within_5"),
        ("前年毕业的", "within_5"),
        ("22届", "within_5"),
        ("毕业三年了", "within_5"),
        ("毕业两年多", "within_5"),
        ("毕业七年", "earlier"),
        ("2019年毕业", "earlier"),
        ("明年毕业", "final_year"),
        ("27届", "final_year"),
        ("大四", "final_year"),
        ("快毕业了", "final_year"),
        ("大专大三", "final_year"),
        ("研三", "final_year"),
        ("大二", "in_school"),
        ("28届", "in_school"),
        ("还没毕业呢", "in_school"),
        ("研一在读", "in_school"),
    ],
)
def test_years_are_reckoned_from_today(text, choice):
    assert left(text) == {choice}


@pytest.mark.parametrize("text", ["毕业两年", "毕业两年了", "毕业五年"])
def test_what_may_be_one_side_of_a_limit_or_the_other_is_left_to_be_asked(text):
    assert left(text) == {None}


@pytest.mark.parametrize(
    ("text", "choice"),
    [("今年毕业", "final_year"), ("大四", "final_year"), ("去年毕业", "this_year"), ("24届", "within_2")],
)
def test_the_same_words_mean_something_else_in_another_year(text, choice):
    spring = datetime(2026, 3, 10, 9, 0, tzinfo=SHANGHAI)
    then = {"今年毕业": "final_year", "大四": "final_year", "去年毕业": "within_2", "24届": "within_2"}

    assert left(text, spring) == {then[text]}


@settings(deadline=None)
@given(st.integers(2015, 2035), st.integers(1, 12), st.integers(2012, 2038))
def test_a_class_is_never_younger_the_longer_ago_it_left(year, month, leaving):
    now = datetime(year, month, 15, 12, 0, tzinfo=SHANGHAI)
    order = ("in_school", "final_year", "this_year", "within_2", "within_5", "earlier")

    [one], [before] = left(f"{leaving}届", now), left(f"{leaving - 1}届", now)

    assert order.index(one) <= order.index(before)


# -- facts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "今年毕业 大专 农村户口 家里低保 自己交社保",
            {
                "graduated": "this_year",
                "degree": "college",
                "hardship": ["subsistence", MORE],
                "pays_insurance": "self",
            },
        ),
        ("我闺女去年毕业的", {"graduated": "within_2", "gender": "female"}),
        ("女 22 大专", {"gender": "female", "age": 22, "degree": "college"}),
        ("二十四 本科", {"age": 24, "degree": "bachelor"}),
        ("2003年出生的 本科", {"age": 23, "degree": "bachelor"}),
        ("今年中专毕业", {"graduated": "never", "degree": "below"}),
        ("想考研究生 现在本科大四", {"graduated": "final_year", "degree": "bachelor"}),
        ("跑外卖 24年毕业", {"graduated": "within_5", "work": "flexible"}),
        ("招了两个应届生", {}),
        ("公司今年招了五个毕业生", {}),
        ("父母都下岗 我刚毕业", {"graduated": "this_year"}),
    ],
)
def test_facts_are_read_out_of_people_s_words(text, facts):
    assert read(text).given == facts


def test_what_is_denied_does_not_hold_and_takes_back_what_was_said():
    said = read("不是低保 是脱贫户")

    assert said.given == {"hardship": ["lifted", MORE]}
    assert said.denied == {"hardship": ("subsistence",)}
    assert joined({"hardship": ["subsistence", MORE]}, said)["hardship"] == [MORE, "lifted"] or joined(
        {"hardship": ["subsistence", MORE]}, said
    )["hardship"] == ["lifted", MORE]


@pytest.mark.parametrize(
    ("asked", "text", "value"),
    [
        ("student_loan", "没有", "no"),
        ("student_loan", "贷过", "yes"),
        ("student_loan", "有", "yes"),
        ("work", "没有", "idle"),
        ("degree", "第二个", "college"),
        ("age", "22", 22),
        ("age", "二十二了", 22),
        ("hardship", "吃低保", ["subsistence", MORE]),
        ("party", "不是", "no"),
        ("business", "没有", "no"),
    ],
)
def test_a_short_answer_is_one_to_what_was_asked(asked, text, value):
    assert read(text, asked).given[asked] == value


@pytest.mark.parametrize("text", ["都没有", "没有", "都不占", "普通家庭"])
def test_none_of_several_is_an_answer_of_its_own(text):
    said = read(text, "hardship")

    assert (said.none, said.given) == (True, {})


@pytest.mark.parametrize("text", ["999", "3", "一百二"])
def test_an_age_that_is_none_is_not_taken(text):
    assert read(text, "age").given == {}


facts_said = st.permutations(["今年毕业", "大专", "家里低保", "自己交社保", "22岁", "没贷过款", "党员"])


@settings(deadline=None)
@given(facts_said, st.sampled_from([" ", "，", "、", "。", ", "]))
def test_facts_are_read_in_any_order_and_with_whatever_stands_between(parts, between):
    assert read(between.join(parts)).given == read("今年毕业 大专 家里低保 自己交社保 22岁 没贷过款 党员").given


@settings(deadline=None)
@given(st.text(max_size=60))
def test_no_text_is_too_odd_to_be_read(text):
    said = read(text, "hardship")

    assert set(joined({}, said)) >= set(said.given)


# -- what belongs to an open check -------------------------------------------------------------------------------------


def asking(fact: str) -> dict[str, Any]:
    return {"step": "ask", "asking": fact, "facts": {}, "skipped": [], "asked": 1, "at": "2026-11-24T10:00+08:00"}


KEEP = {**asking("age"), "step": "keep", "asking": None}


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("graduated", "今年毕业"),
        ("graduated", "我是25届的"),
        ("graduated", "去年六月刚毕业"),
        ("degree", "大专"),
        ("degree", "我读的是本科"),
        ("hardship", "都没有"),
        ("hardship", "家里吃低保"),
        ("hardship", "低保，还有残疾证"),
        ("student_loan", "没有"),
        ("student_loan", "贷过的"),
        ("age", "22"),
        ("age", "二十三岁了"),
        ("age", "不知道"),
        ("work", "不清楚"),
        ("work", "跳过吧"),
        ("work", "就看结果"),
        ("work", "算了"),
        ("work", "不测了"),
        ("work", "不对，我是本科"),
        ("work", "刚才说错了 我去年毕业的"),
        ("work", "大专 女 22"),
        ("work", "重新测一遍"),
        ("work", "忘掉我的情况"),
        ("work", "没有工作"),
        ("work", "送外卖呢"),
    ],
)
def test_an_answer_a_correction_and_a_way_out_belong_to_the_check(fact, text):
    assert belongs(text, asking(fact), NOW)


@pytest.mark.parametrize("fact", ["graduated", "hardship", "work", "age", "student_loan", "degree"])
@pytest.mark.parametrize(
    "text",
    [
        "你好",
        "谢谢",
        "失业金怎么领",
        "低保家庭有什么补贴",
        "残疾证怎么办理",
        "本科能考三支一扶吗",
        "创业贷款最多多少",
        "找个平城区的会计工作",
        "想找大专能干的活",
        "有招聘会没有？",
        "约老师聊简历",
        "转人工",
        "活着没意思",
        "档案在哪",
        "社保断了会咋样",
        "助学贷款啥时候还",
        "今天天气不错",
        "我想问问节目里的嘉宾",
        "需要带什么材料",
        "你们几点上班",
        "周三下午三点半",
    ],
)
def test_a_question_or_another_matter_does_not(fact, text):
    assert not belongs(text, asking(fact), NOW)


@pytest.mark.parametrize(
    "text", ["用上", "不用", "好的", "行", "还有呢", "为什么不符合", "不对 我是本科", "忘掉我的情况", "重新测"]
)
def test_after_the_result_a_yes_a_no_and_the_rest_belong_to_it(text):
    assert belongs(text, KEEP, NOW)


@pytest.mark.parametrize("text", ["失业金怎么领", "你好", "谢谢", "找工作", "我是本科 有啥岗位", "三支一扶啥时候报名"])
def test_after_the_result_everything_else_is_another_matter(text):
    assert not belongs(text, KEEP, NOW)


@pytest.mark.parametrize(
    ("text", "meant"), [("用上吧", True), ("不用了", False), ("失业金", None), ("好", True), ("别记", False)]
)
def test_a_yes_and_a_no_to_using_facts_later(text, meant):
    assert kept(text) is meant


@pytest.mark.parametrize(("text", "meant"), [("忘掉我的情况", True), ("别记我的情况", True), ("我忘了带身份证", False)])
def test_wanting_facts_forgotten(text, meant):
    assert forgets(text) is meant
