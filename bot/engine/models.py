"""Which model the engine answers with, and how it takes another one while it goes on answering.

The new model is loaded in a thread beside the old one and tried on a sentence; then turns that begin are read by the new
one. A turn under way ends with the one it began with. State of dialogues, locks and the connection to the actions stay.
Which model that is stands in a file, so that an engine that is started anew has the same.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import time
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor

from bot.engine.surroundings import AT
from bot.engine.understanding import OPEN_TOPIC

_NAME = re.compile(r"[0-9A-Za-z_-]{1,60}")
_TRIED_ON = "毕业后档案放哪里"
_TRIED_IN = {OPEN_TOPIC: False, AT: "2026-01-05T09:00:00+08:00"}


class CannotLoad(Exception):
    """A model that is not there, or is none; says why."""


class Models:
    """The models of a folder, and the file that says which one is live: {"model", "former"}."""

    def __init__(self, folder: Path, pointer: Path) -> None:
        self._folder, self._pointer = folder, pointer
        self._loading = asyncio.Lock()

    def live(self) -> str:
        """The name of the live model."""
        return json.loads(self._pointer.read_text(encoding="utf-8"))["model"]

    def path(self, model: str) -> Path:
        """Where a model stands. Raises CannotLoad where there is none of that name."""
        path = self._folder / f"{model}.tar.gz"
        if not _NAME.fullmatch(model) or not path.is_file():
            raise CannotLoad("no such model")
        return path

    async def give(self, agent: Agent, model: str) -> float:
        """Have the agent answer with another model; milliseconds. Raises CannotLoad: then it keeps the one it has."""
        async with self._loading:
            began = time.perf_counter()
            path = self.path(model)
            try:
                processor = await asyncio.get_running_loop().run_in_executor(None, _loaded, agent, path)
                tried = await processor.parse_message(UserMessage(_TRIED_ON, metadata=_TRIED_IN))
            except Exception as error:  # whatever is wrong with a model must not keep the engine from answering
                raise CannotLoad(f"{type(error).__name__}: {error}") from error
            if not (tried.get("intent") or {}).get("name"):
                raise CannotLoad("it understands nothing")
            agent.processor = processor
            agent.domain = agent.tracker_store.domain = processor.domain
            agent.nlg.responses = processor.domain.responses
            self._put_down(model)
            return (time.perf_counter() - began) * 1000

    def _put_down(self, model: str) -> None:
        former = self.live()
        if former == model:
            return
        fresh = self._pointer.with_name(f".{self._pointer.name}.{os.getpid()}")
        fresh.write_text(json.dumps({"model": model, "former": former}), encoding="utf-8")
        fresh.replace(self._pointer)


def _loaded(agent: Agent, path: Path) -> MessageProcessor:
    """A model with everything else as the agent has it."""
    return MessageProcessor(
        model_path=str(path),
        tracker_store=agent.tracker_store,
        lock_store=agent.lock_store,
        generator=agent.nlg,
        action_endpoint=agent.action_endpoint,
    )
