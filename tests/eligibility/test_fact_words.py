"""The words of the facts, by a table of what people say of themselves and what must not be taken for it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.clock import SHANGHAI
from bot.text.facts import fact_words

TABLE = YAML(typ="safe").load(Path(__file__).parent / "words.yml")
NOW = datetime(2026, 11, 28, 10, 0, tzinfo=SHANGHAI)


@pytest.mark.parametrize("row", [pytest.param(row, id=row["say"]) for row in TABLE])
def test_what_is_said_gives_these_facts_and_no_others(row):
    assert fact_words().read(row["say"], NOW).given == row["facts"]


def test_every_choice_that_has_words_is_said_in_the_table():
    facts = YAML(typ="safe").load(Path(__file__).parents[2] / "data" / "eligibility" / "facts.yml")["facts"]
    worded = {(fact["id"], one["id"]) for fact in facts for one in fact.get("choices", ()) if one.get("words")}
    said = {
        (fact, value)
        for row in TABLE
        for fact, values in row["facts"].items()
        for value in (values if isinstance(values, list) else [values])
    }

    assert worded <= said, worded - said
