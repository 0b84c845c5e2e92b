"""The supervisor with small programs of ours: started again with back-off and a log line, all stopped together."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.running import processes
from bot.running.processes import Program, Supervisor

DIES = "import sys, time; print(time.monotonic(), flush=True); sys.exit(3)"
STAYS = "import os, time; print(os.getpid(), flush=True); time.sleep(600)"
STUBBORN = f"import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n{STAYS}"
PARENT = f"import subprocess, sys; subprocess.Popen([sys.executable, '-c', {STAYS!r}])\n{STAYS}"


def _program(name: str, code: str) -> Program:
    return Program(name, [sys.executable, "-c", code], dict(os.environ))


async def _until(true: Callable[[], object], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not true():  # noqa: ASYNC110 - what is waited for happens in other processes
            await asyncio.sleep(0.01)


def _lines(supervisor: Supervisor, name: str) -> list[str]:
    log = supervisor.log_of(name)
    return log.read_text().splitlines() if log.exists() else []


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


async def test_a_program_that_dies_is_started_again_each_time_after_a_longer_pause(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)

    supervisor.start(_program("dummy", DIES))
    await _until(lambda: len(_lines(supervisor, "dummy")) == 3)
    await supervisor.close()

    first, second, third = map(float, _lines(supervisor, "dummy"))
    assert second - first >= 0.5
    assert third - second >= 1.0


async def test_a_death_is_logged_with_how_when_it_starts_again_and_where_to_read_on(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    supervisor = Supervisor(tmp_path)

    with caplog.at_level(logging.ERROR, logger="bot.running.processes"):
        supervisor.start(_program("dummy", DIES))
        await _until(lambda: caplog.messages)
    await supervisor.close()

    assert caplog.messages[0] == (
        f"dummy ended (exit code 3); starting it again in 0.5 s; its log: {tmp_path / 'dummy.log'}"
    )


async def test_a_killed_program_is_named_with_its_signal_and_runs_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.start(_program("dummy", STAYS))
    await _until(lambda: _lines(supervisor, "dummy"))
    first = supervisor.pid_of("dummy")
    assert first

    with caplog.at_level(logging.ERROR, logger="bot.running.processes"):
        os.kill(first, signal.SIGKILL)
        await _until(lambda: len(_lines(supervisor, "dummy")) == 2)
    second = supervisor.pid_of("dummy")
    await supervisor.close()

    assert second not in (None, first)
    assert "signal SIGKILL" in caplog.text


async def test_the_pause_never_exceeds_its_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(processes, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(processes, "LAST_PAUSE", 0.2)
    supervisor = Supervisor(tmp_path)

    with caplog.at_level(logging.ERROR, logger="bot.running.processes"):
        supervisor.start(_program("dummy", DIES))
        await _until(lambda: len(caplog.messages) >= 4)
    await supervisor.close()

    assert [line.split(" again in ")[1][:5] for line in caplog.messages[:4]] == ["0.1 s", "0.2 s", "0.2 s", "0.2 s"]


async def test_a_program_that_ran_well_for_long_begins_with_the_short_pause_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(processes, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(processes, "STEADY", 0.0)
    supervisor = Supervisor(tmp_path)

    with caplog.at_level(logging.ERROR, logger="bot.running.processes"):
        supervisor.start(_program("dummy", DIES))
        await _until(lambda: len(caplog.messages) >= 3)
    await supervisor.close()

    assert all("again in 0.1 s" in line for line in caplog.messages[:2])


async def test_one_death_leaves_the_others_alone(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.start(_program("steady", STAYS))
    await _until(lambda: _lines(supervisor, "steady"))
    steady = supervisor.pid_of("steady")

    supervisor.start(_program("dummy", DIES))
    await _until(lambda: len(_lines(supervisor, "dummy")) == 2)
    still = supervisor.pid_of("steady")
    await supervisor.close()

    assert still == steady


async def test_closing_stops_all_and_what_they_started(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.start(_program("one", STAYS))
    supervisor.start(_program("two", PARENT))
    await _until(lambda: len(_lines(supervisor, "one")) == 1 and len(_lines(supervisor, "two")) == 2)
    pids = [int(line) for name in ("one", "two") for line in _lines(supervisor, name)]

    await supervisor.close()
    await _until(lambda: not any(map(_alive, pids)), 5)

    assert supervisor.pid_of("one") is None and supervisor.pid_of("two") is None


async def test_a_program_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_WITHIN", 0.3)
    supervisor = Supervisor(tmp_path)
    supervisor.start(_program("stubborn", STUBBORN))
    await _until(lambda: _lines(supervisor, "stubborn"))
    pid = supervisor.pid_of("stubborn")
    assert pid

    began = time.monotonic()
    await supervisor.close()

    assert time.monotonic() - began < 5
    assert not _alive(pid)


async def test_a_closed_supervisor_starts_nothing_again(tmp_path: Path) -> None:
    supervisor = Supervisor(tmp_path)
    supervisor.start(_program("dummy", DIES))
    await _until(lambda: _lines(supervisor, "dummy"))

    await supervisor.close()
    before = len(_lines(supervisor, "dummy"))
    await asyncio.sleep(1.2)

    assert len(_lines(supervisor, "dummy")) == before


async def test_closing_does_not_wait_for_a_program_that_waits_for_its_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "FIRST_PAUSE", 6.0)
    supervisor = Supervisor(tmp_path)
    supervisor.start(_program("dummy", DIES))
    await _until(lambda: _lines(supervisor, "dummy") and supervisor.pid_of("dummy") is None)

    began = time.monotonic()
    await supervisor.close()

    assert time.monotonic() - began < 2


async def test_a_log_that_has_grown_too_large_begins_anew_and_one_old_one_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_LOG_LIMIT", 100)
    (tmp_path / "dummy.log").write_text("x" * 101)
    supervisor = Supervisor(tmp_path)

    supervisor.start(_program("dummy", STAYS))
    await _until(lambda: _lines(supervisor, "dummy") and "x" not in _lines(supervisor, "dummy")[0])
    await supervisor.close()

    assert (tmp_path / "dummy.old.log").read_text() == "x" * 101


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="no setpriv on this machine (Linux, util-linux)")
def test_programs_end_when_the_supervisor_is_killed_without_a_word(tmp_path: Path) -> None:
    code = f"""
import asyncio, os, sys
from pathlib import Path
from bot.running.processes import Program, Supervisor
async def main():
    Supervisor(Path({str(tmp_path)!r})).start(Program("dummy", [sys.executable, "-c", {STAYS!r}], dict(os.environ)))
    await asyncio.sleep(600)
asyncio.run(main())
"""
    supervisor = subprocess.Popen([sys.executable, "-c", code])
    log = tmp_path / "dummy.log"
    deadline = time.monotonic() + 20
    while not (log.exists() and log.read_text().strip()) and time.monotonic() < deadline:
        time.sleep(0.05)
    pid = int(log.read_text())
    assert _alive(pid)

    supervisor.kill()
    supervisor.wait()
    deadline = time.monotonic() + 5
    while _alive(pid) and time.monotonic() < deadline:
        time.sleep(0.05)

    assert not _alive(pid)
