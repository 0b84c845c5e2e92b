"""The menu under the chat: what there is to press, as WeChat takes it. No I/O."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.channels.base import Command

_MENU: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = (
    ("找工作", (("找岗位", "jobs"), ("约老师指导", "book"), ("我的预约", "my"))),
    ("问政策", (("我能领什么", "policy"), ("小同会什么", "help"))),
    ("我的", (("找人问问", "human"), ("记录和隐私", "privacy"))),
)
"""Each entry of the menu, with the entries below it and the commands that they stand for."""
_PAGE = "打开网页版"


def buttons(commands: Sequence[Command], address: str) -> list[dict[str, Any]]:
    """The menu; entries whose command means nothing are left out. `address`: ours, without a slash at the end."""
    known = {command.name for command in commands}
    found = []
    for name, entries in _MENU:
        below = [{"type": "click", "name": label, "key": key} for label, key in entries if key in known]
        if name == _MENU[-1][0]:
            below.append({"type": "view", "name": _PAGE, "url": f"{address}/chat"})
        if below:
            found.append({"name": name, "sub_button": below})
    return found
