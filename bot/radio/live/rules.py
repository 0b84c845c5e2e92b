"""What can be done with a programme on air, and every refusal with its facts. No I/O here."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

Side = Literal["producer", "host"]
SIDES: tuple[Side, ...] = ("producer", "host")
Air = Literal["open", "closed"]
"""What listeners are told while a programme is on air: questions are taken now, or not any more."""

LONGEST_NOTE = 300  # characters: read at a glance, beside the microphone
LONGEST = timedelta(hours=6)
"""After so long a programme that nobody took off air is no longer announced."""
SHOWN_NOTES = 50
SHOWN_GROUPS = 60


class Refusal(Exception):
    """Something that cannot be done as asked; each kind has its own facts."""


class NotToAir(Refusal):
    """A template or an archived sheet does not go on air."""


class AnotherOnAir(Refusal):
    """Another programme is on air."""

    def __init__(self, programme: int) -> None:
        super().__init__(f"programme {programme} is on air")
        self.programme = programme


class NotOnAir(Refusal):
    """The programme is not on air."""


class NothingCame(Refusal):
    """Nothing of the group, or no such question, came in while the programme was on air."""


class BadNote(Refusal):
    """A note that is empty or too long."""

    def __init__(self, why: Literal["empty", "long"]) -> None:
        super().__init__(why)
        self.why = why


def clean_note(text: str) -> str:
    """A note as it is kept. Raises BadNote."""
    text = " ".join(text.split())
    if not text:
        raise BadNote("empty")
    if len(text) > LONGEST_NOTE:
        raise BadNote("long")
    return text
