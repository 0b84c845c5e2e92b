"""The items of a running sheet: added, moved, edited, brought up to date, taken off."""

from __future__ import annotations

from typing import NoReturn

from aiohttp import web

from bot.people.rules import Permission
from bot.radio.programme import rules
from bot.radio.programme.items import TEXTS
from bot.radio.programme.rules import LIMITS
from bot.radio.programme.speech import minutes_said
from bot.radio.programme.views import ItemView
from bot.web.console import notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.pages import form_of, number_in, page
from bot.web.console.words import name_actions, name_details
from bot.web.desk import common
from bot.web.desk.common import measures, tabs, words_for
from bot.web.desk.sheets import sheet_of, show

notices.add(
    {
        "item-added": "加上了。",
        "item-saved": "存好了。",
        "item-off": "拿掉了，在最下面还能放回来。",
        "item-back": "放回来了。",
        "item-updated": "换成现在的口播稿了，原来的在“改”里还能换回来。",
        "item-swapped": "换回来了。",
    }
)
notices.add(
    {
        "item-no-answer": "这一条没有能念的答复：还没有人写，或者已经到期。",
        "item-changed": "别人刚改过这一条，看一眼再按。",
        "item-on-air": "播过的不能拿掉；记错了，先撤销“已播”。",
        "item-full": "一张节目单最多 60 条。",
    },
    bad=True,
)
name_actions(
    {
        "item.add": "节目单加一条", "item.edit": "改节目单的一条", "item.update": "更新口播稿", "item.off": "节目单拿掉一条",
        "item.back": "节目单放回一条",
    }
)  # fmt: skip
name_details({"item": "第几条"})


def _back(request: web.Request, notice: str = "", item: int | None = None) -> NoReturn:
    """To the sheet, at the item."""
    url = request.app.router["desk.sheet"].url_for(number=request.match_info["number"])
    url = url.with_query({"notice": notice}) if notice else url
    raise web.HTTPSeeOther(url.with_fragment(f"item-{item}") if item else url)


def _numbers(request: web.Request) -> tuple[int, int]:
    return int(request.match_info["number"]), int(request.match_info["item"])


@requires(Permission.RADIO_EDIT)
async def add(request: web.Request) -> web.StreamResponse:
    """POST /desk/sheets/NUMBER/items: something that the host wrote."""
    found, form = await sheet_of(request), await form_of(request)
    typed = {name: form.get(name, "") for name in TEXTS}
    try:
        item = await common.items(request).add_own(found.id, typed, by=request[STAFF].name)
    except rules.BadFields as error:
        return await show(request, found, typed, words_for(error.errors))
    except rules.Full:
        return await show(request, found, typed, {"wording": "一张节目单最多 60 条。"})
    await audit(request, "item.add", f"节目单 {found.id}", item=item)
    _back(request, "item-added", item)


@requires(Permission.RADIO_READ)
async def item(request: web.Request) -> web.StreamResponse:
    """GET /desk/sheets/NUMBER/items/ITEM."""
    found = await _item(request)
    typed = {"wording": found.heading, "script": found.script, "source_line": found.source_line}
    return await _form(request, found, typed, version=found.version)


async def _form(
    request: web.Request,
    found: ItemView,
    typed: dict[str, str],
    *,
    version: int,
    errors: dict[str, str] | None = None,
    theirs: ItemView | None = None,
) -> web.Response:
    context = {
        "tabs": tabs(request),
        "sheet": int(request.match_info["number"]),
        "item": found,
        "typed": typed,
        "version": version,
        "errors": errors or {},
        "theirs": theirs,
        "limits": LIMITS,
        "said": minutes_said,
        "speed": measures(request).speed,
    }
    return await page(request, "desk/item.html", context, status=422 if errors or theirs else 200)


async def _item(request: web.Request) -> ItemView:
    try:
        return await common.items(request).item(*_numbers(request))
    except (rules.UnknownProgramme, rules.UnknownItem) as error:
        raise web.HTTPNotFound from error


@requires(Permission.RADIO_EDIT)
async def edit(request: web.Request) -> web.StreamResponse:
    """POST /desk/sheets/NUMBER/items/ITEM: as it was seen in `version`. What somebody else wrote meanwhile is shown beside."""
    (sheet, number), form = _numbers(request), await form_of(request)
    typed, version = {name: form.get(name, "") for name in TEXTS}, number_in(form.get("version", "")) or 0
    try:
        await common.items(request).edit(sheet, number, typed, version=version, by=request[STAFF].name)
    except rules.UnknownItem:
        return await show(request, await sheet_of(request), typed, lost=True)
    except rules.BadFields as error:
        return await _form(request, await _item(request), typed, version=version, errors=words_for(error.errors))
    except rules.Changed as error:
        if not isinstance(error.now, ItemView):
            return await show(request, await sheet_of(request), typed, lost=True)
        return await _form(request, error.now, typed, version=error.now.version, theirs=error.now)
    await audit(request, "item.edit", f"节目单 {sheet}", item=number)
    _back(request, "item-saved", number)


@requires(Permission.RADIO_EDIT)
async def take_form(request: web.Request) -> web.StreamResponse:
    """POST /desk/sheets/NUMBER/items/ITEM/form: the spoken form `form` of the answer as it is now."""
    (sheet, number), form = _numbers(request), await form_of(request)
    notice = "item-updated"
    try:
        await common.items(request).take_form(
            sheet, number, form.get("form", ""), version=number_in(form.get("version", "")) or 0, by=request[STAFF].name
        )
    except rules.UnknownItem as error:
        raise web.HTTPNotFound from error
    except rules.NoAnswer:
        notice = "item-no-answer"
    except rules.Changed:
        notice = "item-changed"
    else:
        await audit(request, "item.update", f"节目单 {sheet}", item=number)
    _back(request, notice, number)


@requires(Permission.RADIO_EDIT)
async def script_back(request: web.Request) -> web.StreamResponse:
    """POST /desk/sheets/NUMBER/items/ITEM/script-back: the script before the present one."""
    (sheet, number), form = _numbers(request), await form_of(request)
    notice = "item-swapped"
    try:
        await common.items(request).script_back(
            sheet, number, version=number_in(form.get("version", "")) or 0, by=request[STAFF].name
        )
    except rules.UnknownItem as error:
        raise web.HTTPNotFound from error
    except rules.Changed:
        notice = "item-changed"
    else:
        await audit(request, "item.edit", f"节目单 {sheet}", item=number)
    _back(request, notice, number)


@requires(Permission.RADIO_EDIT)
async def move(request: web.Request) -> web.StreamResponse:
    """POST /desk/sheets/NUMBER/items/ITEM/move: by `steps`, up where fewer than 0."""
    sheet, number = _numbers(request)
    said = (await form_of(request)).get("steps", "")
    steps = number_in(said.removeprefix("-")) or 0
    try:
        await common.items(request).move(sheet, number, -steps if said.startswith("-") else steps)
    except (rules.UnknownProgramme, rules.UnknownItem) as error:
        raise web.HTTPNotFound from error
    _back(request, item=number)


@requires(Permission.RADIO_EDIT)
async def take_off(request: web.Request) -> web.StreamResponse:
    """POST /desk/sheets/NUMBER/items/ITEM/off."""
    sheet, number = _numbers(request)
    try:
        await common.items(request).take_off(sheet, number)
    except (rules.UnknownProgramme, rules.UnknownItem) as error:
        raise web.HTTPNotFound from error
    except rules.NotToAir:
        _back(request, "item-on-air", number)
    await audit(request, "item.off", f"节目单 {sheet}", item=number)
    _back(request, "item-off")


@requires(Permission.RADIO_EDIT)
async def put_back(request: web.Request) -> web.StreamResponse:
    """POST /desk/sheets/NUMBER/items/ITEM/back."""
    sheet, number = _numbers(request)
    try:
        await common.items(request).put_back(sheet, number)
    except (rules.UnknownProgramme, rules.UnknownItem) as error:
        raise web.HTTPNotFound from error
    except rules.Full:
        _back(request, "item-full")
    await audit(request, "item.back", f"节目单 {sheet}", item=number)
    _back(request, "item-back", number)


_ITEMS = r"/desk/sheets/{number:\d{1,9}}/items"
_ONE = _ITEMS + r"/{item:\d{1,9}}"
ROUTES = (
    web.post(_ITEMS, add, name="desk.items"),
    web.get(_ONE, item, name="desk.item"),
    web.post(_ONE, edit),
    web.post(_ONE + "/form", take_form, name="desk.item.form"),
    web.post(_ONE + "/script-back", script_back, name="desk.item.script_back"),
    web.post(_ONE + "/move", move, name="desk.item.move"),
    web.post(_ONE + "/off", take_off, name="desk.item.off"),
    web.post(_ONE + "/back", put_back, name="desk.item.back"),
)
