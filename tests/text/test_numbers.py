"""Figures read out of Chinese texts."""

from fractions import Fraction

import pytest

from bot.text.numbers import Quantity, hanzi_value, quantities


def read(text: str) -> list[tuple[Fraction, str | None]]:
    return [(q.value, q.unit) for q in quantities(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("一百零五", 105),
        ("两千三", 2300),
        ("一万二", 12000),
        ("三十万", 300000),
        ("一亿零五十万", 100500000),
        ("二〇二六", 2026),
        ("零五", 5),
    ],
)
def test_a_hanzi_numeral_has_its_value(text, value):
    assert hanzi_value(text) == value


@pytest.mark.parametrize("text", ["", "一份", "万", "补贴", "3万", "二三百"])
def test_what_is_no_hanzi_numeral_has_no_value(text):
    assert hanzi_value(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每人1500元", [(1500, "元")]),
        ("每人５０００元", [(5000, "元")]),
        ("每人5,000块", [(5000, "元")]),
        ("最高30万元", [(300000, "元")]),
        ("1.5万块钱", [(15000, "元")]),
        ("打折到60%", [(60, "%")]),
        ("打折到６０％", [(60, "%")]),
        ("百分之二十", [(20, "%")]),
        ("百分之12.5", [(Fraction("12.5"), "%")]),
        ("满35周岁", [(35, "岁")]),
        ("8个小时", [(8, "小时")]),
        ("2个星期", [(14, "日")]),
        ("七天", [(7, "日")]),
    ],
)
def test_a_figure_comes_with_what_it_counts(text, expected):
    assert read(text) == expected


def test_a_length_of_years_is_counted_in_months():
    assert read("三年") == read("36个月") == read("3年") == [(36, "月数")]
    assert read("半年") == read("6个月") == [(6, "月数")]


def test_a_calendar_year_is_no_length():
    assert read("2026年6月30日") == [(2026, "年"), (6, "月"), (30, "日")]


def test_both_ends_of_a_range_carry_the_unit_behind_it():
    assert read("16—24岁") == [(16, "岁"), (24, "岁")]
    assert read("3到5年") == [(36, "月数"), (60, "月数")]
    assert read("1000-3000元") == [(1000, "元"), (3000, "元")]


@pytest.mark.parametrize(
    "text",
    ["三支一扶", "一份材料", "一次性补贴", "五险一金", "第三年", "大四", "一对一辅导", "十一假", "三方协议", "A4纸"],
)
def test_words_that_look_like_figures_are_none(text):
    assert quantities(text) == []


def test_the_numbers_of_a_list_are_no_figures():
    assert read("1. 带身份证\n2、填表\n3）交2份") == [(2, None)]


def test_figures_come_in_the_order_of_the_text():
    found = quantities("先缴三个月，百分之六十，再给2000元")

    assert [q.text for q in found] == ["三个月", "百分之六十", "2000元"]


def test_a_bare_number_agrees_with_the_same_number_of_anything():
    bare, money, people = (Quantity(Fraction(20), unit, "") for unit in (None, "元", "人"))

    assert bare.agrees_with(money)
    assert not money.agrees_with(people)
    assert not bare.agrees_with(Quantity(Fraction(21), None, ""))


def test_a_rounded_figure_keeps_its_size():
    assert read("20余万元") == [(200000, "元")]


@pytest.mark.parametrize("text", ["二十余万元", "二十多万块"])
def test_a_rounded_hanzi_figure_keeps_its_size(text):
    assert read(text) == [(200000, "元")]
