"""The page's one connection: what people say in, stored messages out. docs/web-chat.md tells the protocol."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from bot.channels.base import Inbound, Sender
from bot.channels.web import page_form
from bot.conversations import wording
from bot.conversations.answering import RECOVERY_PERIOD
from bot.conversations.receiving import UnknownChoice
from bot.conversations.rules import Pace, TooLong
from bot.conversations.service import Conversations, NotRateable
from bot.web.chat.person import address_of, sender_of
from bot.web.hub import Hub
from bot.web.keys import CLOCK, CONVERSATIONS, HUB, SETTINGS

logger = logging.getLogger(__name__)

FRAME_LIMIT = 64 * 1024  # bytes; far above the longest message, far below what would hurt
HEARTBEAT = 60.0  # seconds without a sign of life after which a connection is given up

PACE_PERSON = web.AppKey("pace_person", Pace)
PACE_ADDRESS = web.AppKey("pace_address", Pace)

Key = Annotated[str, Field(min_length=8, max_length=64, pattern=r"^[\w-]+$")]


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore")


class Hello(_Said):
    """The first word after every connection: the id of the last message held."""

    type: Literal["hello"]
    after: int = Field(ge=0, le=2**53)


class Say(_Said):
    """A typed message."""

    type: Literal["say"]
    key: Key
    text: str


class Press(_Said):
    """A pressed choice."""

    type: Literal["press"]
    key: Key
    token: Annotated[str, Field(min_length=1, max_length=24)]


class Restart(_Said):
    """A new conversation."""

    type: Literal["restart"]
    key: Key


class Rate(_Said):
    """👍 or 👎 under a reply."""

    type: Literal["feedback"]
    message: int = Field(ge=1, le=2**53)
    verdict: Literal["up", "down"]
    reasons: list[Literal["不准确", "没答到点上", "过时", "看不懂", "其他"]] = Field(default=[], max_length=5)
    comment: Annotated[str, Field(max_length=500)] | None = None


class Ping(_Said):
    """A sign of life."""

    type: Literal["ping"]


_SAID: TypeAdapter[Hello | Say | Press | Restart | Rate | Ping] = TypeAdapter(
    Annotated[Hello | Say | Press | Restart | Rate | Ping, Field(discriminator="type")]
)


async def socket(request: web.Request) -> web.StreamResponse:
    """GET /chat/socket. 403 from another site's page, 401 without the cookie that the page gives."""
    settings = request.app[SETTINGS]
    own = {request.host, urlsplit(settings.address).netloc}
    if urlsplit(request.headers.get("Origin", "")).netloc not in own:
        raise web.HTTPForbidden(text="这个连接只能从对话页打开。")
    sender = sender_of(request)
    if sender is None:
        raise web.HTTPUnauthorized(text="请先打开对话页。")
    line = web.WebSocketResponse(heartbeat=HEARTBEAT, max_msg_size=FRAME_LIMIT)
    await line.prepare(request)
    connection = Connection(request.app, line, sender, address_of(request, settings))
    try:
        async for frame in line:
            if frame.type is not WSMsgType.TEXT:
                break
            await connection.take(frame.data)
    finally:
        connection.leave()
    return line


class Connection:
    """One open page of one person."""

    def __init__(self, app: web.Application, line: web.WebSocketResponse, sender: Sender, address: str) -> None:
        self._app, self._line, self._sender, self._address = app, line, sender, address
        self._conversations: Conversations = app[CONVERSATIONS]
        self._hub: Hub = app[HUB]
        self._watched: str | None = None

    async def take(self, data: str) -> None:
        """Carry out one frame; what is not of the protocol is refused, and the connection stays."""
        try:
            said = _SAID.validate_json(data)
        except ValidationError:
            await self._refuse(_key_in(data), wording.UNREADABLE, keep=False)
            return
        match said:
            case Ping():
                await self._tell({"type": "pong"})
            case Hello():
                await self._hello(said.after)
            case Say() | Press():
                await self._say(said)
            case Restart():
                await self._restart(said.key)
            case Rate():
                await self._rate(said)

    def leave(self) -> None:
        """The page is gone."""
        if self._watched is not None:
            self._hub.unwatch(self._watched, self._tell)
            self._watched = None

    async def _tell(self, event: dict[str, Any]) -> None:
        await self._line.send_str(json.dumps(event, ensure_ascii=False, separators=(",", ":")))

    async def _refuse(self, key: str | None, reason: str, *, keep: bool) -> None:
        await self._tell({"type": "refused", "key": key, "reason": reason, "keep": keep})

    def _watch(self, conversation: str) -> None:
        if self._watched != conversation:
            self.leave()
            self._watched = conversation
            self._hub.watch(conversation, self._tell)

    async def _hello(self, after: int) -> None:
        await self._conversations.greet(self._sender)
        # Seen before read: what is stored in between comes twice, and the page drops repeats, but never not at all.
        self._watch(await self._conversations.code_of(self._sender))
        conversation, person, messages, more = await self._conversations.history(self._sender, after)
        self._watch(conversation)
        await self._tell(
            {
                "type": "ready",
                "conversation": conversation,
                "person": person,
                "now": self._app[CLOCK]().isoformat(),
                "messages": [page_form(message) for message in messages],
                "more": more,
            }
        )

    async def _too_fast(self, key: str) -> bool:
        """Whether this person or address has to slow down; then they are told so."""
        now = self._app[CLOCK]()
        wait = max(self._app[PACE_PERSON].take(self._sender.id, now), self._app[PACE_ADDRESS].take(self._address, now))
        if wait:
            await self._refuse(key, wording.too_fast(wait), keep=True)
        return wait > 0

    async def _say(self, said: Say | Press) -> None:
        if await self._too_fast(said.key):
            return
        text, token = (said.text, None) if isinstance(said, Say) else (None, said.token)
        try:
            received = await self._conversations.receive(Inbound(self._sender, said.key, text, token))
        except TooLong as error:
            await self._refuse(said.key, wording.too_long(error.length, error.limit), keep=True)
            return
        except UnknownChoice:
            await self._refuse(said.key, wording.CHOICE_GONE, keep=False)
            return
        message = received.message
        await self._tell({"type": "ack", "key": said.key, "id": message.id, "at": message.at.isoformat()})
        if received.repeated:
            return
        self._watch(message.conversation)
        await self._hub.show(message)
        self._hub.in_background(self._answer(message.conversation, received.conversation_id))

    async def _answer(self, conversation: str, conversation_id: int) -> None:
        await self._hub.tell(conversation, {"type": "typing", "on": True})
        try:
            await self._conversations.answer(conversation_id, self._hub.show)
        finally:
            await self._hub.tell(conversation, {"type": "typing", "on": False})

    async def _restart(self, key: str) -> None:
        if await self._too_fast(key):
            return
        before = self._watched
        conversation = await self._conversations.restart(self._sender, key)
        await self._conversations.greet(self._sender)
        _, _, messages, _ = await self._conversations.history(self._sender, 0)
        event = {
            "type": "restarted",
            "key": key,
            "conversation": conversation,
            "messages": [page_form(message) for message in messages],
        }
        self._watch(conversation)
        await self._tell(event)
        if before and before != conversation:
            await self._hub.tell(before, event)  # the person's other pages: they say hello again

    async def _rate(self, said: Rate) -> None:
        try:
            offer = await self._conversations.rate(self._sender, said.message, said.verdict, said.reasons, said.comment)
        except NotRateable:
            await self._refuse(None, wording.UNREADABLE, keep=False)
            return
        await self._tell({"type": "feedback", "message": said.message, "verdict": said.verdict})
        if offer is not None:
            await self._hub.show(offer)


def _key_in(data: str) -> str | None:
    """The key of a frame that is otherwise unreadable, so that the page knows which message it was."""
    try:
        found = json.loads(data)
    except ValueError:
        return None
    key = found.get("key") if isinstance(found, dict) else None
    return key if isinstance(key, str) and len(key) <= 64 else None


async def recover(app: web.Application) -> None:
    """Look for turns that wait, again and again, until cancelled."""
    while True:
        try:
            await app[CONVERSATIONS].recover(app[HUB].show)
        except Exception:
            logger.exception("looking for waiting turns failed")
        await asyncio.sleep(RECOVERY_PERIOD)
