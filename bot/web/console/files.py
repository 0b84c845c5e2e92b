"""Styles and scripts of the staff's pages."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from aiohttp import web

from bot.web.console.access import open_to_all

FOLDER = Path(__file__).parent / "static"


@cache
def static(name: str) -> str:
    """The address of a static file, with its content in the query, so that browsers may keep it for good."""
    return f"/console/static/{name}?v={hashlib.sha256((FOLDER / name).read_bytes()).hexdigest()[:10]}"


@open_to_all
async def static_file(request: web.Request) -> web.StreamResponse:
    """GET /console/static/NAME. Only files that stand in the folder itself."""
    path = FOLDER / request.match_info["name"]
    if path.parent != FOLDER or not path.is_file():
        raise web.HTTPNotFound
    response = web.FileResponse(path)
    kept = "public, max-age=31536000, immutable" if "v" in request.query else "no-cache"
    response.headers["Cache-Control"] = kept
    return response


ROUTES = (web.get("/console/static/{name}", static_file),)
