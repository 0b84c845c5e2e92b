"""What a delivery of WeChat's is to us, and the answer in its form. No I/O."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal
from xml.etree.ElementTree import Element, ParseError  # the types only; parsing is defusedxml's

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from bot.channels.base import Inbound, Media, Sender
from bot.channels.wechat.text import cdata, sendable

CHANNEL = "wechat"
_OPENID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SCENE = re.compile(r"(?:qrscene_)?((?:job|event)_[0-9]{1,18})")
_NOT_SHOWN = "【收到不支持的消息类型，暂无法显示】"  # what WeChat puts in the place of a sticker of one's own
_OF_NOTICES = {
    "subscribe_msg_popup_event": "SubscribeMsgPopupEvent",
    "subscribe_msg_change_event": "SubscribeMsgChangeEvent",
    "subscribe_msg_sent_event": "SubscribeMsgSentEvent",
}
_LONGEST = 64  # characters of a template's number
_MEDIA: dict[str, Media] = {
    "image": "picture", "voice": "voice", "video": "video", "shortvideo": "video", "location": "place",
}  # fmt: skip


class Unreadable(Exception):
    """No message of WeChat's: not XML, or without what every one has."""


@dataclass(frozen=True)
class Said:
    """What somebody said to notices by one template: yes to one more, or no to any."""

    template: str
    agreed: bool


@dataclass(frozen=True)
class Arrived:
    """How a notice arrived, by WeChat's number of it."""

    template: str
    receipt: str
    outcome: str


@dataclass(frozen=True)
class Delivery:
    """One delivery. `inbound` where there is something to answer; `away` where the person left; else neither.

    `key`: the event's, the same for each delivery of it. `consents`: what was said to notices; `arrived`: how some did.

    `made`: when it was said, in WeChat's seconds; None where that is not told.
    """

    sender: Sender
    account: str
    made: int | None
    inbound: Inbound | None = None
    away: bool = False
    key: str = ""
    consents: tuple[Said, ...] = ()
    arrived: tuple[Arrived, ...] = ()


def fields(body: bytes) -> dict[str, str]:
    """The elements right below the root, by name, the first of each; what has elements of its own as a list of what each
    of them has (JSON). Raises Unreadable.
    """
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreadable(type(error).__name__) from error
    found: dict[str, str] = {}
    for element in root:
        found.setdefault(element.tag, _listed(element) if len(element) else (element.text or "").strip())
    return found


def _listed(element: Element) -> str:
    entries = [{one.tag: (one.text or "").strip() for one in entry} for entry in element]
    return json.dumps(entries, ensure_ascii=False)


def read(found: dict[str, str]) -> Delivery:
    """What the elements of a delivery say. Raises Unreadable."""
    openid, account, kind = (found.get(name, "") for name in ("FromUserName", "ToUserName", "MsgType"))
    if not _OPENID.fullmatch(openid) or not account or not kind:
        raise Unreadable("without a sender, an account or a kind")
    sender, made = Sender(CHANNEL, openid), found.get("CreateTime", "")
    about = Delivery(sender, account, int(made) if made.isascii() and made.isdecimal() and len(made) < 12 else None)
    if kind == "event":
        return _event(about, found)
    return replace(about, inbound=_message(sender, kind, found))


def _message(sender: Sender, kind: str, found: dict[str, str]) -> Inbound:
    key = _key(found.get("MsgId", ""), sender.id, found.get("CreateTime", ""))
    text = {"text": found.get("Content"), "voice": found.get("Recognition")}.get(kind)
    if kind == "text" and text == _NOT_SHOWN:
        return Inbound(sender, key, media="sticker", address=sender.id)
    if kind == "link":
        text = " ".join(part for part in (found.get("Title"), found.get("Url")) if part)
    if kind == "text" or text:
        return Inbound(sender, key, text=text or "", address=sender.id)
    return Inbound(sender, key, media=_MEDIA.get(kind, "file"), address=sender.id)


def _event(about: Delivery, found: dict[str, str]) -> Delivery:
    sender, event, value = about.sender, found.get("Event", "").lower(), found.get("EventKey", "")
    if event == "unsubscribe":
        return replace(about, away=True)
    key = _key(sender.id, found.get("CreateTime", ""), event, value)
    if event in ("subscribe", "scan"):
        scene = _SCENE.fullmatch(value)
        start = Inbound(sender, key, command="start", argument=scene[1] if scene else "", address=sender.id)
        return replace(about, inbound=start)
    if event == "click" and value:
        return replace(about, inbound=Inbound(sender, key, command=value, address=sender.id))
    if event in _OF_NOTICES:
        entries = _entries(found.get(_OF_NOTICES[event], ""))
        told = json.dumps(entries, ensure_ascii=False, sort_keys=True)
        return _notices(replace(about, key=_key(sender.id, found.get("CreateTime", ""), event, told)), event, entries)
    return about


def _entries(text: str) -> list[dict[str, str]]:
    """The entries of a list with a template each; none where there is no list."""
    try:
        found = json.loads(text) if text else []
    except ValueError:
        return []
    entries = [entry for entry in found if isinstance(entry, dict)] if isinstance(found, list) else []
    return [entry for entry in entries if 0 < len(entry.get("TemplateId", "")) <= _LONGEST]


def _notices(about: Delivery, event: str, entries: list[dict[str, str]]) -> Delivery:
    """A yes is one in the window that asks; a no is one that is said later: who says no in the window takes nothing back."""
    if event == "subscribe_msg_sent_event":
        arrived = [Arrived(one["TemplateId"], one.get("MsgID", ""), one.get("ErrorStatus", "")) for one in entries]
        return replace(about, arrived=tuple(one for one in arrived if one.receipt))
    asked = event == "subscribe_msg_popup_event"
    meant = "accept" if asked else "reject"
    said = (Said(one["TemplateId"], asked) for one in entries if one.get("SubscribeStatusString") == meant)
    return replace(about, consents=tuple(dict.fromkeys(said)))


def _key(*parts: str) -> str:
    """The same for each delivery of one message; nobody can read the sender from it."""
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()[:40]


def _envelope(delivery: Delivery, at: datetime, kind: Literal["text", "news"], content: str) -> str:
    return (
        f"<xml><ToUserName>{cdata(delivery.sender.id)}</ToUserName>"
        f"<FromUserName>{cdata(delivery.account)}</FromUserName>"
        f"<CreateTime>{int(at.timestamp())}</CreateTime><MsgType>{cdata(kind)}</MsgType>{content}</xml>"
    )


def text_reply(delivery: Delivery, text: str, at: datetime) -> str:
    """A passive answer of text."""
    return _envelope(delivery, at, "text", f"<Content>{cdata(sendable(text))}</Content>")


def news_reply(delivery: Delivery, title: str, about: str, url: str, at: datetime) -> str:
    """A passive answer of one article, which is all that WeChat shows."""
    article = (
        f"<item><Title>{cdata(title)}</Title><Description>{cdata(about)}</Description>"
        f"<PicUrl>{cdata('')}</PicUrl><Url>{cdata(url)}</Url></item>"
    )
    return _envelope(delivery, at, "news", f"<ArticleCount>1</ArticleCount><Articles>{article}</Articles>")


def sealed_reply(sealed: str, signature: str, timestamp: str, nonce: str) -> str:
    """A passive answer in its seal."""
    return (
        f"<xml><Encrypt>{cdata(sealed)}</Encrypt><MsgSignature>{cdata(signature)}</MsgSignature>"
        f"<TimeStamp>{timestamp}</TimeStamp><Nonce>{cdata(nonce)}</Nonce></xml>"
    )
