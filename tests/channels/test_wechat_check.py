"""`duihua wechat check` says in a sentence each what works and what to do about the rest, and writes to nobody."""

from __future__ import annotations

import asyncio
import shutil
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from typer.testing import CliRunner
from wechat_api import SECRET, WeChatApi
from wechat_server import APP_ID

from bot.channels.wechat.channel import WeChat
from bot.cli import app
from bot.clock import clock_from

TOKEN = "OurToken1"


@pytest.fixture
def asked(migrated, tmp_path, monkeypatch):
    """Runs a command with an API and a gateway's entrance behind it; what it printed."""
    shutil.copyfile(migrated, tmp_path / "duihua.db")

    async def run(api: WeChatApi, *arguments: str, known_as: str = TOKEN, **more: str) -> Any:
        gateway = web.Application()
        gateway.add_routes(WeChat(known_as, clock_from(None)).routes(None))
        async with TestServer(gateway, host="127.0.0.1") as server:
            values = {"VAR": str(tmp_path), "WECHAT_TOKEN": TOKEN, "WECHAT_APP_ID": APP_ID, "WECHAT_SECRET": SECRET,
                      "WECHAT_API": api.address, "PUBLIC_URL": str(server.make_url("")), **more}  # fmt: skip
            for name, value in values.items():
                monkeypatch.setenv(f"DUIHUA_{name}", value)
            return await asyncio.to_thread(CliRunner().invoke, app, ["wechat", *(arguments or ["check"])])

    return run


async def test_an_account_is_checked_from_the_entrance_to_what_it_may_send(asked):
    async with WeChatApi() as api:
        before = await asked(api)
        await asked(api, "menu")
        after = await asked(api, WECHAT_CUSTOMER_SERVICE="true")

        assert (before.exit_code, after.exit_code) == (0, 0)
        assert "· 还没有菜单：运行 duihua wechat menu。" in before.output
        assert "/wechat 认令牌；" in after.output
        assert "✓ AppID、AppSecret 和 IP 白名单都对" in after.output
        assert "✓ 菜单放上去了。" in after.output
        assert "✓ 公众号能发客服消息，已经打开。" in after.output
        assert api.sent == []
        assert len(api.tokens) == 1


async def test_an_address_outside_the_list_is_named_to_be_put_there(asked):
    async with WeChatApi() as api:
        api.listed = False
        found = await asked(api)

    assert found.exit_code == 1
    assert "把 203.0.113.7 加进“IP 白名单”" in found.output
    assert "菜单" not in found.output  # no token: nothing else is asked
    assert SECRET not in found.output


async def test_an_account_that_is_not_verified_is_told_what_it_does_without(asked):
    async with WeChatApi() as api:
        api.verified = False
        content, wanted = await asked(api), await asked(api, WECHAT_CUSTOMER_SERVICE="true")

    assert content.exit_code == 0
    assert "· 公众号没有自定义菜单的权限" in content.output
    assert "· 公众号不能发客服消息（没认证的不能）：晚到的答案随下一句给。" in content.output
    assert wanted.exit_code == 1
    assert "✗ 公众号不能发客服消息（没认证的不能）：去掉 DUIHUA_WECHAT_CUSTOMER_SERVICE" in wanted.output


async def test_an_entrance_that_is_shut_or_knows_another_token_is_said(asked):
    async with WeChatApi() as api:
        other = await asked(api, known_as="AnotherToken")
        shut = await asked(api, PUBLIC_URL="http://127.0.0.1:9")

    assert "✗" in other.output
    assert "不认这个令牌" in other.output
    assert "http://127.0.0.1:9/wechat 打不开" in shut.output


async def test_what_is_not_set_is_named_and_nothing_is_asked(asked):
    async with WeChatApi() as api:
        none, half = await asked(api, WECHAT_TOKEN=""), await asked(api, WECHAT_SECRET="")

    assert none.exit_code == 1
    assert "没有设 DUIHUA_WECHAT_TOKEN" in none.output
    assert half.exit_code == 0
    assert "DUIHUA_WECHAT_SECRET：回话够用" in half.output
    assert api.tokens == []


async def test_a_menu_is_taken_down_again(asked):
    async with WeChatApi() as api:
        await asked(api, "menu")
        gone = await asked(api, "menu", "--delete")

        assert gone.exit_code == 0
        assert "菜单撤下来了" in gone.output
        assert api.menus == []
