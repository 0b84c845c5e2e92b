"""The first page: where one may go."""

from __future__ import annotations

from aiohttp import web

from bot.people.rules import Permission
from bot.web.console.access import requires
from bot.web.console.pages import page


@requires(Permission.SIGNED_IN)
async def home(request: web.Request) -> web.StreamResponse:
    """GET /console."""
    return await page(request, "console/home.html")


ROUTES = (web.get("/console", home, name="console.home"),)
