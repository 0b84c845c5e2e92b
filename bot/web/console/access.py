"""Who may open which page of the staff.

Every handler under /console and /desk says what it asks for: `requires(Permission.X)`, or `open_to_all`. A page that says
nothing is shown to nobody. One middleware signs in, refuses what comes from elsewhere, and puts errors into words.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.people.accounts import Accounts
from bot.people.auditing import AuditLog
from bot.people.rules import Permission, Staff
from bot.people.service import People
from bot.settings import Settings
from bot.web.chat.person import address_of
from bot.web.keys import CLOCK, SESSIONS, SETTINGS
from bot.web.security import has_begun

logger = logging.getLogger(__name__)

PEOPLE = web.AppKey("people", People)
ACCOUNTS = web.AppKey("accounts", Accounts)
AUDIT = web.AppKey("audit", AuditLog)
STAFF = web.RequestKey("staff", Staff)
"""`request[STAFF]` is who is signed in."""

FACES = ("/console", "/desk")
LOGIN = "/console/login"
PASSWORD = "/console/me/password"  # noqa: S105 - a path
_SAFE = ("GET", "HEAD", "OPTIONS")
_MARK = "_asks_for"


@dataclass(frozen=True)
class Asks:
    """What a handler asks for; no permission: open to all. `upload`: how many bytes a body may have.

    `unasked`: a page asks for it by itself, so that it does not count as using the session.
    """

    permission: Permission | None
    upload: int | None = None
    unasked: bool = False


def requires[H: Callable[..., object]](
    permission: Permission, *, upload: int | None = None, unasked: bool = False
) -> Callable[[H], H]:
    """Only for staff that may do this; bodies of up to `upload` bytes, where more than the usual 64 KiB come in.

    `unasked` for what a page asks for by itself, again and again: a page left open does not keep anybody signed in.
    """

    def mark(handler: H) -> H:
        setattr(handler, _MARK, Asks(permission, upload, unasked))
        return handler

    return mark


def open_to_all[H: Callable[..., object]](handler: H) -> H:
    """For everybody, signed in or not: the sign-in itself, styles and scripts."""
    setattr(handler, _MARK, Asks(None))
    return handler


def asked_of(handler: object) -> Asks | None:
    """What a handler asks for; None where it does not say."""
    return getattr(handler, _MARK, None)


def is_staff_path(path: str) -> bool:
    """Whether a path belongs to the staff."""
    return any(path == face or path.startswith(face + "/") for face in FACES)


async def audit(request: web.Request, action: str, target: str, /, **details: object) -> None:
    """Put down that who is signed in did something: `audit(request, "job.import", "batch 7", rows=120)`.

    Names and numbers only, never what a person wrote.
    """
    staff = request.get(STAFF)
    await request.app[AUDIT].write(
        action,
        target,
        who=staff.name if staff else "",
        account_id=staff.id if staff else None,
        address=address(request),
        details=details,
    )


def address(request: web.Request) -> str:
    """Where a request comes from."""
    return address_of(request, request.app[SETTINGS])


def open_people(app: web.Application) -> None:
    """Give the application its accounts, sessions and log."""
    settings, sessions, clock = app[SETTINGS], app[SESSIONS], app[CLOCK]
    app[PEOPLE] = People.from_settings(settings, sessions, clock)
    app[ACCOUNTS] = Accounts(sessions, clock, app[PEOPLE].passwords)
    app[AUDIT] = AuditLog(sessions, clock)


# -- the session's cookie ----------------------------------------------------------------------------------------------


def _is_secure(settings: Settings) -> bool:
    return settings.address.startswith("https:")


def cookie_name(settings: Settings) -> str:
    """What the session's cookie is called; over https no other host can set one of that name."""
    return "__Host-duihua-staff" if _is_secure(settings) else "duihua-staff"


def token_of(request: web.Request) -> str:
    """The session that a browser shows; empty where it shows none."""
    return request.cookies.get(cookie_name(request.app[SETTINGS]), "")


def let_in(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Give a browser its session; it is gone with the browser, or when the server ends it."""
    settings = request.app[SETTINGS]
    response.set_cookie(
        cookie_name(settings), token, path="/", httponly=True, samesite="Lax", secure=_is_secure(settings)
    )


def let_out(request: web.Request, response: web.StreamResponse) -> None:
    """Take the session from a browser."""
    settings = request.app[SETTINGS]
    response.del_cookie(cookie_name(settings), path="/", httponly=True, samesite="Lax", secure=_is_secure(settings))


# -- where to go afterwards --------------------------------------------------------------------------------------------


def own_path(wanted: str) -> str:
    """A page of the staff to go to; the first page for whatever else is wanted."""
    parts = urlsplit(wanted)
    plain = not parts.scheme and not parts.netloc and "\\" not in wanted and all(c.isprintable() for c in wanted)
    if plain and not wanted.startswith("//") and is_staff_path(parts.path) and ".." not in parts.path:
        return wanted
    return "/console"


# -- what comes from elsewhere -----------------------------------------------------------------------------------------


def from_here(request: web.Request) -> bool:
    """Whether a request was made by one of our own pages, as the browser says it; False where it says nothing."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    said = request.headers.get("Origin") or request.headers.get("Referer")
    if not said or said == "null":
        return False
    parts = urlsplit(said)
    settings = request.app[SETTINGS]
    ours = {f"{request.scheme}://{request.host}"}
    if settings.public_url:
        here = urlsplit(settings.public_url)
        ours.add(f"{here.scheme}://{here.netloc}")
    return f"{parts.scheme}://{parts.netloc}" in ours


def _changes(request: web.Request) -> bool:
    return request.method not in _SAFE or request.headers.get("Upgrade", "").lower() == "websocket"


# -- the middleware ----------------------------------------------------------------------------------------------------


@web.middleware
async def staff_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let staff in where they may go, send others to the sign-in; errors come as a page of the console."""
    from bot.web.console.errors import error_page  # it renders pages, which need what is above

    if not is_staff_path(request.path):
        return await handler(request)
    try:
        response = await _admitted(request, handler)
    except web.HTTPException as error:
        if error.status < 400 or error.content_type == "text/html":
            _as_page_of_staff(request, error)
            raise
        response = await error_page(request, error.status, error.text)
    except Exception:
        if has_begun(request):
            raise
        logger.exception("%s %s failed", request.method, request.path)
        response = await error_page(request, 500)
    if not response.prepared:
        _as_page_of_staff(request, response)
    return response


async def _admitted(request: web.Request, handler: Handler) -> web.StreamResponse:
    asks = asked_of(request.match_info.handler)
    missing = request.match_info.http_exception
    if asks is not None and asks.permission is None:
        if _changes(request) and not from_here(request):
            raise web.HTTPForbidden(text="这个操作只能从本站页面发起。")
        return await handler(request)
    staff = await _signed_in(request, uses=asks is not None and not asks.unasked)
    if staff is None:
        raise _to_sign_in(request)
    request[STAFF] = staff
    if missing is not None:
        raise missing
    if asks is None or asks.permission is None:
        logger.error("%s %s does not say who may open it", request.method, request.path)
        raise web.HTTPForbidden
    if _changes(request) and not from_here(request):
        raise web.HTTPForbidden(text="这个操作只能从本站页面发起。")
    if staff.must_change and not request.path.startswith(PASSWORD) and request.path != "/console/logout":
        raise web.HTTPSeeOther(PASSWORD)
    if not staff.can(asks.permission):
        raise web.HTTPForbidden
    if asks.upload is not None:
        request = request.clone(client_max_size=asks.upload)
    return await handler(request)


async def _signed_in(request: web.Request, *, uses: bool) -> Staff | None:
    if not (token := token_of(request)):
        return None
    found = await request.app[PEOPLE].session(token, address=address(request), uses=uses)
    return None if found is None or found[1] else found[0]


def _to_sign_in(request: web.Request) -> web.HTTPException:
    """The sign-in, and then back to the page; what is asked for by a script is just refused."""
    wants_page = request.method in ("GET", "HEAD") and "text/html" in request.headers.get("Accept", "text/html")
    if not wants_page and request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
        return web.HTTPUnauthorized(text="登录过期了，请重新登录。")
    place = str(request.rel_url) if wants_page else _page_before(request)
    query = {"next": place} if place and place != "/console" else {}
    return web.HTTPSeeOther(request.app.router["console.login"].url_for().with_query(query))


def _page_before(request: web.Request) -> str:
    """The page of ours that a form was on; empty where that is not known."""
    said = request.headers.get("Referer", "")
    if not said or not from_here(request):
        return ""
    parts = urlsplit(said)
    return own_path(f"{parts.path}?{parts.query}" if parts.query else parts.path)


def _as_page_of_staff(request: web.Request, response: web.StreamResponse) -> None:
    if "/static/" not in request.path:
        response.headers["Cache-Control"] = "no-store"
        # Without a referrer a browser says “Origin: null” of a form, and one that knows no Sec-Fetch-Site is refused.
        response.headers["Referrer-Policy"] = "same-origin"
