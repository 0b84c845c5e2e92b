"""The gateway as a process: `python -m bot.web`."""

from __future__ import annotations

import uvloop
from aiohttp import web

from bot import logs
from bot.settings import read_settings
from bot.web.app import build


def main() -> None:
    """Serve until told to stop."""
    settings = read_settings()
    logs.begin(settings.log_level, settings.secrets)
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
