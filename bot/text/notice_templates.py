"""Templates of notices as they are written in the settings: “event=ID what:thing1 when:time2 note:thing3; guidance=…”.

Pure text code: it reads the setting, and puts words into the form that each type of field takes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

KINDS = ("event", "guidance", "jobs", "radio")
PARTS = ("what", "when", "where", "note")
LENGTHS = {"thing": 20, "phrase": 5}  # characters that WeChat takes
_MOMENTS = ("time", "date")
_TEMPLATE = re.compile(r"[A-Za-z0-9_-]{10,64}")
_FIELD = re.compile(r"([a-z_]+?)\d{1,3}")
_NOT_CHINESE = re.compile(r"[^\u4e00-\u9fff]")


@dataclass(frozen=True)
class NoticeTemplate:
    """The template of one kind of notice: WeChat's number of it, and which of its fields takes which part."""

    kind: str
    id: str
    fields: tuple[tuple[str, str], ...]


def read_notice_templates(text: str) -> tuple[NoticeTemplate, ...]:
    """The templates in a text. Raises ValueError, saying what cannot be read."""
    found = [_template(entry) for entry in re.split(r"[;；\n]", text) if entry.strip()]
    for what, names in (("kind", [one.kind for one in found]), ("template", [one.id for one in found])):
        if len(set(names)) < len(names):
            raise ValueError(f"the same {what} twice")
    return tuple(found)


def _template(entry: str) -> NoticeTemplate:
    head, *parts = entry.split()
    kind, _, template = head.partition("=")
    if kind not in KINDS:
        raise ValueError(f"“{kind}” is no kind of notice: {', '.join(KINDS)}")
    if not _TEMPLATE.fullmatch(template):
        raise ValueError(f"{kind}= needs the template's ID, as WeChat shows it")
    fields = tuple(_field(kind, part) for part in parts)
    if not fields:
        raise ValueError(f"{kind} needs its fields, such as what:thing1")
    return NoticeTemplate(kind, template, fields)


def _field(kind: str, text: str) -> tuple[str, str]:
    part, _, field = text.partition(":")
    of = type_of(field)
    if part not in PARTS:
        raise ValueError(f"“{part}” is no part of a notice: {', '.join(PARTS)}")
    if (of not in _MOMENTS) if part == "when" else (of not in LENGTHS):
        taken = _MOMENTS if part == "when" else tuple(LENGTHS)
        raise ValueError(f"{part} goes into a field of type {' or '.join(taken)}, with its number ({kind})")
    if part == "when" and kind in ("jobs", "radio"):
        raise ValueError(f"{kind} has no when")
    return part, field


def type_of(field: str) -> str:
    """The type of a field: thing for thing12; empty for what is no field."""
    found = _FIELD.fullmatch(field)
    return found[1] if found else ""


def fitted(field: str, text: str) -> str:
    """Words as a field takes them: on one line, no longer than its type; what is cut ends with …"""
    of = type_of(field)
    plain = "".join(c for c in re.sub(r"\s+", " ", text) if c.isprintable()).strip()
    if of == "phrase":
        return _NOT_CHINESE.sub("", plain)[: LENGTHS[of]]
    most = LENGTHS[of]
    return plain if len(plain) <= most else plain[: most - 1] + "…"
