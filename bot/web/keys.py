"""What the application shares, under typed keys."""

from __future__ import annotations

from aiohttp import ClientSession, web

from bot.clock import Clock
from bot.conversations.engine import Engine
from bot.conversations.service import Conversations
from bot.eligibility.service import EligibilityCheck
from bot.events.service import Events
from bot.guidance.service import Guidance
from bot.jobs.service import Jobs
from bot.knowledge.service import Knowledge
from bot.linking.links import Links
from bot.privacy.service import Privacy
from bot.radio.groups.collecting import Collecting
from bot.radio.groups.service import Groups
from bot.settings import Settings
from bot.store import Sessions
from bot.web.hub import Hub

SETTINGS = web.AppKey("settings", Settings)
CLOCK = web.AppKey("clock", Clock)
SESSIONS = web.AppKey("sessions", Sessions)
ELIGIBILITY = web.AppKey("eligibility", EligibilityCheck)
GUIDANCE = web.AppKey("guidance", Guidance)
PRIVACY = web.AppKey("privacy", Privacy)
LINKS = web.AppKey("links", Links)
EVENTS = web.AppKey("events", Events)
JOBS = web.AppKey("jobs", Jobs)
ENGINE = web.AppKey("engine", Engine)
KNOWLEDGE = web.AppKey("knowledge", Knowledge)
CONVERSATIONS = web.AppKey("conversations", Conversations)
HTTP = web.AppKey("http", ClientSession)
HUB = web.AppKey("hub", Hub)
GROUPS = web.AppKey("groups", Groups)
COLLECTING = web.AppKey("collecting", Collecting)
