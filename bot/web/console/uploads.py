"""Spreadsheets brought in on a page: sent up, tried out, looked at, and only then written.

Between the steps a file lies in a directory of its own under var/, named by chance and by whose it is. It is removed
once it was brought in or given up, and after a day in any case. Reading goes on by itself; the page asks how far it is.
"""

from __future__ import annotations

import asyncio
import logging
import re
import secrets
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from bot.people.rules import Staff
from bot.sheets.reports import Report, write_notes, write_report
from bot.sheets.rows import SheetError
from bot.tasks import let_go
from bot.web.keys import SETTINGS

logger = logging.getLogger(__name__)

MAX_UPLOAD = 20_000_000
_KEPT_FOR = 24 * 3600  # seconds
_TOKEN = re.compile(r"[0-9a-f]{32}")
_NAME = re.compile(r"[^\w.\-（）()《》【】、 ]+")
_OUT = "refused.xlsx"
_NOTES = "notes.xlsx"

Progress = Callable[[int, int | None], None]
Reads = Callable[[Path, Progress], Awaitable[Report]]


@dataclass
class Work:
    """A file that is being tried out (`write` False) or brought in, and what came of it."""

    write: bool
    done: int = 0
    total: int | None = None
    report: Report | None = None
    error: str = ""
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    @property
    def running(self) -> bool:
        """Whether it is not finished."""
        return self.report is None and not self.error

    @property
    def percent(self) -> int | None:
        """How far it is; None where the length is not known."""
        return min(99, 100 * self.done // self.total) if self.total else None

    def progress(self, done: int, total: int | None) -> None:
        """Be told how far it is."""
        self.done, self.total = done, total


class Uploads:
    """The files that are being brought in, each by a name nobody can guess."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._work: dict[str, Work] = {}

    def place(self, kind: str, staff: Staff, token: str) -> Path | None:
        """The directory of somebody's file; None where there is none of theirs."""
        if not _TOKEN.fullmatch(token):
            return None
        place = self._root / f"{kind}-{staff.id}-{token}"
        return place if place.is_dir() else None

    def file(self, place: Path) -> Path | None:
        """The file that was sent up; None once it is removed."""
        return next((one for one in place.iterdir() if one.name not in (_OUT, _NOTES)), None)

    async def keep(self, kind: str, staff: Staff, sent: web.FileField) -> str:
        """Keep what was sent up; the name it is found by."""
        token = secrets.token_hex(16)
        place = self._root / f"{kind}-{staff.id}-{token}"

        def write() -> None:
            self.sweep()
            place.mkdir(parents=True, mode=0o700)
            with (place / _safe(sent.filename)).open("wb") as file:
                shutil.copyfileobj(sent.file, file)

        await asyncio.to_thread(write)
        return token

    def work(self, token: str) -> Work | None:
        """What is being done with a file, or was."""
        return self._work.get(token)

    def start(self, token: str, place: Path, read: Reads, *, write: bool) -> Work:
        """Begin to try a file out or to bring it in."""
        work = self._work[token] = Work(write)
        work.task = asyncio.create_task(self._run(work, place, read))
        return work

    async def _run(self, work: Work, place: Path, read: Reads) -> None:
        path = self.file(place)
        if path is None:
            work.error = "这份文件已经处理过了，请重新上传。"
            return
        try:
            report = await read(path, work.progress)
            await asyncio.to_thread(_write_out, report, place)
        except SheetError as error:
            work.error = str(error)
        except Exception:
            work.error = "读这份文件时出了毛病，什么都没写进去。请再试一次；还不行就告诉管理员。"
            logger.exception("a spreadsheet could not be read")
        else:
            work.report = report
            if work.write:
                path.unlink(missing_ok=True)

    def give_up(self, token: str, place: Path) -> None:
        """Remove a file and all that was made of it."""
        self._work.pop(token, None)
        shutil.rmtree(place, ignore_errors=True)

    def sweep(self) -> None:
        """Remove what has lain for a day."""
        if not self._root.is_dir():
            return
        for place in self._root.iterdir():
            if time.time() - place.stat().st_mtime > _KEPT_FOR:
                self.give_up(place.name.rsplit("-", 1)[-1], place)

    async def close(self) -> None:
        """Stop what is being read."""
        tasks = [work.task for work in self._work.values() if work.task is not None]
        await let_go(*tasks)


UPLOADS = web.AppKey("uploads", Uploads)


def set_up(app: web.Application) -> None:
    """Let the application take files."""
    app[UPLOADS] = Uploads(app[SETTINGS].var / "uploads")

    async def close(app: web.Application) -> None:
        await app[UPLOADS].close()

    app.on_shutdown.append(close)


def refused_of(place: Path) -> Path:
    """The rows of a file that are not taken, as a spreadsheet."""
    return place / _OUT


def notes_of(place: Path) -> Path:
    """Everything else that was found in a file, as a spreadsheet."""
    return place / _NOTES


def _write_out(report: Report, place: Path) -> None:
    if report.refused:
        write_report(report, place / _OUT)
    write_notes(report, place / _NOTES)


def _safe(name: str) -> str:
    """A file's name without what could lead elsewhere."""
    bare = _NAME.sub("", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(". ")[-80:]
    return bare if bare and bare not in (_OUT, _NOTES) else f"文件-{bare}" if bare else "文件"
