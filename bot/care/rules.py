"""When a message may go on from the one before it, and what must not be read out on air. No I/O."""

from __future__ import annotations

from datetime import timedelta

from bot.text.distress import Danger

SERIOUS = "distress_serious"
NOT_FOR_AIR = ("distress_serious", "distress_mild", "abuse")
"""Intents whose turns are never shown on the radio desk."""

JOINED = 3  # messages that one sentence may be cut into
JOINED_WITHIN = timedelta(minutes=5)
_SHORT = 12  # characters: who cuts a sentence up sends short pieces
_SHOWN = 120

SURE = 0.5
"""The share from which the model's word alone is enough to stop. It has the word from a share of 0.10 on (config.yml),
so that no signal is missed; below a half another intent was at least as likely, and what is often a false alarm must
not leave somebody without answers until staff look."""


def may_go_on(text: str) -> bool:
    """Whether a message is short enough to be the rest of the one before."""
    return len(text) <= _SHORT


def stops(found_by: str, share: float | None) -> bool:
    """Whether nothing may answer by itself after a signal; otherwise staff are told and the bot goes on answering."""
    return found_by == "rule" or share is None or share >= SURE


def found_by_model(text: str) -> Danger:
    """The signal that only the model saw: nobody knows which words it was, so staff get the message."""
    return Danger("self", text[:_SHOWN])
