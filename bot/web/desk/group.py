"""One group of what was asked: its answer, what hands do to it, and onto a sheet."""

from __future__ import annotations

from typing import Any, NoReturn
from urllib.parse import parse_qsl

from aiohttp import web

from bot.people.rules import Permission
from bot.radio.groups import rules
from bot.radio.groups.views import Filter, GroupView
from bot.radio.programme import rules as programme
from bot.web.console import notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.pages import back_to, form_of, number_in, page
from bot.web.console.periods import choice_of, period_of
from bot.web.console.words import name_actions, name_details
from bot.web.desk.answers import answers_of, may_write
from bot.web.desk.common import CHANNELS, chosen_sheet, items, programmes, reading, sheet_options, tabs
from bot.web.keys import GROUPS

notices.add(
    {
        "group-named": "名字改好了。",
        "group-merged": "合成一组了，以后也一直在一起。",
        "group-apart": "分开了。",
        "group-split": "分出来了，以后也一直分开。",
        "group-asked": "已经请编辑写，写好了会出现在这里。",
        "put-on": "放上节目单了。",
    }
)
notices.add(
    {
        "group-merge-no": "合不了：两组各有各的政策主题。",
        "group-split-no": "分不了：要选几种问法，也要留下几种。",
        "group-has-answer": "这一组已经有核对过的答复，不用再请编辑写。",
        "group-asked-before": "已经请过编辑了，还没写好。",
        "put-on-before": "这个问题已经在那张节目单上。",
        "put-on-full": "那张节目单已经满了。",
        "put-on-no-sheet": "没有那张节目单，先建一张。",
    },
    bad=True,
)
name_actions(
    {
        "radio.name": "改问题的名字", "radio.merge": "合并问题", "radio.apart": "拆开合并的问题", "radio.split": "分出问题",
        "radio.ask": "请编辑写答复", "radio.put": "放上节目单",
    }
)  # fmt: skip
name_details({"group": "问题组", "sheet": "节目单", "wordings": "问法数"})
LONGEST_NAME = 60


@requires(Permission.RADIO_READ)
async def group(request: web.Request) -> web.StreamResponse:
    """GET /desk/groups/NUMBER?period=…&find=…"""
    period, wrong = period_of(request, "month")
    number, service = int(request.match_info["number"]), request.app[GROUPS]
    try:
        seen = await service.group(number, period)
    except rules.UnknownGroup as error:
        raise web.HTTPNotFound from error
    if seen.count.id != number:
        back_to(request, "desk.group", number=seen.count.id, query=dict(request.query))
    find = request.query.get("find", "").strip()[:40]
    near = await service.counted(period, Filter(search=find), limit=10) if find else ()
    sheets = await programmes(request).sheets()
    context = {
        **choice_of(request, period, wrong),
        "usual": "" if request.query.get("from") or request.query.get("to") else "month",
        "tabs": tabs(request),
        "seen": seen,
        "times": _times(request, seen),
        "channel_name": lambda name: CHANNELS.get(name, name),
        "find": find,
        "near": [one for one in near if one.id != number],
        "on": await programmes(request).with_group(number),
        "sheets": sheet_options(sheets),
        "sheet": await chosen_sheet(request, sheets),
        "undo": _undo(request),
        "longest_name": LONGEST_NAME,
        "said": await answers_of(request).of_group(number),
        "writes": may_write(request),
    }
    return await page(request, "desk/group.html", context, status=422 if wrong else 200)


def _times(request: web.Request, seen: GroupView) -> dict[str, str]:
    """How long the spoken forms take to read out."""
    answer = seen.answer
    return {name: reading(request, getattr(answer, name) or "") for name in ("s30", "s60")} if answer else {}


def _undo(request: web.Request) -> dict[str, Any] | None:
    """What the last press did, to be undone with another: a path below the group and a form's fields."""
    query, which = request.query, number_in(request.query.get("which", ""))
    match query.get("undo", ""):
        case "name":
            return {"group": request.match_info["number"], "does": "name", "fields": {"name": query.get("was", "")}}
        case "merge" if which:
            return {"group": which, "does": "apart", "fields": {}}
        case "split" if which:
            return {"group": which, "does": "merge", "fields": {"gone": request.match_info["number"]}}
    return None


def _back(request: web.Request, number: int, notice: str, **query: str) -> NoReturn:
    back_to(request, "desk.group", number=number, notice=notice, query=query)


@requires(Permission.RADIO_EDIT)
async def name(request: web.Request) -> web.StreamResponse:
    """POST /desk/groups/NUMBER/name: `name`, empty for what it is called by itself."""
    number, wanted = int(request.match_info["number"]), (await form_of(request)).get("name", "").strip()[:LONGEST_NAME]
    service = request.app[GROUPS]
    try:
        was = await service.rename(number, wanted)
    except rules.UnknownGroup as error:
        raise web.HTTPNotFound from error
    await audit(request, "radio.name", f"问题组 {number}")
    _back(request, number, "group-named", undo="name", was=was or "")


@requires(Permission.RADIO_EDIT)
async def merge(request: web.Request) -> web.StreamResponse:
    """POST /desk/groups/NUMBER/merge: the group `gone` is put into this one."""
    number, gone = int(request.match_info["number"]), number_in((await form_of(request)).get("gone", "")) or 0
    try:
        kept = await request.app[GROUPS].merge(number, gone)
    except rules.UnknownGroup as error:
        raise web.HTTPNotFound from error
    except rules.CannotMerge:
        _back(request, number, "group-merge-no")
    other = gone if kept == number else number
    await audit(request, "radio.merge", f"问题组 {kept}", group=other)
    _back(request, kept, "group-merged", undo="merge", which=str(other))


@requires(Permission.RADIO_EDIT)
async def apart(request: web.Request) -> web.StreamResponse:
    """POST /desk/groups/NUMBER/apart: out of the group that it was put into."""
    number = int(request.match_info["number"])
    try:
        await request.app[GROUPS].take_apart(number)
    except (rules.UnknownGroup, rules.NotMerged) as error:
        raise web.HTTPNotFound from error
    await audit(request, "radio.apart", f"问题组 {number}")
    _back(request, number, "group-apart")


@requires(Permission.RADIO_EDIT)
async def split(request: web.Request) -> web.StreamResponse:
    """POST /desk/groups/NUMBER/split: the wordings `key` become a group of their own."""
    number, posted = int(request.match_info["number"]), await request.post()
    keys = [key for key in posted.getall("key", []) if isinstance(key, str)]
    try:
        made = await request.app[GROUPS].split(number, keys)
    except rules.UnknownGroup as error:
        raise web.HTTPNotFound from error
    except rules.CannotSplit:
        _back(request, number, "group-split-no")
    await audit(request, "radio.split", f"问题组 {number}", group=made, wordings=len(keys))
    _back(request, made, "group-split", undo="split", which=str(number))


@requires(Permission.RADIO_EDIT)
async def ask(request: web.Request) -> web.StreamResponse:
    """POST /desk/groups/NUMBER/request: ask the editors for an answer."""
    number, note = int(request.match_info["number"]), (await form_of(request)).get("note", "").strip()[:500]
    try:
        await request.app[GROUPS].request_answer(number, by=request[STAFF].name, note=note or None)
    except rules.UnknownGroup as error:
        raise web.HTTPNotFound from error
    except rules.HasAnswer:
        _back(request, number, "group-has-answer")
    except rules.AlreadyRequested:
        _back(request, number, "group-asked-before")
    await audit(request, "radio.ask", f"问题组 {number}")
    _back(request, number, "group-asked")


@requires(Permission.RADIO_EDIT)
async def put(request: web.Request) -> web.StreamResponse:
    """POST /desk/groups/NUMBER/put: onto `sheet`; `back` is `list` where it was pressed in the list."""
    number, form = int(request.match_info["number"]), await form_of(request)
    sheet, notice = number_in(form.get("sheet", "")) or 0, "put-on"
    try:
        await items(request).add_group(sheet, number, by=request[STAFF].name)
    except programme.UnknownItem as error:
        raise web.HTTPNotFound from error
    except programme.UnknownProgramme:
        notice = "put-on-no-sheet"
    except programme.OnIt:
        notice = "put-on-before"
    except programme.Full:
        notice = "put-on-full"
    else:
        await audit(request, "radio.put", f"节目单 {sheet}", group=number)
    if form.get("back") == "list":
        query = _asked_before(form.get("query", "")) | {"sheet": str(sheet), "notice": notice}
        raise web.HTTPSeeOther(request.app.router["desk"].url_for().with_query(query).with_fragment(f"group-{number}"))
    _back(request, number, notice, sheet=str(sheet))


def _asked_before(query: str) -> dict[str, str]:
    """What the list was asked for, as its address had it."""
    return {name: value for name, value in parse_qsl(query)[:12] if name != "notice"}


_ONE = r"/desk/groups/{number:\d{1,9}}"
ROUTES = (
    web.get(_ONE, group, name="desk.group"),
    web.post(_ONE + "/name", name, name="desk.group.name"),
    web.post(_ONE + "/merge", merge, name="desk.group.merge"),
    web.post(_ONE + "/apart", apart, name="desk.group.apart"),
    web.post(_ONE + "/split", split, name="desk.group.split"),
    web.post(_ONE + "/request", ask, name="desk.group.request"),
    web.post(_ONE + "/put", put, name="desk.group.put"),
)
