"""How a text sounds, and which days are near."""

from __future__ import annotations

from datetime import date

import pytest

from bot.radio.groups.views import Source
from bot.radio.programme.rules import day_of, minutes_of, near
from bot.radio.programme.speech import in_hanzi, minutes_said, reading_seconds, source_said, spoken_length


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "零"), (10, "十"), (12, "十二"), (105, "一百零五"), (110, "一百一十"), (2000, "二千"), (10_500, "一万零五百"),
        (120_003, "十二万零三"), (100_010_000, "一亿零一万"), (10_000_000, "一千万"),
    ],
)  # fmt: skip
def test_numbers_are_said_as_people_say_them(number, said):
    assert in_hanzi(number) == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("您好，大同！", 4), ("2000元", 3), ("1,500元", 5), ("2026年", 5), ("晋人社〔2025〕12号", 10), ("12333", 5),
        ("0352-5012345", 11), ("300000元", 4), ("1.5万元", 5), ("50%", 5), ("3-5年", 4), ("2000-3000元", 6), ("2026-06-08", 9), ("15:30", 5),
        ("FM96.1", 7), ("（）、…", 0), ("", 0),
    ],
)  # fmt: skip
def test_what_is_counted_is_what_is_said(text, said):
    assert spoken_length(text) == said


def test_reading_takes_as_long_as_the_speed_says():
    assert reading_seconds("大" * 240, 240) == 60
    assert reading_seconds("大" * 241, 240) == 61
    assert (minutes_said(185), minutes_said(-5)) == ("3:05", "−0:05")


def _source(title: str, issuer: str | None, day: str | None = "2025-03-01") -> Source:
    return Source(title, None, issuer, day, None)


@pytest.mark.parametrize(
    ("sources", "said"),
    [
        ([_source("关于做好就业工作的通知", "山西省人力资源和社会保障厅")], "据山西省人社厅2025年3月的通知"),
        ([_source("中华人民共和国劳动合同法（2012年修正）", "全国人大常委会")], "据《劳动合同法》"),
        ([_source("失业保险条例", "国务院", None)], "据《失业保险条例》"),
        ([_source("关于一次性扩岗补助的通知", "人力资源社会保障部、财政部（第三方摘引）", "2024")], "据人社部和财政部2024年的通知"),
        ([_source("职业伤害保障实施办法征求意见", "山西省人社厅")], "据山西省人社厅2025年3月的征求意见稿"),
        ([_source("贴息办法", "财政部、教育部、中国人民银行", None)], "据财政部等部门的办法"),
        ([_source("转载", "第三方"), _source("创业担保贷款指南", "大同市人社局")], "据大同市人社局2025年3月的指南"),
        ([_source("清单", "荆门市人社部门（外省）"), _source("启动仪式", "大同晚报"), _source("指南", "盐田市场监管局（深圳）")], ""),
        ([_source("帖子", None)], ""), ([], ""),
    ],
)  # fmt: skip
def test_where_an_answer_comes_from_can_be_said(sources, said):
    assert source_said(sources) == said


def test_days_are_near_that_are_fewer_than_so_many_weeks_away():
    day = date(2026, 11, 24)
    days = {date(2026, 9, 29), date(2026, 9, 30), date(2026, 12, 1)}

    assert near(days, day, 8) == (date(2026, 12, 1), date(2026, 9, 30))
    assert near(days, None, 8) == ()


def test_what_is_no_day_and_no_length_is_none():
    assert (day_of("2026-11-31"), day_of("明天"), day_of("2026-11-30")) == (None, None, date(2026, 11, 30))
    assert [minutes_of(text) for text in ("0", "301", "３０", "-5", "", "30")] == [None] * 5 + [30]
