"""The gateway as a process: `python -m bot.web`."""

from __future__ import annotations

import logging

import uvloop
from aiohttp import web

from bot.settings import read_settings
from bot.web.app import build


def main() -> None:
    """Serve until told to stop."""
    settings = read_settings()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    web.run_app(
        build(settings),
        host=settings.host,
        port=settings.port,
        print=lambda *_: None,
        loop=uvloop.new_event_loop(),
        shutdown_timeout=5,
    )


if __name__ == "__main__":
    main()
