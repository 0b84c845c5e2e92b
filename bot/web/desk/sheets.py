"""节目单: the list, one sheet with everything on it, and what is taken away of it."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

from aiohttp import web

from bot.clock import today
from bot.people.rules import Permission
from bot.radio.programme import rules
from bot.radio.programme.papers import sheet_docx, sheet_name, sheet_text
from bot.radio.programme.speech import minutes_said
from bot.radio.programme.views import SheetView
from bot.web.console import notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.figures import DOCX
from bot.web.console.pages import back_to, form_of, number_in, page
from bot.web.console.words import name_actions
from bot.web.desk.common import measures, programmes, sheet_options, tabs, words_for
from bot.web.keys import CLOCK

notices.add(
    {
        "sheet-made": "节目单建好了，把问题放上来吧。",
        "sheet-saved": "节目单存好了。",
        "sheet-copied": "复制好了，改改日期和嘉宾。",
        "sheet-templated": "存成模板了，下次新建时可以选。",
        "sheet-away": "收进存档了，在“存档”里还能找到。",
        "sheet-back": "从存档里拿出来了。",
    }
)
name_actions(
    {
        "sheet.make": "建节目单", "sheet.change": "改节目单", "sheet.archive": "存档节目单", "sheet.restore": "取出节目单",
        "sheet.download": "下载节目单",
    }
)  # fmt: skip
_A_WEEK = timedelta(weeks=1)
KINDS = {"coming": "要播的", "past": "播过的", "templates": "模板", "archived": "存档"}
FIELDS = ("title", "day", "minutes", "guest", "note", "from")


@requires(Permission.RADIO_READ)
async def listed(request: web.Request) -> web.StreamResponse:
    """GET /desk/sheets?kind=…"""
    kind = request.query.get("kind", "coming")
    if kind not in KINDS:
        raise web.HTTPNotFound
    rows = await programmes(request).sheets(kind)
    return await page(request, "desk/sheets.html", {"tabs": tabs(request), "rows": rows, "kinds": KINDS, "kind": kind})


# -- making one and changing it ----------------------------------------------------------------------------------------


async def _form(
    request: web.Request,
    typed: dict[str, str],
    *,
    template: bool = False,
    sheet: SheetView | None = None,
    version: int = 0,
    errors: dict[str, str] | None = None,
    theirs: SheetView | None = None,
) -> web.Response:
    service = programmes(request)
    guests = await service.guests()
    offered = [("", "还没定"), *((str(one.id), one.said) for one in guests)]
    if sheet and sheet.guest and all(one.id != sheet.guest.id for one in guests):
        offered.append((str(sheet.guest.id), sheet.guest.said))
    context = {
        "tabs": tabs(request),
        "typed": typed,
        "template": template,
        "sheet": sheet,
        "version": version,
        "errors": errors or {},
        "theirs": theirs,
        "guests": offered,
        "sources": [("", "空的"), *sheet_options(await service.sheets("templates"))],
    }
    return await page(request, "desk/sheet_form.html", context, status=422 if errors or theirs else 200)


@requires(Permission.RADIO_EDIT)
async def new(request: web.Request) -> web.StreamResponse:
    """GET /desk/sheets/new?template=on"""
    day = "" if request.query.get("template") else (today(request.app[CLOCK])).isoformat()
    typed = dict.fromkeys(FIELDS, "") | {"title": rules.TITLE, "minutes": str(rules.MINUTES), "day": day}
    return await _form(request, typed, template=bool(request.query.get("template")))


@requires(Permission.RADIO_EDIT)
async def make(request: web.Request) -> web.StreamResponse:
    """POST /desk/sheets/new."""
    form = await form_of(request)
    typed, template = {name: form.get(name, "") for name in FIELDS}, form.get("template") == "on"
    try:
        number = await programmes(request).make(typed, by=request[STAFF].name, template=template)
    except rules.BadFields as error:
        return await _form(request, typed, template=template, errors=words_for(error.errors))
    except rules.UnknownProgramme:
        return await _form(request, typed, template=template, errors={"from": "没有这个模板，重新选一个。"})
    await audit(request, "sheet.make", f"节目单 {number}")
    back_to(request, "desk.sheet", number=number, notice="sheet-made")


@requires(Permission.RADIO_EDIT)
async def copy(request: web.Request) -> web.StreamResponse:
    """POST /desk/sheets/NUMBER/copy: as a sheet of the `day` given, or as a template (`template` on)."""
    found, form = await sheet_of(request), await form_of(request)
    template = form.get("template") == "on"
    day = rules.day_of(form.get("day", "")) or today(request.app[CLOCK])
    typed = typed_of(found) | {"day": day.isoformat(), "from": str(found.id)}
    number = await programmes(request).make(typed, by=request[STAFF].name, template=template)
    await audit(request, "sheet.make", f"节目单 {number}")
    back_to(request, "desk.sheet", number=number, notice="sheet-templated" if template else "sheet-copied")


@requires(Permission.RADIO_EDIT)
async def edit(request: web.Request) -> web.StreamResponse:
    """GET /desk/sheets/NUMBER/edit."""
    found = await sheet_of(request)
    return await _form(request, typed_of(found), template=found.template, sheet=found, version=found.version)


@requires(Permission.RADIO_EDIT)
async def change(request: web.Request) -> web.StreamResponse:
    """POST /desk/sheets/NUMBER/edit: as it was seen in `version`."""
    found, form = await sheet_of(request), await form_of(request)
    typed, version = {name: form.get(name, "") for name in FIELDS}, number_in(form.get("version", "")) or 0
    shown = {"template": found.template, "sheet": found}
    try:
        await programmes(request).change(found.id, typed, version=version, by=request[STAFF].name)
    except rules.BadFields as error:
        return await _form(request, typed, **shown, version=version, errors=words_for(error.errors))
    except rules.Changed as error:
        theirs = error.now if isinstance(error.now, SheetView) else found
        return await _form(request, typed, **shown, version=theirs.version, theirs=theirs)
    await audit(request, "sheet.change", f"节目单 {found.id}")
    back_to(request, "desk.sheet", number=found.id, notice="sheet-saved")


def typed_of(sheet: SheetView) -> dict[str, str]:
    """A sheet as its form has it."""
    return {
        "title": sheet.title,
        "day": sheet.day.isoformat() if sheet.day else "",
        "minutes": str(sheet.minutes),
        "guest": str(sheet.guest.id) if sheet.guest else "",
        "note": sheet.note,
        "from": "",
    }


@requires(Permission.RADIO_EDIT)
async def put_away(request: web.Request) -> web.StreamResponse:
    """POST /desk/sheets/NUMBER/archive: `away` on or not."""
    found, away = await sheet_of(request), (await form_of(request)).get("away") == "on"
    await programmes(request).put_away(found.id, away=away)
    await audit(request, "sheet.archive" if away else "sheet.restore", f"节目单 {found.id}")
    back_to(request, "desk.sheet", number=found.id, notice="sheet-away" if away else "sheet-back")


# -- one sheet ---------------------------------------------------------------------------------------------------------


@requires(Permission.RADIO_READ)
async def sheet(request: web.Request) -> web.StreamResponse:
    """GET /desk/sheets/NUMBER."""
    return await show(request, await sheet_of(request))


async def show(
    request: web.Request,
    found: SheetView,
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    *,
    lost: bool = False,
) -> web.Response:
    """A sheet; `typed` and `errors` of an item that could not be added, `lost` where it was taken off meanwhile."""
    context = {
        "tabs": tabs(request),
        "sheet": found,
        "said": minutes_said,
        "speed": measures(request).speed,
        "weeks": measures(request).weeks,
        "next_day": ((found.day or today(request.app[CLOCK])) + _A_WEEK).isoformat(),
        "typed": typed or {"wording": "", "script": "", "source_line": ""},
        "errors": errors or {},
        "lost": lost,
    }
    return await page(request, "desk/sheet.html", context, status=422 if errors or lost else 200)


async def sheet_of(request: web.Request) -> SheetView:
    """The sheet that the path names. Raises HTTPNotFound."""
    try:
        return await programmes(request).sheet(int(request.match_info["number"]))
    except rules.UnknownProgramme as error:
        raise web.HTTPNotFound from error


# -- to take away ------------------------------------------------------------------------------------------------------


@requires(Permission.RADIO_READ)
async def download(request: web.Request) -> web.StreamResponse:
    """GET /desk/sheets/NUMBER.docx and .txt."""
    found, form = await sheet_of(request), request.match_info["form"]
    body = sheet_docx(found) if form == "docx" else sheet_text(found).encode("utf-8-sig")
    await audit(request, "sheet.download", f"节目单 {found.id}")
    name = f"{sheet_name(found)}.{form}".replace("/", "-")
    disposition = f"attachment; filename=\"sheet.{form}\"; filename*=UTF-8''{quote(name, safe='')}"
    kind = {"content_type": DOCX} if form == "docx" else {"content_type": "text/plain", "charset": "utf-8"}
    return web.Response(body=body, headers={"Content-Disposition": disposition}, **kind)


_ONE = r"/desk/sheets/{number:\d{1,9}}"
ROUTES = (
    web.get("/desk/sheets", listed, name="desk.sheets"),
    web.get("/desk/sheets/new", new, name="desk.sheets.new"),
    web.post("/desk/sheets/new", make),
    web.get(_ONE, sheet, name="desk.sheet"),
    web.get(_ONE + "/edit", edit, name="desk.sheet.edit"),
    web.post(_ONE + "/edit", change),
    web.post(_ONE + "/copy", copy, name="desk.sheet.copy"),
    web.post(_ONE + "/archive", put_away, name="desk.sheet.archive"),
    web.get(_ONE + ".{form:docx|txt}", download, name="desk.sheet.file"),
)
