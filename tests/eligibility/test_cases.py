"""Every benefit of the topics, by the table of cases beside it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from bot.eligibility.files import read_facts
from bot.eligibility.forms import Eligibility
from bot.eligibility.rules import checked, judge
from bot.knowledge.files import read_topic, topic_files
from bot.settings import ROOT

CASES = Path(__file__).parent / "cases"
FACTS = read_facts()
FORMS: dict[str, Eligibility] = {
    path.stem: topic.eligibility
    for path in topic_files(ROOT / "data" / "knowledge")
    if (topic := read_topic(path)[0]).eligibility
}


def _cases() -> dict[str, list[dict[str, Any]]]:
    return {path.stem: YAML(typ="safe").load(path) for path in sorted(CASES.glob("*.yml"))}


TABLE = _cases()


@pytest.mark.parametrize(
    ("topic", "case"),
    [pytest.param(topic, case, id=f"{topic}-{i}") for topic, cases in TABLE.items() for i, case in enumerate(cases, 1)],
)
def test_a_case_has_the_verdict_that_its_table_says(topic, case):
    judged = judge(FORMS[topic], checked(case["facts"], FACTS))

    assert judged.verdict == case["verdict"], judged
    if "missing" in case:
        assert list(judged.missing) == case["missing"]
    if "because" in case:
        because = case["because"]
        assert because in judged.failed if isinstance(because, str) else because == list(judged.failed)


def test_every_benefit_has_a_table_and_every_table_a_benefit():
    assert set(TABLE) == set(FORMS)


@pytest.mark.parametrize("topic", FORMS)
def test_a_table_has_four_cases_and_one_of_every_verdict_that_can_be_reached(topic):
    verdicts = Counter(case["verdict"] for case in TABLE[topic])
    decided = any(part.fact for need in FORMS[topic].needs for part in need.parts())

    assert sum(verdicts.values()) >= 4
    assert set(verdicts) == ({"likely", "possible", "no"} if decided else {"likely"})
