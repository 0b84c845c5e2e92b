"""Text on its way to WeChat: plain, without characters that XML does not know, and cut where a reader would. No I/O."""

from __future__ import annotations

import re

LIMIT = 2048  # bytes of UTF-8
MORE = "（没完，回复 继续 看后面）"
_UNSENDABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_EDGES = ("\n\n", "\n", "。", "！", "？", "；", "，", " ")


def size(text: str) -> int:
    """How long WeChat thinks a text is."""
    return len(text.encode())


def sendable(text: str) -> str:
    """The text without what no XML can hold; lines end in one way."""
    return _UNSENDABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def cdata(text: str) -> str:
    """The text as the content of an element, read as it was written."""
    return "<![CDATA[" + sendable(text).replace("]]>", "]]]]><![CDATA[>") + "]]>"


def cut(text: str, limit: int = LIMIT) -> tuple[str, str]:
    """The first part that fits and the rest, empty where all fits. A part with a rest says how to read on."""
    text = sendable(text).strip()
    if size(text) <= limit:
        return text, ""
    room = limit - size("\n" + MORE)
    head = text.encode()[:room].decode(errors="ignore")
    end = _edge(head)
    return f"{head[:end].rstrip()}\n{MORE}", text[end:].lstrip()


def _edge(head: str) -> int:
    """Where to cut: behind the last line in its second half, else sentence, else word, else at its end."""
    for edge in _EDGES:
        at = head.rfind(edge)
        if at >= len(head) // 2:
            return at + len(edge)
    return len(head)
