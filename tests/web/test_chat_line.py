"""A line that drops, doubles or falls silent: nothing is lost, nothing is there twice."""

from playwright.async_api import expect

from tests.web.chat_page import BROWSER, mine, told, type_and_send

pytestmark = BROWSER


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
