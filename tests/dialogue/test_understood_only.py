"""A text is understood without a talk: for editors who try a question, and for what is suggested to staff."""

from __future__ import annotations

import pytest
from aiohttp import ClientSession

from bot.conversations.engine import Engine, EngineUnavailable
from bot.settings import Settings
from tests.conftest import NOW

pytestmark = pytest.mark.stack


async def test_a_text_is_understood_as_in_a_talk_and_nothing_is_answered(stack: Settings):
    async with ClientSession() as http:
        engine = Engine(http, stack.engine_url, stack.engine_secret, timeout=20)
        policy = await engine.understand("毕业后档案放哪里", NOW)
        search = await engine.understand("平城区 会计 三千以上", NOW)
        command = await engine.understand("/restart", NOW)

    assert policy.intent == "policy"
    assert policy.topics[0][0] == "archive-transfer"
    assert policy.topics[0][1] > 0.5
    assert policy.aspects
    assert search.intent == "job_search"
    assert command.intent != "restart"


async def test_nobody_is_told_without_the_token(stack: Settings):
    async with ClientSession() as http:
        with pytest.raises(EngineUnavailable, match="401"):
            await Engine(http, stack.engine_url, "wrong", timeout=20).understand("你好", NOW)
