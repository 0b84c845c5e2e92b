"""PostgreSQL is asked for the newest ids first: the words for them must name each id once."""

from hypothesis import given
from hypothesis import strategies as st

from bot.jobs.queries import AREA, BLOCK, _blocks


def ids_of(words: list[str]) -> list[tuple[int, int]]:
    """The ids from and up to which the words reach."""
    found = []
    for word in words:
        bits = AREA if word[1] == "a" else BLOCK
        n = int(word.strip("'")[1:])
        found.append((n << bits, (n + 1) << bits))
    return found


@given(first=st.integers(0, 300), blocks=st.integers(1, 300))
def test_the_words_name_every_id_from_one_block_up_to_another_once(first, blocks):
    lowest, above = first << BLOCK, (first + blocks) << BLOCK

    reached = ids_of(_blocks(lowest, above))

    assert reached[0][0] == lowest
    assert reached[-1][1] == above
    assert all(end == begin for (_, end), (begin, _) in zip(reached, reached[1:]))
    assert len(reached) <= 32 + (blocks >> (AREA - BLOCK))


@given(first=st.integers(0, 50), extra=st.integers(1, 1 << AREA))
def test_ids_above_the_last_whole_block_are_named_too(first, extra):
    above = (first << BLOCK) + extra

    assert ids_of(_blocks(first << BLOCK, above))[-1][1] >= above
