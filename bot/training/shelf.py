"""Models and what they learnt, as files: the border between the console, the start and the engine.

var/models/NAME.tar.gz          a model
var/training/NAME.json          what it was trained on: {"base": hash of the program's files, "learnt": digest}
var/training/learnt/DIGEST.json what it learnt besides (rules.TrainingSet)
var/training/live.json          {"model", "former"}: written by the start, and by the engine when it takes another one
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.training.rules import TrainingSet, model_name, spare

_END = ".tar.gz"


@dataclass(frozen=True)
class Live:
    """The engine's model, and the one before."""

    model: str
    former: str | None = None


class Shelf:
    """Models of one installation."""

    def __init__(self, folder: Path, models: Path) -> None:
        self._training, self._models = folder / "training", models

    @property
    def pointer(self) -> Path:
        """The file that says which model is live."""
        return self._training / "live.json"

    def path(self, model: str) -> Path:
        """Where a model stands, or would."""
        return self._models / f"{model}{_END}"

    def has(self, model: str) -> bool:
        """Whether a model is there."""
        return self.path(model).is_file()

    def live(self) -> Live | None:
        """The engine's model; None before the first start."""
        found = _read(self.pointer)
        return Live(found["model"], found.get("former")) if found else None

    def make_live(self, model: str) -> None:
        """Say which model the engine is started with."""
        live = self.live()
        if live is None or live.model != model:
            _write(self.pointer, {"model": model, "former": live.model if live else None})

    def base_of(self, model: str) -> str | None:
        """Hash of the files that a model was trained on; None where that is not known."""
        about = _read(self._about(model))
        return about["base"] if about else None

    def learnt_by(self, model: str) -> TrainingSet:
        """What a model learnt besides the files."""
        about = _read(self._about(model))
        if not about or not about["learnt"]:
            return TrainingSet()
        return TrainingSet.read(self.learnt_path(about["learnt"]).read_text(encoding="utf-8"))

    def learnt_path(self, digest: str) -> Path:
        """Where what was learnt besides the files stands."""
        return self._training / "learnt" / f"{digest}.json"

    def put(self, base: str, learnt: TrainingSet) -> str:
        """Put down what a model is to be trained on; its name."""
        model = model_name(base, learnt)
        if not learnt.empty:
            path = self.learnt_path(learnt.digest)
            path.parent.mkdir(parents=True, exist_ok=True)
            _replace(path, learnt.text())
        _write(self._about(model), {"base": base, "learnt": learnt.digest})
        return model

    def tidy(self) -> list[str]:
        """Delete models and what belonged to them, but for the live one, the former and the newest few; their names."""
        found = sorted(self._models.glob(f"*{_END}"), key=lambda path: -path.stat().st_mtime)
        live = self.live()
        gone = spare([_name(path) for path in found], [live.model, live.former] if live else [])
        for model in gone:
            self.path(model).unlink()
            self._about(model).unlink(missing_ok=True)
        abouts = [_read(path) for path in self._training.glob("*.json") if path != self.pointer]
        used = {about["learnt"] for about in abouts if about}
        for learnt in self._training.glob("learnt/*.json"):
            if learnt.stem not in used:
                learnt.unlink()
        return gone

    def _about(self, model: str) -> Path:
        return self._training / f"{model}.json"


def _name(path: Path) -> str:
    return path.name.removesuffix(_END)


def _read(path: Path) -> dict[str, Any] | None:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None


def _write(path: Path, what: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, json.dumps(what))


def _replace(path: Path, text: str) -> None:
    """The new text or the old one, never a part of it."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
