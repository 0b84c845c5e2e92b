"""An answer that takes longer than WeChat waits: brought again, held, given later, once and by whichever gateway."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from inbox_fakes import Gate, result
from sqlalchemy import update
from wechat_server import OUT_OF_ORDER

from bot.channels.wechat.answers import HOLDING
from bot.channels.wechat.rendering import LATE
from bot.conversations.engine import EngineUnavailable
from bot.conversations.tables import Message, Turn
from bot.outbox.rules import KEPT_TO_FETCH
from bot.outbox.tables import Delivery
from tests.conftest import NOW

SLOW = {"patience": 2.0, "wechat_budget": 0.6, "hold_after": 0.3, "engine_timeout": 20}


async def test_an_answer_that_comes_at_the_second_asking_is_given_then_by_the_other_gateway(wechat, engine):
    gate = Gate(result("先去人才中心"))
    engine.script.append(gate)
    async with wechat(2, **SLOW) as account:
        asking = asyncio.create_task(account.person().say("档案放哪里"))
        await gate.reached.wait()
        await account.platform.pushed(2)
        gate.open()

        assert await asking == "先去人才中心"
        assert len({url for url, _ in account.platform.pushes}) == 2
        assert len(await account.gateway.messages()) == 1
        assert set(await account.gateway.states()) == {"sent"}
    assert len(engine.asked) == 1


async def test_at_the_last_asking_we_say_that_we_are_at_it_and_give_the_answer_with_the_next_one(wechat, engine):
    gate = Gate(result("先去人才中心"))
    engine.script.append(gate)
    async with wechat(2, **SLOW) as account:
        person = account.person()
        assert await person.say("档案放哪里") == HOLDING
        assert len(account.platform.pushes) == 3
        gate.open()
        await account.gateway.until(lambda: account.gateway.read(Turn, Turn.state == "answered"))

        assert await person.say("在吗") == f"{LATE}\n\n先去人才中心\n\n答：在吗"
        assert await person.say("好") == "答：好"
        assert set(await account.gateway.states()) == {"sent"}
    assert [asked.text for asked in engine.asked] == ["档案放哪里", "在吗", "好"]


async def test_while_an_answer_is_being_made_the_next_message_waits_behind_it_and_brings_both(wechat, engine):
    gate = Gate(result("一的答案"))
    engine.script.append(gate)
    async with wechat(2, **SLOW) as account:
        person = account.person()
        assert await person.say("一") == HOLDING
        second = asyncio.create_task(person.say("二"))
        await asyncio.sleep(0.1)
        gate.open()

        assert await second == f"{LATE}\n\n一的答案\n\n答：二"


async def test_a_message_that_comes_again_after_its_answer_gets_the_same_and_does_nothing(wechat, engine):
    async with wechat(2) as account:
        xml = account.platform.made(account.person(), {"MsgType": "text", "MsgId": 5, "Content": "你好"})
        first = await account.platform.bring(xml)
        second = await account.platform.bring(xml)
        await account.person().say("后一句")
        third = await account.platform.bring(xml)

        assert [status for status, _ in (first, second, third)] == [200] * 3
        assert all("<![CDATA[答：你好]]>" in body for _, body in (first, second, third))
        assert len(await account.gateway.messages()) == 2


async def test_the_same_message_at_once_at_both_gateways_is_one_and_has_one_answer(wechat, engine):
    async with wechat(2) as account:
        person = account.person()
        for number in range(6):
            xml = account.platform.made(person, {"MsgType": "text", "MsgId": number + 1, "Content": f"第{number}句"})
            answers = await asyncio.gather(*(account.platform.bring(xml) for _ in range(4)))

            assert {status for status, _ in answers} == {200}
            assert all(f"答：第{number}句" in body for _, body in answers)
        assert len(await account.gateway.messages()) == 6
        assert len(await account.gateway.messages("out")) == 6
        assert await account.gateway.states() == ["sent"] * 6


async def test_messages_that_overtake_one_another_get_one_answer_each(wechat, engine):
    async with wechat(2) as account:
        person = account.person()
        made = [account.platform.made(person, {"MsgType": "text", "MsgId": n, "Content": f"问{n}"}) for n in (1, 2)]
        later = await account.platform.bring(made[1])
        earlier = await account.platform.bring(made[0])
        again = [await account.platform.bring(xml) for xml in made]

    assert "答：问2" in later[1]
    assert "答：问1" in earlier[1]
    assert ["答：问1" in again[0][1], "答：问2" in again[1][1]] == [True, True]
    assert sorted(asked.text for asked in engine.asked) == ["问1", "问2"]


async def test_an_answer_that_went_with_another_message_is_not_given_again(wechat, engine):
    gate = Gate(result("一的答案"))
    engine.script.append(gate)
    async with wechat(1, **SLOW) as account:
        person = account.person()
        first = account.platform.made(person, {"MsgType": "text", "MsgId": 1, "Content": "一"})
        lost = asyncio.create_task(account.platform.bring(first))
        await gate.reached.wait()
        second = asyncio.create_task(person.say("二"))
        await asyncio.sleep(0.05)
        lost.cancel()
        gate.open()
        assert "一的答案" in await second

        status, body = await account.platform.bring(first)
        assert (status, "一的答案" in body, HOLDING in body) == (200, False, False)


async def test_an_engine_that_is_away_is_said_so_once_and_answers_when_it_is_back(wechat, engine):
    engine.script += [EngineUnavailable("away")] * 9
    async with wechat(2, **SLOW) as account:
        person = account.person()
        assert await person.say("档案放哪里") == HOLDING
        engine.script.clear()  # it is back
        await account.gateway.until(lambda: account.gateway.read(Turn, Turn.state == "answered"), 60)

        assert await person.say("在吗") == f"{LATE}\n\n答：档案放哪里\n\n答：在吗"
        assert OUT_OF_ORDER not in person.seen


async def test_what_nobody_fetched_for_a_week_is_let_be(wechat, engine):
    async with wechat() as account:
        person = account.person()
        await person.say("你好")
        async with account.gateway.sessions.begin() as db:
            await db.execute(update(Delivery).values(state="waiting"))
            await db.execute(update(Message).values(at=NOW - KEPT_TO_FETCH - timedelta(hours=1)))
        assert await person.say("在吗") == "答：在吗"
        assert [(one.state, one.reason) for one in await account.gateway.read(Delivery)] == [
            ("dead", "too old"),
            ("sent", None),
        ]


async def test_a_gateway_that_stops_answering_leaves_the_message_to_the_other_one(wechat, engine):
    async with wechat() as account:
        account.platform.gateways.insert(0, "http://127.0.0.1:9")  # nobody listens

        assert await account.person().say("你好") == "答：你好"
        assert len(account.platform.pushes) == 2
