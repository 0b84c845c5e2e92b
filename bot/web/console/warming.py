"""The index of phrasings is made while somebody of the staff still reads: a gateway has none until it is needed."""

from __future__ import annotations

from aiohttp import web

from bot.web.keys import HUB, KNOWLEDGE


def warm(app: web.Application) -> None:
    """Have the index ready soon; nobody waits for it, and where it fails the next page tries again."""
    if not app[KNOWLEDGE].ready:
        app[HUB].in_background(app[KNOWLEDGE].refresh())
