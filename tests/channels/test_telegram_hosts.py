"""Hosts read what was asked in their own Telegram, and nobody else does."""

from __future__ import annotations

from telegram_server import BOT

from bot.people.tables import Account, AccountRole
from bot.radio.programme.service import Programmes
from bot.radio.pull.hosts import HostChats
from bot.web.keys import CLOCK

GROUP = {"id": -1001, "type": "supergroup", "title": "2026届"}


async def account(gateway, name: str, role: str) -> int:
    now = gateway.app[CLOCK]()
    async with gateway.sessions.begin() as db:
        made = Account(
            name=name, key=name, password="-", password_at=now, added_at=now, added_by="test", roles=[AccountRole(role=role)]
        )  # fmt: skip
        db.add(made)
        await db.flush()
        return made.id


async def answer(telegram, text: str, **more) -> str:
    """What is said next to what somebody writes."""
    before = len(telegram.sent)
    await telegram.say(text, **more)
    await telegram.until(lambda: len(telegram.sent) > before)
    return telegram.texts[-1]


async def test_a_host_ties_a_chat_by_a_code_once_and_reads_there_what_others_cannot(running, telegram, engine):
    async with running() as gateway:
        clock = gateway.app[CLOCK]
        chats = HostChats(gateway.sessions, clock)
        host, editor = await account(gateway, "王芳", "host"), await account(gateway, "李强", "editor")
        await Programmes(gateway.sessions, clock).make(
            {"day": "2099-11-26", "minutes": "30", "title": "就业专场"}, by="王芳"
        )
        assert await answer(telegram, "/top") == "答：/top"  # words like any others

        code = (await chats.give_code(host)).code
        assert "群里不行" in await answer(telegram, f"/host@{BOT['username']} {code}", user=1, chat=GROUP)
        assert "这个码不对" in await answer(telegram, f"/host {code}")  # others have read it
        code = (await chats.give_code(host)).code
        assert "绑好了，王芳" in await answer(telegram, f"/host {code.lower()}")
        assert "这 7 天没有能上节目的问题" in await answer(telegram, "/top")
        assert "就业专场" in await answer(telegram, "/sheet")
        assert await answer(telegram, "/top", user=2) == "答：/top"
        assert "这个码不对" in await answer(telegram, f"/host {code}", user=2)  # used up
        useless = (await chats.give_code(editor)).code
        assert "这个码不对" in await answer(telegram, f"/host {useless}", user=2)  # no host

        async with gateway.sessions.begin() as db:
            (await db.get(Account, host)).disabled_at = clock()
        assert await answer(telegram, "/sheet") == "答：/sheet"
