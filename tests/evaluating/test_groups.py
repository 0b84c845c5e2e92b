"""Grouping held against groups made by hand: the measure, the baselines, and grouping from nothing but the texts."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from bot.evaluation.files import BadRow, read_rows
from bot.evaluation.groups import b_cubed, figures, k_means, same_text
from bot.radio.groups.grouping import grouped
from bot.radio.groups.likeness import Background, Known, likeness
from bot.radio.groups.many import grouped_many
from bot.settings import ROOT
from bot.text.normal import normalise

SET = ROOT / "tests" / "evaluation" / "groups.jsonl"
SHEEP = ["档案在哪", "档案放哪了", "档案寄哪了", "租房多少钱", "租房子贵不", "租房押金"]


def letters(texts: list[str]) -> np.ndarray:
    """Vectors in the place of an encoder's: which characters a text has."""
    known = sorted({c for text in SHEEP for c in text})
    vectors = np.array([[float(c in text) for c in known] + [0.1] for text in texts], dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def test_b_cubed_is_reckoned_row_by_row():
    assert b_cubed("aab", "xxx") == [(2 / 3, 1.0), (2 / 3, 1.0), (1 / 3, 1.0)]
    assert figures("aabb", "xxyy") == {"precision": 1.0, "recall": 1.0, "f1": 1.0}
    assert figures("aabb", "wxyz") == {"precision": 1.0, "recall": 0.5, "f1": 0.6667}


def test_what_is_typed_alike_is_one_group_for_the_first_baseline():
    assert same_text(["档案 在哪", "ＡＢ", "ab", "档案 在哪"]) == [1, 0, 0, 1]


def test_k_means_is_told_the_number_of_groups():
    assert len(set(k_means(SHEEP, 2))) == 2


def test_texts_of_two_subjects_become_two_groups_without_being_told_how_many():
    labels = grouped(likeness(SHEEP, letters(SHEEP), Background([], letters)))

    assert len(set(labels[:3])) == len(set(labels[3:])) == 1
    assert labels[0] != labels[5]


def test_topics_learned_from_bring_together_what_shares_no_word():
    known = [Known("档案在哪", "a"), Known("档案放哪了", "a"), Known("租房多少钱", "b"), Known("租房押金", "b")]

    sounds = Background(known, letters).sounds(["档案寄哪了", "租房子贵不"], letters(["档案寄哪了", "租房子贵不"]))

    assert (sounds @ sounds.T)[0, 1] < 0.9
    assert np.allclose(np.diag(sounds @ sounds.T), 1, atol=1e-5)


@pytest.mark.parametrize("texts", [[], ["档案在哪"], ["档案在哪", "租房押金"]])
def test_hardly_any_texts_are_grouped_as_well(texts):
    vectors = letters(texts) if texts else np.zeros((0, 3), dtype=np.float32)
    alike = likeness(texts, vectors, Background([], letters)) if texts else np.zeros((0, 0))

    assert len(grouped(alike)) == len(texts)


def test_more_texts_than_are_compared_with_each_other_join_the_nearest(monkeypatch):
    texts = [f"{text}{'呀' * n}" for n in range(6) for text in SHEEP]

    labels = grouped_many(texts, letters(texts), Background([], letters), landmarks=12)

    files, rents = ({label for text, label in zip(texts, labels, strict=True) if text[0] == c} for c in "档租")
    assert len(labels) == 36
    assert not files & rents


def test_the_labelled_set_is_as_large_as_promised_and_half_of_it_is_held_out():
    rows = [json.loads(line) for line in SET.read_text(encoding="utf-8").splitlines()]
    by_part = {part: {row["group"] for row in rows if row["part"] == part} for part in ("tuning", "held-out")}

    assert len(rows) >= 600
    assert len({row["group"] for row in rows}) >= 60
    assert len({normalise(row["text"]) for row in rows}) == len(rows)
    assert not by_part["tuning"] & by_part["held-out"]
    assert len(by_part["held-out"]) == len(by_part["tuning"])


def test_no_row_of_the_labelled_set_stands_in_what_is_trained_on_or_in_another_set():
    def plain(text: str) -> str:
        return re.sub(r"\W", "", text)

    mine = {plain(json.loads(line)["text"]) for line in SET.read_text(encoding="utf-8").splitlines()}
    others = {
        plain(line.split("- ", 1)[1])
        for path in (ROOT / "data").rglob("*.yml")
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.lstrip().startswith("- ")
    }
    for path in SET.parent.rglob("*.jsonl"):
        if path != SET:
            rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
            others |= {plain(row[key]) for row in rows for key in ("text", "first", "second") if key in row}

    assert len(others) > 10_000
    assert mine & others == set()


def test_a_file_that_is_no_set_of_groups_is_refused_with_its_line(tmp_path: Path):
    file = tmp_path / "groups.jsonl"
    file.write_text('{"id": 1, "text": "档案在哪", "group": "a"}\n{"id": 2, "text": "档案"}\n', encoding="utf-8")

    with pytest.raises(BadRow, match="第 2 行：group"):
        read_rows("groups", file)
