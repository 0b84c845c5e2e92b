"""Somebody new with the chat page open, before the whole stack."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.settings import Settings
from tests.dialogue.talking import Page


@pytest.fixture
async def page(stack: Settings) -> AsyncIterator[Page]:
    async with Page(stack) as page:
        yield page
