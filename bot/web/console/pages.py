"""How a page of the staff is shown: one template with what every page has, and the way back after a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NoReturn

import aiohttp_jinja2
from aiohttp import web

from bot.clock import SHANGHAI, today
from bot.web.chat.pages import static as icon
from bot.web.console import navigation, notices
from bot.web.console.access import STAFF
from bot.web.console.files import static
from bot.web.keys import CLOCK


async def page(
    request: web.Request, template: str, context: Mapping[str, Any] | None = None, *, status: int = 200
) -> web.Response:
    """A template with its data and what the shell needs: who is signed in, where they may go, what is to be told."""
    staff = request.get(STAFF)
    shell = {
        "staff": staff,
        "top": navigation.places(request, navigation.TOP, staff) if staff else [],
        "tabs": navigation.places(request, navigation.SETTINGS, staff) if staff else [],
        "notice": notices.of(request.query.get("notice", "")),
        "path": request.path,
        "static": static,
        "icon": icon("icon.svg"),
        "with_query": lambda **wanted: str(request.rel_url.update_query(wanted).without_query_params("notice")),
        "url": lambda name, /, **parts: request.app.router[name].url_for(**{k: str(v) for k, v in parts.items()}),
        "may": lambda permission: staff is not None and staff.can(permission),
        "today": today(request.app[CLOCK]),
        "moment": moment,
    }
    return await aiohttp_jinja2.render_template_async(template, request, {**shell, **(context or {})}, status=status)


_MOST_PAGES = 10_000


def moment(at: datetime | None) -> str:
    """A moment as it is written on pages: 2026-11-24 10:05, in 大同."""
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if at else ""


def back_to(
    request: web.Request, route: str, *, notice: str = "", query: Mapping[str, str] | None = None, **parts: object
) -> NoReturn:
    """Go to a page after a form, with 303 and what is to be told there."""
    told = {**(query or {}), **({"notice": notice} if notice else {})}
    url = request.app.router[route].url_for(**{name: str(value) for name, value in parts.items()})
    raise web.HTTPSeeOther(url.with_query(told) if told else url)


async def form_of(request: web.Request) -> dict[str, str]:
    """A form's fields as they were typed; of several with one name the last one (`request.post().getall` has all)."""
    return {name: value for name, value in (await request.post()).items() if isinstance(value, str)}


def number_in(text: str) -> int | None:
    """A number out of a form or a query; None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def page_number(request: web.Request) -> int:
    """Which page of a list is wanted."""
    value = request.query.get("page", "")
    return min(max(int(value), 1), _MOST_PAGES) if value.isascii() and value.isdigit() and len(value) < 8 else 1
