"""How like two short questions are: their sentences, the characters they share, and the topics they sound of. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

Encode = Callable[[list[str]], np.ndarray]
"""Sentence vectors of unit length, one for each text."""

SENTENCE, SHARED, SOUNDS = 0.60, 0.30, 0.10
"""What sentence vectors, shared characters and topics weigh; measured, see docs/evaluation.md."""
SURE = 0.40
"""How much of the likeness the topics decide alone where both texts are sure to be of one."""
_BLOCK = 1024
_FEW = 10
_RUNS = 200  # dimensions that runs of characters are brought to for the topics


@dataclass(frozen=True)
class Known:
    """A phrasing of a topic: what is learned from."""

    text: str
    topic: str


class Background:
    """What texts of the same kind as the questions teach: which runs of characters are common, which topics there are.

    Topics that no question is about do no harm: what sounds of the same three topics by half is alike as well.
    """

    def __init__(self, known: Sequence[Known], encode: Encode) -> None:
        """Learns in a few seconds; `known` texts are normalised ones of at least two topics, or none at all."""
        self.texts = [one.text for one in known]
        self._classifier: LogisticRegression | None = None
        self._mean = np.zeros(0, dtype=np.float32)
        if not known:
            return
        vectors = encode(self.texts)
        self._mean = vectors.mean(axis=0)
        self._runs = _runs(min_df=2 if len(known) > 500 else 1)
        counted = self._runs.fit_transform(self.texts)
        self._few = TruncatedSVD(min(_RUNS, counted.shape[1] - 1, len(known) - 1), random_state=0).fit(counted)
        self._classifier = LogisticRegression(C=8, max_iter=200)
        self._classifier.fit(self._both(self.texts, vectors), [one.topic for one in known])

    def middle(self, vectors: np.ndarray) -> np.ndarray:
        """What sentence vectors have in common, these and those learned from alike."""
        mean = vectors.mean(axis=0) * (len(vectors) / (len(vectors) + _FEW))  # of a few texts it says nothing yet
        return 0.5 * mean + 0.5 * self._mean if len(self._mean) else mean

    def sounds(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Square roots of the topics' shares, so that their product says how far two texts sound of the same."""
        if self._classifier is None:
            return np.zeros((len(texts), 1), dtype=np.float32)
        return np.sqrt(self._classifier.predict_proba(self._both(texts, vectors))).astype(np.float32)

    def _both(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        few = unit(self._few.transform(self._runs.transform(texts)))
        return np.hstack([unit(vectors - self._mean), few])


@dataclass(frozen=True)
class Features:
    """Texts as numbers, one row each."""

    sentences: np.ndarray
    runs: csr_matrix
    topics: np.ndarray

    def likeness(self, other: Features) -> np.ndarray:
        """Of every text with every one of the others, float32; made in blocks, so that it is all the memory there is."""
        alike = np.empty((len(self.sentences), len(other.sentences)), dtype=np.float32)
        across, sure = other.runs.T.tocsc(), other.sure
        for start in range(0, len(alike), _BLOCK):
            rows = slice(start, min(start + _BLOCK, len(alike)))
            np.matmul(self.sentences[rows] * SENTENCE, other.sentences.T, out=alike[rows])
            alike[rows] += SHARED * (self.runs[rows] @ across).toarray()
            topics = self.topics[rows] @ other.topics.T
            alike[rows] += SOUNDS * topics
            alike[rows] += SURE * np.outer(self.sure[rows], sure) * (topics - alike[rows])
        return alike

    @property
    def sure(self) -> np.ndarray:
        """The greatest share of a topic in each text."""
        return self.topics.max(axis=1) ** 2


class Measure:
    """Makes features that can be held against each other: common runs and the middle are those of some of the texts."""

    def __init__(self, texts: Sequence[str], vectors: np.ndarray, background: Background) -> None:
        self._background = background
        self._middle = background.middle(vectors)
        self._runs = _runs().fit([*texts, *background.texts])

    def features(self, texts: Sequence[str], vectors: np.ndarray) -> Features:
        """The features of normalised texts with their sentence vectors."""
        sentences = unit(vectors - self._middle).astype(np.float32)
        runs = csr_matrix(self._runs.transform(texts))
        return Features(sentences, runs, self._background.sounds(texts, vectors))


def likeness(texts: Sequence[str], vectors: np.ndarray, background: Background) -> np.ndarray:
    """Of every text with every other."""
    them = Measure(texts, vectors, background).features(texts, vectors)
    return them.likeness(them)


def unit(vectors: np.ndarray) -> np.ndarray:
    """The vectors, each of length one; a vector of nothing stays what it is."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def _runs(min_df: int = 1) -> TfidfVectorizer:
    return TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=min_df, dtype=np.float32)
