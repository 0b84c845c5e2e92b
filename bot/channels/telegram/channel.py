"""Telegram as a channel: long polling by one gateway alone, or a webhook; every message shown in its place."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import ClassVar, Literal
from weakref import WeakValueDictionary

from aiohttp import web
from telegram import Bot, BotCommand, Update, User
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.base import Channel, Desk, Gone, Inbound, Later, Moved, Note, Outgoing, Refused, Taken, pressed_once
from bot.channels.telegram import rendering, updates
from bot.channels.telegram.calls import Calls, seconds_of
from bot.channels.telegram.pacing import Pacing
from bot.settings import Settings

logger = logging.getLogger(__name__)

PATH = "/telegram/webhook"
POLL = 10  # seconds that Telegram holds a question for updates
LEASE = 30.0  # seconds after which another gateway polls where this one fell silent
LONGEST_WAIT = 30.0  # seconds between two tries while the network is away
TRIES = 3  # with an update that we cannot take, before it is left
_WARNED = 10_000
_NO_FILE = "-"  # in the place of the name of a file that there was none of


class Telegram(Channel):
    """One bot. `secret` is what Telegram has to say with every update that it brings; None: we ask for them."""

    name: ClassVar[str] = updates.CHANNEL

    def __init__(
        self, token: str, api: str, *, webhook: str | None = None, secret: str = "", pacing: Pacing | None = None
    ) -> None:
        base = f"{api.rstrip('/')}/bot"
        self._asking = HTTPXRequest(connection_pool_size=2, read_timeout=POLL + 10, connect_timeout=10)
        self._telling = HTTPXRequest(connection_pool_size=32, read_timeout=10, connect_timeout=10, pool_timeout=10)
        self._bot = Bot(token, base_url=base, request=self._telling, get_updates_request=self._asking)
        self._calls = Calls(self._bot, pacing or Pacing())
        self._webhook, self._secret = webhook, secret
        self._me: User | None = None
        self._offset: int | None = None
        self._failures: dict[int, int] = {}
        self._orders: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._warned: set[str] = set()

    @classmethod
    def from_settings(cls, settings: Settings) -> Telegram | None:
        """As the settings have it; None without a token."""
        if settings.telegram_token is None:
            return None
        webhook = f"{settings.address}{PATH}" if settings.telegram_webhook else None
        secret = settings.telegram_secret if webhook else ""
        token, pacing = settings.telegram_token.get_secret_value(), Pacing(chat=settings.telegram_rate)
        return cls(token, settings.telegram_api, webhook=webhook, secret=secret, pacing=pacing)

    def keep_pace(self, pacing: Pacing) -> None:
        """Show things at another pace from now on."""
        self._calls.keep_pace(pacing)

    async def close(self) -> None:
        """Let go of connections."""
        await self._asking.shutdown()
        await self._telling.shutdown()

    # -- out -----------------------------------------------------------------------------------------------------------

    async def send(self, outgoing: Outgoing, note: Note, desk: Desk) -> None:
        """Show a message part by part; those that are out already are left out."""
        chat, parts = _chat_of(outgoing.address), rendering.parts_of(outgoing.message)
        async with self._order(chat):
            for index in range(len(outgoing.done), len(parts)):
                await note(await self._show(chat, parts[index], outgoing, desk, first=index == 0))

    async def _show(self, chat: str, part: rendering.Part, outgoing: Outgoing, desk: Desk, *, first: bool) -> str:
        if part.document is not None:
            document = await desk.document(outgoing.person, part.document)
            if document is None:
                logger.warning("message %s has a file that there is none of", outgoing.message.id)
                return _NO_FILE
            return await self._calls.file(chat, document, part.caption)
        if first and len(outgoing.instead_of) == 1 and await self._calls.change(chat, outgoing.instead_of[0], part):
            return outgoing.instead_of[0]
        answers = _message_of(outgoing.answers) if first and outgoing.shared else None
        return await self._calls.post(chat, part, answers=answers)

    def _order(self, chat: str) -> asyncio.Lock:
        """What happens in a chat happens one after the other."""
        return self._orders.setdefault(chat, asyncio.Lock())

    # -- in ------------------------------------------------------------------------------------------------------------

    async def handle(self, update: Update, desk: Desk) -> None:
        """Take one update. Sent again it changes nothing: what is written down has its number as key."""
        if self._me is None:
            raise NetworkError("not introduced yet")
        await self._respond(updates.read(update, self._me), desk)

    async def _respond(self, happened: updates.Happening | None, desk: Desk) -> None:
        match happened:
            case updates.Said(inbound, chat):
                await self._take(inbound, chat, desk)
            case updates.Pressed() as press:
                await self._press(press, desk)
            case updates.Away(sender):
                await desk.away(sender)
            case updates.Migrated(old, new):
                await desk.moved(self.name, old, new)

    async def _take(self, inbound: Inbound, chat: str, desk: Desk) -> None:
        taken = await desk.take(inbound, partial(self._calls.typing, chat))
        if not taken.too_fast:
            self._warned.discard(inbound.sender.id)
        elif inbound.sender.id in self._warned:
            return
        else:
            if len(self._warned) >= _WARNED:
                self._warned.clear()
            self._warned.add(inbound.sender.id)
        if taken.refused is not None:
            await self._calls.tell(chat, taken.refused)

    async def _press(self, press: updates.Pressed, desk: Desk) -> None:
        words = None
        try:
            if press.rating is not None:
                words = await self._rate(press, *press.rating, desk)
            elif press.token is not None:
                words = await self._choose(press, press.token, desk)
        finally:
            await self._calls.answer(press.query, words)

    async def _rate(
        self, press: updates.Pressed, verdict: Literal["up", "down"], message: int, desk: Desk
    ) -> str | None:
        if not await desk.rate(press.sender, message, verdict):
            return None
        if press.rows:  # a very old message comes without
            async with self._order(press.chat):
                await self._calls.buttons(press.chat, press.message, rendering.rated(press.rows, press.data))
        return "谢谢，记下了。"

    async def _choose(self, press: updates.Pressed, token: str, desk: Desk) -> str | None:
        """Hand a choice in and show that it was pressed, before the answer to it is shown; the words of a refusal."""
        offered = await desk.offered(press.sender, token)
        stays = offered is not None and rendering.place_of(offered, token) == "card"
        inbound = Inbound(
            press.sender,
            press.key if stays else pressed_once(token),
            token=token,
            address=press.address,
            shared=press.shared,
        )
        async with self._order(press.chat):
            taken = await desk.take(inbound, partial(self._calls.typing, press.chat))
            if taken == Taken() and offered is not None:
                await self._show_pressed(press, rendering.pressed(offered, token), stays=stays)
        return taken.refused

    async def _show_pressed(self, press: updates.Pressed, after: rendering.Part | None, *, stays: bool) -> None:
        if after is None:
            return
        if stays:
            await self._calls.buttons(press.chat, press.message, after.rows)
            return
        changed = False
        try:
            changed = await self._calls.change(press.chat, str(press.message), after)
        except (Later, Gone, Moved, Refused) as error:
            logger.info("a press is not shown: %s", type(error).__name__)
        if not changed:
            await self._calls.buttons(press.chat, press.message, ())

    # -- polling -------------------------------------------------------------------------------------------------------

    async def run(self, desk: Desk) -> None:
        """Say who we are, then ask for updates as long as no other gateway does; a webhook brings them by itself."""
        await self._asking.initialize()
        await self._telling.initialize()
        wait = 0.0
        while True:
            try:
                if self._me is None:
                    await self._introduce(desk)
                if self._webhook is not None:
                    await asyncio.Event().wait()
                await self._poll(desk)
                wait = 0.0
            except RetryAfter as error:
                wait = seconds_of(error)
                logger.warning("Telegram asks to wait for %s s", wait)
            except InvalidToken:
                wait = 300.0
                logger.error("Telegram does not know the token in DUIHUA_TELEGRAM_TOKEN")
            except Conflict:
                wait, self._me = 5.0, None
                logger.warning("another program asks for updates with our token")
            except TelegramError as error:
                level = logging.WARNING if wait == 0 else logging.DEBUG
                wait = min(max(1.0, wait * 2), LONGEST_WAIT)
                logger.log(level, "Telegram cannot be reached: %s", type(error.__cause__ or error).__name__)
            except Exception:
                wait = min(max(1.0, wait * 2), LONGEST_WAIT)
                logger.exception("updates could not be taken, they will come again")
            await asyncio.sleep(wait)

    async def _introduce(self, desk: Desk) -> None:
        """Learn our own name, set the menu of commands, and say how updates are to come."""
        me = await self._bot.get_me()
        await self._bot.set_my_commands([BotCommand(c.name, c.about) for c in desk.commands])
        if self._webhook is None:
            await self._bot.delete_webhook(drop_pending_updates=False)
        else:
            await self._bot.set_webhook(self._webhook, secret_token=self._secret, allowed_updates=list(updates.KINDS))
        self._me = me
        logger.info("on Telegram as @%s, by %s", me.username, "webhook" if self._webhook else "polling")

    async def _poll(self, desk: Desk) -> None:
        if not await desk.lease(self.name, LEASE):
            await asyncio.sleep(LEASE / 6)
            return
        found = await self._bot.get_updates(
            self._offset, timeout=timedelta(seconds=POLL), allowed_updates=list(updates.KINDS)
        )
        # Asked for from the next one on, an update is gone for good: first all of these are written down.
        by_chat: defaultdict[int | None, list[Update]] = defaultdict(list)
        for update in found:
            by_chat[update.effective_chat.id if update.effective_chat else None].append(update)
        async with asyncio.TaskGroup() as group:
            for some in by_chat.values():
                group.create_task(self._take_all(some, desk))
        if found:
            self._offset = found[-1].update_id + 1
            self._failures.clear()

    async def _take_all(self, some: Sequence[Update], desk: Desk) -> None:
        for update in some:
            try:
                await self.handle(update, desk)
            except Exception:
                tries = self._failures[update.update_id] = self._failures.get(update.update_id, 0) + 1
                if tries < TRIES or not await desk.lease(self.name, LEASE):  # the database is away: nothing is left out
                    raise
                logger.exception("update %s is left out after %s tries", update.update_id, tries)

    # -- webhook -------------------------------------------------------------------------------------------------------

    def routes(self, desk: Desk) -> Sequence[web.RouteDef]:
        """Where updates are brought, by settings."""
        return () if self._webhook is None else (web.post(PATH, partial(self._brought, desk)),)

    async def _brought(self, desk: Desk, request: web.Request) -> web.Response:
        """An update; 401 from anybody else, 400 for what is none, 503 until we know who we are: then it comes again."""
        said = request.headers.get("X-Telegram-Bot-Api-Secret-Token", "")
        if not hmac.compare_digest(said.encode(), self._secret.encode()):
            raise web.HTTPUnauthorized(text="no")
        if self._me is None:
            raise web.HTTPServiceUnavailable(text="not yet")
        try:
            data = await request.json()
            happened = updates.read(Update.de_json(data, self._bot), self._me)
        except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            raise web.HTTPBadRequest(text="no update") from error
        await self._respond(happened, desk)
        return web.Response()


def _chat_of(address: str) -> str:
    """The chat of an address: in a group there is also who is meant, behind a blank."""
    return address.partition(" ")[0]


def _message_of(key: str | None) -> int | None:
    """The number of a person's message in its chat, out of its key."""
    number = (key or "").rpartition(".")[2]
    return int(number) if number.isdecimal() else None
