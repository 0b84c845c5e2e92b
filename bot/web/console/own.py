"""One's own account: password, second step, and where one is signed in."""

from __future__ import annotations

import segno
from aiohttp import web

from bot.people import rules
from bot.people.rules import Permission
from bot.web.console import notices
from bot.web.console.access import PEOPLE, STAFF, address, audit, let_in, let_out, requires
from bot.web.console.login import WRONG_CODE, too_often
from bot.web.console.pages import back_to, form_of, page
from bot.web.console.words import ROLES

notices.add({
    "password-changed": "密码改好了，别处的登录都已退出。",
    "session-ended": "那一处已经退出登录。",
    "others-ended": "别处的登录都已退出。",
    "totp-ended": "两步验证关掉了。",
})  # fmt: skip
notices.add({"session-gone": "那一处已经不在了。"}, bad=True)

UNFIT = {
    "short": f"至少 {rules.PASSWORD_LEAST} 个字符。",
    "long": f"最多 {rules.PASSWORD_MOST} 个字符。",
    "name": "密码里别带自己的名字。",
    "simple": "太好猜了。换几个不相干的词连起来，又好记又安全。",
    "same": "和旧密码一样，换一个。",
}


@requires(Permission.SIGNED_IN)
async def me(request: web.Request) -> web.StreamResponse:
    """GET /console/me."""
    return await _me(request)


async def _me(request: web.Request, totp_error: str = "", status: int = 200) -> web.Response:
    staff, people = request[STAFF], request.app[PEOPLE]
    context = {
        "roles": [ROLES[role] for role in rules.Role if role in staff.roles],
        "sessions": await people.sessions(staff.id),
        "codes_left": await people.codes_left(staff) if staff.has_totp else 0,
        "totp_error": totp_error,
    }
    return await page(request, "console/me.html", context, status=status)


@requires(Permission.SIGNED_IN)
async def ask_password(request: web.Request) -> web.StreamResponse:
    """GET /console/me/password."""
    return await page(request, "console/password.html", {"errors": {}})


@requires(Permission.SIGNED_IN)
async def change_password(request: web.Request) -> web.StreamResponse:
    """POST /console/me/password: the old one ends everywhere, a new session begins here."""
    form, errors = await form_of(request), {}
    if form.get("new") != form.get("again"):
        errors["again"] = "两次输的不一样。"
    else:
        try:
            done = await request.app[PEOPLE].change_password(
                request[STAFF],
                form.get("old", ""),
                form.get("new", ""),
                address=address(request),
                device=rules.device_of(request.headers.get("User-Agent", "")),
            )
        except rules.MustWait as error:
            errors["old"] = too_often(error)
        except rules.WrongPassword:
            errors["old"] = "现在的密码不对。"
        except rules.UnfitPassword as error:
            errors["new"] = UNFIT[error.why]
    if errors:
        return await page(request, "console/password.html", {"errors": errors}, status=422)
    await audit(request, "account.password", request[STAFF].name)
    response = web.Response(status=303, headers={"Location": "/console/me?notice=password-changed"})
    let_in(request, response, done.token)
    return response


@requires(Permission.SIGNED_IN)
async def ask_totp(request: web.Request) -> web.StreamResponse:
    """GET /console/me/totp: the picture to scan, and a field for the first code."""
    return await _totp_form(request)


async def _totp_form(request: web.Request, error: str = "", status: int = 200) -> web.Response:
    try:
        uri = await request.app[PEOPLE].begin_totp(request[STAFF])
    except rules.Unknown:
        back_to(request, "console.me")
    picture = segno.make(uri, error="m").svg_data_uri(scale=5, border=2, dark="#000", light="#fff")
    secret = uri.partition("secret=")[2].partition("&")[0]
    groups = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    context = {"picture": picture, "secret": groups, "error": error, "codes": ()}
    return await page(request, "console/totp.html", context, status=status)


@requires(Permission.SIGNED_IN)
async def confirm_totp(request: web.Request) -> web.StreamResponse:
    """POST /console/me/totp: from now on codes are asked for; shows the recovery codes, this once."""
    form = await form_of(request)
    try:
        codes = await request.app[PEOPLE].confirm_totp(request[STAFF], form.get("code", ""))
    except rules.NotBegun:
        back_to(request, "console.me")
    except rules.WrongPassword:
        return await _totp_form(request, WRONG_CODE, 422)
    await audit(request, "account.totp-on", request[STAFF].name)
    return await page(request, "console/totp.html", {"codes": codes, "error": "", "picture": "", "secret": ""})


@requires(Permission.SIGNED_IN)
async def end_totp(request: web.Request) -> web.StreamResponse:
    """POST /console/me/totp/end, with the password."""
    form = await form_of(request)
    try:
        await request.app[PEOPLE].end_totp(request[STAFF], form.get("password", ""), address=address(request))
    except rules.MustWait as error:
        return await _me(request, too_often(error), 429)
    except rules.WrongPassword:
        return await _me(request, "密码不对，两步验证没有关。", 422)
    await audit(request, "account.totp-off", request[STAFF].name)
    back_to(request, "console.me", notice="totp-ended")


@requires(Permission.SIGNED_IN)
async def end_session(request: web.Request) -> web.StreamResponse:
    """POST /console/me/sessions/NUMBER/end."""
    number, staff = int(request.match_info["number"]), request[STAFF]
    try:
        await request.app[PEOPLE].end_session(staff.id, number)
    except rules.Unknown:
        back_to(request, "console.me", notice="session-gone")
    await audit(request, "session.end", staff.name, session=number)
    if number == staff.session_id:
        response = web.Response(status=303, headers={"Location": "/console/login?notice=signed-out"})
        let_out(request, response)
        return response
    back_to(request, "console.me", notice="session-ended")


@requires(Permission.SIGNED_IN)
async def end_others(request: web.Request) -> web.StreamResponse:
    """POST /console/me/sessions/end-others."""
    ended = await request.app[PEOPLE].end_others(request[STAFF])
    await audit(request, "session.end-others", request[STAFF].name, ended=ended)
    back_to(request, "console.me", notice="others-ended")


ROUTES = (
    web.get("/console/me", me, name="console.me"),
    web.get("/console/me/password", ask_password, name="console.me.password"),
    web.post("/console/me/password", change_password),
    web.get("/console/me/totp", ask_totp, name="console.me.totp"),
    web.post("/console/me/totp", confirm_totp),
    web.post("/console/me/totp/end", end_totp),
    web.post("/console/me/sessions/end-others", end_others),
    web.post(r"/console/me/sessions/{number:\d{1,9}}/end", end_session),
)
