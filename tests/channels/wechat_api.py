"""WeChat's API, as far as we ask it: one token that holds at a time, 客服消息 with its limits, 订阅通知, the menu."""

from __future__ import annotations

import json
import re
from collections import Counter, deque
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from wechat_server import APP_ID

SECRET = "the-account-s-secret"
LIMIT, QUOTA = 2048, 5
TYPES = {  # of the fields of a notice
    "thing": r"[^\n]{1,20}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
    "time": r"(\d{4}年\d{1,2}月\d{1,2}日 )?\d{1,2}:\d\d",
    "date": r"\d{4}年\d{1,2}月\d{1,2}日( \d{1,2}:\d\d)?",
}


class WeChatApi:
    """The server. `faults`: error codes that the next calls but those for a token are answered with; 0 is taken.

    `templates`: the fields of each template; `yes`: how many notices by one somebody agreed to.
    """

    def __init__(self) -> None:
        self.tokens: list[str] = []
        self.sent: list[dict[str, Any]] = []
        self.menus: list[list[dict[str, Any]]] = []
        self.notices: list[dict[str, Any]] = []
        self.templates: dict[str, tuple[str, ...]] = {}
        self.yes: Counter[tuple[str, str]] = Counter()
        self.faults: deque[int] = deque()
        self.secret = SECRET
        self.verified = self.listed = True
        self._left: dict[str, int] = {}

    async def __aenter__(self) -> WeChatApi:
        app = web.Application()
        app.router.add_get("/cgi-bin/token", self._token)
        app.router.add_post("/cgi-bin/message/custom/send", self._send)
        app.router.add_post("/cgi-bin/message/subscribe/bizsend", self._notice)
        app.router.add_post("/cgi-bin/menu/create", self._menu)
        app.router.add_get("/cgi-bin/menu/get", self._menu_now)
        app.router.add_get("/cgi-bin/menu/delete", self._no_menu)
        self._server = TestServer(app, host="127.0.0.1")
        await self._server.start_server()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    @property
    def address(self) -> str:
        return str(self._server.make_url("")).rstrip("/")

    @property
    def texts(self) -> list[str]:
        return [one["text"]["content"] for one in self.sent if one["msgtype"] == "text"]

    def heard(self, openid: str) -> None:
        """Somebody wrote: they may be sent five again."""
        self._left[openid] = QUOTA

    async def _token(self, request: web.Request) -> web.Response:
        asked = request.query
        if asked.get("grant_type") != "client_credential" or asked.get("appid") != APP_ID:
            return _refusal(40013)
        if asked.get("secret") != self.secret:
            return _refusal(40125)
        if not self.listed:
            return _refusal(40164, "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist rid: 6-7-8")
        self.tokens.append(f"token-{len(self.tokens) + 1}")
        return web.json_response({"access_token": self.tokens[-1], "expires_in": 7200})

    async def _called(self, request: web.Request) -> tuple[dict[str, Any], int]:
        if self.faults and (fault := self.faults.popleft()):
            return {}, fault
        if not self.tokens or request.query.get("access_token") != self.tokens[-1]:
            return {}, 40001
        if not self.verified:
            return {}, 48001
        raw = await request.text() or "{}"
        assert "\\u" not in raw  # WeChat shows what is written so as it is written
        return json.loads(raw), 0

    async def _send(self, request: web.Request) -> web.Response:
        body, fault = await self._called(request)
        if fault:
            return _refusal(fault)
        if not body["touser"].startswith("o"):
            return _refusal(40003)
        if self._left.get(body["touser"], 0) < 1:
            return _refusal(45047 if body["touser"] in self._left else 45015)
        if body["msgtype"] == "text" and len(body["text"]["content"].encode()) > LIMIT:
            return _refusal(45002)
        if body["msgtype"] == "news" and len(body["news"]["articles"]) != 1:
            return _refusal(45008)
        self._left[body["touser"]] -= 1
        self.sent.append(body)
        return _refusal(0)

    async def _notice(self, request: web.Request) -> web.Response:
        body, fault = await self._called(request)
        if fault:
            return _refusal(fault)
        openid, template, data = body["touser"], body["template_id"], body["data"]
        if not openid.startswith("o"):
            return _refusal(40003)
        if template not in self.templates:
            return _refusal(40037)
        if set(data) != set(self.templates[template]) or not all(_takes(name, one) for name, one in data.items()):
            return _refusal(47003)
        if not self.yes[openid, template]:
            return _refusal(43101)
        self.yes[openid, template] -= 1
        self.notices.append(body)
        return _refusal(0)

    async def _menu(self, request: web.Request) -> web.Response:
        body, fault = await self._called(request)
        if fault:
            return _refusal(fault)
        if not 1 <= len(body["button"]) <= 3:
            return _refusal(40016)
        for button in body["button"]:
            below = button.get("sub_button", [])
            if len(button["name"].encode()) > 16 or len(below) > 5:
                return _refusal(40018)
            for entry in below or [button]:
                if len(entry["name"].encode()) > 60 or entry["type"] not in ("click", "view"):
                    return _refusal(40018)
                if len(entry["key" if entry["type"] == "click" else "url"].encode()) > 128:
                    return _refusal(40019)
        self.menus.append(body["button"])
        return _refusal(0)

    async def _menu_now(self, request: web.Request) -> web.Response:
        _, fault = await self._called(request)
        if fault or not self.menus:
            return _refusal(fault or 46003)
        return web.json_response({"menu": {"button": self.menus[-1]}})

    async def _no_menu(self, request: web.Request) -> web.Response:
        _, fault = await self._called(request)
        if not fault:
            self.menus.clear()
        return _refusal(fault)


def _takes(name: str, one: dict[str, str]) -> bool:
    kind = name.rstrip("0123456789")
    return set(one) == {"value"} and re.fullmatch(TYPES[kind], one["value"]) is not None


def _refusal(code: int, why: str = "no") -> web.Response:
    text = json.dumps({"errcode": code, "errmsg": "ok" if code == 0 else why})
    return web.Response(text=text, content_type="text/plain")
