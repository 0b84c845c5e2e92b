"""What a person is given in one answer, and what of it is kept: the parts to come, the numbers, what is rated."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from bot.channels.base import Desk, Fetched, Inbound, Outgoing
from bot.channels.wechat import rendering
from bot.channels.wechat.deliveries import Delivery, news_reply, text_reply
from bot.channels.wechat.numbers import chosen, is_ordinal
from bot.channels.wechat.promises import Promises
from bot.channels.wechat.rendering import Option

HOLDING = "我还在查，有点慢。稍等一下随便再发一句，查到的就给你。"
THANKS: dict[Literal["up", "down"], str] = {"up": "谢谢，记下了。", "down": "记下了，我再改。说说哪里不对，我接着查。"}
_UP = {"赞", "有用", "👍", "点赞"}
_DOWN = {"踩", "没用", "👎", "点踩"}
_MORE = {"继续", "继续看", "往下", "后面", "看后面", "下一页", "更多"}
_AROUND = " \t\n\"'“”‘’「」。.!！~～，,"


@dataclass(frozen=True)
class Answer:
    """One answer: a text, or an article that leads to a page. Empty: nothing is said.

    `options`: the list that is being shown, of which the first `seen` can be chosen; the first `cards` of them stand for
    cards, which “第二个” is said of. `rest`: the parts to come.
    `rate`: the message that 赞 or 踩 is said of.
    """

    text: str = ""
    rest: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    seen: int = 0
    cards: int = 0
    rate: int | None = None
    article: tuple[str, str] | None = field(default=None)

    @classmethod
    def of(cls, form: dict[str, Any]) -> Answer:
        """As it was kept."""
        article = form.get("article")
        return cls(
            form.get("text", ""),
            tuple(form.get("rest", ())),
            tuple(Option(label, token) for label, token in form.get("options", ())),
            form.get("seen", 0),
            form.get("cards", 0),
            form.get("rate"),
            (article[0], article[1]) if article else None,
        )

    def form(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "text": self.text,
            "rest": list(self.rest),
            "options": [[option.label, option.token] for option in self.options],
            "seen": self.seen,
            "cards": self.cards,
            "rate": self.rate,
            "article": list(self.article) if self.article else None,
        }

    def saying(self, text: str) -> Answer:
        """Other words, beside which what was shown before still stands."""
        return replace(self, text=text, article=None)

    def next(self) -> Answer:
        """The next part."""
        text, *rest = self.rest
        return replace(self, text=text, rest=tuple(rest), seen=self._seen_in(text), article=None)

    def read_to_the_end(self) -> Answer:
        """The last part, as it is once all parts were shown."""
        answer = self
        while answer.rest:
            answer = answer.next()
        return answer

    def _seen_in(self, text: str) -> int:
        lines, seen = set(text.split("\n")), self.seen
        while seen < len(self.options) and rendering.line(seen + 1, self.options[seen]) in lines:
            seen += 1
        return seen

    def token(self, text: str) -> str | None:
        """What a number stands for; None for other words and for numbers that were not shown."""
        number = chosen(text)
        among = min(self.cards or self.seen, self.seen) if is_ordinal(text) else self.seen
        return self.options[number - 1].token if number is not None and number <= among else None


def pressed(inbound: Inbound, last: Answer) -> Inbound:
    """A number as the choice that it stands for in the list that was shown last; anything else as it is."""
    token = last.token(inbound.text) if inbound.text is not None else None
    return replace(inbound, text=None, token=token) if token is not None else inbound


def wants_more(text: str | None) -> bool:
    """Whether somebody wants to read on."""
    return _plain(text) in _MORE


def verdict(text: str | None) -> Literal["up", "down"] | None:
    """Whether somebody says no more than that an answer was of use, or not."""
    plain = _plain(text)
    return "up" if plain in _UP else "down" if plain in _DOWN else None


def _plain(text: str | None) -> str:
    return unicodedata.normalize("NFKC", text or "").strip(_AROUND)


async def made_of(
    found: Fetched, inbound: Inbound, last: Answer, desk: Desk, promises: Promises
) -> tuple[Answer, list[int]]:
    """What is given of what waits, and the messages that are out with it.

    That we are at it is said in our own words, where nothing better waits: what the record says of it is for platforms
    that can be written to.
    """
    said = [outgoing for outgoing in found.waiting if outgoing.message.kind != "holding"]
    messages = [outgoing.message.id for outgoing in found.waiting]
    if not said:
        return last.saying("" if found.answered else HOLDING), messages
    answer = await composed(said, inbound.key, desk, promises)
    if not found.answered:
        answer = replace(answer, text=f"{answer.text}\n\n{HOLDING}") if not answer.rest else answer
    return answer, messages


async def composed(said: list[Outgoing], key: str | None, desk: Desk, promises: Promises) -> Answer:
    """Some messages as one answer to the message with that key."""
    shown = [outgoing.message for outgoing in said]
    late = {one.message.id for one in said if one.answers not in (None, key)}
    signed = {
        path: await desk.link(outgoing.person, path) for outgoing in said for path in rendering.ours(outgoing.message)
    }
    listing, rated = rendering.listing_of(shown), rendering.rateable_of(shown)
    first, *rest = rendering.together(shown, signed, late=late, beside=promises.beside)
    blank = Answer(
        options=rendering.options(listing) if listing else (),
        cards=rendering.numbered_cards(listing) if listing else 0,
        rate=rated.id if rated else None,
        rest=(first, *rest),
    )
    answer = blank.next()
    page = shown[0].body.get("page") if len(shown) == 1 and not rest else None
    return replace(answer, article=(page["label"], signed[page["url"]])) if page else answer


def as_xml(delivery: Delivery, answer: Answer, at: datetime) -> str:
    """An answer as WeChat takes it; empty where nothing is said."""
    if not answer.text:
        return ""
    if answer.article is not None:
        title, url = answer.article
        return news_reply(delivery, title, answer.text, url, at)
    return text_reply(delivery, answer.text, at)
