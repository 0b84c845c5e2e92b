"""What our own addresses show a person, as files: for channels where nobody has a browser's cookie."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Awaitable, Callable

import aiohttp_jinja2
import segno
from aiohttp import web

from bot.channels.base import Document
from bot.events.rules import ticket_in
from bot.guidance.ics import ics
from bot.guidance.rules import UnknownBooking
from bot.privacy import record
from bot.privacy.service import UnknownPerson
from bot.web.chat import eligibility, pages
from bot.web.keys import CLOCK, GUIDANCE, PRIVACY, SETTINGS

_WAY_BACK = re.compile(r'<a\b[^>]*\bhref="/[^"]*"[^>]*>.*?</a>', re.DOTALL)  # leads nowhere from a file
_TYPES = {".css": "text/css", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json"}


async def _calendar(app: web.Application, person: int, number: str) -> Document | None:
    try:
        booking = await app[GUIDANCE].numbered(person, number)
        return Document(f"{booking.number}.ics", ics(booking))
    except (UnknownBooking, ValueError):
        return None


async def _ticket(app: web.Application, person: int, code: str) -> Document | None:
    ticket = ticket_in(code)
    if ticket is None:
        return None
    drawn = io.BytesIO()
    segno.make_qr(ticket, error="m").save(drawn, kind="png", scale=12, border=4)
    return Document(f"{ticket}.png", drawn.getvalue(), picture=True)


async def _record(app: web.Application, person: int, ending: str) -> Document | None:
    privacy = app[PRIVACY]
    try:
        code = (await privacy.kept(person)).code
    except UnknownPerson:
        return None
    form = record.as_json if ending == "json" else record.as_text
    text = form(await privacy.record(person), code=code, now=app[CLOCK]())
    return Document(f"duihua-{code}.{ending}", text.encode())


async def _eligibility(app: web.Application, person: int, _: str) -> Document | None:
    context = await eligibility.context_of(app, person)
    if context["kept"] is None:
        return None
    return Document("政策体检清单.html", await _page(app, "chat/eligibility.html", context))


async def _privacy(app: web.Application, person: int, _: str) -> Document | None:
    return Document("隐私说明.html", await _page(app, "chat/privacy.html", pages.notice_of(app[SETTINGS])))


_FORMS: tuple[tuple[re.Pattern[str], Callable[[web.Application, int, str], Awaitable[Document | None]]], ...] = (
    (re.compile(r"/chat/booking/([^/]+)\.ics"), _calendar),
    (re.compile(r"/chat/ticket/([^/]+)\.svg"), _ticket),
    (re.compile(r"/chat/record\.(txt|json)"), _record),
    (re.compile(r"(/chat/eligibility)"), _eligibility),
    (re.compile(r"(/chat/privacy)"), _privacy),
)


async def document(app: web.Application, person: int, path: str) -> Document | None:
    """What one of our addresses shows this person and nobody else; None where there is nothing."""
    for pattern, form in _FORMS:
        if found := pattern.fullmatch(path):
            return await form(app, person, found[1])
    return None


async def _page(app: web.Application, template: str, context: dict[str, object]) -> bytes:
    """A page that stands by itself: with its styles in it and without ways back into the chat."""
    environment = aiohttp_jinja2.get_env(app)
    html = await environment.get_template(template).render_async({**context, "static": _within})
    return _WAY_BACK.sub("", html).encode()


def _within(name: str) -> str:
    """A static file as an address that holds it."""
    path = pages.FOLDER / "static" / name
    return f"data:{_TYPES.get(path.suffix, 'application/octet-stream')};base64,{base64.b64encode(path.read_bytes()).decode()}"
