"""What a page says after a redirect: `?notice=code` stands for a sentence that is put down here once.

A page module registers its own: `notices.add({"job-saved": "存好了。"})`; `bad=True` for what did not work.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Notice:
    """A sentence, and whether it tells of something that did not work."""

    text: str
    bad: bool = False


_KNOWN: dict[str, Notice] = {}


def add(texts: dict[str, str], *, bad: bool = False) -> None:
    """Put sentences down under their codes; each code once."""
    for code, text in texts.items():
        known = Notice(text, bad)
        if _KNOWN.setdefault(code, known) != known:
            raise ValueError(f"notice {code} says something else already")


def of(code: str) -> Notice | None:
    """What a code says; None for one that nobody put down."""
    return _KNOWN.get(code)
