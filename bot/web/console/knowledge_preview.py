"""A topic's answer in the form of each channel, by the channels' own rendering."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from aiohttp import web
from markupsafe import Markup

from bot.channels.base import Shown
from bot.channels.telegram import rendering as telegram
from bot.channels.web import page_form
from bot.channels.wechat import rendering as wechat
from bot.channels.wechat.text import size
from bot.clock import SHANGHAI, today
from bot.knowledge import wording
from bot.knowledge.editing import forms
from bot.knowledge.editing.drawing import view_of_typed
from bot.knowledge.files import GENERAL
from bot.reply import Reply
from bot.web.keys import CLOCK


@dataclass(frozen=True)
class TelegramPart:
    """One message of Telegram's: its marked text, and rows of what its buttons say."""

    html: Markup
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Preview:
    """One reply as each channel shows it."""

    aspect: str
    web: dict[str, Any]
    telegram: list[TelegramPart]
    wechat: list[tuple[str, int]]  # a part, and its bytes


def preview_of(request: web.Request, topic: str, typed: forms.Typed, titles: dict[str, str], aspect: str) -> Preview:
    """The answer of a form, or one aspect of it."""
    day = today(request.app[CLOCK])
    aspect = aspect if aspect in forms.ASKED else GENERAL
    view = view_of_typed(topic, typed, titles, version=0, today=day)
    return rendered(wording.answer(view, aspect, today=day), day, aspect)


def rendered(reply: Reply, day: date, aspect: str = GENERAL) -> Preview:
    """A reply as it is stored, given to each channel."""
    choices = [{"label": choice.label, "token": f"t{i}"} for i, choice in enumerate(reply.choices)]
    body = reply.model_dump(mode="json", exclude={"filters", "cards", "days", "choices", "knowledge"})
    message = Shown(
        id=0, conversation="", direction="out", kind="reply", key=None, text="\n".join(reply.paragraphs),
        body={**body, "choices": choices}, at=datetime.combine(day, time(12), SHANGHAI),
    )  # fmt: skip
    return Preview(
        aspect=aspect,
        web=page_form(message),
        # escaped by the channel, which writes the marks itself
        telegram=[
            TelegramPart(Markup(part.html), tuple(tuple(button.label for button in row) for row in part.rows))  # noqa: S704
            for part in telegram.parts_of(message)
        ],
        wechat=[(part, size(part)) for part in wechat.parts(message, {})],
    )
