"""Groups of very many texts in flat memory: those asked most are grouped exactly, the rest join the nearest. No I/O here.

Texts come with the most asked first. A few thousand of them are grouped by `grouping`; a later text joins the group of
its nearest neighbour among them if it is as near as members of a group are. What is near to none is grouped in its turn.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from bot.radio.groups.grouping import grouped, relabelled
from bot.radio.groups.likeness import Background, Features, Measure

LIMIT = 10_000
"""From so many distinct texts on they are not all compared with each other."""
LANDMARKS = 3_000
ROUNDS = 4
_BLOCK = 8192
_LOOSE = 25  # per cent of the members of groups that have no nearer neighbour there than a text must be to join
ALONE = -1


def grouped_many(
    texts: Sequence[str], vectors: np.ndarray, background: Background, *, landmarks: int = LANDMARKS
) -> np.ndarray:
    """A label for each distinct normalised text. `vectors` may be a memory-mapped array of half floats."""
    labels = np.full(len(texts), ALONE, dtype=np.int64)
    left = np.arange(len(texts))
    used = 0
    for _ in range(ROUNDS):
        if not len(left):
            break
        chosen = _chosen(left, landmarks)
        labels[chosen], near, measure, features = _exactly(texts, vectors, chosen, background)
        labels[chosen] += used
        own = labels[chosen]
        used = int(own.max()) + 1
        rest = np.setdiff1d(left, chosen, assume_unique=True)
        for start in range(0, len(rest), _BLOCK):
            block = rest[start : start + _BLOCK]
            them = measure.features([texts[i] for i in block], _whole(vectors, block))
            alike = them.likeness(features)
            best = alike.argmax(axis=1)
            joins = alike[np.arange(len(block)), best] >= near
            labels[block[joins]] = own[best[joins]]
        left = rest[labels[rest] == ALONE]
    labels[left] = used + np.arange(len(left))  # like none of those asked more: each by itself
    return relabelled(labels)


def _chosen(left: np.ndarray, count: int) -> np.ndarray:
    """Half of them those asked most, the others spread over the rest."""
    if len(left) <= count:
        return left
    head = count // 2
    spread = np.linspace(head, len(left) - 1, count - head).astype(np.int64)
    return np.unique(np.concatenate([left[:head], left[spread]]))


def _exactly(
    texts: Sequence[str], vectors: np.ndarray, chosen: np.ndarray, background: Background
) -> tuple[np.ndarray, float, Measure, Features]:
    """Labels of the chosen texts, how near a text must be to join one, and what is needed to say how near it is."""
    some, whole = [texts[i] for i in chosen], _whole(vectors, chosen)
    measure = Measure(some, whole, background)
    features = measure.features(some, whole)
    alike = features.likeness(features)
    labels = grouped(alike)
    np.fill_diagonal(alike, -1)
    together = labels[:, None] == labels[None, :]
    nearest = np.where(together, alike, -1).max(axis=1)
    inside = nearest[nearest > -1]
    near = float(np.percentile(inside, _LOOSE)) if len(inside) else 1.0
    return labels, near, measure, features


def _whole(vectors: np.ndarray, rows: np.ndarray) -> np.ndarray:
    return np.asarray(vectors[rows], dtype=np.float32)
