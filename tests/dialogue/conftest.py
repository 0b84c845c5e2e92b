"""Somebody new before the whole stack: with the chat page open, on Telegram, on WeChat.

`page` is all three, one after the other; a test of something that only the page has says so: `@web_only("why")`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.settings import Settings
from tests.conftest import Platforms
from tests.dialogue.platforms import OnTelegram, OnWeChat
from tests.dialogue.talking import Page

CHANNELS = ("web", "telegram", "wechat")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every talk on every channel, but what is marked `web_only`."""
    if "page" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("web_only")
        metafunc.parametrize("page", CHANNELS[:1] if only else CHANNELS, indirect=True)


@pytest.fixture
async def page(request: pytest.FixtureRequest, stack: Settings, platforms: Platforms) -> AsyncIterator[Any]:
    made: dict[str, Callable[[], Any]] = {
        "web": lambda: Page(stack),
        "telegram": lambda: OnTelegram(stack, platforms=platforms),
        "wechat": lambda: OnWeChat(stack),
    }
    async with made[request.param]() as page:
        yield page
