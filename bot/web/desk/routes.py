"""Every route of the desk; a page module adds its ROUTES here."""

from __future__ import annotations

from bot.web.desk import answers, asked, feeds, group, guests, inbox, items, live, presenter, sheets

ROUTES = (
    *asked.ROUTES,
    *group.ROUTES,
    *inbox.ROUTES,
    *sheets.ROUTES,
    *items.ROUTES,
    *presenter.ROUTES,
    *guests.ROUTES,
    *live.ROUTES,
    *answers.ROUTES,
    *feeds.ROUTES,
)
