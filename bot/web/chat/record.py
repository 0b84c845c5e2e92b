"""A person's own record to take away, for nobody but the browser it was made in."""

from __future__ import annotations

from collections.abc import Callable

from aiohttp import web

from bot.linking.rules import RECORD
from bot.privacy import record
from bot.privacy.service import UnknownPerson
from bot.web.chat.visitor import visitor_of
from bot.web.keys import CLOCK, PRIVACY

_NOBODY = "这个浏览器里还没有对话记录。"


async def _file(request: web.Request, form: Callable[..., str], kind: str, ending: str) -> web.StreamResponse:
    person, now = (await visitor_of(request, RECORD)).person, request.app[CLOCK]()
    if person is None:
        raise web.HTTPNotFound(text=_NOBODY)
    privacy = request.app[PRIVACY]
    try:
        code = (await privacy.kept(person)).code
    except UnknownPerson as error:
        raise web.HTTPNotFound(text=_NOBODY) from error
    text = form(await privacy.record(person), code=code, now=now)
    headers = {"Content-Disposition": f'attachment; filename="duihua-{code}.{ending}"', "Cache-Control": "no-store"}
    return web.Response(text=text, content_type=kind, charset="utf-8", headers=headers)


async def as_json(request: web.Request) -> web.StreamResponse:
    """GET /chat/record.json: everything of the person of the cookie; 404 for a stranger."""
    return await _file(request, record.as_json, "application/json", "json")


async def as_text(request: web.Request) -> web.StreamResponse:
    """GET /chat/record.txt: the same to be read."""
    return await _file(request, record.as_text, "text/plain", "txt")


ROUTES = (web.get("/chat/record.json", as_json), web.get("/chat/record.txt", as_text))
