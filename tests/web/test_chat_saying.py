"""What is said and pressed on the chat page, and what is refused."""

import pytest
from playwright.async_api import expect

from tests.web.chat_page import BROWSER, mine, told, type_and_send

pytestmark = BROWSER


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
