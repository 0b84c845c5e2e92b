"""`duihua evaluate groups`: questions grouped from their texts alone, beside what somebody put together by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.evaluation.files import GroupRow
from bot.knowledge.files import read_topic, topic_files
from bot.knowledge.retrieval import VectorCache
from bot.radio.groups.grouping import grouped, relabelled
from bot.radio.groups.likeness import Background, Known, likeness
from bot.radio.groups.many import LIMIT, grouped_many
from bot.settings import ROOT
from bot.text.encoder import SentenceEncoder
from bot.text.normal import normalise


def b_cubed(gold: Sequence[Any], found: Sequence[Any]) -> list[tuple[float, float]]:
    """For each row: how much of its group belongs there (precision), and how much of what belongs is there (recall)."""
    both = Counter(zip(gold, found, strict=True))
    wanted, got = Counter(gold), Counter(found)
    return [(both[g, f] / got[f], both[g, f] / wanted[g]) for g, f in zip(gold, found, strict=True)]


def figures(gold: Sequence[Any], found: Sequence[Any]) -> dict[str, float]:
    """B-cubed precision, recall and F1 over all rows."""
    rows = b_cubed(gold, found)
    precision, recall = (sum(one[n] for one in rows) / len(rows) for n in (0, 1))
    return {
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(2 * precision * recall / (precision + recall), 4),
    }


def known_phrasings(folder: Path = ROOT / "data" / "knowledge") -> list[Known]:
    """Phrasings of the topic files, as they are learned from."""
    found = []
    for path in topic_files(folder):
        topic, _ = read_topic(path)
        texts = [text for asked in topic.phrasings.values() for text in asked]
        found += [Known(normalise(text), topic.id) for text in texts]
    return found


def group_texts(texts: Sequence[str], encoder: SentenceEncoder, cache: Path | None) -> list[int]:
    """A label for each text. Texts that are the same after normalising are one; nothing but the texts is looked at."""
    plain = [normalise(text) for text in texts]
    distinct = list(dict.fromkeys(plain))
    background = Background(known_phrasings(), VectorCache(encoder, cache).vectors)
    vectors = encoder.encode(distinct)
    if len(distinct) > LIMIT:
        labels = grouped_many(distinct, vectors, background)
    else:
        labels = grouped(likeness(distinct, vectors, background))
    by_text = dict(zip(distinct, labels.tolist(), strict=True))
    return [by_text[text] for text in plain]


def same_text(texts: Sequence[str]) -> list[int]:
    """Baseline: a group is what is typed alike."""
    return relabelled([normalise(text) for text in texts]).tolist()


def k_means(texts: Sequence[str], groups: int) -> list[int]:
    """Baseline: k-means on TF-IDF of runs of characters, told how many groups there really are."""
    runs = TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True).fit_transform(map(normalise, texts))
    count = min(groups, len(set(texts)))
    return KMeans(count, n_init=3, random_state=0).fit_predict(runs).tolist()


def groups_summary(
    rows: Sequence[GroupRow], *, cache: Path | None = None, baselines: bool = True
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The summary of a `groups` file, and the rows whose group is not just the one it should be."""
    texts, gold = [row.text for row in rows], [str(row.group) for row in rows]
    found = group_texts(texts, SentenceEncoder(), cache)
    summary: dict[str, Any] = {"n": len(rows), "groups": len(set(gold)), "found": len(set(found))}
    summary |= figures(gold, found)
    if baselines:
        summary["baseline_same_text_f1"] = figures(gold, same_text(texts))["f1"]
        summary["baseline_k_means_f1"] = figures(gold, k_means(texts, len(set(gold))))["f1"]
    wrong = [
        row.model_dump(mode="json") | {"got": {"group": label, "precision": p, "recall": r}}
        for row, label, (p, r) in zip(rows, found, b_cubed(gold, found), strict=True)
        if (p, r) != (1, 1)
    ]
    return summary, wrong
