"""What is stored is told, taken away and deleted in the chat, through the real engine; then nothing of it is anywhere."""

from __future__ import annotations

import uuid

import pytest

from bot.settings import Settings
from tests.dialogue.personal import Secret, kept, leaks
from tests.dialogue.talking import Page

pytestmark = pytest.mark.stack


@pytest.mark.web_only("counts the messages with which the page begins")
async def test_what_is_stored_is_told_with_its_counts(page: Page) -> None:
    await page.say("档案放哪里")

    answer = await page.say("你们存了我什么")

    assert "聊天记录 4条" in answer.text and page.person in answer.text and "180天" in answer.text


@pytest.mark.web_only("opens an address with the cookie of the browser")
async def test_the_record_is_a_file_for_this_browser_only(page: Page, stack: Settings) -> None:
    await page.say("转正以后还能约定试用期吗")
    answer = await page.say("导出我的记录")
    [text, _] = [card["link"]["url"] for card in answer.cards]

    async with page.http.get(stack.address + text) as response:
        mine = await response.text()
    async with Page(stack) as other, other.http.get(stack.address + text) as response:
        others = await response.text()

    assert "我：转正以后还能约定试用期吗" in mine and "转正" not in others


@pytest.mark.web_only("speaks the protocol of the page")
async def test_who_deletes_their_record_begins_anew_and_is_found_nowhere(page: Page, stack: Settings) -> None:
    word = f"柠檬{uuid.uuid4().hex[:10]}"
    before, person = page.conversation, page.person
    await page.say(f"{word}专业能找啥工作")
    asked = await page.say("删除我的记录")
    assert "删了找不回来" in asked.text

    await page.press(asked, "确定，全部删掉")
    await page.wait(lambda: page.event("restarted", key=None))
    page.last_id = 0
    page.messages.clear()  # as the page does: nothing of before stands there any more
    await page.send(type="hello", after=0)
    await page.wait(lambda: page.conversation not in ("", before))

    assert page.person != person
    assert "对话青春" in page.stored()[0]["text"] and len(page.stored()) == 1
    assert page.rows("SELECT 1 FROM conversation WHERE code = ?", before) == []
    assert leaks([Secret("word", (), (word, before))], kept(stack.folder, {})) == []
    assert "档案" in (await page.say("档案放哪里")).text


async def test_a_no_deletes_nothing_and_another_question_is_answered_in_between(page: Page) -> None:
    await page.say("把我的信息都删了")
    between = await page.say("劳动合同必须签吗")
    assert "合同" in between.text

    await page.say("把我的信息都删了")
    answer = await page.say("算了不删了")

    assert "都还在" in answer.text
    assert (
        page.rows("SELECT 1 FROM forgetting f JOIN person p ON p.id = f.person_id WHERE p.code = ?", page.person) == []
    )


@pytest.mark.web_only("speaks the protocol of the page")
async def test_a_session_to_come_is_named_and_can_be_kept(page: Page) -> None:
    for text in ("下周四上午想找个老师看看简历，线上的", "十点半"):
        answer = await page.say(text)
    await page.press(answer, next(label for label in answer.labels if "对" in label or "确认" in label))
    before = page.conversation

    asked = await page.say("删除我的记录")
    assert "12月3日 周四 10:30" in asked.text and "留着，其余删掉" in asked.labels
    await page.say("预约留着，其余的删掉")
    await page.wait(lambda: page.event("restarted", key=None))

    assert page.rows("SELECT 1 FROM conversation WHERE code = ?", before) == []
    assert (
        len(page.rows("SELECT 1 FROM booking b JOIN person p ON p.id = b.person_id WHERE p.code = ?", page.person)) == 1
    )


async def test_a_number_in_two_messages_is_in_neither_and_not_in_the_engine(page: Page, stack: Settings) -> None:
    await page.say("138")
    await page.say("00664422")

    assert [row["text"] for row in page.stored() if row["direction"] == "in"] == ["〔号码〕", "〔号码〕"]
    told = [
        text for place, text in kept(stack.folder, {}) if place == "dialogue.db:state" and page.conversation in text
    ]
    assert leaks([Secret("mobile", (), ("13800664422", "00664422"))], kept(stack.folder, {})) == [] and told
