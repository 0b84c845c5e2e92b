"""How near a question must be to a group to get what a guest said to it, measured on the half nobody tuned on."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.radio.answers.serving import nearest
from bot.text.encoder import SentenceEncoder
from bot.text.normal import normalise

ROWS = Path(__file__).parents[1] / "evaluation" / "groups.jsonl"
ANSWERED, ROUNDS = 0.2, 20  # a fifth of the groups has an answer, drawn anew so many times


@pytest.fixture(scope="module")
def held_out() -> tuple[np.ndarray, np.ndarray]:
    """Vectors and groups of the questions."""
    rows = [row for line in ROWS.open() if (row := json.loads(line))["part"] == "held-out"]
    vectors = SentenceEncoder().encode([normalise(row["text"]) for row in rows])
    return vectors, np.array([row["group"] for row in rows])


def test_a_third_of_new_wordings_find_their_group_and_hardly_any_other_question_does(held_out):
    vectors, groups = held_out
    names, chance = sorted(set(groups)), np.random.default_rng(7)
    found = wrong = false = inside = outside = 0

    draws = [[name for name in names if chance.random() < ANSWERED] for _ in range(ROUNDS)]
    for i, vector in enumerate(vectors):
        texts = {name: vectors[(groups == name) & (np.arange(len(groups)) != i)] for name in names}
        centres = {name: one.mean(0) / np.linalg.norm(one.mean(0)) for name, one in texts.items() if len(one)}
        for answered in draws:
            rest = np.array([centre for name, centre in centres.items() if name not in answered])
            got = nearest([(name, texts[name]) for name in answered], rest, vector)
            if groups[i] in answered:
                inside, found, wrong = inside + 1, found + (got == groups[i]), wrong + (got not in (None, groups[i]))
            else:
                outside, false = outside + 1, false + (got is not None)

    assert found / inside > 0.28
    assert wrong / inside < 0.03
    assert false / outside < 0.02


def test_what_is_asked_word_for_word_alike_is_nearest_and_nothing_is_nearest_among_none():
    vectors = SentenceEncoder().encode(["国企看不看第一学历", "公务员几月考"])

    assert nearest([("a", vectors[:1]), ("b", vectors[1:])], np.zeros((0, 0)), vectors[1]) == "b"
    assert nearest([("a", vectors[:1])], vectors[1:], vectors[1]) is None
    assert nearest([("a", np.zeros((0, 0)))], np.zeros((0, 0)), vectors[0]) is None
