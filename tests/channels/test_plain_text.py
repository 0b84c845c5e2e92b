"""The worked example of docs/add-a-channel.md: it works, and the document has it as it is."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

from inbox_fakes import result
from plain_text import PlainText

from bot.reply import Choice
from bot.settings import ROOT


class Platform:
    """Takes texts, when there is a line."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, str]] = []
        self.cut = 0

    async def __call__(self, number: str, text: str) -> str:
        if self.cut:
            self.cut -= 1
            raise ConnectionError
        self.texts.append((number, text))
        return str(len(self.texts))

    async def until(self, count: int) -> None:
        async with asyncio.timeout(20):
            while len(self.texts) < count:  # noqa: ASYNC110 - the platform tells nobody
                await asyncio.sleep(0.01)


async def test_a_question_and_a_digit_that_presses_what_was_offered(gateway, engine):
    platform = Platform()
    engine.script.append(
        result("约周四三点？", choices=(Choice(label="好", payload="/affirm"), Choice(label="不", payload="/deny")))
    )
    async with gateway(channel=PlainText(platform)) as one:
        await one.client.post("/plain", json={"number": "10086", "id": "a1", "text": "约周四三点"})
        await platform.until(1)
        for _ in range(2):  # the platform brings it twice
            await one.client.post("/plain", json={"number": "10086", "id": "a2", "text": "1"})
        await platform.until(2)

    assert platform.texts == [("10086", "约周四三点？\n1 好\n2 不"), ("10086", "答：/affirm")]
    assert [asked.payload for asked in engine.asked] == [None, "/affirm"]


async def test_a_line_that_is_cut_loses_nothing(gateway, engine):
    platform = Platform()
    platform.cut = 1
    async with gateway(channel=PlainText(platform)) as one:
        await one.client.post("/plain", json={"number": "10086", "id": "a1", "text": "你好"})
        await platform.until(1)

    assert platform.texts == [("10086", "答：你好")]


async def test_who_writes_too_much_is_told_by_the_channel(gateway, engine):
    async with gateway(channel=PlainText(Platform())) as one:
        answer = await one.client.post("/plain", json={"number": "1", "id": "a1", "text": "字" * 201})

        assert "最多200个字" in await answer.text()


def test_the_document_has_the_channel_as_it_is():
    document = (ROOT / "docs" / "add-a-channel.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", document, re.DOTALL)

    assert block == (Path(__file__).parent / "plain_text.py").read_text(encoding="utf-8")
