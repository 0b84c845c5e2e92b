"""What a topic's file must hold before it may be served: `duihua knowledge check`. Reads files, touches no database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.eligibility.files import read_facts
from bot.eligibility.forms import Facts
from bot.knowledge.files import ASPECTS, GENERAL, FileError, Topic, line_of, read_topic, topic_files
from bot.text.numbers import Quantity, quantities

MIN_PHRASINGS = 50
MAX_ANSWER = 200  # characters; a phone screen
MAX_ASPECT = 400
MAX_AMOUNT = 60  # one short line of a list
SPOKEN = {"s30": (85, 135), "s60": (185, 265)}  # characters, at 240 a minute
NEAR = 0.8  # Jaccard of character pairs from which two phrasings count as one
HOTLINES = "hotlines"  # the topic whose numbers every answer may name


@dataclass(frozen=True)
class Fault:
    """One thing to mend in a file."""

    path: Path
    line: int | None
    reason: str

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line or '?'}: {self.reason}"


def _allowed(topic: Topic, hotlines: set[str]) -> list[Quantity]:
    words = [topic.title, topic.scope, *topic.aliases, *(t.term for t in topic.terms)]
    words += [f.value for f in topic.figures] + [f.label for f in topic.figures]
    for source in topic.sources:
        words += filter(None, (source.title, source.number, _spelled(source.date)))
    for day in (topic.validity.from_, topic.validity.until):
        if day:
            words.append(_spelled(day.isoformat()) or "")
    return [q for w in words for q in quantities(w)] + [q for n in hotlines for q in quantities(n)]


def _spelled(iso: str | None) -> str | None:
    """2025-07-24 as 2025年7月24日."""
    if not iso:
        return None
    return "".join(f"{int(part)}{unit}" for part, unit in zip(iso.split("-"), "年月日", strict=False) if part.isdigit())


def _pairs(text: str) -> frozenset[str]:
    kept = re.sub(r"[\W_]", "", text)
    return frozenset(kept[i : i + 2] for i in range(len(kept) - 1)) or frozenset(kept)


def near_duplicates(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of phrasings that differ in next to nothing, the later one first."""
    seen: list[tuple[str, frozenset[str]]] = []
    for text in texts:
        pairs = _pairs(text)
        for other, theirs in seen:
            if len(pairs & theirs) >= NEAR * len(pairs | theirs):
                yield text, other
                break
        seen.append((text, pairs))


def check_topic(
    topic: Topic, node: Any, path: Path, *, topics: set[str], hotlines: set[str], facts: Facts | None = None
) -> Iterator[Fault]:
    """Everything to mend in one file that has the right form. `facts` are those that conditions may be about."""

    def fault(place: tuple[str | int, ...], reason: str) -> Fault:
        return Fault(path, line_of(node, place), reason)

    if topic.id != path.stem:
        yield fault(("id",), f"id {topic.id} is not the file's name")
    numbers = {source.n for source in topic.sources}
    if len(numbers) != len(topic.sources):
        yield fault(("sources",), "two sources have the same number")
    for i, figure in enumerate(topic.figures):
        if figure.source not in numbers:
            yield fault(("figures", i), f"figure “{figure.label}” has no source {figure.source}")
    cited = [(("answer", "sources"), topic.answer.sources)]
    cited += [(("aspects", name, "sources"), aspect.sources) for name, aspect in topic.aspects.items()]
    if topic.eligibility:
        cited.append((("eligibility", "sources"), topic.eligibility.sources))
        for place, reason in facts.faults(topic.eligibility) if facts else ():
            yield fault(("eligibility", *place), reason)
        if len(topic.eligibility.amount) > MAX_AMOUNT:
            length = len(topic.eligibility.amount)
            yield fault(("eligibility", "amount"), f"{length} characters, at most {MAX_AMOUNT}")
    for place, ns in cited:
        for n in ns:
            if n not in numbers:
                yield fault(place, f"source {n} is missing")

    allowed = _allowed(topic, hotlines)
    for place, text in topic.texts():
        for quantity in quantities(text):
            if not any(quantity.agrees_with(known) for known in allowed):
                yield fault(place, f"“{quantity.text}” is not among the file's figures")

    for name in ASPECTS:
        if name not in topic.aspects:
            yield fault(("aspects",), f"aspect {name} is neither answered nor marked")
    for name, aspect in topic.aspects.items():
        if name not in ASPECTS:
            yield fault(("aspects", name), f"unknown aspect {name}")
        if aspect.text and len(aspect.text) > MAX_ASPECT:
            yield fault(("aspects", name, "text"), f"{len(aspect.text)} characters, at most {MAX_ASPECT}")
    if len(topic.answer.text) > MAX_ANSWER:
        yield fault(("answer", "text"), f"{len(topic.answer.text)} characters, at most {MAX_ANSWER}")
    for name, (least, most) in SPOKEN.items():
        length = len(getattr(topic.spoken, name))
        if not least <= length <= most:
            yield fault(("spoken", name), f"{length} characters, wanted {least} to {most}")
    if topic.validity.until and not topic.after_expiry:
        yield fault(("validity", "until"), "a policy that ends needs after_expiry: what to do then")
    for i, other in enumerate(topic.related):
        if other not in topics or other == topic.id:
            yield fault(("related", i), f"no other topic {other}")

    for name in topic.phrasings:
        if name not in (*ASPECTS, GENERAL):
            yield fault(("phrasings", name), f"unknown aspect {name}")
    phrasings = [text for texts in topic.phrasings.values() for text in texts]
    if len(phrasings) < MIN_PHRASINGS:
        yield fault(("phrasings",), f"{len(phrasings)} phrasings, at least {MIN_PHRASINGS}")
    places = {text: (name, i) for name, texts in topic.phrasings.items() for i, text in enumerate(texts)}
    for text, other in near_duplicates(phrasings):
        yield fault(("phrasings", *places[text]), f"“{text}” is nearly “{other}”")


def check_folder(folder: Path, names: Iterable[str] = (), *, facts: Facts | None = None) -> list[Fault]:
    """Everything to mend in the folder's topic files (or only in those named), the same phrasing in two files included.

    `facts` are those that conditions may be about; the project's unless given.
    """
    topics: dict[str, tuple[Topic, Any, Path]] = {}
    faults: list[Fault] = []
    for path in topic_files(folder):
        try:
            topic, node = read_topic(path)
            topics[path.stem] = topic, node, path
        except FileError as error:
            faults.append(Fault(error.path, error.line, error.reason))
    if facts is None and any(topic.eligibility for topic, _, _ in topics.values()):
        try:
            facts = read_facts()
        except FileError as error:
            faults.append(Fault(error.path, error.line, error.reason))
    hotlines = {f.value for f in topics[HOTLINES][0].figures} if HOTLINES in topics else set()
    known = {path.stem for path in topic_files(folder)}
    wanted = set(names)
    seen: dict[str, str] = {}
    for name, (topic, node, path) in topics.items():
        faults.extend(check_topic(topic, node, path, topics=known, hotlines=hotlines, facts=facts))
        for aspect, texts in topic.phrasings.items():
            for i, text in enumerate(texts):
                if (first := seen.setdefault(text, name)) != name:
                    place = line_of(node, ("phrasings", aspect, i))
                    faults.append(Fault(path, place, f"“{text}” stands in {first}.yml too"))
    return [f for f in faults if not wanted or f.path.stem in wanted or f.path.parent != folder]
