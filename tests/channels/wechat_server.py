"""WeChat's side of an Official Account: pushes what people do, waits, pushes again; and the people who read the answers.

As the documentation has it: each push is signed, in AES mode sealed; it waits five seconds for an answer, then hangs up
and pushes the same message again, to the next gateway, three times in all. An answer is empty, `success`, or XML for the
person who wrote; a text has 2048 bytes at most. Whatever else comes back shows the person that the account is out of order.
"""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

from aiohttp import ClientError, ClientSession, ClientTimeout
from defusedxml.ElementTree import fromstring

from bot.channels.wechat.sealing import Seal, signature

TOKEN, APP_ID, AES_KEY = "WeChatsToken", "wx0123456789abcdef", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
ACCOUNT = "gh_duihua"
OUT_OF_ORDER = "该公众号提供的服务出现故障，请稍后再试"
LIMIT = 2048


@dataclass(frozen=True)
class Article:
    """An article as a person sees it."""

    title: str
    about: str
    url: str


@dataclass
class Person:
    """Somebody who follows the account. `seen`: every text that they were shown; `articles` likewise."""

    platform: WeChat
    openid: str
    seen: list[str] = field(default_factory=list)
    articles: list[Article] = field(default_factory=list)

    async def say(self, text: str, **more: object) -> str:
        """Write something; the answer, empty where there was none."""
        return await self.send("text", Content=text, **more)

    async def send(self, kind: str, **values: object) -> str:
        """Send something of whatever kind."""
        return await self.platform.push(self, {"MsgType": kind, "MsgId": next(self.platform.numbers), **values})

    async def do(self, event: str, key: str | None = None, **values: object) -> str:
        """Follow, leave, scan, press an entry of the menu …"""
        more = {} if key is None else {"EventKey": key}
        return await self.platform.push(self, {"MsgType": "event", "Event": event, **more, **values})

    async def answer_window(self, scene: int = 2, **templates: str) -> str:
        """Answer the window that asks whether they want notices: accept or reject for each template."""
        return await self._of_notices("Popup", templates, PopupScene=scene)

    async def turn_off(self, *templates: str) -> str:
        """Turn notices off for good, on the page of the account."""
        return await self._of_notices("Change", dict.fromkeys(templates, "reject"))

    async def _of_notices(self, what: str, templates: dict[str, str], **more: object) -> str:
        said = [{"TemplateId": name, "SubscribeStatusString": status, **more} for name, status in templates.items()]
        return await self.do(f"subscribe_msg_{what.lower()}_event", **{f"SubscribeMsg{what}Event": said})


class WeChat:
    """The platform. `gateways`: where the account's server is, one after the other in turn."""

    def __init__(self, *gateways: Callable[[], str] | str, sealed: bool = False, patience: float = 5.0) -> None:
        self.gateways = list(gateways)
        self.patience = patience
        self.seal = Seal(AES_KEY, APP_ID) if sealed else None
        self.numbers = itertools.count(24_000_000_000_000_000)
        self.pushes: list[tuple[str, float]] = []
        self.statuses: list[int] = []
        self._turn = itertools.count()

    async def __aenter__(self) -> WeChat:
        self._http = ClientSession(timeout=ClientTimeout(total=self.patience))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._http.close()

    def person(self, openid: str = "oPerson_1") -> Person:
        return Person(self, openid)

    # -- pushing -------------------------------------------------------------------------------------------------------

    def made(self, person: Person, values: dict[str, object]) -> str:
        """A message as XML."""
        whole = {"ToUserName": ACCOUNT, "FromUserName": person.openid, "CreateTime": int(time.time()), **values}
        parts = [f"<{name}>{_content(value)}</{name}>" for name, value in whole.items()]
        return f"<xml>{''.join(parts)}</xml>"

    async def push(self, person: Person, values: dict[str, object], *, tries: int = 3) -> str:
        """Bring a message until it is answered, three times at most; what the person is shown."""
        xml = self.made(person, values)
        for _ in range(tries):
            try:
                status, body = await self.bring(xml)
            except (ClientError, TimeoutError, OSError):
                continue
            return self._shown(person, status, body)
        person.seen.append(OUT_OF_ORDER)
        return OUT_OF_ORDER

    async def bring(self, xml: str | bytes, *, to: str | None = None, **query: str) -> tuple[int, str]:
        """One push, to the next gateway."""
        url = to or self._next()
        body, signed = self.signed(xml)
        self.pushes.append((url, time.monotonic()))
        async with self._http.post(f"{url}/wechat", params=signed | query, data=body) as response:
            self.statuses.append(response.status)
            return response.status, await response.text()

    async def pushed(self, count: int) -> None:
        """Wait until there were so many pushes."""
        async with asyncio.timeout(20):
            while len(self.pushes) < count:  # noqa: ASYNC110 - counted, not waited for, where it happens
                await asyncio.sleep(0.01)

    def signed(self, xml: str | bytes, *, at: int | None = None) -> tuple[bytes, dict[str, str]]:
        """The body and the query of a push."""
        timestamp, nonce = str(at or int(time.time())), str(secrets.randbelow(10**10))
        query = {"timestamp": timestamp, "nonce": nonce, "signature": signature(TOKEN, timestamp, nonce)}
        if self.seal is None:
            return xml.encode() if isinstance(xml, str) else xml, query
        sealed = self.seal.close(xml if isinstance(xml, str) else xml.decode("latin-1"))
        query |= {"encrypt_type": "aes", "msg_signature": signature(TOKEN, timestamp, nonce, sealed)}
        body = f"<xml><ToUserName><![CDATA[{ACCOUNT}]]></ToUserName><Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
        return body.encode(), query

    def _next(self) -> str:
        gateway = self.gateways[next(self._turn) % len(self.gateways)]
        return gateway if isinstance(gateway, str) else gateway()

    # -- what is shown -------------------------------------------------------------------------------------------------

    def _shown(self, person: Person, status: int, body: str) -> str:
        if status != 200:
            person.seen.append(OUT_OF_ORDER)
            return OUT_OF_ORDER
        if body in ("", "success"):
            return ""
        answer = self._fields(body)
        assert answer["ToUserName"] == person.openid
        assert answer["FromUserName"] == ACCOUNT
        assert abs(int(answer["CreateTime"]) - time.time()) < 60
        if answer["MsgType"] == "news":
            item = fromstring(self._opened(body)).find("Articles/item")
            article = Article(*(item.findtext(name) or "" for name in ("Title", "Description", "Url")))
            assert article.title
            assert article.url.startswith("http")
            person.articles.append(article)
            text = article.about
        else:
            assert answer["MsgType"] == "text"
            text = answer["Content"]
        assert 0 < len(text.encode()) <= LIMIT
        person.seen.append(text)
        return text

    def _opened(self, body: str) -> str:
        if self.seal is None:
            return body
        outer = {element.tag: element.text or "" for element in fromstring(body)}
        signed = signature(TOKEN, outer["TimeStamp"], outer["Nonce"], outer["Encrypt"])
        assert outer["MsgSignature"] == signed
        return self.seal.open(outer["Encrypt"]).decode()

    def _fields(self, body: str) -> dict[str, str]:
        return {element.tag: element.text or "" for element in fromstring(self._opened(body))}


def _content(value: Any) -> str:
    if isinstance(value, list):  # entries of a list, each with elements of its own
        return "".join(f"<List>{''.join(f'<{n}>{_content(v)}</{n}>' for n, v in one.items())}</List>" for one in value)
    return (
        str(value) if isinstance(value, int) else f"<![CDATA[{value}]]>" if "]]>" not in str(value) else escape(value)
    )
