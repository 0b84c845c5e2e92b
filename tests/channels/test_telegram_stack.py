"""A talk on Telegram through the whole stack: a question, a press, a session with its entry for the calendar."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram_server import TOKEN, Sent
from telegram_server import Telegram as Server

from bot.running.stack import running
from tests.conftest import NOW, export, stack_settings

pytestmark = pytest.mark.stack


@pytest.fixture
async def platform(telegram: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """Telegram's server with a whole stack behind it."""
    settings = stack_settings(tmp_path, now=NOW, telegram_token=TOKEN, telegram_api=telegram.address)
    export(settings, monkeypatch)
    monkeypatch.setenv("DUIHUA_TELEGRAM_TOKEN", TOKEN)
    monkeypatch.setenv("DUIHUA_TELEGRAM_API", telegram.address)
    async with running(settings, print, gateway=True):
        await telegram.until(lambda: telegram.called("getUpdates"), 60)
        yield telegram
    logs = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "logs").glob("*"))
    assert TOKEN not in logs
    assert "灵活就业社保补贴" not in logs


async def said(platform: Server, text: str) -> Sent:
    """The first message after something was said."""
    before = len(platform.sent)
    await platform.say(text)
    await platform.until(lambda: len(platform.sent) > before)
    return platform.sent[before]


async def after_press(platform: Server, message: Sent, label: str) -> Sent:
    before = len(platform.sent)
    await platform.press(message, label)
    await platform.until(lambda: len(platform.sent) > before)
    return platform.sent[before]


async def test_a_question_a_press_and_a_session_with_its_entry_for_the_calendar(platform: Server) -> None:
    greeting = await said(platform, "/start")
    assert "小同" in greeting.text

    answer = await said(platform, "灵活就业社保补贴谁能领")
    assert answer.text.startswith("【灵活就业")
    assert "👍" in answer.labels

    aspect = next(label for label in answer.labels if "材料" in label)
    materials = await after_press(platform, answer, aspect)
    assert answer.text.endswith(f"✓ {aspect}")
    assert answer.rows == []
    assert materials.text != answer.text

    read_back = await said(platform, "下周三下午四点半约个线上的老师看看简历")
    assert "12月2日 周三 16:30" in read_back.text
    booked = await after_press(platform, read_back, read_back.labels[0])
    assert "约好了" in booked.text
    await platform.until(lambda: any(message.file for message in platform.sent))
    entry = next(message for message in platform.sent if message.file)
    assert entry.file is not None
    name, content = entry.file
    assert name.endswith(".ics")
    assert name.removesuffix(".ics") in booked.text
    assert b"BEGIN:VCALENDAR" in content
    assert b"20261202T163000" in content

    mine = await said(platform, "/my")
    assert "12月2日 周三 16:30" in mine.text
    await platform.until(lambda: sum(message.file is not None for message in platform.sent) == 2)

    for command, words in (
        ("/help", "你可以这样问我"),
        ("/jobs", "岗位"),
        ("/policy", "（1/8）"),
        ("/cancel", "体检先不做了"),
        ("/book", "约个老师"),
        ("/privacy", "你说了算"),
        ("/start job_1", "待遇"),
    ):
        assert words in (await said(platform, command)).text

    page = await said(platform, "找岗位")
    shown, count = page.text, len(platform.sent)
    await platform.press(page, "换一批")
    await platform.until(lambda: page.text != shown)
    assert len(platform.sent) == count
