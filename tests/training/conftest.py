"""Training on a real database, with an engine and a workshop of ours."""

from __future__ import annotations

import pytest

from bot.training.shelf import Shelf
from tests.training.training_setup import FakeEngine, FakeWorkshop, load_topics, shelf_in, training_of


@pytest.fixture
def shelf(tmp_path) -> Shelf:
    return shelf_in(tmp_path)


@pytest.fixture
def engine(shelf) -> FakeEngine:
    return FakeEngine(shelf)


@pytest.fixture
def workshop(shelf) -> FakeWorkshop:
    return FakeWorkshop(shelf)


@pytest.fixture
async def training(sessions, clock, shelf, engine, tmp_path):
    await load_topics(sessions, clock, tmp_path / "knowledge")
    return training_of(sessions, clock, shelf, engine)
