"""A model that is only tried: an engine and actions of their own, on other ports, gently, and nobody else's business."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import ClientError, ClientSession, ClientTimeout

from bot.running.children import gently, leashed
from bot.running.processes import serving
from bot.running.training import ONE_THREAD, engine_environment
from bot.settings import ROOT, Settings

_READY_WITHIN = 180.0  # seconds, on a machine that has other things to do
_STOP_WITHIN = 10.0


class TrialFailed(Exception):
    """A process that did not come up; its own last words."""


def apart(settings: Settings, folder: Path) -> Settings:
    """The settings of a trial in a folder of its own: other ports, another database, other secrets, no platform."""
    kept = ("now", "engine_timeout", "hold_after", "message_limit", "staff_hours", "log_level")
    values = {name: getattr(settings, name) for name in kept}
    unset = dict.fromkeys(
        ("database_url", "engine_token", "contact_key", "public_url", "telegram_token", "telegram_webhook_key",
         "wechat_token", "wechat_app_id", "wechat_aes_key", "wechat_secret")
    )  # fmt: skip
    no = {"telegram_webhook": False, "wechat_customer_service": False}
    return Settings(
        _env_file=None, var=folder, engine_port=_free_port(), actions_port=_free_port(), **values, **unset, **no
    )


@asynccontextmanager
async def acting(trial: Settings) -> AsyncIterator[None]:
    """Actions that look into the trial's database, until the block ends. Raises TrialFailed."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("DUIHUA_")}
    said = {"DUIHUA_VAR": str(trial.folder), "DUIHUA_ACTIONS_PORT": str(trial.actions_port), "DUIHUA_DATABASE_URL": ""}
    said |= {"DUIHUA_NOW": trial.now.isoformat()} if trial.now else {}
    ready = f"http://127.0.0.1:{trial.actions_port}/health"
    async with _up(
        [sys.executable, "-m", "actions"], {**own, **ONE_THREAD, **said}, trial.folder / "actions.log", ready
    ):
        yield


@asynccontextmanager
async def answering(trial: Settings, models: Path, model: str) -> AsyncIterator[None]:
    """An engine with a model of a folder, until the block ends. Raises TrialFailed."""
    live = trial.folder / "live.json"
    live.write_text(json.dumps({"model": model}), encoding="utf-8")
    command = serving(trial.engine_port, models, live)
    async with _up(command, engine_environment(trial), trial.folder / "engine.log", f"{trial.engine_url}/health"):
        yield


@asynccontextmanager
async def _up(command: list[str], environment: dict[str, str], log: Path, ready: str) -> AsyncIterator[None]:
    with log.open("wb") as output:
        process = await asyncio.create_subprocess_exec(
            *leashed(gently(command)), cwd=ROOT, env=environment,
            stdin=asyncio.subprocess.DEVNULL, stdout=output, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
    try:
        await _until_ready(ready, process, log)
        yield
    finally:
        await _stopped(process)


async def _until_ready(address: str, process: asyncio.subprocess.Process, log: Path) -> None:
    until = asyncio.get_running_loop().time() + _READY_WITHIN
    async with ClientSession(timeout=ClientTimeout(total=5)) as http:
        while process.returncode is None and asyncio.get_running_loop().time() < until:
            try:
                async with http.get(address) as response:
                    if response.status == 200:
                        return
            except (ClientError, TimeoutError, OSError):
                pass  # not listening yet
            await asyncio.sleep(0.3)
    raise TrialFailed(log.read_text(errors="replace")[-2000:])


async def _stopped(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), _STOP_WITHIN)
    except TimeoutError:
        process.kill()
        await process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
