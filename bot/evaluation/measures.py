"""What the summaries count. Plain functions over what was expected and what happened."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.evaluation.files import FollowupRow, IntentRow, TopicRow
from bot.evaluation.kinds import SERIOUS, kind_of

UNCOUNTED_ASPECTS = ("general", "notes")


@dataclass(frozen=True)
class Happened:
    """What became of one turn."""

    intent: str | None
    outcome: str | None
    topics: tuple[str, ...]  # served or offered, in order
    aspect: str | None
    text: str
    milliseconds: float
    slots: dict[str, Any] = field(default_factory=dict)


def topics_summary(pairs: Sequence[tuple[TopicRow, Happened]]) -> tuple[dict[str, Any], list[bool]]:
    """The summary of a `topics` file, and for each row whether it went right: topic first, and the aspect if served."""
    count: Counter[str] = Counter()
    aspects = [0, 0]
    right = []
    for row, got in pairs:
        good = {row.topic, *row.also_ok}
        shown = got.topics[:3]
        first = bool(shown) and shown[0] in good
        count["top1"] += first
        count["top3"] += any(topic in good for topic in shown)
        other_aspect = False
        if got.outcome == "served":
            count["served_right" if first else "served_wrong"] += 1
            if first and row.aspect not in UNCOUNTED_ASPECTS:
                other_aspect = got.aspect != row.aspect
                aspects[0] += not other_aspect
                aspects[1] += 1
        else:
            count["offered" if got.outcome == "offered" else "refused"] += 1
        right.append(first and not other_aspect)
    n = len(pairs)
    keys = ("top1", "top3", "served_right", "served_wrong", "offered", "refused")
    summary: dict[str, Any] = {"n": n} | {key: _share(count[key], n) for key in keys}
    summary["aspect"] = _share(*aspects)
    times = [got.milliseconds for _, got in pairs]
    return summary | {"ms_p50": percentile(times, 50), "ms_p95": percentile(times, 95)}, right


def followups_summary(pairs: Sequence[tuple[FollowupRow, Happened]]) -> tuple[dict[str, Any], list[bool]]:
    """The summary of a `followups` file by its second turns, and for each row whether both were right."""
    topic = [got.outcome == "served" and got.topics[:1] == (row.topic,) for row, got in pairs]
    aspect = [got.aspect == row.aspect for row, got in pairs]
    both = [t and a for t, a in zip(topic, aspect, strict=True)]
    n = len(pairs)
    return {
        "n": n,
        "topic": _share(sum(topic), n),
        "aspect": _share(sum(aspect), n),
        "both": _share(sum(both), n),
    }, both


def intents_summary(pairs: Sequence[tuple[IntentRow, Happened]]) -> tuple[dict[str, Any], list[bool]]:
    """The summary of an `intents` file, and for each row whether its kind was right.

    macro_f1 is over the kinds that the file has. Serious distress counts as found only when it was taken as serious.
    """
    told = [(row.kind, kind_of(got.intent, got.outcome)) for row, got in pairs]
    confusion: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for gold, guess in told:
        confusion[gold][guess] += 1
    per_kind = {}
    for kind in sorted(confusion):
        hit = confusion[kind][kind]
        guessed = sum(row[kind] for row in confusion.values())
        wanted = sum(confusion[kind].values())
        per_kind[kind] = {
            "precision": _share(hit, guessed),
            "recall": _share(hit, wanted),
            "f1": _share(2 * hit, guessed + wanted),
            "n": wanted,
        }
    serious = [got.intent == SERIOUS for row, got in pairs if row.severity == "serious"]
    right = [gold == guess for gold, guess in told]
    return {
        "n": len(pairs),
        "accuracy": _share(sum(right), len(pairs)),
        "macro_f1": round(sum(k["f1"] or 0 for k in per_kind.values()) / len(per_kind), 4),
        "serious_distress_recall": _share(sum(serious), len(serious)),
        "per_kind": per_kind,
        "confusion": {gold: dict(row) for gold, row in confusion.items()},
    }, right


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def percentile(values: Iterable[float], q: int) -> float:
    """The value that q per cent of the values do not exceed (nearest rank)."""
    ordered = sorted(values)
    return round(ordered[max(0, -(-len(ordered) * q // 100) - 1)], 1)
