"""One spelling for what means the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.normal import has_words, normalise, syllables


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("ＨＲ小白", "hr小白"),
        ("补  贴\n\t咋领 ", "补 贴 咋领"),
        ("社\u200b保\ufeff", "社保"),
        ("哈哈哈哈哈", "哈哈"),
        ("真的？？？？", "真的??"),
        ("领１５００", "领1500"),
        ("100000元", "100000元"),
        ("", ""),
    ],
)
def test_what_means_the_same_is_spelt_the_same(typed, plain):
    assert normalise(typed) == plain


@given(st.text(max_size=60))
def test_blanks_around_a_text_change_nothing(text):
    assert normalise(f"  {text}\n") == normalise(text)


@pytest.mark.parametrize("text", ["补贴", "a", "1", "０", "👍好", "①"])
def test_letters_characters_and_digits_are_words(text):
    assert has_words(text)


@pytest.mark.parametrize("text", ["", " ", "\u200b", "👍🏻", "👨‍👩‍👧", "……", "？！", "_"])
def test_emoji_and_marks_are_no_words(text):
    assert not has_words(text)


def test_characters_that_sound_alike_have_the_same_syllables():
    assert syllables("设保") == syllables("社保") == ["she", "bao"]


def test_pinyin_typed_for_a_character_sounds_like_it():
    assert syllables("dang案") == syllables("档案")
    assert syllables("shebao") == syllables("社保")


def test_english_and_numbers_are_left_whole():
    assert syllables("hr 1500") == ["hr", "1500"]


def test_marks_make_no_sound():
    assert syllables("？!。") == []
