"""The log: one form for every line, and no secret in any of them, wherever it comes from."""

from __future__ import annotations

import logging
from collections.abc import Iterable

_FORM = "%(asctime)s %(levelname)s %(name)s %(message)s"
# These tell at INFO which address they asked (Telegram's holds the token), at DEBUG what people wrote.
_TALKATIVE = {"httpx": logging.WARNING, "httpcore": logging.WARNING, "telegram": logging.INFO}


class Discreet(logging.Formatter):
    """Puts *** in the place of every secret: in messages, arguments and traces."""

    def __init__(self, secrets: Iterable[str], form: str = _FORM) -> None:
        super().__init__(form)
        self._secrets = tuple(filter(None, secrets))

    def format(self, record: logging.LogRecord) -> str:
        """The line, or lines with a trace."""
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def begin(level: str, secrets: Iterable[str]) -> None:
    """Log to standard error from now on."""
    handler = logging.StreamHandler()
    handler.setFormatter(Discreet(secrets))
    logging.basicConfig(level=level, handlers=[handler])
    logging.getLogger("aiohttp.access").setLevel(logging.WARNING)
    for name, least in _TALKATIVE.items():
        logging.getLogger(name).setLevel(least)
