"""What may be said to the bot and how often."""

from datetime import timedelta

import pytest

from bot.conversations.rules import Pace, TooLong, clean, retry_after, wordless


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  档案放哪\n", "档案放哪"),
        ("第一行\r\n第二行\n第三行", "第一行\n第二行\n第三行"),
        ("列\t表", "列\t表"),
        ("a\x00b\x07c\x7f", "abc"),
        ("\x00 \n", ""),
        ("👨‍👩‍👧好", "👨‍👩‍👧好"),
    ],
)
def test_control_characters_and_outer_blanks_go_the_rest_stays(typed, kept):
    assert clean(typed, limit=100) == kept


def test_a_text_may_be_as_long_as_the_limit_and_no_longer():
    assert clean(" " + "长" * 10 + "\n", limit=10) == "长" * 10

    with pytest.raises(TooLong) as caught:
        clean("长" * 11, limit=10)

    assert (caught.value.length, caught.value.limit) == (11, 10)


@pytest.mark.parametrize("text", ["", " ", "\u3000\n", "\u200b"])
def test_a_message_with_nothing_visible_says_nothing(text):
    assert wordless(text) == "nothing"


@pytest.mark.parametrize("text", ["👍", "👨‍👩‍👧", "❤️", "。。。", "???", "——"])
def test_emoji_and_marks_are_signs(text):
    assert wordless(text) == "signs"


@pytest.mark.parametrize("text", ["好", "👍好", "1", "ok", "①"])
def test_a_message_with_a_word_in_it_is_not_wordless(text):
    assert wordless(text) is None


def test_each_attempt_waits_twice_as_long_up_to_a_minute():
    waits = [retry_after(attempts).total_seconds() for attempts in (1, 2, 3, 4, 5, 6, 7, 1000)]

    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


def test_a_burst_of_as_many_as_a_minute_allows_goes_through(clock):
    pace = Pace(3)

    assert [pace.take("a", clock()) for _ in range(3)] == [0, 0, 0]
    assert pace.take("a", clock()) == pytest.approx(20)


def test_what_was_refused_does_not_lengthen_the_wait(clock):
    pace = Pace(3)
    for _ in range(10):
        pace.take("a", clock())

    clock.pass_(seconds=20)

    assert pace.take("a", clock()) == 0
    assert pace.take("a", clock()) > 0


def test_rest_is_not_saved_up_beyond_a_minute(clock):
    pace = Pace(3)
    pace.take("a", clock())
    clock.pass_(hours=5)

    assert [pace.take("a", clock()) == 0 for _ in range(4)] == [True, True, True, False]


def test_each_key_has_a_pace_of_its_own(clock):
    pace = Pace(1)
    pace.take("a", clock())

    assert pace.take("b", clock()) == 0
    assert pace.take("a", clock()) > 0


def test_a_clock_set_back_gives_nothing_away(clock):
    pace = Pace(1)
    pace.take("a", clock())

    assert pace.take("a", clock() - timedelta(hours=1)) == pytest.approx(60)


def test_only_the_last_keys_are_remembered(clock):
    pace = Pace(1, remembered=2)
    for key in ("a", "b", "c"):
        pace.take(key, clock())

    assert pace.take("c", clock()) > 0
    assert pace.take("a", clock()) == 0
