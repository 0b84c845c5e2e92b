"""A person on Telegram or on WeChat, before the whole stack, who talks as somebody with the chat page open does.

What they read is taken from the record, in the form of the page's protocol, so that a test asks the same of every channel;
and each time it is held against what the platform's server was really given: nothing of an answer may be missing there.
A choice is pressed by its button on Telegram, and by its number on WeChat.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import sqlite3
import sys
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Self

import aiohttp

from bot.channels.base import Shown
from bot.channels.web import page_form
from bot.channels.wechat.text import MORE
from bot.conversations.commands import GREET
from bot.settings import Settings
from tests.conftest import Platforms
from tests.dialogue.talking import PATIENCE, Answer, Recorded, rows

sys.path.insert(0, str(Path(__file__).parent.parent / "channels"))
from telegram_server import Sent, Telegram
from wechat_server import WeChat

MOST_PARTS = 20  # of one answer on WeChat


class NotShown(AssertionError):
    """Something of an answer that the person does not see."""


@dataclass
class OnPlatform(Recorded):
    """What both platforms have in common."""

    settings: Settings
    channel: str = ""
    sender: str = ""
    conversation: str = ""
    person: str = ""

    async def __aexit__(self, *_: object) -> None:
        await self.http.close()

    async def _begin(self) -> None:
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    def _find_out(self) -> None:
        """Which conversation one is in, and one's code."""
        sender = hashlib.sha256(f"{self.channel}:{self.sender}".encode()).hexdigest()
        found = rows(
            self.settings,
            "SELECT c.code, p.code FROM conversation c JOIN person p ON p.id = c.person_id JOIN identity i ON i.id = c.identity_id "
            "WHERE i.channel = ? AND i.sender = ? ORDER BY c.id DESC LIMIT 1",
            self.channel,
            sender,
        )
        if found:
            self.conversation, self.person = found[0]

    def turns(self) -> list[sqlite3.Row]:
        """The turns, without the one that began the talk: on the page nobody has to say hello."""
        return [turn for turn in super().turns() if turn["payload"] != GREET]

    def stored(self) -> list[sqlite3.Row]:
        """The messages, without the one that began the talk."""
        hello = {turn["id"] for turn in super().turns() if turn["payload"] == GREET}
        return [row for row in super().stored() if row["direction"] == "out" or row["turn_id"] not in hello]

    @property
    def now(self) -> datetime:
        """What time it is for the gateway."""
        return datetime.fromisoformat(super().stored()[-1]["at"]).replace(tzinfo=UTC)

    @property
    def messages(self) -> dict[int, dict[str, Any]]:
        """The conversation's messages in the form of the page's protocol."""
        return {row["id"]: page_form(_shown(row, self.conversation)) for row in self.stored()}

    def replies_after(self, id_: int) -> list[Answer]:
        """What the bot said after a message, holding lines left out."""
        found = (m for i, m in sorted(self.messages.items()) if i > id_ and m["from"] == "bot")
        return [Answer(m) for m in found if m["kind"] != "holding"]

    @property
    def greeting(self) -> Answer:
        """The first thing that was said."""
        return self.replies_after(0)[0]

    async def _said_after(self, before: int) -> Answer:
        """The answer to what was said after a message, once it stands in the record."""
        async with asyncio.timeout(PATIENCE):
            while True:
                self._find_out()
                mine = [row["id"] for row in Recorded.stored(self) if row["id"] > before and row["direction"] == "in"]
                if mine and (replies := self.replies_after(mine[0])):
                    return replies[0]
                await asyncio.sleep(0.02)

    def _last_id(self) -> int:
        return max(self.messages, default=0) if self.conversation else 0


@dataclass
class OnTelegram(OnPlatform):
    """Somebody alone with the bot on Telegram."""

    platforms: Platforms | None = None
    user: int = 0

    async def __aenter__(self) -> Self:
        await self._begin()
        self.channel, self.user = "telegram", uuid.uuid4().int % 10**9
        self.sender = str(self.user)
        await self.say("/start")
        return self

    @property
    def telegram(self) -> Telegram:
        """The platform's server."""
        return self.platforms.telegram

    async def say(self, text: str) -> Answer:
        """Type something and wait for the answer to it."""
        before = self._last_id()
        await self.platforms.there(self.telegram.say(text, user=self.user))
        return await self._seen(await self._said_after(before))

    async def press(self, answer: Answer, label: str) -> Answer:
        """Press a choice."""
        return await self._press(answer.token(label))

    async def press_card(self, answer: Answer, title: str, label: str) -> Answer:
        """Press a choice on a card."""
        return await self._press(answer.card_token(title, label))

    async def _press(self, token: str) -> Answer:
        before = self._last_id()
        message, button = self._button(token)
        await self.platforms.there(self.telegram.press(message, button, user=self.user))
        return await self._seen(await self._said_after(before))

    def _button(self, token: str) -> tuple[Sent, str]:
        for message in reversed(self._mine()):
            for button in (b for row in message.rows for b in row):
                if token in button.get("callback_data", ""):
                    return message, button["text"]
        raise NotShown(f"no button stands for {token}")

    def _mine(self) -> list[Sent]:
        return [message for message in self.telegram.sent if message.chat == self.user]

    async def _seen(self, answer: Answer) -> Answer:
        """The answer, once all of it stands in the chat."""
        wanted = _wanted(answer)

        def missing() -> list[str]:
            shown = _plain("\n".join(m.text for m in self._mine()))
            data = "\n".join(b.get("callback_data", "") for m in self._mine() for row in m.rows for b in row)
            lacking = [part for part in wanted if _plain(part) not in shown]
            return lacking + [token for token in _tokens(answer) if token not in data]

        try:
            await self.platforms.there(self.telegram.until(lambda: not missing(), 10))
        except TimeoutError as error:
            raise NotShown(f"{missing()} is nowhere in {[m.text for m in self._mine()][-3:]}") from error
        return answer


@dataclass
class OnWeChat(OnPlatform):
    """Somebody who follows the Official Account."""

    async def __aenter__(self) -> Self:
        await self._begin()
        self.wechat = await WeChat(self.settings.address).__aenter__()
        self.channel, self.sender = "wechat", f"o{uuid.uuid4().hex[:27]}"
        self.follower = self.wechat.person(self.sender)
        await self._told(self.follower.do("subscribe"))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.wechat.__aexit__()
        await super().__aexit__()

    async def say(self, text: str) -> Answer:
        """Type something and wait for the answer to it."""
        return await self._told(self.follower.say(text))

    async def press(self, answer: Answer, label: str) -> Answer:
        """Reply with a choice's number."""
        return await self._number(answer, answer.token(label))

    async def press_card(self, answer: Answer, title: str, label: str) -> Answer:
        """Reply with the number of a choice on a card."""
        return await self._number(answer, answer.card_token(title, label))

    async def _number(self, answer: Answer, token: str) -> Answer:
        from bot.channels.wechat.rendering import line, options

        row = next(row for row in self.stored() if row["id"] == answer.id)
        all_ = options(_shown(row, self.conversation))
        number = next(n for n, option in enumerate(all_, 1) if option.token == token)
        wanted = line(number, all_[number - 1])
        if wanted not in self.follower.seen[-1].split("\n"):
            raise NotShown(f"“{wanted}” is no line of {self.follower.seen[-1]}")
        return await self._told(self.follower.say(str(number)))

    async def _told(self, saying: Any) -> Answer:
        before, already = self._last_id(), len(self.follower.seen)
        await saying
        answer = await self._said_after(before)
        for _ in range(MOST_PARTS):
            if not self.follower.seen[-1].endswith(MORE):
                break
            await self.follower.say("继续")
        shown = _plain("\n".join([*self.follower.seen[already:], *(a.title for a in self.follower.articles)]))
        lacking = [part for part in _wanted(answer) if _plain(part) not in shown]
        if lacking:
            raise NotShown(f"{lacking} is nowhere in {self.follower.seen[already:]}")
        return answer


def _wanted(answer: Answer) -> list[str]:
    """What a person has to read of an answer, line by line."""
    event = answer.event
    source = event["source"] or {}
    cards = [text for card in event["cards"] for text in (card["title"], *card["lines"])]
    texts = [*event["paragraphs"], *cards, source.get("text", ""), event["caveat"] or ""]
    return [line for text in texts for line in text.split("\n") if line.strip()]


def _tokens(answer: Answer) -> list[str]:
    """Everything in an answer that can be pressed."""
    event = answer.event
    groups = [event["choices"], event["filters"], *(card["choices"] for card in event["cards"])]
    groups += [day["choices"] for day in event["days"]]
    return [choice["token"] for group in groups for choice in group]


def _plain(text: str) -> str:
    """The characters of a text, without what a platform puts between them."""
    return re.sub(r"\s+", "", text)


def _shown(row: sqlite3.Row, conversation: str) -> Shown:
    at = datetime.fromisoformat(row["at"]).replace(tzinfo=UTC)
    body = json.loads(row["body"]) if row["body"] else {}
    return Shown(row["id"], conversation, row["direction"], row["kind"], row["key"], row["text"], body, at)
