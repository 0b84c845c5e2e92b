"""What keeps a start from working is said in one sentence with the mend; and when a model fits its training data."""

from __future__ import annotations

import errno
import os
import re
import shutil
import socket
import subprocess
from collections import namedtuple
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import web

from bot.running import checks, training
from bot.running.checks import CannotStart, check, is_free, is_full
from bot.running.stack import running
from bot.settings import ROOT, Settings
from tests.conftest import stack_settings

DUIHUA = ROOT / ".venv" / "bin" / "duihua"
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return stack_settings(tmp_path)


@contextmanager
def _taken(port: int) -> Iterator[None]:
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        yield


def _is_one_sentence(text: str) -> bool:
    return "\n" not in text and len(re.findall(r"[.。](?:\s|$)", text)) == 1 and text[-1] in ".。"


# -- what is in the way ----------------------------------------------------------------------------------------------


def test_with_nothing_in_the_way_a_start_is_allowed(settings: Settings) -> None:
    check(settings)

    assert is_free("127.0.0.1", settings.port)


@pytest.mark.parametrize(
    ("name", "variable"),
    [("engine_port", "DUIHUA_ENGINE_PORT"), ("actions_port", "DUIHUA_ACTIONS_PORT"), ("port", "DUIHUA_PORT")],
)
def test_a_taken_port_is_named_with_the_setting_that_moves_it(settings: Settings, name: str, variable: str) -> None:
    port = getattr(settings, name)

    with _taken(port), pytest.raises(CannotStart) as refused:
        check(settings)

    assert str(port) in str(refused.value) and re.search(rf"\b{variable}\b", str(refused.value))
    assert _is_one_sentence(str(refused.value))


def test_the_public_port_does_not_matter_to_a_start_without_gateway(settings: Settings) -> None:
    with _taken(settings.port):
        check(settings, gateway=False)
        with pytest.raises(CannotStart):
            check(settings)


def test_an_address_of_another_machine_is_not_called_a_taken_port(tmp_path: Path) -> None:
    with pytest.raises(CannotStart) as refused:
        check(stack_settings(tmp_path, host="192.0.2.1"))

    assert "192.0.2.1" in str(refused.value) and "DUIHUA_HOST" in str(refused.value)
    assert _is_one_sentence(str(refused.value))


def test_a_disk_that_fills_up_is_known_by_its_error() -> None:
    assert is_full(OSError(errno.ENOSPC, "No space left on device"))
    assert not is_full(OSError(errno.ENOENT, "No such file or directory"))


def test_a_full_disk_is_said_with_how_much_is_missing_where_and_the_mend(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Usage(10 * 2**30, 10 * 2**30 - 12 * 2**20, 12 * 2**20))

    with pytest.raises(CannotStart) as refused:
        check(settings)

    said = str(refused.value)
    assert "12 MB" in said and "500 MB" in said and str(settings.folder) in said and "DUIHUA_VAR" in said
    assert _is_one_sentence(said)


def test_a_missing_engine_environment_is_said_with_the_command_that_makes_it(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(checks, "ENGINE_PYTHON", tmp_path / "missing" / "python")

    with pytest.raises(CannotStart) as refused:
        check(settings)

    assert ".venv-engine" in str(refused.value) and "make run" in str(refused.value)
    assert str(refused.value).count(":") <= 1 and "\n" not in str(refused.value)


async def test_a_start_that_cannot_be_starts_nothing(settings: Settings) -> None:
    with _taken(settings.engine_port), pytest.raises(CannotStart):
        async with running(settings, print, gateway=True):
            pytest.fail("it started")

    assert not (settings.folder / "duihua.db").exists()
    assert not (settings.folder / "logs").exists()


async def test_a_second_start_is_told_where_the_first_one_answers(settings: Settings) -> None:
    async def healthy(request: web.Request) -> web.Response:
        return web.json_response({"status": "ok"})

    app = web.Application()
    app.router.add_get("/{name:.*}health", healthy)
    runner = web.AppRunner(app)
    await runner.setup()
    try:
        for port in (settings.engine_port, settings.port):
            await web.TCPSite(runner, "127.0.0.1", port).start()

        with pytest.raises(CannotStart) as refused:
            async with running(settings, print, gateway=True):
                pytest.fail("it started")
    finally:
        await runner.cleanup()

    said = str(refused.value)
    assert f"{settings.address}/chat" in said and "已经在运行" in said and "Ctrl-C" in said
    assert _is_one_sentence(said)


def test_the_command_says_it_in_one_line_without_a_traceback(settings: Settings) -> None:
    names = ("var", "port", "engine_port", "actions_port")
    environment = {**os.environ, **{f"DUIHUA_{n.upper()}": str(getattr(settings, n)) for n in names}, "COLUMNS": "400"}

    with _taken(settings.port):
        done = subprocess.run([DUIHUA, "run"], env=environment, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 1
    assert str(settings.port) in done.stderr and "DUIHUA_PORT" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1 and "Traceback" not in done.stdout + done.stderr


def test_a_setting_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    environment = {**os.environ, "DUIHUA_VAR": str(tmp_path), "DUIHUA_PORT": "eighty", "COLUMNS": "400"}

    done = subprocess.run([DUIHUA, "run"], env=environment, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 1
    assert "DUIHUA_PORT" in done.stderr and "Traceback" not in done.stderr


def test_a_folder_that_cannot_be_made_is_said_with_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    environment = {**os.environ, "DUIHUA_VAR": str(tmp_path / "file" / "var"), "COLUMNS": "400"}

    done = subprocess.run([DUIHUA, "run"], env=environment, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 1
    assert "DUIHUA_VAR" in done.stderr and len(done.stderr.strip().splitlines()) == 1


def test_a_database_that_is_away_is_said_with_the_setting(tmp_path: Path) -> None:
    away = "postgresql+asyncpg://duihua@127.0.0.1:1/duihua"
    environment = {**os.environ, "DUIHUA_VAR": str(tmp_path), "DUIHUA_DATABASE_URL": away, "COLUMNS": "400"}

    done = subprocess.run(
        [DUIHUA, "db", "upgrade"], env=environment, capture_output=True, text=True, timeout=60, check=False
    )

    assert done.returncode == 1
    assert "DUIHUA_DATABASE_URL" in done.stderr and "Traceback" not in done.stderr


# -- the model and its training data ---------------------------------------------------------------------------------

FILES = (
    "config.yml",
    "domain.yml",
    "data/nlu/jobs.yml",
    "data/rules/care.yml",
    "data/stories/knowledge.yml",
    "data/knowledge/probation.yml",
    "bot/engine/understanding.py",
    "bot/text/classifier.py",
    "requirements/engine.txt",
)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of some of the files that a model depends on, in place of the project."""
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    monkeypatch.setattr(training, "ROOT", tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", FILES)
def test_one_byte_more_in_a_training_file_asks_for_a_new_model(tree: Path, name: str) -> None:
    before = training.fingerprint()

    with (tree / name).open("ab") as file:
        file.write(b"\n")

    assert training.fingerprint() != before


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_only_touched_does_not(tree: Path, name: str) -> None:
    before = training.fingerprint()

    os.utime(tree / name, (1, 1))

    assert training.fingerprint() == before


@pytest.mark.parametrize(
    "change",
    [
        lambda tree: (tree / "data/nlu/new.yml").write_text("nlu: []\n"),
        lambda tree: (tree / "data/nlu/jobs.yml").unlink(),
        lambda tree: (tree / "data/nlu/jobs.yml").rename(tree / "data/nlu/work.yml"),
    ],
    ids=["a new file", "a file less", "another name"],
)
def test_which_files_there_are_counts_too(tree: Path, change: Callable[[Path], object]) -> None:
    before = training.fingerprint()

    change(tree)

    assert training.fingerprint() != before


def test_what_a_model_does_not_depend_on_does_not_count(tree: Path) -> None:
    before = training.fingerprint()

    (tree / "README.md").write_text("new")
    (tree / "bot" / "engine" / "__pycache__").mkdir()
    (tree / "bot" / "engine" / "__pycache__" / "understanding.cpython-310.pyc").write_bytes(b"x")

    assert training.fingerprint() == before


def test_a_model_is_named_after_what_it_was_trained_on(settings: Settings, tree: Path) -> None:
    assert training.model_path(settings).name == f"{training.fingerprint()}.tar.gz"
