"""The menu is of our commands, fits what WeChat takes, and is put there by one command."""

from __future__ import annotations

import asyncio
import shutil
from typing import Any

import pytest
from typer.testing import CliRunner
from wechat_api import SECRET, WeChatApi
from wechat_server import APP_ID

from bot.channels.base import Command
from bot.channels.wechat.menu import buttons
from bot.cli import app
from bot.conversations.commands import COMMANDS


@pytest.fixture
def asked(migrated, tmp_path, monkeypatch):
    """Runs the command with an API behind it; what it printed."""
    shutil.copyfile(migrated, tmp_path / "duihua.db")

    async def run(api: WeChatApi, *arguments: str, **more: str) -> Any:
        values = {"VAR": str(tmp_path), "WECHAT_APP_ID": APP_ID, "WECHAT_SECRET": SECRET, "WECHAT_API": api.address,
                  "PUBLIC_URL": "https://d.example.cn", **more}  # fmt: skip
        for name, value in values.items():
            monkeypatch.setenv(f"DUIHUA_{name}", value)
        return await asyncio.to_thread(CliRunner().invoke, app, ["wechat", "menu", *arguments])

    return run


def test_each_entry_is_a_command_of_ours_or_a_page():
    menu = buttons(COMMANDS, "https://d.example.cn")
    entries = [entry for button in menu for entry in button["sub_button"]]

    assert {entry["key"] for entry in entries if entry["type"] == "click"} <= {command.name for command in COMMANDS}
    assert [entry["url"] for entry in entries if entry["type"] == "view"] == ["https://d.example.cn/chat"]
    assert len(menu) <= 3
    assert all(len(button["name"]) <= 4 and len(button["sub_button"]) <= 5 for button in menu)
    assert all(len(entry["name"]) <= 8 for entry in entries)


def test_a_command_that_means_nothing_has_no_entry():
    menu = buttons([Command("jobs", "找岗位")], "https://d.example.cn")

    assert [[entry.get("key") for entry in button["sub_button"]] for button in menu] == [["jobs"], [None]]


async def test_the_menu_is_put_there_and_the_token_is_kept_for_the_gateways(asked):
    async with WeChatApi() as api:
        first, second = await asked(api), await asked(api)

        assert (first.exit_code, second.exit_code) == (0, 0)
        assert "菜单放上去了" in first.output
        assert api.menus == [buttons(COMMANDS, "https://d.example.cn")] * 2
        assert len(api.tokens) == 1


async def test_to_look_at_it_nothing_is_asked(asked):
    async with WeChatApi() as api:
        shown = await asked(api, "--show", WECHAT_SECRET="")

        assert "找岗位  jobs" in shown.output
        assert api.tokens == []


async def test_what_is_missing_or_refused_is_said_in_a_sentence(asked):
    async with WeChatApi() as api:
        assert "DUIHUA_WECHAT_SECRET" in (await asked(api, WECHAT_SECRET="")).output

        api.secret = "another"
        refused = await asked(api)
        assert refused.exit_code == 1
        assert "DUIHUA_WECHAT_SECRET is not the AppSecret" in refused.output
        assert SECRET not in refused.output
