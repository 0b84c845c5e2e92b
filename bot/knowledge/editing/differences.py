"""What differs between two versions of a topic, field by field, with the words marked. No I/O here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from bot.knowledge.editing.forms import ASKED, LISTS, Typed, typed_of, units
from bot.knowledge.editing.wording import CHECKS, SEEN, STATES, field_said

Pieces = tuple[tuple[str, bool], ...]
"""A text in pieces, and whether each is one that the other side does not have."""

_WORD = re.compile(r"[A-Za-z]+|\d+(?:[.,]\d+)*%?|\s+|.", re.DOTALL)
_AT_MOST = 4000  # words that are compared one by one; longer texts line by line
_ALIKE = 0.4  # how much two texts must have in common to be compared word by word
_BY_LINES = (*LISTS, *(f"asks_{name}" for name in ASKED), "eligibility")
_SAID = {"state": STATES, "check_status": CHECKS}


@dataclass(frozen=True)
class Difference:
    """One field as it was and as it is."""

    field: str
    label: str
    before: Pieces
    after: Pieces


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Everything in which two contents of a topic differ, in the order of the form."""
    return differences_of_forms(typed_of(before), typed_of(after))


def differences_of_forms(before: Typed, after: Typed, only: Sequence[str] | None = None) -> list[Difference]:
    """Everything in which two forms differ, or only of some fields."""
    then, now = units(before), units(after)
    found = []
    for name in only if only is not None else then:
        if then[name] == now[name]:
            continue
        first, second = shown(name, then[name]), shown(name, now[name])
        compare = _by_lines if name in _BY_LINES else _by_words
        found.append(Difference(name, field_said(name), *compare(first, second)))
    return found


def shown(name: str, value: Any) -> str:
    """A field's value as it is read."""
    if name in LISTS:
        return "\n".join(_row(name, row) for row in value)
    if name.endswith("_says"):
        return "没有这一方面" if value == "none" else "有"
    return _SAID.get(name, {}).get(value, value)


def _row(name: str, row: Mapping[str, str]) -> str:
    if name == "figures":
        return f"{row['label']}：{row['value']}（来源 {row['source']}）"
    if name == "sources":
        told = [row[key] for key in ("title", "number", "issuer", "date", "url") if row[key]]
        seen = "看过原文" if row["text_seen"] else "没看过原文"
        return f"{row['n']}. {'，'.join([*told, seen, SEEN.get(row['seen_at'], row['seen_at'])])}"
    if name == "terms":
        return f"{row['term']}{f'（{row["aliases"]}）' if row['aliases'] else ''}：{row['text']}"
    return row["topic"]


def _by_words(before: str, after: str) -> tuple[Pieces, Pieces]:
    first, second = _WORD.findall(before), _WORD.findall(after)
    if len(first) + len(second) > _AT_MOST:
        return _by_lines(before, after)
    return _marked(first, second)


def _by_lines(before: str, after: str) -> tuple[Pieces, Pieces]:
    """Only the lines that are not on the other side: of a hundred phrasings few change."""
    first, second = before.split("\n") if before else [], after.split("\n") if after else []
    gone = [line for line in first if line not in set(second)]
    new = [line for line in second if line not in set(first)]
    if not gone and not new:
        return ((f"{len(first)} 行", False),), (("同样的几行，换了先后", False),)
    if len(gone) == len(new):  # lines that were changed stand beside each other, with the words marked
        pairs = [_marked(_WORD.findall(a), _WORD.findall(b)) for a, b in zip(gone, new, strict=True)]
        return _stacked([a for a, _ in pairs]), _stacked([b for _, b in pairs])
    return _stacked([((line, True),) for line in gone]), _stacked([((line, True),) for line in new])


def _stacked(texts: Sequence[Pieces]) -> Pieces:
    pieces: list[tuple[str, bool]] = []
    for i, text in enumerate(texts):
        pieces += [("\n", False)] if i else []
        pieces += text
    return tuple(pieces)


def _all_of(words: list[str]) -> Pieces:
    return (("".join(words), True),) if words else ()


def _marked(first: list[str], second: list[str]) -> tuple[Pieces, Pieces]:
    before: list[tuple[str, bool]] = []
    after: list[tuple[str, bool]] = []
    matcher = SequenceMatcher(None, first, second, autojunk=False)
    if matcher.ratio() < _ALIKE:  # written anew: a word here and there that both have would only confuse
        return _all_of(first), _all_of(second)
    for kind, a, b, c, d in matcher.get_opcodes():
        for side, words in ((before, first[a:b]), (after, second[c:d])):
            if words:
                side.append(("".join(words), kind != "equal"))
    return tuple(before), tuple(after)
