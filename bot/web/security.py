"""Headers on every answer, and plain words where something goes wrong."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from aiohttp import web
from aiohttp.typedefs import Handler

logger = logging.getLogger(__name__)

_BEGUN = web.RequestKey("begun", bool)
_SAFE = ("GET", "HEAD", "OPTIONS")


def policy(*, frame_ancestors: Iterable[str] = (), socket: str = "") -> str:
    """The content security policy: our own files only, framed by nobody but the origins given.

    `socket` is the WebSocket's own origin, which Safari before 15.4 does not take for 'self'.
    """
    framed = " ".join(frame_ancestors) or "'none'"
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'{socket and ' ' + socket}; "
        f"manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {framed}"
    )


@web.middleware
async def secure(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a cross-site POST; put the headers on; turn what nobody expected into a logged, worded 500."""
    if request.method not in _SAFE and request.headers.get("Sec-Fetch-Site", "same-origin") not in (
        "same-origin",
        "none",
    ):
        raise web.HTTPForbidden(text="这个操作只能从本站页面发起。")
    try:
        response = await handler(request)
    except web.HTTPException as error:
        _add_headers(error)
        raise
    except Exception:
        logger.exception("%s %s failed", request.method, request.path)
        if has_begun(request) and request.transport is not None:
            request.transport.abort()  # whoever downloads is to see that it is not whole
        response = web.Response(status=500, text="出了点毛病，已经记下来了。过一会儿再试，急事请打12333或12345。")
    if not response.prepared:
        _add_headers(response)
    return response


async def put_headers(request: web.Request, response: web.StreamResponse) -> None:
    """The headers on what is sent as it is made, too: a signal of every answer that is about to begin."""
    request[_BEGUN] = True
    _add_headers(response)


def has_begun(request: web.Request) -> bool:
    """Whether an answer is on its way: then no other one can take its place."""
    return request.get(_BEGUN, False)


def _add_headers(response: web.StreamResponse) -> None:
    response.headers.setdefault("Content-Security-Policy", policy())
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "no-referrer")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
