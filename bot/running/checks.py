"""What keeps a start from working, found before anything is started and said in one sentence with the mend."""

from __future__ import annotations

import shutil
import socket

from bot.running.training import ENGINE_PYTHON
from bot.settings import Settings

_NEEDED = 500 * 2**20  # bytes for a model, the database and the logs of a day


class CannotStart(Exception):
    """One plain sentence: what is wrong, and what mends it."""


def check(settings: Settings, *, gateway: bool = True) -> None:
    """Raise CannotStart for a missing engine environment, a full disk or a taken port."""
    if not ENGINE_PYTHON.exists():
        raise CannotStart(
            "The engine's Python 3.10 environment (.venv-engine) is missing: run `make run`, which sets it up."
        )
    free = shutil.disk_usage(settings.folder).free
    if free < _NEEDED:
        raise CannotStart(
            f"Only {free // 2**20} MB are free where {settings.folder} lies and {_NEEDED // 2**20} MB are needed: "
            "make room there, or set DUIHUA_VAR to a folder on another disk."
        )
    ports = [("DUIHUA_ENGINE_PORT", "127.0.0.1", settings.engine_port)]
    ports += [("DUIHUA_ACTIONS_PORT", "127.0.0.1", settings.actions_port)]
    if gateway:
        ports += [("DUIHUA_PORT", settings.host, settings.port)]
    for name, host, port in ports:
        if not is_free(host, port):
            raise CannotStart(
                f"Port {port} on {host} is taken by another program: stop that one, or set {name} to a free port."
            )


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens there."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
