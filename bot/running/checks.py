"""What keeps a start from working, found before anything is started and said in one sentence with the mend."""

from __future__ import annotations

import errno
import shutil
import socket

from bot.running.training import ENGINE_PYTHON
from bot.settings import Settings

_NEEDED = 500 * 2**20  # bytes for a model, the database and the logs of a day


class CannotStart(Exception):
    """One plain sentence: what is wrong, and what mends it."""


def check(settings: Settings, *, gateway: bool = True) -> None:
    """Raise CannotStart for a missing engine environment, a full disk or a taken port."""
    if not ENGINE_PYTHON.exists():
        raise CannotStart("缺少对话引擎的 Python 3.10 环境（.venv-engine）：请用 make run 启动，它会先装好。")
    free = shutil.disk_usage(settings.folder).free
    if free < _NEEDED:
        raise CannotStart(
            f"磁盘空间不够：{settings.folder} 所在的磁盘只剩 {free // 2**20} MB，至少要 {_NEEDED // 2**20} MB；"
            "请清出空间，或把 DUIHUA_VAR 设成别的磁盘上的文件夹。"
        )
    ports = [("DUIHUA_ENGINE_PORT", "127.0.0.1", settings.engine_port)]
    ports += [("DUIHUA_ACTIONS_PORT", "127.0.0.1", settings.actions_port)]
    if gateway:
        ports += [("DUIHUA_PORT", settings.host, settings.port)]
    for name, host, port in ports:
        refusal = _refusal(host, port)
        if refusal == errno.EADDRNOTAVAIL:
            raise CannotStart(f"这台机器上没有 {host} 这个地址：请把 DUIHUA_HOST 设成本机的地址，或 0.0.0.0。")
        if refusal == errno.EACCES:
            raise CannotStart(f"端口 {port} 只有管理员能用：请把 {name} 设成 1024 或更大的端口。")
        if refusal:
            raise CannotStart(f"端口 {port}（{host}）被别的程序占用：请先停掉那个程序，或把 {name} 设成空闲的端口。")


def is_full(error: Exception) -> bool:
    """Whether a failure is that of a full disk."""
    return getattr(error, "errno", None) == errno.ENOSPC or "database or disk is full" in str(error)


def is_free(host: str, port: int) -> bool:
    """Whether nobody listens there, and we may."""
    return _refusal(host, port) == 0


def _refusal(host: str, port: int) -> int:
    """Why a port cannot be had, by its errno; 0 where it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.errno or errno.EADDRINUSE
    return 0
