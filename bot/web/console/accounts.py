"""What admins do with accounts: open one, change roles, reset a password, close, sign out everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.people import rules
from bot.people.accounts import AccountView
from bot.people.rules import Permission, Role
from bot.web.console import notices
from bot.web.console.access import ACCOUNTS, STAFF, audit, requires
from bot.web.console.pages import back_to, form_of, number_in, page
from bot.web.console.words import ROLE_SAYS, ROLES

notices.add({
    "account-roles": "角色改好了，这个账号在各处的登录都已退出。",
    "account-disabled": "账号已停用，各处的登录都已退出。",
    "account-enabled": "账号恢复了。",
    "account-signed-out": "这个账号在各处的登录都已退出。",
})  # fmt: skip
notices.add({
    "account-oneself": "不能停用自己，也不能去掉自己的管理员角色。",
    "account-last-admin": "这是最后一个管理员。先给别人管理员角色，再来改。",
}, bad=True)  # fmt: skip

_P = Permission.ACCOUNTS_MANAGE


@requires(_P)
async def accounts(request: web.Request) -> web.StreamResponse:
    """GET /console/accounts."""
    advisers = dict(await request.app[ACCOUNTS].advisers())
    context = {"accounts": await request.app[ACCOUNTS].all(), "advisers": advisers, "said": ROLES}
    return await page(request, "console/accounts.html", context)


@requires(_P)
async def ask_new(request: web.Request) -> web.StreamResponse:
    """GET /console/accounts/new."""
    return await _form(request, "console/account_new.html", name="", roles=(), adviser="", errors={})


@requires(_P)
async def add(request: web.Request) -> web.StreamResponse:
    """POST /console/accounts/new: shows the password that was made, this once."""
    form, roles = await form_of(request), await _roles(request)
    name, adviser = form.get("name", ""), form.get("adviser", "")
    try:
        account, made = await request.app[ACCOUNTS].add(
            name, roles, by=request[STAFF].name, adviser_id=number_in(adviser)
        )
    except rules.Refusal as error:
        return await _form(
            request, "console/account_new.html", 422, name=name, roles=roles, adviser=adviser, errors=_told(error)
        )
    await audit(request, "account.add", account.name, roles=sorted(roles), adviser=account.adviser_id)
    return await page(request, "console/account_made.html", {"account": account, "made": made, "reset": False})


@requires(_P)
async def account(request: web.Request) -> web.StreamResponse:
    """GET /console/accounts/NUMBER."""
    found = await _account(request)
    return await _one(request, found, found.roles, str(found.adviser_id or ""), {})


async def _one(
    request: web.Request, found: AccountView, roles: object, adviser: str, errors: Mapping[str, str], status: int = 200
) -> web.Response:
    sessions = await request.app[ACCOUNTS].sessions(found.id)
    return await _form(
        request, "console/account.html", status, account=found, roles=roles, adviser=adviser, errors=errors,
        sessions=sessions,
    )  # fmt: skip


@requires(_P)
async def set_roles(request: web.Request) -> web.StreamResponse:
    """POST /console/accounts/NUMBER/roles."""
    found, form, roles = await _account(request), await form_of(request), await _roles(request)
    adviser = form.get("adviser", "")
    try:
        await request.app[ACCOUNTS].set_roles(found.id, roles, by=request[STAFF].id, adviser_id=number_in(adviser))
    except (rules.OnOneself, rules.LastAdmin) as error:
        _not_this(request, found, error)
    except rules.Refusal as error:
        return await _one(request, found, roles, adviser, _told(error), 422)
    await audit(request, "account.roles", found.name, before=sorted(found.roles), after=sorted(roles))
    back_to(request, "console.account", notice="account-roles", number=found.id)


@requires(_P)
async def disable(request: web.Request) -> web.StreamResponse:
    """POST /console/accounts/NUMBER/disable."""
    found = await _account(request)
    try:
        await request.app[ACCOUNTS].disable(found.id, by=request[STAFF].id)
    except (rules.OnOneself, rules.LastAdmin) as error:
        _not_this(request, found, error)
    await audit(request, "account.disable", found.name)
    back_to(request, "console.account", notice="account-disabled", number=found.id)


@requires(_P)
async def enable(request: web.Request) -> web.StreamResponse:
    """POST /console/accounts/NUMBER/enable."""
    found = await _account(request)
    await request.app[ACCOUNTS].enable(found.id)
    await audit(request, "account.enable", found.name)
    back_to(request, "console.account", notice="account-enabled", number=found.id)


@requires(_P)
async def reset(request: web.Request) -> web.StreamResponse:
    """POST /console/accounts/NUMBER/reset: shows the password that was made, this once."""
    found, form = await _account(request), await form_of(request)
    totp = form.get("totp") == "on"
    made = await request.app[ACCOUNTS].reset_password(found.id, totp=totp)
    await audit(request, "account.reset", found.name, totp=totp)
    return await page(request, "console/account_made.html", {"account": found, "made": made, "reset": True})


@requires(_P)
async def sign_out(request: web.Request) -> web.StreamResponse:
    """POST /console/accounts/NUMBER/sign-out: everywhere."""
    found = await _account(request)
    ended = await request.app[ACCOUNTS].end_sessions(found.id)
    await audit(request, "session.end-all", found.name, ended=ended)
    back_to(request, "console.account", notice="account-signed-out", number=found.id)


async def _account(request: web.Request) -> AccountView:
    try:
        return await request.app[ACCOUNTS].one(int(request.match_info["number"]))
    except rules.Unknown as error:
        raise web.HTTPNotFound from error


async def _form(request: web.Request, template: str, status: int = 200, **context: Any) -> web.Response:
    advisers = [("", "不对应"), *((str(n), name) for n, name in await request.app[ACCOUNTS].advisers())]
    options = [(role, f"{ROLES[role]}：{ROLE_SAYS[role]}") for role in Role]
    shown = {"advisers": advisers, "options": options, "said": ROLES, **context}
    return await page(request, template, shown, status=status)


async def _roles(request: web.Request) -> frozenset[Role]:
    known = set(Role)
    return frozenset(Role(str(v)) for v in (await request.post()).getall("role", []) if v in known)


def _not_this(request: web.Request, found: AccountView, error: rules.Refusal) -> None:
    notice = "account-oneself" if isinstance(error, rules.OnOneself) else "account-last-admin"
    back_to(request, "console.account", notice=notice, number=found.id)


def _told(error: rules.Refusal) -> dict[str, str]:
    """What is told beside which field."""
    said = {
        rules.BadName: ("name", f"名字要 1 到 {rules.NAME_LIMIT} 个字，不带标点。"),
        rules.NameTaken: ("name", "这个名字已经有账号了，换一个，比如加上部门。"),
        rules.NoRole: ("role", "至少选一个角色。"),
        rules.AdviserUnknown: ("adviser", "没有这位指导老师。"),
        rules.AdviserTaken: ("adviser", "这位指导老师已经有账号了。"),
    }
    field, text = said[type(error)]
    return {field: text}


ROUTES = (
    web.get("/console/accounts", accounts, name="console.accounts"),
    web.get("/console/accounts/new", ask_new, name="console.accounts.new"),
    web.post("/console/accounts/new", add),
    web.get(r"/console/accounts/{number:\d{1,9}}", account, name="console.account"),
    web.post(r"/console/accounts/{number:\d{1,9}}/roles", set_roles),
    web.post(r"/console/accounts/{number:\d{1,9}}/disable", disable),
    web.post(r"/console/accounts/{number:\d{1,9}}/enable", enable),
    web.post(r"/console/accounts/{number:\d{1,9}}/reset", reset),
    web.post(r"/console/accounts/{number:\d{1,9}}/sign-out", sign_out),
)
