"""`data/eligibility/facts.yml`, and the topics' conditions compared with it."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import ValidationError

from bot.eligibility.forms import Eligibility, Facts
from bot.knowledge.files import FileError, line_of, read_yaml
from bot.settings import ROOT

FACTS = ROOT / "data" / "eligibility" / "facts.yml"


def read_facts(path: Path = FACTS) -> Facts:
    """The facts of a file. Raises FileError, with the line, where it is not of the form or a word is no pattern."""
    node = read_yaml(path)
    try:
        facts = Facts.model_validate(node)
    except ValidationError as error:
        first = error.errors()[0]
        place = tuple(first["loc"])
        raise FileError(path, line_of(node, place), f"{'.'.join(map(str, place))}: {first['msg']}") from error
    for i, fact in enumerate(facts.facts):
        for k, choice in enumerate(fact.choices):
            for n, word in enumerate(choice.words):
                try:
                    re.compile(word)
                except re.error as error:
                    place = ("facts", i, "choices", k, "words", n)
                    raise FileError(path, line_of(node, place), f"“{word}” is no pattern: {error}") from error
    return facts


def refuse_unknown(eligibility: Eligibility, facts: Facts, path: Path, node: object) -> None:
    """Raise FileError, with the line, where a condition is on a fact or value that does not exist."""
    for place, reason in facts.faults(eligibility):
        raise FileError(path, line_of(node, ("eligibility", *place)), reason)
