"""The engine as a process: `python -m bot.engine.serve PORT MODELS LIVE`. Loopback only, one worker, no public API.

MODELS is the folder of models, LIVE the file that says which of them is live (bot.engine.models).

The same application that `rasa run` serves, without the command line around it, which takes seconds to load.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from pathlib import Path

import rasa.core.agent
import rasa.core.run
from rasa.core.channels.channel import InputChannel
from rasa.core.utils import AvailableEndpoints
from rasa.utils.log_utils import configure_structlog
from sanic import Sanic

from bot.engine.models import Models


def main(port: int, models: Models) -> None:
    """Load the live model, then listen until told to stop."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for name in ("rasa", "sanic.access"):  # below warnings they tell what people wrote
        logging.getLogger(name).setLevel(logging.WARNING)
    configure_structlog(logging.WARNING)
    channels: list[InputChannel] = rasa.core.run.create_http_input_channels(None, "credentials.yml")
    app = rasa.core.run.configure_app(channels, enable_api=False, port=port, use_syslog=False)
    endpoints = AvailableEndpoints.read_endpoints("endpoints.yml")

    async def load(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
        model = str(models.path(models.live()))
        app.ctx.agent = await rasa.core.agent.load_agent(model_path=model, endpoints=endpoints)
        if not app.ctx.agent.is_ready():
            raise RuntimeError(f"no model at {model}")

    app.ctx.models = models
    app.register_listener(load, "before_server_start")
    app.run(host="127.0.0.1", port=port, workers=1, access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), Models(Path(sys.argv[2]), Path(sys.argv[3])))
