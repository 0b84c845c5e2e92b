"""The page that people talk on, the privacy notice, and what they are made of."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import aiohttp_jinja2
from aiohttp import web

from bot.events.rules import ticket_in
from bot.events.tickets import ticket_picture
from bot.settings import Settings
from bot.web.chat.person import introduce
from bot.web.chat.socket import socket
from bot.web.keys import SETTINGS
from bot.web.security import policy

FOLDER = Path(__file__).parent
_YEAR = "public, max-age=31536000, immutable"


@cache
def static(name: str) -> str:
    """The address of a static file, with its content in the query, so that browsers may keep it for good."""
    content = (FOLDER / "static" / name).read_bytes()
    return f"/chat/static/{name}?v={hashlib.sha256(content).hexdigest()[:10]}"


async def chat(request: web.Request) -> web.StreamResponse:
    """GET /chat: the page; with ?embed=1 as a frame of a site that the settings allow."""
    settings = request.app[SETTINGS]
    embed = request.query.get("embed") == "1"
    context: dict[str, Any] = {"embed": embed, "limit": settings.message_limit, "static": static}
    response = await aiohttp_jinja2.render_template_async("chat/page.html", request, context)
    introduce(request, response, settings)
    response.headers["Content-Security-Policy"] = policy(
        frame_ancestors=settings.embed_origins if embed else (), socket=settings.address.replace("http", "ws", 1)
    )
    response.headers["Cache-Control"] = "no-store"
    response.enable_compression()
    return response


def notice_of(settings: Settings) -> dict[str, object]:
    """What the privacy notice tells of the settings."""
    return {"days": settings.retention_days, "contact_days": settings.contact_days}


async def privacy(request: web.Request) -> web.StreamResponse:
    """GET /chat/privacy."""
    settings = request.app[SETTINGS]
    context = {"static": static, **notice_of(settings)}
    response = await aiohttp_jinja2.render_template_async("chat/privacy.html", request, context)
    response.enable_compression()
    return response


async def embed_script(request: web.Request) -> web.StreamResponse:
    """GET /chat/embed.js: the one script tag for other sites; short-lived, its address carries no version."""
    response = web.FileResponse(FOLDER / "static" / "embed.js")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


async def static_file(request: web.Request) -> web.StreamResponse:
    """GET /chat/static/NAME. Only files that stand in the folder itself."""
    path = FOLDER / "static" / request.match_info["name"]
    if path.parent != FOLDER / "static" or not path.is_file():
        raise web.HTTPNotFound
    response = web.FileResponse(path)
    response.enable_compression()
    response.headers["Cache-Control"] = _YEAR if "v" in request.query else "no-cache"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


async def ticket(request: web.Request) -> web.StreamResponse:
    """GET /chat/ticket/CODE.svg: the code as a QR picture. It holds nothing but the code, which nobody can guess."""
    code = ticket_in(request.match_info["code"])
    if code is None:
        raise web.HTTPNotFound
    response = web.Response(text=ticket_picture(code), content_type="image/svg+xml")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


async def home(request: web.Request) -> web.StreamResponse:
    """GET /: to the chat."""
    raise web.HTTPFound("/chat")


ROUTES = (
    web.get("/", home),
    web.get("/chat", chat),
    web.get("/chat/privacy", privacy),
    web.get("/chat/embed.js", embed_script),
    web.get("/chat/socket", socket),
    web.get("/chat/static/{name}", static_file),
    web.get("/chat/ticket/{code}.svg", ticket),
)
