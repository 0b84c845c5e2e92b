"""One programme from the log to the air and back: the host's week, a sheet to take along, two browsers on air, and who waited is told.

Everything is done on the pages, before a real gateway; only what the dialogue engine would understand is put in its place
(its own turns are held in tests/dialogue).
"""

from __future__ import annotations

import io
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from docx import Document
from playwright.async_api import Browser, Page, expect
from sqlalchemy import select
from telegram_server import TOKEN, Telegram

from bot.conversations.tables import Conversation
from bot.conversations.telling import Telling
from bot.radio.answers.service import ProgrammeAnswers
from bot.radio.answers.serving import Guests
from bot.radio.programme.service import Programmes
from bot.radio.service import Radio
from bot.web.background import tell_of_radio
from bot.web.keys import CLOCK, COLLECTING, HUB
from bot.web.reception import RECEPTION
from tests.console.conftest import BROWSER, PASSWORD
from tests.desk.conftest import S30, World

pytestmark = BROWSER

ASKED = "国企看不看第一学历"
SAID = "我们招人，第一学历真不是门槛，看这三年做成过啥。去年进来的12个人里，有5个是大专。" + "别的也聊了不少。" * 100
TEXT = "第一学历不是门槛，看这三年做成过啥。"


@pytest.fixture
async def telegram() -> AsyncIterator[Telegram]:
    async with Telegram() as server:
        yield server


@pytest.fixture
def options(telegram: Telegram) -> dict[str, Any]:
    return {"telegram_token": TOKEN, "telegram_api": telegram.address, "telegram_rate": 1000.0}


@pytest.fixture
def opened(console, browser: Browser) -> Callable[..., Any]:
    """A browser of its own, in which nobody is signed in."""

    async def open_() -> Page:
        context = await browser.new_context(base_url=console.address, locale="zh-CN", reduced_motion="reduce")
        page = await context.new_page()
        page.set_default_timeout(20_000)
        return page

    return open_


async def sign_in(page: Page, name: str, place: str) -> None:
    await page.goto(place)
    await page.get_by_label("名字").fill(name)
    await page.get_by_label("密码").fill(PASSWORD)
    await page.get_by_role("button", name="登录").click()
    await page.wait_for_url(f"**{place}")


async def ask_programme(console, channel: str) -> None:
    """Whoever wrote last on a channel gives the question to the programme and agrees to be told."""
    async with console.sessions() as db:
        talk = await db.scalar(
            select(Conversation.code).where(Conversation.channel == channel).order_by(Conversation.id.desc())
        )
    await Radio(console.sessions, console.clock).submit(talk, ASKED, nickname=None, consent="air", key=channel)


async def test_a_programme_from_the_log_to_the_air_and_back(console, telegram, opened):
    here = World(console.sessions, console.clock)
    for name, role in (("王芳", "host"), ("李强", "host"), ("赵敏", "editor")):
        await console.account(role, name=name)
    guest = {"name": "张强", "title": "总经理", "company": "恒源商贸", "note": ""}
    await Programmes(console.sessions, console.clock).add_guest(guest)
    await here.group([("档案放哪里了", 5)], topic=await here.topic(), ago=2, outcome="served")
    group = await here.group([(ASKED, 3)], ago=1)

    # Two people ask the programme, one on the page and one on Telegram, and wait.
    asker = await opened()
    await asker.goto("/chat")
    await asker.locator("#box").fill("你好")
    await asker.locator("#box").press("Enter")
    await expect(asker.get_by_text("听到了：你好")).to_be_visible()
    await telegram.say("你好")
    await telegram.until(lambda: telegram.texts == ["听到了：你好"])
    for channel in ("web", "telegram"):
        await ask_programme(console, channel)
    await console.app[COLLECTING].collect()

    # The host signs in, makes a sheet, and puts the questions on it that were asked most.
    host = await opened()
    await sign_in(host, "王芳", "/desk")
    await host.get_by_role("link", name="建一张", exact=True).click()
    await host.get_by_label("哪天播").fill("2026-11-24")
    await host.get_by_label("嘉宾").select_option("恒源商贸总经理张强")
    await host.get_by_role("button", name="建好").click()
    await host.get_by_role("link", name="大家问什么").click()
    rows = host.locator("table.asked tbody tr")
    await expect(rows).to_have_count(2)
    await expect(rows.nth(0)).to_contain_text("档案转递")
    await expect(rows.nth(1).locator("[data-label=人数]")).to_have_text("5")  # three and the two who wait
    await rows.nth(0).get_by_role("button", name="放上").click()
    await host.get_by_role("link", name="看节目单").click()
    sheet = int(host.url.split("?")[0].rsplit("/", 1)[1])

    # It is taken along as a document, which says what is to be read out and where it is from.
    async with host.expect_download() as download:
        await host.get_by_role("link", name="DOCX").click()
    document = Document(io.BytesIO((await (await download.value).path()).read_bytes()))
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "档案转递" in text and S30 in text and "据山西省人社厅2025年3月的通知" in text

    # On air at two browsers: what comes in goes to whoever reads it out.
    console.clock.pass_(minutes=30)  # who asked before waits for the programme, and does not come in with it
    await host.goto(f"/desk/live/{sheet}")
    await host.get_by_role("button", name="开播", exact=True).click()
    microphone = await opened()
    await sign_in(microphone, "李强", f"/desk/live/{sheet}/host")
    console.clock.pass_(minutes=1)
    await here.group([("国企是不是只要985", 2)], into=group)
    card = host.locator("#block-incoming li.card").filter(has_text=ASKED)
    await expect(card.locator(".askers")).to_have_text("2")
    await card.get_by_role("button", name="送给主持人").click()
    await expect(microphone.get_by_role("heading", name=ASKED)).to_be_visible()
    await microphone.get_by_role("button", name="播完了").click()
    await expect(host.locator("#block-sent")).to_contain_text("播过")
    await host.get_by_role("button", name="下播").click()

    # What the guest said is written down, and approved by somebody else.
    await host.get_by_role("link", name="记嘉宾说了什么").click()
    await host.locator("li.card").filter(has_text=ASKED).get_by_role("link", name="记嘉宾的话").click()
    await expect(host.get_by_label("嘉宾", exact=True)).to_have_value("恒源商贸总经理张强")
    await host.get_by_label("嘉宾说的").fill(SAID)
    await host.get_by_label("要回给听众的话").fill(TEXT)
    await host.get_by_role("button", name="存好").click()
    await host.get_by_role("button", name="送去核对").click()
    editor = await opened()
    await sign_in(editor, "赵敏", "/desk/answers")
    await editor.get_by_role("link", name=ASKED).click()
    await editor.get_by_role("button", name="批准").click()
    await expect(editor.locator("main")).to_contain_text("节目答复 1-1")

    # Both who waited are told once; whoever asks next gets the same version.
    radio, telling = Radio(console.sessions, console.clock), Telling(console.sessions, console.clock)
    for _ in range(2):
        await ProgrammeAnswers(console.sessions, console.clock).spread()
        await tell_of_radio(radio, telling, console.app[HUB], console.app[CLOCK])
    console.app[RECEPTION].sending.wake()
    told = f"11月24日节目里嘉宾恒源商贸总经理张强谈到：{TEXT}"
    await expect(asker.get_by_text(told)).to_be_visible()
    await telegram.until(lambda: any(told in one for one in telegram.texts))
    assert sum(told in one for one in telegram.texts) == 1 and await asker.get_by_text(told).count() == 1
    await editor.reload()
    await expect(editor.locator(".figures")).to_contain_text("2")
    reply = await Guests(console.sessions, console.clock).instead(ASKED)
    assert reply is not None and told in reply.paragraphs
    assert reply.source is not None and reply.source.text.endswith("（节目答复 1-1）")
