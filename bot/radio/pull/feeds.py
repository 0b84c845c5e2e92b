"""What was asked most as a JSON Feed (version 1.1) and as RSS 2.0, for the station's own tools. No I/O here."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, time
from email.utils import format_datetime
from xml.etree import ElementTree

from bot.clock import SHANGHAI
from bot.radio.groups.top import Top, as_plain
from bot.radio.groups.views import GroupView

TITLE = "对话青春：大家问什么"
_UNPRINTABLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_json(found: Top, address: str) -> bytes:
    """A JSON Feed; what a tool may want besides stands under `_duihua`."""
    first, last = found.period.first.isoformat(), found.period.last.isoformat()
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": TITLE,
        "home_page_url": f"{address}/desk",
        "description": found.period.spoken(),
        "language": "zh-CN",
        "_duihua": {"first": first, "last": last},
        "items": [
            {
                "id": _id(one),
                "url": _url(one, address),
                "title": _title(one),
                "content_text": _content(one),
                "_duihua": as_plain(one),
            }
            for one in found.groups
        ],
    }
    return (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode()


def as_rss(found: Top, address: str) -> bytes:
    """RSS 2.0."""
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    for name, text in (
        ("title", TITLE), ("link", f"{address}/desk"), ("description", found.period.spoken()), ("language", "zh-cn"), ("ttl", "15"),
    ):  # fmt: skip
        ElementTree.SubElement(channel, name).text = text
    at = datetime.combine(found.period.last, time(), SHANGHAI).astimezone(UTC)
    for one in found.groups:
        item = ElementTree.SubElement(channel, "item")
        ElementTree.SubElement(item, "title").text = _plain(_title(one))
        ElementTree.SubElement(item, "link").text = _url(one, address)
        ElementTree.SubElement(item, "guid", isPermaLink="false").text = _id(one)
        ElementTree.SubElement(item, "pubDate").text = format_datetime(at)
        ElementTree.SubElement(item, "description").text = _plain(_content(one))
    return ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)


def _id(one: GroupView) -> str:
    return f"group-{one.count.id}"


def _url(one: GroupView, address: str) -> str:
    return f"{address}/desk/groups/{one.count.id}"


def _title(one: GroupView) -> str:
    return f"{one.count.name}（{one.count.askers} 人）"


def _content(one: GroupView) -> str:
    lines = [
        f"{one.count.askers} 人问，上一期 {one.count.before} 人。",
        *(f"“{said.text}”" for said in one.wordings[:3]),
    ]
    if one.answer is not None and one.answer.holds:
        lines += [one.answer.s30 or one.answer.answer, f"核对于 {one.answer.checked_on}，第 {one.answer.version} 版。"]
    else:
        lines.append("还没有核对过的答复。")
    if one.aired_on:
        lines.append(f"{one.aired_on[0]} 播过。")
    return "\n".join(lines)


def _plain(text: str) -> str:
    return _UNPRINTABLE.sub("", text)
