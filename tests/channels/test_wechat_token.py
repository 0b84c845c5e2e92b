"""One token for all gateways on either database; a line that breaks is Later, and no word of an error has the token in it."""

from __future__ import annotations

import asyncio
import logging

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from wechat_api import SECRET, WeChatApi
from wechat_server import APP_ID

from bot.channels.base import Later
from bot.channels.wechat.api import TOKEN, Api
from bot.outbox.addresses import Addresses
from bot.outbox.service import Outbox
from bot.outbox.tokens import Tokens


class Gateway(Tokens):
    """What one gateway has of the token."""

    def __init__(self, sessions, clock, address: str) -> None:
        super().__init__(sessions, clock, "k" * 32)
        self._box = Outbox(sessions, clock, Addresses("k" * 32))
        self.api = Api(address, APP_ID, SECRET)

    async def lease(self, name: str, seconds: float) -> bool:
        return await self._box.lease(name, seconds)

    async def asks(self) -> int:
        return (await self.api.asked(self, "GET", "menu/get"))["errcode"]


@pytest.fixture
async def gateways(sessions, clock):
    """Makes gateways that share a database; their lines are let go of at the end."""
    made: list[Gateway] = []

    def make(address: str, count: int) -> list[Gateway]:
        made.extend(Gateway(sessions, clock, address) for _ in range(count))
        return made[-count:]

    yield make
    for gateway in made:
        await gateway.api.close()


async def test_gateways_that_ask_at_the_same_moment_fetch_one_token_between_them(gateways, clock):
    async with WeChatApi() as api:
        both = gateways(api.address, 2)

        assert set(await asyncio.gather(*(one.asks() for one in both * 5))) == {46003}
        assert api.tokens == ["token-1"]

        api.tokens.append("fetched-by-another-program")
        assert set(await asyncio.gather(*(one.asks() for one in both * 5))) == {46003}
        assert api.tokens[2:] == ["token-3"]

        clock.pass_(seconds=7200 - 299)  # WeChat's would end in five minutes
        assert await both[0].asks() == 46003
        assert api.tokens[3:] == ["token-4"]


@pytest.mark.parametrize("how", ["cut", "broken", "page"])
async def test_a_line_that_breaks_is_tried_later_and_names_no_token(gateways, how, caplog):
    caplog.set_level(logging.DEBUG)
    async with _failing(how) as server:
        (gateway,) = gateways(str(server.make_url("")), 1)
        await gateway.keep_token(TOKEN, "the-token-itself", 600)

        with pytest.raises(Later) as refused:
            await gateway.asks()

    ours = [record.getMessage() for record in caplog.records if record.name != "aiohttp.access"]  # that is WeChat's
    assert refused.value.__cause__ is None
    assert "the-token-itself" not in " ".join((str(refused.value), *ours))


@pytest.mark.parametrize(
    ("status", "text"),
    [(502, "{}"), (503, '{"errcode": 0}'), (200, "{}"), (404, '{"message": "no route"}'), (200, '{"errcode": [1]}')],
)
async def test_what_is_no_yes_of_wechats_does_not_count_as_sent(gateways, status, text):
    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=status, text=text)

    app = web.Application()
    app.router.add_post("/cgi-bin/message/custom/send", answer)
    async with TestServer(app, host="127.0.0.1") as server:
        (gateway,) = gateways(str(server.make_url("")), 1)
        await gateway.keep_token(TOKEN, "token", 600)

        with pytest.raises(Later):
            await gateway.api.text(gateway, "oPerson_1", "消息")


def _failing(how: str) -> TestServer:
    async def answer(request: web.Request) -> web.Response:
        if how == "cut":
            request.transport.close()
        return web.Response(status=502 if how == "broken" else 200, text="<html>Bad Gateway</html>")

    app = web.Application()
    app.router.add_get("/cgi-bin/menu/get", answer)
    return TestServer(app, host="127.0.0.1")
