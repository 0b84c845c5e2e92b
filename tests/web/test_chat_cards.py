"""Cards, filters and the day picker on the chat page: shown whole, within reach, readable, on any screen."""

import os
from pathlib import Path

import pytest
from playwright.async_api import expect

from bot.events.tickets import new_ticket
from tests.web.chat_page import BROWSER, CONTRAST, mine, reply, told, type_and_send

pytestmark = BROWSER

PICTURES = os.environ.get("DUIHUA_TEST_PICTURES")  # a folder to look at the pages in


def choice(label: str, payload: str, said: str | None = None) -> dict[str, str]:
    return {"label": label, "payload": payload} | ({"said": said} if said else {})


def posting(title: str, n: int, *, badge: str | None = "示例") -> dict:
    return {
        "title": title,
        "badge": badge,
        "lines": [
            "云鹿三千软件有限公司 · 平城区",
            "5000–6500元/月·13薪（5000-6500元/月+出差补助） · 大专及以上 · 截止 1月3日",
            "符合：平城区、6千以上、计算机可报、五险一金、双休",
        ],
        "choices": [
            choice("详情", f'/job{{"do":"details","of":"{n}"}}', f"看看：{title}"),
            choice("收藏", f'/job{{"do":"keep","of":"{n}"}}', f"收藏：{title}"),
        ],
    }


JOBS = reply(
    "平城区、6千以上、五险一金：有 13 个岗位，先看这 3 个。",
    "带“示例”的是演示用的岗位，公司是编的，不能投。",
    filters=[
        choice(label, f"/off {label}", f"去掉“{label}”")
        for label in ("平城区", "软件开发或前端", "6千以上", "学历大专", "五险一金", "双休", "不要销售")
    ],
    cards=[
        posting("实施工程师（应届可）", 1),
        posting("煤矿综采工作面智能化集中控制系统运维工程师（驻大同市云冈区塔山矿，四班三倒）", 2),
        posting("会计", 3, badge=None),
    ],
    choices=[choice("换一批", "/more"), choice("有新的告诉我", "/subscribe"), choice("重新找", "/restart")],
)
TICKET = new_ticket()
SIGNED_UP = reply(
    "报上了。前一天晚上我提醒你。",
    cards=[
        {
            "title": "县域企业线上招聘会（灵丘·广灵·天镇）",
            "badge": "示例",
            "lines": ["12月14日 周一 19:00–21:00", "线上", f"签到码 {TICKET}，到了给工作人员扫一下。"],
            "image": {"label": f"签到码 {TICKET}", "url": f"/chat/ticket/{TICKET}.svg"},
            "link": {"label": "活动页面", "url": "https://www.dt.gov.cn/"},
            "choices": [choice("取消报名", "/cancel")],
        }
    ],
)
DAYS = reply(
    "哪天方便？",
    days=[
        {
            "label": f"{day}日 周{'三四五六日一二'[day - 25]}",
            "choices": [choice(f"{hour}:00", f"/at {day} {hour}", f"11月{day}日 {hour}:00") for hour in hours],
        }
        for day, hours in ((25, (9, 10, 14)), (26, (15,)), (27, (9, 11, 16)), (28, (10,)), (29, (10,)), (30, (9, 14)))
    ],
    choices=[choice("都不合适", "/none")],
)


@pytest.fixture
async def page(page, engine):
    engine.answers |= {"岗位": JOBS, "报名": SIGNED_UP, "哪天": DAYS}
    return page


async def show(page, text: str):
    """Say something; the answer to it."""
    await type_and_send(page, text)
    answer = page.locator(".bot.latest")
    await expect(answer.locator(".card, .picker").first).to_be_visible()
    return answer


async def pressed(page, engine) -> str:
    """What the engine was told by the press that follows the answer shown."""
    await expect(told(page)).to_have_count(2)
    assert len(engine.asked) == 2
    return engine.asked[-1]


# -- cards -----------------------------------------------------------------------------------------------------------


async def test_a_card_has_its_title_badge_lines_and_choices(page):
    answer = await show(page, "岗位")

    await expect(answer.locator(".card")).to_have_count(3)
    first = answer.locator(".card").first
    await expect(first.get_by_role("heading")).to_contain_text("实施工程师（应届可）")
    await expect(first.locator(".badge")).to_have_text("示例")
    await expect(first.locator("p")).to_have_count(3)
    await expect(first.get_by_role("button")).to_have_text(["详情", "收藏"])
    await expect(answer.locator(".card").last.locator(".badge")).to_have_count(0)


async def test_a_pressed_choice_of_a_card_reads_as_what_it_was_about_and_goes_out_once(page, engine):
    answer = await show(page, "岗位")

    await answer.locator(".card").nth(2).get_by_role("button", name="收藏").click()

    await expect(mine(page).last).to_have_text("收藏：会计")
    assert await pressed(page, engine) == '/job{"do":"keep","of":"3"}'
    await expect(page.locator(".pending")).to_have_count(0)


async def test_cards_are_there_after_a_reload_and_can_be_pressed(page, engine):
    await show(page, "岗位")

    await page.reload()
    card = page.locator(".bot.latest .card").first
    await card.get_by_role("button", name="详情").click()

    await expect(mine(page).last).to_have_text("看看：实施工程师（应届可）")
    assert await pressed(page, engine) == '/job{"do":"details","of":"1"}'


async def test_markup_in_a_card_is_text(page, engine):
    evil = "<img src=x onerror=\"document.title='坏'\">"
    engine.answers["坏"] = reply(
        "看",
        cards=[
            {
                "title": evil,
                "badge": evil,
                "lines": [evil],
                "link": {"label": evil, "url": "javascript:alert(1)"},
                "image": {"label": evil, "url": "data:text/html,x"},
            }
        ],
    )

    answer = await show(page, "坏")

    assert await answer.locator(".card img, .card a").count() == 0
    await expect(answer.locator(".card p")).to_have_text([evil])
    assert await page.title() == "小同 · 对话青春" and page.broken == []


# -- filters ---------------------------------------------------------------------------------------------------------


async def test_filters_say_what_was_understood_and_that_a_press_takes_them_off(page, engine):
    answer = await show(page, "岗位")
    group = answer.get_by_role("group", name="查找条件，点一下去掉")
    await expect(group.get_by_role("button")).to_have_text(
        ["平城区", "软件开发或前端", "6千以上", "学历大专", "五险一金", "双休", "不要销售"]
    )

    await group.get_by_role("button", name="去掉 双休").click()

    await expect(mine(page).last).to_have_text("去掉“双休”")
    assert await pressed(page, engine) == "/off 双休"


# -- days ------------------------------------------------------------------------------------------------------------


async def test_a_day_is_chosen_and_then_a_time_of_it(page, engine):
    answer = await show(page, "哪天")
    days = answer.get_by_role("group", name="哪一天")
    await expect(days.get_by_role("button")).to_have_count(6)
    await expect(days.get_by_role("button").first).to_have_attribute("aria-pressed", "true")
    await expect(answer.get_by_role("group", name="25日 周三的时间").get_by_role("button")).to_have_text(
        ["9:00", "10:00", "14:00"]
    )

    await days.get_by_role("button", name="27日 周五").click()

    times = answer.get_by_role("group", name="27日 周五的时间").get_by_role("button")
    await expect(times).to_have_text(["9:00", "11:00", "16:00"])
    await expect(days.get_by_role("button", name="25日")).to_have_attribute("aria-pressed", "false")
    assert engine.asked == ["哪天"]
    await times.nth(1).click()
    await expect(mine(page).last).to_have_text("11月27日 11:00")
    assert await pressed(page, engine) == "/at 27 11"


async def test_the_last_day_can_be_reached_on_a_small_screen(page):
    await page.set_viewport_size({"width": 320, "height": 700})
    answer = await show(page, "哪天")
    last = answer.get_by_role("group", name="哪一天").get_by_role("button").last

    await last.focus()

    await expect(last).to_be_in_viewport(ratio=0.9)
    await page.keyboard.press("Enter")
    await expect(answer.get_by_role("group", name="30日 周一的时间").get_by_role("button")).to_have_text(
        ["9:00", "14:00"]
    )


# -- the ticket ------------------------------------------------------------------------------------------------------


async def test_the_ticket_s_picture_loads_and_is_named(page, address):
    answer = await show(page, "报名")
    picture = answer.get_by_role("img", name=f"签到码 {TICKET}")

    await picture.scroll_into_view_if_needed()
    await expect(picture).to_be_visible()
    await page.wait_for_function("() => document.querySelector('.card img').naturalWidth > 0")

    assert page.broken == []
    size = await picture.bounding_box()
    assert size["width"] == size["height"] >= 150
    assert (
        (await page.request.get(f"{address}/chat/ticket/{TICKET}.svg"))
        .headers["content-type"]
        .startswith("image/svg+xml")
    )


@pytest.mark.parametrize("code", ["EVT-123", "..%2f..%2fetc%2fpasswd", "EVT-0000OOOO", "x" * 500])
async def test_what_can_be_no_ticket_has_no_picture(page, address, code):
    assert (await page.request.get(f"{address}/chat/ticket/{code}.svg")).status == 404


async def test_a_card_s_link_opens_beside_the_chat(page):
    answer = await show(page, "报名")

    link = answer.get_by_role("link", name="活动页面")
    await expect(link).to_have_attribute("target", "_blank")
    await expect(link).to_have_attribute("rel", "noopener noreferrer")


# -- how it looks and whom it lets in ---------------------------------------------------------------------------------

OUTSIDE = """() => [...document.querySelectorAll('.card, .card *, .filters, .filters *, .picker, .times *')]
  .filter((n) => n.getClientRects().length)
  .map((n) => [n.className || n.tagName, n.getBoundingClientRect()])
  .filter(([, r]) => r.left < -0.5 || r.right > document.documentElement.clientWidth + 0.5)
  .map(([name, r]) => `${name} ${r.left}–${r.right}`)"""


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_cards_filters_and_days_stay_within_the_screen(page, width):
    await page.set_viewport_size({"width": width, "height": 800})
    for text in ("岗位", "报名", "哪天"):
        await show(page, text)
        await page.wait_for_timeout(100)
        if PICTURES:
            await page.screenshot(path=Path(PICTURES) / f"{text}-{width}.png")

        assert await page.evaluate("document.getElementById('scroll').scrollWidth") <= width
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        assert await page.evaluate(OUTSIDE) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_cards_filters_and_days_can_be_read_on_their_ground(page, scheme):
    await page.emulate_media(color_scheme=scheme)
    for text in ("岗位", "报名", "哪天"):
        await show(page, text)
        if PICTURES:
            await page.screenshot(path=Path(PICTURES) / f"{text}-{scheme}.png")

        assert await page.evaluate(CONTRAST) == []


@pytest.mark.parametrize("text", ["岗位", "报名", "哪天"])
async def test_what_can_be_pressed_on_a_card_is_large_enough_for_a_thumb(page, text):
    answer = await show(page, text)

    sizes = await answer.locator("button").evaluate_all(
        "all => all.map(b => [b.textContent, b.offsetWidth, b.offsetHeight])"
    )

    assert sizes and [size for size in sizes if size[1] < 40 or size[2] < 40] == []


async def test_everything_on_a_reply_is_reached_by_the_keyboard_in_the_order_it_is_read(page):
    answer = await show(page, "岗位")
    wanted = await answer.locator("button").evaluate_all(
        "all => all.map(b => b.getAttribute('aria-label') || b.textContent)"
    )
    await answer.locator("button").first.focus()

    reached = []
    for _ in wanted:
        focused = "() => document.activeElement.getAttribute('aria-label') || document.activeElement.textContent"
        reached.append(await page.evaluate(focused))
        ring = "() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.boxShadow }"
        assert await page.evaluate(ring) != "nonenone"
        await page.keyboard.press("Tab")

    assert reached == wanted
    assert reached[0] == "去掉 平城区" and reached[7:9] == ["详情", "收藏"] and reached[-1] == "重新找"


async def test_a_filter_is_taken_off_by_the_keyboard(page, engine):
    answer = await show(page, "岗位")

    await answer.get_by_role("button", name="去掉 五险一金").press("Enter")

    await expect(mine(page).last).to_have_text("去掉“五险一金”")
    assert await pressed(page, engine) == "/off 五险一金"
