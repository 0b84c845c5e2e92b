"""What goes wrong on Telegram's side or on the way there: nothing is lost, nothing is said twice that need not be."""

from __future__ import annotations

import asyncio
import logging
from collections import deque

from inbox_fakes import FakeEngine, result
from telegram_server import BOT, KEY, TOKEN, Dropped, Fault

from bot.channels.base import Sender
from bot.channels.telegram import channel
from bot.conversations.senders import digest
from bot.conversations.tables import Identity
from bot.conversations.telling import Telling
from bot.logs import Discreet
from bot.outbox import rules
from bot.outbox.addresses import Addresses
from bot.outbox.service import Outbox
from bot.outbox.tables import Address, Delivery
from bot.reply import Choice, Reply
from bot.web.keys import CLOCK

GROUP = {"id": -1001, "type": "supergroup", "title": "2026届"}


async def shown(telegram, count: int):
    await telegram.until(lambda: len(telegram.sent) >= count)
    return telegram.sent[count - 1]


async def tell(gateway, text: str, key: str):
    identity = (await gateway.read(Identity))[0].id
    return await Telling(gateway.sessions, gateway.app[CLOCK]).tell_identity(identity, Reply(paragraphs=(text,)), key)


async def settled(gateway, *states: str) -> None:
    async def as_wanted() -> bool:
        return await gateway.states() == list(states)

    await gateway.until(as_wanted)


async def test_being_asked_to_wait_is_obeyed_and_order_is_kept(running, telegram, engine):
    telegram.faults["sendMessage"] = deque([Fault(429, "Too Many Requests: retry after 1", retry_after=1)])
    async with running() as gateway:
        began = asyncio.get_running_loop().time()
        await telegram.say("一")
        await telegram.say("二")
        await shown(telegram, 2)
        waited = asyncio.get_running_loop().time() - began
        await settled(gateway, "sent", "sent")

    assert telegram.texts == ["答：一", "答：二"]
    assert waited >= 1


async def test_who_blocks_the_bot_is_sent_nothing_more_until_they_write_again(running, telegram, engine):
    async with running() as gateway:
        await telegram.say("你好")
        await shown(telegram, 1)
        telegram.blocked.add(1)
        await tell(gateway, "提醒一", "r1")
        await settled(gateway, "sent", "dead")
        assert (await gateway.read(Address))[0].left_at is not None
        asked = len(telegram.called("sendMessage"))
        await tell(gateway, "提醒二", "r2")
        await settled(gateway, "sent", "dead", "dead")
        assert len(telegram.called("sendMessage")) == asked

        telegram.blocked.clear()
        await telegram.say("我回来了")
        await shown(telegram, 2)

        assert telegram.texts == ["答：你好", "答：我回来了"]
        assert {d.reason for d in await gateway.read(Delivery)} == {None, rules.LEFT}
        assert (await gateway.read(Address))[0].left_at is None


async def test_blocking_is_noted_at_once(running, telegram, engine):
    async with running() as gateway:
        await telegram.say("你好")
        await shown(telegram, 1)
        member = {"user": BOT, "status": "member"}
        await telegram.tell(
            my_chat_member={
                "chat": {"id": 1, "type": "private"},
                "from": {"id": 1, "is_bot": False, "first_name": "小雨"},
                "date": 1795572000,
                "old_chat_member": member,
                "new_chat_member": {"user": BOT, "status": "kicked", "until_date": 0},
            }
        )

        async def left() -> bool:
            return (await gateway.read(Address))[0].left_at is not None

        await gateway.until(left)


async def test_while_the_network_is_away_nothing_is_lost_or_doubled(running, telegram, engine, monkeypatch):
    monkeypatch.setattr(channel, "LONGEST_WAIT", 0.2)
    monkeypatch.setattr(rules, "LAST_RETRY", rules.FIRST_RETRY / 10)
    async with running() as gateway:
        await telegram.say("你好")
        await shown(telegram, 1)
        telegram.away = True
        await tell(gateway, "提醒", "r1")
        for text in ("一", "二"):
            await telegram.say(text)

        async def tried_again() -> bool:
            return any(delivery.attempts >= 4 for delivery in await gateway.read(Delivery))

        await gateway.until(tried_again)
        telegram.away = False
        await shown(telegram, 4)
        await settled(gateway, "sent", "sent", "sent", "sent")

    assert sorted(telegram.texts) == sorted(["答：你好", "提醒", "答：一", "答：二"])
    assert [asked.text for asked in engine.asked] == ["你好", "一", "二"]


async def test_an_answer_whose_confirmation_was_lost_is_sent_again_rather_than_never(running, telegram, engine):
    telegram.faults["sendMessage"] = deque([Dropped(after=True)])
    async with running() as gateway:
        await telegram.say("你好")
        await shown(telegram, 2)
        await settled(gateway, "sent")

    assert telegram.texts == ["答：你好", "答：你好"]


async def test_marks_that_are_not_taken_are_left_out(running, telegram, engine):
    telegram.faults["sendMessage"] = deque([Fault(400, "Bad Request: can't parse entities: whatever")])
    engine.script.append(result("工资<5000>&福利"))
    async with running():
        await telegram.say("工资")
        message = await shown(telegram, 1)

    assert message.text == "工资<5000>&福利"
    assert "parse_mode" not in telegram.called("sendMessage")[-1]


async def test_a_message_that_is_refused_for_good_keeps_no_other_back(running, telegram, engine):
    telegram.faults["sendMessage"] = deque([Fault(400, "Bad Request: TOPIC_CLOSED")])
    async with running() as gateway:
        await telegram.say("一")
        await settled(gateway, "dead")
        await telegram.say("二")
        await shown(telegram, 1)

    assert telegram.texts == ["答：二"]


async def test_an_update_is_asked_for_again_until_it_is_written_down(running, telegram, engine, monkeypatch):
    failing = deque([OSError("the database is away"), OSError("still")])
    async with running() as gateway:
        receive = gateway.conversations.receive

        async def stumble(inbound):
            if failing:
                raise failing.popleft()
            return await receive(inbound)

        monkeypatch.setattr(gateway.conversations, "receive", stumble)
        await telegram.say("你好")
        await shown(telegram, 1)

    assert telegram.texts == ["答：你好"]


async def test_a_press_that_can_no_longer_be_shown_is_answered_all_the_same(running, telegram, engine):
    engine.script.append(result("约吗", choices=(Choice(label="确认", payload="/affirm"),)))
    telegram.faults["editMessageText"] = deque([Fault(400, "Bad Request: message can't be edited")])
    telegram.faults["answerCallbackQuery"] = deque([Fault(400, "Bad Request: query is too old")])
    async with running():
        await telegram.say("约")
        message = await shown(telegram, 1)
        await telegram.press(message, "确认")
        await shown(telegram, 2)

    assert engine.asked[-1].payload == "/affirm"
    assert message.rows == []


async def test_only_one_of_two_gateways_asks_for_updates_and_the_other_takes_over(running, gateway, telegram, engine):
    async with running() as first:
        async with gateway(behind=FakeEngine()) as second:
            await telegram.say("一")
            await shown(telegram, 1)
            await asyncio.sleep(0.3)
            asks = len(telegram.called("getMe"))
            assert asks == 2  # both know who they are
            assert (await second.messages())[0].text == "一"
            assert len(await first.read(Delivery)) == 1
        assert telegram.texts == ["答：一"]

    async with running():
        await telegram.say("二")
        await shown(telegram, 2)

    assert telegram.texts == ["答：一", "答：二"]


async def test_a_lease_that_nobody_renews_goes_to_another(gateway, clock):
    async with gateway(at=clock) as one:
        mine, other = (Outbox(one.sessions, one.app[CLOCK], Addresses(KEY)) for _ in range(2))
        assert await mine.lease("x", 30)
        assert await mine.lease("x", 30)
        assert not await other.lease("x", 30)
        clock.pass_(seconds=31)
        assert await other.lease("x", 30)
        assert not await mine.lease("x", 30)


async def test_who_writes_too_fast_is_told_once_and_who_writes_too_much_is_told_why(running, telegram, engine):
    async with running(rate_person=3) as gateway:
        for number in range(6):
            await telegram.say(f"第{number}条")
        await telegram.say("好", user=2)
        await telegram.say("字" * 201, user=3)
        await telegram.say("字" * 202, user=3)
        await telegram.until(lambda: len([text for text in telegram.texts if "最多200个字" in text]) == 2)
        await telegram.until(lambda: "答：好" in telegram.texts)

        assert len(await gateway.messages()) == 4
    assert len([text for text in telegram.texts if "发得有点快" in text]) == 1


async def test_what_has_no_words_gets_a_kind_word(running, telegram, engine):
    media = (
        {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]},
        {"voice": {"file_id": "f", "file_unique_id": "u", "duration": 2}},
        {"sticker": {"file_id": "f", "file_unique_id": "u", "type": "regular", "width": 1, "height": 1, "is_animated": False, "is_video": False}},
        {"location": {"latitude": 40.1, "longitude": 113.3}},
        {"contact": {"phone_number": "13800138000", "first_name": "小雨"}},
        {"document": {"file_id": "f", "file_unique_id": "u"}},
        {"text": "👍👍"},
    )  # fmt: skip
    async with running() as gateway:
        for number, one in enumerate(media, 1):
            await telegram.tell(message=telegram.message(**one))
            await shown(telegram, number)
        stored = [(m.kind, m.text) for m in await gateway.messages()]

    assert engine.asked == []
    assert stored[0] == ("media", "［图片］")
    assert "13800138000" not in str(stored)
    for words, text in zip(
        ("打成字", "打字跟我说", "打几个字", "哪个区县", "没存", "打不开", ""), telegram.texts, strict=True
    ):
        assert words in text


async def test_a_picture_with_words_is_its_words_and_an_edited_message_is_no_message(running, telegram, engine):
    photo = {"photo": [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]}
    async with running():
        await telegram.tell(message=telegram.message(caption="这个要交什么材料", **photo))
        await shown(telegram, 1)
        await telegram.tell(edited_message=telegram.message(text="改了"))
        await telegram.tell(message=telegram.message(new_chat_title="新名字"))
        await telegram.say("完")
        await shown(telegram, 2)

    assert [asked.text for asked in engine.asked] == ["这个要交什么材料", "完"]


async def test_in_a_group_only_what_is_meant_for_us_is_answered_under_it(running, telegram, engine):
    mention = {"type": "mention", "offset": 0, "length": 10}
    async with running() as gateway:
        await telegram.say("大家好", chat=GROUP)
        await telegram.say("/help", chat=GROUP)
        asked = await telegram.say("@DuihuaBot 档案放哪里", chat=GROUP, entities=[mention])
        answer = await shown(telegram, 1)
        reply_to = {"message_id": answer.id, "date": 1, "chat": GROUP, "from": BOT, "text": answer.text}
        await telegram.say("那社保呢", chat=GROUP, reply_to_message=reply_to)
        await shown(telegram, 2)
        await telegram.say("档案放哪里", user=1)
        await shown(telegram, 3)
        people = [identity.person_id for identity in await gateway.read(Identity)]

    assert [a.text for a in engine.asked] == ["档案放哪里", "那社保呢", "档案放哪里"]
    assert (answer.chat, answer.quotes) == (-1001, asked["message"]["message_id"])
    assert telegram.sent[2].chat == 1
    assert len(set(people)) == 2  # in the group they are somebody else: nothing of theirs is seen there


async def test_a_group_that_moved_is_found_where_it_is_now(running, telegram, engine):
    mention = {"type": "mention", "offset": 0, "length": 10}
    async with running() as gateway:
        await telegram.say("@DuihuaBot 一", chat=GROUP, entities=[mention])
        await shown(telegram, 1)
        telegram.migrated[-1001] = -1002
        await tell(gateway, "提醒", "r1")
        message = await shown(telegram, 2)
        identity = (await gateway.read(Identity))[0]
        await telegram.say("@DuihuaBot 二", chat={**GROUP, "id": -1002}, entities=[mention])
        await shown(telegram, 3)

        assert len(await gateway.read(Identity)) == 1
    assert message.chat == -1002
    assert identity.sender == digest(Sender("telegram", "-1002 1"))


async def test_the_token_is_in_no_log(gateway, telegram, engine, caplog):
    caplog.set_level(logging.DEBUG)
    telegram.faults["getMe"] = deque([Fault(401, "Unauthorized"), Fault(500, "Internal Server Error")])
    async with gateway(telegram_token=TOKEN):
        await telegram.until(lambda: telegram.called("getMe"))
        await asyncio.sleep(0.2)

    written = Discreet([TOKEN])
    lines = [written.format(record) for record in caplog.records]
    assert any("httpx" in record.name for record in caplog.records), "nothing that could have told was logged"
    assert any(TOKEN in record.getMessage() for record in caplog.records)
    assert not any(TOKEN in line for line in lines)
