"""Light text classifiers: character, word and sound n-grams beside a sentence vector; one linear margin a label."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import jieba
import joblib
import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.svm import LinearSVC

from bot.text.normal import normalise, syllables

jieba.setLogLevel(60)

Ranking = list[tuple[str, float]]
"""Labels with their shares of confidence, best first; the shares sum to 1."""


def _characters(text: str) -> list[str]:
    padded = f"^{text.replace(' ', '')}$"
    return [padded[i : i + n] for n in (1, 2, 3) for i in range(len(padded) - n + 1)]


def _words(text: str) -> list[str]:
    return [word for word in jieba.lcut(text) if word.strip()]


def _sound_grams(text: str) -> list[str]:
    sounds = syllables(text)
    return [" ".join(sounds[i : i + n]) for n in (2, 3) for i in range(len(sounds) - n + 1)]


class TextFeatures:
    """Sparse n-gram weights and the sentence vector of a text, side by side; one set serves all heads."""

    def __init__(self, *, words: float = 0.7, sounds: float = 0.5, vector: float = 1.0) -> None:
        self._weights = (1.0, words, sounds, vector)
        self._vectorizers = [
            TfidfVectorizer(analyzer=analyzer, sublinear_tf=True, dtype=np.float32)
            for analyzer in (_characters, _words, _sound_grams)
        ]

    def fit(self, texts: Sequence[str]) -> None:
        """Learn the n-grams of texts."""
        plain = [normalise(text) for text in texts]
        for vectorizer in self._vectorizers:
            vectorizer.fit(plain)

    def of_one(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """What `of` has of one text without its vector: columns that are not 0, and their values.

        Counts by itself what the vectorizers count: they take milliseconds to get ready, for however short a text.
        """
        plain = normalise(text)
        columns: list[int] = []
        values: list[np.ndarray] = []
        before = 0
        for vectorizer, weight in zip(self._vectorizers, self._weights):
            known = vectorizer.vocabulary_
            counted = Counter(known[gram] for gram in vectorizer.analyzer(plain) if gram in known)
            found = np.fromiter(counted.keys(), dtype=np.int64, count=len(counted))
            times = np.fromiter(counted.values(), dtype=np.float32, count=len(counted))
            shares = (1 + np.log(times)) * vectorizer.idf_[found]
            length = np.sqrt(np.sum(shares**2))
            values.append(shares * (weight / length if length else 0.0))
            columns += (found + before).tolist()
            before += len(known)
        return np.array(columns, dtype=np.int64), np.concatenate(values).astype(np.float32)

    @property
    def vector_weight(self) -> float:
        """What the sentence vector is multiplied with; its columns are the last."""
        return self._weights[-1]

    def of(self, texts: Sequence[str], vectors: np.ndarray) -> csr_matrix:
        """Features of texts and their sentence vectors (len(texts), 512): shape (len(texts), all features)."""
        plain = [normalise(text) for text in texts]
        parts = [v.transform(plain) * w for v, w in zip(self._vectorizers, self._weights)]
        return hstack([*parts, csr_matrix(vectors * self._weights[-1])], format="csr", dtype=np.float32)


class Head:
    """Ranks the labels of one kind by linear margins."""

    def __init__(self, *, cost: float, sharpness: float) -> None:
        self._svm = LinearSVC(C=cost, class_weight="balanced", random_state=0)
        self._sharpness = sharpness
        self._weights: np.ndarray | None = None

    def fit(self, features: csr_matrix, labels: Sequence[str], weights: Sequence[float] | None = None) -> None:
        """Learn from features and their labels (at least three different), each as heavy as its weight."""
        self._svm.fit(features, labels, sample_weight=weights)
        # One row a feature: a question has few features, so few rows are read.
        self._weights = np.ascontiguousarray(self._svm.coef_.T, dtype=np.float32)
        self._svm.coef_ = None

    def rank(self, columns: np.ndarray, values: np.ndarray, vector: np.ndarray) -> Ranking:
        """Every label for a text: the columns of its n-grams with their values, and its weighted vector."""
        margins = values @ self._weights[columns] + vector @ self._weights[-len(vector) :] + self._svm.intercept_
        shares = np.exp(self._sharpness * (margins - margins.max()))
        shares /= shares.sum()
        return [(str(self._svm.classes_[i]), float(shares[i])) for i in np.argsort(-shares)]


class TextClassifier:
    """Several heads over one set of features. Train with fit, keep with save, bring back with load."""

    def __init__(self) -> None:
        self._features = TextFeatures()
        self._heads: dict[str, Head] = {}

    def fit(
        self,
        texts: Sequence[str],
        vectors: np.ndarray,
        heads: dict[str, tuple[Head, Sequence[str | None]]],
        weights: Sequence[float],
    ) -> None:
        """Learn each head from its labels, one a text; None where a text says nothing of that kind."""
        self._features.fit(texts)
        features = self._features.of(texts, vectors)
        weight = np.asarray(weights)

        def learn(head: Head, labels: Sequence[str | None]) -> Head:
            rows = [i for i, label in enumerate(labels) if label is not None]
            head.fit(features[rows], [labels[i] for i in rows], weight[rows])
            return head

        with ThreadPoolExecutor() as pool:  # what takes the time runs without Python's lock
            self._heads = dict(zip(heads, pool.map(lambda pair: learn(*pair), heads.values())))

    def rank(self, text: str, vector: np.ndarray) -> dict[str, Ranking]:
        """Each head's ranking for a text and its sentence vector, shape (512,)."""
        columns, values = self._features.of_one(text)
        weighted = vector * self._features.vector_weight
        return {name: head.rank(columns, values, weighted) for name, head in self._heads.items()}

    def save(self, path: Path) -> None:
        """Keep the trained classifier in a file."""
        joblib.dump(self, path, compress=1)

    @staticmethod
    def load(path: Path) -> TextClassifier:
        """Bring back what save kept; only from our own model files, since reading one runs what is in it."""
        loaded = joblib.load(path)
        if not isinstance(loaded, TextClassifier):
            raise TypeError(f"{path.name} holds no classifier")
        return loaded
