"""The word lists that staff keep."""

import pytest

from bot.text.wishes import BENEFITS, MAJORS, SYNONYMS, TRADES, majors_of, section_of, synonyms_of
from bot.text.wishes.vocabulary import EMPLOYERS, PLACES, SYNONYM_GROUPS


@pytest.mark.parametrize(
    ("word", "also"),
    [("程序员", "软件开发"), ("软件开发", "开发工程师"), ("文员", "行政"), ("行政", "内勤"), ("会计", "财务"), ("销售", "业务员"), ("保安", "门卫"), ("HR", "人事")],
)  # fmt: skip
def test_words_for_one_job_find_each_other(word, also):
    assert also in synonyms_of(word)


def test_a_word_is_the_first_of_its_synonyms():
    assert all(synonyms_of(word)[0] == word for word in SYNONYMS)


def test_a_longer_word_also_stands_for_the_job_it_ends_in():
    assert synonyms_of("三甲医院护士") == ("三甲医院护士", "护士")
    assert synonyms_of("宇航员") == ("宇航员",)


def test_there_are_words_for_the_trades_of_the_city():
    assert len(SYNONYM_GROUPS) >= 80
    assert all(len(group) >= 2 and len(set(group)) == len(group) for group in SYNONYM_GROUPS)


def test_industries_have_their_section_of_the_national_standard():
    assert {section_of(w) for w in ("煤炭", "煤炭行业", "煤矿")} == {"B"}
    assert (section_of("新能源"), section_of("医药"), section_of("餐饮业"), section_of("教培")) == ("D", "C", "H", "P")
    assert section_of("星际航行") is None
    assert all("A" <= letter <= "T" for letter in TRADES.values())


def test_majors_know_their_spellings():
    assert "会计学" in majors_of("会计专业")
    assert majors_of("葡萄酒酿造") == ("葡萄酒酿造",)
    assert all(spellings[0] == major for major, spellings in MAJORS.items())


def test_benefits_have_one_name_each():
    assert {
        "双休",
        "五险一金",
        "包吃",
        "包住",
        "包吃住",
        "不上夜班",
        "年终奖",
        "餐补",
        "交通补贴",
        "带薪年假",
        "节日福利",
        "弹性工作",
    } <= set(BENEFITS)


@pytest.mark.parametrize(
    ("word", "also"),
    [("挖机", "挖掘机司机"), ("理发", "理发师"), ("前厅经理", "服务员"), ("皮带工", "采煤"), ("宿管", "家教"), ("无人机飞手", "摄影"), ("环卫工", "保洁"), ("架构师", "程序员")],
)  # fmt: skip
def test_jobs_of_every_trade_of_the_city_have_their_kin(word, also):
    assert also in synonyms_of(word)


def test_the_lists_are_broad_and_no_employer_is_a_job():
    assert len(SYNONYMS) >= 1500
    assert len(MAJORS) >= 500
    assert not set(EMPLOYERS) & (set(SYNONYMS) | PLACES)
