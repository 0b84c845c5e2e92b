"""How long the outbox tries, and how soon again. No I/O."""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_RETRY = timedelta(seconds=2)
LAST_RETRY = timedelta(minutes=1)
CLAIM_FOR = timedelta(seconds=30)  # a gateway that dies leaves what it was sending to others after this time
FAULTS = 5  # a message that makes us fail so often is let be: others wait behind it
GIVE_UP = timedelta(hours=24)  # what nobody could be told for a day is no news any more
KEPT_TO_FETCH = timedelta(days=7)  # the same where it waits for the person to write: they may take longer than a day
NOTICE_WITHIN = timedelta(hours=6)  # “tomorrow” in a notice is wrong the day after: later it waits for their word
KEPT_FOR = timedelta(hours=1)  # how long what was given to a message is known, to be given again: it comes at once

LEFT, NO_ADDRESS, TOO_OLD, SEALED = "left", "no address", "too old", "sealed with another key"
FAILED = "we failed"
GIVEN_UP = "given up"  # by the staff
"""Why something is dead, besides what a platform says."""
STUCK = 3  # attempts after which staff are shown what still waits


class NotSo(Exception):
    """A delivery that is not, or no more, what somebody takes it for."""


def may_retry(reason: str | None, said_at: datetime, now: datetime) -> bool:
    """Whether trying it again can help: not where the person does not want it, nor where it is too old to be news."""
    return reason not in (LEFT, NO_ADDRESS, TOO_OLD) and now - said_at <= GIVE_UP


def give_up_after(*, fetches: bool) -> timedelta:
    """How long a message is news, where the platform `fetches` what waits with the person's next word, or is written to."""
    return KEPT_TO_FETCH if fetches else GIVE_UP


def retry_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: 2 s, doubled each time, at most a minute."""
    return min(FIRST_RETRY * 2 ** min(max(attempts, 1) - 1, 10), LAST_RETRY)
