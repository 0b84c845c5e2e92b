"""客服消息: what comes late, and what nobody asked for, sent to who wrote within 48 hours; five until they write again."""

from __future__ import annotations

from bot.channels.base import Desk, Note, Outgoing, Sender, Spoken
from bot.channels.wechat import answers
from bot.channels.wechat.answers import Answer
from bot.channels.wechat.api import Api, NotNow
from bot.channels.wechat.promises import WITHIN, Promises
from bot.channels.wechat.text import MORE

QUOTA = 5


def may_send(spoken: Spoken) -> bool:
    """Whether WeChat takes one more."""
    return spoken.ago is not None and spoken.ago < WITHIN and spoken.parts < QUOTA


class CustomerService:
    """Sends stored messages."""

    def __init__(self, api: Api, promises: Promises) -> None:
        self._api, self._promises = api, promises

    async def send(self, outgoing: Outgoing, note: Note, desk: Desk) -> None:
        """Send a message part by part; those that are out already are left out. Raises as Channel.send, and NotNow where
        they have to write first: it is tried again in an hour, and given with their next message if that comes first.

        That we are at it was said in answer to their message.
        """
        if outgoing.message.kind == "holding":
            return
        answer = await answers.composed([outgoing], outgoing.answers, desk, self._promises)
        texts = [text.removesuffix(MORE).rstrip() for text in (answer.text, *answer.rest)]
        for index in range(len(outgoing.done), len(texts)):
            if not may_send(await desk.spoken(outgoing.message.id)):
                raise NotNow("no more 客服消息 until they write")
            await self._part(desk, outgoing.address, answer, texts[index])
            await note(f"kf{index}")
        whole = answer.read_to_the_end()
        await desk.hand_out(Sender("wechat", outgoing.address), f"sent.{outgoing.message.id}", whole.form())

    async def _part(self, desk: Desk, openid: str, answer: Answer, text: str) -> None:
        if answer.article is not None:
            await self._api.article(desk, openid, answer.article[0], text, answer.article[1])
        else:
            await self._api.text(desk, openid, text)
