"""The pages that a person does things on, beside the chat: one's own things, booking, a job, an event, and the way in."""

from __future__ import annotations

from bot.web.chat import booking, events, jobs, links, mine

ROUTES = (*links.ROUTES, *booking.ROUTES, *jobs.ROUTES, *events.ROUTES, *mine.ROUTES)
