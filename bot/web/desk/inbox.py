"""听众提问: questions given in chat and typed in from the telephone."""

from __future__ import annotations

from typing import NoReturn

from aiohttp import web

from bot.people.rules import Permission
from bot.radio import rules as radio_rules
from bot.radio.groups.rules import UnknownGroup
from bot.radio.groups.views import Filter
from bot.radio.programme import rules
from bot.radio.programme.inbox import NotGrouped, tags_in
from bot.radio.programme.rules import LIMITS
from bot.radio.programme.views import InboxFilter, InboxView
from bot.web.console import notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.pages import back_to, form_of, number_in, page, page_number
from bot.web.console.periods import period_of
from bot.web.console.words import name_actions
from bot.web.desk import common
from bot.web.desk.common import CHANNELS, STATES, chosen_sheet, programmes, sheet_options, tabs
from bot.web.keys import GROUPS

notices.add(
    {
        "call-kept": "记下来了。",
        "question-edited": "念的话改好了，原话还在。",
        "question-tagged": "标签存好了。",
        "question-grouped": "归到这一组了。",
        "question-declined": "退回了，提问的人能看到理由。",
    }
)
notices.add(
    {
        "question-closed": "这条提问已经不能改了：播过、撤回或者退回了。",
        "question-no-consent": "提问的人不同意念，只能私下答复。",
        "question-not-grouped": "归不了：刚收到的要等半分钟，有隐私的话不归组。",
        "question-no-group": "没有这一组。",
        "question-no-reason": "退回要写理由，提问的人会看到。",
        "question-bad-tags": "最多 8 个标签，每个最多 12 个字。",
        "question-bad": "这样念不合适：太短、太长，或者有不文明的话。",
    },
    bad=True,
)
name_actions(
    {
        "radio.call": "记下来电提问", "radio.edit": "改提问念法", "radio.tag": "给提问加标签", "radio.group": "给提问归组",
        "radio.decline": "退回提问", "radio.select": "提问上节目单",
    }
)  # fmt: skip
PAGE = 30
UNFIT = {
    "empty": "再写完整些，至少四个字。",
    "long": f"太长了，最多 {radio_rules.LONGEST} 个字。",
    "rude": "有不文明的话，改一改。",
    "cheating": "这是教人作假的问题，不收。",
}
NICKNAME = {
    "long": "称呼最多 12 个字。",
    "personal": "称呼里不要有真名和号码，比如“平城区的李先生”。",
    "rude": "这个称呼不文明。",
}
CONSENT = {"air": "可以念", "reply": "只要答复，不念"}
CAME = {"chat": "聊天里给的", "call": "电话打来的"}


@requires(Permission.RADIO_READ)
async def listed(request: web.Request) -> web.StreamResponse:
    """GET /desk/inbox?state=…&tag=…&consent=…&came=…&q=…&sheet=…"""
    return await _list(request)


async def _list(
    request: web.Request, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> web.Response:
    query, number = request.query, page_number(request)
    only = {name: query.get(name, "").strip()[:40] for name in ("state", "tag", "consent", "came", "q")}
    if "state" not in query:
        only["state"] = "open"
    wanted = InboxFilter(only["state"], only["tag"], only["consent"], only["came"], only["q"])
    service = common.inbox(request)
    rows, total = await service.listed(wanted, limit=PAGE, offset=(number - 1) * PAGE)
    sheets = await programmes(request).sheets()
    context = {
        "tabs": tabs(request),
        "rows": rows,
        "total": total,
        "page": number,
        "pages": -(-total // PAGE),
        "only": only,
        "filtered": bool(only["tag"] or only["consent"] or only["came"] or only["q"] or only["state"] != "open"),
        "states": STATES,
        "state_options": [("open", "还没播的"), *STATES.items(), ("", "全部")],
        "tag_options": [("", "全部"), *((tag, f"{tag}（{n}）") for tag, n in await service.tags())],
        "consent_options": [("", "全部"), *CONSENT.items()],
        "came_options": [("", "全部"), *CAME.items()],
        "channels": CHANNELS,
        "sheet": await chosen_sheet(request, sheets),
        "sheets": sheet_options(sheets),
        "typed": typed or {"text": "", "caller": "", "tags": ""},
        "errors": errors or {},
        "limits": LIMITS,
    }
    return await page(request, "desk/inbox.html", context, status=422 if errors else 200)


@requires(Permission.RADIO_EDIT)
async def take_call(request: web.Request) -> web.StreamResponse:
    """POST /desk/inbox: a question that came by telephone."""
    form = await form_of(request)
    typed = {name: form.get(name, "") for name in ("text", "caller", "tags")}
    try:
        tags = tags_in(typed["tags"])
        code = await common.inbox(request).take_call(
            typed["text"], caller=typed["caller"], tags=tags, by=request[STAFF].name
        )
    except radio_rules.NotAsShown as error:
        told = {"text": "有个人信息，已经替你遮住。看看还通不通顺，再存一次。"}
        return await _list(request, typed | {"text": error.text}, told)
    except radio_rules.Unfit as error:
        return await _list(request, typed, {"text": UNFIT[error.why]})
    except radio_rules.BadNickname as error:
        return await _list(request, typed, {"caller": NICKNAME[error.why]})
    except rules.BadFields:
        return await _list(request, typed, {"tags": "最多 8 个标签，每个最多 12 个字。"})
    await audit(request, "radio.call", f"提问 {code}")
    back_to(request, "desk.question", notice="call-kept", code=code)


@requires(Permission.RADIO_READ)
async def question(request: web.Request) -> web.StreamResponse:
    """GET /desk/inbox/CODE?find=…"""
    seen = await _one(request)
    find, period = request.query.get("find", "").strip()[:40], period_of(request, "quarter")[0]
    sheets = await programmes(request).sheets()
    context = {
        "tabs": tabs(request),
        "seen": seen,
        "states": STATES,
        "consents": CONSENT,
        "channels": CHANNELS,
        "find": find,
        "near": await request.app[GROUPS].counted(period, Filter(search=find), limit=10) if find else (),
        "sheet": await chosen_sheet(request, sheets),
        "sheets": sheet_options(sheets),
        "longest": radio_rules.LONGEST,
        "limits": LIMITS,
    }
    return await page(request, "desk/question.html", context)


async def _one(request: web.Request) -> InboxView:
    try:
        return await common.inbox(request).one(request.match_info["code"])
    except radio_rules.UnknownQuestion as error:
        raise web.HTTPNotFound from error


def _back(request: web.Request, notice: str) -> NoReturn:
    back_to(request, "desk.question", code=request.match_info["code"], notice=notice)


@requires(Permission.RADIO_EDIT)
async def edit(request: web.Request) -> web.StreamResponse:
    """POST /desk/inbox/CODE/edit: `text`, as it is read out."""
    code, text = request.match_info["code"], " ".join((await form_of(request)).get("text", "").split())
    try:
        await common.radio(request).edit(code, text)
    except radio_rules.UnknownQuestion as error:
        raise web.HTTPNotFound from error
    except radio_rules.CannotBecome:
        _back(request, "question-closed")
    except radio_rules.Unfit:
        _back(request, "question-bad")
    await audit(request, "radio.edit", f"提问 {code}")
    _back(request, "question-edited")


@requires(Permission.RADIO_EDIT)
async def tag(request: web.Request) -> web.StreamResponse:
    """POST /desk/inbox/CODE/tags: `tags`, between blanks or commas."""
    code = request.match_info["code"]
    try:
        await common.inbox(request).tag(code, tags_in((await form_of(request)).get("tags", "")))
    except radio_rules.UnknownQuestion as error:
        raise web.HTTPNotFound from error
    except rules.BadFields:
        _back(request, "question-bad-tags")
    await audit(request, "radio.tag", f"提问 {code}")
    _back(request, "question-tagged")


@requires(Permission.RADIO_EDIT)
async def put_into(request: web.Request) -> web.StreamResponse:
    """POST /desk/inbox/CODE/group: into the group `group`."""
    code, group = request.match_info["code"], number_in((await form_of(request)).get("group", "")) or 0
    try:
        await common.inbox(request).put_into(code, group)
    except radio_rules.UnknownQuestion as error:
        raise web.HTTPNotFound from error
    except UnknownGroup:
        _back(request, "question-no-group")
    except NotGrouped:
        _back(request, "question-not-grouped")
    await audit(request, "radio.group", f"提问 {code}", group=group)
    _back(request, "question-grouped")


@requires(Permission.RADIO_EDIT)
async def decline(request: web.Request) -> web.StreamResponse:
    """POST /desk/inbox/CODE/decline: with a `reason`, which the asker reads."""
    code, reason = request.match_info["code"], (await form_of(request)).get("reason", "").strip()[: LIMITS["reason"]]
    if not reason:
        _back(request, "question-no-reason")
    try:
        await common.radio(request).decline(code, reason)
    except radio_rules.UnknownQuestion as error:
        raise web.HTTPNotFound from error
    except radio_rules.CannotBecome:
        _back(request, "question-closed")
    await audit(request, "radio.decline", f"提问 {code}")
    _back(request, "question-declined")


@requires(Permission.RADIO_EDIT)
async def put(request: web.Request) -> web.StreamResponse:
    """POST /desk/inbox/CODE/put: onto `sheet`."""
    code, form = request.match_info["code"], await form_of(request)
    sheet, notice = number_in(form.get("sheet", "")) or 0, "put-on"
    try:
        await common.items(request).add_question(sheet, code, by=request[STAFF].name)
    except rules.UnknownItem as error:
        raise web.HTTPNotFound from error
    except (rules.UnknownProgramme, rules.NotToAir):
        notice = "put-on-no-sheet"
    except rules.NotUsable as error:
        notice = "question-no-consent" if error.why == "consent" else "question-closed"
    except rules.OnIt:
        notice = "put-on-before"
    except rules.Full:
        notice = "put-on-full"
    else:
        await audit(request, "radio.select", f"提问 {code}", sheet=sheet)
    if form.get("back") == "list":
        back_to(request, "desk.inbox", notice=notice, query={"sheet": str(sheet)})
    _back(request, notice)


_ONE = "/desk/inbox/{code:[0-9A-Za-z]{4,8}}"
ROUTES = (
    web.get("/desk/inbox", listed, name="desk.inbox"),
    web.post("/desk/inbox", take_call),
    web.get(_ONE, question, name="desk.question"),
    web.post(_ONE + "/edit", edit, name="desk.question.edit"),
    web.post(_ONE + "/tags", tag, name="desk.question.tags"),
    web.post(_ONE + "/group", put_into, name="desk.question.group"),
    web.post(_ONE + "/decline", decline, name="desk.question.decline"),
    web.post(_ONE + "/put", put, name="desk.question.put"),
)
