"""A talk on Telegram through the whole stack: a question, a press, a session with its entry for the calendar."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

import pytest
from telegram_server import TOKEN, Sent
from telegram_server import Telegram as Server

from bot.settings import Settings
from tests.conftest import Platforms

pytestmark = pytest.mark.stack


@dataclass
class Chat:
    """Somebody new, alone with the bot."""

    platforms: Platforms
    user: int = field(default_factory=lambda: uuid.uuid4().int % 10**9)

    @property
    def platform(self) -> Server:
        return self.platforms.telegram

    @property
    def sent(self) -> list[Sent]:
        """What the bot sent here."""
        return [message for message in self.platform.sent if message.chat == self.user]

    async def until(self, true) -> None:
        """Wait for what comes in."""
        await self.platforms.there(self.platform.until(true))

    async def said(self, text: str) -> Sent:
        """The first message after something was said."""
        before = len(self.sent)
        await self.platforms.there(self.platform.say(text, user=self.user))
        await self.until(lambda: len(self.sent) > before)
        return self.sent[before]

    async def press(self, message: Sent, label: str) -> None:
        """Press a button."""
        await self.platforms.there(self.platform.press(message, label, user=self.user))

    async def after_press(self, message: Sent, label: str) -> Sent:
        """The first message after a press."""
        before = len(self.sent)
        await self.press(message, label)
        await self.until(lambda: len(self.sent) > before)
        return self.sent[before]


async def test_a_question_a_press_and_a_session_with_its_entry_for_the_calendar(
    stack: Settings, platforms: Platforms
) -> None:
    chat = Chat(platforms)
    greeting = await chat.said("/start")
    assert "小同" in greeting.text

    answer = await chat.said("灵活就业社保补贴谁能领")
    assert answer.text.startswith("【灵活就业")
    assert "👍" in answer.labels

    aspect = next(label for label in answer.labels if "材料" in label)
    materials = await chat.after_press(answer, aspect)
    assert answer.text.endswith(f"✓ {aspect}")
    assert answer.rows == []
    assert materials.text != answer.text

    read_back = await chat.said("下周三下午四点半约个线上的老师看看简历")
    assert "12月2日 周三 16:30" in read_back.text
    booked = await chat.after_press(read_back, read_back.labels[0])
    assert "约好了" in booked.text
    await chat.until(lambda: any(message.file for message in chat.sent))
    entry = next(message for message in chat.sent if message.file)
    assert entry.file is not None
    name, content = entry.file
    assert name.endswith(".ics")
    assert name.removesuffix(".ics") in booked.text
    assert b"BEGIN:VCALENDAR" in content
    assert b"20261202T163000" in content

    mine = await chat.said("/my")
    assert "12月2日 周三 16:30" in mine.text
    await chat.until(lambda: sum(message.file is not None for message in chat.sent) == 2)

    for command, words in (
        ("/help", "你可以这样问我"),
        ("/jobs", "岗位"),
        ("/policy", "（1/8）"),
        ("/cancel", "体检先不做了"),
        ("/book", "约个老师"),
        ("/privacy", "你说了算"),
        ("/start job_1", "待遇"),
    ):
        assert words in (await chat.said(command)).text

    page = await chat.said("找岗位")
    shown, count = page.text, len(chat.sent)
    await chat.press(page, "换一批")
    await chat.until(lambda: page.text != shown)
    assert len(chat.sent) == count

    logs = "".join(path.read_text(encoding="utf-8") for path in (stack.folder / "logs").glob("*"))
    assert logs
    assert TOKEN not in logs
    assert "灵活就业社保补贴谁能领" not in logs
