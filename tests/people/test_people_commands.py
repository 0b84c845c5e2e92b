"""`duihua people …`: the first account, and what is done without the pages."""

from __future__ import annotations

import asyncio
import re

import pytest
from rich.console import Console
from typer.testing import CliRunner

from bot.cli import app
from bot.cli_people import has_accounts
from bot.settings import Settings


@pytest.fixture(autouse=True)
def _wide(monkeypatch):
    """A terminal in which no table breaks its cells."""
    monkeypatch.setattr("bot.cli.out", Console(width=200))


@pytest.fixture(autouse=True)
def var(tmp_path, migrated_file, monkeypatch):
    (tmp_path / "duihua.db").write_bytes(migrated_file.read_bytes())
    monkeypatch.setenv("DUIHUA_VAR", str(tmp_path))


def run(*words: str, fails: int = 0, typed: str = "") -> str:
    done = CliRunner().invoke(app, ["people", *words], input=typed)
    assert done.exit_code == fails, done.output
    return done.output


def test_the_first_account_gets_a_password_that_is_shown_once():
    assert "duihua people add 名字 --role admin" in run("list")

    said = run("add", "王芳", "--role", "admin", "--role", "editor")

    password = re.search(r"密码：(\S+)", said)[1]
    assert len(password) == 19
    listed = run("list")
    assert "王芳" in listed and "编辑、管理员" in listed and "要改密码" in listed
    assert password not in listed


def test_a_password_that_is_typed_is_not_shown_and_a_bad_one_is_refused():
    assert "密码不行" in run("add", "王芳", "--role", "admin", "--password", typed="kurz\n", fails=1)

    said = run("add", "王芳", "--role", "admin", "--password", typed="云冈石窟和恒山悬空寺\n")

    assert "云冈" not in said
    assert "要改密码" not in run("list")


def test_the_start_knows_whether_anybody_can_sign_in(tmp_path):
    settings = Settings(var=tmp_path, _env_file=None)
    assert not asyncio.run(has_accounts(settings))
    run("add", "王芳", "--role", "admin")
    run("add", "李雷", "--role", "admin")

    assert asyncio.run(has_accounts(settings))
    run("disable", "李雷")
    assert asyncio.run(has_accounts(settings))


def test_roles_reset_closing_and_opening_go_by_command_and_are_in_the_log():
    run("add", "王芳", "--role", "admin")
    run("add", "李雷", "--role", "editor")

    assert "主持人" in run("roles", "李雷", "--role", "host")
    assert "新密码" in run("reset-password", "李雷", "--totp")
    assert "已停用" in run("disable", "李雷")
    assert "又能登录" in run("enable", "李雷")
    assert "退出了 0 处" in run("sessions", "李雷", "--end")
    assert "操作记录完整" in run("check-audit")


def test_what_cannot_be_is_said_in_a_sentence():
    run("add", "王芳", "--role", "admin")

    assert "已经有账号了" in run("add", "王芳", "--role", "host", fails=1)
    assert "没有这个账号" in run("disable", "谁", fails=1)
    assert "最后一个管理员" in run("disable", "王芳", fails=1)
    assert "没有这位指导老师" in run("add", "赵", "--role", "adviser", "--adviser", "谁", fails=1)
    assert "名字要 1 到" in run("add", "<b>", "--role", "host", fails=1)
