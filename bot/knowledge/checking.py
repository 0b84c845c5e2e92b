"""What a topic must hold before it may be served, whether it comes from a file or from the console. No I/O here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.eligibility.forms import Facts
from bot.knowledge.files import ASPECTS, GENERAL, Topic
from bot.text.numbers import Quantity, quantities

MIN_PHRASINGS = 50
MAX_ANSWER = 200  # characters; a phone screen
MAX_ASPECT = 400
MAX_AMOUNT = 60  # one short line of a list
SPOKEN = {"s30": (85, 135), "s60": (185, 265)}  # characters, at 240 a minute
NEAR = 0.8  # Jaccard of character pairs from which two phrasings count as one
HOTLINES = "hotlines"  # the topic whose numbers every answer may name

Place = tuple[str | int, ...]


@dataclass(frozen=True)
class Finding:
    """One thing to mend: where it stands in the topic, of which kind it is, and what the words for it need."""

    place: Place
    kind: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def findings(
    topic: Topic, *, topics: Iterable[str], hotlines: Iterable[str], facts: Facts | None = None
) -> Iterator[Finding]:
    """Everything to mend in a topic of the right form.

    `topics` are the ids that there are, `hotlines` numbers that every answer may name, `facts` what conditions may be about.
    """
    yield from _of_sources(topic)
    if topic.eligibility:
        for place, reason in facts.faults(topic.eligibility) if facts else ():
            yield Finding(("eligibility", *place), "condition", {"reason": reason})
        if (length := len(topic.eligibility.amount)) > MAX_AMOUNT:
            yield Finding(("eligibility", "amount"), "long", {"length": length, "most": MAX_AMOUNT})
    yield from _of_figures(topic, set(hotlines))
    yield from _of_texts(topic)
    if topic.validity.until and not topic.after_expiry:
        yield Finding(("validity", "until"), "ends")
    known = set(topics)
    for i, other in enumerate(topic.related):
        if other not in known or other == topic.id:
            yield Finding(("related", i), "no-topic", {"topic": other})
    yield from _of_phrasings(topic)


def _of_sources(topic: Topic) -> Iterator[Finding]:
    numbers = {source.n for source in topic.sources}
    if len(numbers) != len(topic.sources):
        yield Finding(("sources",), "source-twice")
    for i, figure in enumerate(topic.figures):
        if figure.source not in numbers:
            yield Finding(("figures", i), "figure-source", {"label": figure.label, "n": figure.source})
    cited: list[tuple[Place, list[int]]] = [(("answer", "sources"), topic.answer.sources)]
    cited += [(("aspects", name, "sources"), aspect.sources) for name, aspect in topic.aspects.items()]
    if topic.eligibility:
        cited.append((("eligibility", "sources"), topic.eligibility.sources))
    for place, ns in cited:
        for n in ns:
            if n not in numbers:
                yield Finding(place, "source-missing", {"n": n})


def _of_figures(topic: Topic, hotlines: set[str]) -> Iterator[Finding]:
    allowed = _allowed(topic, hotlines)
    for place, text in topic.texts():
        for quantity in quantities(text):
            if not any(quantity.agrees_with(known) for known in allowed):
                yield Finding(place, "no-figure", {"text": quantity.text})


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


def _of_texts(topic: Topic) -> Iterator[Finding]:
    for name in ASPECTS:
        if name not in topic.aspects:
            yield Finding(("aspects",), "aspect-missing", {"aspect": name})
    for name, aspect in topic.aspects.items():
        if name not in ASPECTS:
            yield Finding(("aspects", name), "aspect-unknown", {"aspect": name})
        if aspect.text and (length := len(aspect.text)) > MAX_ASPECT:
            yield Finding(("aspects", name, "text"), "long", {"length": length, "most": MAX_ASPECT})
    if (length := len(topic.answer.text)) > MAX_ANSWER:
        yield Finding(("answer", "text"), "long", {"length": length, "most": MAX_ANSWER})
    for name, (least, most) in SPOKEN.items():
        if not least <= (length := len(getattr(topic.spoken, name))) <= most:
            yield Finding(("spoken", name), "spoken", {"length": length, "least": least, "most": most})


def _of_phrasings(topic: Topic) -> Iterator[Finding]:
    for name in topic.phrasings:
        if name not in (*ASPECTS, GENERAL):
            yield Finding(("phrasings", name), "aspect-unknown", {"aspect": name})
    phrasings = [text for texts in topic.phrasings.values() for text in texts]
    if len(phrasings) < MIN_PHRASINGS:
        yield Finding(("phrasings",), "few", {"count": len(phrasings), "least": MIN_PHRASINGS})
    places = {text: (name, i) for name, texts in topic.phrasings.items() for i, text in enumerate(texts)}
    for text, other in near_duplicates(phrasings):
        yield Finding(("phrasings", *places[text]), "near", {"text": text, "other": other})


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
