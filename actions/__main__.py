"""The action server: `python -m actions`. Listens on loopback only; the engine is its one caller."""

from __future__ import annotations

import logging

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import Sanic

from actions.knowledge import (
    ActionAnswer,
    ActionAnswerNo,
    ActionAnswerService,
    ActionAnswerYes,
    ActionComfort,
    ActionOfferBenefits,
    ActionSayAgain,
)
from bot.clock import clock_from
from bot.knowledge.service import Knowledge
from bot.settings import Settings, read_settings
from bot.store import Sessions, open_engine


def build(settings: Settings) -> Sanic:
    """The server with every action wired to its service."""
    database = open_engine(settings.database)
    knowledge = Knowledge(
        Sessions(database), clock_from(settings.now), cache=settings.folder / "cache" / "phrasings.npz"
    )
    executor = ActionExecutor()
    for action in (ActionAnswer, ActionAnswerService, ActionAnswerYes, ActionOfferBenefits, ActionSayAgain):
        executor.register_action(action(knowledge))
    for action in (ActionAnswerNo, ActionComfort):
        executor.register_action(action())
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
