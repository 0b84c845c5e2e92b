"""The dialogue model: whether it fits the training data, and how a new one is made."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from bot.settings import ROOT, Settings

ENGINE_PYTHON = ROOT / ".venv-engine" / "bin" / "python"
_TRAINED_ON = ("config.yml", "domain.yml", "data/nlu", "data/rules", "data/stories", "data/knowledge")
_TRAINED_WITH = (
    "bot/engine/importer.py", "bot/engine/understanding.py", "bot/text/classifier.py", "bot/text/encoder.py",
    "bot/text/normal.py", "requirements/engine.txt",
)  # fmt: skip
_KEPT = 3  # models
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""A question is too small a job to share among cores: threads that wait for one another cost more than they do."""


class TrainingFailed(Exception):
    """The engine refused the training data; the text is its own last words."""


def fingerprint() -> str:
    """What the model depends on, as a hash: the training data, and the code and packages that read it."""
    digest = hashlib.sha256()
    for name in (*_TRAINED_ON, *_TRAINED_WITH):
        path = ROOT / name
        files = [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.suffix in (".yml", ".py"))
        for file in files:
            digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:20]


def model_path(settings: Settings) -> Path:
    """Where the model for the training data as it is now stands, or would stand."""
    return settings.models / f"{fingerprint()}.tar.gz"


def engine_environment(settings: Settings) -> dict[str, str]:
    """The environment the engine runs in; its secrets come this way only."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "ignore",
        "PYTHONUNBUFFERED": "1",
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        **ONE_THREAD,
        "DUIHUA_ACTIONS_PORT": str(settings.actions_port),
        "DUIHUA_DIALOGUE_DB": str(settings.folder / "dialogue.db"),
        "DUIHUA_ENGINE_TOKEN": settings.engine_secret,
    }


async def train(settings: Settings, *, progress: Callable[[str], None] = lambda step: None) -> Path:
    """Train a model for the data as it is now and keep the last three. `progress` hears each step's name.

    Raises TrainingFailed.
    """
    path = model_path(settings)
    settings.models.mkdir(parents=True, exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        str(ENGINE_PYTHON), "-m", "rasa", "train", "--force", "--skip-validation",
        "--fixed-model-name", path.name.removesuffix(".tar.gz"), "--out", str(settings.models),
        "--config", "config.yml", "--domain", "domain.yml",
        "--data", "data/nlu", "data/rules", "data/stories",
        cwd=ROOT, env=engine_environment(settings), stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, limit=2**20,
    )  # fmt: skip
    said: list[str] = []
    assert process.stdout is not None
    async for raw in process.stdout:
        line = raw.decode(errors="replace").rsplit("\r", 1)[-1].rstrip()
        said = [*said, line][-30:]
        if "Starting to train component" in line:
            progress(line.split("'")[1])
    if await process.wait() != 0 or not path.exists():
        raise TrainingFailed("\n".join(said))
    models = sorted(settings.models.glob("*.tar.gz"), key=lambda p: p.stat().st_mtime)
    for old in models[:-_KEPT]:
        old.unlink()
    return path
