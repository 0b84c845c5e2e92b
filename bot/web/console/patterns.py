"""Everything that pages are made of, on one page: what to take, and how it looks in each state."""

from __future__ import annotations

from aiohttp import web

from bot.people.rules import Permission
from bot.web.console.access import requires
from bot.web.console.pages import page


@requires(Permission.SETTINGS_READ)
async def patterns(request: web.Request) -> web.StreamResponse:
    """GET /console/patterns."""
    return await page(request, "console/patterns.html")


ROUTES = (web.get("/console/patterns", patterns, name="console.patterns"),)
