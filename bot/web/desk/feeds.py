"""接出去: feeds for the station's own tools behind a read token, and a host's own Telegram."""

from __future__ import annotations

import hashlib
import math
from datetime import timedelta

from aiohttp import web

from bot.clock import today
from bot.figures.rules import Period
from bot.people.rules import Permission
from bot.radio.groups.top import top
from bot.radio.pull import feeds, rules
from bot.radio.pull.hosts import HostChats
from bot.radio.pull.tokens import ReadTokens
from bot.web.chat.socket import PACE_ADDRESS
from bot.web.console import notices
from bot.web.console.access import STAFF, address, audit, requires
from bot.web.console.pages import back_to, form_of, number_in, page
from bot.web.console.words import name_actions
from bot.web.desk.common import tabs
from bot.web.keys import CLOCK, GROUPS, SESSIONS, SETTINGS

notices.add({"token-revoked": "停用了，用它的工具从现在起读不到了。", "chat-untied": "解开了，那个聊天里不再能看。"})
notices.add({"token-gone": "这把钥匙已经停用了。"}, bad=True)
name_actions(
    {
        "radio.token": "发读取钥匙", "radio.token-revoke": "停用读取钥匙", "radio.chat-code": "要 Telegram 绑定码",
        "radio.chat-untie": "解开 Telegram",
    }
)  # fmt: skip
KEPT = 300  # seconds that a tool may keep what it read
_FORMS = {
    "json": (feeds.as_json, "application/feed+json"),
    "rss": (feeds.as_rss, "application/rss+xml"),
}
_DAYS, _GROUPS = 7, 20


# -- the feeds ---------------------------------------------------------------------------------------------------------


async def feed(request: web.Request) -> web.StreamResponse:
    """GET /radio/top.json and .rss with ?days=…&limit=…: behind a read token, in the header or as `token`."""
    app = request.app
    if wait := app[PACE_ADDRESS].take(f"feed:{address(request)}", app[CLOCK]()):
        return web.Response(status=429, headers={"Retry-After": str(math.ceil(wait))}, text="太频繁了，过一会儿再来。")
    if not await ReadTokens(app[SESSIONS], app[CLOCK]).holds(_token_of(request)):
        headers = {"WWW-Authenticate": 'Bearer realm="duihua"', "Cache-Control": "no-store"}
        return web.Response(status=401, headers=headers, text="要一把读取钥匙，在电台页面的“接出去”里发。")
    days, limit = _asked(request, "days", _DAYS, rules.MOST_DAYS), _asked(request, "limit", _GROUPS, rules.MOST_GROUPS)
    if days is None or limit is None:
        return web.Response(status=400, text=f"days 是 1 到 {rules.MOST_DAYS}，limit 是 1 到 {rules.MOST_GROUPS}。")
    last = today(app[CLOCK])
    found = await top(app[GROUPS], Period(last - timedelta(days=days - 1), last), limit=limit)
    rendered, kind = _FORMS[request.match_info["form"]]
    body = rendered(found, app[SETTINGS].address)
    tag = hashlib.sha256(body).hexdigest()[:32]
    headers = {"Cache-Control": f"private, max-age={KEPT}", "Vary": "Authorization", "ETag": f'"{tag}"'}
    if any(one.value in (tag, "*") for one in request.if_none_match or ()):
        return web.Response(status=304, headers=headers)
    return web.Response(body=body, content_type=kind, charset="utf-8", headers=headers)


def _token_of(request: web.Request) -> str:
    scheme, _, said = request.headers.get("Authorization", "").partition(" ")
    return said if scheme.lower() == "bearer" else request.query.get("token", "")


def _asked(request: web.Request, name: str, usual: int, most: int) -> int | None:
    said = request.query.get(name)
    number = usual if said is None else number_in(said)
    return number if number is not None and 1 <= number <= most else None


# -- the page ----------------------------------------------------------------------------------------------------------


async def _page(
    request: web.Request, *, token: str = "", code: str = "", error: str = "", typed: str = ""
) -> web.Response:
    app = request.app
    context = {
        "tabs": tabs(request),
        "rows": await ReadTokens(app[SESSIONS], app[CLOCK]).all(),
        "tied": await HostChats(app[SESSIONS], app[CLOCK]).is_tied(request[STAFF].id),
        "telegram": app[SETTINGS].telegram_token is not None,
        "address": app[SETTINGS].address,
        "token": token,
        "code": code,
        "minutes": rules.CODE_FOR.seconds // 60,
        "error": error,
        "typed": typed,
        "longest": rules.NAME_LENGTH,
    }
    return await page(request, "desk/pull.html", context, status=422 if error else 200)


@requires(Permission.RADIO_EDIT)
async def shown(request: web.Request) -> web.StreamResponse:
    """GET /desk/pull."""
    return await _page(request)


@requires(Permission.RADIO_EDIT)
async def make(request: web.Request) -> web.StreamResponse:
    """POST /desk/pull/tokens: a token, which this one answer shows."""
    name = (await form_of(request)).get("name", "")
    try:
        token = await ReadTokens(request.app[SESSIONS], request.app[CLOCK]).make(name, by=request[STAFF].name)
    except rules.BadName:
        return await _page(request, error=f"写上给谁用的，{rules.NAME_LENGTH} 字以内。", typed=name)
    await audit(request, "radio.token", f"读取钥匙 {rules.parts_of(token)[0]}")  # type: ignore[index]
    return await _page(request, token=token)


@requires(Permission.RADIO_EDIT)
async def revoke(request: web.Request) -> web.StreamResponse:
    """POST /desk/pull/tokens/NUMBER/revoke."""
    number = int(request.match_info["number"])
    try:
        await ReadTokens(request.app[SESSIONS], request.app[CLOCK]).revoke(number)
    except rules.UnknownToken:
        back_to(request, "desk.pull", notice="token-gone")
    await audit(request, "radio.token-revoke", f"读取钥匙 {number}")
    back_to(request, "desk.pull", notice="token-revoked")


@requires(Permission.RADIO_EDIT)
async def give_code(request: web.Request) -> web.StreamResponse:
    """POST /desk/pull/code: a code for one's own Telegram, which this one answer shows."""
    given = await HostChats(request.app[SESSIONS], request.app[CLOCK]).give_code(request[STAFF].id)
    await audit(request, "radio.chat-code", request[STAFF].name)
    return await _page(request, code=given.code)


@requires(Permission.RADIO_EDIT)
async def untie(request: web.Request) -> web.StreamResponse:
    """POST /desk/pull/untie."""
    if await HostChats(request.app[SESSIONS], request.app[CLOCK]).untie(request[STAFF].id):
        await audit(request, "radio.chat-untie", request[STAFF].name)
    back_to(request, "desk.pull", notice="chat-untied")


ROUTES = (
    web.get("/radio/top.{form:json|rss}", feed, name="radio.feed"),
    web.get("/desk/pull", shown, name="desk.pull"),
    web.post("/desk/pull/tokens", make, name="desk.pull.tokens"),
    web.post(r"/desk/pull/tokens/{number:\d{1,9}}/revoke", revoke, name="desk.pull.revoke"),
    web.post("/desk/pull/code", give_code, name="desk.pull.code"),
    web.post("/desk/pull/untie", untie, name="desk.pull.untie"),
)
