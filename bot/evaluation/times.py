"""How far the times understood are the gold ones. Plain functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.evaluation.files import Time, TimeRow
from bot.evaluation.measures import Happened


def times_summary(pairs: Sequence[tuple[TimeRow, Happened]]) -> tuple[dict[str, Any], list[bool]]:
    """The summary of a `times` file, and for each row whether it went right.

    Right: the start to its grain, and the end of a stretch; any of `accept` will do. Two readings or more mean that the
    person was asked back, which is right only where `accept` says "ask".
    """
    right = [_right(row, got) for row, got in pairs]
    return {"n": len(pairs), "right": round(sum(right) / len(pairs), 4) if pairs else None}, right


def _right(row: TimeRow, got: Happened) -> bool:
    reading = (got.slots.get("booking") or {}).get("reading") or {}
    options = reading.get("options") or []
    if len(options) != 1:
        return len(options) > 1 and "ask" in row.accept
    golds = [Time(start=row.start, end=row.end, grain=row.grain), *(one for one in row.accept if one != "ask")]
    return any(_same(gold, options[0]) for gold in golds)


def _same(gold: Time, option: dict[str, Any]) -> bool:
    start = datetime.fromisoformat(option["start"])
    end = datetime.fromisoformat(option["end"]) if option.get("end") else None
    return start == gold.start and (gold.end is None or end == gold.end)
