"""Signing in, with a second step where the account has one, and signing out."""

from __future__ import annotations

from datetime import timedelta

from aiohttp import web

from bot.people import rules
from bot.people.rules import Permission
from bot.people.service import SignedIn
from bot.web.console import notices
from bot.web.console.access import (
    ACCOUNTS,
    AUDIT,
    PEOPLE,
    STAFF,
    address,
    audit,
    let_in,
    let_out,
    open_to_all,
    own_path,
    requires,
    token_of,
)  # fmt: skip
from bot.web.console.pages import form_of, page

notices.add({"signed-out": "已经退出登录。"})

WRONG = "名字或密码不对，或者账号已停用。"
WRONG_CODE = "验证码不对，或者已经用过了。等手机上换了新的再输一次。"


def wait_in_words(wait: timedelta) -> str:
    """How long somebody has to wait."""
    seconds = max(1, -(-int(wait.total_seconds() * 1000) // 1000))
    return f"{seconds} 秒" if seconds < 60 else f"{-(-seconds // 60)} 分钟"


def too_often(error: rules.MustWait) -> str:
    """What is told after too many wrong tries."""
    return f"输错太多次了，请等 {wait_in_words(error.wait)}再试。"


async def _known(request: web.Request) -> bool:
    if not (token := token_of(request)):
        return False
    found = await request.app[PEOPLE].session(token, address=address(request))
    return found is not None and not found[1]


@open_to_all
async def ask(request: web.Request) -> web.StreamResponse:
    """GET /console/login: name and password; whoever is signed in goes on."""
    wanted = own_path(request.query.get("next", ""))
    if await _known(request):
        raise web.HTTPSeeOther(wanted)
    return await _form(request, wanted)


async def _form(request: web.Request, wanted: str, *, status: int = 200, **more: object) -> web.Response:
    context = {"next": wanted, "name": "", "error": "", "code": False, **more}
    return await page(request, "console/login.html", context, status=status)


@open_to_all
async def sign_in(request: web.Request) -> web.StreamResponse:
    """POST /console/login."""
    form = await form_of(request)
    wanted, name = own_path(form.get("next", "")), form.get("name", "")
    old = token_of(request)
    try:
        done = await request.app[PEOPLE].sign_in(
            name,
            form.get("password", ""),
            address=address(request),
            device=rules.device_of(request.headers.get("User-Agent", "")),
        )
    except rules.MustWait as error:  # not logged each time: the tries that led to it are
        return await _form(request, wanted, name=name, error=too_often(error), status=429)
    except rules.WrongPassword:
        await _log_refused(request, name)
        return await _form(request, wanted, name=name, error=WRONG, status=422)
    if old:  # the session of before ends: what somebody else put into this browser is worth nothing
        await request.app[PEOPLE].sign_out(old)
    return await _go_on(request, done, wanted)


async def _log_refused(request: web.Request, name: str) -> None:
    """Put down whose account was tried; nothing of a name that nobody has: it may be a password."""
    try:
        target = (await request.app[ACCOUNTS].named(name)).name
    except rules.Unknown:
        target = ""
    await request.app[AUDIT].write("sign-in.refused", target, who="", address=address(request))


async def _go_on(request: web.Request, done: SignedIn, wanted: str) -> web.StreamResponse:
    if done.needs_code:
        place = request.app.router["console.login.code"].url_for().with_query({"next": wanted})
        response: web.StreamResponse = web.Response(status=303, headers={"Location": str(place)})
    else:
        response = web.Response(status=303, headers={"Location": wanted})
        await request.app[AUDIT].write(
            "sign-in", done.staff.name, who=done.staff.name, account_id=done.staff.id, address=address(request)
        )
    let_in(request, response, done.token)
    return response


@open_to_all
async def ask_code(request: web.Request) -> web.StreamResponse:
    """GET /console/login/code: the second step."""
    wanted = own_path(request.query.get("next", ""))
    found = await request.app[PEOPLE].session(token_of(request), address=address(request))
    if found is None or not found[1]:
        raise web.HTTPSeeOther(request.app.router["console.login"].url_for().with_query({"next": wanted}))
    return await _form(request, wanted, code=True)


@open_to_all
async def confirm(request: web.Request) -> web.StreamResponse:
    """POST /console/login/code."""
    form = await form_of(request)
    wanted = own_path(form.get("next", ""))
    try:
        done = await request.app[PEOPLE].confirm(token_of(request), form.get("code", ""), address=address(request))
    except rules.Unknown:
        return await _form(request, wanted, error="隔得太久了，请重新登录。", status=422)
    except rules.MustWait as error:
        return await _form(request, wanted, code=True, error=too_often(error), status=429)
    except rules.WrongPassword:
        await request.app[AUDIT].write("sign-in.refused", "code", who="", address=address(request))
        return await _form(request, wanted, code=True, error=WRONG_CODE, status=422)
    return await _go_on(request, done, wanted)


@requires(Permission.SIGNED_IN)
async def sign_out(request: web.Request) -> web.StreamResponse:
    """POST /console/logout."""
    await request.app[PEOPLE].sign_out(token_of(request))
    await audit(request, "sign-out", request[STAFF].name)
    place = request.app.router["console.login"].url_for().with_query({"notice": "signed-out"})
    # The presenter's page keeps the sheet that was open last for when the network drops: it goes with whoever read it.
    response = web.Response(status=303, headers={"Location": str(place), "Clear-Site-Data": '"storage"'})
    let_out(request, response)
    return response


ROUTES = (
    web.get("/console/login", ask, name="console.login"),
    web.post("/console/login", sign_in),
    web.get("/console/login/code", ask_code, name="console.login.code"),
    web.post("/console/login/code", confirm),
    web.post("/console/logout", sign_out, name="console.logout"),
)
