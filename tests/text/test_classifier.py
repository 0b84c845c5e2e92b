"""The light classifier, on a handful of texts and made-up vectors."""

import joblib
import numpy as np
import pytest

from bot.text.classifier import Head, TextClassifier

TEXTS = [
    "档案放哪里", "档案怎么查", "我的档案丢了", "档案寄到哪",
    "试用期工资多少", "试用期多久", "试用期能辞职吗", "试用期交社保吗",
    "失业金怎么领", "失业金领几个月", "失业金多少钱", "辞职有失业金吗",
]  # fmt: skip
TOPICS = ["archive"] * 4 + ["probation"] * 4 + ["benefit"] * 4
ASPECTS = ["where", "how", None, "where", "amount", "when", None, None, "how", "when", "amount", None]
NO_VECTOR = np.zeros(512, np.float32)


@pytest.fixture(scope="module")
def classifier() -> TextClassifier:
    classifier = TextClassifier()
    classifier.fit(
        TEXTS,
        np.zeros((len(TEXTS), 512), np.float32),
        {
            "topic": (Head(cost=1.0, sharpness=4.0), TOPICS),
            "aspect": (Head(cost=1.0, sharpness=4.0), ASPECTS),
        },
        [1.0] * len(TEXTS),
    )
    return classifier


def test_every_head_ranks_all_its_labels_best_first(classifier):
    ranked = classifier.rank("我档案在哪放着", NO_VECTOR)

    assert ranked["topic"][0][0] == "archive"
    assert {label for label, _ in ranked["topic"]} == set(TOPICS)
    assert {label for label, _ in ranked["aspect"]} == {"where", "how", "amount", "when"}
    shares = [share for _, share in ranked["topic"]]
    assert shares == sorted(shares, reverse=True)


def test_the_shares_of_a_head_sum_to_one(classifier):
    ranked = classifier.rank("试用期工资", NO_VECTOR)

    assert sum(share for _, share in ranked["topic"]) == pytest.approx(1)
    assert sum(share for _, share in ranked["aspect"]) == pytest.approx(1)


def test_a_wrong_character_that_sounds_right_is_understood(classifier):
    assert classifier.rank("是用期供资", NO_VECTOR)["topic"][0][0] == "probation"


def test_a_text_without_any_known_word_still_gets_a_ranking(classifier):
    ranked = classifier.rank("🙏", NO_VECTOR)["topic"]

    assert len(ranked) == 3
    assert sum(share for _, share in ranked) == pytest.approx(1)


def test_the_sentence_vector_counts(classifier):
    vectors = np.zeros((12, 512), np.float32)
    vectors[np.arange(12), np.repeat([0, 1, 2], 4)] = 1
    taught = TextClassifier()
    taught.fit(TEXTS, vectors, {"topic": (Head(cost=1.0, sharpness=4.0), TOPICS)}, [1.0] * 12)
    towards_benefit = np.zeros(512, np.float32)
    towards_benefit[2] = 1

    assert taught.rank("完全没见过", towards_benefit)["topic"][0][0] == "benefit"


def test_a_kept_classifier_ranks_as_before(classifier, tmp_path):
    classifier.save(tmp_path / "model.joblib")

    loaded = TextClassifier.load(tmp_path / "model.joblib")

    assert loaded.rank("失业金", NO_VECTOR) == classifier.rank("失业金", NO_VECTOR)


def test_a_file_with_something_else_in_it_is_refused(tmp_path):
    joblib.dump({"not": "a classifier"}, tmp_path / "other.joblib")

    with pytest.raises(TypeError, match=r"other\.joblib"):
        TextClassifier.load(tmp_path / "other.joblib")


def test_one_text_has_the_features_that_it_has_among_many(classifier):
    features = classifier._features
    vector = np.full(512, 0.1, dtype=np.float32)

    for text in ("我档案在哪放着", "试用期 gongzi 给多少 给多少", "🙏"):
        whole = features.of([text], vector[None, :]).toarray()[0]
        columns, values = features.of_one(text)
        rebuilt = np.zeros_like(whole)
        rebuilt[columns] = values
        rebuilt[-512:] = vector * features.vector_weight

        assert np.allclose(rebuilt, whole, atol=1e-6)
