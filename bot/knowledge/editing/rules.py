"""Who may do what with a draft, and why not. No I/O here."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
ID_LIMIT, NOTE_LIMIT = 40, 300


@dataclass(frozen=True)
class Editor:
    """Who does something: the account's id and name."""

    id: int
    name: str


class Refusal(Exception):
    """Something that cannot be; the kind says why."""


class UnknownTopic(Refusal):
    """There is no such topic, draft or version."""


class Conflict(Refusal):
    """A colleague changed the same fields meanwhile: who and when, their form, both as one, and the fields in question."""

    def __init__(
        self,
        by: str,
        at: datetime,
        theirs: dict[str, Any],
        typed: dict[str, Any],
        clashes: tuple[str, ...],
        version: int,
    ) -> None:
        super().__init__(f"changed by {by}")
        self.by, self.at, self.theirs, self.typed = by, at, theirs, typed
        self.clashes, self.version = clashes, version


class Changed(Refusal):
    """The draft is another one than was looked at: who changed it."""

    def __init__(self, by: str) -> None:
        super().__init__(f"changed by {by}")
        self.by = by


class NotNow(Refusal):
    """That cannot be done with a draft in this state."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class OpenDraft(Refusal):
    """The topic has a draft that is being worked on."""


class Faulty(Refusal):
    """What the draft says may not be served: why, by field."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(errors))
        self.errors = errors


class Same(Refusal):
    """The draft says what is served already."""


class ServedMoved(Refusal):
    """What is served is no longer what the draft was written upon: look at both first."""


class OwnWork(Refusal):
    """Somebody else has to approve what one changed or sent oneself."""


class Unfit(Refusal):
    """What was typed will not do: the field, and why (empty, long, form, taken)."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(f"{field}: {why}")
        self.field, self.why = field, why


def clean_id(text: str) -> str:
    """A new topic's id. Raises Unfit."""
    text = text.strip()
    if not text:
        raise Unfit("id", "empty")
    if len(text) > ID_LIMIT or not _ID.fullmatch(text):
        raise Unfit("id", "form")
    return text


def clean_note(text: str, *, field: str = "note", needed: bool = False) -> str:
    """A remark on a draft. Raises Unfit."""
    text = " ".join(text.split())
    if needed and not text:
        raise Unfit(field, "empty")
    if len(text) > NOTE_LIMIT:
        raise Unfit(field, "long")
    return text


def may_decide(editor: Editor, editors: Collection[int], sent_by: str | None) -> bool:
    """Whether somebody may approve a draft: nobody who changed it or sent it."""
    return editor.id not in editors and editor.name != sent_by
