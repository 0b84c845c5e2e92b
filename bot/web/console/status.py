"""Whether everything runs, how today goes, what the editors have to look at. Figures only, nobody's words."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from aiohttp import ClientError, ClientTimeout, web

from bot.clock import SHANGHAI, today
from bot.conversations.queries import figures_of_day
from bot.knowledge.queries import attention
from bot.people.rules import Permission
from bot.web.console.access import requires
from bot.web.console.pages import page
from bot.web.keys import CLOCK, HTTP, SESSIONS, SETTINGS

SOON = timedelta(days=90)


@requires(Permission.STATUS_READ)
async def status(request: web.Request) -> web.StreamResponse:
    """GET /console/status."""
    settings = request.app[SETTINGS]
    clock = request.app[CLOCK]
    day = today(clock)
    since = datetime.combine(day, time(), SHANGHAI)
    async with request.app[SESSIONS]() as db:
        figures = await figures_of_day(db, since)
        topics = await attention(db, today=day, soon=day + SOON)
    context = {
        "day": day,
        "figures": figures,
        "topics": topics,
        "services": {
            "对话引擎": await _answers(request, f"http://127.0.0.1:{settings.engine_port}/webhooks/gateway/health"),
            "动作服务": await _answers(request, f"http://127.0.0.1:{settings.actions_port}/health"),
        },
    }
    return await page(request, "console/status.html", context)


async def _answers(request: web.Request, url: str) -> bool:
    try:
        async with request.app[HTTP].get(url, timeout=ClientTimeout(total=2)) as response:
            return response.status == 200
    except (ClientError, TimeoutError, OSError):
        return False


async def health(request: web.Request) -> web.StreamResponse:
    """GET /health: 200 when the gateway and its database answer."""
    async with request.app[SESSIONS]() as db:
        await figures_of_day(db, request.app[CLOCK]())
    return web.json_response({"status": "ok"})


ROUTES = (
    web.get("/console/status", status, name="console.status"),
    web.get("/health", health),
)
