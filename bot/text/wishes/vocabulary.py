"""The words of job wishes: synonyms, trades, majors, employers. Staff keep them in the .txt files beside this one."""

from __future__ import annotations

from importlib.resources import files


def _lines(name: str) -> list[list[str]]:
    """The words of every line of a word list; comments and empty lines left out."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    rows = (line.split("#")[0].lower().split() for line in text.splitlines())
    return [row for row in rows if row]


SYNONYM_GROUPS = tuple(tuple(row) for row in _lines("synonyms.txt"))
"""Groups of words for one job; a word may stand in several."""

SYNONYMS: dict[str, tuple[str, ...]] = {}
for _group in SYNONYM_GROUPS:
    for _word in _group:
        SYNONYMS[_word] = tuple(dict.fromkeys(SYNONYMS.get(_word, (_word,)) + _group))

TRADES: dict[str, str] = {}
"""Plain labels of industries → section letters of GB/T 4754-2017."""
TRADE_OF: dict[str, str] = {}
"""Every spelling of an industry → its plain label."""
PLACES: set[str] = set()
"""Kinds of workplace that people name for a trade or for a job (“想去医院”)."""
for _letter, _label, *_more in _lines("trades.txt"):
    TRADES[_label] = _letter.upper()
    for _word in (_label, *_more):
        if _word.endswith("*"):
            PLACES.add(_word.rstrip("*"))
        TRADE_OF.setdefault(_word.rstrip("*"), _label)

MAJORS: dict[str, tuple[str, ...]] = {}
"""A major → all spellings of it and of its nearest kin, itself first."""
for _row in _lines("majors.txt"):
    for _word in _row:
        MAJORS[_word] = tuple(dict.fromkeys(MAJORS.get(_word, (_word,)) + tuple(_row)))

EMPLOYERS = tuple(sorted({word for row in _lines("employers.txt") for word in row}, key=len, reverse=True))
"""Employers that people call by name, longest first."""

FILLERS = frozenset(word for row in _lines("fillers.txt") for word in row)
"""Common words that may stand beside a job and are no part of its name."""
SEARCH_TALK = frozenset(word for row in _lines("search_talk.txt") for word in row)
"""The few words that searches are made of: a sentence of these and of wishes is a search and nothing else."""


def synonyms_of(word: str) -> tuple[str, ...]:
    """The words to search with for a job word, itself first; a word in no group also stands for the job it ends in (酒店会计 → 会计)."""
    word = word.strip().lower()
    if word in SYNONYMS:
        return SYNONYMS[word]
    inner = max((known for known in SYNONYMS if len(known) > 1 and word.endswith(known)), key=len, default="")
    return (word,) if not inner else tuple(dict.fromkeys((word, *(() if len(inner) < 2 else (inner,)))))


def majors_of(word: str) -> tuple[str, ...]:
    """The spellings to search with for a major, itself first."""
    word = word.strip().lower().removesuffix("专业")
    return MAJORS.get(word, (word,))


def section_of(industry: str) -> str | None:
    """The section letter of an industry as people call it, None if it is unknown."""
    word = industry.strip().lower()
    label = TRADE_OF.get(word) or TRADE_OF.get(word.removesuffix("行业")) or TRADE_OF.get(word.removesuffix("业"))
    return TRADES[label] if label else None
