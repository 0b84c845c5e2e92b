"""What stands in the way of a person taking over, and for how long anything holds. No I/O."""

from __future__ import annotations

from datetime import timedelta

ASKED_FOR = timedelta(days=1)
"""After so long nobody is waited for any more to say what they want."""


class Refusal(Exception):
    """What cannot be done with a handover; each with the facts that an answer needs."""


class UnknownPerson(Refusal):
    """A code that belongs to nobody, or to somebody who never said anything."""

    def __init__(self, code: str) -> None:
        super().__init__(f"nobody has the code {code}")
        self.code = code


class AlreadyTaken(Refusal):
    """A colleague was faster."""

    def __init__(self, by: str) -> None:
        super().__init__(f"taken by {by}")
        self.by = by


class NotTaken(Refusal):
    """Nobody has taken this person over, or a colleague has (`by`)."""

    def __init__(self, by: str | None = None) -> None:
        super().__init__(f"taken by {by}" if by else "not taken")
        self.by = by


class NothingLeft(Refusal):
    """There is no message of theirs that waits for an answer."""
