"""The settings as they are now: what they are called, what they hold, which differ from the usual. Secrets stay hidden."""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web
from pydantic import SecretStr

from bot.people.rules import Permission
from bot.settings import Settings
from bot.web.console.access import STAFF, requires
from bot.web.console.navigation import SETTINGS as TABS
from bot.web.console.navigation import places
from bot.web.console.pages import page
from bot.web.console.setting_words import WORDS
from bot.web.keys import SETTINGS

GROUPS = (
    ("网址和端口", ("host", "port", "public_url", "behind_proxy", "embed_origins", "engine_port", "actions_port")),
    ("数据和密钥", ("var", "database_url", "engine_token", "contact_key", "retention_days", "contact_days")),
    ("对话", ("hold_after", "engine_timeout", "message_limit", "rate_person", "rate_address")),
    ("工作人员", ("staff_",)),
    ("一对一指导", ("guidance_",)),
    ("电台", ("radio_",)),
    ("Telegram", ("telegram_",)),
    ("微信", ("wechat_",)),
)
_REST = "其他"


def shown(settings: Settings, name: str) -> str:
    """A setting's value as it may be seen."""
    value = getattr(settings, name)
    if isinstance(value, SecretStr):
        return "已设，不显示"
    if value is None or value == ():
        return "没设"
    if isinstance(value, bool):
        return "是" if value else "否"
    if name == "database_url":
        return f"{urlsplit(value).scheme}（地址不显示）"
    return "、".join(map(str, value)) if isinstance(value, tuple) else str(value)


def grouped(settings: Settings) -> list[tuple[str, list[dict[str, object]]]]:
    """Every setting in its group: variable, value, and whether it was set to something else than usual."""
    groups: dict[str, list[dict[str, object]]] = {title: [] for title, _ in GROUPS} | {_REST: []}
    for name, field in type(settings).model_fields.items():
        title = next((t for t, names in GROUPS if name in names or name.startswith(_prefixes(names))), _REST)
        differs = getattr(settings, name) != field.default
        row = {"name": f"DUIHUA_{name.upper()}", "is": WORDS.get(name, ""), "value": shown(settings, name)}
        groups[title].append({**row, "differs": differs})
    return [(title, rows) for title, rows in groups.items() if rows]


def _prefixes(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if name.endswith("_"))


@requires(Permission.SETTINGS_READ)
async def options(request: web.Request) -> web.StreamResponse:
    """GET /console/options."""
    return await page(request, "console/options.html", {"groups": grouped(request.app[SETTINGS])})


@requires(Permission.SIGNED_IN)
async def first(request: web.Request) -> web.StreamResponse:
    """GET /console/settings: the first of the tabs that one may open."""
    open_ = places(request, TABS, request[STAFF])
    if not open_:
        raise web.HTTPForbidden
    raise web.HTTPSeeOther(open_[0].path)


ROUTES = (
    web.get("/console/settings", first, name="console.settings"),
    web.get("/console/options", options, name="console.options"),
)
