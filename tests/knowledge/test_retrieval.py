"""The phrasings nearest to a question."""

import numpy as np
import pytest

from bot.knowledge.retrieval import EXACT, Near, Phrasing, PhrasingIndex, VectorCache, fuse
from bot.knowledge.rules import Decision, Question, decide
from bot.text.encoder import SentenceEncoder

PHRASINGS = [
    Phrasing("archive-transfer", "where", "毕业了档案放哪里"),
    Phrasing("archive-transfer", "who", "我自己能不能拿着档案"),
    Phrasing("probation", "amount", "试用期工资给多少"),
    Phrasing("startup-loan", "general", "想开店没本钱政府能借吗"),
]


class CountingEncoder:
    """The real encoder; remembers what it was given."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder
        self.seen: list[str] = []

    def encode(self, texts):
        self.seen += texts
        return self._encoder.encode(texts)


@pytest.fixture(scope="module")
def real() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.fixture
def encoder(real) -> CountingEncoder:
    return CountingEncoder(real)


@pytest.fixture
def index(encoder) -> PhrasingIndex:
    return PhrasingIndex(PHRASINGS, VectorCache(encoder, None), encoder)


def test_vectors_are_of_unit_length_and_alike_for_what_means_alike(real):
    loan, borrow, archive = real.encode(["创业贷款", "开店借钱", "档案放哪里"])

    assert loan @ loan == pytest.approx(1, abs=1e-3)
    assert loan @ borrow > loan @ archive
    assert real.encode([]).shape == (0, 512)


def test_the_nearest_topic_comes_first_with_the_aspect_of_its_nearest_phrasing(index):
    nearest = index.nearest("档案该放哪儿")

    assert (nearest[0].topic, nearest[0].aspect) == ("archive-transfer", "where")
    assert [near.topic for near in nearest].count("archive-transfer") == 1
    assert {near.topic for near in nearest} == {p.topic for p in PHRASINGS}


def test_a_phrasing_word_for_word_is_as_like_as_can_be(index):
    assert index.nearest("试用期工资给多少")[0] == Near("probation", 1.0, "amount")
    assert index.nearest("  试用期工资给多少 ")[0].likeness == 1.0


def test_something_else_is_not_near(index):
    assert index.nearest("今天晚上吃什么")[0].likeness < 0.5


def test_without_phrasings_nothing_is_near(encoder):
    assert PhrasingIndex([], VectorCache(encoder, None), encoder).nearest("档案") == []


def test_vectors_are_computed_once_and_kept_in_the_file(encoder, tmp_path):
    path = tmp_path / "cache" / "vectors.npz"
    first = VectorCache(encoder, path).vectors(["档案", "贷款"])
    encoder.seen.clear()

    again = VectorCache(encoder, path)
    vectors = again.vectors(["贷款", "档案", "工资"])

    assert encoder.seen == ["工资"]
    assert np.array_equal(vectors[:2], first[::-1])


def test_the_neighbours_settle_what_the_classifier_leaves_open():
    ranked = fuse([("a", 0.40), ("b", 0.38)], [Near("b", 0.9, "who"), Near("a", 0.4, "who")])

    assert [topic for topic, _ in ranked] == ["b", "a"]


def test_neighbours_far_away_add_nothing():
    assert fuse([("a", 0.4)], [Near("b", 0.2, "who")]) == [("a", 0.4), ("b", 0.0)]


def test_a_phrasing_word_for_word_settles_it():
    ranked = fuse([("a", 0.5), ("b", 0.3)], [Near("new", EXACT, "who"), Near("a", 0.5, "who")])

    assert decide(Question("…", "policy"), ranked) == Decision("serve", ("new",))


def test_a_phrasing_word_for_word_settles_it_against_a_classifier_that_is_sure_of_something_else():
    ranked = fuse([("a", 0.97)], [Near("new", 1.0, "who"), Near("a", 0.5, "who")])

    assert decide(Question("…", "policy"), ranked) == Decision("serve", ("new",))


def test_without_neighbours_the_classifier_decides():
    assert fuse([("b", 0.3), ("a", 0.5)], []) == [("a", 0.5), ("b", 0.3)]


def test_no_share_is_above_one():
    assert all(
        share <= 1 for _, share in fuse([("a", 1.0), ("b", 0.9)], [Near("a", 1.0, "who"), Near("b", 0.95, "who")])
    )
