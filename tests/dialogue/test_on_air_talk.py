"""While a programme is on air, whoever asks is told so by the real engine's talk."""

from __future__ import annotations

import pytest

from bot.clock import clock_from
from bot.radio.live.service import Live
from bot.radio.programme.service import Programmes
from bot.settings import Settings
from bot.store import Sessions, open_engine
from tests.dialogue.talking import Page

pytestmark = pytest.mark.stack


@pytest.fixture
async def on_air(stack: Settings):
    """A programme that takes questions; off air again afterwards."""
    engine = open_engine(stack.database)
    sessions, clock = Sessions(engine), clock_from(stack.now)
    live, sheet = (
        Live(sessions, clock),
        await Programmes(sessions, clock).make({"day": "2026-11-24", "minutes": "30"}, by="王芳"),
    )
    await live.go_on(sheet, by="王芳")
    yield live, sheet
    await live.go_off(sheet, by="王芳")
    await engine.dispose()


async def test_a_question_on_air_is_told_that_the_producer_sees_it_or_that_it_is_for_the_next_one(
    page: Page, on_air
) -> None:
    live, sheet = on_air
    asked = await page.say("我想问嘉宾一个问题")
    await page.say("大专去国企有没有前途")
    taken = await page.press(await page.say("匿名"), "能念")
    await live.take_questions(sheet, open_=False, by="王芳")
    closed = await page.say("我想问嘉宾一个问题")

    assert "节目正在直播，现在问，导播马上能看到" in asked.text
    assert "节目正在直播，导播那边看得到" in taken.text
    assert "节目正在直播" in closed.text and "留给下一期" in closed.text
