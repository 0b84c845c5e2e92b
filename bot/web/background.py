"""What the gateway does by itself: reminders, new postings for saved searches, answers of the programme's guests."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import time

from aiohttp import web

from bot.clock import SHANGHAI, Clock, today
from bot.conversations.telling import Telling
from bot.events import wording as event_wording
from bot.events.service import Events
from bot.guidance import notices
from bot.guidance.service import Guidance
from bot.jobs import wording as job_wording
from bot.jobs.opening import open_jobs
from bot.jobs.service import Jobs
from bot.radio import wording as radio_wording
from bot.radio.answers.service import ProgrammeAnswers
from bot.radio.service import Radio
from bot.web.hub import Hub
from bot.web.keys import CLOCK, GUIDANCE, HUB, SESSIONS, SETTINGS

logger = logging.getLogger(__name__)

PERIOD = 20.0  # seconds between two looks
DAYTIME = time(9), time(21)  # in 大同: nobody wants news of jobs at night


@contextmanager
def logged(what: str) -> Iterator[None]:
    """Log what fails and go on: one message that cannot be told keeps no other back. It is tried again later."""
    try:
        yield
    except Exception:
        logger.exception("%s could not be told", what)


async def tell_of_events(events: Events, telling: Telling, hub: Hub) -> None:
    """Send what is due to people who signed up for events. A reminder sent twice is one message: its key says so."""
    await events.fill_free_places()
    for reminder in await events.due_reminders():
        with logged(f"reminder {reminder.key}"):
            if not await events.claim(reminder.id):
                continue
            reply = event_wording.unasked(reminder.kind, reminder.event, reminder.ticket)
            if message := await telling.tell_person(reminder.person_id, reply, reminder.key):
                await hub.show(message)
            await events.sent(reminder.id)


async def tell_of_guidance(guidance: Guidance, telling: Telling, hub: Hub) -> None:
    """Send what is due to people with a session, or who wait for one; its key keeps a repeat out."""
    await guidance.tend()
    for reminder in await guidance.due_reminders():
        with logged(f"reminder {reminder.key}"):
            if not await guidance.claim(reminder.id):
                continue
            if reminder.kind == "place_offered" and reminder.wait_id is not None:
                reply = notices.place_offered(reminder.booking, reminder.wait_id, reminder.key)
            else:
                others = await guidance.instead_of(reminder)
                reply = notices.unasked(reminder.kind, reminder.booking, others)
            if message := await telling.tell_person(reminder.person_id, reply, reminder.key):
                await hub.show(message)
            await guidance.sent(reminder.id)


async def tell_of_jobs(jobs: Jobs, telling: Telling, hub: Hub, clock: Clock) -> None:
    """Tell of new postings, once a day for a saved search.

    Told first and noted after: a gateway that dies in between tells it again under the same key, which is not shown.
    """
    first, last = DAYTIME
    if not first <= clock().astimezone(SHANGHAI).time() < last:
        return
    for subscription in await jobs.due():
        with logged(f"news of saved search {subscription.id}"):
            news = await jobs.new_matches(subscription)
            if not news.page.postings:
                continue
            key = f"jobs:{subscription.id}:{today(clock)}"
            reply = job_wording.news(job_wording.said(news.wishes), news.page)
            if message := await telling.tell_identity(subscription.identity_id, reply, key):
                await hub.show(message)
            await jobs.claim_telling(news)


async def tell_of_radio(radio: Radio, telling: Telling, hub: Hub, clock: Clock) -> None:
    """Tell those who asked the programme what was answered, in daytime, where they asked; its key keeps a repeat out."""
    first, last = DAYTIME
    if not first <= clock().astimezone(SHANGHAI).time() < last:
        return
    for answer in await radio.answers_to_tell():
        with logged(f"answer {answer.key}"):
            if not await radio.claim(answer.question_id):
                continue
            reply = radio_wording.answer_told(answer.question, today(clock))
            if message := await telling.tell_identity(answer.identity_id, reply, answer.key):
                await hub.show(message)
            await radio.told(answer.question_id)


async def work(app: web.Application) -> None:
    """Do all of it again and again, until cancelled; what fails is logged and tried again the next time."""
    sessions, clock, hub = app[SESSIONS], app[CLOCK], app[HUB]
    telling, events, (jobs, _) = Telling(sessions, clock), Events(sessions, clock), open_jobs(sessions, clock)
    guidance, radio = app[GUIDANCE], Radio(sessions, clock, open_limit=app[SETTINGS].radio_open)
    answers = ProgrammeAnswers(sessions, clock)

    async def answer_groups() -> None:
        await answers.spread()

    rounds: list[Callable[[], Awaitable[None]]] = [
        lambda: tell_of_events(events, telling, hub),
        lambda: tell_of_guidance(guidance, telling, hub),
        lambda: tell_of_jobs(jobs, telling, hub, clock),
        answer_groups,
        lambda: tell_of_radio(radio, telling, hub, clock),
    ]
    while True:
        for one in rounds:
            try:
                await one()
            except Exception:
                logger.exception("work in the background failed")
        await asyncio.sleep(PERIOD)
