"""A person instead of the bot, through the real engine and gateway: asked for, taken over, given back, after hours."""

import pytest

from bot.clock import clock_from
from bot.handover.service import Handovers
from bot.settings import Settings
from bot.store import Sessions, open_engine
from tests.dialogue.talking import Page

pytestmark = pytest.mark.stack


@pytest.fixture
async def staff(stack: Settings, page: Page):
    """The staff's side, in a process of its own with the gateway's time."""
    engine = open_engine(stack.database)
    yield Handovers.from_settings(stack, Sessions(engine), clock_from(page.now))
    await engine.dispose()


@pytest.mark.web_only("speaks the protocol of the page")
async def test_a_person_is_asked_for_takes_over_writes_and_gives_back(page: Page, staff) -> None:
    asked = await page.say("转人工")
    queued = await page.say("我的档案被学校弄丢了，想问问去哪补")
    mine = [one for one in (await staff.inbox()).waiting if one.code == page.person]

    await staff.take(page.person, "李老师")
    await page.wait(lambda: any("李老师来了" in m["text"] for m in page.messages.values()))
    await page.send(type="say", key="silent-key-1", text="老师在吗")
    await page.wait(lambda: page.event("ack", key="silent-key-1"))
    await staff.say(page.person, "李老师", "在，带身份证去人才中心。")
    await page.wait(lambda: any(m.get("by") == "李老师" for m in page.messages.values()))
    await staff.back(page.person)
    await page.wait(lambda: any("我接着" in m["text"] for m in page.messages.values()))
    answer = await page.say("失业金怎么领")

    assert "想问啥" in asked.text
    assert "你排第" in queued.text
    assert [one.question for one in mine] == ["我的档案被学校弄丢了，想问问去哪补"]
    silent = page.rows("SELECT actions FROM turn WHERE id = (SELECT turn_id FROM message WHERE key = 'silent-key-1')")
    assert "taken_over" in silent[0]["actions"]
    assert "失业" in answer.text


async def test_a_wish_that_says_what_it_is_about_is_in_the_queue_at_once(page: Page, staff) -> None:
    answer = await page.say("转人工 我的三方协议被单位扣着不给")
    left = await page.press(answer, "不等了")

    assert "你排第" in answer.text
    assert "退出排队" in left.text


async def test_never_mind_is_understood_while_the_question_is_asked(page: Page) -> None:
    await page.say("我要真人")

    assert "不找了" in (await page.say("算了 不用了")).text


async def test_a_question_beside_the_wait_is_answered_by_the_bot(page: Page) -> None:
    await page.say("转人工 我的三方协议被单位扣着不给")

    answer = await page.say("创业担保贷款能贷多少")
    place = await page.say("还要等多久")

    assert "创业担保贷款" in answer.text
    assert "你排第" in place.text
