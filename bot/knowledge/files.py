"""The form of a topic's file, `data/knowledge/<topic>.yml`, and how it is read.

A file is complete in itself: what is said, in whose words, on which sources, until when.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedBase
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.eligibility.forms import Eligibility

ASPECTS = ("who", "amount", "materials", "process", "where", "when", "contact", "notes")
GENERAL = "general"

Text = Annotated[str, Field(min_length=1)]


class FileError(Exception):
    """A topic file that cannot be read; says which file, which line and why."""

    def __init__(self, path: Path, line: int | None, reason: str) -> None:
        super().__init__(f"{path.name}:{line or '?'}: {reason}")
        self.path, self.line, self.reason = path, line, reason


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


class Figure(_Strict):
    """A number the answer may use, word for word as its source has it."""

    label: Text
    value: Text
    source: int


class Source(_Strict):
    """Where something was read. `seen_at`: official page, law-text (a transcription of the law) or a reprint."""

    n: int
    title: Text
    number: str | None = None
    issuer: str | None = None
    date: str | None = None
    url: str | None = None
    text_seen: bool
    seen_at: Literal["official", "law-text", "reprint"] | None = None


class Validity(_Strict):
    """First and last day on which the policy holds; None where no source names one."""

    from_: date | None = Field(alias="from")
    until: date | None
    state: Literal["current", "unknown", "expired"]


class Check(_Strict):
    """When the facts were last compared with their sources and how far every figure was found there."""

    on: date
    status: Literal["verified", "partly", "unverified", "expired"]


class Answer(_Strict):
    """What is said first, and the numbers of its sources."""

    text: Text
    sources: list[int] = Field(min_length=1)


class Aspect(_Strict):
    """One side of a topic: what is said (`text`), what nobody has told us yet (`gap`), or why there is none (`none`)."""

    text: Text | None = None
    gap: Text | None = None
    none: Text | None = None
    sources: list[int] = []

    @model_validator(mode="after")
    def _answered_or_marked(self) -> Aspect:
        if (self.text is None) == (self.none is None):
            raise ValueError("an aspect has either `text` or `none`, not both, not neither")
        if self.none is not None and self.gap is not None:
            raise ValueError("`gap` goes with `text`; an aspect that does not apply has no gap")
        if self.text is not None and not self.sources and self.gap is None:
            raise ValueError("an aspect's `text` names its `sources`")
        return self


class Term(_Strict):
    """A word of this topic that people ask the meaning of."""

    term: Text
    aliases: list[Text] = []
    text: Text


class Spoken(_Strict):
    """The answer as the hosts say it, in about 30 and 60 seconds at 240 characters a minute."""

    s30: Text
    s60: Text


class Topic(_Strict):
    """One topic, as its file has it."""

    id: Text
    title: Text
    group: Text
    scope: Text
    region: Text
    aliases: list[Text] = []
    validity: Validity
    checked: Check
    related: list[Text] = Field(min_length=2)
    figures: list[Figure]
    sources: list[Source] = Field(min_length=1)
    answer: Answer
    aspects: dict[str, Aspect]
    after_expiry: Text | None = None
    terms: list[Term] = []
    eligibility: Eligibility | None = None
    spoken: Spoken
    phrasings: dict[str, list[Text]]

    def texts(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Everything that may be said to a person, with its place in the file."""
        yield ("answer", "text"), self.answer.text
        for name, aspect in self.aspects.items():
            for key in ("text", "none"):
                if said := getattr(aspect, key):
                    yield ("aspects", name, key), said
        if self.after_expiry:
            yield ("after_expiry",), self.after_expiry
        for i, term in enumerate(self.terms):
            yield ("terms", i, "text"), term.text
        if self.eligibility:
            for place, said in self.eligibility.texts():
                yield ("eligibility", *place), said
        yield ("spoken", "s30"), self.spoken.s30
        yield ("spoken", "s60"), self.spoken.s60


def line_of(node: Any, place: tuple[str | int, ...]) -> int | None:
    """The line (from 1) where the value at `place` stands, or its nearest parent that is there."""
    line = None
    for key in place:
        if not isinstance(node, CommentedBase):
            break
        try:
            line = (node.lc.item(key) if isinstance(node, list) else node.lc.key(key))[0] + 1
            node = node[key]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line


def read_yaml(path: Path) -> Any:
    """A file's node tree, which knows its lines. Raises FileError, with the line, for a file that is no YAML."""
    try:
        text = path.read_text(encoding="utf-8")
        return YAML().load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise FileError(path, mark.line + 1 if mark else None, f"not YAML: {error.problem}") from error
    except UnicodeDecodeError as error:
        raise FileError(path, None, "not UTF-8") from error
    except YAMLError as error:  # a character that may not be in a file
        raise FileError(path, None, f"not YAML: {error}") from error
    except ValueError as error:
        raise FileError(path, _line_of_no_day(text), f"not a day of the calendar: {error}") from error


def read_topic(path: Path) -> tuple[Topic, Any]:
    """The topic in a file and the file's node tree (for line numbers).

    Raises FileError, with the line, for a file that is no YAML or not of the form.
    """
    node = read_yaml(path)
    try:
        return Topic.model_validate(node), node
    except ValidationError as error:
        first = error.errors()[0]
        place = tuple(first["loc"])
        raise FileError(path, line_of(node, place), f"{'.'.join(map(str, place))}: {first['msg']}") from error


def _line_of_no_day(text: str) -> int | None:
    """The first line with something written like a day that is none, such as 2026-02-30."""
    for number, line in enumerate(text.splitlines(), start=1):
        for written in re.findall(r"\b\d{4}-\d\d-\d\d\b", line):
            try:
                date.fromisoformat(written)
            except ValueError:
                return number
    return None


def topic_files(folder: Path) -> list[Path]:
    """The topic files of a folder, in order of name."""
    return sorted(folder.glob("*.yml"))
