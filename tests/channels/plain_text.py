"""A channel in one file: lines of text over HTTP, for a platform that knows no button. docs/add-a-channel.md walks through it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import ClassVar

from aiohttp import web

from bot.channels.base import Channel, Desk, Inbound, Later, Note, Outgoing, Sender, Shown

Post = Callable[[str, str], Awaitable[str]]
"""Hands the platform a text for a number; what the platform calls it. Raises ConnectionError."""


class PlainText(Channel):
    """Numbers that send and get texts. A digit is a press on that choice of the last message."""

    name: ClassVar[str] = "plain"

    def __init__(self, post: Post) -> None:
        self._post = post
        self._offered: dict[str, list[str]] = {}

    def routes(self, desk: Desk) -> Sequence[web.RouteDef]:
        """Where the platform brings what people send."""
        return (web.post("/plain", partial(self._brought, desk)),)

    async def _brought(self, desk: Desk, request: web.Request) -> web.Response:
        told = await request.json()
        sender, said = Sender(self.name, told["number"]), told["text"].strip()
        offered = self._offered.get(sender.id, [])
        token = offered[int(said) - 1] if said.isdecimal() and 0 < int(said) <= len(offered) else None
        inbound = Inbound(sender, told["id"], text=None if token else said, token=token, address=sender.id)
        taken = await desk.take(inbound)
        return web.Response(text=taken.refused or "")

    async def send(self, outgoing: Outgoing, note: Note, desk: Desk) -> None:
        """One text; there is nothing to send a second time when it is out."""
        if outgoing.done:
            return
        choices = outgoing.message.body.get("choices") or []
        self._offered[outgoing.address] = [choice["token"] for choice in choices]
        try:
            called = await self._post(outgoing.address, text_of(outgoing.message))
        except ConnectionError as error:
            raise Later("no line") from error
        await note(called)


def text_of(message: Shown) -> str:
    """Paragraphs, cards and numbered choices as lines."""
    body = message.body
    lines = list(body.get("paragraphs") or [message.text])
    for card in body.get("cards") or []:
        lines += [f"【{card['title']}】", *card["lines"]]
    lines += [f"{number} {choice['label']}" for number, choice in enumerate(body.get("choices") or [], 1)]
    return "\n".join(lines)
