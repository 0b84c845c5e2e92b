"""节目答复: what guests said, written down after the programme, approved by a second person, served and told."""

from __future__ import annotations

from typing import NoReturn

from aiohttp import web

from bot.people.rules import Permission
from bot.radio.answers import rules
from bot.radio.answers.rules import Editor
from bot.radio.answers.service import ProgrammeAnswers
from bot.radio.answers.views import AnswerView
from bot.radio.programme.rules import UnknownProgramme
from bot.web.console import notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.pages import back_to, form_of, number_in, page
from bot.web.console.words import name_actions
from bot.web.desk.common import tabs
from bot.web.desk.sheets import sheet_of
from bot.web.keys import CLOCK, SESSIONS

notices.add(
    {
        "answer-written": "记下来了。看一眼要回给听众的话，再送去核对。",
        "answer-saved": "存好了。",
        "answer-sent": "送去核对了，要另一个人批准。",
        "answer-back": "退回去了，可以接着改。",
        "answer-approved": "批准了。小同从下一个问题起就这么答，问过的、愿意听回音的人会收到一次。",
        "answer-stopped": "停用了。还没通知到的人不会再通知。",
        "answer-again": "又用上了。",
    }
)
notices.add(
    {
        "answer-changed": "别人刚改过，看一眼再按。",
        "answer-own": "自己写过、改过、送过的，要别人来批准。",
        "answer-not-now": "现在不能这么做：它已经送去核对，或者已经批准。",
        "answer-reason": "写一句为什么退回，200 字以内。",
    },
    bad=True,
)
name_actions(
    {
        "answer.write": "记嘉宾的话", "answer.edit": "改节目答复", "answer.send": "送节目答复去核对",
        "answer.back": "退回节目答复", "answer.approve": "批准节目答复", "answer.stop": "停用节目答复", "answer.again": "恢复节目答复",
    }
)  # fmt: skip
SHOWN = {"waiting": "等核对", "editing": "在写", "served": "在用", "stopped": "停用", "all": "全部"}
STATES = {"editing": "在写", "waiting": "等核对", "approved": "在用"}
WHY = {
    "empty": "这一项要填。",
    "long": "太长了，短一些。",
    "day": "填节目播出那天，不能晚于今天。",
    "personal": "里面有个人信息（号码、真名），先去掉。",
    "rude": "这话不好听，换个说法。",
}
_UPLOAD = 512 * 1024  # an hour's words, as a form sends them


def answers_of(request: web.Request) -> ProgrammeAnswers:
    """What guests said."""
    return ProgrammeAnswers(request.app[SESSIONS], request.app[CLOCK])


def editor_of(request: web.Request) -> Editor:
    """Who is signed in."""
    return Editor(request[STAFF].id, request[STAFF].name)


def may_write(request: web.Request) -> bool:
    """Hosts write down what was said, editors write at it."""
    return request[STAFF].can(Permission.RADIO_EDIT) or request[STAFF].can(Permission.KNOWLEDGE_EDIT)


def _check_writes(request: web.Request) -> None:
    if not may_write(request):
        raise web.HTTPForbidden


async def _one(request: web.Request) -> AnswerView:
    try:
        return await answers_of(request).one(int(request.match_info["number"]))
    except rules.UnknownAnswer as error:
        raise web.HTTPNotFound from error


def said_why(errors: dict[str, str]) -> dict[str, str]:
    """Why fields cannot be kept, in words."""
    return {
        name: f"“{why[7:]}”在嘉宾的话里没有，核对一下。" if why.startswith("figure:") else WHY[why]
        for name, why in errors.items()
    }


# -- pages -------------------------------------------------------------------------------------------------------------


@requires(Permission.RADIO_READ)
async def listed(request: web.Request) -> web.StreamResponse:
    """GET /desk/answers?show=…"""
    service = answers_of(request)
    mine = await service.to_approve(editor_of(request)) if request[STAFF].can(Permission.KNOWLEDGE_APPROVE) else 0
    show = request.query.get("show", "waiting" if mine else "all")
    if show not in SHOWN:
        raise web.HTTPNotFound
    rows = await service.listed(show)
    context = {"tabs": tabs(request), "rows": rows, "shown": SHOWN, "show": show, "states": STATES, "to_approve": mine}
    return await page(request, "desk/answers.html", context)


@requires(Permission.RADIO_READ)
async def of_programme(request: web.Request) -> web.StreamResponse:
    """GET /desk/answers/of/NUMBER: what was on air, and what guests said to it."""
    sheet = await sheet_of(request)
    try:
        rows = await answers_of(request).of_programme(sheet.id)
    except UnknownProgramme as error:
        raise web.HTTPNotFound from error
    context = {"tabs": tabs(request), "sheet": sheet, "rows": rows, "states": STATES, "writes": may_write(request)}
    return await page(request, "desk/answers_of.html", context)


@requires(Permission.RADIO_READ)
async def one(request: web.Request) -> web.StreamResponse:
    """GET /desk/answers/NUMBER."""
    seen, service = await _one(request), answers_of(request)
    staff = request[STAFF]
    context = {
        "tabs": tabs(request),
        "seen": seen,
        "states": STATES,
        "versions": await service.versions(seen.id),
        "waiting": await service.waiting_for(seen.id),
        "writes": may_write(request),
        "approves": staff.can(Permission.KNOWLEDGE_APPROVE) and rules.may_approve(editor_of(request), seen.editors),
    }
    return await page(request, "desk/answer.html", context)


# -- writing -----------------------------------------------------------------------------------------------------------


async def _form(
    request: web.Request,
    typed: dict[str, str],
    *,
    seen: AnswerView | None = None,
    revision: int = 0,
    item: int | None = None,
    group: int | None = None,
    errors: dict[str, str] | None = None,
    theirs: AnswerView | None = None,
) -> web.Response:
    context = {
        "tabs": tabs(request),
        "typed": typed,
        "seen": seen,
        "revision": revision,
        "item": item,
        "group": group,
        "errors": said_why(errors or {}),
        "theirs": theirs,
        "limits": rules.LIMITS,
    }
    return await page(request, "desk/answer_form.html", context, status=422 if errors or theirs else 200)


@requires(Permission.RADIO_READ)
async def new(request: web.Request) -> web.StreamResponse:
    """GET /desk/answers/new?item=…, or ?group=…"""
    _check_writes(request)
    item, group = number_in(request.query.get("item", "")), number_in(request.query.get("group", ""))
    if item is None and group is None:
        raise web.HTTPNotFound
    try:
        fields = await answers_of(request).beginning(item_id=item, group_id=group)
    except rules.UnknownAnswer as error:
        raise web.HTTPNotFound from error
    return await _form(request, fields, item=item, group=group)


@requires(Permission.RADIO_READ, upload=_UPLOAD)
async def write(request: web.Request) -> web.StreamResponse:
    """POST /desk/answers/new: to an `item` of a sheet, or to a `group`."""
    _check_writes(request)
    form = await form_of(request)
    item, group = number_in(form.get("item", "")), number_in(form.get("group", ""))
    try:
        number = await answers_of(request).write(form, item_id=item, group_id=group, by=editor_of(request))
    except rules.BadFields as error:
        return await _form(request, _typed(form), item=item, group=group, errors=error.errors)
    except rules.UnknownAnswer as error:
        raise web.HTTPNotFound from error
    await audit(request, "answer.write", f"节目答复 {number}")
    back_to(request, "desk.answer", number=number, notice="answer-written")


def _typed(form: dict[str, str]) -> dict[str, str]:
    return {name: form.get(name, "") for name in rules.FIELDS}


@requires(Permission.RADIO_READ)
async def edit(request: web.Request) -> web.StreamResponse:
    """GET /desk/answers/NUMBER/edit."""
    _check_writes(request)
    seen = await _one(request)
    typed = {
        "question": seen.question, "guest": seen.guest, "day": seen.day.isoformat(), "said": seen.said, "text": seen.text,
    }  # fmt: skip
    return await _form(request, typed, seen=seen, revision=seen.revision)


@requires(Permission.RADIO_READ, upload=_UPLOAD)
async def save(request: web.Request) -> web.StreamResponse:
    """POST /desk/answers/NUMBER/edit: as it was seen in `revision`."""
    _check_writes(request)
    seen, form = await _one(request), await form_of(request)
    revision = number_in(form.get("revision", "")) or 0
    try:
        await answers_of(request).save(seen.id, form, revision=revision, by=editor_of(request))
    except rules.BadFields as error:
        return await _form(request, _typed(form), seen=seen, revision=revision, errors=error.errors)
    except rules.Changed as error:
        return await _form(request, _typed(form), seen=seen, revision=error.now.revision, theirs=error.now)
    except rules.NotNow:
        _back(request, "answer-not-now")
    await audit(request, "answer.edit", f"节目答复 {seen.id}")
    _back(request, "answer-saved")


# -- deciding ----------------------------------------------------------------------------------------------------------


def _back(request: web.Request, notice: str) -> NoReturn:
    back_to(request, "desk.answer", number=request.match_info["number"], notice=notice)


async def _revision(request: web.Request) -> tuple[AnswerView, int, dict[str, str]]:
    form = await form_of(request)
    return await _one(request), number_in(form.get("revision", "")) or 0, form


@requires(Permission.RADIO_READ)
async def send(request: web.Request) -> web.StreamResponse:
    """POST /desk/answers/NUMBER/send."""
    _check_writes(request)
    seen, revision, _ = await _revision(request)
    try:
        await answers_of(request).send(seen.id, revision=revision, by=editor_of(request))
    except rules.Changed:
        _back(request, "answer-changed")
    except rules.NotNow:
        _back(request, "answer-not-now")
    await audit(request, "answer.send", f"节目答复 {seen.id}")
    _back(request, "answer-sent")


@requires(Permission.RADIO_READ)
async def give_back(request: web.Request) -> web.StreamResponse:
    """POST /desk/answers/NUMBER/back: with a `reason`."""
    _check_writes(request)
    seen, revision, form = await _revision(request)
    try:
        await answers_of(request).give_back(seen.id, form.get("reason", ""), revision=revision, by=editor_of(request))
    except rules.BadFields:
        _back(request, "answer-reason")
    except rules.Changed:
        _back(request, "answer-changed")
    except rules.NotNow:
        _back(request, "answer-not-now")
    await audit(request, "answer.back", f"节目答复 {seen.id}")
    _back(request, "answer-back")


@requires(Permission.KNOWLEDGE_APPROVE)
async def approve(request: web.Request) -> web.StreamResponse:
    """POST /desk/answers/NUMBER/approve."""
    seen, revision, _ = await _revision(request)
    try:
        done = await answers_of(request).approve(seen.id, revision=revision, by=editor_of(request))
    except rules.OwnWork:
        _back(request, "answer-own")
    except rules.Changed:
        _back(request, "answer-changed")
    except rules.NotNow:
        _back(request, "answer-not-now")
    await audit(request, "answer.approve", f"节目答复 {seen.id}", version=done.version)
    _back(request, "answer-approved")


@requires(Permission.KNOWLEDGE_APPROVE)
async def stop(request: web.Request) -> web.StreamResponse:
    """POST /desk/answers/NUMBER/stop: `stopped` on or not."""
    seen, _, form = await _revision(request)
    stopped = form.get("stopped") == "on"
    try:
        await answers_of(request).stop(seen.id, stopped=stopped, by=editor_of(request))
    except rules.NotNow:
        _back(request, "answer-not-now")
    await audit(request, "answer.stop" if stopped else "answer.again", f"节目答复 {seen.id}")
    _back(request, "answer-stopped" if stopped else "answer-again")


_ONE = r"/desk/answers/{number:\d{1,9}}"
ROUTES = (
    web.get("/desk/answers", listed, name="desk.answers"),
    web.get("/desk/answers/new", new, name="desk.answers.new"),
    web.post("/desk/answers/new", write),
    web.get(r"/desk/answers/of/{number:\d{1,9}}", of_programme, name="desk.answers.of"),
    web.get(_ONE, one, name="desk.answer"),
    web.get(_ONE + "/edit", edit, name="desk.answer.edit"),
    web.post(_ONE + "/edit", save),
    web.post(_ONE + "/send", send, name="desk.answer.send"),
    web.post(_ONE + "/back", give_back, name="desk.answer.back"),
    web.post(_ONE + "/approve", approve, name="desk.answer.approve"),
    web.post(_ONE + "/stop", stop, name="desk.answer.stop"),
)
