"""Conditions as data: what the form takes, and what it refuses with file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from eligibility_setup import BENEFITS, FACTS, FACTS_YML, plain
from pydantic import ValidationError

from bot.eligibility.files import read_facts
from bot.eligibility.forms import Eligibility, Facts
from bot.knowledge.check import check_folder
from bot.knowledge.checking import MAX_AMOUNT
from bot.knowledge.files import FileError, read_topic
from bot.knowledge.loading import as_yaml, content_of_topic
from bot.settings import ROOT

REAL = ROOT / "data" / "knowledge"
BLOCK = """\
eligibility:
  benefit: 创业贷款
  amount: 额度看当地
  sources: [1]
  needs:
  - {fact: graduated, is: [this_year], say: 今年毕业}
  - any:
    - {fact: loan, is: ['yes'], say: 贷过助学贷款}
    - {open: 当地认定的其他情况}
  - {fact: age, at_least: 18, say: 成年}
  - open: 信用没有问题
"""


@pytest.fixture
def topic(tmp_path: Path) -> Path:
    """A real topic file with a block of our own in the place of its own."""
    path = tmp_path / "startup-loan.yml"
    shutil.copy(REAL / "startup-loan.yml", path)
    text = path.read_text(encoding="utf-8")
    if "\neligibility:" in text:
        start = text.index("\neligibility:") + 1
        text = text[:start] + text[text.index("\nspoken:") + 1 :]
    path.write_text(text.replace("\nspoken:", "\n" + BLOCK + "spoken:", 1), encoding="utf-8")
    return path


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line(path: Path, words: str) -> int:
    text = path.read_text(encoding="utf-8")
    return text[: text.index(words)].count("\n") + 1


def faults(path: Path) -> list[str]:
    """What is to be mended in the block, by line and reason."""
    return [str(f).split(":", 1)[1] for f in check_folder(path.parent, facts=FACTS) if "other topic" not in str(f)]


def test_a_block_is_read_kept_and_written_again_as_it_was(topic, tmp_path):
    read, _ = read_topic(topic)
    again = tmp_path / "again.yml"
    again.write_text(as_yaml(content_of_topic(read)), encoding="utf-8")

    assert read_topic(again)[0].eligibility == read.eligibility
    assert content_of_topic(read)["eligibility"] == plain(BLOCK)["eligibility"] | {"for": "person"}
    assert "is: ['yes']" in again.read_text(encoding="utf-8") or "- 'yes'" in again.read_text(encoding="utf-8")


def test_the_form_survives_being_stored():
    for form in BENEFITS.values():
        assert Eligibility.model_validate(form.content()) == form


def test_a_sound_block_has_nothing_to_mend(topic):
    assert [f for f in faults(topic) if "eligibility" in f or "fact" in f] == []


@pytest.mark.parametrize(
    ("old", "new", "at", "reason"),
    [
        ("fact: graduated,", "fact: finished,", "fact: finished", "no fact finished"),
        ("is: [this_year]", "is: [last_year]", "is: [last_year]", "fact graduated has no value last_year"),
        ("fact: loan, is: ['yes']", "fact: loan, at_least: 1", "at_least: 1", "loan is no number"),
        ("fact: age, at_least: 18", "fact: age, is: [old]", "fact: age", "age is a number"),
    ],
)
def test_a_condition_on_what_does_not_exist_is_refused_with_its_line(topic, old, new, at, reason):
    change(topic, old, new)

    assert f"{line(topic, at)}: {reason}" in faults(topic)


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("say: 今年毕业}", "}", "a condition needs `say`"),
        ("is: [this_year], ", "", "either `is` or `at_least`"),
        ("{fact: age, at_least: 18,", "{fact: age, at_least: 18, at_most: 17,", "`at_least` is above `at_most`"),
        ("    - {open: 当地认定的其他情况}\n", "", "`any` needs two"),
        ("- open: 信用没有问题", "- {open: 信用没有问题, fact: loan, is: ['yes'], say: 贷过}", "exactly one of"),
        ("- open: 信用没有问题", "- {opened: 信用没有问题}", "Extra inputs are not permitted"),
        ("  amount: 额度看当地\n", "", "amount: Field required"),
        ("benefit: 创业贷款", "for: bank", "person"),
    ],
)
def test_what_is_not_of_the_form_is_refused_with_its_line(topic, old, new, reason):
    change(topic, old, new)

    with pytest.raises(FileError, match=reason) as refused:
        read_topic(topic)

    assert refused.value.line is not None
    assert line(topic, "eligibility:") <= refused.value.line <= line(topic, "spoken:")


def test_a_number_that_is_none_of_the_file_s_figures_is_a_fault_in_amount_and_in_conditions(topic):
    change(topic, "amount: 额度看当地", "amount: 每人977元")
    change(topic, "say: 今年毕业", "say: 毕业不到19年")
    change(topic, "open: 信用没有问题", "open: 存过433元")

    found = faults(topic)

    for words, said in (("amount: 每人", "977元"), ("say: 毕业不到", "19年"), ("open: 存过", "433元")):
        assert any(f.startswith(f"{line(topic, words)}: “{said}”") for f in found), (said, found)


def test_a_source_that_is_missing_and_an_amount_too_long_for_a_list_are_faults(topic):
    change(topic, "  sources: [1]\n  needs", "  sources: [99]\n  needs")
    change(topic, "额度看当地", "额度看当地" * 13)

    found = faults(topic)

    assert any("source 99 is missing" in f for f in found)
    assert any(f"at most {MAX_AMOUNT}" in f for f in found)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("- id: degree", "- id: graduated"),
        ("{id: bachelor,", "{id: college,"),
        ("{id: lifted,", "{id: none,"),
        ("  none: {label: 都没有}\n", ""),
        ("kind: number", "kind: one"),
    ],
)
def test_facts_that_contradict_themselves_are_refused(old, new):
    assert old in FACTS_YML

    with pytest.raises(ValidationError):
        Facts.model_validate(plain(FACTS_YML.replace(old, new, 1)))


def test_a_word_that_is_no_pattern_is_refused_with_its_line(tmp_path):
    path = tmp_path / "facts.yml"
    path.write_text(FACTS_YML.replace("words: [本科]", "words: ['本科(']"), encoding="utf-8")

    with pytest.raises(FileError, match="no pattern") as refused:
        read_facts(path)

    assert refused.value.line == line(path, "本科(")


def test_the_project_s_facts_and_conditions_fit_together():
    facts = read_facts()

    found = [
        (t.id, f)
        for p in sorted(REAL.glob("*.yml"))
        if (t := read_topic(p)[0]).eligibility
        for f in facts.faults(t.eligibility)
    ]

    assert found == []
