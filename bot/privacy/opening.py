"""The privacy service as the settings have it."""

from __future__ import annotations

from datetime import timedelta

from bot.clock import Clock
from bot.privacy.retention import Limits, Retention
from bot.privacy.service import Privacy
from bot.settings import Settings
from bot.store import Sessions


def open_privacy(settings: Settings, sessions: Sessions, clock: Clock) -> Privacy:
    """What people can have done with what is stored of them."""
    change_within = timedelta(hours=settings.guidance_change_hours)
    return Privacy(sessions, clock, Limits.of(settings), change_within=change_within)


def open_retention(settings: Settings, sessions: Sessions, clock: Clock) -> Retention:
    """The purge of what has been kept long enough."""
    return Retention(sessions, clock, Limits.of(settings))
