"""The measuring itself works: `make bench` runs it at full size."""

from benchmarks import jobs as benchmark
from bot.text.wishes.model import FIELDS


async def test_every_size_gives_a_line_of_sound_figures(monkeypatch):
    monkeypatch.setattr(benchmark, "QUERIES", 20)
    monkeypatch.setattr(benchmark, "PLAIN_QUERIES_ELSE", 5)

    rows = await benchmark.measure((50, 300))

    assert [(row.database, row.size) for row in rows] == [("SQLite", 50), ("SQLite", 300)]
    assert all(0 < row.p50 <= row.p95 <= row.worst and row.plain_p95 > 0 for row in rows)


def test_the_searches_measured_are_many_and_various():
    asked = benchmark.queries()

    assert len(asked) == benchmark.QUERIES == 200
    assert len(set(asked)) > 180
    assert sum(bool(w.keyword) for w in asked) > 100
    assert all(any(getattr(w, name) for w in asked) for name in FIELDS)
