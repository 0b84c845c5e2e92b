"""The figures of the summaries, against those counted by hand."""

import pytest

from bot.evaluation.files import FollowupRow, IntentRow, TopicRow
from bot.evaluation.kinds import KINDS, kind_of
from bot.evaluation.measures import Happened, followups_summary, intents_summary, percentile, topics_summary


def happened(outcome=None, *topics, aspect=None, intent="policy", ms=10.0) -> Happened:
    return Happened(intent, outcome, topics, aspect, "…", ms)


def topic(name="a", *, also_ok=(), aspect="general") -> TopicRow:
    return TopicRow(id=1, text="…", topic=name, also_ok=list(also_ok), aspect=aspect)


def test_the_figures_of_topics_are_shares_of_all_questions():
    pairs = [
        (topic("a", aspect="who"), happened("served", "a", aspect="who", ms=10)),  # right, and the aspect too
        (topic("a", aspect="who"), happened("served", "a", aspect="when", ms=20)),  # right, another aspect
        (topic("a"), happened("served", "b", ms=30)),  # wrong
        (topic("a"), happened("offered", "b", "a", "c", ms=40)),  # among three
        (topic("a"), happened("offered", "a", "b", ms=50)),  # first of those offered
        (topic("a"), happened("offered", "b", "c", "d", "a", ms=60)),  # fourth: not shown
        (topic("a"), happened("refused", ms=70)),
        (topic("a", also_ok=["b"]), happened("served", "b", ms=80)),  # another topic that answers it
    ]

    summary, right = topics_summary(pairs)

    assert summary == {
        "n": 8,
        "top1": 0.5,  # 1, 2, 5, 8
        "top3": 0.625,  # and 4
        "served_right": 0.375,  # 1, 2, 8
        "served_wrong": 0.125,  # 3
        "offered": 0.375,  # 4, 5, 6
        "refused": 0.125,  # 7
        "aspect": 0.5,  # 1 of 1 and 2
        "ms_p50": 40.0,
        "ms_p95": 80.0,
    }
    assert right == [True, False, False, False, True, False, False, True]  # the second: another aspect than asked


def test_the_whole_and_the_notes_are_not_counted_as_aspects():
    pairs = [
        (topic(aspect="general"), happened("served", "a", aspect="who")),
        (topic(aspect="notes"), happened("served", "a", aspect="who")),
    ]

    summary, _ = topics_summary(pairs)

    assert summary["aspect"] is None


def test_an_aspect_counts_only_where_the_right_topic_was_served():
    pairs = [
        (topic(aspect="who"), happened("served", "b", aspect="when")),
        (topic(aspect="who"), happened("offered", "a", aspect="when")),
        (topic(aspect="who"), happened("served", "a", aspect="who")),
    ]

    summary, _ = topics_summary(pairs)

    assert summary["aspect"] == 1.0


def test_a_turn_that_was_no_policy_question_counts_as_refused():
    summary, right = topics_summary([(topic(), happened(None, intent="greet"))])

    assert (summary["refused"], right) == (1.0, [False])


def test_a_follow_up_is_right_when_topic_and_aspect_are():
    row = FollowupRow(id=1, first="…", second="…", topic="a", aspect="when")
    pairs = [
        (row, happened("served", "a", aspect="when")),
        (row, happened("served", "a", aspect="who")),
        (row, happened("served", "b", aspect="when")),
        (row, happened("offered", "a", aspect="when")),  # not answered
    ]

    summary, right = followups_summary(pairs)

    assert summary == {"n": 4, "topic": 0.5, "aspect": 0.75, "both": 0.25}
    assert right == [True, False, False, False]


def said(kind, intent, *, outcome=None, severity=None) -> tuple[IntentRow, Happened]:
    return IntentRow(id=1, text="…", kind=kind, severity=severity), happened(outcome, intent=intent)


def test_the_figures_of_intents_are_counted_by_kind():
    pairs = [
        said("greet", "greet"),
        said("greet", "greet"),
        said("greet", "thanks_bye"),
        said("human", "human"),
        said("human", "greet"),
    ]

    summary, right = intents_summary(pairs)

    # greet: 2 of 3 guessed, 2 of 3 wanted; human: 1 of 1 guessed, 1 of 2 wanted
    assert summary["per_kind"] == {
        "greet": {"precision": 0.6667, "recall": 0.6667, "f1": 0.6667, "n": 3},
        "human": {"precision": 1.0, "recall": 0.5, "f1": 0.6667, "n": 2},
    }
    assert summary["accuracy"] == 0.6
    assert summary["macro_f1"] == 0.6667
    assert summary["confusion"] == {"greet": {"greet": 2, "thanks_bye": 1}, "human": {"human": 1, "greet": 1}}
    assert summary["serious_distress_recall"] is None
    assert right == [True, True, False, True, False]


def test_macro_f1_weighs_a_rare_kind_like_a_common_one():
    pairs = [*[said("greet", "greet")] * 9, said("human", "chitchat")]

    summary, _ = intents_summary(pairs)

    assert summary["macro_f1"] == 0.5
    assert summary["per_kind"]["human"] == {"precision": None, "recall": 0.0, "f1": 0.0, "n": 1}


def test_serious_distress_is_found_only_when_it_is_taken_as_serious():
    pairs = [
        said("distress", "distress_serious", severity="serious"),
        said("distress", "distress_mild", severity="serious"),
        said("distress", "chitchat", severity="serious"),
        said("distress", "distress_mild", severity="mild"),
    ]

    summary, right = intents_summary(pairs)

    assert summary["serious_distress_recall"] == 0.3333
    assert right == [True, True, False, True]


def test_a_policy_question_that_was_looked_up_and_not_known_is_out_of_scope():
    assert kind_of("policy", "refused") == "out_of_scope"
    assert kind_of("followup", "refused") == "out_of_scope"
    assert kind_of("policy", "offered") == "policy"
    assert kind_of("followup", "served") == "policy"


def test_both_kinds_of_distress_are_one():
    assert kind_of("distress_serious", None) == kind_of("distress_mild", None) == "distress"


def test_a_message_without_words_is_small_talk():
    assert kind_of(None, None) == "chitchat"


@pytest.mark.parametrize("intent", ["greet", "job_search", "scam_report", "out_of_scope"])
def test_an_intent_of_the_same_name_is_its_own_kind(intent):
    assert intent not in KINDS
    assert kind_of(intent, "refused") == intent


@pytest.mark.parametrize(
    ("values", "q", "expected"),
    [
        ([5], 50, 5),
        ([1, 2], 50, 1),
        ([3, 1, 2], 50, 2),
        (range(1, 101), 95, 95),
        (range(1, 21), 95, 19),
        ([1, 2], 95, 2),
    ],
)
def test_a_percentile_is_the_nearest_rank(values, q, expected):
    assert percentile(values, q) == expected
