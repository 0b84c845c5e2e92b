"""What a training takes in, how far it is, and when a model may be given to the engine. No I/O here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

POLICY = "policy"
LEASE = timedelta(seconds=30)
"""How long a run counts as worked on after its gateway was last heard of."""
RENEW = 2.0  # seconds between two signs of life
USUAL = 75.0  # seconds of a training where none was measured yet
OPEN = ("waiting", "training", "comparing")
KINDS = ("case", "topics", "followups", "intents", "care")
"""What sentences a comparison is made of: cases of the database, then files of tests/evaluation."""


class Refusal(Exception):
    """Something that cannot be; the kind says why."""


class AlreadyOpen(Refusal):
    """Another run has not ended yet."""


class NothingNew(Refusal):
    """A training would give the model that is live."""


class FilesChanged(Refusal):
    """The program or its files are not those that the live model was trained on: it has to be started anew first."""


class Unknown(Refusal):
    """There is no such run."""


class NotReady(Refusal):
    """The run has no model to give."""


class Over(Refusal):
    """The run has ended: there is nothing to stop."""


class IsLive(Refusal):
    """The engine has that model already."""


class Missing(Refusal):
    """The model's file is gone."""


class EngineAway(Refusal):
    """The engine cannot be reached; it goes on as it was."""


class CannotLoad(Refusal):
    """The engine could not load the model and keeps the one it has; says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NoFormer(Refusal):
    """There is no model to go back to."""


class WorkFailed(Exception):
    """A training or a comparison that broke off, with its own last words."""


# -- what is learnt besides the files ----------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Example:
    """A sentence that staff put down: an utterance of an intent, or a way to ask about a topic."""

    text: str
    intent: str
    topic: str | None = None
    aspect: str | None = None


@dataclass(frozen=True)
class TrainingSet:
    """What a model learns besides the files of the program: topics as they are in the database, and examples."""

    topics: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    examples: frozenset[Example] = frozenset()

    @property
    def empty(self) -> bool:
        """Whether the files are all there is."""
        return not self.topics and not self.examples

    def text(self) -> str:
        """The set as its file has it; the same set always gives the same text."""
        examples = [
            {k: v for k, v in vars(one).items() if v is not None}
            for one in sorted(self.examples, key=lambda e: (e.intent, e.topic or "", e.aspect or "", e.text))
        ]
        whole = {"topics": dict(sorted(self.topics.items())), "examples": examples}
        return json.dumps(whole, ensure_ascii=False, indent=1, sort_keys=True)

    @property
    def digest(self) -> str:
        """Short for what is in it; nothing where it is empty."""
        return "" if self.empty else hashlib.sha256(self.text().encode()).hexdigest()[:16]

    @classmethod
    def read(cls, text: str) -> TrainingSet:
        """Back from `text`."""
        found = json.loads(text)
        return cls(found["topics"], frozenset(Example(**one) for one in found["examples"]))


def model_name(base: str, learnt: TrainingSet) -> str:
    """What a model is called: by the files it was trained on, and what was learnt besides."""
    if learnt.empty:
        return base
    return hashlib.sha256(f"{base} {learnt.digest}".encode()).hexdigest()[:20]


def learnt_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """What of a topic's content a model learns: another date or source changes nothing."""
    texts = {name: {"text": one["text"]} for name, one in content["aspects"].items() if one.get("text")}
    return {
        "id": content["id"],
        "title": content["title"],
        "aliases": list(content["aliases"]),
        "scope": content["scope"],
        "figures": [{"label": one["label"]} for one in content["figures"]],
        "answer": {"text": content["answer"]["text"]},
        "aspects": texts,
        "terms": [{"term": one["term"], "text": one["text"]} for one in content["terms"]],
        "phrasings": {aspect: list(said) for aspect, said in content["phrasings"].items()},
    }


@dataclass(frozen=True)
class Change:
    """One thing in which two sets differ. `what`: example, topic. `gone`: the live model has learnt it, the next will not."""

    what: str
    gone: bool
    text: str
    intent: str | None = None
    topic: str | None = None
    aspect: str | None = None
    by: str | None = None
    at: datetime | None = None

    def plain(self) -> dict[str, Any]:
        """As plain data."""
        return {**vars(self), "at": self.at.isoformat() if self.at else None}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> Change:
        """Back from `plain`."""
        at = datetime.fromisoformat(plain["at"]) if plain["at"] else None
        return cls(**{**plain, "at": at})


def differences(live: TrainingSet, now: TrainingSet) -> list[Change]:
    """What the next model would learn and the live one has not, and the other way round; nobody's names yet."""
    found = [
        Change(
            "topic", now.topics.get(topic) is None, (now.topics.get(topic) or live.topics[topic])["title"], topic=topic
        )
        for topic in sorted({*live.topics, *now.topics})
        if live.topics.get(topic) != now.topics.get(topic)
    ]
    for gone, some in ((False, now.examples - live.examples), (True, live.examples - now.examples)):
        found += [
            Change("example", gone, one.text, one.intent, one.topic, one.aspect) for one in sorted(some, key=_order)
        ]
    return found


def _order(one: Example) -> tuple[str, str, str]:
    return one.topic or "", one.intent, one.text


# -- the comparison ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A sentence that staff keep with what has to become of it; `opening` is what is said before it."""

    said: str
    before: str | None
    current_topic: str | None
    current_title: str | None
    expects: str
    topic: str | None
    aspect: str | None
    intent: str | None

    def expected(self) -> dict[str, Any]:
        """What has to become of it, as plain data."""
        named = {"expects": self.expects, "topic": self.topic, "aspect": self.aspect, "intent": self.intent}
        return {k: v for k, v in named.items() if v is not None}

    def is_right(self, intent: str | None, outcome: str | None, topics: Iterable[str], aspect: str | None) -> bool:
        """Whether what became of it is what has to."""
        shown = list(topics)
        match self.expects:
            case "served":
                good = outcome == "served" and shown[:1] == [self.topic]
                return good and self.aspect in (None, "general", aspect)
            case "offered":
                return outcome == "offered" and self.topic in shown
            case "refused":
                return outcome == "refused"
        return intent == self.intent


@dataclass(frozen=True)
class Difference:
    """A sentence of which two models make different things, or that both have wrong."""

    kind: str
    said: str
    said_before: str | None
    expected: dict[str, Any]
    before: dict[str, Any]
    after: dict[str, Any]
    before_right: bool
    after_right: bool


@dataclass(frozen=True)
class Compared:
    """Both models on the same sentences: figures as plain data, and where they differ."""

    figures: dict[str, Any]
    differences: list[Difference]


VERDICTS = ("better", "worse", "other", "wrong")


def verdict(one: Difference | Any) -> str:
    """better or worse; other: both right, or both wrong, in another way; wrong: both wrong in the same way."""
    if one.before_right != one.after_right:
        return "better" if one.after_right else "worse"
    return "other" if differs(one.before, one.after) else "wrong"


def differs(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether two models made different things of a sentence: what was understood, and the text of an answer."""
    keys = ["intent", "outcome", "topics", "aspect"] + (["text"] if before["outcome"] == "served" else [])
    return any(before[key] != after[key] for key in keys)


# -- how far it is -----------------------------------------------------------------------------------------------------

_TRAINING = 0.6  # of the whole


def share(state: str, step: str, *, since: timedelta | None, usual: float) -> float:
    """How much of a run is done, 0 to 1. A training tells no share, so it is taken from how long it usually takes."""
    if state == "waiting":
        return 0.0
    if state == "training":
        return _TRAINING * min((since.total_seconds() if since else 0.0) / max(usual, 1.0), 0.97)
    if state == "comparing":
        done, _, total = step.rpartition(" ")[2].partition("/")
        part = int(done) / int(total) if done.isdecimal() and total.isdecimal() and int(total) else 0.0
        return _TRAINING + (1 - _TRAINING) * part
    return 1.0


KEPT = 3


def spare(models: Iterable[str], keep: Iterable[str | None]) -> list[str]:
    """Of models, the newest first, those that may be deleted: all but those to keep and the newest few."""
    held = {name for name in keep if name}
    return [name for name in list(models)[KEPT:] if name not in held]
