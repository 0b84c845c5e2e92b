"""What a guest said on air comes back through the real engine, where nothing else is known."""

from __future__ import annotations

import pytest

from bot.clock import clock_from
from bot.radio.answers.rules import Editor
from bot.radio.answers.service import ProgrammeAnswers
from bot.radio.groups.tables import AskedGroup
from bot.settings import Settings
from bot.store import Sessions, open_engine
from tests.dialogue.talking import Page

pytestmark = pytest.mark.stack

ASKED = "开奶茶店头一年能回本不"
TEXT = "头一年能持平就算不错，先把房租压下来。"


@pytest.fixture
async def approved(stack: Settings):
    """A guest's words on a question that no topic answers; out of service again afterwards."""
    engine = open_engine(stack.database)
    sessions, clock = Sessions(engine), clock_from(stack.now)
    answers, host, editor = ProgrammeAnswers(sessions, clock), Editor(901, "王芳"), Editor(902, "李强")
    async with sessions.begin() as db:
        group = AskedGroup(name=ASKED, created_at=clock())
        db.add(group)
        await db.flush()
        number = group.id
    fields = {"question": ASKED, "guest": "张强", "day": "2026-11-23", "said": TEXT, "text": TEXT}
    answer = await answers.write(fields, group_id=number, by=host)
    await answers.send(answer, revision=1, by=host)
    yield await answers.approve(answer, revision=2, by=editor)
    await answers.stop(answer, stopped=True, by=editor)
    await engine.dispose()


async def test_a_question_that_a_guest_answered_is_answered_with_the_guest(page: Page, approved) -> None:
    answer = await page.say(ASKED)

    assert f"11月23日节目里嘉宾张强谈到：{TEXT}" in answer.text
