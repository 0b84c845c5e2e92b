"""What full text reads of a text, and what is asked of it."""

from bot.review.rules import Filters
from bot.review.words import asked, facets_of, grams, runs


def test_a_text_gives_every_pair_of_characters_and_the_last_one_by_itself():
    assert grams("交社保") == {"交社", "社保", "保"}


def test_marks_part_a_text_and_blanks_do_not():
    assert runs("怎么 办？社保") == [["怎", "么", "办"], ["社", "保"]]
    assert "办社" not in grams("怎么办？社保")


def test_width_and_case_do_not_matter_and_a_latin_run_is_one_character():
    assert grams("Ｊａｖａ开发") == {"java开", "开发", "发"}


def test_one_character_asks_for_what_begins_with_it_several_for_their_pairs():
    assert asked("保") == ["保*"]
    assert asked("社保卡 补贴") == ["社保", "保卡", "补贴"]
    assert asked("？！") == []


def test_no_text_gives_a_word_that_something_can_be_filtered_by():
    facets = set(facets_of(channel="web", intent="policy", outcome="served", topics=["a-b"], scam=True).split())

    assert facets == {"=c.web", "=i.policy", "=o.served", "=t.a-b", "=s"}
    assert not facets & grams("=c.web =i.policy =s =t.a-b")
    assert all(not word.startswith("=") for word in grams("=s =n ＝x"))


def test_filters_read_from_an_address_drop_what_is_no_value_of_them():
    query = {"q": " 社保 ", "outcome": "won", "since": "2026-13-01", "topic": "a'b", "assigned": "x", "sort": "old"}

    assert Filters.read(query) == Filters(q="社保", sort="old")


def test_filters_written_into_an_address_read_back_the_same():
    filters = Filters(q="a&b=社保", verdict="down", reason="过时", tag="要回访", day="today")

    from urllib.parse import parse_qsl

    assert Filters.read(dict(parse_qsl(filters.query(page=2)))) == filters
