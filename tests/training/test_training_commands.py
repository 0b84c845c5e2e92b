"""`duihua training …`: what is new, a wish for a training, and refusals in words, without a console."""

from __future__ import annotations

import asyncio

import pytest
from typer.testing import CliRunner

from bot.cli import app
from bot.running.training import fingerprint, shelf_of
from bot.settings import read_settings
from bot.store import Sessions, open_engine
from bot.training.rules import TrainingSet
from tests.conftest import NOW, SetClock, free_port
from tests.training.training_setup import correct, load_topics


@pytest.fixture(autouse=True)
def shop(tmp_path, migrated_file, monkeypatch) -> None:
    """A live model of the files, and a correction that it has not learnt; no engine answers."""
    (tmp_path / "duihua.db").write_bytes(migrated_file.read_bytes())
    for name, value in (("VAR", tmp_path), ("ENGINE_PORT", free_port()), ("NOW", NOW.isoformat())):
        monkeypatch.setenv(f"DUIHUA_{name}", str(value))
    settings = read_settings()
    shelf = shelf_of(settings)
    settings.models.mkdir()
    for learnt in (TrainingSet(), TrainingSet({"a": {"title": "新的"}})):
        model = shelf.put(fingerprint(), learnt)
        shelf.path(model).write_bytes(b"model")
        shelf.make_live(model)

    async def fill() -> None:
        engine = open_engine(settings.database)
        await load_topics(Sessions(engine), SetClock(), tmp_path / "knowledge")
        await correct(Sessions(engine), SetClock())
        await engine.dispose()

    asyncio.run(fill())


def said(*command: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["training", *command])
    return done.exit_code, done.output


def test_a_training_is_asked_for_and_told_of_and_what_cannot_be_is_said_in_a_sentence():
    assert "还没学的：2 条" in said("status")[1]
    assert said("start") == (0, "第 1 次训练排上了。\n")
    assert "等着开始：排着队" in said("status")[1]

    assert said("start")[0] == 1
    assert "已经有一次训练在做" in said("start")[1]
    assert "还没做好" in said("activate", "1")[1]
    assert "没有这一次训练" in said("activate", "7")[1]
    assert "对话引擎这会儿连不上，还是用原来的模型" in said("rollback")[1]
