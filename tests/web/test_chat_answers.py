"""How answers read, how they are rated, and how a talk is begun anew."""

from playwright.async_api import expect

from tests.web.chat_page import BROWSER, mine, reply, told, type_and_send

pytestmark = BROWSER


# -- answers ---------------------------------------------------------------------------------------------------------


async def test_a_policy_answer_has_its_title_source_caveat_and_date(page):
    await type_and_send(page, "试用期")

    answer = page.locator(".bot.latest")
    await expect(answer.get_by_role("heading")).to_contain_text("试用期工资")
    await expect(answer.get_by_role("link", name="来源：《劳动合同法》第二十条")).to_have_attribute("target", "_blank")
    await expect(answer.locator(".meta")).to_contain_text("以当地最新公布为准 · 核对于 2026年11月23日")
    await expect(answer.get_by_role("button", name="怎么维权")).to_be_visible()


async def test_a_title_after_a_lead_is_a_heading_too(page, engine):
    engine.answers["转人工"] = reply("按你的事打下面的电话：", "【热线与窗口】\n社保打12333。")

    await type_and_send(page, "转人工")

    answer = page.locator(".bot.latest")
    await expect(answer.get_by_role("heading")).to_have_text("热线与窗口")
    await expect(answer).to_contain_text("按你的事打下面的电话：")
    await expect(answer.locator(".body")).to_have_text("社保打12333。")


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
