"""The gateway: the application put together, and what it opens and closes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp_jinja2
import jinja2
from aiohttp import ClientSession, TCPConnector, web

from bot.channels.web import page_form
from bot.clock import clock_from
from bot.conversations.engine import Engine
from bot.conversations.rules import Pace
from bot.conversations.service import Conversations
from bot.eligibility.opening import open_check
from bot.events.service import Events
from bot.guidance.keeping import ContactKeeper
from bot.guidance.service import Guidance
from bot.handover.keeping import MessageContactKeeper, each_keeps
from bot.handover.service import Handovers
from bot.jobs.opening import open_jobs
from bot.knowledge.service import Knowledge
from bot.linking.links import Links
from bot.privacy.opening import open_privacy
from bot.radio.groups.collecting import Collecting
from bot.radio.groups.service import Groups
from bot.settings import Settings
from bot.store import Sessions, open_engine
from bot.tasks import let_go
from bot.web import reception, training
from bot.web.asked import tend_asked
from bot.web.background import work
from bot.web.chat import eligibility, own, pages, record
from bot.web.chat.socket import PACE_ADDRESS, PACE_PERSON, recover
from bot.web.console import access, uploads
from bot.web.console import routes as console
from bot.web.console.conversations import tend_review
from bot.web.desk import routes as desk
from bot.web.hub import Hub
from bot.web.keys import (
    CLOCK,
    COLLECTING,
    CONVERSATIONS,
    ELIGIBILITY,
    ENGINE,
    EVENTS,
    GROUPS,
    GUIDANCE,
    HTTP,
    HUB,
    JOBS,
    KNOWLEDGE,
    LINKS,
    PRIVACY,
    SESSIONS,
    SETTINGS,
)
from bot.web.privacy import tend_privacy
from bot.web.security import put_headers, secure
from bot.web.staff import tend_staff

_TEMPLATES = [Path(__file__).parent / face / "templates" for face in ("chat", "console", "desk")]


def build(settings: Settings) -> web.Application:
    """The application; database and engine client are opened when it starts."""
    app = web.Application(middlewares=[secure, access.staff_only], client_max_size=64 * 1024)
    app.on_response_prepare.append(put_headers)
    app[SETTINGS] = settings
    app[CLOCK] = clock_from(settings.now)
    app[HUB] = Hub(page_form)
    app[PACE_PERSON] = Pace(settings.rate_person)
    app[PACE_ADDRESS] = Pace(settings.rate_address)
    read_templates(app)
    app.add_routes([*pages.ROUTES, *record.ROUTES, *eligibility.ROUTES, *own.ROUTES, *console.ROUTES, *desk.ROUTES])
    app.cleanup_ctx.extend([_services, reception.run, training.run])
    reception.set_up(app)
    uploads.set_up(app)
    return app


def read_templates(app: web.Application) -> None:
    """Let the application show its pages."""
    aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(_TEMPLATES),
        autoescape=True,
        enable_async=True,
        undefined=jinja2.StrictUndefined,
    )


async def _services(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS]
    database = open_engine(settings.database)
    async with ClientSession(connector=TCPConnector(limit=64)) as http:
        app[HTTP] = http
        app[SESSIONS] = Sessions(database)
        app[ENGINE] = Engine.of(settings, http)
        app[ELIGIBILITY], _ = open_check(app[SESSIONS], app[CLOCK])
        access.open_people(app)
        app[GUIDANCE] = Guidance.from_settings(settings, app[SESSIONS], app[CLOCK])
        app[LINKS] = Links.from_settings(settings, app[SESSIONS], app[CLOCK])
        app[EVENTS], (app[JOBS], _) = Events(app[SESSIONS], app[CLOCK]), open_jobs(app[SESSIONS], app[CLOCK])
        app[PRIVACY] = open_privacy(settings, app[SESSIONS], app[CLOCK])
        handovers = Handovers.from_settings(settings, app[SESSIONS], app[CLOCK])
        keep = each_keeps(ContactKeeper(app[GUIDANCE]), MessageContactKeeper(handovers))
        app[CONVERSATIONS] = Conversations.of(settings, app[SESSIONS], http, clock=app[CLOCK], keep_private=keep)
        app[KNOWLEDGE] = Knowledge(app[SESSIONS], app[CLOCK], cache=settings.folder / "cache" / "phrasings.npz")
        app[GROUPS] = Groups(app[SESSIONS], app[CLOCK])
        app[COLLECTING] = Collecting(app[SESSIONS], app[CLOCK])
        jobs = (recover(app), work(app), tend_privacy(app), tend_staff(app), tend_review(app), tend_asked(app))
        workers = [asyncio.create_task(job) for job in jobs]
        yield
        await let_go(*workers)  # each gives its connection back before the pool closes
        await app[HUB].close()
    await database.dispose()
