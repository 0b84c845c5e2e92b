"""Two hundred personal details through every way in, then a search of every table, file, log and export: none in clear."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from itertools import batched

import pytest
from aiohttp import ClientSession

from bot.asking import Terminal
from bot.conversations.service import Conversations
from bot.settings import Settings
from bot.store import Sessions, open_engine
from tests.dialogue.personal import Secret, kept, leaks, secrets
from tests.dialogue.talking import Page, rows

pytestmark = pytest.mark.stack

AMONG = {
    "say": (),
    "booking": ("下周三下午想找个老师看看简历，线上的",),
    "contact": ("下周三下午想找个老师看看简历，线上的", "四点半", "对"),
    "radio": ("我想问嘉宾一个问题",),
    "person": ("转人工",),
    "eligibility": ("我能领什么补贴",),
    "search": ("平城区有会计的活没",),
    "privacy": ("你们存了我什么",),
}


async def _say_all(page: Page, place: str, some: tuple[Secret, ...]) -> None:
    """Where a form is open, and again whenever the last detail has closed it; every third in a comment too."""
    for n, secret in enumerate(some):
        for before in AMONG[place] if n % 4 == 0 else ():
            await page.say(before)
        for text in secret.texts:
            await page.say(text)
        if n % 3 == 0 and (answer := page.last_rateable):
            await page.send(
                type="feedback", message=answer, verdict="down", reasons=["其他"], comment=f"没说清，{secret.texts[0]}"
            )
            await page.wait(lambda: page.event("feedback", message=answer))


async def _at_the_terminal(settings: Settings, some: tuple[Secret, ...]) -> None:
    engine = open_engine(settings.database)
    try:
        async with ClientSession() as http:
            sessions = Sessions(engine)
            terminal = Terminal(Conversations.of(settings, sessions, http), sessions)
            for secret in some:
                for text in secret.texts:
                    await terminal.say(text)
    finally:
        await engine.dispose()


async def test_nothing_personal_is_kept_in_clear_whatever_way_it_came(stack: Settings) -> None:
    told = secrets(200)
    assert len({secret.kind for secret in told}) >= 12
    parts = list(batched(told, 20))
    places = list(AMONG)
    async with AsyncExitStack() as opened:
        pages = [await opened.enter_async_context(Page(stack)) for _ in parts[:-1]]
        await asyncio.gather(
            *(_say_all(page, places[n % len(places)], some) for n, (page, some) in enumerate(zip(pages, parts))),
            _at_the_terminal(stack, parts[-1]),
        )
        exports = {}
        for page in pages:
            for ending in ("txt", "json"):
                async with page.http.get(f"{stack.address}/chat/record.{ending}") as response:
                    assert response.status == 200 and "attachment" in response.headers["Content-Disposition"]
                    exports[f"export {page.person}.{ending}"] = await response.text()

    assert leaks(told, kept(stack.folder, exports)) == []
    labels = "\n".join(text for (text,) in rows(stack, "SELECT text FROM message WHERE direction = 'in'"))
    for label in ("手机号", "电话", "身份证号", "银行卡号", "号码", "邮箱", "账号", "住址", "姓名"):
        assert f"〔{label}〕" in labels, label


@pytest.mark.web_only("books a place that is gone for the next channel")
async def test_a_contact_for_a_session_is_sealed_and_in_clear_nowhere(page: Page) -> None:
    for text in ("下周四下午想找个老师看看简历，线上的", "三点半"):
        answer = await page.say(text)
    await page.press(answer, next(label for label in answer.labels if "对" in label or "确认" in label))
    mobile = Secret("mobile", (), ("13503524488",))
    await page.say("一三五 零三五二 四四八八")

    found = page.rows(
        "SELECT c.sealed FROM booking_contact c JOIN booking b ON b.id = c.booking_id JOIN person p ON p.id = b.person_id"
        " WHERE p.code = ?",
        page.person,
    )
    assert len(found) == 1
    assert leaks([mobile], kept(page.settings.folder, {})) == []


async def test_the_search_finds_what_is_there(page: Page, tmp_path) -> None:
    secret = Secret("mobile", (), ("13912345678",))
    (tmp_path / "x.log").write_text("电话 13912345678")

    assert leaks([secret], kept(tmp_path, {"export": "打一三九 1234 5678"})) == [
        "export (spelt otherwise): 13912345678",
        "file x.log: 13912345678",
    ]
