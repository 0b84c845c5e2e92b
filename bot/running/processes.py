"""Child processes that are watched: one that dies is started again, with back-off; all stop together."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from bot.running.children import leashed
from bot.running.training import ENGINE_PYTHON, ONE_THREAD, engine_environment, shelf_of
from bot.settings import ROOT, Settings

logger = logging.getLogger(__name__)

FIRST_PAUSE, LAST_PAUSE = 0.5, 30.0  # seconds before a dead process is started again
STEADY = 60.0  # seconds after which a process counts as well and the back-off begins anew
STOP_WITHIN = 10.0  # seconds between asking to stop and killing
_LOG_LIMIT = 20 * 2**20  # bytes; a log that has grown past it begins anew at the next start, one old one is kept


@dataclass(frozen=True)
class Program:
    """How a process is started."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(repr=False)


def programs(settings: Settings) -> dict[str, Program]:
    """Engine with the model that is live whenever it starts, actions and gateway."""
    own = {**os.environ, "PYTHONUNBUFFERED": "1", **ONE_THREAD}
    engine = serving(settings.engine_port, settings.models, shelf_of(settings).pointer)
    return {
        "engine": Program("engine", engine, engine_environment(settings)),
        "actions": Program("actions", [sys.executable, "-m", "actions"], own),
        "gateway": Program("gateway", [sys.executable, "-m", "bot.web"], own),
    }


def serving(port: int, models: Path, live: Path) -> list[str]:
    """The command of an engine."""
    return [str(ENGINE_PYTHON), "-m", "bot.engine.serve", str(port), str(models), str(live)]


class Supervisor:
    """Runs programs until closed."""

    def __init__(self, logs: Path) -> None:
        self._logs = logs
        logs.mkdir(parents=True, exist_ok=True)
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._watchers: list[asyncio.Task[None]] = []
        self._closing = False
        self._closed = asyncio.Event()

    def start(self, program: Program) -> None:
        """Start a program and keep it running."""
        self._watchers.append(asyncio.create_task(self._keep(program)))

    def log_of(self, name: str) -> Path:
        """Where a program's output goes."""
        return self._logs / f"{name}.log"

    def pid_of(self, name: str) -> int | None:
        """The process id of a running program."""
        process = self._running.get(name)
        return process.pid if process else None

    async def close(self) -> None:
        """Stop everything: asked first, killed after ten seconds."""
        self._closing = True
        self._closed.set()
        for process in self._running.values():
            _signal(process, signal.SIGTERM)
        if self._watchers:
            _, late = await asyncio.wait(self._watchers, timeout=STOP_WITHIN)
            for process in self._running.values() if late else ():
                _signal(process, signal.SIGKILL)
            await asyncio.gather(*self._watchers, return_exceptions=True)

    async def _keep(self, program: Program) -> None:
        pause = FIRST_PAUSE
        while not self._closing:
            began = asyncio.get_running_loop().time()
            code = await self._run(program)
            if self._closing:
                return
            if asyncio.get_running_loop().time() - began > STEADY:
                pause = FIRST_PAUSE
            logger.error("%s ended (%s); starting it again in %.1f s; its log: %s",
                         program.name, _ending(code), pause, self.log_of(program.name))  # fmt: skip
            with suppress(TimeoutError):
                await asyncio.wait_for(self._closed.wait(), pause)
            pause = min(pause * 2, LAST_PAUSE)

    async def _run(self, program: Program) -> int:
        log = self.log_of(program.name)
        if log.exists() and log.stat().st_size > _LOG_LIMIT:
            log.replace(log.with_suffix(".old.log"))
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                *leashed(program.command), cwd=ROOT, env=program.environment, stdin=asyncio.subprocess.DEVNULL,
                stdout=output, stderr=asyncio.subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self._running[program.name] = process
        code = await process.wait()
        self._running.pop(program.name, None)
        return code


def _signal(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return  # already gone


def _ending(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
