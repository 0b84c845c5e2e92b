"""The talks that go over several turns: which slot holds each one's state, and which typed turns belong to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.text import event_wishes, facts, person_wishes, privacy_wishes, radio_wishes

State = dict[str, Any]
Belongs = Callable[[str, State, datetime], bool]
"""Whether a typed turn belongs to a talk in that state; what does not is answered by others."""


@dataclass(frozen=True)
class Talk:
    """A talk. `intent`: what a turn is taken for that belongs to it while it is open."""

    slot: str
    intent: str
    belongs: Belongs


EVENTS = "job_fair_or_event"
TALKS: tuple[Talk, ...] = (
    Talk("privacy", "privacy_request", privacy_wishes.belongs),
    Talk("question", "ask_radio", radio_wishes.belongs),
    Talk("message", "human", person_wishes.belongs),
    Talk("check", "eligibility_check", facts.belongs),
    Talk("looking", EVENTS, event_wishes.answers_pending),
)
"""Innermost first: of two that are open the earlier one is being talked about."""


def owner_of(text: str, open_talks: Mapping[str, State], now: datetime) -> str | None:
    """The intent of the innermost open talk that a turn belongs to."""
    for talk in TALKS:
        state = open_talks.get(talk.slot)
        if state and talk.belongs(text, state, now):
            return talk.intent
    return None
