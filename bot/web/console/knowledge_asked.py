"""Questions that nobody had an answer to: in groups, put to an answer that there is, or the beginning of a new one."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from aiohttp import web

from bot.clock import today
from bot.conversations.masking import mask
from bot.figures.rules import Period
from bot.knowledge.editing import forms, rules
from bot.knowledge.editing.forms import Typed
from bot.knowledge.files import GENERAL
from bot.people.rules import Permission
from bot.radio.groups.rules import AlreadyRequested, HasAnswer, UnknownGroup, UnknownRequest
from bot.radio.groups.views import Filter, GroupView
from bot.review.rules import Unfit
from bot.web.console import notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.conversation import mending_of
from bot.web.console.knowledge import drafts_of, editor, tabs, words_for_pages
from bot.web.console.knowledge_edit import UPLOAD, WHY, looked_at, posted_of, show_form
from bot.web.console.pages import back_to, form_of, number_in, page
from bot.web.console.words import name_actions, name_details
from bot.web.keys import CLOCK, GROUPS

notices.add(
    {
        "group-attached": "并进去了，同样的问法现在就答得上。",
        "group-declined": "告诉节目组了，原因他们看得到。",
    }
)
notices.add({"group-closed": "节目组的这个请求已经处理过了。"}, bad=True)
name_actions({"knowledge.attach": "问法并到答案", "knowledge.decline": "回绝节目组要的答案"})
name_details({"group": "问题组", "texts": "几句"})

DAYS = 30
_GROUP = r"/console/knowledge/unanswered/{group:\d{1,9}}"


def _period(request: web.Request) -> Period:
    day = today(request.app[CLOCK])
    return Period(day - timedelta(days=DAYS - 1), day)


@requires(Permission.KNOWLEDGE_READ)
async def unanswered(request: web.Request) -> web.StreamResponse:
    """GET /console/knowledge/unanswered: groups without a topic in which somebody was told that we do not know."""
    groups = request.app[GROUPS]
    counted = await groups.counted(_period(request), Filter(unanswered=True), limit=100)
    context = {
        "tabs": tabs(request),
        "groups": [one for one in counted if one.refused],
        "requests": await groups.requests("open"),
        "days": DAYS,
        **words_for_pages(),
    }
    return await page(request, "console/knowledge_asked.html", context)


async def _group(request: web.Request, number: str) -> GroupView:
    try:
        return await request.app[GROUPS].group(int(number), _period(request))
    except UnknownGroup as error:
        raise web.HTTPNotFound(text="没有这组问题，可能已经并到别的组。") from error


@requires(Permission.KNOWLEDGE_READ)
async def group(request: web.Request) -> web.StreamResponse:
    """GET /console/knowledge/unanswered/GROUP: how it was asked."""
    return await _show_group(request, await _group(request, request.match_info["group"]))


async def _show_group(request: web.Request, found: GroupView, status: int = 200, **more: Any) -> web.Response:
    titles = await drafts_of(request).titles()
    context = {
        "tabs": tabs(request),
        "found": found,
        "days": DAYS,
        "topic_options": [("", "（选一个）"), *titles.items()],
        "asked": [(name, said) for name, said in words_for_pages()["words"].ASKED.items()],
        "picked": [one.key for one in found.wordings],
        "form": {},
        "errors": {},
        **words_for_pages(),
        **more,
    }
    return await page(request, "console/knowledge_group.html", context, status=status)


@requires(Permission.KNOWLEDGE_EDIT)
async def attach(request: web.Request) -> web.StreamResponse:
    """POST /console/knowledge/unanswered/GROUP: some of its wordings become ways to ask about a topic."""
    found = await _group(request, request.match_info["group"])
    posted = await request.post()
    topic, aspect = str(posted.get("topic", "")), str(posted.get("aspect", GENERAL))
    picked = [one for one in found.wordings if one.key in posted.getall("text", [])]
    told = {"form": {"topic": topic, "aspect": aspect}, "picked": [one.key for one in picked]}
    if not picked:
        return await _show_group(request, found, 422, errors={"text": "至少勾一句。"}, **told)
    try:
        added = await mending_of(request).ask_for([one.text for one in picked], topic, aspect, request[STAFF].name)
    except Unfit as error:
        return await _show_group(request, found, 422, errors={error.field: "请选一个。"}, **told)
    await audit(request, "knowledge.attach", topic, group=found.count.id, texts=added)
    await close_request(request, str(found.count.id), topic)
    back_to(request, "console.knowledge.topic", notice="group-attached", topic=topic)


@requires(Permission.KNOWLEDGE_EDIT)
async def decline(request: web.Request) -> web.StreamResponse:
    """POST /console/knowledge/unanswered/GROUP/decline: no answer is written; the desk is told why."""
    found = await _group(request, request.match_info["group"])
    reason = (await form_of(request)).get("reason", "")
    try:
        reason = rules.clean_note(reason, field="reason", needed=True)
    except rules.Unfit as error:
        return await _show_group(request, found, 422, errors={"reason": WHY[error.why]}, form={"reason": reason})
    asked = found.request
    if asked is None or asked.state != "open":
        back_to(request, "console.knowledge.group", notice="group-closed", group=found.count.id)
    try:
        await request.app[GROUPS].declined(asked.id, reason, by=request[STAFF].name)
    except UnknownRequest:
        back_to(request, "console.knowledge.group", notice="group-closed", group=found.count.id)
    await audit(request, "knowledge.decline", f"第 {found.count.id} 组")
    back_to(request, "console.knowledge.unanswered", notice="group-declined")


async def close_request(request: web.Request, group: str, topic: str) -> None:
    """Let a group of questions be that of a topic from now on, and whoever asked for an answer know it."""
    if not group.isdecimal() or len(group) > 9:
        return
    groups, name, number = request.app[GROUPS], request[STAFF].name, int(group)
    try:
        asked = await groups.request_answer(number, by=name)
    except AlreadyRequested:
        asked = next((one.id for one in await groups.requests("open") if one.group == number), 0)
    except (UnknownGroup, HasAnswer):
        return
    try:
        await groups.answered(asked, topic, by=name)
    except (UnknownRequest, UnknownGroup):  # a colleague was faster
        return


# -- a new topic ---------------------------------------------------------------------------------------------------------


@requires(Permission.KNOWLEDGE_EDIT)
async def ask_new(request: web.Request) -> web.StreamResponse:
    """GET /console/knowledge/new?question=…&turn=…&group=…: the form, with how it was asked."""
    typed, query = forms.typed_of({}), request.query
    asked = [mask(query.get("question", "").strip()[:200])]
    if (turn := number_in(query.get("turn", ""))) and (said := await drafts_of(request).said_in(turn)):
        asked.append(said[0])
        typed["from_turn"] = str(turn)
    if number := number_in(query.get("group", "")):
        asked += [one.text for one in (await _group(request, str(number))).wordings]
        typed["from_group"] = str(number)
    typed["asks_general"] = "\n".join(forms.lines("\n".join(asked)))
    return await _form(request, _with_rows(typed))


def _with_rows(typed: Typed) -> Typed:
    """With the rows that every topic needs, to be filled in."""
    for name, least in (("sources", 1), ("related", 2)):
        while len(typed[name]) < least:
            typed[name].append(forms.fresh_row(typed, name))
    return typed


async def _form(request: web.Request, typed: Typed, **more: Any) -> web.Response:
    return await show_form(request, typed, opened=None, titles=await drafts_of(request).titles(), **more)


@requires(Permission.KNOWLEDGE_EDIT, upload=UPLOAD)
async def begin(request: web.Request) -> web.StreamResponse:
    """POST /console/knowledge/new: the first draft; `do` as in the form of one that there is."""
    form, typed, do = await posted_of(request)
    shown = {"form": form, "aspect": form.get("aspect", GENERAL)}
    if do in ("rows", "preview", "try"):
        told = await looked_at(request, form.get("id", "") or "new", typed, do, form)
        return await _form(request, _with_rows(typed), **shown, **told)
    try:
        topic = rules.clean_id(form.get("id", ""))
        saved = await drafts_of(request).begin(topic, typed, editor(request))
    except rules.Unfit as error:
        return await _form(request, _with_rows(typed), **shown, errors={error.field: WHY[error.why]}, status=422)
    await audit(request, "knowledge.new", topic, draft=saved.draft)
    back_to(request, "console.knowledge.edit", notice="topic-begun", topic=topic)


ROUTES = (
    web.get("/console/knowledge/unanswered", unanswered, name="console.knowledge.unanswered"),
    web.get(_GROUP, group, name="console.knowledge.group"),
    web.post(_GROUP, attach),
    web.post(_GROUP + "/decline", decline, name="console.knowledge.decline"),
    web.get("/console/knowledge/new", ask_new, name="console.knowledge.new"),
    web.post("/console/knowledge/new", begin),
)
