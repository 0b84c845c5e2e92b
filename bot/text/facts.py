"""Facts of a person out of their words, and whether a typed turn belongs to an open eligibility check. Pure text code.

The words are those of `data/eligibility/facts.yml`; when school was left and an age are read by rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.text.fact_words import (
    ABOUT_OTHERS,
    ACTS,
    AGREES,
    ASKS,
    ASKS_AT_END,
    BEGINS,
    CORRECTS,
    DENIAL,
    DENIES,
    FILLER,
    HIRES,
    KEEPS,
    LATER,
    NONE_OF_THEM,
    NOT_KEEPS,
    ONLY,
    OTHERS,
    REFUSES,
)
from bot.text.graduation import choice_of, graduations
from bot.text.normal import normalise
from bot.text.numbers import hanzi_value

GRADUATED = "graduated"  # the fact that tells when school was left
AGE = "age"  # the fact that is a number of years
MORE = "*"  # beside the values of a fact of kind `many`: others may hold as well
PATH = Path(__file__).parents[2] / "data" / "eligibility" / "facts.yml"

Given = dict[str, Any]
"""Facts by id: a choice, a list of choices (with MORE at its end where there may be others), or a number."""

_SHANGHAI = timezone(timedelta(hours=8))
_HANZI = re.compile(r"[一-鿿a-z0-9]")
_LITTLE = 4  # characters that nothing accounts for, in a turn that belongs to an open check
_FOR_EACH = 3  # and so many more for each fact named beside the first
_AGE = re.compile(
    r"(?<![\d.])(?P<age>[1-6]\d)\s*(?:周|虚)?岁|(?P<said>[二三四五]?十[一二三四五六七八九]?|[二三四五]十)(?:周|虚)?岁|"
    r"(?:年龄|今年)(?:是|[:：])?\s*(?P<now>[1-6]\d)(?![\d年届级月.])|"
    r"(?<!\d)(?P<born>(?:19|20)?\d\d)年?(?:的)?(?:\d{1,2}月)?(?:出生|生人|生的|年生)"
)
_BARE_AGE = re.compile(
    r"(?:^|[\s,，、/])(?P<age>[1-5]\d|二十[一二三四五六七八九]?|三十[一二三四五六七八九]?)(?=$|[\s,，、/])"
)
_NUMBER = re.compile(
    r"(?<![\d.])(\d{1,4})(?![\d.])|([零一二两三四五六七八九十百]+)(?=$|了|个|年|月|岁|人|次|家|天|左右|多)"
)
_SCHOOL = re.compile(r"(?:高中(?!级)|初中|中专|职高|职专)[^,，。;；]{0,12}$")
_INDEX = re.compile(r"^(?:选|就|是)?第?([1-9]|[一二三四五六七八九])(?:个|项|条|号)?(?:吧|呀|啊)?$")


@dataclass(frozen=True)
class Reading:
    """What a turn says. `given`: facts; `denied`: values that do not hold; `act`: what to do with the check.

    act: restart, forget, result, skip, quit, unknown, resume, more, why. `corrects`: something said before was wrong.
    `none`: none of the choices asked for holds. `only`: no others beside those named. `rest`: how many characters
    nothing accounts for; `asks`: whether it reads as a question or as another matter.
    """

    given: Given = field(default_factory=dict)
    denied: dict[str, tuple[str, ...]] = field(default_factory=dict)
    act: str | None = None
    corrects: bool = False
    none: bool = False
    only: bool = False
    rest: int = 0
    asks: bool = False


@dataclass(frozen=True)
class _Option:
    id: str
    label: str
    words: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class _Fact:
    id: str
    kind: str
    options: tuple[_Option, ...]
    none: tuple[re.Pattern[str], ...]
    none_label: str | None

    @property
    def yes_or_no(self) -> bool:
        return {option.id for option in self.options} == {"yes", "no"}


@dataclass(frozen=True)
class _Mention:
    start: int
    end: int
    value: Any


class FactWords:
    """How people say each fact."""

    def __init__(self, facts: Iterable[Mapping[str, Any]]) -> None:
        """From the list `facts` of the file, as plain data."""
        self._facts = tuple(_fact(entry) for entry in facts)

    def read(self, text: str, now: datetime, *, asked: str | None = None) -> Reading:
        """What a turn says; `asked` is the fact that was asked for last, for answers that say nothing without it."""
        text = normalise(text)
        now = now.astimezone(_SHANGHAI)
        covered: list[tuple[int, int]] = []
        corrects = _cover(CORRECTS, text, covered)
        given: Given = {}
        denied: dict[str, tuple[str, ...]] = {}
        for fact in self._facts:
            holding, refused = _parted(text, fact, self._mentions(fact, text, now))
            # words of the file that look back for a “不是” do not match behind one: without it they do
            without = [m for m in self._mentions(fact, _blanked(DENIAL, text), now) if DENIES.search(text[: m.start])]
            refused += [
                m for m in without if not any(o.start < m.end and m.start < o.end for o in (*holding, *refused))
            ]
            covered += [(m.start, m.end) for m in (*holding, *refused)]
            if refused:
                denied[fact.id] = tuple(str(m.value) for m in refused)
            if values := list(dict.fromkeys(m.value for m in holding)):
                given[fact.id] = [*values, MORE] if fact.kind == "many" else values[-1]
            elif fact.yes_or_no and refused:
                given[fact.id] = "no" if refused[-1].value == "yes" else "yes"
        act = next((name for name, pattern in ACTS if _cover(pattern, text, covered)), None)
        only = _cover(ONLY, text, covered)
        none = False
        target = next((fact for fact in self._facts if fact.id == asked), None)
        if target is not None and asked not in given and act not in ("restart", "forget", "result", "quit"):
            answer = _answer(target, text, _left(text, covered))
            if answer is not None:
                given[target.id], act, covered = answer, None, [(0, len(text))]
            elif target.kind == "many" and (only or _whole(target.none or NONE_OF_THEM, target.none_label, text)):
                none, act, covered = True, None, [(0, len(text))]
        if AGE not in given and len(given) > (asked == AGE) and self._has(AGE) and (match := _BARE_AGE.search(text)):
            given[AGE] = _number(match["age"])  # “女 22 大专”
            covered.append(match.span("age"))
        others = _masked(text, covered)
        asks = any(p.search(t) for p, t in ((ASKS, others), (OTHERS, others), (ASKS_AT_END, text)))
        return Reading(given, denied, act, corrects, none, only, _rest(text, covered), asks)

    def _has(self, fact_id: str) -> bool:
        return any(fact.id == fact_id for fact in self._facts)

    @staticmethod
    def _mentions(fact: _Fact, text: str, now: datetime) -> list[_Mention]:
        """Where a fact is named, each place once, the longest words first to have it."""
        found = [
            _Mention(_from(pattern, match), match.end(), option.id)
            for option in fact.options
            for pattern in option.words
            for spelling in dict.fromkeys((text, _blanked(BEGINS, text)))
            for match in pattern.finditer(spelling)
            if match.end() > match.start()
        ]
        if fact.id == GRADUATED:
            ids = [option.id for option in fact.options]
            reckoned = [(left, choice_of(left, now, ids)) for left in graduations(text, now)]
            reckoned = [pair for pair in reckoned if not _of_school(text, pair[0].start, pair[0].end)]
            spans = [(left.start, left.end) for left, _ in reckoned]
            found = [m for m in found if not any(start < m.end and m.start < end for start, end in spans)]
            found += [_Mention(left.start, left.end, choice) for left, choice in reckoned if choice is not None]
        elif fact.id == AGE:
            found += [_Mention(m.start(), m.end(), age) for m in _AGE.finditer(text) if (age := _age(m, now))]
        kept: list[_Mention] = []
        for mention in sorted(found, key=lambda m: (m.start - m.end, m.start)):
            if all(mention.end <= other.start or other.end <= mention.start for other in kept):
                kept.append(mention)
        return sorted(kept, key=lambda m: m.start)


@lru_cache(maxsize=4)
def fact_words(path: Path = PATH) -> FactWords:
    """The words of a file, read once in a process."""
    from ruamel.yaml import YAML

    return FactWords(YAML(typ="safe").load(path)["facts"])


def belongs(text: str, state: Mapping[str, Any], now: datetime, words: FactWords | None = None) -> bool:
    """Whether a typed turn belongs to an open check: an answer, a correction, 跳过, 就看结果, 算了.

    `state` is the value of the slot `check`. A question, or a wish for something else, is for others to answer.
    """
    words = words or fact_words()
    asked = state.get("asking")
    reading = words.read(text, now, asked=asked)
    short = reading.rest <= _LITTLE
    if reading.act in ("restart", "forget") and reading.rest <= _LITTLE + 2:
        return True
    if state.get("step") == "keep":
        if (kept(text) is not None or reading.act in ("more", "why")) and short:
            return True
        return bool(reading.given) and reading.corrects and not reading.asks
    if reading.none or (reading.act in ("result", "skip", "quit") and short):
        return True
    if reading.act in ("unknown", "resume") and short and not reading.asks:
        return True
    if reading.asks:
        return False
    facts = len(reading.given) + len(reading.denied)
    return facts > 0 and reading.rest <= _LITTLE + _FOR_EACH * (facts - 1 + reading.corrects)


def kept(text: str) -> bool | None:
    """Whether somebody agrees to what they said of themselves being used later; None where it is no answer to that."""
    plain = re.sub(r"[\s,，。.!！~]+", "", normalise(text))
    if NOT_KEEPS.search(plain):
        return False
    return True if KEEPS.search(plain) else None


def forgets(text: str) -> bool:
    """Whether somebody wants forgotten what they said of their situation."""
    pattern = dict(ACTS)["forget"]
    return pattern.search(normalise(text)) is not None


def joined(before: Given, reading: Reading) -> Given:
    """The facts known before with those of another turn. What is corrected is replaced, of several values too."""
    facts = {k: list(v) if isinstance(v, list) else v for k, v in before.items()}
    for fact, values in reading.denied.items():
        known = facts.get(fact)
        if isinstance(known, list):
            facts[fact] = [value for value in known if value not in values]
        elif known in values:
            del facts[fact]
    for fact, value in reading.given.items():
        known = facts.get(fact)
        if isinstance(value, list) and isinstance(known, list) and not reading.corrects:
            named = list(dict.fromkeys([*known, *value]))
            complete = reading.only or MORE not in known
            value = [one for one in named if one != MORE] + ([] if complete else [MORE])
        elif isinstance(value, list) and reading.only:
            value = [one for one in value if one != MORE]
        facts[fact] = value
    return facts


def _fact(entry: Mapping[str, Any]) -> _Fact:
    def compiled(words: Iterable[str] | None) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(normalise_word(word)) for word in words or ())

    none = entry.get("none") or {}
    options = tuple(
        _Option(one["id"], normalise(one["label"]), compiled(one.get("words"))) for one in entry.get("choices") or ()
    )
    label = normalise(none["label"]) if none else None
    return _Fact(entry["id"], entry["kind"], options, compiled(none.get("words")), label)


def normalise_word(word: str) -> str:
    """A word or pattern of the file in the spelling that texts are brought to; escapes such as \\D keep their case."""
    return re.sub(r"\\.|\(\?P|[A-Z]", lambda m: m[0].lower() if len(m[0]) == 1 else m[0], word)


def _from(pattern: re.Pattern[str], match: re.Match[str]) -> int:
    """Where the words of a match begin: a pattern of the whole text (^…) accounts for no more than its end."""
    return max(match.start(), match.end() - 4) if pattern.pattern.startswith("^(?") else match.start()


def _of_school(text: str, start: int, end: int) -> bool:
    """Whether what was finished is no college: 今年中专毕业."""
    return _SCHOOL.search(text[max(start - 6, 0) : end]) is not None


def _parted(text: str, fact: _Fact, mentions: list[_Mention]) -> tuple[list[_Mention], list[_Mention]]:
    """Those that hold, and those that are denied (不是低保); what is only wished for (想考研) is neither."""
    holding, refused = [], []
    for mention in mentions:
        before = text[: mention.start]
        if ABOUT_OTHERS.search(before) or HIRES.search(text[mention.start : mention.end]):
            continue
        if DENIES.search(before):
            refused.append(mention)
        elif not (fact.kind == "one" and LATER.search(before)):
            holding.append(mention)
    return holding, refused


def _answer(fact: _Fact, text: str, left: str) -> Any:
    """The value that an answer to the question means, which its words alone would not tell; None where it is none."""
    plain = re.sub(r"[\s,，。.!！~?？、（）()]+", "", text)
    if fact.kind == "number":
        match = _NUMBER.search(left)
        value = _number(match[1] or match[2]) if match else None
        return value if value is not None and (fact.id != AGE or 12 <= value <= 80) else None
    options = [option.id for option in fact.options]
    labels = {option.id: re.sub(r"[\s,，。、（）()]+", "", option.label) for option in fact.options}
    bare = re.sub(r"(?:的|了|吧|呢|呀|啊|哦)+$", "", plain) or plain
    named = [one for one, label in labels.items() if label in (plain, bare)]
    if not named and len(bare) >= 2:
        named = [one for one, label in labels.items() if bare in label]
    if len(named) != 1 and (match := _INDEX.match(plain)):
        place = (_number(match[1]) or 0) - 1
        named = [options[place]] if place < len(options) else []
    if len(named) != 1 and REFUSES.match(plain):  # “没有”: the one choice that says that there is none
        named = [option.id for option in fact.options if re.match("还?[没不无]", option.label)]
    if len(named) != 1 and "yes" in options and AGREES.match(plain):
        named = ["yes"]
    if len(named) != 1:
        return None
    return [named[0], MORE] if fact.kind == "many" else named[0]


def _whole(patterns: Iterable[re.Pattern[str]], label: str | None, text: str) -> bool:
    plain = re.sub(r"[\s,，。.!！~]+", "", text)
    return plain == label or any(p.search(plain) for p in patterns) or any(p.search(plain) for p in NONE_OF_THEM)


def _age(match: re.Match[str], now: datetime) -> int | None:
    if match["born"]:
        year = int(match["born"])
        year += 0 if year > 100 else 2000 if year <= now.year - 2000 else 1900
        return now.year - year if 12 <= now.year - year <= 80 else None
    return _number(match["age"] or match["said"] or match["now"])


def _number(written: str | None) -> int | None:
    if not written:
        return None
    return int(written) if written.isdecimal() else hanzi_value(written)


def _cover(pattern: re.Pattern[str], text: str, covered: list[tuple[int, int]]) -> bool:
    spans = [match.span() for match in pattern.finditer(text)]
    covered += spans
    return bool(spans)


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    """With blanks for what matches, every other character in its place."""
    return pattern.sub(lambda match: " " * len(match[0]), text)


def _masked(text: str, covered: list[tuple[int, int]]) -> str:
    left = list(text)
    for start, end in covered:
        left[start:end] = "\n" * (end - start)  # a mark, so that words do not grow together over a gap
    return "".join(left)


def _left(text: str, covered: list[tuple[int, int]]) -> str:
    return _masked(text, covered).replace("\n", " ")


def _rest(text: str, covered: list[tuple[int, int]]) -> int:
    return len(_HANZI.findall(FILLER.sub("", _masked(text, covered))))
