"""Corrections and regression cases that were made from conversations: a list, and taking each back."""

from __future__ import annotations

from aiohttp import web

from bot.people.rules import Permission
from bot.review import wording
from bot.review.rules import Refusal
from bot.web.console import notices, words
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.conversation import mending_of
from bot.web.console.pages import back_to, form_of, page

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
async def change(request: web.Request) -> web.Response:
    """POST /console/mended/{what}/{id}: `do` is undo or redo."""
    form, what, id_ = await form_of(request), request.match_info["what"], int(request.match_info["id"])
    mending, name, do = mending_of(request), request[STAFF].name, form.get("do", "")
    try:
        match what, do:
            case "corrections", "undo":
                await mending.undo(id_, name)
            case "corrections", "redo":
                await mending.redo(id_)
            case "cases", "undo":
                await mending.remove_case(id_, name)
            case "cases", "redo":
                await mending.restore_case(id_)
            case _:
                raise web.HTTPUnprocessableEntity(text="没有这个动作。")
    except Refusal as error:
        raise web.HTTPNotFound(text=wording.why(error)) from error
    kind = "correction" if what == "corrections" else "case"
    await audit(request, f"{kind}.{do}", f"{kind} {id_}")
    back_to(request, "console.mended", notice="mended-undone" if do == "undo" else "mended-redone")


ROUTES = (
    web.get("/console/mended", mended, name="console.mended"),
    web.post(r"/console/mended/{what:corrections|cases}/{id:\d{1,9}}", change, name="console.mended.change"),
)
