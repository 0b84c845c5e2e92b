"""What a platform's commands, a link to something of ours, and messages without words stand for.

A command is never handed to the engine as it was typed: it becomes a payload of ours, or the text behind it.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from bot.channels.base import Command, Inbound

GREET = "gateway:greet"
"""The payload of a turn that is answered with the greeting, without the engine."""


@dataclass(frozen=True)
class Meant:
    """What a message says: its text, the payload it stands for, and the kind it is stored as."""

    text: str
    payload: str | None = None
    kind: str | None = None


@dataclass(frozen=True)
class _Known:
    about: str
    said: str
    payload: str | None = None
    more: str = "{}"  # the text, where something was typed behind the command


_KNOWN = {
    "start": _Known("从头开始", "你好", GREET),
    "help": _Known("小同会什么", "你会什么", "/help"),
    "jobs": _Known("找岗位", "找岗位", "/job_search", "找岗位 {}"),
    "book": _Known("约一对一指导", "约个指导", "/book_guidance", "约指导 {}"),
    "my": _Known("我的预约", "我的预约", "/my_bookings"),
    "policy": _Known("我能领什么补贴", "我能领什么补贴", "/eligibility_check"),
    "human": _Known("找人问问", "找人问问", "/human"),
    "cancel": _Known("不办了", "算了，不弄了"),
    "privacy": _Known("我的记录和隐私", "隐私", "/privacy_request"),
}
COMMANDS = tuple(Command(name, known.about) for name, known in _KNOWN.items())

_LINKS = {
    "job": ("/job_detail_or_more", "看看这个岗位"),
    "event": ("/job_fair_or_event", "看看这个活动"),
}
_LINK = re.compile(r"(job|event)_(\d{1,9})", re.ASCII)

_MEDIA = {
    "picture": "［图片］",
    "voice": "［语音］",
    "video": "［视频］",
    "sticker": "［表情］",
    "place": "［位置］",
    "contact": "［名片］",
    "file": "［文件］",
}


def meant(inbound: Inbound) -> Meant:
    """What a message of whatever form says. A command nobody knows is the text that was typed."""
    if inbound.media is not None:
        return Meant(_MEDIA[inbound.media], kind="media")
    known = _KNOWN.get(inbound.command or "")
    if known is None:
        return Meant(inbound.text or "")
    argument = inbound.argument.strip()
    if inbound.command == "start":
        return _linked(argument) or Meant(known.said, known.payload)
    if argument:
        return Meant(known.more.format(argument))
    return Meant(known.said, known.payload)


def _linked(argument: str) -> Meant | None:
    """What a deep link leads to."""
    found = _LINK.fullmatch(argument)
    if found is None:
        return None
    intent, said = _LINKS[found[1]]
    return Meant(said, intent + json.dumps({"do": "details", "of": str(int(found[2]))}, separators=(",", ":")))
