"""Somebody new before the whole stack: with the chat page open, on Telegram, on WeChat.

`page` is all three, one after the other; a test of something that only the page has says so: `@web_only("why")`. Of a test
with many cases the page has all, and each platform the first two: what differs there is how things are shown and chosen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from bot.settings import Settings
from tests.conftest import Platforms
from tests.dialogue.platforms import OnTelegram, OnWeChat
from tests.dialogue.talking import Page

CHANNELS = ("web", "telegram", "wechat")
CASES = 2  # of a talk with many, on each platform


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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what CASES leaves out."""
    held: Counter[tuple[str, str, str]] = Counter()
    kept, left = [], []
    for item in items:
        channel = getattr(item, "callspec", None) and item.callspec.params.get("page")
        talk = (str(item.path), item.originalname, channel) if channel in CHANNELS[1:] else None
        if talk is not None:
            held[talk] += 1
        (left if talk is not None and held[talk] > CASES else kept).append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept
