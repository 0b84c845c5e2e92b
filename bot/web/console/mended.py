"""Corrections and regression cases that were made from conversations: a list, and taking each back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import NoReturn

from aiohttp import web

from bot.people.rules import Permission
from bot.review import wording
from bot.review.rules import Refusal
from bot.web.console import notices, words
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.conversation import mending_of
from bot.web.console.pages import back_to, form_of, page

Change = Callable[[], Awaitable[None]]

notices.add({"mended-undone": "撤销了，点“恢复”可以加回来。", "mended-redone": "恢复了。"})
words.name_actions(
    {
        "correction.undo": "撤销纠正",
        "correction.redo": "恢复纠正",
        "case.undo": "撤销回归用例",
        "case.redo": "恢复回归用例",
    }
)


@requires(Permission.TRAINING_MEND)
async def mended(request: web.Request) -> web.Response:
    """GET /console/mended?corrections=…&cases=…: each list from an id down."""
    mending = mending_of(request)
    before = [
        int(v) if (v := request.query.get(name, "")).isdecimal() and len(v) < 10 else None
        for name in ("corrections", "cases")
    ]
    context = {
        "corrections": await mending.corrections(before[0]),
        "cases": await mending.cases(before[1]),
        "counts": await mending.counted(),
        "titles": await mending.titles(),
        "wording": wording,
    }
    return await page(request, "console/mended.html", context)


@requires(Permission.TRAINING_MEND)
async def change_correction(request: web.Request) -> web.Response:
    """POST /console/mended/corrections/{id}: `do` is undo or redo."""
    mending, id_ = mending_of(request), int(request.match_info["id"])
    return await _changed(
        request, "correction", lambda: mending.undo(id_, request[STAFF].name), lambda: mending.redo(id_)
    )


@requires(Permission.TRAINING_MEND)
async def change_case(request: web.Request) -> web.Response:
    """POST /console/mended/cases/{id}: `do` is undo or redo."""
    mending, id_ = mending_of(request), int(request.match_info["id"])
    return await _changed(
        request, "case", lambda: mending.remove_case(id_, request[STAFF].name), lambda: mending.restore_case(id_)
    )


async def _changed(request: web.Request, kind: str, undo: Change, redo: Change) -> NoReturn:
    do = (await form_of(request)).get("do", "")
    if do not in ("undo", "redo"):
        raise web.HTTPUnprocessableEntity(text="没有这个动作。")
    try:
        await (undo if do == "undo" else redo)()
    except Refusal as error:
        raise web.HTTPNotFound(text=wording.why(error)) from error
    await audit(request, f"{kind}.{do}", f"{kind} {request.match_info['id']}")
    back_to(request, "console.mended", notice="mended-undone" if do == "undo" else "mended-redone")


ROUTES = (
    web.get("/console/mended", mended, name="console.mended"),
    web.post(r"/console/mended/corrections/{id:\d{1,9}}", change_correction, name="console.mended.correction"),
    web.post(r"/console/mended/cases/{id:\d{1,9}}", change_case, name="console.mended.case"),
)
