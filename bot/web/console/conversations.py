"""Conversations: found by text and by what stands on them, under names that are kept, and taken away as a file."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from aiohttp import web

from bot.clock import SHANGHAI
from bot.people.rules import Permission, permissions_of
from bot.review import wording
from bot.review.export import FORMS, PER, Exports
from bot.review.notes import Notes
from bot.review.rules import REASONS, Filters, Refusal, Unknown
from bot.review.service import Review
from bot.web.console import notices, words
from bot.web.console.access import ACCOUNTS, STAFF, audit, requires
from bot.web.console.home import Waiting, tells
from bot.web.console.pages import back_to, form_of, page
from bot.web.keys import CLOCK, HUB, SESSIONS, SETTINGS

TEND_EVERY = 600.0  # seconds
notices.add({"view-kept": "视图存好了，在上面那排。", "view-dropped": "视图删了。"})
notices.add({"export-gone": "文件过期删掉了，请重新导出。"}, bad=True)
words.name_actions(
    {"conversations.export": "导出对话", "conversations.view": "存对话视图", "conversations.view-drop": "删对话视图"}
)
words.name_details({"filters": "筛选", "per": "每行", "form": "格式"})


def review_of(request: web.Request) -> Review:
    """What staff do with conversations."""
    return Review(request.app[SESSIONS], request.app[CLOCK])


def notes_of(request: web.Request) -> Notes:
    """Notes and saved views."""
    return Notes(request.app[SESSIONS], request.app[CLOCK])


def exports_of(app: web.Application) -> Exports:
    """Files of what filters find."""
    return Exports(app[SESSIONS], app[CLOCK], app[SETTINGS].folder / "exports")


async def colleagues(request: web.Request) -> list[tuple[int, str]]:
    """Who of the staff can look after conversations, by id."""
    able = (one for one in await request.app[ACCOUNTS].all() if one.disabled_at is None)
    return [(one.id, one.name) for one in able if Permission.CONVERSATIONS_LABEL in permissions_of(one.roles)]


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 16 else None


@tells(Permission.CONVERSATIONS_READ)
async def unread(request: web.Request) -> Waiting | None:
    """How many of today's questions found no answer."""
    count = await review_of(request).count(Filters(day="today", outcome="refused"))
    if not count.n:
        return None
    return Waiting("今天没答上的", count.n, "/console/conversations?day=today&outcome=refused")


@requires(Permission.CONVERSATIONS_READ)
async def conversations(request: web.Request) -> web.Response:
    """GET /console/conversations?…: what `Filters` reads, and `before` or `after` an entry of the list."""
    return await _listed(request)


async def _listed(request: web.Request, status: int = 200, **more: object) -> web.Response:
    filters = Filters.read(request.query)
    listed = await review_of(request).list(
        filters,
        request[STAFF].id,
        before=_number(request.query.get("before")),
        after=_number(request.query.get("after")),
    )
    context = {
        "filters": filters,
        "listed": listed,
        "wording": wording,
        "reasons": [(one, one) for one in REASONS],
        "others": [one for one in await colleagues(request) if one[0] != request[STAFF].id],
        "offered_name": request.query.get("name", "")[:20],
        "per": PER,
        "forms": FORMS,
        "wrong": {},
        "typed": {},
        **more,
    }
    return await page(request, "console/conversations.html", context, status=status)


@requires(Permission.CONVERSATIONS_READ)
async def keep_view(request: web.Request) -> web.Response:
    """POST /console/conversations/views?…: keep the filters of the address under a name."""
    form, filters, staff = await form_of(request), Filters.read(request.query), request[STAFF]
    try:
        await notes_of(request).save_view(
            form.get("name", ""), filters, shared=form.get("shared") == "on", by=staff.name, account_id=staff.id
        )
    except Refusal as error:
        return await _listed(request, 422, wrong={"name": wording.why(error)}, typed=form)
    await audit(request, "conversations.view", form["name"].strip()[:20], filters=filters.query())
    back_to(request, "console.conversations", notice="view-kept", query=dict(request.query))


@requires(Permission.CONVERSATIONS_READ)
async def drop_view(request: web.Request) -> web.Response:
    """POST /console/conversations/views/{id}/drop"""
    try:
        view = await notes_of(request).delete_view(int(request.match_info["id"]), request[STAFF].id)
    except Refusal as error:
        raise web.HTTPNotFound(text=wording.why(error)) from error
    await audit(request, "conversations.view-drop", view.name)
    # Undo: the filters are still there, and the name stands in the field.
    raise web.HTTPSeeOther(f"/console/conversations?{view.query}&notice=view-dropped&name={quote(view.name)}")


# -- taken away --------------------------------------------------------------------------------------------------------


@requires(Permission.CONVERSATIONS_EXPORT)
async def begin_export(request: web.Request) -> web.Response:
    """POST /console/conversations/export?…: begin a file of what the filters find; it is made in the background."""
    form, filters, staff = await form_of(request), Filters.read(request.query), request[STAFF]
    exports = exports_of(request.app)
    per, kind = form.get("per", ""), form.get("form", "")
    try:
        run = await exports.begin(filters, per=per, form=kind, by=staff.name, account_id=staff.id)
    except Unknown as error:
        raise web.HTTPUnprocessableEntity(text="没有这种格式，请重新选。") from error
    await audit(request, "conversations.export", f"export {run}", filters=filters.query() or "全部", per=per, form=kind)
    request.app[HUB].in_background(exports.make(run))
    back_to(request, "console.export", id=run)


@requires(Permission.CONVERSATIONS_EXPORT, unasked=True)
async def export(request: web.Request) -> web.Response:
    """GET /console/exports/{id}: how far it is; the page looks again by itself while it is being made."""
    try:
        run = await exports_of(request.app).run(int(request.match_info["id"]), request[STAFF].id)
    except Unknown as error:
        raise web.HTTPNotFound from error
    return await page(request, "console/export.html", {"run": run, "per": PER, "forms": FORMS})


@requires(Permission.CONVERSATIONS_EXPORT)
async def export_file(request: web.Request) -> web.StreamResponse:
    """GET /console/exports/{id}/file"""
    try:
        run, path = await exports_of(request.app).file_of(int(request.match_info["id"]), request[STAFF].id)
    except Unknown:
        back_to(request, "console.conversations", notice="export-gone")
    name = f"对话-{run.at.astimezone(SHANGHAI):%Y%m%d-%H%M}.{run.form}"
    headers = {
        "Content-Disposition": f"attachment; filename=\"conversations.{run.form}\"; filename*=UTF-8''{quote(name)}"
    }
    return web.FileResponse(path, headers=headers)


async def tend_review(app: web.Application) -> None:
    """Let files and notes go that have stood long enough, until cancelled."""
    exports, notes, started = exports_of(app), Notes(app[SESSIONS], app[CLOCK]), True
    while True:
        await exports.tend(started=started)
        await notes.tend()
        started = False
        await asyncio.sleep(TEND_EVERY)


ROUTES = (
    web.get("/console/conversations", conversations, name="console.conversations"),
    web.post("/console/conversations/views", keep_view, name="console.views"),
    web.post(r"/console/conversations/views/{id:\d+}/drop", drop_view, name="console.views.drop"),
    web.post("/console/conversations/export", begin_export, name="console.exports"),
    web.get(r"/console/exports/{id:\d+}", export, name="console.export"),
    web.get(r"/console/exports/{id:\d+}/file", export_file, name="console.export.file"),
)
