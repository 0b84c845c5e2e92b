"""绑定 and 解绑 as people type them, through the inbox: no training, no engine, one effect and one reply a message."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from bot.channels.base import Inbound, Sender
from bot.conversations.masking import mask
from bot.conversations.tables import Identity, Message, Person
from bot.linking.rules import wish_in
from tests.conversations.inbox_fakes import Died, DyingSessions, Gate, result

WEB, TELEGRAM = Sender("web", "anna-secret-cookie"), Sender("telegram", "4711")


def code_in(text: str) -> str:
    found = re.search(r"绑定码：([2-9A-Z]{8})\n", text)
    assert found, text
    return found[1]


def press(message, label: str) -> str:
    [token] = [choice["token"] for choice in message.body["choices"] if label in choice["label"]]
    return token


@pytest.fixture
def persons(sessions):
    async def count() -> int:
        async with sessions() as db:
            return await db.scalar(select(func.count()).select_from(Person)) or 0

    return count


@pytest.mark.parametrize(
    ("text", "do"),
    [
        ("绑定", "join"), ("绑定账号", "join"), ("我要绑定", "join"), ("怎么绑定微信？", "join"), ("“绑定”", "join"), ("帮我绑定一下吧", "join"),
        ("解绑", "part"), ("解除绑定", "part"), ("我想解绑！", "part"), ("取消绑定", "part"), ("解绑微信", "part"),
        ("绑定 7K3M9PQT", "code"), ("绑定7k3m9pqt", "code"), ("绑定：７Ｋ３Ｍ９ＰＱＴ", "code"), ("绑定码 7K3M-9PQT", "code"),
        ("7k3m 9pqt。", "code"), ("绑定 123456", "code"),
    ],
)  # fmt: skip
def test_it_is_known_by_its_words(text, do):
    wish = wish_in(text)
    assert wish is not None and wish.do == do
    if "7" in text or "７" in text:
        assert wish.code == "7K3M9PQT"


@pytest.mark.parametrize(
    "text",
    ["绑定社保卡怎么弄", "合同里有绑定服务期条款合法吗", "医保电子凭证绑定不了", "解绑银行卡要带啥", "绑定的补贴是哪个", "HELLO", "12345678", "小时工", "看看 k3",
     "简历模板 abc", "解除合同", "软件开发"],
)  # fmt: skip
def test_what_is_about_something_else_is_left_to_the_engine(text):
    wish = wish_in(text)
    assert wish is None


async def test_two_channels_are_joined_by_a_code_and_a_press_and_parted_again(say, phone, sessions, engine, persons):
    [given] = await say(WEB, "绑定")
    assert "别把码告诉别人" in given.text
    code = code_in(given.text)

    [asked] = await say(TELEGRAM, f"绑定 {code.lower()}", address="4711")
    assert "网页那边给的" in asked.text and "约的指导、报的活动" in asked.text
    assert await persons() == 2  # nothing yet
    joined, told = await say(TELEGRAM, token=press(asked, "绑定"))

    assert "绑好了" in joined.text and "网页" in joined.text and "Telegram" in joined.text
    assert told.conversation == given.conversation and "Telegram上用这边的码绑定了" in told.text.replace("在", "", 1)
    assert await persons() == 1
    [asking] = await say(WEB, "解绑")
    assert "各归各" in asking.text
    [kept] = await say(WEB, token=press(asking, "不解绑了"))
    assert kept.text == "行，还绑着。" and await persons() == 1
    apart, told = await say(WEB, token=press(asking, "留在这边"))
    assert "解绑了" in apart.text and "网页上解绑了" in told.text
    assert await persons() == 2
    [alone] = await say(WEB, "解绑")
    assert "没有和别处绑在一起" in alone.text
    assert engine.asked == []


async def test_a_code_may_come_alone_after_asking_and_is_the_engines_otherwise(say, engine):
    code = code_in((await say(WEB, "绑定"))[0].text)

    await say(TELEGRAM, code)
    assert [asked.text for asked in engine.asked] == [code]
    await say(TELEGRAM, "绑定账号")
    [asked] = await say(TELEGRAM, f"{code[:4]} {code[4:]}")
    assert press(asked, "绑定")
    [not_now] = await say(TELEGRAM, token=press(asked, "先不绑"))
    assert "没绑" in not_now.text
    [gone] = await say(TELEGRAM, f"绑定 {code}")
    assert "没有这个码" in gone.text and "还能再试 4 次" in gone.text
    [gone] = await say(TELEGRAM, token=press(asked, "是我自己"))
    assert "过时或者用过了" in gone.text


async def test_wrong_codes_lock_out_own_codes_are_sent_over_and_groups_are_refused(say):
    code = code_in((await say(WEB, "绑定"))[0].text)
    assert "另一边" in (await say(WEB, f"绑定 {code}"))[0].text
    for _ in range(4):
        [wrong] = await say(TELEGRAM, "绑定 ZZZZZZZZ")
    [locked] = await say(TELEGRAM, "绑定 ZZZZZZZZ")
    assert "还能再试 1 次" in wrong.text and "11:00 以后再试" in locked.text
    assert "11:00" in (await say(TELEGRAM, f"绑定 {code}"))[0].text
    group = Sender("telegram", "-100:4711")
    assert "群里" in (await say(group, "绑定", address="-100", shared=True))[0].text


async def test_codes_are_never_taken_for_a_number_of_a_person(say):
    for _ in range(30):
        given = (await say(WEB, "绑定"))[0].text
        for said in (code_in(given), f"绑定{code_in(given)}", f"绑定 {code_in(given).lower()}"):
            assert mask(said) == said


async def test_after_danger_nothing_is_joined_or_parted_until_released(say, sessions, persons):
    code = code_in((await say(WEB, "绑定"))[0].text)
    await say(TELEGRAM, "我不想活了")

    await say(TELEGRAM, f"绑定 {code}")

    assert await persons() == 2
    async with sessions() as db:
        said = select(Message.text).where(Message.direction == "out").order_by(Message.id.desc()).limit(1)
        assert "绑定" not in (await db.scalar(said) or "")


async def test_a_turn_that_is_being_answered_while_they_are_joined_is_answered_as_well(
    say, inbox, phone, engine, sessions, persons
):
    engine.script.append(gate := Gate(result("档案放人才中心。", slots={"topic": "x"})))
    code = code_in((await say(WEB, "绑定"))[0].text)
    [asked] = await say(TELEGRAM, f"绑定 {code}")
    received = await inbox.receive(Inbound(WEB, "slow", "档案放哪"))
    import asyncio

    answering = asyncio.create_task(inbox.answer(received.conversation_id, phone))
    await gate.reached.wait()
    await say(TELEGRAM, token=press(asked, "绑定"))
    gate.open()
    await answering

    assert await persons() == 1 and "档案放人才中心。" in phone.texts
    async with sessions() as db:
        assert await db.scalar(select(func.count()).select_from(Identity)) == 2


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("n", range(1, 5))
async def test_a_gateway_that_dies_over_the_press_leaves_one_join_and_one_reply(
    say, inbox, phone, sessions, clock, engine, persons, n, when
):
    from bot.conversations.service import Conversations

    code = code_in((await say(WEB, "绑定"))[0].text)
    [asked] = await say(TELEGRAM, f"绑定 {code}")
    received = await inbox.receive(Inbound(TELEGRAM, "press", None, press(asked, "绑定")))
    dying = Conversations(DyingSessions(sessions, n, when), clock, engine, hold_after=5.0, message_limit=200)
    try:
        await dying.answer(received.conversation_id, phone)
    except Died:
        clock.pass_(seconds=11)
    await inbox.recover(phone)

    assert await persons() == 1
    async with sessions() as db:
        replies = select(func.count()).where(Message.turn_id == received.turn_id, Message.direction == "out")
        assert await db.scalar(replies) == 1
        told = select(func.count()).select_from(Message).where(Message.key.like("joined:%"))
        assert await db.scalar(told) == 1
