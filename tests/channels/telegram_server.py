"""A server that behaves as Telegram's documentation of the Bot API says, with faults to be ordered."""

from __future__ import annotations

import asyncio
import json
import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Self

from aiohttp import web
from aiohttp.test_utils import TestServer

TOKEN = "123456789:AAFakeTokenForTestsOnly_0123456789abcd"
KEY = "k" * 40  # what addresses are sealed with
BOT = {"id": 777, "is_bot": True, "first_name": "小同", "username": "DuihuaBot"}


class Fault(Exception):
    """An answer of the platform that is no success."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code, self.description, self.parameters = code, description, parameters


class Dropped(Exception):
    """The line is cut; `after`: what was asked was done before."""

    def __init__(self, *, after: bool = False) -> None:
        super().__init__()
        self.after = after


class _Marks(HTMLParser):
    """Reads a text as the platform reads HTML: the tags it knows and no other."""

    KNOWN = ("b", "i", "u", "s", "a", "code", "pre")

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.open, self.links = "", [], []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.KNOWN:
            raise Fault(400, f'Bad Request: can\'t parse entities: Unsupported start tag "{tag}" at byte offset 0')
        self.open.append(tag)
        self.links += [value for name, value in attrs if name == "href" and value]

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise Fault(400, "Bad Request: can't parse entities: Unexpected end tag at byte offset 0")

    def handle_data(self, data: str) -> None:
        self.text += data


def read_html(text: str) -> tuple[str, list[str]]:
    """What is read of a text in HTML, and where its links lead."""
    if re.search(r"&(?!(?:lt|gt|amp|quot|#\d+);)", text):
        raise Fault(400, "Bad Request: can't parse entities: Unknown entity")
    marks = _Marks()
    marks.feed(text)
    marks.close()
    if marks.open:
        raise Fault(400, "Bad Request: can't parse entities: Can't find end tag")
    return marks.text, marks.links


@dataclass
class Sent:
    """A message of the bot as it stands in its chat."""

    id: int
    chat: int
    text: str = ""
    rows: list[list[dict[str, str]]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    file: tuple[str, bytes] | None = None
    picture: bool = False
    quotes: int | None = None
    changes: int = 0

    @property
    def labels(self) -> list[str]:
        return [button["text"] for row in self.rows for button in row]

    def data(self, label: str) -> str:
        """What a press on a button sends; the first with that label."""
        return next(b["callback_data"] for row in self.rows for b in row if b["text"] == label)


@dataclass
class Telegram:
    """The platform. `faults` has, by method, what it does before it obeys again; `now` is when it is asked."""

    sent: list[Sent] = field(default_factory=list)
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    answered: dict[str, str | None] = field(default_factory=dict)
    commands: list[dict[str, str]] = field(default_factory=list)
    faults: dict[str, deque[Any]] = field(default_factory=dict)
    blocked: set[int] = field(default_factory=set)
    migrated: dict[int, int] = field(default_factory=dict)
    webhook: dict[str, Any] | None = None
    away: bool = False
    _waiting: list[dict[str, Any]] = field(default_factory=list)
    _last_update: int = 5000
    _last_message: int = 100

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=50 * 2**20)
        app.router.add_route("*", "/bot{token}/{method}", self._asked)
        self._news = asyncio.Condition()
        self._server = TestServer(app)
        await self._server.start_server(shutdown_timeout=0.1)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    @property
    def address(self) -> str:
        return str(self._server.make_url("/")).rstrip("/")

    # -- what people do ------------------------------------------------------------------------------------------------

    def update(self, **what: Any) -> dict[str, Any]:
        """An update that is waiting to be asked for."""
        self._last_update += 1
        made = {"update_id": self._last_update, **what}
        self._waiting.append(made)
        return made

    def message(self, user: int = 1, chat: dict[str, Any] | None = None, **what: Any) -> dict[str, Any]:
        """A message of somebody, alone with the bot where no group is named."""
        self._last_message += 1
        return {
            "message_id": self._last_message,
            "date": 1795572000,
            "chat": chat or {"id": user, "type": "private", "first_name": "小雨"},
            "from": {"id": user, "is_bot": False, "first_name": "小雨"},
            **what,
        }

    async def say(self, text: str, user: int = 1, **more: Any) -> dict[str, Any]:
        """Somebody writes."""
        if text.startswith("/"):
            length = len(text.split()[0])
            more.setdefault("entities", [{"type": "bot_command", "offset": 0, "length": length}])
        return await self.tell(message=self.message(user, text=text, **more))

    async def tell(self, **what: Any) -> dict[str, Any]:
        """Something happens."""
        async with self._news:
            made = self.update(**what)
            self._news.notify_all()
        return made

    async def press(self, message: Sent, label: str, user: int = 1) -> str:
        """Somebody presses a button; the query's number."""
        query = f"q{self._last_update + 1}"
        where = {"id": message.chat, "type": "private" if message.chat > 0 else "supergroup"}
        await self.tell(
            callback_query={
                "id": query,
                "from": {"id": user, "is_bot": False, "first_name": "小雨"},
                "chat_instance": "1",
                "data": message.data(label),
                "message": {
                    "message_id": message.id,
                    "date": 1795572000,
                    "chat": where,
                    "from": BOT,
                    "text": message.text,
                    "reply_markup": {"inline_keyboard": message.rows},
                },
            }
        )
        return query

    async def until(self, what: Callable[[], Any], seconds: float = 30.0) -> Any:
        """Wait until something is true of what has come in."""
        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(what)
        return what()

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.sent]

    def called(self, method: str) -> list[dict[str, Any]]:
        return [asked for name, asked in self.calls if name == method]

    # -- what the bot asks ---------------------------------------------------------------------------------------------

    async def _asked(self, request: web.Request) -> web.StreamResponse:
        asked, files = await _fields(request)
        method = request.match_info["method"]
        if self.away:
            return await _cut(request)
        if request.match_info["token"] != TOKEN:
            return _answer(Fault(401, "Unauthorized"))
        self.calls.append((method, asked))
        fault = self.faults[method].popleft() if self.faults.get(method) else None
        try:
            if isinstance(fault, Dropped) and not fault.after:
                return await _cut(request)
            if isinstance(fault, Fault):
                raise fault
            result = await getattr(self, "_do" + re.sub("(^.|[A-Z])", r"_\1", method).lower())(asked, files)
            if isinstance(fault, Dropped) or self.away:
                return await _cut(request)
            return web.json_response({"ok": True, "result": result})
        except Fault as error:
            return _answer(error)
        finally:
            async with self._news:
                self._news.notify_all()

    async def _do_get_me(self, asked: dict[str, Any], files: Any) -> Any:
        return {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}

    async def _do_set_my_commands(self, asked: dict[str, Any], files: Any) -> Any:
        self.commands = json.loads(asked["commands"])
        for command in self.commands:
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]) or not 1 <= len(command["description"]) <= 256:
                raise Fault(400, "Bad Request: BOT_COMMAND_INVALID")
        return True

    async def _do_set_webhook(self, asked: dict[str, Any], files: Any) -> Any:
        if not asked["url"].startswith("https:"):
            raise Fault(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        self.webhook = asked
        return True

    async def _do_delete_webhook(self, asked: dict[str, Any], files: Any) -> Any:
        self.webhook = None
        return True

    async def _do_get_updates(self, asked: dict[str, Any], files: Any) -> Any:
        if self.webhook is not None:
            raise Fault(409, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook")
        offset = int(asked.get("offset") or 0)
        self._waiting = [u for u in self._waiting if u["update_id"] >= offset]
        try:
            async with asyncio.timeout(min(float(asked.get("timeout") or 0), 0.5)), self._news:
                await self._news.wait_for(lambda: bool(self._waiting))
        except TimeoutError:
            return []
        kinds = json.loads(asked.get("allowed_updates") or "[]")
        return [u for u in self._waiting if not kinds or u.keys() & set(kinds)][: int(asked.get("limit") or 100)]

    def _checked(self, asked: dict[str, Any], name: str, longest: int) -> tuple[str, list[str]]:
        text = asked.get(name) or ""
        text, links = read_html(text) if asked.get("parse_mode") == "HTML" else (text, [])
        if name == "text" and not text.strip():
            raise Fault(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > longest:
            raise Fault(400, "Bad Request: message is too long")
        return text.strip(), links

    def _rows(self, asked: dict[str, Any]) -> list[list[dict[str, str]]]:
        rows = json.loads(asked.get("reply_markup") or "{}").get("inline_keyboard", [])
        for button in (b for row in rows for b in row):
            data = button.get("callback_data")
            if not button["text"] or (data is not None and not 1 <= len(data.encode()) <= 64):
                raise Fault(400, "Bad Request: BUTTON_DATA_INVALID")
            if data is None and not button.get("url", "").startswith(("http://", "https://", "tg://")):
                raise Fault(400, "Bad Request: BUTTON_URL_INVALID")
        if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
            raise Fault(400, "Bad Request: reply markup is too long")
        return rows

    def _reachable(self, asked: dict[str, Any]) -> int:
        chat = int(asked["chat_id"])
        if chat in self.blocked:
            raise Fault(403, "Forbidden: bot was blocked by the user")
        if chat in self.migrated:
            raise Fault(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=self.migrated[chat],
            )
        return chat

    async def _do_send_message(self, asked: dict[str, Any], files: Any) -> Any:
        chat = self._reachable(asked)
        text, links = self._checked(asked, "text", 4096)
        quotes = json.loads(asked.get("reply_parameters") or "{}").get("message_id")
        return self._keep(Sent(0, chat, text, self._rows(asked), links, quotes=quotes))

    async def _do_send_document(self, asked: dict[str, Any], files: dict[str, tuple[str, bytes]]) -> Any:
        return self._file(asked, files, "document", picture=False)

    async def _do_send_photo(self, asked: dict[str, Any], files: dict[str, tuple[str, bytes]]) -> Any:
        return self._file(asked, files, "photo", picture=True)

    def _file(self, asked: dict[str, Any], files: dict[str, tuple[str, bytes]], name: str, *, picture: bool) -> Any:
        chat = self._reachable(asked)
        caption, _ = self._checked(asked, "caption", 1024)
        file = files.get(asked.get(name, "").removeprefix("attach://")) or files.get(name)
        if file is None or not file[1]:
            raise Fault(400, "Bad Request: file must be non-empty")
        if picture and not file[1].startswith((b"\x89PNG", b"\xff\xd8")):
            raise Fault(400, "Bad Request: IMAGE_PROCESS_FAILED")
        return self._keep(Sent(0, chat, caption, file=file, picture=picture))

    def _keep(self, message: Sent) -> Any:
        self._last_message += 1
        message.id = self._last_message
        self.sent.append(message)
        return self._shown(message)

    def _shown(self, message: Sent) -> dict[str, Any]:
        where = {"id": message.chat, "type": "private" if message.chat > 0 else "supergroup"}
        return {"message_id": message.id, "date": 1795572000, "chat": where, "from": BOT, "text": message.text}

    def _standing(self, asked: dict[str, Any]) -> Sent:
        chat, number = self._reachable(asked), int(asked["message_id"])
        found = next((m for m in self.sent if m.id == number and m.chat == chat), None)
        if found is None:
            raise Fault(400, "Bad Request: message to edit not found")
        return found

    async def _do_edit_message_text(self, asked: dict[str, Any], files: Any) -> Any:
        message = self._standing(asked)
        text, links = self._checked(asked, "text", 4096)
        rows = self._rows(asked)
        if (text, rows) == (message.text, message.rows):
            raise Fault(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the same",
            )
        message.text, message.rows, message.links = text, rows, links
        message.changes += 1
        return self._shown(message)

    async def _do_edit_message_reply_markup(self, asked: dict[str, Any], files: Any) -> Any:
        message = self._standing(asked)
        rows = self._rows(asked)
        if rows == message.rows:
            raise Fault(400, "Bad Request: message is not modified")
        message.rows = rows
        return self._shown(message)

    async def _do_answer_callback_query(self, asked: dict[str, Any], files: Any) -> Any:
        if len(asked.get("text") or "") > 200:
            raise Fault(400, "Bad Request: MESSAGE_TOO_LONG")
        self.answered[asked["callback_query_id"]] = asked.get("text")
        return True

    async def _do_send_chat_action(self, asked: dict[str, Any], files: Any) -> Any:
        self._reachable(asked)
        return True


async def _fields(request: web.Request) -> tuple[dict[str, Any], dict[str, tuple[str, bytes]]]:
    asked: dict[str, Any] = {}
    files: dict[str, tuple[str, bytes]] = {}
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            files[name] = (value.filename, value.file.read())
        else:
            asked[name] = value
    return asked, files


def _answer(fault: Fault) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": fault.code, "description": fault.description}
    if fault.parameters:
        body["parameters"] = fault.parameters
    return web.json_response(body, status=fault.code)


async def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
