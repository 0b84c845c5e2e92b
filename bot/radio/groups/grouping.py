"""Groups out of how like texts are to each other, without a number of groups and without a threshold. No I/O here.

A likeness counts for more where the two texts have few other neighbours (that takes away what makes some texts alike to
everything); average linkage builds the tree; of many cuts through it the one is taken at which texts are nearest to their
own group and farthest from the next (silhouette). So the same code serves pairs and groups of hundreds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix

NEIGHBOURS = 10
"""How many neighbours say how crowded the place of a text is."""
CUTS = 40
ONE = 0.45
"""How like texts are on average that are all of one group; of many subjects it is a third of that."""
_JUDGED = 2000  # texts by which a cut is judged; more change nothing but the time


def grouped(alike: np.ndarray) -> np.ndarray:
    """A label for each text, from 0, by the likeness of every text with every other."""
    n = len(alike)
    if n < 2 or (alike.sum() - np.trace(alike)) / (n * (n - 1)) >= ONE:
        return np.zeros(n, dtype=int)
    if n < 3:
        return np.arange(n)
    tree = linkage(_apart(alike), "average")
    best, labels = -2.0, np.arange(n)
    judges = _judges(n)
    for count in np.unique(np.geomspace(max(2, n**0.5 / 2), max(2, n * 0.8), CUTS).astype(int)):
        cut = relabelled(fcluster(tree, count, "maxclust"))
        if (fits := silhouette(alike, cut, judges)) > best:
            best, labels = fits, cut
    return labels


def _judges(n: int) -> np.ndarray:
    return np.arange(n) if n <= _JUDGED else np.sort(np.random.default_rng(0).permutation(n)[:_JUDGED])


def _apart(alike: np.ndarray) -> np.ndarray:
    """Distances as scipy wants them (above the diagonal, row by row), with crowded places taken into account."""
    n = len(alike)
    few = min(NEIGHBOURS, n - 1)
    crowded = np.empty(n, dtype=np.float32)
    for i in range(n):
        row = np.delete(alike[i], i)
        crowded[i] = np.partition(row, len(row) - few)[-few:].mean()
    apart = np.empty(n * (n - 1) // 2, dtype=np.float64)
    at = 0
    for i in range(n - 1):
        row = 4 - 2 * alike[i, i + 1 :] + crowded[i] + crowded[i + 1 :]
        apart[at : at + n - 1 - i] = np.maximum(row, 0)
        at += n - 1 - i
    return apart


def silhouette(alike: np.ndarray, labels: np.ndarray, judges: np.ndarray) -> float:
    """How well some texts lie in their groups: 1 at best, alone in a group counts 0."""
    count = np.bincount(labels)
    member = csr_matrix((np.ones(len(labels), dtype=np.float32), (np.arange(len(labels)), labels)))
    own = labels[judges]
    near = np.asarray(member.T @ alike[judges].T).T  # (judges, groups): sums of likeness
    here = np.arange(len(judges))
    inside = 1 - (near[here, own] - alike[judges, judges]) / np.maximum(count[own] - 1, 1)
    near /= count
    near[here, own] = -np.inf
    outside = 1 - near.max(axis=1) if len(count) > 1 else np.ones(len(judges))
    fits = (outside - inside) / np.maximum(np.maximum(inside, outside), 1e-9)
    return float(np.where(count[own] > 1, fits, 0.0).mean())


def relabelled(labels: Sequence[int] | np.ndarray) -> np.ndarray:
    """The same groups, numbered from 0 without gaps."""
    return np.unique(np.asarray(labels), return_inverse=True)[1].reshape(-1)
