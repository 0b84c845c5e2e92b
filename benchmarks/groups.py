"""A million questions grouped anew, and a new one placed: time and memory, beside encoding every question each night.

`python -m benchmarks.groups --questions 1000000`. The questions are made: phrasings of the topics (taken as if no topic
were known), some asked far more often than others, four in ten with something left out, put in or doubled. Vectors of the
noisy ones are those of their phrasing, moved by as much as really encoded ones are on average.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import resource
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from bot.evaluation.groups import known_phrasings
from bot.evaluation.measures import percentile
from bot.migrating import upgrade
from bot.radio.groups import queries, rules
from bot.radio.groups.collecting import Collecting
from bot.radio.groups.likeness import unit
from bot.radio.groups.placing import Centres
from bot.radio.groups.regrouping import Regrouping
from bot.store import Sessions, open_engine
from bot.text.encoder import SentenceEncoder

QUESTIONS = 1_000_000
PEOPLE = 100_000
ENCODED = 1_000  # texts that are encoded to know how long it takes, and how far noise moves a vector
PLACED = 200
NOISY = 0.4
BATCH = 20_000
out = Console()
_NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
_BEFORE = ("请问", "问下", "那个", "老师", "想问", "你好 ", "急 ", "我想知道", "求助 ", "小同 ")
_AFTER = ("呀", "呢", "啊", "吗", "咋整", "谢谢", " 急", "？？", "求解", "在线等")


def clock() -> datetime:
    """The night that the questions are made for."""
    return _NOW


@dataclass(frozen=True)
class Figures:
    """What was measured."""

    questions: int
    texts: int
    groups: int
    seconds: float
    before_mb: float
    peak_mb: float
    again_seconds: float
    placed_p50: float
    placed_p95: float
    encode_ms: float


def noisy(text: str, dice: random.Random) -> str:
    """A text as somebody else would have typed it."""
    at = dice.randrange(len(text))
    kind = dice.random()
    if kind < 0.25:
        text = text[:at] + text[at + 1 :]
    elif kind < 0.4:
        text = text[:at] + text[at] + text[at:]
    if kind > 0.3:
        text = dice.choice(_BEFORE) + text
    if kind > 0.6:
        text += dice.choice(_AFTER)
    return text


def made(count: int, phrasings: int, texts: list[str], seed: int = 5) -> Iterator[tuple[int, str, bool]]:
    """(phrasing, text, whether it is noisy) of each question."""
    dice = random.Random(seed)
    weights = [1 / (n + 20) for n in range(phrasings)]
    order = dice.sample(range(phrasings), phrasings)
    for n in dice.choices(order, weights, k=count):
        if dice.random() < NOISY:
            yield n, noisy(texts[n], dice), True
        else:
            yield n, texts[n], False


def fill(path: Path, count: int, texts: list[str], vectors: np.ndarray, moved: float) -> int:
    """Put the questions into a migrated database; how many different texts there are."""
    numbers = np.random.default_rng(5)
    at = _NOW.strftime("%Y-%m-%d %H:%M:%S.%f")
    keys: dict[str, int] = {}
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA synchronous=OFF")
        people = min(PEOPLE, count)
        db.executemany(
            "INSERT INTO person (id, code, created_at) VALUES (?, ?, ?)",
            ((n, f"P{n}", at) for n in range(1, people + 1)),
        )
        db.executemany(
            "INSERT INTO identity (id, person_id, channel, sender, created_at) VALUES (?, ?, 'web', ?, ?)",
            ((n, n, f"s{n}", at) for n in range(1, people + 1)),
        )
        db.executemany(
            "INSERT INTO conversation (id, code, person_id, identity_id, channel, started_at, last_at) VALUES (?, ?, ?, ?, 'web', ?, ?)",
            ((n, f"c{n}", n, n, at, at) for n in range(1, people + 1)),
        )
        db.execute("INSERT INTO asked_group (id, created_at) VALUES (1, ?)", (at,))
        questions = enumerate(made(count, len(texts), texts), 1)
        while batch := list(islice(questions, BATCH)):
            turns, messages, fresh, asked = [], [], [], []
            days = numbers.integers(0, 180, len(batch))
            for (n, (source, text, is_noisy)), day in zip(batch, days, strict=True):
                key, who = rules.key_of(text), n % people + 1
                when = (_NOW - timedelta(days=int(day) + 4)).strftime("%Y-%m-%d %H:%M:%S.%f")
                if key not in keys:
                    keys[key] = len(keys) + 1
                    vector = vectors[source]
                    if is_noisy:
                        vector = unit(vector[None] + numbers.normal(0, moved / 512**0.5, (1, 512)))[0]
                    fresh.append((keys[key], key, vector.astype(np.float16).tobytes()))
                turns.append((n, who, when, when))
                messages.append((n, who, who, n, text, when))
                asked.append((n, keys[key], who, n, when))
            db.executemany(
                "INSERT INTO turn (id, conversation_id, state, received_at, retry_at, attempts, intent, outcome) VALUES (?, ?, 'answered', ?, ?, 1, 'out_of_scope', 'refused')",
                turns,
            )
            db.executemany(
                "INSERT INTO message (id, conversation_id, identity_id, turn_id, direction, kind, text, at) VALUES (?, ?, ?, ?, 'in', 'text', ?, ?)",
                messages,
            )
            db.executemany("INSERT INTO asked_text (id, key, vector, group_id, pinned) VALUES (?, ?, ?, 1, 0)", fresh)
            db.executemany(
                "INSERT INTO asked (id, text_id, person_id, turn_id, at, channel, outcome) VALUES (?, ?, ?, ?, ?, 'web', 'refused')",
                asked,
            )
    return len(keys)


def megabytes() -> float:
    """The most memory that this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


async def measure(count: int = QUESTIONS) -> Figures:
    """Fill a database, group it twice, place some new questions."""
    encoder = SentenceEncoder()
    texts = [one.text for one in known_phrasings()]
    dice = random.Random(1)
    vectors = encoder.encode(texts)
    some = [noisy(texts[n], dice) for n in range(min(ENCODED, len(texts)))]
    began = time.perf_counter()
    other = np.vstack([encoder.encode([text]) for text in some])
    encode_ms = (time.perf_counter() - began) * 1000 / len(some)
    moved = float(np.linalg.norm(other - vectors[: len(some)], axis=1).mean())
    with tempfile.TemporaryDirectory(prefix="duihua-groups-") as folder:
        path = Path(folder) / "groups.db"
        await upgrade(f"sqlite+aiosqlite:///{path}")
        began = time.perf_counter()
        different = await asyncio.to_thread(fill, path, count, texts, vectors, moved)
        out.print(f"{count:,} 个问题已备好（不同的 {different:,}），{time.perf_counter() - began:.0f} 秒", style="dim")
        engine = open_engine(f"sqlite+aiosqlite:///{path}")
        collecting = Collecting(Sessions(engine), clock, encoder=encoder)
        regrouping = Regrouping(Sessions(engine), clock, collecting)
        before = megabytes()
        began = time.perf_counter()
        done = await regrouping.regroup()
        seconds = time.perf_counter() - began
        peak = megabytes()
        began = time.perf_counter()
        await regrouping.regroup()
        again = time.perf_counter() - began
        async with Sessions(engine)() as db:
            centres = Centres(await queries.centres(db))
        times = []
        for text in some[:PLACED]:
            began = time.perf_counter()
            centres.place(encoder.encode([text])[0])
            times.append((time.perf_counter() - began) * 1000)
        await engine.dispose()
    return Figures(
        count, different, done.groups, seconds, before, peak, again, percentile(times, 50), percentile(times, 95), encode_ms
    )  # fmt: skip


def show(found: Figures) -> None:
    """The figures, and how many times longer it takes to encode every question each night."""
    table = Table(title=f"{found.questions:,} 个问题重新分组", show_header=False)
    anew = found.questions * found.encode_ms / 1000
    table.add_row("不同的问法", f"{found.texts:,}")
    table.add_row("分成", f"{found.groups:,} 组")
    table.add_row("头一遍", f"{found.seconds:.0f} 秒")
    table.add_row("再来一遍", f"{found.again_seconds:.0f} 秒")
    table.add_row("内存：开始时、最多", f"{found.before_mb:.0f} MB、{found.peak_mb:.0f} MB")
    table.add_row("放一个新问题 p50、p95", f"{found.placed_p50:.1f}、{found.placed_p95:.1f} 毫秒")
    table.add_row(f"每夜把每个问题重新编码（按每个 {found.encode_ms:.1f} 毫秒算）", f"{anew:.0f} 秒")
    table.add_row("是头一遍的", f"{anew / found.seconds:.1f} 倍")
    out.print(table)


def main() -> None:
    """Read the command line, measure, print."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--questions", type=int, default=QUESTIONS)
    show(asyncio.run(measure(reader.parse_args().questions)))


if __name__ == "__main__":
    main()
