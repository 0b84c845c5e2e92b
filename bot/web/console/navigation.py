"""The staff's pages as they are found: one table, from which everybody sees what they may open.

An entry appears once its route exists (by name), and only to those who have one of its permissions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web

from bot.people.rules import Permission, Staff

_P = Permission


@dataclass(frozen=True)
class Entry:
    """One place: what it is called, the name of its route, who may go there, and its key after `g`.

    `under`: what belongs to it besides the paths below its own.
    """

    label: str
    route: str
    permissions: tuple[Permission, ...]
    key: str = ""
    says: str = ""
    under: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """An entry as a page shows it."""

    label: str
    path: str
    key: str
    says: str
    here: bool


SETTINGS = (
    Entry("运行状况", "console.status", (_P.STATUS_READ,)),
    Entry("账号", "console.accounts", (_P.ACCOUNTS_MANAGE,)),
    Entry("操作记录", "console.audit", (_P.AUDIT_READ,)),
    Entry("没发出去的", "console.letters", (_P.OUTBOX_MANAGE,)),
    Entry("设置项", "console.options", (_P.SETTINGS_READ,)),
    Entry("页面样式", "console.patterns", (_P.SETTINGS_READ,)),
)
"""The tabs under 设置."""
_TABS = tuple(f"/console/{name}" for name in ("status", "accounts", "audit", "letters", "options", "patterns"))


TOP = (
    Entry("对话", "console.conversations", (_P.CONVERSATIONS_READ,), "c", "看人们问了什么、答得怎样"),
    Entry("接待", "console.reception", (_P.RECEPTION_TAKE,), "r", "有人等着，接过来聊"),
    Entry("知识", "console.knowledge", (_P.KNOWLEDGE_READ,), "k", "政策答案：改、核对、到期"),
    Entry("训练", "console.training", (_P.TRAINING_RUN,), "t", "把纠正过的话教给模型、比较、启用"),
    Entry("岗位", "console.jobs", (_P.JOBS_READ,), "j", "岗位、公司、批量导入"),
    Entry("活动", "console.events", (_P.EVENTS_READ, _P.EVENTS_CHECK_IN), "e", "招聘会、体验日、签到"),
    Entry("咨询", "console.guidance", (_P.GUIDANCE_READ, _P.GUIDANCE_OWN), "a", "指导老师、预约、日程"),
    Entry("数据", "console.figures", (_P.FIGURES_READ,), "d", "概览、图表、简报"),
    Entry("电台", "desk", (_P.RADIO_READ,), "b", "大家问什么、节目单、直播"),
    Entry(
        "设置",
        "console.settings",
        (_P.STATUS_READ, _P.SETTINGS_READ, _P.ACCOUNTS_MANAGE),
        "s",
        "运行状况、账号、操作记录",
        _TABS,
    ),
)
"""The top row, in order."""


def places(request: web.Request, entries: Sequence[Entry], staff: Staff) -> list[Place]:
    """The entries that somebody may go to, and which one they are at."""
    named = request.app.router.named_resources()
    open_ = [e for e in entries if e.route in named and any(staff.can(p) for p in e.permissions)]
    paths = {e.route: str(request.app.router[e.route].url_for()) for e in open_}
    at = _at(request.path, open_, paths)
    return [Place(e.label, paths[e.route], e.key, e.says, e.route == at) for e in open_]


def _at(here: str, entries: Sequence[Entry], paths: dict[str, str]) -> str | None:
    """The entry with the longest path that the page is at, or below."""
    ways = [(path, entry.route) for entry in entries for path in (paths[entry.route], *entry.under)]
    found = [(len(path), route) for path, route in ways if here == path or here.startswith(path + "/")]
    return max(found)[1] if found else None
