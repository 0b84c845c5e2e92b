"""Updates that Telegram brings: from nobody else, whatever they hold, each once."""

from __future__ import annotations

import json
import random
from contextlib import asynccontextmanager

import pytest

from bot.channels.telegram.channel import PATH
from bot.settings import SettingsError, read_settings

SECRET = "a-secret-of-the-test-42"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def brought(gateway, telegram):
    """A gateway with a webhook, and a way to bring it an update."""

    @asynccontextmanager
    async def start():
        address = "https://duihua.example"
        async with gateway(public_url=address, telegram_webhook=True, telegram_webhook_key=SECRET) as one:
            await telegram.until(lambda: telegram.webhook)

            async def bring(body: object, secret: str | None = SECRET) -> int:
                headers = {HEADER: secret} if secret is not None else {}
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                async with one.client.post(
                    PATH, data=data, headers={"Content-Type": "application/json", **headers}
                ) as answer:
                    return answer.status

            yield one, bring

    return start


async def test_the_webhook_is_set_with_its_secret_and_an_update_is_answered_once(brought, telegram, engine):
    async with brought() as (gateway, bring):
        update = telegram.update(message=telegram.message(text="档案放哪里"))
        assert [await bring(update), await bring(update)] == [200, 200]
        await telegram.until(lambda: telegram.sent)

        assert telegram.webhook["url"] == f"https://duihua.example{PATH}"
        assert telegram.webhook["secret_token"] == SECRET
        assert len(await gateway.messages()) == 1
    assert telegram.texts == ["答：档案放哪里"]
    assert telegram.called("getUpdates") == []


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x", "密"])
async def test_without_the_secret_nothing_is_taken(brought, telegram, engine, secret):
    async with brought() as (gateway, bring):
        assert await bring(telegram.update(message=telegram.message(text="你好")), secret) == 401
        assert await gateway.messages() == []


async def test_whatever_is_brought_the_gateway_answers_without_failing_or_telling(brought, telegram, engine, caplog):
    dice = random.Random(7)
    whole = {
        "update_id": 1,
        "message": telegram.message(text="秘密的话 /start", entities=[{"type": "mention", "offset": 0, "length": 4}]),
        "callback_query": {"id": "q", "from": {"id": 1}, "data": "t", "message": {"message_id": 1, "chat": {"id": 1}}},
        "my_chat_member": {"chat": {"id": 1, "type": "private"}, "from": {"id": 1}},
    }
    odd = [None, 0, -1, 1e300, "", "x", [], {}, True, "秘密的话", 2**70, [[]], {"id": None}]

    def spoilt(value: object, depth: int = 0) -> object:
        if dice.random() < 0.12:
            return dice.choice(odd)
        if isinstance(value, dict):
            return {k: spoilt(v, depth + 1) for k, v in value.items() if dice.random() > 0.1}
        return [spoilt(v, depth + 1) for v in value] if isinstance(value, list) else value

    async with brought() as (_, bring):
        bodies = [spoilt(whole) for _ in range(600)]
        bodies += [dice.randbytes(dice.randrange(60)) for _ in range(200)]
        bodies += [b"", b"{", b"[" * 5000, b"null", b"1", b'"x"', '{"update_id": "é'.encode("latin-1")]
        statuses = [await bring(body) for body in bodies]

    assert set(statuses) <= {200, 400}
    assert "秘密的话" not in caplog.text


def test_a_webhook_needs_an_address_that_telegram_takes(monkeypatch):
    monkeypatch.setenv("DUIHUA_TELEGRAM_WEBHOOK", "true")
    monkeypatch.setenv("DUIHUA_PUBLIC_URL", "http://duihua.example")

    with pytest.raises(SettingsError, match=r"^DUIHUA_TELEGRAM_WEBHOOK: .*https"):
        read_settings()
