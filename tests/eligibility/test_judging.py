"""What facts say of a benefit: a condition holds, fails or is not known; more facts never turn a no into a maybe."""

from __future__ import annotations

from typing import Any

import pytest
from eligibility_setup import BENEFITS, FACTS, plain
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.eligibility.forms import Eligibility, Fact
from bot.eligibility.rules import UnknownFact, checked, deciding, described, holds, judge
from bot.text.facts import MORE

FORMS = list(BENEFITS.values())


def verdict(name: str, **facts: Any) -> str:
    return judge(BENEFITS[name], checked(facts, FACTS)).verdict


# -- one benefit -------------------------------------------------------------------------------------------------------


def test_all_conditions_that_facts_decide_make_it_likely_and_the_rest_is_to_be_confirmed():
    judged = judge(BENEFITS["flexible"], {"graduated": "within_2", "insurance": "self"})

    assert judged.verdict == "likely"
    assert judged.open == ("做过灵活就业登记",)
    assert judged.met == ("毕业年度或离校2年内", "自己交社保")


def test_what_nobody_told_is_missing_and_leaves_it_possible():
    judged = judge(BENEFITS["flexible"], {"graduated": "this_year"})

    assert (judged.verdict, judged.missing) == ("possible", ("自己交社保",))


def test_one_condition_that_fails_is_enough_for_a_no_however_little_else_is_known():
    judged = judge(BENEFITS["flexible"], {"insurance": "unit"})

    assert (judged.verdict, judged.failed) == ("no", ("自己交社保",))


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "possible"),
        ({"graduated": "final_year", "hardship": ["disabled"]}, "likely"),
        ({"graduated": "final_year", "loan": "yes"}, "likely"),
        ({"graduated": "final_year", "hardship": [], "loan": "no"}, "no"),
        ({"graduated": "final_year", "hardship": "none", "loan": "no"}, "no"),
        ({"graduated": "final_year", "hardship": ["lifted"]}, "possible"),
        ({"graduated": "final_year", "hardship": ["lifted", MORE], "loan": "no"}, "possible"),
        ({"graduated": "final_year", "hardship": ["lifted"], "loan": "no"}, "no"),
        ({"graduated": "this_year", "hardship": ["disabled"]}, "no"),
    ],
)
def test_one_of_several_is_enough_and_all_must_fail_for_a_no(facts, expected):
    assert verdict("seeking", **facts) == expected


@pytest.mark.parametrize(("age", "expected"), [(15, "no"), (16, "likely"), (24, "likely"), (25, "no")])
def test_a_number_holds_up_to_its_limits(age, expected):
    assert verdict("traineeship", age=age) == expected


def test_of_several_conditions_those_that_are_ruled_out_are_not_said_to_be_missing():
    judged = judge(BENEFITS["seeking"], {"graduated": "final_year", "hardship": []})

    assert judged.missing == ("贷过助学贷款",)


def test_an_open_condition_among_several_can_neither_be_met_nor_ruled_out():
    form = Eligibility.model_validate(
        plain("{amount: 钱, sources: [1], needs: [{any: [{fact: loan, is: ['yes'], say: 贷过}, {open: 村里认定的}]}]}")
    )

    assert judge(form, {"loan": "no"}).missing == ("村里认定的",)
    assert judge(form, {"loan": "yes"}).verdict == "likely"
    assert deciding([form], {"loan": "no"}, FACTS) == []


@pytest.mark.parametrize(
    "wrong", [{"graduated": "never"}, {"height": 180}, {"age": "22"}, {"age": True}, {"hardship": ["poor"]}]
)
def test_a_fact_or_value_that_does_not_exist_is_refused(wrong):
    with pytest.raises(UnknownFact):
        checked(wrong, FACTS)


def test_facts_are_described_in_the_order_of_the_form_and_in_its_words():
    known = {"age": 22, "hardship": ["disabled", MORE], "loan": "no", "graduated": "this_year"}

    assert described(known, FACTS) == [
        ("毕业时间", "今年毕业"),
        ("困难情况", "本人有残疾证"),
        ("助学贷款", "没贷过"),
        ("年龄", "22岁"),
    ]
    assert described({"hardship": []}, FACTS) == [("困难情况", "都没有")]
    assert described({"hardship": [MORE]}, FACTS) == []


# -- whatever the facts ------------------------------------------------------------------------------------------------


def values_of(fact: Fact) -> st.SearchStrategy[Any]:
    if fact.kind == "number":
        return st.integers(10, 40)
    ids = [choice.id for choice in fact.choices]
    if fact.kind == "one":
        return st.sampled_from(ids)
    return st.lists(st.sampled_from([*ids, MORE]), unique=True)


facts_of = st.fixed_dictionaries({}, optional={fact.id: values_of(fact) for fact in FACTS.facts})
everything = st.fixed_dictionaries({fact.id: values_of(fact) for fact in FACTS.facts})


@settings(deadline=None)
@given(facts_of, everything)
def test_more_facts_settle_what_was_open_and_never_unsettle_what_was_settled(some, all_of_them):
    more = {**all_of_them, **some}
    for form in FORMS:
        before, after = judge(form, some).verdict, judge(form, more).verdict
        assert before == "possible" or before == after


@settings(deadline=None)
@given(st.lists(st.sampled_from(["subsistence", "disabled", "lifted"]), unique=True), facts_of)
def test_naming_all_of_several_values_settles_and_never_unsettles(values, others):
    for form in FORMS:
        open_ended = judge(form, {**others, "hardship": [*values, MORE]}).verdict
        complete = judge(form, {**others, "hardship": values}).verdict
        assert open_ended == "possible" or open_ended == complete


@settings(deadline=None)
@given(st.data(), everything)
def test_the_order_in_which_facts_come_does_not_matter(data, known):
    shuffled = dict(data.draw(st.permutations(list(known.items()))))

    for form in FORMS:
        assert judge(form, shuffled) == judge(form, known)
    assert described(shuffled, FACTS) == described(known, FACTS)


@settings(deadline=None)
@given(facts_of)
def test_a_fact_that_is_asked_for_could_change_a_verdict_and_one_that_is_not_asked_could_not(known):
    asked = {fact.id for fact in deciding(FORMS, known, FACTS)}

    for fact in FACTS.facts:
        touched = any(
            judge(form, known).verdict == "possible" and holds(part, known) is None
            for form in FORMS
            for need in form.needs
            if holds(need, known) is None
            for part in need.parts()
            if part.fact == fact.id
        )
        assert (fact.id in asked) == touched


@settings(deadline=None)
@given(facts_of)
def test_answering_whatever_is_asked_comes_to_an_end_without_a_condition_left_to_ask_for(known):
    answers = {
        "graduated": "this_year",
        "degree": "college",
        "hardship": [],
        "insurance": "self",
        "loan": "no",
        "age": 20,
    }
    for _ in FACTS.facts:
        wanted = deciding(FORMS, known, FACTS)
        if not wanted:
            break
        known = {**known, wanted[0].id: answers[wanted[0].id]}

    assert deciding(FORMS, known, FACTS) == []
    assert all(judge(form, known).verdict != "possible" for form in FORMS)


# -- what is asked first -----------------------------------------------------------------------------------------------


def first(known: dict[str, Any], skipped: tuple[str, ...] = (), forms: list[Eligibility] = FORMS) -> list[str]:
    return [fact.id for fact in deciding(forms, known, FACTS, skipped)]


def test_the_question_that_settles_most_comes_first():
    assert first({})[0] == "graduated"


def test_what_decides_nothing_any_more_is_not_asked():
    assert "degree" not in first({})  # no condition is on it
    assert "hardship" not in first({"graduated": "this_year"})  # only a benefit that is ruled out wants it
    assert first({"graduated": "earlier"}) == ["age"]


def test_what_was_skipped_is_not_asked_again():
    assert "graduated" not in first({}, ("graduated",))


def test_of_several_values_the_others_are_asked_for_only_where_they_still_decide():
    assert "hardship" not in first({"graduated": "final_year", "hardship": ["disabled", MORE]})
    assert "hardship" in first({"graduated": "final_year", "hardship": ["lifted", MORE]})


def test_an_employer_s_benefit_weighs_less_than_a_person_s_own():
    own = Eligibility.model_validate(plain("{amount: 钱, sources: [1], needs: [{fact: loan, is: ['yes'], say: 贷过}]}"))
    company_s = Eligibility.model_validate(
        plain("{for: employer, amount: 钱, sources: [1], needs: [{fact: degree, is: [college], say: 大专}]}")
    )

    assert first({}, forms=[company_s, own]) == ["loan", "degree"]
