"""What stands behind the channels that are written to: takes their messages in, and has answers sent."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Sequence
from contextlib import suppress
from typing import Any, Literal
from weakref import WeakValueDictionary

from aiohttp import web

from bot.channels.base import (
    Busy,
    Channel,
    Command,
    Consent,
    Document,
    Fetched,
    Handed,
    Inbound,
    Sender,
    Shown,
    Spoken,
    Taken,
    Use,
)
from bot.channels.telegram.channel import Telegram
from bot.channels.wechat.channel import WeChat
from bot.conversations import wording
from bot.conversations.commands import COMMANDS
from bot.conversations.receiving import UnknownChoice
from bot.conversations.rules import TooLong
from bot.conversations.service import NotRateable
from bot.outbox.addresses import Addresses
from bot.outbox.fetching import Fetching, Raced
from bot.outbox.notices import Notices
from bot.outbox.sending import Sending
from bot.outbox.service import Outbox
from bot.outbox.tokens import Tokens
from bot.settings import Settings
from bot.tasks import let_go
from bot.web.chat.socket import PACE_PERSON
from bot.web.documents import document
from bot.web.keys import CLOCK, CONVERSATIONS, HUB, LINKS, SESSIONS, SETTINGS

logger = logging.getLogger(__name__)

CHANNELS = (Telegram, WeChat)
"""The channels that are written to; each is made where the settings have it."""
BUSY_EVERY = 4.0  # seconds
STOPPED_WITHIN = 5.0  # seconds
LOOK_EVERY = 0.2  # seconds between two looks for an answer that another gateway may be making
BROUGHT_AGAIN = 2.5  # seconds within which a platform that heard nothing brings a message again


def channels_of(settings: Settings) -> list[Channel]:
    """The channels that the settings have."""
    return [channel for kind in CHANNELS if (channel := kind.from_settings(settings)) is not None]


class Reception:
    """The desk of a gateway (see `Desk`); its services are there once the gateway has started."""

    def __init__(self, app: web.Application) -> None:
        self._app = app
        self.outbox: Outbox | None = None
        self.sending: Sending | None = None
        self.fetching: Fetching | None = None
        self.tokens: Tokens | None = None
        self.notices: Notices | None = None
        self._asked_for: WeakValueDictionary[Sender, asyncio.Event] = WeakValueDictionary()

    def open(self, channels: Sequence[Channel]) -> None:
        """Take up work on the services of the application, which are open now."""
        app = self._app
        addresses = Addresses(app[SETTINGS].contact_secret)
        self.outbox = Outbox(app[SESSIONS], app[CLOCK], addresses)
        self.fetching = Fetching(app[SESSIONS], app[CLOCK], app[SETTINGS].contact_secret)
        self.tokens = Tokens(app[SESSIONS], app[CLOCK], app[SETTINGS].contact_secret)
        self.notices = Notices(app[SESSIONS], app[CLOCK])
        written_to = {channel.name: channel for channel in channels if channel.sends}
        self.sending = Sending(self.outbox, written_to, self)

    def _box(self) -> Outbox:
        if self.outbox is None:
            raise RuntimeError("the gateway has not started")
        return self.outbox

    def _fetches(self) -> Fetching:
        if self.fetching is None:
            raise RuntimeError("the gateway has not started")
        return self.fetching

    @property
    def commands(self) -> Sequence[Command]:
        """The commands that mean something."""
        return COMMANDS

    async def take(self, inbound: Inbound, busy: Busy | None = None) -> Taken:
        """Write a message down and have it answered; nothing happens to one that was there before."""
        return await _whole(self._take(inbound, busy))

    async def _take(self, inbound: Inbound, busy: Busy | None) -> Taken:
        app = self._app
        if wait := app[PACE_PERSON].take(f"{inbound.sender.channel}:{inbound.sender.id}", app[CLOCK]()):
            return Taken(refused=wording.too_fast(wait), too_fast=True)
        try:
            received = await app[CONVERSATIONS].receive(inbound)
        except TooLong as error:
            return Taken(refused=wording.too_long(error.length, error.limit))
        except UnknownChoice:
            return Taken(refused=wording.NOT_TO_US if inbound.shared else wording.CHOICE_GONE)
        if received.repeated:
            return Taken(repeated=True)
        app[HUB].in_background(self._answer(inbound.sender, received.conversation_id, busy))
        return Taken()

    async def _answer(self, sender: Sender, conversation_id: int, busy: Busy | None) -> None:
        working = asyncio.create_task(_keep(busy)) if busy else None

        async def stored(message: Shown) -> None:
            await self._stored(message)
            self._wake(sender)

        try:
            await self._app[CONVERSATIONS].answer(conversation_id, stored)
        finally:
            self._wake(sender)
            if working is not None:
                await let_go(working)

    async def _stored(self, message: Shown) -> None:
        await self._app[HUB].show(message)
        if self.sending is not None:
            self.sending.wake()

    def _wake(self, sender: Sender) -> None:
        """Somebody may wait for an answer to this sender."""
        if (waiting := self._asked_for.pop(sender, None)) is not None:
            waiting.set()

    async def handed(self, sender: Sender, key: str, within: float) -> Handed:
        """What is known of a message that a platform brings, before it is taken."""
        return await _whole(self._fetches().begin(sender, key, within + BROUGHT_AGAIN))

    async def fetch(self, sender: Sender, key: str, within: float) -> Fetched:
        """Wait so many seconds at most until a message is answered; what waits for its sender then."""
        fetching, loop = self._fetches(), asyncio.get_running_loop()
        ends = loop.time() + within
        while True:
            stored = self._asked_for.setdefault(sender, asyncio.Event())  # before the look: nothing is missed between
            found = await _whole(fetching.look(sender, key))
            if found.answered:
                return found
            if (left := ends - loop.time()) <= 0:
                return Fetched(answered=False, waiting=await _whole(fetching.waiting(sender)))
            with suppress(TimeoutError):
                await asyncio.wait_for(stored.wait(), min(left, LOOK_EVERY))

    async def hand_out(
        self, sender: Sender, key: str, form: dict[str, Any], messages: Sequence[int] = ()
    ) -> dict[str, Any] | None:
        """Note what is given to a message, and that these messages are out with it; None: fetch again."""
        try:
            return await _whole(self._fetches().hand_out(sender, key, form, messages))
        except Raced:
            return None

    async def is_fresh(self, number: str, content: str, seconds: float) -> bool:
        """Whether a number that is used once was not used for something else before; kept for so long."""
        return await _whole(self._fetches().is_fresh(number, content, seconds))

    async def offered(self, sender: Sender, token: str) -> Shown | None:
        """The message in which a choice was shown to this sender."""
        return await _whole(self._box().offered(sender, token))

    async def rate(self, sender: Sender, message: int, verdict: Literal["up", "down"]) -> bool:
        """Keep 👍 or 👎; False for a message that is not theirs to rate."""
        try:
            offer = await _whole(self._app[CONVERSATIONS].rate(sender, message, verdict, [], None))
        except NotRateable:
            return False
        if offer is not None:
            await self._stored(offer)
        return True

    async def document(self, person: int, path: str) -> Document | None:
        """What one of our addresses shows this person, as a file; None where there is nothing."""
        return await document(self._app, person, path)

    async def link(self, person: int, path: str) -> str:
        """The absolute address that shows a person one of our pages, signed in as them for that page."""
        return await _whole(self._app[LINKS].make(person, path))

    async def spoken(self, message: int) -> Spoken:
        """How much was sent to whom a message is for since they wrote last."""
        return await _whole(self._box().spoken(message))

    def _shared(self) -> Tokens:
        if self.tokens is None:
            raise RuntimeError("the gateway has not started")
        return self.tokens

    async def token(self, name: str) -> str | None:
        """A token of a platform that all gateways use, as long as it holds."""
        return await _whole(self._shared().token(name))

    async def keep_token(self, name: str, token: str, seconds: float) -> None:
        """Let all gateways use a token, for so long."""
        await _whole(self._shared().keep_token(name, token, seconds))

    def _noticing(self) -> Notices:
        if self.notices is None:
            raise RuntimeError("the gateway has not started")
        return self.notices

    async def consented(self, sender: Sender, event: str, consents: Sequence[Consent]) -> None:
        """Keep what somebody said to notices; what waits for them may go now."""
        if await _whole(self._noticing().said(sender, event, consents)) and self.sending is not None:
            self.sending.wake()

    async def use_consent(self, message: int, kind: str, template: str) -> Use:
        """Use up a consent of whom a message is for, before the notice is sent; for one message never two."""
        return await _whole(self._noticing().use(message, kind, template))

    async def notice_answered(self, message: int, code: int | None) -> None:
        """Keep the platform's code to the notice for a message; None gives the consent back."""
        await _whole(self._noticing().answered(message, code))

    async def notice_arrived(self, sender: Sender, template: str, receipt: str, outcome: str) -> None:
        """Keep how a notice arrived, by the platform's number of it."""
        await _whole(self._noticing().arrived(sender, template, receipt, outcome))

    async def away(self, sender: Sender) -> None:
        """Somebody does not want to be written to any more, until they write again."""
        await _whole(self._box().away(sender))

    async def moved(self, channel: str, old: str, new: str) -> None:
        """A shared address is another one now."""
        await _whole(self._box().moved(channel, old, new))

    async def lease(self, name: str, seconds: float) -> bool:
        """Be the only gateway that does something, for so long; False where another one is."""
        return await _whole(self._box().lease(name, seconds))


async def _whole[T](job: Coroutine[Any, Any, T]) -> T:
    """A job done to its end, also where the channel that wants it is stopped: no transaction is left half way."""
    return await asyncio.shield(asyncio.ensure_future(job))


async def _keep(busy: Busy) -> None:
    while True:
        await busy()
        await asyncio.sleep(BUSY_EVERY)


RECEPTION = web.AppKey("reception", Reception)
RUNNING_CHANNELS = web.AppKey("running_channels", list[Channel])


def set_up(app: web.Application, channels: Sequence[Channel] | None = None) -> None:
    """Give the application its channels, with what they are called at; `run` starts them."""
    app[RECEPTION] = Reception(app)
    app[RUNNING_CHANNELS] = list(channels if channels is not None else channels_of(app[SETTINGS]))
    for channel in app[RUNNING_CHANNELS]:
        app.add_routes(channel.routes(app[RECEPTION]))


async def run(app: web.Application) -> AsyncIterator[None]:
    """Receive and send from here on, until the gateway stops; after the services, before they close."""
    reception, channels = app[RECEPTION], app[RUNNING_CHANNELS]
    reception.open(channels)
    if not channels or reception.sending is None or reception.outbox is None:
        yield
        return
    receiving = [asyncio.create_task(channel.run(reception)) for channel in channels]
    sending = asyncio.create_task(reception.sending.run())
    yield
    for worker in receiving:
        worker.cancel()
    reception.sending.stop()
    await asyncio.wait([*receiving, sending], timeout=STOPPED_WITHIN)
    await let_go(sending)
    await reception.outbox.release()
    for channel in channels:
        await channel.close()
