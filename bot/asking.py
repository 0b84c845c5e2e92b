"""`duihua ask`: one question, or a talk in the terminal, through the same inbox as every channel."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

from aiohttp import ClientSession
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from sqlalchemy import select

from bot.channels.base import Inbound, Sender, Shown
from bot.conversations.rules import TooLong
from bot.conversations.service import Conversations
from bot.conversations.tables import Turn
from bot.conversations.wording import too_long
from bot.running.stack import is_up, prepare_data, running
from bot.settings import Settings
from bot.store import Sessions, open_engine

CHANNEL = "terminal"


class Terminal:
    """One person at the terminal."""

    def __init__(self, conversations: Conversations, sessions: Sessions) -> None:
        self._conversations, self._sessions = conversations, sessions
        self._sender = Sender(CHANNEL, uuid.uuid4().hex)
        self._tokens: list[str] = []

    async def say(self, text: str) -> tuple[list[Shown], Turn]:
        """The replies to a text, or to a number that stands for a choice, and the turn as it is in the record."""
        replies: list[Shown] = []

        async def deliver(message: Shown) -> None:
            replies.append(message)

        number = int(text) if text.isdecimal() and len(text) < 3 else 0
        token = self._tokens[number - 1] if 0 < number <= len(self._tokens) else None
        inbound = Inbound(self._sender, uuid.uuid4().hex, None if token else text, token)
        received = await self._conversations.receive(inbound)
        await self._conversations.answer(received.conversation_id, deliver)
        self._tokens = [choice["token"] for reply in replies for choice in _pressable(reply)]
        async with self._sessions() as db:
            return replies, (await db.scalars(select(Turn).where(Turn.id == received.turn_id))).one()


async def _with_terminal(settings: Settings, err: Console, job: Any) -> None:
    def say(text: str) -> None:
        err.print(text, style="dim", markup=False, highlight=False)

    async def talk() -> None:
        database = open_engine(settings.database)
        try:
            async with ClientSession() as http:
                sessions = Sessions(database)
                await job(Terminal(Conversations.of(settings, sessions, http), sessions))
        finally:
            await database.dispose()

    if await is_up(settings):
        await prepare_data(settings, lambda text: None)
        await talk()
    else:
        say("服务没有在运行，先启动对话引擎和动作服务……")
        async with running(settings, say, gateway=False):
            await talk()


async def once(settings: Settings, question: str, *, as_json: bool, out: Console, err: Console) -> None:
    """Ask one question and print the answer, or all that is known of the turn as JSON."""

    async def job(terminal: Terminal) -> None:
        try:
            replies, turn = await terminal.say(question)
        except TooLong as error:
            out.print(too_long(error.length, error.limit))
            return
        if as_json:
            print(json.dumps(_told(replies, turn), ensure_ascii=False))
        else:
            _show(out, replies)

    await _with_terminal(settings, err, job)


async def converse(settings: Settings, out: Console, err: Console) -> None:
    """Talk until an empty line, Ctrl-D or Ctrl-C."""

    async def job(terminal: Terminal) -> None:
        out.print("[dim]直接打字问；回数字选选项；空行或 Ctrl-D 结束。[/dim]")
        while True:
            try:
                text = await asyncio.to_thread(out.input, "[bold]你：[/bold]")
            except (EOFError, KeyboardInterrupt):
                break
            if not text.strip():
                break
            try:
                _show(out, (await terminal.say(text))[0])
            except TooLong as error:
                out.print(too_long(error.length, error.limit))

    await _with_terminal(settings, err, job)


def _pressable(reply: Shown) -> list[dict[str, str]]:
    """Everything in a reply that can be pressed, in the order in which it is numbered."""
    body = reply.body
    groups = [
        body.get("filters"),
        *(part.get("choices") for name in ("cards", "days") for part in body.get(name) or ()),
    ]
    return [choice for group in (*groups, body.get("choices")) for choice in group or ()]


def _show(out: Console, replies: list[Shown]) -> None:
    number = 0

    def numbered(choices: list[dict[str, str]]) -> str:
        nonlocal number
        shown = []
        for choice in choices:
            number += 1
            shown.append(f"[cyan]{number}[/cyan] {escape(choice['label'])}")
        return "  ".join(shown)

    for reply in replies:
        body = reply.body
        lines = [escape(p) for p in body.get("paragraphs", [reply.text])]
        if source := body.get("source"):
            lines.append(f"[dim]{escape(source['text'])}[/dim]")
        if caveat := body.get("caveat"):
            lines.append(f"[dim]{escape(caveat)}[/dim]")
        if filters := body.get("filters"):
            lines.append(numbered(filters))
        for card in body.get("cards") or ():
            badge = f" [dim]\\[{escape(card['badge'])}][/dim]" if card.get("badge") else ""
            lines += ["", f"[bold]{escape(card['title'])}[/bold]{badge}", *map(escape, card["lines"])]
            lines += [numbered(card["choices"])] if card["choices"] else []
        for day in body.get("days") or ():
            lines.append(f"{escape(day['label'])}  {numbered(day['choices'])}")
        lines += [numbered([choice]) for choice in body.get("choices") or ()]
        out.print(Panel("\n".join(lines), title="小同", title_align="left", expand=False))


def _told(replies: list[Shown], turn: Turn) -> dict[str, Any]:
    return {
        "replies": [reply.body for reply in replies],
        "intent": turn.intent,
        "confidence": turn.confidence,
        "ranking": turn.ranking,
        "outcome": turn.outcome,
        "topic": turn.topic,
        "offered": turn.offered,
        "aspect": turn.aspect,
        "version": turn.answer_version,
        "actions": turn.actions,
        "milliseconds": turn.milliseconds,
    }
