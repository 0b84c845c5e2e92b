"""`duihua knowledge check`: every kind of fault, with its line."""

import pytest

from bot.knowledge.check import check_folder, near_duplicates
from bot.settings import ROOT


def faults(topic):
    return [(f.line, f.reason) for f in check_folder(topic.path.parent, [topic.path.stem])]


def test_the_real_topics_are_without_fault():
    assert [str(fault) for fault in check_folder(ROOT / "data" / "knowledge")] == []


def test_a_sound_file_has_no_fault(probation):
    assert faults(probation) == []


def test_an_id_that_is_not_the_file_name_is_a_fault(probation):
    probation.change("id: probation", "id: overtime-pay")

    assert faults(probation) == [(1, "id overtime-pay is not the file's name")]


def test_two_sources_with_one_number_are_a_fault(probation):
    probation.change("answer:\n", "- {n: 1, title: 另一份, text_seen: false}\nanswer:\n")

    assert faults(probation) == [(probation.line("sources:"), "two sources have the same number")]


def test_a_figure_whose_source_is_missing_is_a_fault(probation):
    probation.change("value: 6个月, source: 1", "value: 6个月, source: 7")

    assert faults(probation) == [(probation.line("value: 6个月"), "figure “最长” has no source 7")]


def test_a_figure_without_a_source_is_a_fault(probation):
    probation.change("value: 6个月, source: 1", "value: 6个月")

    [(line, reason)] = faults(probation)

    assert line == probation.line("value: 6个月")
    assert reason.startswith("figures.1.source")


@pytest.mark.parametrize("place", ["answer", "notes"])
def test_a_source_that_is_cited_and_not_there_is_a_fault(probation, place):
    head, tail = probation.text.split(f"{place}:\n", 1)
    probation.write(f"{head}{place}:\n{tail.replace('sources: [1]', 'sources: [1, 9]', 1)}")

    assert faults(probation) == [(probation.line("sources: [1, 9]"), "source 9 is missing")]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("最长6个月。", "最长8个月。"),
        ("签了劳动合同的都适用。", "满8个月的都适用。"),
        ("随时可以问，没有截止的日子。", "8个月里随时可以问。"),
        ("合同里写明的互相看看的一段时间。", "合同里写明的8个月。"),
        ("  s30: 听众朋友，试用期的工资有下限。", "  s30: 听众朋友，最长8个月。"),
        ("  s60: 听众朋友，试用期的工资有下限。", "  s60: 听众朋友，最长8个月。"),
        ("terms:\n", "after_expiry: 再等8个月。\nterms:\n"),
    ],
    ids=["answer", "aspect", "none", "term", "s30", "s60", "after_expiry"],
)
def test_a_number_that_is_not_among_the_figures_is_a_fault_wherever_it_is_said(probation, old, new):
    probation.change(old, new)

    assert faults(probation) == [(probation.line("8个月"), "“8个月” is not among the file's figures")]


def test_a_right_number_with_a_wrong_unit_is_a_fault(probation):
    probation.change("最长6个月。", "最长6天。")

    assert faults(probation) == [(probation.line("6天"), "“6天” is not among the file's figures")]


def test_a_figure_may_be_spelt_another_way(probation):
    probation.change("最长6个月。", "最长半年，也就是六个月。")

    assert faults(probation) == []


def test_a_source_s_number_and_date_may_be_said(probation):
    probation.change("签了劳动合同的都适用。", "依据主席令第65号，2007年6月29日公布。")

    assert faults(probation) == []


def test_the_numbers_of_the_hotlines_may_be_said_in_every_file(probation, second):
    probation.change("打人社热线。", "打01234567。")
    hotlines = second("hotlines")

    assert [reason for _, reason in faults(probation)] == ["“01234567” is not among the file's figures"]

    hotlines.change("{label: 最长, value: 6个月, source: 1}", "{label: 热线, value: '01234567 6个月', source: 1}")

    assert faults(probation) == []


def test_an_aspect_that_is_neither_answered_nor_marked_is_a_fault(probation):
    probation.change("  notes:\n    text: 试用期也要缴社保。\n    sources: [1]\n", "")

    assert faults(probation) == [(probation.line("aspects:"), "aspect notes is neither answered nor marked")]


def test_an_unknown_aspect_is_a_fault(probation):
    probation.change("aspects:\n", "aspects:\n  why:\n    none: 没有为什么。\n")

    assert faults(probation) == [(probation.line("  why:"), "unknown aspect why")]


def test_an_aspect_too_long_for_a_phone_is_a_fault(probation):
    probation.change("试用期也要缴社保。", "社" * 401)

    assert faults(probation) == [(probation.line("社" * 401), "401 characters, at most 400")]


def test_an_answer_too_long_for_a_phone_is_a_fault(probation):
    probation.change("试用期工资不低于约定工资的80%，最长6个月。", "社" * 201)

    assert faults(probation) == [(probation.line("社" * 201), "201 characters, at most 200")]


@pytest.mark.parametrize(
    ("name", "length", "wanted"),
    [("s30", 84, "85 to 135"), ("s30", 136, "85 to 135"), ("s60", 184, "185 to 265"), ("s60", 266, "185 to 265")],
)
def test_a_spoken_form_that_does_not_fit_its_time_is_a_fault(probation, name, length, wanted):
    line = next(row for row in probation.text.splitlines() if row.startswith(f"  {name}:"))
    probation.change(line, f"  {name}: {'说' * length}")

    assert faults(probation) == [(probation.line(f"  {name}:"), f"{length} characters, wanted {wanted}")]


def test_a_policy_that_ends_without_word_on_what_comes_then_is_a_fault(probation):
    probation.change("until: null", "until: 2026-12-31")

    assert faults(probation) == [
        (probation.line("validity:"), "a policy that ends needs after_expiry: what to do then")
    ]

    probation.change("terms:\n", "after_expiry: 打电话问。\nterms:\n")

    assert faults(probation) == []


@pytest.mark.parametrize("other", ["nowhere", "probation"])
def test_a_related_topic_that_is_no_other_topic_is_a_fault(probation, other):
    probation.change("related: [overtime, resignation]", f"related: [overtime, {other}]")

    assert faults(probation) == [(probation.line("related:"), f"no other topic {other}")]


def test_phrasings_of_an_unknown_aspect_are_a_fault(probation):
    probation.change("phrasings:\n", "phrasings:\n  why:\n  - 为啥要试用呀\n")

    assert faults(probation) == [(probation.line("  why:"), "unknown aspect why")]


def test_fewer_than_fifty_phrasings_are_a_fault(probation):
    probation.write(probation.text.rstrip("\n").rsplit("\n", 1)[0] + "\n")

    assert faults(probation) == [(probation.line("phrasings:"), "49 phrasings, at least 50")]


def test_phrasings_that_differ_in_next_to_nothing_are_a_fault(probation):
    probation.change(
        "  amount:\n  - ", "  amount:\n  - 试用期的工资到底应该给多少啊\n  - 试用期的工资到底应该给多少\n  - "
    )

    assert faults(probation) == [
        (
            probation.line("给多少啊") + 1,
            "“试用期的工资到底应该给多少” is nearly “试用期的工资到底应该给多少啊”",
        )
    ]


def test_marks_and_blanks_do_not_make_a_phrasing_another():
    assert list(near_duplicates(["试用期多久", "试用期 多久？"])) == [("试用期 多久？", "试用期多久")]


def test_phrasings_that_ask_for_something_else_are_no_duplicates():
    assert list(near_duplicates(["试用期多久", "试用期工资多少", "好", "行"])) == []


def test_a_phrasing_that_stands_in_two_files_is_a_fault_of_the_later_one(probation, second):
    tutor = second("tutoring")
    phrasing = probation.text.split("  general:\n  - ")[1].splitlines()[0]
    tutor.change("  general:\n", f"  general:\n  - {phrasing}\n")

    assert faults(tutor) == [(tutor.line(phrasing), f"“{phrasing}” stands in probation.yml too")]
    assert faults(probation) == []


def test_a_file_of_another_form_is_a_fault_and_the_others_are_still_checked(probation, second):
    probation.change("最长6个月。", "最长8个月。")
    broken = second("broken")
    broken.change("region: 全国\n", "")

    found = check_folder(probation.path.parent, ["probation", "broken"])

    assert [(f.path.name, f.reason) for f in found] == [
        ("broken.yml", "region: Field required"),
        ("probation.yml", "“8个月” is not among the file's figures"),
    ]


def test_a_fault_reads_as_file_line_and_reason(probation):
    probation.change("id: probation", "id: other")

    [fault] = check_folder(probation.path.parent, ["probation"])

    assert str(fault) == "probation.yml:1: id other is not the file's name"
