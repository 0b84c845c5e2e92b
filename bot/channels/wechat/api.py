"""What we ask of WeChat's API, with one access token for all gateways; its refusals as the exceptions of the contract."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import Any, Protocol

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.channels.base import Gone, Later, Refused

logger = logging.getLogger(__name__)

TOKEN = "wechat-token"  # noqa: S105 - what it is called
_EARLY = 300  # seconds before its end that a token is not used any more
_LEASE = 15.0
_TRIES, _PAUSE = 50, 0.2  # for a token that another gateway is fetching
_LONG = 3600.0  # seconds before something is tried again that only a person can put right, or that only time can

_BAD_TOKEN = {40001, 40014, 42001}
_GONE = {43004, 43005, 50005}  # does not follow us (any more)
_LATER = {
    -1: (2.0, "busy"),
    45009: (_LONG, "the day's calls are used up"),
    45011: (60.0, "too many calls a minute"),
    48004: (_LONG, "the account is blocked"),
    50002: (_LONG, "the account is blocked"),
}
_NOT_NOW = {
    45015: "they wrote too long ago",
    45047: "they were sent as much as is allowed until they write",
    48001: "the account may not do this",
}
_SET_UP = {
    40013: "DUIHUA_WECHAT_APP_ID is no AppID",
    40125: "DUIHUA_WECHAT_SECRET is not the AppSecret",
    40164: "our address is not in the account's IP白名单",
    41004: "DUIHUA_WECHAT_SECRET is empty",
    61024: "the account gives its token to a platform of others only",
}


_IP = re.compile(r"invalid ip ([0-9a-fA-F.:]{3,45})")


class NotSetUp(Later):
    """Only a person can put it right, at WeChat or in our settings. `code`: WeChat's; `ip`: ours, as WeChat sees it."""

    def __init__(self, code: int, ip: str | None = None) -> None:
        super().__init__(_SET_UP[code] + (f": {ip}" if ip else ""), 300.0)
        self.code, self.ip = code, ip


class NotNow(Later):
    """Not before they write, or the account may do more."""

    def __init__(self, why: str, seconds: float = _LONG) -> None:
        super().__init__(why, seconds)


class Declined(Refused):
    """WeChat does not take it. `code`: WeChat's."""

    def __init__(self, code: int) -> None:
        super().__init__(f"WeChat says {code}")
        self.code = code


class Shelf(Protocol):
    """Where gateways share a token."""

    async def token(self, name: str) -> str | None:
        """The token, as long as it holds."""

    async def keep_token(self, name: str, token: str, seconds: float) -> None:
        """Keep one for so long."""

    async def lease(self, name: str, seconds: float) -> bool:
        """Be the only gateway that fetches one."""


class Api:
    """One method for each thing we ask. Raises Later, Gone or Refused."""

    def __init__(self, base: str, app_id: str, secret: str) -> None:
        self._base, self._app_id, self._secret = base.rstrip("/"), app_id, secret
        self._http: ClientSession | None = None
        self._fetching = asyncio.Lock()

    async def close(self) -> None:
        """Let go of connections."""
        if self._http is not None:
            await self._http.close()

    async def text(self, shelf: Shelf, openid: str, text: str) -> None:
        """Send a text as 客服消息."""
        await self._post(shelf, "message/custom/send", {"touser": openid, "msgtype": "text", "text": {"content": text}})

    async def article(self, shelf: Shelf, openid: str, title: str, about: str, url: str) -> None:
        """Send one article that leads to a page as 客服消息."""
        article = {"title": title, "description": about, "url": url, "picurl": ""}
        body = {"touser": openid, "msgtype": "news", "news": {"articles": [article]}}
        await self._post(shelf, "message/custom/send", body)

    async def notice(self, shelf: Shelf, openid: str, template: str, data: dict[str, Any], page: str) -> None:
        """Send a 订阅通知 that leads to a page, or nowhere without one."""
        body = {"touser": openid, "template_id": template, "data": data, **({"page": page} if page else {})}
        await self._post(shelf, "message/subscribe/bizsend", body)

    async def menu(self, shelf: Shelf, buttons: list[dict[str, Any]]) -> None:
        """Give the account its menu."""
        await self._post(shelf, "menu/create", {"button": buttons})

    async def no_menu(self, shelf: Shelf) -> None:
        """Take the account's menu away."""
        _check(await self.asked(shelf, "GET", "menu/delete"))

    async def fetch_token(self, shelf: Shelf) -> None:
        """Have a token, the one that is kept or a new one. Raises NotSetUp or Later."""
        await self._token(shelf)

    # -- calling -------------------------------------------------------------------------------------------------------

    async def asked(self, shelf: Shelf, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        """What WeChat answers, its refusals too; Later where there is no line or no token."""
        token = await self._token(shelf)
        answer = await self._call(method, path, {"access_token": token}, body)
        if answer.get("errcode") in _BAD_TOKEN:  # somebody else fetched one, and ours ended
            token = await self._token(shelf, not_=token)
            answer = await self._call(method, path, {"access_token": token}, body)
        return answer

    async def _post(self, shelf: Shelf, path: str, body: dict[str, Any]) -> None:
        answer = await self.asked(shelf, "POST", path, body)
        if "errcode" not in answer:  # it says 0 where it was done
            raise Later("no answer of WeChat's")
        _check(answer)

    async def _token(self, shelf: Shelf, not_: str | None = None) -> str:
        async with self._fetching:
            for _ in range(_TRIES):
                kept = await shelf.token(TOKEN)
                if kept is not None and kept != not_:
                    return kept
                if await shelf.lease(TOKEN, _LEASE):
                    return await self._fetched(shelf)
                await asyncio.sleep(_PAUSE)
        raise Later("another gateway is fetching a token")

    async def _fetched(self, shelf: Shelf) -> str:
        query = {"grant_type": "client_credential", "appid": self._app_id, "secret": self._secret}
        answer = await self._call("GET", "token", query)
        _check(answer)
        token, lasts = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(token, str) or not token or not isinstance(lasts, int):
            raise Later("no token in the answer")
        await shelf.keep_token(TOKEN, token, max(lasts - _EARLY, lasts / 2))
        return token

    async def _call(
        self, method: str, path: str, query: dict[str, str], body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        if self._http is None:
            self._http = ClientSession(timeout=ClientTimeout(total=10))
        data = json.dumps(body, ensure_ascii=False).encode() if body is not None else None
        try:
            async with self._http.request(
                method,
                f"{self._base}/cgi-bin/{path}",
                params=query,
                data=data,
                headers={"Content-Type": "application/json"},
            ) as response:
                status, answer = response.status, await response.json(content_type=None)
        except (ClientError, TimeoutError, OSError, ValueError) as error:
            raise Later(type(error).__name__) from None  # the error's words have the token in them
        if status >= 500 or not isinstance(answer, dict) or not isinstance(answer.get("errcode", 0), int):
            raise Later("no answer of WeChat's")  # of whatever stands before it
        return answer


def _check(answer: dict[str, Any]) -> None:
    """Nothing where it was done; else the refusal."""
    code = answer.get("errcode", 0)
    if code == 0:
        return
    if code in _SET_UP:
        found = _IP.search(str(answer.get("errmsg", ""))) if code == 40164 else None
        refusal = NotSetUp(code, found[1] if found else None)
        logger.error("WeChat: %s", refusal)
        raise refusal
    if code in _BAD_TOKEN:
        raise Later("the token is not taken", 60.0)
    if code in _GONE:
        raise Gone
    if code in _NOT_NOW:
        raise NotNow(_NOT_NOW[code])
    if code in _LATER:
        seconds, why = _LATER[code]
        raise Later(why, seconds)
    raise Declined(code)
