"""WeChat's Official Account as a channel: it brings what people say and takes the answer along, within five seconds.

Where it hears nothing in time it brings the message again, three times in all and to any gateway. The first two wait for
the answer; the last one that comes without one takes a holding line, and the answer goes with what the person says next.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import ClassVar

from aiohttp import web

from bot.channels.base import Channel, Consent, Desk, Inbound, Note, Outgoing, Refused
from bot.channels.wechat import answers, deliveries, sealing
from bot.channels.wechat.answers import Answer
from bot.channels.wechat.api import Api, NotNow
from bot.channels.wechat.customer_service import CustomerService
from bot.channels.wechat.deliveries import Delivery, Unreadable
from bot.channels.wechat.notices import Notices
from bot.channels.wechat.promises import Promises
from bot.channels.wechat.sealing import NotSealed, Seal
from bot.clock import Clock, clock_from
from bot.settings import Settings
from bot.text.notice_templates import NoticeTemplate, read_notice_templates

logger = logging.getLogger(__name__)

PATH = "/wechat"
TRIES = 3
PLATFORM_WAITS = 5.0  # seconds
LAST_FROM = 8.0  # seconds: a message that is brought at such an age is brought for the last time
OVERTIME = 1.0  # seconds after which we let go of a line that WeChat should have let go of
UNTIL_FETCHED = 86400.0  # seconds between two tries of what waits to be fetched
_LOOKS = 20  # for what waits, where others take it at the same time


class WeChat(Channel):
    """One account. Without `seal` messages come and go as plain text; without `api` nothing is sent, all is fetched.

    `writes`: it may send 客服消息. `templates`: those of its notices, for who has not written for long, which people agree
    to on a `page`.

    `clocks`: of the world and, where it is another one, of ours: what WeChat says of the time is right by either.
    """

    name: ClassVar[str] = deliveries.CHANNEL

    def __init__(
        self,
        token: str,
        *clocks: Clock,
        seal: Seal | None = None,
        api: Api | None = None,
        writes: bool = True,
        templates: Sequence[NoticeTemplate] = (),
        page: str | None = None,
        budget: float = 4.5,
        window: float = 300.0,
    ) -> None:
        self._token, self._clocks, self._seal, self._api = token, clocks, seal, api
        kinds = {template.kind for template in templates}
        self._promises = Promises(writes=api is not None and writes, kinds=kinds, page=page)
        self._customer_service = CustomerService(api, self._promises) if api is not None and writes else None
        self._notices = Notices(api, templates) if api is not None and templates else None
        self._budget, self._window = budget, window

    @classmethod
    def from_settings(cls, settings: Settings) -> WeChat | None:
        """As the settings have it; None without a token."""
        if settings.wechat_token is None:
            return None
        key, templates = settings.wechat_aes_key, read_notice_templates(settings.wechat_notices)
        return cls(
            settings.wechat_token.get_secret_value(),
            clock_from(None),
            *([clock_from(settings.now)] if settings.now else ()),
            seal=Seal(key.get_secret_value(), settings.wechat_app_id or "") if key else None,
            api=api_of(settings) if settings.wechat_customer_service or templates else None,
            writes=settings.wechat_customer_service,
            templates=templates,
            page=settings.wechat_notices_page,
            budget=settings.wechat_budget,
            window=settings.wechat_window,
        )

    @property
    def sends(self) -> bool:
        """Only where the account may send 客服消息 or notices."""
        return self._customer_service is not None or self._notices is not None

    async def send(self, outgoing: Outgoing, note: Note, desk: Desk) -> None:
        """Send a message that was not fetched: as 客服消息 where they wrote not long ago, else as a notice that they agreed
        to; else it waits for their next word.
        """
        if not self.sends:
            raise Refused("this account cannot write")
        begun = bool(outgoing.done)

        async def noted(ref: str) -> None:
            nonlocal begun
            begun = True
            await note(ref)

        try:
            await self._written(outgoing, noted, desk)
        except NotNow:
            if begun or self._notices is None or not await self._notices.send(outgoing, desk):
                raise
            if not outgoing.message.body["notice"]["whole"]:
                raise  # what it does not say is given with their next word

    async def _written(self, outgoing: Outgoing, note: Note, desk: Desk) -> None:
        if self._customer_service is None:
            raise NotNow("this account sends notices only", UNTIL_FETCHED)
        await self._customer_service.send(outgoing, note, desk)

    async def close(self) -> None:
        """Let go of connections."""
        if self._api is not None:
            await self._api.close()

    # -- in ------------------------------------------------------------------------------------------------------------

    def routes(self, desk: Desk) -> Sequence[web.RouteDef]:
        """Where WeChat asks whether we know the token, and brings what happens."""
        return web.get(PATH, self._verified), web.post(PATH, partial(self._brought, desk))

    async def _verified(self, request: web.Request) -> web.Response:
        """The echo that WeChat wants to hear before it brings anything."""
        self._check(request, "signature")
        return web.Response(text=request.query.get("echostr", ""))

    def _check(self, request: web.Request, name: str, *signed: str) -> None:
        """Refuse what is not WeChat's, or was signed too long ago."""
        query = request.query
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not sealing.is_signed(query.get(name, ""), self._token, timestamp, nonce, *signed):
            raise web.HTTPForbidden(text="no")
        within = timedelta(seconds=self._window)
        if not any(sealing.is_timely(timestamp, clock(), within) for clock in self._clocks):
            raise web.HTTPForbidden(text="not now")

    async def _brought(self, desk: Desk, request: web.Request) -> web.Response:
        """One delivery: 403 from anybody else, 400 for what is none."""
        if self._seal is None:
            self._check(request, "signature")
        try:
            found = self._opened(request, deliveries.fields(await request.read()))
            delivery = deliveries.read(found)
        except (Unreadable, web.RequestPayloadError) as error:
            raise web.HTTPBadRequest(text="no message") from error
        await self._refuse_replay(desk, request, delivery, found)
        answer = await self._answer(desk, delivery, request)
        return web.Response(text=self._closed(request, answers.as_xml(delivery, answer, self._clocks[0]())))

    def _opened(self, request: web.Request, found: dict[str, str]) -> dict[str, str]:
        """The fields of a delivery, out of its seal. With a key of ours nothing is taken that is not sealed."""
        if self._seal is None:
            return found
        sealed = found.get("Encrypt", "")
        self._check(request, "msg_signature", sealed)
        try:
            return deliveries.fields(self._seal.open(sealed))
        except NotSealed as error:
            raise web.HTTPForbidden(text="no") from error

    def _closed(self, request: web.Request, answer: str) -> str:
        if self._seal is None or not answer:
            return answer
        timestamp, nonce = str(int(self._clocks[0]().timestamp())), request.query["nonce"]
        sealed = self._seal.close(answer)
        return deliveries.sealed_reply(
            sealed, sealing.signature(self._token, timestamp, nonce, sealed), timestamp, nonce
        )

    async def _refuse_replay(self, desk: Desk, request: web.Request, delivery: Delivery, found: dict[str, str]) -> None:
        """A signature that somebody overheard is good for the message that it came with, and for no other one."""
        number = f"{self.name} {request.query['timestamp']} {request.query['nonce']}"
        content = "\0".join(f"{name}={value}" for name, value in sorted(found.items()))
        if not await desk.is_fresh(number, content, 2 * self._window):
            logger.warning("a signature was used for two messages: refused")
            raise web.HTTPForbidden(text="no")

    # -- the answer ----------------------------------------------------------------------------------------------------

    async def _answer(self, desk: Desk, delivery: Delivery, request: web.Request) -> Answer:
        """What is given to a delivery; nothing where there is nothing to say."""
        if delivery.away:
            await desk.away(delivery.sender)
        await self._of_notices(desk, delivery)
        inbound = delivery.inbound
        if inbound is None:
            return Answer()
        if inbound.command is not None and all(inbound.command != command.name for command in desk.commands):
            inbound = replace(inbound, command="help")  # an entry of the menu that means nothing (any more)
        loop = asyncio.get_running_loop()
        ends = loop.time() + self._budget
        handed = await desk.handed(inbound.sender, inbound.key, self._budget)
        if handed.form is not None:
            return Answer.of(handed.form)
        last = Answer.of(handed.last or {})
        if not handed.known:
            said = await self._own_words(desk, inbound, last)
            if said is not None:
                return await self._given(desk, inbound, said)
            taken = await desk.take(answers.pressed(inbound, last))
            if taken.refused is not None:
                return last.saying(taken.refused)
            if not handed.tries:  # known from now on
                handed = await desk.handed(inbound.sender, inbound.key, max(0.0, ends - loop.time()))
        final = self._is_last(handed.tries, delivery.made)
        return await self._fetched(desk, inbound, last, ends, None if final else request)

    async def _of_notices(self, desk: Desk, delivery: Delivery) -> None:
        """Keep what was said to notices whose templates are ours, and how those arrived that we sent."""
        if self._notices is None:
            return
        kinds = [(one, self._notices.kind_of(one.template)) for one in delivery.consents]
        consents = [Consent(kind, one.template, one.agreed) for one, kind in kinds if kind is not None]
        if consents:
            await desk.consented(delivery.sender, delivery.key, consents)
        for one in delivery.arrived:
            await desk.notice_arrived(delivery.sender, one.template, one.receipt, one.outcome)

    async def _own_words(self, desk: Desk, inbound: Inbound, last: Answer) -> Answer | None:
        """The answer to what is said about what was shown: the next part of it, or what a verdict of theirs is met with."""
        if answers.wants_more(inbound.text) and last.rest:
            return last.next()
        verdict = answers.verdict(inbound.text)
        if verdict is None or last.rate is None or not await desk.rate(inbound.sender, last.rate, verdict):
            return None
        return last.saying(answers.THANKS[verdict])

    async def _given(self, desk: Desk, inbound: Inbound, answer: Answer) -> Answer:
        form = await desk.hand_out(inbound.sender, inbound.key, answer.form())
        return Answer.of(form) if form is not None else answer

    async def _fetched(
        self, desk: Desk, inbound: Inbound, last: Answer, ends: float, request: web.Request | None
    ) -> Answer:
        loop = asyncio.get_running_loop()
        for _ in range(_LOOKS):
            found = await desk.fetch(inbound.sender, inbound.key, max(0.0, ends - loop.time()))
            if not found.answered and request is not None:
                await self._wait_for_the_line_to_go(request, ends)
                return Answer()
            answer, messages = await answers.made_of(found, inbound, last, desk, self._promises)
            form = await desk.hand_out(inbound.sender, inbound.key, answer.form(), messages)
            if form is not None:
                return Answer.of(form)
        return Answer()

    def _is_last(self, tries: int, made: int | None) -> bool:
        """Whether WeChat will not bring the message again: by how often it came, and, where a gateway that died could
        not count, by its age."""
        ages = [clock().timestamp() - made for clock in self._clocks] if made is not None else [0.0]
        return tries >= TRIES or min(ages, key=abs) > LAST_FROM

    async def _wait_for_the_line_to_go(self, request: web.Request, ends: float) -> None:
        """Say nothing until WeChat hangs up: whatever it hears in time is the answer to it."""
        loop = asyncio.get_running_loop()
        latest = ends - self._budget + PLATFORM_WAITS + OVERTIME
        while loop.time() < latest and not _is_gone(request):  # noqa: ASYNC110 - a line that goes wakes nobody
            await asyncio.sleep(0.05)


def api_of(settings: Settings) -> Api:
    """WeChat's API as the settings have it: with an AppID and its secret."""
    secret = settings.wechat_secret.get_secret_value() if settings.wechat_secret else ""
    return Api(settings.wechat_api, settings.wechat_app_id or "", secret)


def _is_gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()
