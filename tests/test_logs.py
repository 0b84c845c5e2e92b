"""The log of the gateway: no secret in it, and nothing of libraries that tell what people wrote."""

from __future__ import annotations

import io
import logging

import pytest

from bot import logs
from bot.settings import Settings

TOKEN = "123456789:AAFakeTokenForTestsOnly_0123456789abcd"


@pytest.fixture
def written(monkeypatch):
    """What is written to standard error once the log has begun with a token among the settings."""
    file = io.StringIO()
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr("sys.stderr", file)
    levels = {name: logging.getLogger(name).level for name in ("", "httpx", "httpcore", "telegram", "aiohttp.access")}
    logs.begin("DEBUG", Settings(_env_file=None, telegram_token=TOKEN, engine_token="also-secret").secrets)
    yield file
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_a_secret_is_in_no_line_argument_or_trace(written):
    log = logging.getLogger("bot.somewhere")

    log.warning("asked https://api.telegram.org/bot%s/getMe with %s", TOKEN, {"key": "also-secret"})
    try:
        raise RuntimeError(f"The token `{TOKEN}` was rejected")
    except RuntimeError:
        log.exception("no")

    assert written.getvalue().count("***") == 3
    assert TOKEN not in written.getvalue()
    assert "also-secret" not in written.getvalue()


def test_libraries_that_tell_addresses_or_what_people_wrote_are_not_heard(written):
    logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot/sendMessage")
    logging.getLogger("telegram.Bot").debug("Calling Bot API endpoint `sendMessage` with parameters `秘密的话`")
    logging.getLogger("telegram.Bot").warning("heard")

    assert "HTTP Request" not in written.getvalue()
    assert "秘密的话" not in written.getvalue()
    assert "heard" in written.getvalue()
