"""The web chat as a channel: our messages as the page's script reads them."""

from __future__ import annotations

from typing import Any

from bot.channels.base import Shown

CHANNEL = "web"


def page_form(message: Shown) -> dict[str, Any]:
    """A message in the form of the page's protocol (docs/web-chat.md)."""
    body = message.body
    return {
        "id": message.id,
        "from": "me" if message.direction == "in" else "bot",
        "kind": message.kind,
        "key": message.key,
        "at": message.at.isoformat(),
        "text": message.text,
        "paragraphs": body.get("paragraphs") or [message.text],
        "choices": body.get("choices") or [],
        "source": body.get("source"),
        "caveat": body.get("caveat"),
        "checked": body.get("checked"),
        "rateable": bool(body.get("rateable")),
        "feedback": message.feedback,
        "filters": body.get("filters") or [],
        "cards": body.get("cards") or [],
        "days": body.get("days") or [],
        "by": body.get("by"),
    }
