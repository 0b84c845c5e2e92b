"""The chat page in a real browser, before the real gateway; only the dialogue engine is ours to script."""

import asyncio
import json
import random
import re
import shutil
import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from playwright.async_api import Browser, BrowserContext, Page, WebSocketRoute, async_playwright, expect

from bot.migrating import upgrade
from bot.settings import Settings
from bot.web.app import build

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"]
PHONE = {"width": 390, "height": 844}

pytestmark = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")]


# -- what the page talks to ------------------------------------------------------------------------------------------


@dataclass
class ScriptedEngine:
    """Answers each text with what the test put down for it; counts what it was asked."""

    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    delay: float = 0.0

    async def turn(self, request: web.Request) -> web.Response:
        said = await request.json()
        text = said.get("text") or said["payload"]
        self.asked.append(text)
        await asyncio.sleep(self.delay)
        message = self.answers.get(text, {"text": f"听到了：{text[:40]}"})
        understood = {"intent": None, "confidence": None, "ranking": [], "slots": {}, "actions": []}
        return web.json_response({"messages": [message], "understood": understood})


def reply(*paragraphs: str, **more: Any) -> dict[str, Any]:
    return {"custom": {"paragraphs": list(paragraphs), **more}}


POLICY = reply(
    "【试用期工资】多少钱：\n不得低于约定工资的80%。\n· 不够110人、不够12000元的另算\n· 打12333问，或者看https://www.gov.cn/zhengce/。",
    source={"text": "来源：《劳动合同法》第二十条", "url": "https://www.gov.cn/flfg/"},
    caveat="以当地最新公布为准",
    checked="2026-11-23",
    choices=[{"label": "怎么维权", "payload": "/policy"}],
    rateable=True,
)
LONG = reply("\n".join(f"第{n}行，说的是同一件事，写得长一点好看它折不折。" for n in range(1, 31)), rateable=True)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


async def serve(app: web.Application, port: int) -> web.AppRunner:
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner


@pytest.fixture
async def engine() -> AsyncIterator[ScriptedEngine]:
    scripted = ScriptedEngine({"试用期": POLICY, "长": LONG})
    app = web.Application()
    app.router.add_post("/{path:.*}", scripted.turn)
    scripted.port = free_port()
    runner = await serve(app, scripted.port)
    yield scripted
    await runner.cleanup()


@pytest.fixture
def options() -> dict[str, Any]:
    """Settings that differ in one test: parametrize it there."""
    return {}


@pytest.fixture
async def address(engine: ScriptedEngine, options: dict[str, Any], tmp_path) -> AsyncIterator[str]:
    port = free_port()
    settings = Settings(
        **{"var": tmp_path, "port": port, "engine_port": engine.port, "rate_person": 200, "_env_file": None} | options
    )
    await upgrade(settings.database)
    runner = await serve(build(settings), port)
    yield f"http://127.0.0.1:{port}"
    await runner.cleanup()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield browser
        await browser.close()


@pytest.fixture
async def phone(browser: Browser) -> BrowserContext:
    return await browser.new_context(viewport=PHONE, locale="zh-CN", reduced_motion="reduce")


@pytest.fixture
async def page(phone: BrowserContext, address: str) -> Page:
    page = await phone.new_page()
    page.set_default_timeout(10_000)
    page.broken = []
    page.on("pageerror", lambda error: page.broken.append(str(error)))
    page.on("console", lambda said: page.broken.append(said.text) if "Security Policy" in said.text else None)
    await page.goto(f"{address}/chat")
    await expect(page.locator(".greeting")).to_be_visible()
    return page


class Line:
    """A connection that can be cut before a frame goes out or comes in, or go silent without being cut."""

    def __init__(self) -> None:
        self.up = True
        self.deaf = False
        self.twice = False
        self.chance = 0.0
        self.luck = random.Random(961)
        self.cut_out: str | None = None
        self.cut_in: str | None = None
        self.sent: list[dict[str, Any]] = []
        self._news = asyncio.Event()
        self._cuts: list[asyncio.Future[Any]] = []

    async def between(self, page: Page) -> None:
        await page.route_web_socket(re.compile("/chat/socket"), self._route)
        await page.reload()

    async def _route(self, near: WebSocketRoute) -> None:
        if not self.up:
            await near.close()
            return
        far = near.connect_to_server()
        near.on_message(self._passing("cut_out", near, far, far.send))
        far.on_message(self._passing("cut_in", near, far, near.send))

    def _passing(
        self, cut: str, near: WebSocketRoute, far: WebSocketRoute, send: Callable[[str], None]
    ) -> Callable[[str], None]:
        def handle(frame: str) -> None:
            kind = json.loads(frame)["type"]
            if getattr(self, cut) == kind or self.luck.random() < self.chance:
                setattr(self, cut, None)
                self._cuts.append(asyncio.gather(far.close(), near.close()))
                return
            if cut == "cut_out":
                self.sent.append(json.loads(frame))
                self._news.set()
            elif self.deaf:
                return
            elif self.twice:
                send(frame)
            send(frame)

        return handle

    async def says(self, kind: str) -> None:
        """Wait until the page has sent a frame of this kind."""
        async with asyncio.timeout(10):
            while not any(frame["type"] == kind for frame in self.sent):
                self._news.clear()
                await self._news.wait()


@pytest.fixture
async def line(page: Page) -> Line:
    line = Line()
    await line.between(page)
    await expect(page.locator(".greeting")).to_be_visible()
    return line


async def type_and_send(page: Page, text: str) -> None:
    await page.locator("#box").fill(text)
    await page.locator("#box").press("Enter")


def mine(page: Page):
    return page.locator(".me .body")


def told(page: Page):
    return page.locator(".bot:not(.greeting) .body")


# -- saying and pressing ---------------------------------------------------------------------------------------------


async def test_a_pressed_choice_shows_as_my_words_and_is_answered(page):
    await page.get_by_role("button", name="创业担保贷款").click()

    await expect(mine(page)).to_have_text(["创业担保贷款"])
    await expect(told(page)).to_have_count(1)
    await expect(page.locator(".pending")).to_have_count(0)


async def test_what_was_said_is_there_after_a_reload(page):
    await type_and_send(page, "你好")
    await expect(told(page)).to_have_text(["听到了：你好"])

    await page.reload()

    await expect(mine(page)).to_have_text(["你好"])
    await expect(told(page)).to_have_text(["听到了：你好"])


async def test_a_masked_number_shows_as_it_was_stored(page):
    await type_and_send(page, "我的手机是13800138000")

    await expect(mine(page)).to_have_text(["我的手机是〔手机号〕"])


async def test_enter_sends_and_shift_enter_begins_a_line(page, engine):
    box = page.locator("#box")
    await box.press_sequentially("第一行")
    await box.press("Shift+Enter")
    await box.press_sequentially("第二行")
    await box.press("Enter")

    await expect(told(page)).to_have_count(1)
    assert engine.asked == ["第一行\n第二行"]


async def test_enter_that_picks_a_word_of_the_input_method_does_not_send(page, engine):
    box = page.locator("#box")
    await box.fill("打到一半")
    await box.evaluate("n => n.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true}))")

    await expect(box).to_have_value("打到一半")
    assert engine.asked == []


async def test_an_empty_box_is_answered_kindly_and_sends_nothing(page, engine):
    await page.get_by_role("button", name="发送").click()

    await expect(page.get_by_role("alert")).to_contain_text("写几个字")
    assert engine.asked == []


async def test_a_text_over_the_limit_stays_and_says_why(page, engine):
    await type_and_send(page, "长" * 2012)

    await expect(page.locator("#count")).to_contain_text("多了12个字")
    await expect(page.get_by_role("button", name="发送")).to_have_attribute("aria-disabled", "true")
    await expect(page.locator("#box")).to_have_value("长" * 2012)
    await expect(page.get_by_role("alert")).to_be_hidden()
    assert engine.asked == []


async def test_the_typing_sign_shows_while_an_answer_is_made(page, engine):
    engine.delay = 1.0

    await type_and_send(page, "慢慢想")

    await expect(page.locator("#typing")).to_be_visible()
    await expect(page.get_by_role("status").filter(has_text="小同正在输入")).to_have_count(1)
    await expect(told(page)).to_have_count(1)
    await expect(page.locator("#typing")).to_be_hidden()


# -- a line that drops -----------------------------------------------------------------------------------------------


async def test_a_message_lost_on_the_way_out_arrives_once(page, line, engine):
    line.cut_out = "say"

    await type_and_send(page, "半路丢了")

    await expect(told(page)).to_have_text(["听到了：半路丢了"])
    await expect(mine(page)).to_have_text(["半路丢了"])
    assert engine.asked == ["半路丢了"]


async def test_a_message_whose_receipt_was_lost_is_not_doubled(page, line, engine):
    line.cut_in = "ack"

    await type_and_send(page, "回执丢了")

    await expect(told(page)).to_have_text(["听到了：回执丢了"])
    await expect(mine(page)).to_have_text(["回执丢了"])
    await expect(page.locator(".pending")).to_have_count(0)
    assert engine.asked == ["回执丢了"]
    await page.reload()
    await expect(mine(page)).to_have_text(["回执丢了"])


async def test_what_is_delivered_twice_is_shown_once(page, line):
    line.twice = True

    await type_and_send(page, "一遍就够")
    await expect(told(page)).to_have_text(["听到了：一遍就够"])
    await type_and_send(page, "再来")

    await expect(told(page)).to_have_text(["听到了：一遍就够", "听到了：再来"])
    await expect(mine(page)).to_have_text(["一遍就够", "再来"])


async def test_an_answer_that_came_while_the_line_was_down_is_caught_up(page, line, engine):
    engine.delay = 0.5
    line.cut_in = "typing"

    await type_and_send(page, "等你回")

    await expect(told(page)).to_have_text(["听到了：等你回"])
    await expect(mine(page)).to_have_text(["等你回"])


async def test_words_said_offline_outlive_a_reload_and_go_out_in_order(page, line, engine):
    line.up = False
    await page.evaluate("window.dispatchEvent(new Event('offline'))")
    for text in ("一", "二", "三"):
        await type_and_send(page, text)
    await expect(page.locator("#banner")).to_contain_text("网络断了")

    await page.reload()
    await expect(mine(page)).to_have_text(["一", "二", "三"])
    line.up = True

    await expect(told(page)).to_have_count(3, timeout=20_000)
    await expect(mine(page)).to_have_text(["一", "二", "三"])
    await expect(page.locator("#banner")).to_be_empty()
    assert engine.asked == ["一", "二", "三"]


async def test_a_line_that_drops_all_the_time_loses_and_doubles_nothing(page, line, engine):
    line.chance = 0.06
    texts = [f"第{n}句" for n in range(12)]
    for text in texts:
        await type_and_send(page, text)
        await page.wait_for_timeout(line.luck.randint(0, 300))

    await expect(told(page)).to_have_count(12, timeout=60_000)
    await expect(mine(page)).to_have_text(texts)
    await expect(page.locator(".pending")).to_have_count(0)
    assert engine.asked == texts


async def test_a_line_that_went_silent_is_given_up_and_opened_anew(page, line):
    await page.clock.install()
    await page.reload()
    await expect(page.locator(".greeting")).to_be_visible()
    line.sent.clear()
    line.deaf = True

    await page.clock.run_for(26_000)
    await line.says("ping")
    await page.clock.run_for(10_500)
    line.deaf = False
    await page.clock.run_for(2_000)

    await line.says("hello")
    await expect(page.locator("#banner")).to_be_empty()


async def test_two_pages_of_one_person_show_the_same(page, phone, address):
    other = await phone.new_page()
    await other.goto(f"{address}/chat")
    await expect(other.locator(".greeting")).to_be_visible()

    await type_and_send(page, "两边都看得到")

    await expect(mine(other)).to_have_text(["两边都看得到"])
    await expect(told(other)).to_have_count(1)


# -- what is refused -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{"rate_person": 1}])
async def test_what_came_too_fast_goes_back_into_the_box(page, engine):
    await type_and_send(page, "第一句")
    await expect(told(page)).to_have_count(1)

    await type_and_send(page, "第二句")

    await expect(page.get_by_role("alert")).to_contain_text("歇")
    await expect(page.locator("#box")).to_have_value("第二句")
    await expect(page.get_by_role("button", name="重发")).to_be_visible()
    await expect(mine(page)).to_have_text(["第一句"])
    assert engine.asked == ["第一句"]


@pytest.mark.parametrize("options", [{"rate_person": 1}])
async def test_a_choice_pressed_too_fast_stays_with_a_way_to_send_it_again(page):
    await page.get_by_role("button", name="档案放哪里").click()
    await expect(told(page)).to_have_count(1)

    await page.get_by_role("button", name="创业担保贷款").click()

    failed = page.locator(".failed")
    await expect(failed).to_contain_text("歇")
    await expect(failed.get_by_role("button", name="重发")).to_be_visible()
    await failed.get_by_role("button", name="不发了").click()
    await expect(mine(page)).to_have_text(["档案放哪里"])


# -- answers ---------------------------------------------------------------------------------------------------------


async def test_a_policy_answer_has_its_title_source_caveat_and_date(page):
    await type_and_send(page, "试用期")

    answer = page.locator(".bot.latest")
    await expect(answer.get_by_role("heading")).to_contain_text("试用期工资")
    await expect(answer.get_by_role("link", name="来源：《劳动合同法》第二十条")).to_have_attribute("target", "_blank")
    await expect(answer.locator(".meta")).to_contain_text("以当地最新公布为准 · 核对于 2026年11月23日")
    await expect(answer.get_by_role("button", name="怎么维权")).to_be_visible()


async def test_hotlines_and_addresses_open_and_amounts_do_not(page):
    await type_and_send(page, "试用期")

    links = page.locator(".bot.latest .body a")
    await expect(links).to_have_text(["12333", "https://www.gov.cn/zhengce/"])
    assert await links.nth(0).get_attribute("href") == "tel:12333"
    assert await links.nth(1).get_attribute("rel") == "noopener noreferrer"


async def test_text_never_becomes_markup(page, engine):
    evil = "<img src=x onerror=\"document.title='坏'\"><b>粗</b>"
    engine.answers[evil] = reply(evil, source={"text": evil, "url": "javascript:alert(1)"}, rateable=True)

    await type_and_send(page, evil)

    await expect(told(page)).to_have_text([evil])
    await expect(mine(page)).to_have_text([evil])
    assert await page.locator(".msg img, .msg b, .msg a[href^=javascript]").count() == 1  # the greeting's own mark
    assert await page.title() == "小同 · 对话青春"


async def test_a_long_answer_is_folded_until_asked_for(page):
    await type_and_send(page, "长")
    await expect(page.get_by_role("button", name="展开全文")).to_be_visible()
    body = page.locator(".bot.latest .body")
    folded = (await body.bounding_box())["height"]

    await page.get_by_role("button", name="展开全文").click()
    assert (await body.bounding_box())["height"] > 2 * folded

    await page.get_by_role("button", name="收起").click()
    assert (await body.bounding_box())["height"] == folded


async def test_a_reply_below_what_is_read_is_announced_by_a_pill(page, engine):
    await type_and_send(page, "长")
    await page.get_by_role("button", name="展开全文").click()
    engine.delay = 0.5
    await type_and_send(page, "再来一句")
    await expect(mine(page)).to_have_count(2)
    await page.locator("#scroll").evaluate("node => { node.scrollTop = 0 }")

    pill = page.get_by_role("button", name="新消息")
    await expect(pill).to_be_visible()
    await pill.click()

    await expect(told(page).last).to_be_in_viewport()
    await expect(pill).to_be_hidden()


# -- 👍 👎, 重新开始 ----------------------------------------------------------------------------------------------------


async def test_a_thumb_down_asks_why_and_is_kept(page, line):
    await type_and_send(page, "试用期")
    await page.get_by_role("button", name="没用").click()
    await page.get_by_role("button", name="过时").click()
    await page.get_by_role("button", name="看不懂").click()
    await page.get_by_label("想补一句").fill("标准已经改了")
    await page.get_by_role("button", name="提交").click()

    await expect(page.get_by_text("谢谢，记下了")).to_be_visible()
    rated = [frame for frame in line.sent if frame["type"] == "feedback"]
    assert [frame["reasons"] for frame in rated] == [[], ["过时", "看不懂"]]
    assert rated[-1]["comment"] == "标准已经改了"
    await page.reload()
    await expect(page.get_by_role("button", name="没用")).to_have_attribute("aria-pressed", "true")


async def test_a_rating_given_while_the_line_drops_is_sent_again(page, line):
    await type_and_send(page, "试用期")
    line.cut_out = "feedback"

    await page.get_by_role("button", name="有用").click()

    await expect(page.get_by_role("button", name="有用")).to_have_attribute("aria-pressed", "true")
    await line.says("feedback")
    await page.reload()
    await expect(page.get_by_role("button", name="有用")).to_have_attribute("aria-pressed", "true")


async def test_starting_again_asks_first_and_clears_every_page(page, phone, address):
    await type_and_send(page, "旧话")
    await expect(told(page)).to_have_count(1)
    other = await phone.new_page()
    await other.goto(f"{address}/chat")
    await expect(mine(other)).to_have_text(["旧话"])

    await page.get_by_role("button", name="重新开始").click()
    await page.get_by_role("button", name="先不").click()
    await expect(mine(page)).to_have_text(["旧话"])
    await page.get_by_role("button", name="重新开始").click()
    await page.get_by_role("button", name="清空重来").click()

    for each in (page, other):
        await expect(mine(each)).to_have_count(0)
        await expect(each.locator(".greeting")).to_be_visible()
    await type_and_send(page, "新话")
    await expect(mine(other)).to_have_text(["新话"])


async def test_starting_again_over_a_dropped_line_happens_once(page, line):
    await type_and_send(page, "旧话")
    await expect(told(page)).to_have_count(1)
    line.cut_in = "restarted"

    await page.get_by_role("button", name="重新开始").click()
    await page.get_by_role("button", name="清空重来").click()

    await expect(mine(page)).to_have_count(0)
    await type_and_send(page, "新话")
    await expect(told(page)).to_have_text(["听到了：新话"])
    await page.reload()
    await expect(mine(page)).to_have_text(["新话"])


# -- how it looks and whom it lets in ---------------------------------------------------------------------------------

CONTRAST = """() => {
  const rgba = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * x + 0.7152 * y + 0.0722 * z;
  };
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const colour = rgba(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const node = walk.currentNode.parentElement;
    if (!walk.currentNode.data.trim() || !node.getClientRects().length || node.closest('noscript, .sr')) continue;
    const [a, b] = [light(rgba(getComputedStyle(node).color)), light(ground(node))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) poor.push(walk.currentNode.data.trim() + ' ' + ratio.toFixed(2));
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_all_text_can_be_read_on_its_ground(page, scheme):
    await page.emulate_media(color_scheme=scheme)
    await type_and_send(page, "你好")
    await type_and_send(page, "试用期")
    await page.get_by_role("button", name="没用").click()
    await page.get_by_role("button", name="过时").click()
    await page.locator("#box").fill("长" * 2010)
    await page.get_by_role("button", name="菜单").click()

    assert await page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_nothing_runs_out_at_the_side(page, width):
    await page.set_viewport_size({"width": width, "height": 700})
    await type_and_send(page, "试用期")
    await expect(page.locator(".bot.latest .meta")).to_be_visible()

    assert await page.evaluate("document.getElementById('scroll').scrollWidth") <= width
    assert await page.evaluate("document.getElementById('log').clientWidth") <= 760
    assert float((await page.locator("body").evaluate("n => getComputedStyle(n).fontSize")).removesuffix("px")) >= 17


async def test_what_can_be_pressed_is_large_enough_for_a_thumb(page):
    await type_and_send(page, "试用期")
    await expect(page.locator(".bot.latest .rate")).to_be_visible()

    sizes = await page.eval_on_selector_all(
        "button:not([hidden])", "all => all.filter(b => b.offsetParent).map(b => [b.offsetWidth, b.offsetHeight])"
    )

    assert all(width >= 40 and height >= 40 for width, height in sizes)


async def test_escape_closes_the_menu_and_gives_the_focus_back(page):
    await page.get_by_role("button", name="菜单").press("Enter")
    await expect(page.locator("#code")).to_have_text(re.compile(r"^\S{4,12}$"))

    await page.keyboard.press("Escape")

    await expect(page.locator("#menu")).to_be_hidden()
    await expect(page.get_by_role("button", name="菜单")).to_be_focused()


async def test_the_page_is_light_and_asks_nobody_else(phone, address):
    page = await phone.new_page()
    bodies: dict[str, bytes] = {}

    async def keep(response) -> None:
        bodies[response.url] = await response.body()

    page.on("response", keep)
    broken: list[str] = []
    page.on("console", lambda said: broken.append(said.text))
    await page.goto(f"{address}/chat", wait_until="networkidle")
    await expect(page.locator(".greeting")).to_be_visible()

    assert all(url.startswith(address) for url in bodies)
    assert sum(map(len, bodies.values())) <= 60 * 1024
    assert broken == []


async def test_without_scripts_the_page_says_whom_to_call(browser, address):
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{address}/chat")

    await expect(page.locator(".nojs")).to_be_visible()
    await expect(page.locator(".nojs a")).to_have_text(["12333", "12345"])


async def test_the_privacy_page_leads_back(page, address):
    await page.locator(".privacy").get_by_role("link", name="隐私说明").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("隐私说明")

    await page.get_by_role("link", name="回到对话").click()
    await expect(page.locator(".greeting")).to_be_visible()


# -- in another site's page ------------------------------------------------------------------------------------------


async def league_site(address: str) -> tuple[web.AppRunner, str]:
    """A site with our one script tag and a strict policy of its own."""

    async def home(_: web.Request) -> web.Response:
        html = (
            f"<!doctype html><title>团市委</title><h1>团市委</h1><script src='{address}/chat/embed.js' async></script>"
        )
        policy = f"default-src 'none'; script-src {address}; frame-src {address}"
        return web.Response(text=html, content_type="text/html", headers={"Content-Security-Policy": policy})

    app = web.Application()
    app.router.add_get("/", home)
    port = free_port()
    return await serve(app, port), f"http://127.0.0.1:{port}/"


@pytest.mark.parametrize("options", [{"embed_origins": "http://127.0.0.1:*"}])
async def test_an_allowed_site_opens_and_closes_the_chat(browser, address):
    runner, site = await league_site(address)
    page = await (await browser.new_context(viewport={"width": 1280, "height": 800})).new_page()
    await page.goto(site)

    await page.get_by_role("button", name="问小同").click()
    frame = page.frame_locator("duihua-chat iframe")
    await expect(frame.locator(".greeting")).to_be_visible()
    box = await page.locator("duihua-chat iframe").bounding_box()
    assert (box["width"], box["height"]) == (400, 640)

    await frame.get_by_role("button", name="关闭").click()
    await expect(page.locator("duihua-chat iframe")).to_be_hidden()
    await expect(page.get_by_role("button", name="问小同")).to_be_focused()

    await page.set_viewport_size(PHONE)
    await page.get_by_role("button", name="问小同").click()
    assert await page.locator("duihua-chat iframe").bounding_box() == {"x": 0, "y": 0, **PHONE}
    await frame.locator("#box").press("Escape")
    await expect(page.locator("duihua-chat iframe")).to_be_hidden()
    await runner.cleanup()


async def test_a_site_that_is_not_allowed_gets_no_chat(browser, address):
    runner, site = await league_site(address)
    page = await browser.new_page()
    refused: list[str] = []
    page.on("console", lambda said: refused.append(said.text))
    await page.goto(site)

    await page.get_by_role("button", name="问小同").click()
    await page.wait_for_timeout(500)

    assert any("frame-ancestors" in text for text in refused)
    await expect(page.frame_locator("duihua-chat iframe").locator(".greeting")).to_have_count(0)
    await runner.cleanup()
