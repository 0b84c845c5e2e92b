"""Who a browser is: a random cookie that only the gateway reads."""

from __future__ import annotations

import ipaddress
import secrets
from datetime import timedelta

from aiohttp import web

from bot.channels.base import Sender
from bot.channels.web import CHANNEL
from bot.settings import Settings

COOKIE = "duihua_person"
KEPT_FOR = timedelta(days=180)
_LENGTH = 43  # characters of 32 random bytes


def sender_of(request: web.Request) -> Sender | None:
    """The person of a request's cookie, None where there is none of ours."""
    value = request.cookies.get(COOKIE, "")
    return Sender(CHANNEL, value) if len(value) == _LENGTH else None


def introduce(request: web.Request, response: web.StreamResponse, settings: Settings) -> None:
    """Give a new browser its cookie, and an old one another 180 days.

    In the League's pages the chat is a frame of another site: there the cookie must be allowed to travel, which
    browsers grant only over https, and is kept apart by site (CHIPS).
    """
    value = request.cookies.get(COOKIE, "")
    secure = settings.address.startswith("https:")
    abroad = secure and bool(settings.embed_origins)
    response.set_cookie(
        COOKIE,
        value if len(value) == _LENGTH else secrets.token_urlsafe(32),
        max_age=int(KEPT_FOR.total_seconds()),
        path="/chat",
        httponly=True,
        secure=secure,
        samesite="None" if abroad else "Lax",
        partitioned=True if abroad else None,
    )


def address_of(request: web.Request, settings: Settings) -> str:
    """The address a request comes from; behind our own proxy the last one that it added. IPv6 by its /64."""
    remote = request.remote or "?"
    if settings.behind_proxy and (forwarded := request.headers.get("X-Forwarded-For")):
        remote = forwarded.rsplit(",", 1)[-1].strip()
    try:
        address = ipaddress.ip_address(remote)
    except ValueError:
        return remote
    return str(ipaddress.ip_network(f"{remote}/64", strict=False)) if address.version == 6 else remote
