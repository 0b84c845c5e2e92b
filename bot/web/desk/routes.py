"""Every route of the desk; a page module adds its ROUTES here."""

from __future__ import annotations

from bot.web.desk import asked, group, guests, inbox, items, presenter, sheets

ROUTES = (
    *asked.ROUTES,
    *group.ROUTES,
    *inbox.ROUTES,
    *sheets.ROUTES,
    *items.ROUTES,
    *presenter.ROUTES,
    *guests.ROUTES,
)
