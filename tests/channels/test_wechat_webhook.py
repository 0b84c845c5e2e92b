"""What comes to WeChat's door: nothing but what WeChat signed is taken, whatever else it is; and nothing breaks."""

from __future__ import annotations

import logging
import random
import time
from datetime import UTC, datetime, timedelta

import pytest
from wechat_server import ACCOUNT, APP_ID, TOKEN

from bot.channels.wechat.sealing import Seal, signature
from bot.settings import SettingsError, read_settings

SECRET_WORDS = "我的身份证在桌上"


def of_text(account, number: int, text: str) -> str:
    return account.platform.made(account.person(), {"MsgType": "text", "MsgId": number, "Content": text})


async def test_a_signature_that_was_overheard_is_good_for_no_other_message_at_either_gateway(wechat, engine):
    async with wechat(2) as account:
        body, query = account.platform.signed(of_text(account, 1, "一"))
        other = of_text(account, 2, "转账给我").encode()
        urls = account.platform.gateways
        statuses = []
        for url, content in ((urls[0], body), (urls[1], body), (urls[0], other), (urls[1], other)):
            async with account.platform._http.post(f"{url}/wechat", params=query, data=content) as response:
                statuses.append(response.status)

    assert statuses == [200, 200, 403, 403]
    assert [asked.text for asked in engine.asked] == ["一"]


@pytest.mark.parametrize("age", [-3600, -301, 400])
async def test_a_signature_of_another_time_is_refused(wechat, engine, age):
    async with wechat() as account:
        body, query = account.platform.signed(of_text(account, 1, "一"), at=int(time.time()) + age)
        response = await account.gateway.client.post("/wechat", params=query, data=body)

    assert response.status == 403
    assert engine.asked == []


@pytest.mark.parametrize(
    "change", [{"signature": "0" * 40}, {"signature": ""}, {"nonce": "1"}, {"timestamp": "９"}, {"signature": "é"}]
)
async def test_what_wechat_did_not_sign_is_refused(wechat, engine, change):
    async with wechat() as account:
        body, query = account.platform.signed(of_text(account, 1, "一"))
        response = await account.gateway.client.post("/wechat", params=query | change, data=body)

    assert response.status == 403
    assert engine.asked == []


async def test_with_a_key_nothing_is_taken_that_is_not_sealed_with_it_for_us(wechat, engine):
    async with wechat(sealed=True) as account:
        platform, xml = account.platform, of_text(account, 1, "一")
        ours = platform.seal
        platform.seal = None
        statuses = [(await platform.bring(xml))[0]]
        for seal in (Seal("B" * 43, APP_ID), Seal("abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", "wx_of_others")):
            platform.seal = seal
            statuses.append((await platform.bring(xml))[0])
        platform.seal = ours
        statuses.append((await platform.bring(xml, msg_signature="0" * 40))[0])
        assert (await platform.bring(xml))[0] == 200

    assert statuses == [403] * 4
    assert [asked.text for asked in engine.asked] == ["一"]


def mutated(chance: random.Random, whole: list[bytes]) -> bytes:
    """One body out of many that nobody expects."""
    kind = chance.randrange(8)
    body = bytearray(chance.choice(whole))
    if kind == 0:
        return chance.randbytes(chance.randrange(300))
    if kind == 1:
        return b"<?xml version='1.0' encoding='%s'?>" % chance.choice(
            [b"utf-16", b"gbk", b"utf-7", b"idna", b"x", b"hex", b"base64", b"rot13", b"undefined"]
        ) + bytes(body)
    if kind == 2:
        name = chance.choice([b"Content", b"MsgId", b"CreateTime", b"FromUserName", b"MsgType", b"Event"])
        junk = chance.choice([b"", b"9" * 400, "😀\u202e".encode(), b"-1", b"&#x0;", b"<a/>", b"\x00", b"nan", b"]]>"])
        return bytes(body).replace(b"<%s>" % name, b"<%s>%s</%s><%s>" % (name, junk, name, name), 1)
    if kind == 3:
        return bytes(body[: chance.randrange(len(body))])
    if kind == 4:
        return b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]><xml><Content>&b;</Content></xml>'
    if kind == 5:
        return bytes(body).replace(b"<![CDATA[", b"").replace(b"]]>", b"")
    for _ in range(chance.randrange(1, 8)):
        body[chance.randrange(len(body))] = chance.randrange(256)
    return bytes(body)


async def test_ten_thousand_bodies_break_nothing_and_nothing_of_them_is_logged(wechat, engine, caplog):
    caplog.set_level(logging.DEBUG)
    chance, statuses = random.Random(6), {}
    async with wechat(rate_person=5, patience=5.0) as account:
        whole = [
            of_text(account, 1, SECRET_WORDS).encode(),
            account.platform.made(account.person(), {"MsgType": "event", "Event": "VIEW", "EventKey": "jobs"}).encode(),
            account.platform.made(account.person(), {"MsgType": "event", "Event": "subscribe", "EventKey": ""}).encode(),
            account.platform.made(account.person(), {"MsgType": "voice", "MsgId": 3, "Recognition": SECRET_WORDS}).encode(),
        ]  # fmt: skip
        for number in range(10_000):
            body = mutated(chance, whole)
            _, query = account.platform.signed(b"")
            if number % 50 == 0:
                body = b"<xml><Content>" + b"a" * chance.choice([70_000, 2_000_000]) + b"</Content></xml>"
            if number % 3 == 0:
                query[chance.choice(list(query))] = chance.choice(["", "é", "0", "\ud7ff", "9" * 50])
            response = await account.gateway.client.post("/wechat", params=query, data=body)
            statuses[response.status] = statuses.get(response.status, 0) + 1
            await response.release()

    assert set(statuses) == {200, 400, 403, 413}
    assert statuses[200] > 500
    assert statuses[400] > 3_000
    assert all(record.levelno < logging.ERROR for record in caplog.records)
    assert SECRET_WORDS not in caplog.text
    assert "oPerson_1" not in caplog.text


async def test_what_is_in_a_seal_may_be_anything_too(wechat, caplog):
    chance, statuses = random.Random(7), {}
    async with wechat(sealed=True, rate_person=5) as account:
        platform = account.platform
        whole = [of_text(account, 1, SECRET_WORDS).encode()]
        for number in range(1_000):
            inside = mutated(chance, whole)
            sealed = platform.seal.close(inside.decode("latin-1")) if number % 2 else chance.randbytes(64).hex()
            timestamp, nonce = str(int(time.time())), str(number)
            query = {"timestamp": timestamp, "nonce": nonce, "signature": signature(TOKEN, timestamp, nonce),
                     "msg_signature": signature(TOKEN, timestamp, nonce, sealed), "encrypt_type": "aes"}  # fmt: skip
            body = f"<xml><ToUserName>{ACCOUNT}</ToUserName><Encrypt>{sealed}</Encrypt></xml>"
            response = await account.gateway.client.post("/wechat", params=query, data=body.encode())
            statuses[response.status] = statuses.get(response.status, 0) + 1
            await response.release()

    assert set(statuses) <= {200, 400, 403}
    assert {400, 403} <= set(statuses)
    assert all(record.levelno < logging.ERROR for record in caplog.records)


async def test_a_body_that_says_it_is_packed_and_is_not_is_refused(wechat):
    async with wechat() as account:
        body, query = account.platform.signed("<xml/>")
        statuses = []
        for packing in ("gzip", "deflate", "br"):
            headers = {"Content-Encoding": packing, "Connection": "close"}
            response = await account.gateway.client.post("/wechat", params=query, data=body, headers=headers)
            statuses.append(response.status)

    assert set(statuses) <= {400}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TOKEN", "ab"), ("TOKEN", "with blank"), ("AES_KEY", "short"), ("AES_KEY", "!" * 43), ("AES_KEY", "a" * 43),
        ("BUDGET", "5"), ("BUDGET", "0"), ("WINDOW", "5"), ("CUSTOMER_SERVICE", "true"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_work_stops_the_start_and_is_named(monkeypatch, name, value):
    monkeypatch.setenv(f"DUIHUA_WECHAT_{name}", value)

    with pytest.raises(SettingsError, match=f"DUIHUA_WECHAT_{name}") as refused:
        read_settings()
    assert len(value) < 5 or value not in str(refused.value)


def test_settings_that_belong_together_are_taken(monkeypatch):
    for name, value in (("TOKEN", "abc"), ("APP_ID", APP_ID), ("AES_KEY", "a" * 43), ("SECRET", "hush-hush"),
                        ("CUSTOMER_SERVICE", "true")):  # fmt: skip
        monkeypatch.setenv(f"DUIHUA_WECHAT_{name}", value)

    settings = read_settings()

    assert settings.wechat_customer_service
    assert {"a" * 43, "hush-hush", "abc"} <= set(settings.secrets)


@pytest.mark.parametrize("days", [0, 30])
async def test_where_the_clock_was_set_a_signature_of_either_time_is_taken(wechat, engine, days):
    ours = datetime.now(UTC) + timedelta(days=30)
    async with wechat(now=ours) as account:
        body, query = account.platform.signed(of_text(account, 1, "一"), at=int(time.time()) + days * 86_400)
        response = await account.gateway.client.post("/wechat", params=query, data=body)

    assert response.status == 200
