"""One conversation as people saw it, with what was understood of each turn; marks, notes, and mending from a turn."""

from __future__ import annotations

from typing import Any, NoReturn

from aiohttp import web

from bot.people.rules import Permission
from bot.review import wording
from bot.review.mending import POLICY, Known, Mending
from bot.review.opening import Opening
from bot.review.rules import Changed, Filters, Refusal, Unknown
from bot.web.console import notices, words
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.conversations import colleagues, notes_of, review_of
from bot.web.console.pages import form_of, page
from bot.web.keys import CLOCK, SESSIONS, SETTINGS

notices.add(
    {
        "talk-reviewed": "标成看过了。",
        "talk-unread": "又标成没看过了。",
        "talk-flagged": "标记好了，大家都看得到。",
        "talk-unflagged": "标记去掉了。",
        "talk-assigned": "派好了。",
        "talk-tagged": "标签加上了。",
        "talk-untagged": "标签去掉了。",
        "talk-noted": "备注存好了。",
        "talk-note-gone": "备注删了，30 分钟内可以恢复。",
        "talk-note-back": "备注恢复了。",
        "talk-mended": "加进去了。问政策的说法现在就生效，意图要等下次训练。",
        "talk-kept": "存成回归用例了。",
    }
)
words.name_actions(
    {
        "conversation.reviewed": "标对话看过",
        "conversation.flag": "标记对话",
        "conversation.assign": "派对话",
        "conversation.tag": "给对话加标签",
        "conversation.untag": "去掉对话标签",
        "conversation.note": "写对话备注",
        "conversation.note-edit": "改对话备注",
        "conversation.note-delete": "删对话备注",
        "conversation.note-restore": "恢复对话备注",
        "conversation.reveal": "看密封的联系方式",
        "correction.add": "纠正理解",
        "case.add": "存回归用例",
    }
)
words.name_details({"tag": "标签", "intent": "意图", "topic": "主题", "contacts": "几处", "expects": "应该"})


def mending_of(request: web.Request) -> Mending:
    """Corrections and cases."""
    return Mending(request.app[SESSIONS], request.app[CLOCK])


@requires(Permission.CONVERSATIONS_READ)
async def conversation(request: web.Request) -> web.Response:
    """GET /console/conversations/{code}?…: the filters of the list it was found in; `hit` is the entry, `to` a message."""
    return await _shown(request)


async def _shown(request: web.Request, status: int = 200, **more: Any) -> web.Response:
    staff, query = request[STAFF], request.query
    filters = Filters.read(query)
    hit, to = (int(v) if (v := query.get(name, "")).isdecimal() and len(v) < 16 else None for name in ("hit", "to"))
    try:
        talk = await review_of(request).show(
            request.match_info["code"], account_id=staff.id, name=staff.name, filters=filters, hit=hit, to=to
        )
    except Unknown as error:
        raise web.HTTPNotFound(text="没有这段对话，可能本人删了自己的记录。") from error
    able = await colleagues(request)
    context = {
        "talk": talk,
        "filters": filters,
        "hit": hit,
        "wording": wording,
        "routes": request.app.router.named_resources(),
        "intents": [(name, said) for name, said in wording.INTENTS.items() if name != POLICY],
        "able": able,
        "wrong": {},
        "typed": {},
        "conflict": None,
        "sealed": None,
        **more,
    }
    return await page(request, "console/conversation.html", context, status=status)


def _back(request: web.Request, notice: str, anchor: str = "") -> NoReturn:
    """To the conversation again, in the list it was found in."""
    url = request.app.router["console.conversation"].url_for(code=request.match_info["code"])
    query = {name: value for name, value in request.query.items() if name != "notice"} | {"notice": notice}
    raise web.HTTPSeeOther(url.with_query(query).with_fragment(anchor or None))


def _gone(error: Refusal) -> web.HTTPException:
    return web.HTTPNotFound(text=wording.why(error))


# -- marks -------------------------------------------------------------------------------------------------------------


@requires(Permission.CONVERSATIONS_LABEL)
async def mark(request: web.Request) -> web.Response:
    """POST /console/conversations/{code}/mark: `do` is reviewed, unread, flag or unflag."""
    form, code, name = await form_of(request), request.match_info["code"], request[STAFF].name
    do = form.get("do", "")
    try:
        match do:
            case "reviewed":
                to = form.get("to", "")
                await review_of(request).reviewed(code, name, to=int(to) if to.isdecimal() and len(to) < 16 else 0)
            case "unread":
                await review_of(request).reviewed(code, name, to=0)
            case "flag" | "unflag":
                await review_of(request).flag(code, name, on=do == "flag")
            case _:
                raise web.HTTPUnprocessableEntity(text="没有这个动作。")
    except Unknown as error:
        raise _gone(error) from error
    await audit(request, "conversation.flag" if "flag" in do else "conversation.reviewed", code, after=do)
    said = {"reviewed": "talk-reviewed", "unread": "talk-unread", "flag": "talk-flagged", "unflag": "talk-unflagged"}
    _back(request, said[do])


@requires(Permission.CONVERSATIONS_LABEL)
async def assign(request: web.Request) -> web.Response:
    """POST /console/conversations/{code}/assign: `to` is an account, `was` who it was when the page was read."""
    form, code = await form_of(request), request.match_info["code"]
    to, was = (int(v) if (v := form.get(field, "")).isdecimal() and len(v) < 10 else None for field in ("to", "was"))
    names = dict(await colleagues(request))
    if to is not None and to not in names:
        return await _shown(request, 422, wrong={"to": "没有这个人，请重新选。"})
    try:
        await review_of(request).assign(
            code, request[STAFF].name, account_id=to, name=names.get(to) if to else None, was=was
        )
    except Changed as error:
        why = f"{error.by}刚刚派给了{error.now or '没人'}，你选的没有存。要改就再选一次。"
        return await _shown(request, 409, wrong={"to": why})
    except Unknown as error:
        raise _gone(error) from error
    await audit(request, "conversation.assign", code, after=names.get(to, "没人") if to else "没人")
    _back(request, "talk-assigned")


@requires(Permission.CONVERSATIONS_LABEL)
async def tag(request: web.Request) -> web.Response:
    """POST /console/conversations/{code}/tags: `tag` is put on, or `key` taken away."""
    form, code, name = await form_of(request), request.match_info["code"], request[STAFF].name
    try:
        if key := form.get("key"):
            await review_of(request).untag(code, key, name)
            await audit(request, "conversation.untag", code, tag=key[:40])
            _back(request, "talk-untagged")
        await review_of(request).tag(code, form.get("tag", ""), name)
    except Unknown as error:
        raise _gone(error) from error
    except Refusal as error:
        return await _shown(request, 422, wrong={"tag": wording.why(error)}, typed=form)
    await audit(request, "conversation.tag", code, tag=form["tag"][:12])
    _back(request, "talk-tagged")


@requires(Permission.CONVERSATIONS_READ, unasked=True)
async def here(request: web.Request) -> web.Response:
    """GET /console/conversations/{code}/here: who else has it open, and whether something is new; the page asks."""
    staff = request[STAFF]
    try:
        seen = await review_of(request).here(request.match_info["code"], staff.id, staff.name)
    except Unknown as error:
        raise _gone(error) from error
    others = {"others": list(seen.others), "version": seen.version, "last": seen.last_entry, "notes": seen.notes}
    return web.json_response(others)


# -- notes -------------------------------------------------------------------------------------------------------------


@requires(Permission.CONVERSATIONS_LABEL)
async def note(request: web.Request) -> web.Response:
    """POST /console/conversations/{code}/notes: a new note, or with `id` and `do` a change of one's own."""
    form, code, staff = await form_of(request), request.match_info["code"], request[STAFF]
    notes, do = notes_of(request), form.get("do", "add")
    id_, version = (
        int(v) if (v := form.get(field, "")).isdecimal() and len(v) < 10 else 0 for field in ("id", "version")
    )
    said = "talk-noted"
    try:
        match do:
            case "add":
                await notes.note(code, form.get("note", ""), staff.name, staff.id)
            case "edit":
                await notes.edit_note(id_, form.get("note", ""), staff.id, version)
            case "delete":
                await notes.delete_note(id_, staff.id, version)
                said = "talk-note-gone"
            case "restore":
                await notes.restore_note(id_, staff.id)
                said = "talk-note-back"
            case _:
                raise web.HTTPUnprocessableEntity(text="没有这个动作。")
    except Changed as error:
        return await _shown(
            request, 409, conflict={"id": id_, "mine": form.get("note", ""), "now": error.now, "by": error.by}
        )
    except Unknown as error:
        raise _gone(error) from error
    except Refusal as error:
        return await _shown(request, 422, wrong={f"note{id_ or ''}": wording.why(error)}, typed=form)
    action = {"add": "note", "edit": "note-edit", "delete": "note-delete", "restore": "note-restore"}[do]
    await audit(request, f"conversation.{action}", code)
    _back(request, said, "notes")


# -- mending -----------------------------------------------------------------------------------------------------------


@requires(Permission.TRAINING_MEND)
async def correct(request: web.Request) -> web.Response:
    """POST /console/conversations/{code}/correct: how a turn should have been understood."""
    form = await form_of(request)
    turn = int(form["turn"]) if form.get("turn", "").isdecimal() and len(form["turn"]) < 16 else 0
    text, name, mending = form.get("text", ""), request[STAFF].name, mending_of(request)
    try:
        if intent := form.get("intent"):
            made = await mending.correct_intent(turn, text, intent, name)
        else:
            made = await mending.correct_topic(
                turn,
                text,
                form.get("topic", ""),
                form.get("aspect", "general"),
                name,
                anyway=form.get("anyway") == "on",
            )
    except Known as error:
        title = (await mending.titles()).get(error.topic, error.topic)
        why = (
            f"“{title}”里已经有这句了。" if error.same else f"“{title}”里已经有这句；确实要加到这里，就勾上“还是要加”。"
        )
        return await _shown(request, 409, wrong={f"correct{turn}": why}, typed=form)
    except Unknown as error:
        raise _gone(error) from error
    except Refusal as error:
        return await _shown(request, 422, wrong={f"correct{turn}": wording.why(error)}, typed=form)
    await audit(request, "correction.add", f"correction {made}", intent=intent or "policy", topic=form.get("topic", ""))
    _back(request, "talk-mended", f"t{turn}")


@requires(Permission.TRAINING_MEND)
async def keep_case(request: web.Request) -> web.Response:
    """POST /console/conversations/{code}/case: what a turn has to become from now on (存为回归用例)."""
    form = await form_of(request)
    turn = int(form["turn"]) if form.get("turn", "").isdecimal() and len(form["turn"]) < 16 else 0
    try:
        made = await mending_of(request).keep_case(
            turn,
            form.get("said", ""),
            form.get("before", ""),
            form.get("expects", ""),
            request[STAFF].name,
            topic=form.get("topic") or None,
            aspect=form.get("aspect") or None,
            intent=form.get("intent") or None,
            current=(form.get("current_topic") or None, form.get("current_aspect") or None),
        )
    except Unknown as error:
        raise _gone(error) from error
    except Refusal as error:
        return await _shown(request, 422, wrong={f"case{turn}": wording.why(error)}, typed=form)
    await audit(request, "case.add", f"case {made}", expects=form.get("expects", ""))
    _back(request, "talk-kept", f"t{turn}")


# -- what is sealed ----------------------------------------------------------------------------------------------------


@requires(Permission.CONVERSATIONS_REVEAL)
async def reveal(request: web.Request) -> web.Response:
    """POST /console/conversations/{code}/reveal: contacts of the person, for a reason that is put down."""
    form, code, name = await form_of(request), request.match_info["code"], request[STAFF].name
    opening = Opening(request.app[SESSIONS], request.app[CLOCK], request.app[SETTINGS].contact_secret)
    try:
        reason, opened = await opening.open_(code, name, form.get("reason", ""))
    except Unknown as error:
        raise _gone(error) from error
    except Refusal as error:
        return await _shown(request, 422, wrong={"reason": wording.why(error)}, typed=form)
    await audit(request, "conversation.reveal", code, reason=reason, contacts=len(opened))
    return await _shown(request, sealed=opened)


_PATH = "/console/conversations/{code}"
ROUTES = (
    web.get(_PATH, conversation, name="console.conversation"),
    web.post(f"{_PATH}/mark", mark, name="console.conversation.mark"),
    web.post(f"{_PATH}/assign", assign, name="console.conversation.assign"),
    web.post(f"{_PATH}/tags", tag, name="console.conversation.tags"),
    web.get(f"{_PATH}/here", here, name="console.conversation.here"),
    web.post(f"{_PATH}/notes", note, name="console.conversation.notes"),
    web.post(f"{_PATH}/correct", correct, name="console.conversation.correct"),
    web.post(f"{_PATH}/case", keep_case, name="console.conversation.case"),
    web.post(f"{_PATH}/reveal", reveal, name="console.conversation.reveal"),
)
