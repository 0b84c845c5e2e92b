"""How a child process is started so that it neither outlives its parent nor gets in anybody's way."""

from __future__ import annotations

import shutil


def leashed(command: list[str]) -> list[str]:
    """The command, ended by the kernel when its parent dies without a word; Linux only."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM", *command] if setpriv else command


def gently(command: list[str]) -> list[str]:
    """The command, letting everything else go first."""
    nice = shutil.which("nice")
    return [nice, "-n", "10", *command] if nice else command
