"""直播: what comes in while a programme is on air, what the host is sent, and what the two write to each other.

Each part of a page is a block with a template of its own. The page shows them all; a script of ours reads `events` and
swaps those that changed. What changed is read from the tables, so it does not matter which gateway a page hangs on.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp_jinja2
from aiohttp import web

from bot.people.rules import Permission
from bot.radio.live import rules
from bot.radio.live.rules import Side
from bot.radio.live.service import Live
from bot.radio.programme.rules import Full, NotUsable, UnknownItem
from bot.radio.programme.views import SheetView
from bot.web.console import notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.pages import form_of, moment, number_in, page
from bot.web.console.reception import stream
from bot.web.console.words import name_actions
from bot.web.desk.common import measures, programmes, tabs
from bot.web.desk.sheets import sheet_of
from bot.web.keys import CLOCK, SESSIONS

TEXTS = {
    "live-on": "开播了，听众可以提问。",
    "live-off": "下播了。嘉宾说了什么，可以趁热记下来。",
    "live-open": "接着收提问。小同会告诉听众现在能问。",
    "live-closed": "不收了。小同会告诉听众留给下一期。",
    "live-sent": "送给主持人了。",
    "live-back": "拿回来了，主持人那边看不到了。",
    "live-written": "发过去了。",
    "live-aired": "记下了，播过了。",
    "live-not-aired": "撤销了，还没播。",
}
WRONG = {
    "live-not": "现在不在直播。",
    "live-another": "另一期节目正在直播，先让它下播。",
    "live-no-air": "模板和存档的节目单不能开播。",
    "live-gone": "这一条已经不在了：听众撤回了，或者别人刚拿掉。",
    "live-unusable": "这个问题不能念：本人撤回了，或者只要答复、不让念。",
    "live-full": "节目单满了，先拿掉几条。",
    "live-empty": "写点什么再发。",
    "live-long": f"太长了，{rules.LONGEST_NOTE} 个字以内。",
}
notices.add(TEXTS)
notices.add(WRONG, bad=True)
name_actions(
    {
        "live.on": "开播", "live.off": "下播", "live.questions": "直播收不收提问", "live.send": "送给主持人",
        "live.back": "从主持人那里拿回", "live.aired": "直播记已播",
    }
)  # fmt: skip
BLOCKS: dict[Side, tuple[str, ...]] = {
    "producer": ("status", "incoming", "sent", "notes"),
    "host": ("status", "sent", "notes"),
}
Send = Callable[[str, str, str], Awaitable[None]]


def live_of(request: web.Request) -> Live:
    """Programmes on air."""
    return Live(request.app[SESSIONS], request.app[CLOCK], measures(request))


# -- pages -------------------------------------------------------------------------------------------------------------


@requires(Permission.RADIO_LIVE)
async def listed(request: web.Request) -> web.StreamResponse:
    """GET /desk/live: what is on air, and what can be."""
    context = {
        "tabs": tabs(request),
        "on_air": await live_of(request).on_air(),
        "rows": await programmes(request).sheets(),
        "past": (await programmes(request).sheets("past"))[:5],
    }
    return await page(request, "desk/live_list.html", context)


@requires(Permission.RADIO_LIVE)
async def producer(request: web.Request) -> web.StreamResponse:
    """GET /desk/live/NUMBER: the producer's page."""
    return await _shown(request, "producer")


@requires(Permission.RADIO_LIVE)
async def host(request: web.Request) -> web.StreamResponse:
    """GET /desk/live/NUMBER/host: the host's page, which has nothing but what was sent."""
    return await _shown(request, "host")


async def _shown(request: web.Request, side: Side) -> web.Response:
    sheet = await sheet_of(request)
    context = await _blocks(request, sheet, side)
    marks = {name: _mark(await _rendered(request, name, context)) for name in BLOCKS[side]}
    template = "desk/live.html" if side == "producer" else "desk/live_host.html"
    seen = {"tabs": tabs(request), "mark": _said(marks), "longest": rules.LONGEST_NOTE}
    return await page(request, template, {**context, **seen})


async def _blocks(request: web.Request, sheet: SheetView, side: Side) -> dict[str, Any]:
    """What the blocks of a page show."""
    live = live_of(request)
    sent = await live.sent(sheet.id)
    had = {one.item.id for one in sent}
    return {
        "sheet": sheet,
        "side": side,
        "show": await live.show(sheet.id),
        "sent": sent,
        "planned": [one for one in sheet.items if one.id not in had and not one.gone and one.aired_at is None],
        "incoming": await live.incoming(sheet.id) if side == "producer" else (),
        "notes": await live.notes(sheet.id),
    }


async def _rendered(request: web.Request, name: str, context: dict[str, Any]) -> str:
    shell = {
        "url": lambda route, /, **parts: request.app.router[route].url_for(**{k: str(v) for k, v in parts.items()}),
        "moment": moment,
    }
    return await aiohttp_jinja2.render_string_async(f"desk/live_{name}.html", request, {**shell, **context})


def _mark(html: str) -> str:
    return hashlib.sha256(html.encode()).hexdigest()[:12]


def _said(marks: dict[str, str]) -> str:
    """The marks of all blocks, as a browser gives them back when its line was cut."""
    return ".".join(f"{name}:{mark}" for name, mark in marks.items())


def _read(said: str) -> dict[str, str]:
    return dict(part.split(":", 1) for part in said.split(".") if ":" in part)


# -- live --------------------------------------------------------------------------------------------------------------


@requires(Permission.RADIO_LIVE, unasked=True)
async def events(request: web.Request) -> web.StreamResponse:
    """GET /desk/live/NUMBER/events?side=…&seen=…: blocks that changed since `seen`, or since the line was cut."""
    side: Side = "host" if request.query.get("side") == "host" else "producer"
    await sheet_of(request)  # no such programme: no line
    said = request.headers.get("Last-Event-ID") or request.query.get("seen", "")
    marks = {name: _read(said).get(name, "") for name in BLOCKS[side]}

    async def look(send: Send) -> None:
        context = await _blocks(request, await sheet_of(request), side)
        for name in BLOCKS[side]:
            html = await _rendered(request, name, context)
            if (mark := _mark(html)) != marks[name]:
                marks[name] = mark
                await send("block", json.dumps({"name": name, "html": html}, ensure_ascii=False), _said(marks))

    return await stream(request, look)


# -- what is pressed ---------------------------------------------------------------------------------------------------


def _done(request: web.Request, side: str, notice: str) -> web.Response:
    """Back to the page; a script is told in a word."""
    if request.headers.get("X-Requested-With") == "fetch":
        return web.Response(status=409, text=WRONG[notice]) if notice in WRONG else web.Response(status=204)
    name = "desk.live.host" if side == "host" else "desk.live.show"
    url = request.app.router[name].url_for(number=request.match_info["number"])
    raise web.HTTPSeeOther(url.with_query(notice=notice))


async def _why_not(job: Awaitable[object]) -> str:
    """Do something; why it cannot be, empty where it was done."""
    try:
        await job
    except rules.NotOnAir:
        return "live-not"
    except rules.AnotherOnAir:
        return "live-another"
    except rules.NotToAir:
        return "live-no-air"
    except (rules.NothingCame, UnknownItem):
        return "live-gone"
    except NotUsable:
        return "live-unusable"
    except Full:
        return "live-full"
    except rules.BadNote as error:
        return f"live-{error.why}"
    return ""


def _number(request: web.Request) -> int:
    return int(request.match_info["number"])


@requires(Permission.RADIO_LIVE)
async def air(request: web.Request) -> web.StreamResponse:
    """POST /desk/live/NUMBER/air: `on` on or not."""
    number, on = _number(request), (await form_of(request)).get("on") == "on"
    live, by = live_of(request), request[STAFF].name
    await sheet_of(request)
    wrong = await _why_not(live.go_on(number, by=by) if on else live.go_off(number, by=by))
    if not wrong:
        await audit(request, "live.on" if on else "live.off", f"节目单 {number}")
    return _done(request, "producer", wrong or ("live-on" if on else "live-off"))


@requires(Permission.RADIO_LIVE)
async def questions(request: web.Request) -> web.StreamResponse:
    """POST /desk/live/NUMBER/questions: `open` on or not."""
    number, open_ = _number(request), (await form_of(request)).get("open") == "on"
    await sheet_of(request)
    wrong = await _why_not(live_of(request).take_questions(number, open_=open_, by=request[STAFF].name))
    if not wrong:
        await audit(request, "live.questions", f"节目单 {number}", open=open_)
    return _done(request, "producer", wrong or ("live-open" if open_ else "live-closed"))


@requires(Permission.RADIO_LIVE)
async def send(request: web.Request) -> web.StreamResponse:
    """POST /desk/live/NUMBER/send: a `group`, a listener's `question`, or an `item` of the sheet."""
    number, form = _number(request), await form_of(request)
    live, by = live_of(request), request[STAFF].name
    await sheet_of(request)
    if code := form.get("question"):
        job = live.send_question(number, code, by=by)
    elif (item := number_in(form.get("item", ""))) is not None:
        job = live.send_item(number, item, by=by)
    else:
        job = live.send_group(number, number_in(form.get("group", "")) or 0, by=by)
    if not (wrong := await _why_not(job)):
        await audit(request, "live.send", f"节目单 {number}")
    return _done(request, "producer", wrong or "live-sent")


@requires(Permission.RADIO_LIVE)
async def back(request: web.Request) -> web.StreamResponse:
    """POST /desk/live/NUMBER/back: an `item` is taken back from the host."""
    number, form = _number(request), await form_of(request)
    await sheet_of(request)
    wrong = await _why_not(live_of(request).take_back(number, number_in(form.get("item", "")) or 0))
    if not wrong:
        await audit(request, "live.back", f"节目单 {number}")
    return _done(request, "producer", wrong or "live-back")


@requires(Permission.RADIO_LIVE)
async def aired(request: web.Request) -> web.StreamResponse:
    """POST /desk/live/NUMBER/aired: an `item` was on air (`aired` on), or was not after all."""
    number, form = _number(request), await form_of(request)
    item, yes, side = number_in(form.get("item", "")) or 0, form.get("aired") == "on", form.get("side", "")
    await sheet_of(request)
    wrong = await _why_not(live_of(request).aired(number, item, aired=yes, by=request[STAFF].name))
    if not wrong:
        await audit(request, "live.aired", f"节目单 {number}", item=item)
    return _done(request, side, wrong or ("live-aired" if yes else "live-not-aired"))


@requires(Permission.RADIO_LIVE)
async def write(request: web.Request) -> web.StreamResponse:
    """POST /desk/live/NUMBER/notes: `text` to the other side."""
    number, form = _number(request), await form_of(request)
    side: Side = "host" if form.get("side") == "host" else "producer"
    await sheet_of(request)
    wrong = await _why_not(live_of(request).write(number, side, form.get("text", ""), by=request[STAFF].name))
    return _done(request, side, wrong or "live-written")


_ONE = r"/desk/live/{number:\d{1,9}}"
ROUTES = (
    web.get("/desk/live", listed, name="desk.live"),
    web.get(_ONE, producer, name="desk.live.show"),
    web.get(_ONE + "/host", host, name="desk.live.host"),
    web.get(_ONE + "/events", events, name="desk.live.events"),
    web.post(_ONE + "/air", air, name="desk.live.air"),
    web.post(_ONE + "/questions", questions, name="desk.live.questions"),
    web.post(_ONE + "/send", send, name="desk.live.send"),
    web.post(_ONE + "/back", back, name="desk.live.back"),
    web.post(_ONE + "/aired", aired, name="desk.live.aired"),
    web.post(_ONE + "/notes", write, name="desk.live.notes"),
)
