"""What works of an account and what does not, in the order in which it is set up; each in a sentence for whoever sets it up."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Literal

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.channels.base import Later
from bot.channels.wechat import sealing
from bot.channels.wechat.api import Api, NotSetUp, Shelf
from bot.clock import Clock
from bot.settings import Settings

_WHERE = "公众平台 → 设置与开发 → 基本配置"
_NOBODY = "nobody"  # an openid that nobody has: nothing reaches anybody
_NO_PERMISSION, _NO_MENU, _USED_UP = 48001, 46003, 45009
_NO_SUCH_PERSON = {0, 40003, 45015}
_SET_UP = {
    40013: f"AppID 不对：照着{_WHERE}改 DUIHUA_WECHAT_APP_ID。",
    40125: f"AppSecret 不对，多半是重置过：照着{_WHERE}改 DUIHUA_WECHAT_SECRET。",
    40164: f"这台服务器不在 IP 白名单里：到{_WHERE}，把 {{ip}} 加进“IP 白名单”，过几分钟再试。",
    41004: "DUIHUA_WECHAT_SECRET 是空的。",
    61024: "公众号交给第三方平台代管了，要先在公众平台取消授权。",
}


@dataclass(frozen=True)
class Step:
    """One thing that was looked at. `ok` is None for what could not be found out, or is as it is by choice."""

    ok: bool | None
    text: str


async def steps(settings: Settings, api: Api, shelf: Shelf, clock: Clock, path: str) -> AsyncIterator[Step]:
    """Look at one thing after the other; what cannot be right without the one before is not looked at."""
    if settings.wechat_token is None:
        yield Step(False, "没有设 DUIHUA_WECHAT_TOKEN：公众号没有开。")
        return
    yield _mode(settings)
    yield await _entrance(settings.address + path, settings.wechat_token.get_secret_value(), clock)
    if settings.wechat_app_id is None or settings.wechat_secret is None:
        yield Step(None, "没有设 DUIHUA_WECHAT_APP_ID 和 DUIHUA_WECHAT_SECRET：回话够用，放菜单和发客服消息要它们。")
        return
    token = await _token(api, shelf)
    yield token
    if token.ok:
        yield _menu(await _answer(api, shelf, "GET", "menu/get"))
        body = {"touser": _NOBODY, "msgtype": "text", "text": {"content": "…"}}
        answer = await _answer(api, shelf, "POST", "message/custom/send", body)
        yield _customer_service(answer, settings.wechat_customer_service)


def _mode(settings: Settings) -> Step:
    if settings.wechat_aes_key is not None:
        return Step(True, "安全模式：公众平台里的“消息加解密方式”要选安全模式或兼容模式。")
    return Step(True, "明文模式：公众平台里的“消息加解密方式”要选明文模式。")


async def _entrance(address: str, token: str, clock: Clock) -> Step:
    """Ask our own address as WeChat asks it when the server is entered there."""
    timestamp, nonce, echo = str(int(clock().timestamp())), secrets.token_hex(5), secrets.token_hex(8)
    query = {"signature": sealing.signature(token, timestamp, nonce), "timestamp": timestamp, "nonce": nonce}
    try:
        async with (
            ClientSession(timeout=ClientTimeout(total=5)) as http,
            http.get(address, params=query | {"echostr": echo}, allow_redirects=False) as response,
        ):
            status, text = response.status, await response.text(errors="replace")
    except (ClientError, TimeoutError, OSError, ValueError):
        return Step(False, f"{address} 打不开：网关没起，或者网址没有转到网关。")
    if status == 403:
        return Step(False, f"{address} 不认这个令牌：改过设置要重新启动；也看看服务器的钟准不准。")
    if status != 200 or text != echo:
        return Step(False, f"{address} 回的不是网关的话（{status}）：看看反向代理转到哪里去了。")
    if not address.startswith("https://"):
        return Step(None, f"{address} 认令牌；微信要能从外面访问到它，DUIHUA_PUBLIC_URL 应当是 https:// 开头的网址。")
    return Step(True, f"{address} 认令牌，公众平台里就填它。")


async def _token(api: Api, shelf: Shelf) -> Step:
    try:
        await api.fetch_token(shelf)
    except NotSetUp as error:
        return Step(False, _SET_UP[error.code].format(ip=error.ip or "服务器的公网 IP"))
    except Later as error:
        return Step(False, f"access_token 没有拿到：{error}。")
    return Step(True, "AppID、AppSecret 和 IP 白名单都对，access_token 拿到了。")


async def _answer(api: Api, shelf: Shelf, method: str, path: str, body: dict[str, Any] | None = None) -> int | str:
    """The code of WeChat's answer; words where there is none."""
    try:
        return (await api.asked(shelf, method, path, body)).get("errcode", 0)
    except Later as error:
        return str(error)


def _menu(answer: int | str) -> Step:
    if answer == 0:
        return Step(True, "菜单放上去了。")
    if answer == _NO_MENU:
        return Step(None, "还没有菜单：运行 duihua wechat menu。")
    if answer == _NO_PERMISSION:
        return Step(None, "公众号没有自定义菜单的权限（没认证的订阅号没有）：人们打字一样能用。")
    return Step(False, f"菜单看不了：{_said(answer)}。")


def _customer_service(answer: int | str, wanted: bool) -> Step:
    ok: Literal[True] | None = True if wanted else None
    if answer in _NO_SUCH_PERSON:
        more = "已经打开。" if wanted else "没有打开：要发就设 DUIHUA_WECHAT_CUSTOMER_SERVICE=true。"
        return Step(ok, f"公众号能发客服消息，{more}")
    if answer == _NO_PERMISSION:
        if wanted:
            return Step(
                False, "公众号不能发客服消息（没认证的不能）：去掉 DUIHUA_WECHAT_CUSTOMER_SERVICE，答案随下一句给。"
            )
        return Step(None, "公众号不能发客服消息（没认证的不能）：晚到的答案随下一句给。")
    return Step(False if wanted else None, f"能不能发客服消息没看出来：{_said(answer)}。")


def _said(answer: int | str) -> str:
    if answer == _USED_UP:
        return "今天的次数用完了，明天再看"
    return f"微信说 {answer}"
