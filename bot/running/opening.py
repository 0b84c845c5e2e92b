"""Training opened as the settings say, for the gateway and for commands."""

from __future__ import annotations

from aiohttp import ClientSession

from bot.clock import Clock
from bot.conversations.engine import Engine
from bot.running.training import fingerprint, shelf_of, topics_with_files
from bot.settings import Settings
from bot.store import Sessions
from bot.training.service import Training


def open_training(settings: Settings, sessions: Sessions, clock: Clock, http: ClientSession) -> Training:
    """The service with the models of this machine and the engine that runs."""
    engine = Engine.of(settings, http)
    return Training(sessions, clock, shelf_of(settings), engine, base=fingerprint, topics=topics_with_files)
