"""The dialogue model: whether it fits the training data, and how a new one is made."""

from __future__ import annotations

import asyncio
import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from bot.running.children import gently, leashed
from bot.settings import ROOT, Settings
from bot.training.rules import TrainingSet, model_name
from bot.training.shelf import Shelf

ENGINE_PYTHON = ROOT / ".venv-engine" / "bin" / "python"
_TRAINED_ON = ("config.yml", "domain.yml", "data/nlu", "data/rules", "data/stories", "data/knowledge")
_TRAINED_WITH = (
    "bot/engine/importer.py", "bot/engine/understanding.py", "bot/text/classifier.py", "bot/text/encoder.py",
    "bot/text/normal.py", "requirements/engine.txt",
)  # fmt: skip
LEARNT = "DUIHUA_LEARNT"  # the variable in which the importer finds the file of what staff wrote
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


def topics_with_files() -> set[str]:
    """The topics that the model is trained on out of files."""
    return {path.stem for path in (ROOT / "data" / "knowledge").glob("*.yml")}


def shelf_of(settings: Settings) -> Shelf:
    """Where models are, and what each learnt."""
    return Shelf(settings.folder, settings.models)


def model_path(settings: Settings) -> Path:
    """Where the model to start with stands, or would stand: of the files as they are, and of what the live one learnt besides."""
    shelf = shelf_of(settings)
    return shelf.path(model_name(fingerprint(), _learnt_besides(shelf)))


def _learnt_besides(shelf: Shelf) -> TrainingSet:
    live = shelf.live()
    return shelf.learnt_by(live.model) if live else TrainingSet()


def make_live(settings: Settings) -> None:
    """Put down that the engine is started with the model to start with."""
    shelf = shelf_of(settings)
    shelf.make_live(shelf.put(fingerprint(), _learnt_besides(shelf)))


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


async def train(
    settings: Settings,
    model: str | None = None,
    *,
    gentle: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> Path:
    """Train a model that was put down on the shelf, or the one to start with; old ones go. `progress` hears each step's name.

    `gentle` beside an engine that people talk with. Raises TrainingFailed.
    """
    shelf = shelf_of(settings)
    command = [str(ENGINE_PYTHON), "-m", "rasa", "train", "--force", "--skip-validation"]
    command = leashed(gently(command) if gentle else command)
    model = model or shelf.put(fingerprint(), _learnt_besides(shelf))
    path, learnt = shelf.path(model), shelf.learnt_by(model)
    settings.models.mkdir(parents=True, exist_ok=True)
    process = await asyncio.create_subprocess_exec(
        *command, "--fixed-model-name", model, "--out", str(settings.models),
        "--config", "config.yml", "--domain", "domain.yml",
        "--data", "data/nlu", "data/rules", "data/stories",
        cwd=ROOT, env={**engine_environment(settings), LEARNT: "" if learnt.empty else str(shelf.learnt_path(learnt.digest))},
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, limit=2**20,
    )  # fmt: skip
    said: list[str] = []
    assert process.stdout is not None
    try:
        async for raw in process.stdout:
            line = raw.decode(errors="replace").rsplit("\r", 1)[-1].rstrip()
            said = [*said, line][-30:]
            if "Starting to train component" in line:
                progress(line.split("'")[1])
        code = await process.wait()
    finally:
        if process.returncode is None:
            process.terminate()
            await process.wait()
    if code != 0 or not path.exists():
        raise TrainingFailed("\n".join(said))
    shelf.tidy()
    return path
