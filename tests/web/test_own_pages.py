"""The pages that people do things on: by a link from a message, or as the browser's own person; without scripts."""

from __future__ import annotations

import asyncio
import re
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import func, select

from bot.channels.base import Sender
from bot.conversations.service import Conversations
from bot.conversations.tables import Identity
from bot.eligibility.tables import EligibilityFacts
from bot.events.tables import Event, Registration
from bot.guidance.tables import Adviser, AdviserHours, Booking, BookingContact
from bot.jobs.tables import Company, Favourite, Posting
from bot.linking.links import Links
from bot.settings import Settings
from bot.store import Sessions, open_engine
from bot.web.app import build
from bot.web.reception import RECEPTION
from tests.web.chat_page import BROWSER, free_port, serve

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # a Tuesday, 10:00 in 大同
AT = "2026-11-25T09:00"


@pytest.fixture
async def place(tmp_path, migrated_file) -> AsyncIterator[Any]:
    """A gateway with two advisers, an event with one place and a posting, and somebody who writes on Telegram."""
    settings = Settings(
        _env_file=None, var=tmp_path, port=(port := free_port()), engine_port=free_port(), now=NOW, rate_address=10_000
    )
    shutil.copy(migrated_file, tmp_path / "duihua.db")
    app = build(settings)
    runner = await serve(app, port)
    database = open_engine(settings.database)
    sessions = Sessions(database)
    async with sessions.begin() as db:
        hours = ((9 * 60, 12 * 60), (14 * 60, 17 * 60))
        advisers = [
            Adviser(
                name=name, topics=topics, modes=["线下", "电话"], base="联盟中心", sample=name == "李老师",
                hours=[AdviserHours(weekday=day, start_minute=a, end_minute=b) for day in range(1, 6) for a, b in hours],
            )
            for name, topics in (("张老师", ["简历", "面试"]), ("李老师", ["创业"]))
        ]  # fmt: skip
        event = Event(
            title="秋季招聘会", kind="job_fair", mode="offline", starts_at=NOW + timedelta(days=3), ends_at=NOW + timedelta(days=3, hours=3),
            place="会展中心", capacity=1, about="带简历来。", source="联盟", sample=True,
        )  # fmt: skip
        posting = Posting(
            key="k", content_hash="0", title="仓库管理员", job_type="全职", source="联盟", first_seen=NOW.date(), checked_on=NOW.date(), sample=True,
            company=Company(name="恒源商贸"),
        )  # fmt: skip
        db.add_all([*advisers, event, posting])
    talk = Conversations.of(settings, sessions, None)
    people = {}
    for name in ("anna", "boris"):
        sender = Sender("telegram", name)
        await talk.greet(sender)
        people[name] = await talk.person_of(sender)
    yield SimpleNamespace(
        url=f"http://127.0.0.1:{port}", app=app, sessions=sessions, advisers=[one.id for one in advisers], event=event.id,
        posting=posting.id, **people,
    )  # fmt: skip
    await database.dispose()
    await runner.cleanup()


@pytest.fixture
async def browser_of(place) -> AsyncIterator[Any]:
    """Makes a browser without scripts: cookies, forms and links."""
    made: list[aiohttp.ClientSession] = []

    def make() -> aiohttp.ClientSession:
        made.append(aiohttp.ClientSession(place.url, cookie_jar=aiohttp.CookieJar(unsafe=True)))
        return made[-1]

    yield make
    for one in made:
        await one.close()


async def link(place, person: int, path: str) -> str:
    return (await place.app[RECEPTION].link(person, path)).removeprefix(place.url)


async def get(browser, path: str, status: int = 200) -> str:
    async with browser.get(path) as answer:
        assert answer.status == status, await answer.text()
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        return unescape(await answer.text())


async def post(browser, path: str, form: dict[str, Any], status: int = 200) -> str:
    async with browser.post(path, data=form) as answer:
        assert answer.status == status, (answer.status, await answer.text())
        return unescape(await answer.text())


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page))


async def open_(place, browser, person: int, path: str) -> str:
    """Press the button of a link; the page it leads to."""
    return await post(browser, await link(place, person, path), {})


async def count(place, table, *where) -> int:
    async with place.sessions() as db:
        return await db.scalar(select(func.count()).select_from(table).where(*where)) or 0


# -- the way in --------------------------------------------------------------------------------------------------------


async def test_a_preview_uses_nothing_up_and_the_first_browser_keeps_the_link(place, browser_of):
    phone, friend, bot = browser_of(), browser_of(), browser_of()
    address = await link(place, place.anna, "/chat/mine")
    assert re.fullmatch(r"/chat/l/[\w-]{32}", address)  # nothing of the person or the page
    for _ in range(2):
        page = await get(bot, address)
        assert "打开" in page and "发给你一个人" in page

    page = await post(phone, address, {})
    assert "我的预约和报名" in page and "从聊天软件里的链接打开的" in page
    assert "我的预约和报名" in await get(phone, address)  # again: straight on
    for method in (get(friend, address, 403), post(friend, address, {}, 403)):
        assert "在别的手机或浏览器里打开过" in await method
    cookie = next(one for one in phone.cookie_jar if one.key == "duihua_visit")
    assert (cookie["httponly"], cookie["path"], cookie["samesite"]) == (True, "/chat", "Lax")
    assert "已经看不到" in await post(phone, "/chat/leave", {})
    assert "从聊天软件里的链接打开的" not in await get(phone, "/chat/mine")


async def test_what_is_no_link_of_ours_or_too_old_says_what_to_do(place, browser_of):
    who = browser_of()
    assert "再说一遍要办的事" in await get(who, f"/chat/l/{'x' * 32}", 404)
    await get(who, "/chat/l/..%2f..%2fconsole", 404)
    old = Links(place.sessions, lambda: NOW - timedelta(hours=25), "")
    address = await old.make(place.anna, "/chat/booking")
    for method in (get(who, address, 410), post(who, address, {}, 410)):
        assert "链接过时了" in await method


async def test_a_link_opens_its_own_page_and_no_other(place, browser_of):
    async with place.sessions.begin() as db:
        db.add(EligibilityFacts(person_id=place.anna, facts={"age": 22}, at=NOW))
    who = browser_of()

    assert "你说的情况" in await open_(place, who, place.anna, "/chat/eligibility")

    await get(who, "/chat/record.txt", 404)
    assert "从聊天软件里的链接打开的" not in await get(who, "/chat/booking")
    assert "代号" in await open_(place, who, place.anna, "/chat/record.txt")
    assert "聊天记录" in await get(who, "/chat/record.json")
    async with who.get("/chat/socket", headers={"Origin": place.url}) as answer:
        assert answer.status in (400, 401)  # a cookie of the chat's own is needed, and that is another person's


# -- booking -----------------------------------------------------------------------------------------------------------


async def test_a_session_is_booked_seen_taken_to_the_calendar_and_cancelled_by_link(place, browser_of):
    who = browser_of()
    page = await open_(place, who, place.anna, "/chat/booking")
    assert "11月25日 周三" in page and "张老师" in page and "示例" in page
    place_url = next(url for url in re.findall(r'href="([^"]+)"', page) if "at=" in url)
    form = await get(who, place_url)
    sent = hidden(form) | {
        "mode": "电话",
        "topic": "",
        "asked": "我叫王小明，13812345678，想改简历",
        "contact": "不是电话",
    }
    wrong = await post(who, "/chat/booking", sent, 422)
    assert "没看出是手机号" in wrong and "想改简历" in wrong and "不是电话" in wrong
    assert await count(place, Booking) == 0

    sent = hidden(wrong) | {**sent, "contact": "13812345678"}
    both = await asyncio.gather(post(who, "/chat/booking", sent), post(who, "/chat/booking", sent))  # pressed twice

    assert all("约好了" in one for one in both)
    async with place.sessions() as db:
        booking = (await db.scalars(select(Booking))).one()
        assert (booking.person_id, booking.state, booking.mode) == (place.anna, "booked", "电话")
        assert "13812345678" not in booking.asked and "想改简历" in booking.asked
    assert await count(place, BookingContact) == 1
    assert "BEGIN:VCALENDAR" in await get(who, f"/chat/booking/{booking.number}.ics")
    stranger = browser_of()
    await get(stranger, f"/chat/booking/{booking.number}.ics", 404)
    await post(stranger, f"/chat/booking/{booking.id}/cancel", {"who": ""})
    assert await count(place, Booking, Booking.state == "booked") == 1

    page = await get(who, "/chat/booking")
    assert "取消了" in await post(who, f"/chat/booking/{booking.id}/cancel", {"who": hidden(page)["who"]})
    assert await count(place, Booking, Booking.state == "cancelled") == 1


async def test_two_who_want_one_place_get_one_and_the_other_is_shown_what_is_free(place, browser_of):
    anna, boris = browser_of(), browser_of()
    forms = []
    for who, person in ((anna, place.anna), (boris, place.boris)):
        await open_(place, who, person, "/chat/booking")
        page = await get(who, f"/chat/booking?adviser={place.advisers[0]}&at={AT}")
        forms.append(hidden(page) | {"mode": "线下", "topic": "简历", "asked": "", "contact": ""})

    async with anna.post("/chat/booking", data=forms[0]) as one, boris.post("/chat/booking", data=forms[1]) as two:
        pages = {answer.status: unescape(await answer.text()) for answer in (one, two)}

    assert set(pages) == {200, 422}
    assert "约好了" in pages[200] and "已经有人约了" in pages[422] and "这几个时间还有空" in pages[422]
    assert await count(place, Booking, Booking.state == "booked") == 1
    late = await get(boris, f"/chat/booking?adviser={place.advisers[0]}&at={AT}", 422)
    assert "已经有人约了" in late
    for query in ("adviser=999&at=2026-11-25T09:00", "adviser=x&at=soon", "adviser=1&at=2026-11-29T09:00"):
        await get(boris, f"/chat/booking?{query}", 422)


async def test_somebody_new_books_as_their_own_browser_and_a_form_of_another_person_is_not_carried_out(
    place, browser_of
):
    who = browser_of()
    page = await get(who, f"/chat/booking?adviser={place.advisers[0]}&at={AT}&topic=面试")
    assert hidden(page)["who"] == "" and "<option selected>面试" in page
    sent = hidden(page) | {"mode": "线下", "topic": "面试", "asked": "", "contact": ""}
    await open_(place, who, place.anna, "/chat/booking")  # in another tab, before it is sent off

    assert "刚才那一步没有办" in await post(who, "/chat/booking", sent)
    assert await count(place, Booking) == 0
    await post(who, "/chat/leave", {})
    assert "约好了" in await post(who, "/chat/booking", sent)
    assert await count(place, Booking, Booking.person_id.not_in([place.anna, place.boris])) == 1
    assert "预约号" in await get(who, "/chat/mine")
    without_cookies = aiohttp.ClientSession(place.url, cookie_jar=aiohttp.DummyCookieJar())
    async with without_cookies:
        assert "Cookie" in await post(without_cookies, "/chat/booking", sent)


# -- events and jobs ---------------------------------------------------------------------------------------------------


async def test_an_event_is_signed_up_for_waited_for_and_given_back(place, browser_of):
    anna, boris, path = browser_of(), browser_of(), f"/chat/events/{place.event}"
    page = await open_(place, anna, place.anna, path)
    assert "示例" in page and "会展中心" in page and "还有 1 个名额" in page
    sent = hidden(page) | {"do": "sign_up"}
    page = await post(anna, path, sent)
    assert "报上了" in page and re.search(r"/chat/ticket/EVT-[2-9A-Z]{8}\.svg", page)
    await post(anna, path, sent)  # pressed twice
    page = await open_(place, boris, place.boris, path)
    page = await post(boris, path, hidden(page) | {"do": "sign_up"})
    assert "候补第 1 位" in page
    assert await count(place, Registration) == 2

    page = await post(anna, path, hidden(await get(anna, path)) | {"do": "withdraw"})
    assert "报名取消了" in page
    assert "报上了" in await get(boris, path)
    assert "这场你没有报" in await post(anna, path, hidden(await get(anna, path)) | {"do": "withdraw"})
    await get(anna, "/chat/events/9999", 404)


async def test_a_posting_is_kept_and_found_among_ones_own_things(place, browser_of):
    anna, path = browser_of(), f"/chat/jobs/{place.posting}"
    page = await open_(place, anna, place.anna, path)
    assert "恒源商贸" in page and "示例" in page and "薪资面议" in page
    assert "收藏好了" in await post(anna, path, hidden(page) | {"do": "keep"})
    assert await count(place, Favourite, Favourite.person_id == place.anna) == 1
    mine = await open_(place, anna, place.anna, "/chat/mine")
    assert "仓库管理员" in mine
    page = await get(anna, path)  # the page of one's own things leads on to it
    assert "不收藏了" in await post(anna, path, hidden(page) | {"do": "unkeep"})
    assert "还没有东西" in await get(anna, "/chat/mine")
    await get(anna, "/chat/jobs/9999", 404)


async def test_nobody_is_made_by_looking(place, browser_of):
    who, before = browser_of(), await count(place, Identity)
    for path in ("/chat/mine", "/chat/booking", f"/chat/events/{place.event}", f"/chat/jobs/{place.posting}"):
        await get(who, path)
    assert await count(place, Identity) == before


# -- in a browser ------------------------------------------------------------------------------------------------------


@pytest.mark.browser
@BROWSER[1]
@pytest.mark.parametrize("width", [390, 1280])
async def test_nothing_sticks_out_everything_can_be_read_and_pressed(place, browser: Browser, width: int, tmp_path):
    context = await browser.new_context(
        viewport={"width": width, "height": 844}, locale="zh-CN", reduced_motion="reduce", java_script_enabled=True
    )
    page = await context.new_page()
    broken: list[str] = []
    page.on(
        "console", lambda said: broken.append(said.text) if said.type == "error" and "422" not in said.text else None
    )
    await page.goto(place.url + await link(place, place.anna, "/chat/mine"))
    await page.screenshot(path=tmp_path / f"link-{width}.png", full_page=True)
    await page.get_by_role("button", name="打开").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("我的预约和报名")
    await page.get_by_role("link", name="约一对一指导").click()
    await page.screenshot(path=tmp_path / f"booking-{width}.png", full_page=True)
    await page.locator(".times a").first.click()
    await page.get_by_label("想让老师提前知道的").fill("想改简历")
    await page.get_by_label("电话（可不留").fill("123")
    await page.get_by_role("button", name="对，就约这个").click()
    await expect(page.get_by_text("没看出是手机号")).to_be_visible()
    await page.screenshot(path=tmp_path / f"wrong-{width}.png", full_page=True)
    await page.get_by_label("电话（可不留").fill("")
    await page.get_by_role("button", name="对，就约这个").click()
    await expect(page.get_by_role("status").first).to_contain_text("约好了")
    looks = [
        ("booked", None),
        ("event", f"/chat/events/{place.event}"),
        ("job", f"/chat/jobs/{place.posting}"),
        ("mine", "/chat/mine"),
    ]
    for scheme in ("light", "dark"):
        await page.emulate_media(color_scheme=scheme)
        for name, path in looks:
            if path:
                await page.goto(place.url + path)
            assert await page.evaluate("document.documentElement.scrollWidth") <= width
            sizes = await page.evaluate(
                "[...document.querySelectorAll('main *')].filter(e => !e.children.length && e.textContent.trim() && e.offsetParent)"
                ".map(e => parseFloat(getComputedStyle(e).fontSize))"
            )
            assert min(sizes) >= 12
            small = await page.evaluate(
                "[...document.querySelectorAll('main button, main .edged, main .times a, main .days a, main select, main input:not([type=hidden])')]"
                ".filter(e => e.offsetParent && e.getBoundingClientRect().height < 44 && e.type != 'radio').map(e => e.outerHTML)"
            )
            assert small == []
            await page.screenshot(path=tmp_path / f"{name}-{width}-{scheme}.png", full_page=True)
    assert broken == [], broken
    await context.close()
