"""The first page: what waits for one, and where one may go.

A page module tells what waits: `@tells(Permission.X)` on `async def (request) -> Waiting | None`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from bot.people.rules import Permission
from bot.web.console.access import STAFF, requires
from bot.web.console.pages import page


@dataclass(frozen=True)
class Waiting:
    """Something to be looked at: what, how many, and where."""

    label: str
    count: int
    path: str
    urgent: bool = False


Tells = Callable[[web.Request], Awaitable[Waiting | None]]
_TELLING: list[tuple[Permission, Tells]] = []


def tells(permission: Permission) -> Callable[[Tells], Tells]:
    """Ask a function for what waits, for whoever has the permission."""

    def mark(tell: Tells) -> Tells:
        _TELLING.append((permission, tell))
        return tell

    return mark


@requires(Permission.SIGNED_IN)
async def home(request: web.Request) -> web.StreamResponse:
    """GET /console."""
    staff = request[STAFF]
    told = [await tell(request) for permission, tell in _TELLING if staff.can(permission)]
    return await page(request, "console/home.html", {"waiting": [one for one in told if one is not None and one.count]})


ROUTES = (web.get("/console", home, name="console.home"),)
