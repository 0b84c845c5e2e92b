"""The booking desk as a whole: looking, booking, waiting, and what the staff do."""

from __future__ import annotations

from dataclasses import fields

from bot.clock import Clock
from bot.guidance.calendar import WorkCalendar
from bot.guidance.contacts import Contacts
from bot.guidance.looking import Looking
from bot.guidance.rules import GuidanceRules
from bot.guidance.staff import Staff
from bot.guidance.waiting import Waiting
from bot.settings import Settings
from bot.store import Sessions


class Guidance(Looking, Waiting, Staff):
    """One-on-one sessions with advisers. Each method is one transaction; what cannot be is a rules.Refusal."""

    @classmethod
    def from_settings(cls, settings: Settings, sessions: Sessions, clock: Clock) -> Guidance:
        """The desk as the settings have it."""
        return cls(sessions, clock, WorkCalendar(), rules_of(settings), Contacts(settings.contact_secret))


def rules_of(settings: Settings) -> GuidanceRules:
    """The rules of the desk among the settings, where each has `guidance_` before its name."""
    return GuidanceRules(**{part.name: getattr(settings, f"guidance_{part.name}") for part in fields(GuidanceRules)})
