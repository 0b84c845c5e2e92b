"""客服消息: what comes late is sent, five at most until they write again; one token for all gateways."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from inbox_fakes import Gate, result
from wechat_api import SECRET, WeChatApi
from wechat_server import APP_ID

from bot.channels.wechat.answers import HOLDING
from bot.channels.wechat.text import MORE
from bot.conversations.tables import Identity
from bot.conversations.telling import Telling
from bot.outbox.tables import Delivery, SharedToken
from bot.reply import Choice, Link, Reply
from bot.web.keys import CLOCK


@pytest.fixture
async def api() -> AsyncIterator[WeChatApi]:
    async with WeChatApi() as server:
        yield server


@pytest.fixture
def account(wechat, api):
    """Starts an account that may send 客服消息."""

    def start(workers: int = 1, **more: object):
        values = {"wechat_app_id": APP_ID, "wechat_secret": SECRET, "wechat_api": api.address, "hold_after": 0.3}
        values["wechat_budget"] = 0.6
        return wechat(workers, patience=2.0, wechat_customer_service=True, **values, **more)

    return start


async def held(account, api, engine, reply: Reply | None = None, question: str = "档案放哪里"):
    """Somebody whose question was answered with the holding line, and the gate before the answer."""
    gate = Gate(result("先去人才中心") if reply is None else _answer(reply))
    engine.script.append(gate)
    person = account.person()
    api.heard(person.openid)
    assert await person.say(question) == HOLDING
    return person, gate


def _answer(reply: Reply):
    return replace(result("好"), reply=reply)


async def told(account, text: str, key: str) -> None:
    (identity,) = await account.gateway.read(Identity)
    telling = Telling(account.gateway.sessions, account.gateway.app[CLOCK])
    assert await telling.tell_identity(identity.id, Reply(paragraphs=(text,)), key) is not None


async def test_an_answer_in_time_is_given_in_the_same_call_and_nothing_is_sent(account, api, engine):
    async with account() as one:
        assert await one.person().say("你好") == "答：你好"
        await asyncio.sleep(0.6)  # the worker looks twice a second

    assert api.sent == []
    assert api.tokens == []


async def test_an_answer_that_is_late_is_sent_once_by_one_of_the_gateways_and_is_not_given_again(account, api, engine):
    async with account(2) as one:
        person, gate = await held(one, api, engine)
        gate.open()
        await one.gateway.until(lambda: _sent(api, 1))
        assert await person.say("在吗") == "答：在吗"
        await one.gateway.until(lambda: _all_sent(one))  # that it is out is noted after the platform has it

    assert api.texts == ["先去人才中心"]
    assert [one["touser"] for one in api.sent] == ["oPerson_1"]


async def _sent(api, count: int) -> bool:
    return len(api.sent) >= count


async def test_the_numbers_of_a_list_that_was_sent_count(account, api, engine):
    reply = Reply(paragraphs=("查到了",), choices=(Choice(label="要啥材料", payload="/materials"),))
    async with account() as one:
        person, gate = await held(one, api, engine, reply)
        gate.open()
        await one.gateway.until(lambda: _all_sent(one, 2))  # with our word in the record that it takes a while
        await person.say("1")

    assert api.texts == ["查到了\n\n1 要啥材料\n回复数字选择"]
    assert engine.asked[-1].payload == "/materials"


async def _all_sent(one, count: int | None = None) -> bool:
    states = await one.gateway.states()
    return set(states) == {"sent"} and count in (None, len(states))


async def test_a_long_answer_is_sent_in_parts_and_one_posting_as_an_article(account, api, engine):
    long = Reply(paragraphs=tuple("政策条款写得很细。" * 40 for _ in range(4)))
    page = Reply(paragraphs=("【文员】",), page=Link(label="文员", url="/chat/jobs/7"))
    async with account(public_url="https://d.example.cn") as one:
        _, gate = await held(one, api, engine, long)
        gate.open()
        await one.gateway.until(lambda: _all_sent(one, 2))
        parts = len(api.sent)
        _, gate = await held(one, api, engine, page, "第一个")
        gate.open()
        await one.gateway.until(lambda: _sent(api, parts + 1))

    assert parts == 4
    assert not any(MORE in text for text in api.texts)  # nobody has to ask for the rest: it is sent
    (article,) = api.sent[-1]["news"]["articles"]
    assert article["title"] == "文员"
    assert article["url"].startswith("https://d.example.cn/chat/l/")


async def test_five_are_sent_until_they_write_and_the_rest_goes_with_the_answer(account, api, engine):
    async with account() as one:
        person = one.person()
        api.heard(person.openid)
        await person.say("你好")
        for n in range(7):
            await told(one, f"消息{n}", f"k{n}")
        await one.gateway.until(lambda: _sent(api, 5))
        await one.gateway.until(lambda: one.gateway.read(Delivery, Delivery.attempts > 0, Delivery.state == "waiting"))
        assert len(api.sent) == 5

        assert await person.say("在吗") == "消息5\n\n消息6\n\n答：在吗"
        await one.gateway.until(lambda: _all_sent(one))


async def test_one_token_is_fetched_for_all_gateways_and_a_new_one_when_it_ends_early(account, api, engine):
    async with account(2) as one:
        people = [one.person(f"oPerson_{n}") for n in range(4)]
        for person in people:
            api.heard(person.openid)
            await person.say("你好")
        telling = Telling(one.gateway.sessions, one.gateway.app[CLOCK])
        identities = await one.gateway.read(Identity)
        for n in range(2):
            for identity in identities:
                await telling.tell_identity(identity.id, Reply(paragraphs=(f"消息{n}",)), f"k{n}")
            await one.gateway.until(lambda n=n: _sent(api, 4 * (n + 1)))
        assert api.tokens == ["token-1"]

        api.tokens.append("fetched-by-another-program")
        await telling.tell_identity(identities[0].id, Reply(paragraphs=("再一条",)), "k9")
        await one.gateway.until(lambda: _sent(api, 9))
        (kept,) = await one.gateway.read(SharedToken)

    assert len(api.tokens) == 3
    assert api.tokens[-1].encode() not in kept.sealed


@pytest.mark.parametrize(
    ("code", "state", "reason"),
    [(43004, "dead", "left"), (40130, "dead", "WeChat says 40130"), (45009, "waiting", None), (48001, "waiting", None)],
)
async def test_what_wechat_does_not_take_is_let_be_or_tried_later(account, api, engine, code, state, reason):
    async with account() as one:
        person = one.person()
        api.heard(person.openid)
        await person.say("你好")
        api.faults.append(code)
        await told(one, "消息", "k")
        found = await one.gateway.until(
            lambda: one.gateway.read(Delivery, Delivery.state == state, Delivery.attempts > 0, Delivery.message_id > 2)
        )
        assert [(row.state, row.reason) for row in found] == [(state, reason)]
    assert api.sent == []


async def test_a_wrong_secret_is_named_in_the_log_and_the_answer_is_fetched(account, api, engine, caplog):
    caplog.set_level(logging.INFO)
    api.secret = "another"
    async with account() as one:
        person, gate = await held(one, api, engine)
        gate.open()
        await one.gateway.until(lambda: one.gateway.read(Delivery, Delivery.attempts > 0, Delivery.state == "waiting"))
        assert "先去人才中心" in await person.say("在吗")

    ours = "".join(record.getMessage() for record in caplog.records if record.name.startswith("bot"))
    assert "DUIHUA_WECHAT_SECRET is not the AppSecret" in ours
    assert SECRET not in ours
    assert api.sent == []


async def test_an_api_that_is_away_is_asked_again(account, api, engine):
    async with account() as one:
        person = one.person()
        api.heard(person.openid)
        await person.say("你好")
        api.faults.append(-1)
        await told(one, "消息", "k")
        await one.gateway.until(lambda: _sent(api, 1))
    assert api.texts == ["消息"]
