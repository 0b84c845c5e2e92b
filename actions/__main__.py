"""The action server: `python -m actions`. Listens on loopback only; the engine is its one caller."""

from __future__ import annotations

import logging
from functools import partial

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic

from actions.eligibility import ActionCheck
from actions.events import ActionEvents
from actions.guidance import ActionGuidance
from actions.jobs import ActionJobs
from actions.knowledge import (
    ActionAnswer,
    ActionAnswerNo,
    ActionAnswerService,
    ActionAnswerYes,
    ActionComfort,
    ActionSayAgain,
)
from actions.people import ActionHuman
from actions.privacy import ActionPrivacy
from actions.radio import ActionAskRadio
from actions.resuming import ActionResume
from bot.clock import clock_from
from bot.conversations.finding import person_of
from bot.eligibility.opening import open_check
from bot.events.service import Events
from bot.events.talk import EventTalk
from bot.guidance.service import Guidance
from bot.guidance.talk import GuidanceTalk
from bot.handover.service import Handovers
from bot.handover.talk import PersonTalk
from bot.jobs.opening import open_jobs
from bot.knowledge.service import Knowledge
from bot.privacy.opening import open_privacy
from bot.privacy.talk import PrivacyTalk
from bot.radio.answers.serving import Guests
from bot.radio.service import Radio
from bot.radio.talk import RadioTalk
from bot.settings import Settings, read_settings
from bot.store import Sessions, open_engine


def build(settings: Settings) -> Sanic:
    """The server with every action wired to its service."""
    database = open_engine(settings.database)
    sessions = Sessions(database)
    clock, person = clock_from(settings.now), partial(person_of, sessions)
    knowledge = Knowledge(sessions, clock, cache=settings.folder / "cache" / "phrasings.npz")
    check, check_talk = open_check(sessions, clock)
    _, job_talk = open_jobs(sessions, clock)
    event_talk = EventTalk(Events(sessions, clock), person, clock)
    guidance_talk = GuidanceTalk(Guidance.from_settings(settings, sessions, clock), person, clock)
    person_talk = PersonTalk(Handovers.from_settings(settings, sessions, clock), person, clock)
    privacy_talk = PrivacyTalk(open_privacy(settings, sessions, clock), person, clock)
    radio_talk = RadioTalk(Radio(sessions, clock, open_limit=settings.radio_open), clock)
    resumable = {  # by the slots that hold their states, innermost first
        "privacy": privacy_talk,
        "question": radio_talk,
        "message": person_talk,
        "check": check_talk,
        "booking": guidance_talk,
    }
    executor = ActionExecutor()
    for action in (
        ActionAnswer(knowledge, check, Guests(sessions, clock)),
        ActionAnswerNo(),
        ActionAnswerService(knowledge),
        ActionAnswerYes(knowledge),
        ActionAskRadio(radio_talk, knowledge),
        ActionCheck(check_talk),
        ActionComfort(knowledge),
        ActionEvents(event_talk, knowledge),
        ActionGuidance(guidance_talk, knowledge),
        ActionHuman(person_talk),
        ActionJobs(job_talk, knowledge),
        ActionPrivacy(privacy_talk),
        ActionResume(resumable),
        ActionSayAgain(knowledge),
    ):
        executor.register_action(action)
    app = create_app(executor)

    @app.before_server_start
    async def prepare(_app: Sanic) -> None:
        await knowledge.refresh()

    @app.after_server_stop
    async def close(_app: Sanic) -> None:
        await database.dispose()

    return app


def main() -> None:
    """Serve until told to stop."""
    settings = read_settings()
    logging.basicConfig(level=settings.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    build(settings).run(host="127.0.0.1", port=settings.actions_port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
