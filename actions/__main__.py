"""The action server: `python -m actions`. Listens on loopback only; the engine is its one caller."""

from __future__ import annotations

import logging
from functools import partial

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic

from actions.events import ActionEvents
from actions.guidance import ActionGuidance
from actions.jobs import ActionJobs
from actions.knowledge import (
    ActionAnswer,
    ActionAnswerNo,
    ActionAnswerService,
    ActionAnswerYes,
    ActionComfort,
    ActionOfferBenefits,
    ActionSayAgain,
)
from actions.resuming import ActionResume
from bot.clock import clock_from
from bot.conversations.finding import person_of
from bot.events.service import Events
from bot.events.talk import EventTalk
from bot.guidance.service import Guidance
from bot.guidance.talk import GuidanceTalk
from bot.jobs.opening import open_jobs
from bot.knowledge.service import Knowledge
from bot.settings import Settings, read_settings
from bot.store import Sessions, open_engine


def build(settings: Settings) -> Sanic:
    """The server with every action wired to its service."""
    database = open_engine(settings.database)
    sessions = Sessions(database)
    knowledge = Knowledge(sessions, clock_from(settings.now), cache=settings.folder / "cache" / "phrasings.npz")
    clock = clock_from(settings.now)
    _, job_talk = open_jobs(sessions, clock)
    event_talk = EventTalk(Events(sessions, clock), partial(person_of, sessions), clock)
    guidance_talk = GuidanceTalk(Guidance.from_settings(settings, sessions, clock), partial(person_of, sessions), clock)
    executor = ActionExecutor()
    executor.register_action(ActionGuidance(guidance_talk, knowledge))
    executor.register_action(ActionResume({"booking": guidance_talk}))
    executor.register_action(ActionJobs(job_talk, knowledge))
    executor.register_action(ActionEvents(event_talk, knowledge))
    for action in (
        ActionAnswer,
        ActionAnswerService,
        ActionAnswerYes,
        ActionComfort,
        ActionOfferBenefits,
        ActionSayAgain,
    ):
        executor.register_action(action(knowledge))
    executor.register_action(ActionAnswerNo())
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
