"""What of a guest's words may be served, who may approve it, and when a question is near enough to it. No I/O here."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from bot.conversations.masking import mask
from bot.text.numbers import quantities
from bot.text.radio_wishes import is_rude, letters_in

if TYPE_CHECKING:
    from bot.radio.answers.views import AnswerView

EDITING, WAITING, APPROVED = "editing", "waiting", "approved"
LIMITS = {"question": 120, "guest": 40, "said": 20_000, "text": 400, "reason": 200}
"""Characters that a field may have."""
DRAFTED = 200  # characters of a first draft out of what was said
FIELDS = ("question", "guest", "day", "said", "text")
SHORTEST = 8  # letters of an answer

NEAR = 0.55
"""How like a question must be to the two nearest texts of a group, by sentence vectors, to get that group's answer."""
AHEAD = 0.02
"""How much liker than to the centre of any other group.

Both on the half of tests/evaluation/groups.jsonl that is for tuning, a fifth of its groups answered: 34 % of the questions
whose group has an answer get it, 0.6 % another one, and of the others 0.4 % get one. Measured on the other half: 31 %, 1.2 %
and 1.0 % (tests/desk/test_answers_nearness.py). More would be answered wrongly, and a wrong answer is worse than none.
"""

_SENTENCE = re.compile(r"[^。！？!?\n]+[。！？!?]*")
_TOPIC = re.compile(r"节目答复(\d{1,9})")


@dataclass(frozen=True)
class Editor:
    """Who does something: the account's id and name."""

    id: int
    name: str


class Refusal(Exception):
    """Something that cannot be done as asked; each kind has its own facts."""


class UnknownAnswer(Refusal):
    """There is no such answer, or nothing that it could be an answer to."""


class BadFields(Refusal):
    """What was typed cannot be kept: for each field `empty`, `long`, `day`, `rude`, `personal` or `figure:…`."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(", ".join(f"{name}: {why}" for name, why in errors.items()))
        self.errors = errors


class Changed(Refusal):
    """Somebody else has changed it meanwhile; `now` is how it stands."""

    def __init__(self, now: AnswerView) -> None:
        super().__init__(f"changed by {now.changed_by}")
        self.now = now


class NotNow(Refusal):
    """That cannot be done with it as it stands."""

    def __init__(self, state: str) -> None:
        super().__init__(state)
        self.state = state


class OwnWork(Refusal):
    """Somebody else has to approve what one wrote oneself."""


def drafted(said: str) -> str:
    """A first draft of what is served: the first sentences that fit."""
    text = ""
    for found in _SENTENCE.findall(" ".join(said.split())):
        if len(text) + len(found) > DRAFTED:
            break
        text += found.strip()
    return text or " ".join(said.split())[:DRAFTED]


def values_of(fields: Mapping[str, str], *, today: date) -> dict[str, object]:
    """A form as it is kept. Raises BadFields.

    Figures that are served must stand in what the guest said: a slip of the pen is not to be a promise.
    """
    typed = {name: fields.get(name, "").replace("\r\n", "\n").strip() for name in FIELDS}
    if not typed["text"]:
        typed["text"] = drafted(typed["said"])
    errors = {name: "long" for name, value in typed.items() if len(value) > LIMITS.get(name, 20)}
    errors |= {name: "empty" for name in ("question", "guest", "said") if not typed[name]}
    try:
        day = date.fromisoformat(typed["day"])
    except ValueError:
        day = None
    if day is None or day > today:
        errors["day"] = "day"
    if "text" not in errors and "said" not in errors:
        errors |= _of_text(typed["text"], typed["said"])
    for name in ("question", "said"):
        if name not in errors and mask(typed[name]) != typed[name]:
            errors[name] = "personal"
    if errors:
        raise BadFields(errors)
    return {**typed, "day": day}


def _of_text(text: str, said: str) -> dict[str, str]:
    if letters_in(text) < SHORTEST:
        return {"text": "empty"}
    if mask(text) != text:
        return {"text": "personal"}
    if is_rude(text):
        return {"text": "rude"}
    heard = quantities(said)
    for one in quantities(text):
        if not any(one.agrees_with(known) for known in heard):
            return {"text": f"figure:{one.text}"}
    return {}


def may_approve(editor: Editor, editors: Collection[int]) -> bool:
    """Whether somebody may approve it: nobody who wrote at it since it was approved last."""
    return editor.id not in editors


def label(answer: int, version: int) -> str:
    """What a version is called on the desk and in the chat alike."""
    return f"节目答复 {answer}-{version}"


def topic_of(answer: int) -> str:
    """What stands in the record of a turn in the place of a topic."""
    return f"节目答复{answer}"


def answer_in(topic: str | None) -> int | None:
    """The answer that `topic_of` names."""
    found = _TOPIC.fullmatch(topic or "")
    return int(found[1]) if found else None
