"""`duihua radio …`: a question from the list to the answer, and what is refused, each in a sentence."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.cli import app
from bot.clock import clock_from
from bot.conversations.tables import Conversation, Identity, Person
from bot.migrating import upgrade
from bot.radio.service import Radio
from bot.store import Sessions, open_engine

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    """A terminal in which no table breaks its cells."""
    monkeypatch.setattr("bot.cli.out", Console(width=200))


@pytest.fixture
def code(tmp_path, monkeypatch) -> str:
    """The code of the one question in a database of its own."""
    monkeypatch.setenv("DUIHUA_VAR", str(tmp_path))
    monkeypatch.setenv("DUIHUA_NOW", NOW.isoformat())
    address = f"sqlite+aiosqlite:///{tmp_path / 'duihua.db'}"

    async def make() -> str:
        await upgrade(address)
        engine = open_engine(address)
        sessions = Sessions(engine)
        async with sessions.begin() as db:
            person = Person(code="P00001", created_at=NOW)
            db.add(person)
            await db.flush()
            identity = Identity(person_id=person.id, channel="web", sender="x", created_at=NOW)
            db.add(identity)
            await db.flush()
            db.add(
                Conversation(
                    code="c", person_id=person.id, identity_id=identity.id, channel="web", started_at=NOW, last_at=NOW
                )
            )
        radio = Radio(sessions, clock_from(NOW))
        one = await radio.submit("c", "大专去国企有没有前途", nickname="小北", consent="air", key="k")
        await engine.dispose()
        return one.code

    return asyncio.run(make())


def run(*words: str, fails: int = 0) -> str:
    done = CliRunner().invoke(app, ["radio", *words])
    assert done.exit_code == fails, done.output
    return done.output


def test_a_question_is_listed_edited_selected_aired_and_answered(code):
    assert code in run("questions") and "没有提问" in run("questions", "--state", "aired")

    assert "原话：大专去国企有没有前途" in run("edit", code, "大专生进国企有没有奔头？")
    assert "已入选" in run("select", code.lower())
    assert "2026-11-24 播出" in run("aired", code, "--on", "2026-11-24")
    assert "会告诉提问人一次" in run("answer", code, "先干着看。", "--guest", "王总")
    assert "已播出 2026-11-24" in " ".join(run("questions", "--state", "aired").split())


def test_what_cannot_be_is_said_in_a_sentence(code):
    assert "没有编号是 NOSUCH 的提问" in run("select", "NOSUCH", fails=1)
    assert "先 duihua radio select" in run("aired", code, "--on", "2026-11-24", fails=1)
    assert "没有 lost 这种状态" in run("questions", "--state", "lost", fails=2)
    run("select", code)
    assert "播出日期要在 2026-11-24 到 2026-11-24 之间" in run("aired", code, "--on", "2026-12-03", fails=1)
    assert "退回了" in run("decline", code, "--reason", "和上期重了")
    assert "现在是“没选上”，不能答复" in run("answer", code, "晚了", fails=1)
