"""Whether to answer, to offer or to say that we do not know; what still holds; which word is asked."""

from datetime import date

import pytest

from bot.knowledge.rules import (
    ASPECT,
    LEAD,
    OFFER,
    OUTSIDE,
    SERVE,
    Decision,
    Question,
    asked_aspect,
    asked_term,
    best_aspect,
    decide,
    standing,
    subject,
)


def asked(**known) -> Question:
    return Question(**({"text": "…", "intent": "policy", "confidence": 0.9} | known))


def test_a_clear_question_is_answered():
    decision = decide(asked(), [("archive-transfer", 0.9), ("archive-lookup", 0.05)])

    assert decision == Decision("serve", ("archive-transfer",))


def test_the_aspect_that_is_asked_is_answered():
    decision = decide(asked(aspects=(("where", 0.8), ("who", 0.1))), [("archive-transfer", 0.9)])

    assert decision == Decision("serve", ("archive-transfer",), "where")


def test_an_unclear_aspect_means_the_whole():
    decision = decide(asked(aspects=(("where", ASPECT - 0.01),)), [("archive-transfer", 0.9)])

    assert decision.aspect == "general"


def test_two_topics_close_together_are_offered():
    decision = decide(asked(), [("archive-transfer", SERVE), ("archive-lookup", SERVE - LEAD / 2), ("resume", 0.001)])

    assert decision == Decision("offer", ("archive-transfer", "archive-lookup"))


def test_one_likely_topic_is_offered_beside_the_next_however_small():
    assert decide(asked(), [("a", SERVE - 0.01), ("b", 0.01), ("c", 0.01)]).topics == ("a", "b")


def test_a_likely_topic_is_offered_with_at_most_two_others():
    decision = decide(asked(), [("a", SERVE - 0.01), ("b", 0.1), ("c", 0.1), ("d", 0.1)])

    assert decision == Decision("offer", ("a", "b", "c"))


def test_what_nothing_comes_near_to_is_not_answered():
    assert decide(asked(), [("a", OFFER - 0.01)]) == Decision("refuse")
    assert decide(asked(), []) == Decision("refuse")


def test_what_reads_as_none_of_our_business_is_answered_only_where_a_topic_is_very_sure():
    question = asked(intent="out_of_scope")

    assert decide(question, [("a", OUTSIDE - 0.01)]) == Decision("refuse")
    assert decide(question, [("a", OUTSIDE)]) == Decision("serve", ("a",))


def test_a_pressed_choice_is_answered_whatever_the_ranking_says():
    question = asked(intent="", chosen_topic="resume", chosen_aspect="who")

    assert decide(question, [("archive-transfer", 1.0)]) == Decision("serve", ("resume",), "who")
    assert decide(asked(chosen_topic="resume"), []) == Decision("serve", ("resume",), "general")


def test_yes_to_an_answer_takes_nothing():
    question = asked(intent="affirm", last_outcome="served", last_offered=("a", "b"))

    assert decide(question, []) == Decision("refuse")


def test_a_follow_up_stays_on_its_topic_and_answers_the_aspect():
    question = asked(
        intent="followup", current="startup-loan", current_aspect="general", last_outcome="served",
        aspects=(("general", 0.5), ("materials", 0.4)),
    )  # fmt: skip

    decision = decide(question, [("resume", 0.3), ("startup-loan", 0.2)])

    assert decision == Decision("serve", ("startup-loan",), "materials")
    assert decision.stayed


def test_a_follow_up_after_an_offer_is_about_what_was_offered_first():
    question = asked(intent="followup", current="resume", last_outcome="offered", last_offered=("a", "b"))

    assert subject(question) == "a"
    assert decide(question, []).topics == ("a",)


def test_a_new_topic_is_switched_to_at_once():
    question = asked(current="startup-loan", last_outcome="served")

    assert decide(question, [("resume", 0.9)]) == Decision("serve", ("resume",))


def test_what_only_looks_like_a_follow_up_does_not_hold_on_to_its_topic():
    question = asked(intent="followup", confidence=0.5, current="startup-loan", last_outcome="served")

    assert decide(question, [("resume", 0.95)]) == Decision("serve", ("resume",))


def test_a_question_likeliest_about_the_topic_before_is_answered_with_less_evidence():
    question = asked(current="archive-lookup", last_outcome="served")

    decision = decide(question, [("archive-lookup", 0.45), ("archive-transfer", 0.40)])

    assert decision == Decision("serve", ("archive-lookup",))


def test_a_follow_up_with_nothing_before_it_is_asked_back():
    question = asked(intent="followup", aspects=(("materials", 0.9),))

    assert decide(question, [("resume", 0.2)]) == Decision("which", aspect="materials")


def test_a_follow_up_that_names_its_topic_needs_nothing_before_it():
    assert decide(asked(intent="followup"), [("resume", 0.9)]) == Decision("serve", ("resume",))


def test_a_follow_up_asks_for_an_aspect_before_the_whole():
    assert best_aspect((("general", 0.6), ("when", 0.3))) == "when"
    assert best_aspect((("general", 0.6),)) == "general"
    assert asked_aspect(()) == "general"


TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("until", "state", "stands"),
    [
        (None, "current", "current"),
        (date(2026, 11, 24), "current", "current"),
        (date(2026, 11, 23), "current", "ended"),
        (date(2030, 1, 1), "expired", "ended"),
        (None, "expired", "ended"),
        (None, "unknown", "unconfirmed"),
        (date(2026, 11, 23), "unknown", "ended"),
    ],
)
def test_a_policy_holds_through_its_last_day(until, state, stands):
    assert standing(until, state, today=TODAY) == stands


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("反担保是啥意思", "反担保"),
        ("什么是三方协议", "三方协议"),
        ("啥叫免申即享呀？", "免申即享"),
        ("“毕业年度”到底是什么", "毕业年度"),
        ("那反担保指的是什么", "反担保"),
        ("免申即享 是 什么 意思", "免申即享"),
        ("改派怎么理解", "改派"),
        ("改派是个甚", "改派"),
    ],
)
def test_the_word_whose_meaning_is_asked_is_found(text, term):
    assert asked_term(text) == term


@pytest.mark.parametrize("text", ["档案放哪里", "这是什么", "是什么", "我想问一下失业金到底能领多少钱是什么", ""])
def test_other_questions_ask_for_no_word(text):
    assert asked_term(text) is None
