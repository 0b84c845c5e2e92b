"""A shop of models made of fakes that we own: an engine that keeps in mind what it was given, a workshop that makes files."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.conversations.engine import EngineUnavailable, ModelRefused
from bot.knowledge.loading import REVIEW, load
from bot.knowledge.tables import PhrasingRow
from bot.review.tables import Correction, RegressionCase
from bot.settings import ROOT
from bot.store import Sessions
from bot.training.rules import Case, Compared, Difference, TrainingSet
from bot.training.service import Training
from bot.training.shelf import Shelf
from tests.conftest import SetClock

BASE = "ba5e"
TOPICS = ("job-seeking-subsidy", "startup-loan")
SAID = "毕业那个一千块咋整"


@dataclass
class FakeEngine:
    """Takes models as the engine does: what it has stands in the file that it writes itself."""

    shelf: Shelf
    away: bool = False
    refuses: str = ""
    given: list[str] = field(default_factory=list)

    async def give_model(self, model: str) -> int:
        if self.away:
            raise EngineUnavailable("nobody listens")
        if self.refuses:
            raise ModelRefused(self.refuses)
        self.given.append(model)
        self.shelf.make_live(model)
        return 1234


@dataclass
class FakeWorkshop:
    """Makes models out of nothing, and finds what it was told to find; `pause` is waited for in the middle."""

    shelf: Shelf
    differences: list[Difference] = field(default_factory=list)
    pause: asyncio.Event | None = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    fails: Exception | None = None
    fails_comparing: Exception | None = None
    figures: dict[str, Any] = field(default_factory=lambda: {"before": {}, "after": {}, "sample": {}})
    made: list[str] = field(default_factory=list)
    asked: list[Case] = field(default_factory=list)

    async def train(self, model, progress) -> None:
        progress("LinearIntentClassifier")
        self.reached.set()
        if self.pause:
            await self.pause.wait()
        if self.fails:
            raise self.fails
        self.shelf.path(model).write_bytes(b"model")
        self.made.append(model)

    async def compare(self, before, after, cases: Sequence[Case], progress) -> Compared:
        progress("before 1/2")
        self.asked += cases
        if self.fails_comparing:
            raise self.fails_comparing
        return Compared(dict(self.figures), list(self.differences))


def difference(said: str, *, before: bool, after: bool, other: bool = True) -> Difference:
    told = {"intent": "policy", "outcome": "served", "topics": ["startup-loan"], "aspect": "general", "text": "能贷。"}
    return Difference(
        "topics", said, None, {"topic": "job-seeking-subsidy"}, told,
        {**told, "topics": ["job-seeking-subsidy"], "text": "补一千。"} if other else told, before, after,
    )  # fmt: skip


def shelf_in(folder: Path) -> Shelf:
    """A shelf on which the model of the files is live."""
    shelf = Shelf(folder, folder / "models")
    (folder / "models").mkdir(exist_ok=True)
    shelf.path(shelf.put(BASE, TrainingSet())).write_bytes(b"model")
    shelf.make_live(BASE)
    return shelf


def training_of(sessions: Sessions, clock: SetClock, shelf: Shelf, engine: FakeEngine, base: str = BASE) -> Training:
    return Training(sessions, clock, shelf, engine, base=lambda: base, topics=lambda: set(TOPICS))


async def load_topics(sessions: Sessions, clock: SetClock, folder: Path) -> None:
    """Two topics as their files have them."""
    folder.mkdir(exist_ok=True)
    for name in TOPICS:
        (folder / f"{name}.yml").write_bytes((ROOT / "data/knowledge" / f"{name}.yml").read_bytes())
    await load(sessions, folder, clock)


async def correct(sessions: Sessions, clock: SetClock, text: str = SAID, by: str = "王芳") -> None:
    """A sentence that staff made a way to ask."""
    row = Correction(
        kind="topic", text=text, intent="policy", topic=TOPICS[0], aspect="amount", added=True, by=by, at=clock()
    )
    async with sessions.begin() as db:
        db.add_all([row, PhrasingRow(topic_id=TOPICS[0], aspect="amount", text=text, origin=REVIEW)])


async def correct_intent(sessions: Sessions, clock: SetClock, text: str, intent: str) -> None:
    async with sessions.begin() as db:
        db.add(Correction(kind="intent", text=text, intent=intent, by="李雷", at=clock()))


async def keep_case(sessions: Sessions, clock: SetClock, said: str = SAID) -> None:
    async with sessions.begin() as db:
        db.add(RegressionCase(said=said, expects="served", topic=TOPICS[0], aspect="amount", by="王芳", at=clock()))
