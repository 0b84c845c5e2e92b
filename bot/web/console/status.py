"""The console's first page: whether everything runs, how today goes, what the editors have to look at.

Figures only, nobody's words; opened with the key that the start prints.
"""

from __future__ import annotations

import hmac
from datetime import datetime, time, timedelta
from pathlib import Path

import aiohttp_jinja2
from aiohttp import ClientError, ClientTimeout, web

from bot.clock import SHANGHAI, today
from bot.conversations.queries import figures_of_day
from bot.knowledge.queries import attention
from bot.web.keys import CLOCK, HTTP, SESSIONS, SETTINGS

COOKIE = "duihua_console"
SOON = timedelta(days=90)


async def status(request: web.Request) -> web.StreamResponse:
    """GET /console. With ?key=… the key goes into a cookie; 403 without it."""
    settings = request.app[SETTINGS]
    given = request.query.get("key") or request.cookies.get(COOKIE, "")
    if not hmac.compare_digest(given.encode(), settings.console_secret.encode()):
        raise web.HTTPForbidden(text="请用启动时打印的控制台地址打开（地址里带钥匙）。")
    if "key" in request.query:
        response = web.HTTPSeeOther("/console")
        response.set_cookie(
            COOKIE,
            given,
            path="/console",
            httponly=True,
            samesite="Strict",
            secure=settings.address.startswith("https:"),
        )
        raise response
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
    return await aiohttp_jinja2.render_template_async("console/status.html", request, context)


async def stylesheet(request: web.Request) -> web.StreamResponse:
    """GET /console/static/console.css."""
    response = web.FileResponse(Path(__file__).parent / "static" / "console.css")
    response.headers["Cache-Control"] = "no-cache"
    return response


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
    web.get("/console", status),
    web.get("/console/static/console.css", stylesheet),
    web.get("/health", health),
)
