"""The phrasings nearest to a question, over the live table: an edit is found at once, without training."""

from __future__ import annotations

import hashlib
import os
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.sparse import csc_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.knowledge.views import Phrasing
from bot.text.encoder import DIMENSIONS, SentenceEncoder
from bot.text.normal import normalise

VECTOR_WEIGHT = 0.4  # beside 0.6 for shared character runs; measured on tests/evaluation/dev
NEIGHBOURS = 0.35  # how much the neighbours' likeness adds to the classifier's share
UNSETTLED = 0.5  # what any other topic is worth at most beside a phrasing that was typed word for word
EXACT = 0.98  # from this likeness on a phrasing is as good as typed word for word


@dataclass(frozen=True)
class Near:
    """How like the nearest phrasing of a topic is, 0 to 1, and the aspect it asks for."""

    topic: str
    likeness: float
    aspect: str
    phrasing: str = field(default="", compare=False)


class VectorCache:
    """Sentence vectors by text, kept in a file so that a start need not compute them again."""

    def __init__(self, encoder: SentenceEncoder, path: Path | None) -> None:
        self._encoder, self._path = encoder, path
        self._known: dict[str, np.ndarray] = {}
        if path and path.exists():
            with np.load(path) as kept:
                self._known = dict(zip(kept["keys"].tolist(), kept["vectors"], strict=True))

    def vectors(self, texts: list[str]) -> np.ndarray:
        """Vectors of unit length, shape (len(texts), 512); computes and keeps those not seen before."""
        keys = [hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest() for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._known}
        if missing:
            self._known.update(zip(missing, self._encoder.encode(list(missing.values())), strict=True))
            self._keep()
        return np.vstack([self._known[key] for key in keys]) if keys else np.zeros((0, DIMENSIONS), np.float32)

    def _keep(self) -> None:
        if self._path is None:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        draft = self._path.with_suffix(f".{os.getpid()}.npz")  # several processes keep the same file
        np.savez(draft, keys=np.array(list(self._known)), vectors=np.vstack(list(self._known.values())))
        draft.replace(self._path)


class PhrasingIndex:
    """Exact search over all phrasings; a few milliseconds at ten thousand."""

    def __init__(self, phrasings: Iterable[Phrasing], cache: VectorCache, encoder: SentenceEncoder) -> None:
        self._phrasings = sorted(phrasings, key=lambda p: p.topic)
        self._encoder = encoder
        plain = [normalise(p.text) for p in self._phrasings]
        self._vectors = cache.vectors(plain)
        self._grams = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, dtype=np.float32)
        self._weights: csc_matrix = csc_matrix(self._grams.fit_transform(plain) if plain else (0, 0))
        topics = [p.topic for p in self._phrasings]
        # where each topic's phrasings begin, to take the best of every topic at once
        self._starts = np.array([i for i, t in enumerate(topics) if i == 0 or t != topics[i - 1]], dtype=np.intp)

    def nearest(self, text: str, vector: np.ndarray | None = None) -> list[Near]:
        """Each topic's likeness to the text, best first; empty without phrasings. `vector` is the text's, if known."""
        if not self._phrasings:
            return []
        plain = normalise(text)
        shared = self._shared(plain)
        alike = self._vectors @ (self._encoder.encode([plain])[0] if vector is None else vector)
        likeness = VECTOR_WEIGHT * alike + (1 - VECTOR_WEIGHT) * shared
        likeness[shared >= EXACT] = 1.0
        best = np.maximum.reduceat(likeness, self._starts)
        ends = np.append(self._starts[1:], len(likeness))
        found = []
        for n in np.argsort(-best, kind="stable"):
            i = self._starts[n] + int(np.argmax(likeness[self._starts[n] : ends[n]]))
            one = self._phrasings[i]
            found.append(Near(one.topic, float(best[n]), one.aspect, one.text))
        return found

    def _shared(self, plain: str) -> np.ndarray:
        """How much of its character runs each phrasing shares with a text; reads the columns of its own runs only."""
        runs = self._grams.transform([plain])
        shared = np.zeros(len(self._phrasings), dtype=np.float32)
        for run, weight in zip(runs.indices, runs.data, strict=True):
            column = slice(self._weights.indptr[run], self._weights.indptr[run + 1])
            shared[self._weights.indices[column]] += self._weights.data[column] * weight
        return shared


def fuse(classified: Iterable[tuple[str, float]], near: list[Near]) -> list[tuple[str, float]]:
    """One ranking out of the classifier's shares and the neighbours' likeness, best first.

    A phrasing as good as word for word settles it: that is how an editor's new phrasing works before any training.
    """
    shares: dict[str, float] = defaultdict(float)
    for topic, share in classified:
        shares[topic] += share
    if near:
        exact = near[0].likeness >= EXACT
        for neighbour in near[:8]:
            shares[neighbour.topic] += NEIGHBOURS * max(0.0, neighbour.likeness - 0.35)
        if exact:
            shares = defaultdict(float, {topic: min(share, UNSETTLED) for topic, share in shares.items()})
            shares[near[0].topic] = 1.0
    return sorted(((topic, min(share, 1.0)) for topic, share in shares.items()), key=lambda pair: -pair[1])
