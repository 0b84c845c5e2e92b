"""Booking a session through the real engine: free order, corrections, digressions, and what comes after."""

import asyncio
import re
from contextlib import AsyncExitStack
from datetime import datetime, timedelta

import pytest
from sqlalchemy import delete, func, select

from bot.clock import SHANGHAI
from bot.conversations.tables import Conversation
from bot.guidance.tables import Adviser, Booking, BookingContact, Wait
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


@pytest.mark.parametrize(
    "turns",
    [
        ["想约个老师", "简历", "下周三下午四点半", "线上"],
        ["想约李老师", "线上", "下周三下午四点半", "聊简历"],
        ["约个线上的老师", "12月2号下午", "看看简历", "四点半"],
        ["下周三四点半约个老师 想看简历", "线上"],
    ],
)
async def test_whatever_the_order_only_what_is_missing_is_asked(page: Page, turns: list[str]) -> None:
    for turn in turns:
        answer = await page.say(turn)

    assert READ_BACK.search(answer.text)


@pytest.mark.parametrize(
    ("time", "read_back"),
    [
        ("大后天下午三点", "11月27日 周五 15:00"),
        ("12月第一个周一上午十点", "12月7日 周一 10:00"),
        ("下周2两点半", "12月1日 周二 14:30"),
        ("名天下午三点", "11月25日 周三 15:00"),
        ("後天下午３點", "11月26日 周四 15:00"),
        ("周四三点", "11月26日 周四 15:00"),
    ],
)
async def test_a_time_is_read_back_with_date_and_weekday(page: Page, time: str, read_back: str) -> None:
    await page.say("想约个老师看看简历 线下也行线上也行")

    answer = await page.say(time)

    assert read_back in answer.text


@pytest.mark.parametrize(
    ("time", "reason"),
    [
        ("昨天下午三点", "已经过去了"),
        ("今天上午十点半", "太赶了"),
        ("明年3月5号", "老师的时间只排到12月24日"),
        ("元旦那天下午三点", "太远了"),
        ("周日晚上八点", "11月29日 周日"),
        ("明天早上七点", "这个点没有老师"),
    ],
)
async def test_a_time_that_cannot_be_gets_the_reason_and_others_to_choose(page: Page, time: str, reason: str) -> None:
    await page.say("想约个老师看看简历")

    answer = await page.say(time)

    assert reason in answer.text
    assert any("月" in label for label in answer.labels)


async def test_what_could_be_either_is_asked_with_two_choices(page: Page) -> None:
    await page.say("想约个老师看看简历 线上的")

    asked = await page.say("下周三四点或者四点半")
    answer = await page.say("第二个")

    assert [label for label in asked.labels if "12月2日" in label] == ["12月2日 周三 16:00", "12月2日 周三 16:30"]
    assert READ_BACK.search(answer.text)


async def test_a_full_day_puts_on_the_waiting_list_in_words(page: Page, kept: Sessions) -> None:
    async with kept.begin() as db:
        person = await db.scalar(select(Conversation.person_id).where(Conversation.code == page.conversation))
        li = await db.scalar(select(Adviser.id).where(Adviser.name == "李老师"))
        nine = datetime(2026, 12, 2, 14, tzinfo=SHANGHAI)
        for n in range(6):  # as many as an adviser has in a day
            start = nine + n * timedelta(minutes=30)
            db.add(
                Booking(
                    number=f"FULL{n}", person_id=person, adviser_id=li, place=1, starts_at=start, mode="线上", topic="简历",
                    ends_at=start + timedelta(minutes=15), free_at=start + timedelta(minutes=15), state="done",
                    created_at=start, changed_at=start,
                )
            )  # fmt: skip

    answer = await page.say("下周三下午想找个老师看看简历，线上的")
    waiting = await page.say("有空位告诉我")

    assert "约满了" in answer.text and "12月2日有空位告诉我" in answer.labels
    assert "12月2日" in waiting.text
    async with kept() as db:
        assert (await db.scalars(select(Wait.state))).all() == ["waiting"]


@pytest.mark.parametrize(
    ("said", "read_back"),
    [
        ("不对，是周六上午十点", "12月5日 周六 10:00，线上，李老师，聊简历"),
        ("改成线下", "12月2日 周三 16:30，线下，李老师，聊简历"),
        ("不是简历 是职业规划", "12月2日 周三 16:30，线上，李老师，聊职业规划"),
        ("早一点", "12月2日 周三 16:00，线上，李老师，聊简历"),
    ],
)
async def test_each_correction_changes_only_what_it_names(page: Page, said: str, read_back: str) -> None:
    await page.say("下周三下午四点半想找个老师看看简历，线上的")

    answer = await page.say(said)

    assert f"{read_back}，对吗？" in answer.text


async def test_another_adviser_is_looked_for_and_told_truly_where_there_is_none(page: Page) -> None:
    await page.say("下周三下午四点半想找个老师看看简历，线上的")

    answer = await page.say("换个老师")

    assert "别的老师这个点都没空" in answer.text
    assert any("12月" in label for label in answer.labels)


async def test_wait_a_moment_keeps_the_step(page: Page) -> None:
    await page.say("下周三下午四点半想找个老师看看简历，线上的")

    waited = await page.say("等一下")
    booked = await page.say("对")

    assert "不急" in waited.text and READ_BACK.search(waited.text)
    assert "约好了" in booked.text


async def test_two_sessions_are_told_apart_and_one_is_moved(page: Page, kept: Sessions) -> None:
    for turns in (
        ("下周三下午四点半看简历，线上的，约李老师", "对", "不留"),
        ("再约一个 周五下午三点 聊面试 线下", "对", "不留"),
    ):
        for turn in turns:
            await page.say(turn)

    asked = await page.say("改到下周六上午十点")
    chosen = await page.say("第二个")
    moved = await page.say("对")

    assert [label for label in asked.labels if "月" in label] == [
        "11月27日 周五 15:00 王老师",
        "12月2日 周三 16:30 李老师",
    ]
    assert "改成 12月5日 周六 10:00，线上，李老师，聊简历，对吗？" in chosen.text
    assert "改好了" in moved.text
    async with kept() as db:
        starts = (await db.scalars(select(Booking.starts_at).where(Booking.state == "booked"))).all()
    assert sorted(start.astimezone(SHANGHAI).day for start in starts) == [5, 27]


async def test_agreement_beside_another_matter_books_nothing(page: Page, kept: Sessions) -> None:
    await page.say("下周三下午想找个老师看看简历，线上的")
    await page.say("四点半")

    answer = await page.say("好的 对了失业金怎么领")

    assert "失业" in answer.text and "约好了" not in answer.text


@pytest.mark.web_only("opens an address with the cookie of the browser")
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


@pytest.mark.web_only("opens an address with the cookie of the browser")
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
