"""A topic as the fields of a form: out of its content, back into it, and which field each fault belongs to. No I/O here.

`Typed` is what stands in the form: texts under their names, and rows of texts under the names of lists. It may hold
anything; `read` says what of it will not do, by field.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.eligibility.forms import Facts
from bot.knowledge.checking import Finding, findings
from bot.knowledge.editing.wording import condition_said, finding_said, form_said
from bot.knowledge.files import ASPECTS, GENERAL, Topic
from bot.knowledge.loading import as_yaml, content_of_topic

Typed = dict[str, Any]

ASKED = (GENERAL, *ASPECTS)
LISTS = {
    "figures": ("label", "value", "source"),
    "sources": ("n", "title", "number", "issuer", "date", "url", "text_seen", "seen_at"),
    "terms": ("term", "aliases", "text"),
    "related": ("topic",),
}
"""Lists of rows, and the parts of a row."""
PLAIN = (
    "title", "group", "scope", "region", "aliases", "valid_from", "valid_until", "state", "checked_on", "check_status",
    "answer", "answer_sources", "after_expiry", "eligibility", "s30", "s60",
)  # fmt: skip
FIELDS = (
    *PLAIN,
    *(name for a in ASPECTS for name in (f"{a}_says", a, f"{a}_gap", f"{a}_sources")),
    *(f"asks_{a}" for a in ASKED),
)
"""Fields of one text each."""
FROM = ("from_group", "from_turn")
"""Where a new topic comes from: a group of questions, or a turn of a conversation."""
LONGEST, ROWS = 20_000, 300
_PHRASINGS = ("few", "near", "elsewhere")
_BETWEEN = re.compile(r"[、,，;；\n]+")
_NO_TEXT = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ANCHOR = re.compile(r"(?m)(?:^|[\s\[{,:-])[&*][\w]")


def split(text: str) -> list[str]:
    """Names with 、, a comma or a line between."""
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def lines(text: str) -> list[str]:
    """One of a line, each once."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


# -- out of the content --------------------------------------------------------------------------------------------------


def typed_of(content: Mapping[str, Any]) -> Typed:
    """The form of what a topic says (content_of_row); of one that is still nothing, an empty form."""
    if not content:
        empty = dict.fromkeys(FIELDS, "") | {name: [] for name in LISTS}
        return empty | {f"{a}_says": "text" for a in ASPECTS} | {"state": "current", "check_status": "unverified"}
    validity, checked = content["validity"], content["checked"]
    typed: Typed = {name: content[name] for name in ("title", "group", "scope", "region")}
    typed |= {
        "aliases": "、".join(content["aliases"]),
        "valid_from": validity["from"] or "",
        "valid_until": validity["until"] or "",
        "state": validity["state"],
        "checked_on": checked["on"] or "",
        "check_status": checked["status"],
        "answer": content["answer"]["text"],
        "answer_sources": _numbers(content["answer"]["sources"]),
        "after_expiry": content.get("after_expiry", ""),
        "eligibility": as_yaml(content["eligibility"]).strip() if content.get("eligibility") else "",
        **content["spoken"],
    }
    for name in ASPECTS:
        aspect = content["aspects"].get(name, {})
        says = "none" if "none" in aspect else "text"
        typed |= {f"{name}_says": says, name: aspect.get(says, ""), f"{name}_gap": aspect.get("gap", "")}
        typed[f"{name}_sources"] = _numbers(aspect.get("sources", ()))
    for name in ASKED:
        typed[f"asks_{name}"] = "\n".join(content["phrasings"].get(name, ()))
    typed["figures"] = [{key: str(one[key]) for key in LISTS["figures"]} for one in content["figures"]]
    typed["sources"] = [_source(one) for one in content["sources"]]
    typed["terms"] = [{**one, "aliases": "、".join(one["aliases"])} for one in content["terms"]]
    typed["related"] = [{"topic": other} for other in content["related"]]
    return typed


def _numbers(ns: Iterable[int]) -> str:
    return "、".join(map(str, ns))


def _source(one: Mapping[str, Any]) -> dict[str, str]:
    said = {key: "" if one[key] is None else str(one[key]) for key in LISTS["sources"]}
    return said | {"text_seen": "on" if one["text_seen"] else ""}


def posted(form: Mapping[str, str]) -> Typed:
    """What came with a form, as it was typed: rows are `figures-0-label`, `figures-0-value` …"""
    typed: Typed = {name: _plain(form.get(name, "")) for name in (*FIELDS, *FROM)}
    for name, keys in LISTS.items():
        found = {int(at[1]) for key in form if (at := re.fullmatch(rf"{name}-(\d{{1,3}})-[a-z_]+", key))}
        typed[name] = [
            {key: _plain(form.get(f"{name}-{i}-{key}", "")) for key in keys} for i in sorted(found)[:ROWS]
        ]  # fmt: skip
    return tidied(typed)


def _plain(text: str) -> str:
    return _NO_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()[:LONGEST]


def tidied(typed: Typed) -> Typed:
    """Without rows in which nothing stands but what the page put there."""
    kept = {name: [row for row in typed[name] if any(v for k, v in row.items() if k != "n")] for name in LISTS}
    return {**typed, **kept}


def fresh_row(typed: Typed, name: str) -> dict[str, str]:
    """An empty row to be added to a list; a source gets the next number."""
    row = dict.fromkeys(LISTS[name], "")
    if name == "sources":
        row["n"] = str(max((int(r["n"]) for r in typed["sources"] if r["n"].isdecimal()), default=0) + 1)
    return row


# -- into the content ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Surroundings:
    """What a topic is held against: the other topics by id, their phrasings, the numbers everybody may name."""

    titles: Mapping[str, str]
    hotlines: frozenset[str]
    elsewhere: Mapping[str, str]  # phrasing → another topic's id
    facts: Facts | None = None


@dataclass(frozen=True)
class Read:
    """A form as it was read: the topic where it has the right form, what will not do and what to think of, by field."""

    topic: Topic | None
    errors: dict[str, str] = field(default_factory=dict)
    remarks: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> dict[str, Any]:
        """What the topic would say. Only where there is one."""
        assert self.topic is not None
        return content_of_topic(self.topic)


def read(topic_id: str, typed: Typed, around: Surroundings, served: Mapping[str, Any]) -> Read:
    """Hold a form against the rules of `duihua knowledge check`.

    What is served already with a fault in its phrasings may be served on with it: then it is a remark.
    """
    try:
        topic = Topic.model_validate(_raw(topic_id, typed))
    except ValidationError as error:
        errors: dict[str, str] = {}
        for one in error.errors():
            errors.setdefault(field_of(tuple(one["loc"]), typed), form_said(one["type"], one["msg"]))
        return Read(None, errors)
    except _BadConditions as error:
        return Read(None, {"eligibility": str(error)})
    errors, remarks = {}, {}
    stood = _stood(served, around)
    for finding in _all(topic, around):
        place = field_of(finding.place, typed)
        if finding.kind in _PHRASINGS and _may_stay(finding, stood):
            remarks.setdefault(place, finding_said(finding, around.titles))
        else:
            errors.setdefault(place, finding_said(finding, around.titles))
    return Read(topic, errors, remarks)


def _all(topic: Topic, around: Surroundings) -> Iterable[Finding]:
    ids = {*around.titles, topic.id}
    yield from findings(topic, topics=ids, hotlines=around.hotlines, facts=around.facts)
    for aspect, texts in topic.phrasings.items():
        for i, text in enumerate(texts):
            if other := around.elsewhere.get(text):
                yield Finding(("phrasings", aspect, i), "elsewhere", {"text": text, "topic": other})


def _stood(served: Mapping[str, Any], around: Surroundings) -> list[Finding]:
    """The faults that the phrasings of what is served have."""
    if not served:
        return [Finding(("phrasings",), "few", {"count": 0})]
    try:
        topic = Topic.model_validate(served)
    except ValidationError:  # somebody changed the tables by hand
        return []
    return [one for one in _all(topic, around) if one.kind in _PHRASINGS]


def _may_stay(finding: Finding, stood: Iterable[Finding]) -> bool:
    if finding.kind == "few":
        return any(one.kind == "few" and finding.facts["count"] >= one.facts["count"] for one in stood)
    return any(one.kind == finding.kind and one.facts == finding.facts for one in stood)


class _BadConditions(Exception):
    """The conditions are not of the form."""


def _raw(topic_id: str, typed: Typed) -> dict[str, Any]:
    """The form in the shape of a file; what is wrong in it stays wrong."""
    raw: dict[str, Any] = {name: typed[name] for name in ("title", "group", "scope", "region")}
    raw |= {
        "id": topic_id,
        "aliases": split(typed["aliases"]),
        "validity": {
            "from": typed["valid_from"] or None,
            "until": typed["valid_until"] or None,
            "state": typed["state"],
        },
        "checked": {"on": typed["checked_on"] or None, "status": typed["check_status"]},
        "related": [row["topic"] for row in typed["related"]],
        "figures": typed["figures"],
        "sources": [_raw_source(row) for row in typed["sources"]],
        "answer": {"text": typed["answer"], "sources": split(typed["answer_sources"])},
        "aspects": {name: _raw_aspect(typed, name) for name in ASPECTS},
        "after_expiry": typed["after_expiry"] or None,
        "terms": [{**row, "aliases": split(row["aliases"])} for row in typed["terms"]],
        "eligibility": _conditions(typed["eligibility"]),
        "spoken": {"s30": typed["s30"], "s60": typed["s60"]},
        "phrasings": {name: asked for name in ASKED if (asked := lines(typed[f"asks_{name}"]))},
    }
    return raw


def _raw_source(row: Mapping[str, str]) -> dict[str, Any]:
    said: dict[str, Any] = {key: row[key] or None for key in LISTS["sources"]}
    return said | {"title": row["title"], "text_seen": row["text_seen"] == "on"}


def _raw_aspect(typed: Typed, name: str) -> dict[str, Any]:
    says = "none" if typed[f"{name}_says"] == "none" else "text"
    said = {says: typed[name] or None, "gap": typed[f"{name}_gap"] or None}
    return {key: value for key, value in said.items() if value} | {"sources": split(typed[f"{name}_sources"])}


def _conditions(text: str) -> Any:
    """The conditions as they are written (docs/eligibility.md)."""
    if not text:
        return None
    if _ANCHOR.search(text):  # what refers to itself grows without end
        raise _BadConditions(condition_said(None))
    try:
        return YAML(typ="safe").load(io.StringIO(text))
    except (YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        raise _BadConditions(condition_said(mark.line + 1 if mark else None)) from error


def field_of(place: tuple[str | int, ...], typed: Typed) -> str:
    """The field of the form in which something of a topic stands."""
    head, *rest = place
    match head:
        case "answer":
            return "answer_sources" if rest[:1] == ["sources"] else "answer"
        case "aspects":
            name = str(rest[0]) if rest else ASPECTS[0]
            return f"{name}_{rest[1]}" if rest[1:2] in (["sources"], ["gap"]) else name
        case "validity":
            return {"from": "valid_from", "until": "valid_until"}.get(str(rest[0]) if rest else "", "state")
        case "checked":
            return "check_status" if rest[:1] == ["status"] else "checked_on"
        case "spoken":
            return str(rest[0])
        case "phrasings":
            return f"asks_{rest[0]}" if rest and rest[0] in ASKED else f"asks_{GENERAL}"
        case "figures" | "sources" | "terms" | "related":
            if not rest or int(rest[0]) >= len(typed[head]):
                return head
            own = {"figures": "source", "related": "topic", "sources": "title", "terms": "term"}[head]
            key = str(rest[1]) if rest[1:] and rest[1] in LISTS[head] else own
            return f"{head}-{rest[0]}-{key}"
        case _:
            return str(head)


# -- two people on one form ----------------------------------------------------------------------------------------------


def units(typed: Typed) -> dict[str, Any]:
    """What is compared one by one when two people changed a form: each text, and each list as a whole."""
    return {name: typed.get(name, [] if name in LISTS else "") for name in (*FIELDS, *LISTS)}


def marks(typed: Typed) -> str:
    """Short digests of what a form was shown with, to be sent back with it."""
    return json.dumps({name: _mark(value) for name, value in units(typed).items()}, separators=(",", ":"))


def _mark(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Merged:
    """Two people's forms as one. `clashes` are the fields that both changed: in `typed` they are as mine are."""

    typed: Typed
    clashes: tuple[str, ...]


def merged(mine: Typed, theirs: Typed, was: str) -> Merged:
    """Put together what two people made of the form that had these marks; without marks, all that differs clashes."""
    try:
        known = json.loads(was)
    except ValueError:
        known = {}
    known = known if isinstance(known, dict) else {}
    typed, clashes = dict(mine), []
    now = units(theirs)
    for name, value in units(mine).items():
        if value == now[name]:
            continue
        if known.get(name) == _mark(value):
            typed[name] = now[name]
        elif known.get(name) != _mark(now[name]):
            clashes.append(name)
    return Merged(typed, tuple(clashes))


def moved(typed: Typed, base: Mapping[str, Any], served: Mapping[str, Any]) -> Typed:
    """A draft upon what is served by now: fields that it left as they were follow; those that it changed stay."""
    before, now = units(typed_of(base)), units(typed_of(served))
    return {name: now[name] if name in now and value == before[name] else value for name, value in typed.items()}


def with_phrasings(content: dict[str, Any], base: Mapping[str, Any], served: Mapping[str, Any]) -> dict[str, Any]:
    """A draft's content with the phrasings that came meanwhile, and without those that went meanwhile."""
    then, now = _by_text(base), _by_text(served)
    gone = then.keys() - now.keys()
    asked = {text: aspect for text, aspect in _by_text(content).items() if text not in gone}
    asked |= {text: aspect for text, aspect in now.items() if text not in then and text not in asked}
    grouped = {name: [text for text, aspect in asked.items() if aspect == name] for name in ASKED}
    return {**content, "phrasings": {name: texts for name, texts in grouped.items() if texts}}


def _by_text(content: Mapping[str, Any]) -> dict[str, str]:
    return {text: aspect for aspect, texts in (content.get("phrasings") or {}).items() for text in texts}


def without_phrasings(content: Mapping[str, Any]) -> dict[str, Any]:
    """What a topic says, whichever way it is asked for."""
    return {name: value for name, value in content.items() if name != "phrasings"}
