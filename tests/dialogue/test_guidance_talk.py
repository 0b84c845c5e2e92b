"""Booking a session through the real engine: free order, corrections, digressions, and what comes after."""

import asyncio
import re
from contextlib import AsyncExitStack

import pytest
from sqlalchemy import delete, func, select

from bot.guidance.tables import Booking, BookingContact, Wait
from bot.settings import Settings
from bot.store import Sessions, open_engine
from tests.dialogue.talking import Page

pytestmark = pytest.mark.stack

READ_BACK = re.compile(r"12月2日 周三 16:30，线上，.老师，聊简历，对吗？")


@pytest.fixture
async def kept(stack: Settings):
    """The stack's database."""
    engine = open_engine(stack.database)
    yield Sessions(engine)
    await engine.dispose()


@pytest.fixture(autouse=True)
async def an_empty_desk(kept: Sessions) -> None:
    """No test meets the places that another one holds or has booked."""
    async with kept.begin() as db:
        await db.execute(delete(Wait))
        await db.execute(delete(Booking))


async def test_one_sentence_is_taken_as_far_as_it_goes(page: Page) -> None:
    answer = await page.say("下周三下午想找个老师看看简历，线上的")

    assert "12月2日 周三" in answer.text
    assert answer.event["days"] or answer.labels


async def test_a_correction_changes_only_what_it_names_and_is_read_back_with_the_weekday(page: Page) -> None:
    await page.say("下周三下午想找个老师看看简历，线上的")

    answer = await page.say("三点太早了，四点半")

    assert READ_BACK.search(answer.text)


@pytest.mark.parametrize(
    ("other", "answered"),
    [("灵活就业社保补贴谁能领", "【灵活就业"), ("平城区有会计的活没", "会计"), ("你好", "")],
)
async def test_something_else_is_answered_and_the_same_step_is_offered_again(
    page: Page, other: str, answered: str
) -> None:
    await page.say("下周三下午想找个老师看看简历，线上的")
    await page.say("四点半")

    between = await page.say(other)
    after = await page.say("改成三点")

    assert answered in between.text
    assert "接着" in between.text and "16:30" in between.text
    assert "12月2日 周三 15:00" in after.text


async def test_agreement_beside_another_matter_books_nothing(page: Page, kept: Sessions) -> None:
    await page.say("下周三下午想找个老师看看简历，线上的")
    await page.say("四点半")

    answer = await page.say("好的 对了失业金怎么领")

    assert "失业" in answer.text and "约好了" not in answer.text


async def test_a_booking_has_a_number_a_calendar_entry_and_can_be_called_off(page: Page) -> None:
    await page.say("下周二上午想找个老师聊聊职业规划，线上的")
    await page.say("十点")

    booked = await page.say("对")
    number = re.search(r"预约号 ([A-Z0-9]{6})", booked.text)
    assert number
    async with page.http.get(f"{page.settings.address}/chat/booking/{number[1]}.ics") as response:
        entry = await response.text()
    mine = await page.say("我约的啥")
    asked = await page.say("取消")
    gone = await page.say("对")
    async with page.http.get(f"{page.settings.address}/chat/booking/{number[1]}.ics") as response:
        cancelled = await response.text()

    assert "METHOD:REQUEST" in entry and "SEQUENCE:0" in entry
    assert number[1] in str(mine.event)
    assert "确定" in asked.text or "取消" in asked.text
    assert "取消" in gone.text
    assert "METHOD:CANCEL" in cancelled and "SEQUENCE:1" in cancelled


async def test_somebody_else_s_calendar_entry_is_not_given(page: Page, stack: Settings) -> None:
    await page.say("下周二下午想找个老师聊聊面试，线上的")
    await page.say("三点")
    number = re.search(r"预约号 ([A-Z0-9]{6})", (await page.say("对")).text)
    assert number

    async with Page(stack) as stranger, stranger.http.get(f"{stack.address}/chat/booking/{number[1]}.ics") as response:
        assert response.status == 404


async def test_a_contact_is_sealed_and_nowhere_to_be_read(page: Page, kept: Sessions) -> None:
    await page.say("下周四上午想找个老师聊聊简历，线上的")
    await page.say("九点半")
    await page.say("对")

    answer = await page.say("13912345678")

    async with kept() as db:
        sealed = (await db.scalars(select(BookingContact.sealed))).all()
    assert "记" in answer.text
    assert any(sealed) and all(b"13912345678" not in one for one in sealed)
    assert "13912345678" not in str([tuple(row) for row in page.stored()])


async def test_never_mind_stops_without_a_trace(page: Page, kept: Sessions) -> None:
    await page.say("下周三下午想找个老师看看简历，线上的")
    await page.say("四点半")
    async with kept() as db:
        held = await db.scalar(select(func.count()).select_from(Booking).where(Booking.state == "held"))

    await page.say("算了")

    async with kept() as db:
        left = await db.scalar(select(func.count()).select_from(Booking).where(Booking.state == "held"))
    assert (held, left) == (1, 0)


async def test_a_cry_for_help_in_the_middle_of_a_booking_gets_the_fixed_text_and_no_question(page: Page) -> None:
    await page.say("下周三下午想找个老师看看简历，线上的")

    answer = await page.say("我不想活了")

    assert "12356" in answer.text
    assert "接着刚才" not in answer.text


async def test_fifty_people_who_confirm_one_place_at_once_make_one_booking(stack: Settings, kept: Sessions) -> None:
    async with AsyncExitStack() as opened:
        people = [await opened.enter_async_context(Page(stack)) for _ in range(50)]
        await asyncio.gather(*(person.say("12月9号下午三点，想找李老师聊聊职业规划，线上的") for person in people))

        answers = await asyncio.gather(*(person.say("对") for person in people))

    booked = [answer for answer in answers if "约好了" in answer.text]
    async with kept() as db:
        rows = await db.scalar(select(func.count()).select_from(Booking).where(Booking.state == "booked"))
    assert len(booked) == 1
    assert rows == 1
    assert all(answer.labels or answer.event["days"] for answer in answers if answer not in booked)
