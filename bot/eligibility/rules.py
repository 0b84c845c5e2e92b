"""What facts say of a benefit, and which fact to ask for next. Three values: a condition holds, fails, or is not known."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

from bot.eligibility.forms import NONE, Eligibility, Fact, Facts, Need
from bot.text.facts import AGE, MORE

QUESTIONS = 8  # asked at most in one check
EMPLOYER = Fraction(1, 4)  # what deciding an employer's benefit is worth beside a person's own

Known = Mapping[str, Any]
"""Facts by id: a choice, a list of choices (with MORE at its end where others may hold too), or a number."""
Verdict = Literal["likely", "possible", "no"]


class UnknownFact(Exception):
    """A fact, or a value of one, that the form does not have."""

    def __init__(self, fact: str, value: object) -> None:
        super().__init__(f"no fact {fact} with the value {value!r}")
        self.fact, self.value = fact, value


@dataclass(frozen=True)
class Judged:
    """What is known of one benefit: conditions that fail, that nobody told yet, that are met, and to be confirmed."""

    verdict: Verdict
    failed: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    met: tuple[str, ...] = ()
    open: tuple[str, ...] = ()


def checked(known: Known, facts: Facts) -> dict[str, Any]:
    """Facts in the one form that they are kept in. Raises UnknownFact for what is none of them."""
    found: dict[str, Any] = {}
    for fact_id, value in known.items():
        fact = facts.get(fact_id)
        if fact is None:
            raise UnknownFact(fact_id, value)
        found[fact_id] = _value(fact, value)
    return found


def _value(fact: Fact, value: Any) -> Any:
    if fact.kind == "number":
        if isinstance(value, bool) or not isinstance(value, int):
            raise UnknownFact(fact.id, value)
        return value
    choices = {choice.id for choice in fact.choices}
    if fact.kind == "one":
        if value not in choices:
            raise UnknownFact(fact.id, value)
        return value
    values = [] if value == NONE else [value] if isinstance(value, str) else list(value)
    if unknown := [one for one in values if one not in choices and one not in (MORE, NONE)]:
        raise UnknownFact(fact.id, unknown[0])
    return [one for one in dict.fromkeys(values) if one != NONE]


def holds(need: Need, known: Known) -> bool | None:
    """Whether a condition holds; None where the facts do not tell."""
    if need.any:
        parts = [holds(part, known) for part in need.any]
        return True if True in parts else None if None in parts else False
    if need.fact is None or need.fact not in known:
        return None
    value = known[need.fact]
    if need.is_:
        values = set(value) if isinstance(value, list) else {value}
        if values & set(need.is_):
            return True
        return None if MORE in values else False
    return (need.at_least is None or value >= need.at_least) and (need.at_most is None or value <= need.at_most)


def judge(eligibility: Eligibility, known: Known) -> Judged:
    """What the facts say of a benefit: `no` where a condition fails, `likely` where all that facts decide hold."""
    failed, missing, met, still = [], [], [], []
    for need in eligibility.needs:
        truth = holds(need, known)
        if need.open:
            still.append(need.open)
        elif truth is None:
            missing.append(in_words(need, known))
        elif truth:
            met.append(in_words(need, known))
        else:
            failed.append(in_words(need, known))
    verdict: Verdict = "no" if failed else "possible" if missing else "likely"
    return Judged(verdict, tuple(failed), tuple(missing), tuple(met), tuple(still))


def in_words(need: Need, known: Known) -> str:
    """A condition as people read it. Of several, the one that holds; else those that are not ruled out, or all."""
    if not need.any:
        return need.open or need.say or ""
    truths = [(part, holds(part, known)) for part in need.any]
    holding = [part for part, truth in truths if truth]
    undecided = [part for part, truth in truths if truth is None]
    named = holding[:1] or undecided or need.any
    said = [part.open or part.say or "" for part in named]
    return said[0] if len(said) == 1 else "、".join(said[:-1]) + "，或者" + said[-1]


def deciding(benefits: Sequence[Eligibility], known: Known, facts: Facts, skipped: Collection[str] = ()) -> list[Fact]:
    """The facts that still decide something, the one first whose answer settles most on the average.

    A fact decides where it stands in a condition that is not known yet, of a benefit that nothing rules out. What was
    skipped is not asked again. Ties keep the order of the file.
    """
    undecided = [one for one in benefits if judge(one, known).verdict == "possible"]
    wanted: dict[str, list[Eligibility]] = {}
    for one in undecided:
        for fact_id in {part.fact for part in _unknown(one, known) if part.fact}:
            wanted.setdefault(fact_id, []).append(one)
    found = [fact for fact in facts.facts if fact.id in wanted and fact.id not in skipped]
    return sorted(found, key=lambda fact: -_settled(fact, wanted[fact.id], known))


def _unknown(eligibility: Eligibility, known: Known) -> Iterator[Need]:
    """The single conditions that are not known yet and could change the verdict."""
    for need in eligibility.needs:
        if holds(need, known) is None:
            yield from (part for part in need.parts() if holds(part, known) is None)


def _settled(fact: Fact, benefits: Sequence[Eligibility], known: Known) -> Fraction:
    """How many benefits an answer decides on the average, every answer as likely as the next."""
    answers = list(_answers(fact, benefits, known))
    total = Fraction(0)
    for answer in answers:
        after = {**known, fact.id: answer}
        for one in benefits:
            weight = Fraction(1) if one.for_ == "person" else EMPLOYER
            judged = judge(one, after)
            # ruled out counts whole; a condition that is met brings the benefit nearer to likely
            total += weight * (1 if judged.verdict != "possible" else Fraction(1, 2 + len(judged.missing)))
    return total / len(answers)


def _answers(fact: Fact, benefits: Sequence[Eligibility], known: Known) -> Iterator[Any]:
    """Answers that a question may get; of a number, one on each side of every limit."""
    if fact.kind == "one":
        yield from (choice.id for choice in fact.choices)
    elif fact.kind == "many":
        before = [value for value in known.get(fact.id, ()) if value != MORE]
        yield before
        yield from ([*before, choice.id] for choice in fact.choices if choice.id not in before)
    else:
        limits = {
            limit
            for one in benefits
            for _, part in one.conditions()
            if part.fact == fact.id
            for limit in (part.at_least, part.at_most)
            if limit is not None
        }
        yield from sorted({number for limit in limits for number in (limit - 1, limit, limit + 1)})


def options_left(fact: Fact, known: Known) -> list[str]:
    """The choices of a question that were not named before."""
    named = known.get(fact.id)
    values = named if isinstance(named, list) else ()
    return [choice.id for choice in fact.choices if choice.id not in values]


def described(known: Known, facts: Facts) -> list[tuple[str, str]]:
    """Facts as (what, how) in words, in the order of the form; what was skipped is not among them."""
    found = []
    for fact in facts.facts:
        if fact.id not in known:
            continue
        value = known[fact.id]
        if fact.kind == "number":
            found.append((fact.short, f"{value}岁" if fact.id == AGE else str(value)))
        elif fact.kind == "one":
            found.append((fact.short, fact.label(value)))
        else:
            labels = [fact.label(one) for one in value if one != MORE]
            if labels or MORE not in value:
                found.append((fact.short, "、".join(labels) if labels else fact.none.label if fact.none else ""))
    return found
