"""How far what was read out of a search is gold: slot by slot, counted by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.evaluation.files import BadRow, JobRow, read_rows
from bot.evaluation.measures import Happened
from bot.evaluation.slots import SLOTS, jobs_summary
from bot.settings import ROOT
from bot.text.wishes.model import FIELDS


def row(
    *, exclude: list[str] | None = None, approx: bool = False, optional: dict | None = None, **slots: Any
) -> JobRow:
    return JobRow(id=1, text="…", slots=slots, exclude=exclude or [], approx=approx, optional=optional or {})


def got(**wishes: Any) -> Happened:
    return Happened("job_search", None, (), None, "…", 10.0, {"search": {"wishes": wishes}})


def right(gold: JobRow, happened: Happened) -> bool:
    return jobs_summary([(gold, happened)])[1] == [True]


def test_the_slots_are_those_that_a_wish_has():
    assert set(SLOTS) == set(FIELDS)


def test_the_figures_are_counted_over_all_rows_and_by_slot():
    pairs = [
        (row(keyword="会计", district="平城区"), got(keyword="会计", district="平城区")),  # both right
        (row(keyword="司机", district="云冈区"), got(keyword="司机")),  # the district missed
        (row(keyword="护士"), got(keyword="护士", education="大专")),  # an education invented
        (row(keyword="保安"), got(keyword="厨师")),  # another job: missed and invented
    ]

    summary, good = jobs_summary(pairs)

    assert good == [True, False, False, False]
    assert (summary["n"], summary["exact"]) == (4, 0.25)
    assert summary["slot_f1"] == 0.6667  # 4 hits, 2 missed, 2 invented: 8 of 12
    assert summary["per_slot"] == {
        "keyword": {"f1": 0.75, "missed": 1, "invented": 1},  # 3 hits: 6 of 8
        "district": {"f1": 0.6667, "missed": 1, "invented": 0},  # 1 hit: 2 of 3
        "education": {"f1": 0.0, "missed": 0, "invented": 1},
    }


def test_slots_that_no_row_speaks_of_are_not_counted():
    summary, good = jobs_summary([(row(), got())])

    assert good == [True] and summary["per_slot"] == {} and summary["slot_f1"] is None


def test_a_turn_that_was_no_search_has_missed_all_slots():
    summary, good = jobs_summary(
        [(row(keyword="会计", benefits=["双休"]), Happened("policy", "served", (), None, "…", 1.0, {"search": None}))]
    )

    assert good == [False]
    assert summary["per_slot"]["keyword"]["missed"] == summary["per_slot"]["benefits"]["missed"] == 1


def test_no_rows_have_no_share():
    assert jobs_summary([]) == ({"n": 0, "exact": None, "slot_f1": None, "per_slot": {}}, [])


@pytest.mark.parametrize(
    ("optional", "wishes", "good"),
    [
        ({"industry": "医疗"}, {}, True),
        ({"industry": "医疗"}, {"industry": "医疗"}, True),
        ({"industry": "医疗"}, {"industry": "护理"}, True),  # whatever it is: the slot is not judged
        ({"industry": "医疗"}, {"major": "护理"}, False),
        ({"benefits": ["包吃"]}, {"benefits": ["包吃"]}, True),
        ({"benefits": ["包吃"]}, {"benefits": ["包吃", "包住"]}, False),
        ({"exclude": ["上夜班"]}, {"exclude": ["夜班"]}, True),
    ],
)
def test_what_is_optional_may_be_there_or_not(optional, wishes, good):
    assert right(row(keyword="护士", optional=optional), got(keyword="护士", **wishes)) is good


def test_what_is_optional_counts_neither_for_nor_against():
    summary, _ = jobs_summary([(row(optional={"industry": "医疗"}), got(industry="医疗"))])

    assert summary["per_slot"] == {}


@pytest.mark.parametrize(
    ("approx", "least", "good"),
    [
        (False, 7000, True),
        (False, 7100, False),
        (True, 7000, True),
        (True, 5950, True),  # 15 % below
        (True, 5949, False),
        (True, 8050, True),  # 15 % above
        (True, 8051, False),
        (True, None, False),
    ],
)
def test_an_amount_said_roughly_may_be_off_by_so_much(approx, least, good):
    assert right(row(salary_min=7000, approx=approx), got(salary_min=least)) is good


def test_an_end_of_the_pay_that_nobody_asked_for_is_invented_however_rough():
    assert not right(row(salary_min=7000, approx=True), got(salary_min=7000, salary_max=8000))
    assert right(
        row(salary_min=7000, approx=True, optional={"salary_max": 8000}), got(salary_min=7000, salary_max=8000)
    )


@pytest.mark.parametrize(
    ("gold", "exclude", "good"),
    [
        (["销售"], ["销售"], True),
        (["发传单"], ["传单"], True),
        (["业务"], ["跑业务"], True),
        (["销售", "客服"], ["销售"], False),
        (["销售"], ["销售", "客服"], False),
        (["销售"], ["保险"], False),
        (["销售"], [], False),
        ([], ["销售"], False),
    ],
)
def test_what_is_not_wanted_may_be_said_in_more_or_fewer_words(gold, exclude, good):
    assert right(row(exclude=gold), got(exclude=exclude)) is good


def test_benefits_are_to_the_letter_in_any_order():
    assert right(row(benefits=["双休", "五险一金"]), got(benefits=["五险一金", "双休"]))
    assert not right(row(benefits=["五险一金"]), got(benefits=["五险"]))


@pytest.mark.parametrize(
    ("slot", "gold", "found", "good"),
    [
        ("keyword", "护士", "儿科护士", True),
        ("keyword", "农业技术员", "技术员", True),
        ("keyword", "护士", "护工", False),
        ("industry", "医疗", "医疗健康", True),
        ("major", "护理", "护理学", True),
        ("company", "恒源商贸", "恒源商贸有限公司", True),
        ("education", "大专", "本科", False),
        ("district", "平城", "平城区", False),
        ("job_type", "实习", "见习", False),
    ],
)
def test_names_may_be_longer_or_shorter_and_what_has_a_list_may_not(slot, gold, found, good):
    assert right(row(**{slot: gold}), got(**{slot: found})) is good


@pytest.mark.parametrize("gold", ["平城区 云冈区", ["平城区", "云冈区"], ["云冈区", "平城区"]])
@pytest.mark.parametrize(
    ("found", "good"),
    [
        ("平城区 云冈区", True),
        ("云冈区 平城区", True),
        ("平城区", False),
        ("平城区 云冈区 新荣区", False),
        (None, False),
    ],
)
def test_two_districts_are_both_wanted_in_any_order(gold, found, good):
    assert right(row(district=gold), got(district=found)) is good


def test_a_jobs_file_with_a_bad_row_names_the_line(tmp_path):
    file = tmp_path / "jobs.jsonl"
    good = {"id": 1, "text": "会计", "slots": {"keyword": "会计"}}
    for bad, place in (
        ({"id": 2, "text": "会计"}, "slots"),
        (good | {"slots": ["会计"]}, "slots"),
        (good | {"exclude": "销售"}, "exclude"),
        (good | {"approx": "大概"}, "approx"),
        (good | {"optional": None}, "optional"),
    ):
        lines = (json.dumps(line, ensure_ascii=False) for line in (good, good, bad))
        file.write_text("\n".join(lines), encoding="utf-8")

        with pytest.raises(BadRow) as caught:
            read_rows("jobs", file)

        assert f"{file} 第 3 行：{place}" in str(caught.value)


def test_our_own_held_out_rows_name_slots_that_there_are_and_are_many():
    rows = read_rows("jobs", ROOT / "tests" / "evaluation" / "jobs.jsonl")

    assert len(rows) >= 150 and len({row.id for row in rows}) == len(rows)
    assert {name for row in rows for name in (*row.slots, *row.optional)} - set(SLOTS) == set()
