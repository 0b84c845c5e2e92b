"""How far the wishes read out of a search are the gold ones. Plain functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from bot.evaluation.files import JobRow
from bot.evaluation.measures import Happened

ROUGHLY = 0.15
"""How far an amount may be off where it was said roughly."""
SLOTS = (
    "keyword", "industry", "district", "salary_min", "salary_max", "education", "major", "job_type", "company",
    "benefits", "exclude",
)  # fmt: skip
_CONTAINED = {"keyword", "industry", "major", "company"}


def jobs_summary(pairs: Sequence[tuple[JobRow, Happened]]) -> tuple[dict[str, Any], list[bool]]:
    """The summary of a `jobs` file, and for each row whether all its slots were right and none was invented."""
    hits: Counter[str] = Counter()
    missed: Counter[str] = Counter()
    invented: Counter[str] = Counter()
    right = []
    for row, got in pairs:
        wishes = (got.slots.get("search") or {}).get("wishes") or {}
        gold = {**row.slots, **({"exclude": row.exclude} if row.exclude else {})}
        good = True
        for name in SLOTS:
            verdict = _verdict(name, gold.get(name), wishes.get(name), row)
            good &= verdict in ("hit", "none")
            hits[name] += verdict == "hit"
            missed[name] += verdict in ("missed", "wrong")
            invented[name] += verdict in ("invented", "wrong")
        right.append(good)
    n = len(pairs)
    per_slot = {
        name: {"f1": _f1(hits[name], missed[name], invented[name]), "missed": missed[name], "invented": invented[name]}
        for name in SLOTS
        if hits[name] + missed[name] + invented[name]
    }
    return {
        "n": n,
        "exact": round(sum(right) / n, 4) if n else None,
        "slot_f1": _f1(hits.total(), missed.total(), invented.total()),
        "per_slot": per_slot,
    }, right


def _verdict(name: str, gold: Any, got: Any, row: JobRow) -> str:
    """`hit`, `missed`, `invented`, `wrong`, or `none` where there is nothing to say."""
    maybe = row.optional.get(name)
    if name in ("benefits", "exclude"):
        return _list_verdict(_listed(gold), _listed(got), _listed(maybe), exact=name == "benefits")
    if got is None:
        return "none" if gold is None else "missed"
    if gold is None:
        return "none" if name in row.optional else "invented"
    return "hit" if _same(name, gold, got, roughly=row.approx) else "wrong"


def _list_verdict(gold: list[str], got: list[str], maybe: list[str], *, exact: bool) -> str:
    if not gold and not got:
        return "none"

    def among(value: str, others: list[str]) -> bool:
        return any(value == other or (not exact and (value in other or other in value)) for other in others)

    missing = [value for value in gold if not among(value, got)]
    extra = [value for value in got if not among(value, gold) and not among(value, maybe)]
    if missing or extra:
        return "wrong" if missing and extra else "missed" if missing else "invented"
    return "hit" if gold else "none"


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


def _same(name: str, gold: Any, got: Any, *, roughly: bool) -> bool:
    if name in ("salary_min", "salary_max"):
        return abs(got - gold) <= ROUGHLY * gold if roughly else got == gold
    golds = gold if isinstance(gold, list) else str(gold).split()
    gots = str(got).split()
    if sorted(golds) == sorted(gots):
        return True
    whole, found = " ".join(golds), " ".join(gots)
    return name in _CONTAINED and (whole in found or found in whole)


def _f1(hit: int, missed: int, invented: int) -> float | None:
    whole = 2 * hit + missed + invented
    return round(2 * hit / whole, 4) if whole else None
