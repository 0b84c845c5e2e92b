"""The check of topic files, `duihua knowledge check`. Reads files, touches no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.eligibility.files import read_facts
from bot.eligibility.forms import Facts
from bot.knowledge.checking import HOTLINES, Finding, findings, near_duplicates
from bot.knowledge.files import FileError, Topic, line_of, read_topic, topic_files

__all__ = ["Fault", "check_folder", "check_topic", "near_duplicates"]

_WORDS = {
    "source-twice": "two sources have the same number",
    "figure-source": "figure “{label}” has no source {n}",
    "source-missing": "source {n} is missing",
    "condition": "{reason}",
    "long": "{length} characters, at most {most}",
    "no-figure": "“{text}” is not among the file's figures",
    "aspect-missing": "aspect {aspect} is neither answered nor marked",
    "aspect-unknown": "unknown aspect {aspect}",
    "spoken": "{length} characters, wanted {least} to {most}",
    "ends": "a policy that ends needs after_expiry: what to do then",
    "no-topic": "no other topic {topic}",
    "few": "{count} phrasings, at least {least}",
    "near": "“{text}” is nearly “{other}”",
}


@dataclass(frozen=True)
class Fault:
    """One thing to mend in a file."""

    path: Path
    line: int | None
    reason: str

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line or '?'}: {self.reason}"


def reason_of(finding: Finding) -> str:
    """A finding in words, as the command prints it."""
    return _WORDS[finding.kind].format_map(finding.facts)


def check_topic(
    topic: Topic, node: Any, path: Path, *, topics: set[str], hotlines: set[str], facts: Facts | None = None
) -> Iterator[Fault]:
    """Everything to mend in one file that has the right form. `facts` are those that conditions may be about."""
    if topic.id != path.stem:
        yield Fault(path, line_of(node, ("id",)), f"id {topic.id} is not the file's name")
    for finding in findings(topic, topics=topics, hotlines=hotlines, facts=facts):
        yield Fault(path, line_of(node, finding.place), reason_of(finding))


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
