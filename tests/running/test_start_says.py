"""What `duihua run` prints once all is up."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import asynccontextmanager

import pytest
from typer.testing import CliRunner

from bot.cli import app


@pytest.fixture(autouse=True)
def up(tmp_path, migrated_file, monkeypatch):
    """All is up at once, and Ctrl-C is pressed right after."""

    @asynccontextmanager
    async def running(_settings, _say, *, gateway):
        assert gateway
        asyncio.get_running_loop().call_soon(os.kill, os.getpid(), signal.SIGINT)
        yield

    (tmp_path / "duihua.db").write_bytes(migrated_file.read_bytes())
    monkeypatch.setenv("DUIHUA_VAR", str(tmp_path))
    monkeypatch.setenv("DUIHUA_PUBLIC_URL", "https://duihua.example")
    monkeypatch.setattr("bot.running.stack.running", running)


def test_the_start_tells_both_addresses_and_how_to_add_the_first_account():
    said = CliRunner().invoke(app, ["run"]).output

    assert "https://duihua.example/chat\n" in said
    assert "https://duihua.example/console\n" in said
    assert "duihua people add 你的名字 --role admin" in said
    assert "key" not in said


def test_the_start_says_nothing_of_accounts_once_there_is_one():
    CliRunner().invoke(app, ["people", "add", "王芳", "--role", "admin"])

    said = CliRunner().invoke(app, ["run"]).output

    assert "https://duihua.example/console\n" in said
    assert "people add" not in said
