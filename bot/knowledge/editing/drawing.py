"""A form as the topic that would be served, as far as it is filled in; what will not do is left out. No I/O here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from bot.knowledge.editing.forms import ASKED, Typed, lines, split
from bot.knowledge.files import ASPECTS, GENERAL
from bot.knowledge.tables import SourceRow, TextRow
from bot.knowledge.views import Phrasing, TopicView

_UNWRITTEN = "（还没写）"


def view_of_typed(
    topic_id: str, typed: Typed, titles: Mapping[str, str], *, version: int, today: date
) -> TopicView:  # fmt: skip
    """The view that an answer is worded from."""
    sources = [_source(row) for row in typed["sources"] if row["n"].isdecimal() and row["title"]]
    return TopicView(
        id=topic_id,
        title=typed["title"] or _UNWRITTEN,
        group=typed["group"],
        region=typed["region"],
        valid_until=_day(typed["valid_until"]),
        state=typed["state"],
        checked_on=_day(typed["checked_on"]) or today,
        check_status=typed["check_status"],
        version=version,
        texts={text.key: text for text in _texts(typed)},
        sources={source.n: source for source in sources},
        related=tuple((row["topic"], titles[row["topic"]]) for row in typed["related"] if row["topic"] in titles),
    )


def _texts(typed: Typed) -> Iterator[TextRow]:
    yield TextRow(key="answer", text=typed["answer"] or _UNWRITTEN, applies=True, sources=_numbers(typed, "answer"))
    for name in ASPECTS:
        if typed[name]:
            applies, gap = typed[f"{name}_says"] != "none", typed[f"{name}_gap"] or None
            yield TextRow(key=name, text=typed[name], gap=gap, applies=applies, sources=_numbers(typed, name))
    for key in ("after_expiry", "s30", "s60"):
        if typed[key] or key != "after_expiry":
            yield TextRow(key=key, text=typed[key] or _UNWRITTEN, applies=True, sources=[])


def _numbers(typed: Typed, name: str) -> list[int]:
    return [int(n) for n in split(typed[f"{name}_sources"]) if n.isdecimal()]


def _source(row: Mapping[str, str]) -> SourceRow:
    parts = {key: row[key] or None for key in ("number", "issuer", "date", "url", "seen_at")}
    if not (parts["date"] or "").replace("-", "").isdecimal():
        parts["date"] = None
    return SourceRow(n=int(row["n"]), title=row["title"], text_seen=row["text_seen"] == "on", **parts)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def phrasings_of(topic_id: str, typed: Typed) -> list[Phrasing]:
    """The ways to ask that a form has, title and other names among them."""
    named = [name for name in (typed["title"], *split(typed["aliases"])) if name]
    found = [Phrasing(topic_id, aspect, text) for aspect in ASKED for text in lines(typed[f"asks_{aspect}"])]
    return found + [Phrasing(topic_id, GENERAL, name) for name in named]


def terms_of(typed: Typed) -> dict[str, tuple[str, str]]:
    """(term, meaning) by each spelling, in lower case."""
    named = ((name, row) for row in typed["terms"] for name in (row["term"], *split(row["aliases"])) if name)
    return {name.lower(): (row["term"], row["text"]) for name, row in named}
