"""The words that full text reads of a turn. No I/O here.

Chinese has no blanks, so a text gives every pair of neighbouring characters, and its last character by itself: 社保 is
then one word, found or not found, and a single character is what a word begins with. A run of Latin letters and digits
counts as one character. Marks part texts: no pair reaches over one. What staff can filter by stands among the words as
well, each behind an equals sign, which no text gives.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST_RUN = 32  # characters of a Latin run that count
LONGEST_QUERY = 60
LOW_BELOW = 0.5  # share of the likeliest intent below which a turn counts as understood with little confidence
BEGINS = "*"  # at the end of a word that is asked for: any word that begins so

# What is said of a turn: the letter behind the equals sign, and the value behind a full stop.
CHANNEL, TOPIC, INTENT, OUTCOME, REASON = "c", "t", "i", "o", "r"
LOW, UP, DOWN, SCAM, DISTRESS = "=l", "=u", "=x", "=s", "=d"
# What is said of a conversation; of its turns, `NEW` stands on those that nobody has looked at, `SEEN` on the others.
NEW, SEEN, FLAGGED, TAG, ASSIGNED = "=n", "=v", "=f", "g", "a"
HANDED, WAITS = "=h", "=w"  # kept by triggers on the handovers (migration 0013)

_PART = re.compile(r"[a-z0-9+#]+|[^\W_]|[^\w\s]|_")
_COUNTS = re.compile(r"[a-z0-9+#]|[^\W_]")


def runs(text: str) -> list[list[str]]:
    """The characters of a text that count, in one spelling, parted where a mark stands."""
    found: list[list[str]] = [[]]
    for part in _PART.findall(unicodedata.normalize("NFKC", text).lower()):
        if _COUNTS.match(part):
            found[-1].append(part[:LONGEST_RUN])
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def grams(text: str) -> set[str]:
    """The words of a text: every pair, and the last character of each run."""
    words: set[str] = set()
    for run in runs(text):
        words.update(first + second for first, second in zip(run, run[1:], strict=False))
        words.add(run[-1])
    return words


def joined(words: Iterable[str]) -> str:
    """Words as a table keeps them; the same words are always the same text."""
    return " ".join(sorted(words))


def asked(text: str) -> list[str]:
    """The words a turn must all have to hold a text; parts of it that blanks or marks divide may stand anywhere.

    Empty where nothing counts.
    """
    found: dict[str, None] = {}
    for piece in text[:LONGEST_QUERY].split():
        for run in runs(piece):
            if len(run) == 1:
                found[run[0] + BEGINS] = None
            for first, second in zip(run, run[1:], strict=False):
                found[first + second] = None
    return list(found)


def valued(letter: str, value: str | int) -> str:
    """The word for something that has a value: `=t.startup-loan`."""
    return f"={letter}.{value}"


def facets_of(
    *,
    channel: str,
    intent: str | None = None,
    confidence: float | None = None,
    outcome: str | None = None,
    topics: Iterable[str] = (),
    scam: bool = False,
    distress: bool = False,
    verdict: str | None = None,
    reasons: Iterable[str] = (),
) -> str:
    """What staff can filter a turn by. `topics` are those it served or offered."""
    words = {valued(CHANNEL, channel)}
    words |= {valued(TOPIC, topic) for topic in topics}
    words |= {valued(REASON, reason) for reason in reasons}
    words |= {valued(INTENT, intent)} if intent else set()
    words |= {valued(OUTCOME, outcome)} if outcome else set()
    words |= {LOW} if confidence is not None and confidence < LOW_BELOW else set()
    words |= {SCAM} if scam else set()
    words |= {DISTRESS} if distress else set()
    words |= {"up": {UP}, "down": {DOWN}}.get(verdict or "", set())
    return joined(words)
