"""Every route of the console; a page module adds its ROUTES here."""

from __future__ import annotations

from bot.web.console import files, home, login, own, status

ROUTES = (
    *files.ROUTES,
    *login.ROUTES,
    *home.ROUTES,
    *own.ROUTES,
    *status.ROUTES,
)
