"""Where a new question belongs, until the next night: the nearest group's centre, if it is near enough. No I/O here."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

FLOOR, CEILING = 0.62, 0.85
"""How near to a centre a question must be at least, and at most needs to be, whatever its group is like."""
_LOOSE = 30  # per cent of a group's own texts that are farther from its centre than a new one must be near


def packed(vector: np.ndarray) -> bytes:
    """A vector as half floats, for a row."""
    return vector.astype(np.float16).tobytes()


def unpacked(stored: bytes) -> np.ndarray:
    """What `packed` made."""
    return np.frombuffer(stored, dtype=np.float16)


def centre_of(vectors: np.ndarray) -> tuple[np.ndarray, float]:
    """Where a group lies, of unit length, and how near another question must be to belong to it."""
    centre = vectors.astype(np.float32).mean(axis=0)
    centre /= max(float(np.linalg.norm(centre)), 1e-9)
    if len(vectors) < 3:
        return centre, (FLOOR + CEILING) / 2
    near = float(np.percentile(vectors.astype(np.float32) @ centre, _LOOSE))
    return centre, min(max(near, FLOOR), CEILING)


class Centres:
    """The centres of groups in memory; a question is placed by one product of matrices."""

    def __init__(self, found: Iterable[tuple[int, bytes, float]] = ()) -> None:
        rows = list(found)
        self._groups = [group for group, _, _ in rows]
        self._near = np.array([near for _, _, near in rows], dtype=np.float32)
        self._matrix = np.array([unpacked(centre) for _, centre, _ in rows], dtype=np.float32)

    def place(self, vector: np.ndarray) -> int | None:
        """The group of a question by its sentence vector; None where it is like none."""
        if not self._groups:
            return None
        likeness = self._matrix @ vector
        likeness[likeness < self._near] = -1
        best = int(likeness.argmax())
        return self._groups[best] if likeness[best] >= 0 else None

    def nearest(self, vector: np.ndarray, count: int) -> list[int]:
        """The groups nearest to a place, nearest first."""
        if not self._groups:
            return []
        return [self._groups[i] for i in np.argsort(-(self._matrix @ vector), kind="stable")[:count]]

    def add(self, group: int, vector: np.ndarray, near: float) -> None:
        """Put another group there."""
        self._groups.append(group)
        self._near = np.append(self._near, np.float32(near))
        row = vector.astype(np.float32).reshape(1, -1)
        self._matrix = np.vstack([self._matrix, row]) if len(self._groups) > 1 else row
