"""Where a link from a message leads: a page with one button. Looking opens nothing; the button does, for this browser."""

from __future__ import annotations

from aiohttp import web

from bot.linking import rules
from bot.web.chat.visitor import Visitor, browser_of, let_in, new_browser, show
from bot.web.keys import LINKS

TITLES = {
    rules.BOOKING: "约一对一指导",
    rules.ELIGIBILITY: "我的政策体检清单",
    rules.RECORD: "我的记录",
    rules.MINE: "我的预约和报名",
    rules.JOB: "岗位详情",
    rules.EVENT: "活动详情",
}
_NOBODY = Visitor(None, True, "")
_REFUSALS = (rules.LinkGone, rules.LinkExpired, rules.LinkElsewhere)


async def look(request: web.Request) -> web.StreamResponse:
    """GET /chat/l/TOKEN: what it opens, with the button; on to the page in a browser where it is open."""
    token, browser = request.match_info["token"], browser_of(request)
    try:
        path = await request.app[LINKS].look(token, browser)
    except _REFUSALS as refusal:
        return await _refused(request, refusal)
    if browser and await request.app[LINKS].is_open_in(token, browser):
        raise web.HTTPSeeOther(path)
    title = TITLES[rules.purpose(path).partition(":")[0]]
    return await show(request, "chat/link.html", _NOBODY, state="open", title=title)


async def open_(request: web.Request) -> web.StreamResponse:
    """POST /chat/l/TOKEN: the button."""
    browser = browser_of(request) or new_browser()
    try:
        path = await request.app[LINKS].open_(request.match_info["token"], browser)
    except _REFUSALS as refusal:
        return await _refused(request, refusal)
    response = web.HTTPSeeOther(path)
    let_in(request, response, browser)
    raise response


async def leave(request: web.Request) -> web.StreamResponse:
    """POST /chat/leave: whoever's links were opened in this browser, they are theirs no more."""
    if browser := browser_of(request):
        await request.app[LINKS].leave(browser)
    return await show(request, "chat/link.html", _NOBODY, state="left", title="退出了")


async def _refused(request: web.Request, refusal: Exception) -> web.StreamResponse:
    match refusal:
        case rules.LinkExpired():
            state, status, title = "expired", 410, "链接过时了"
        case rules.LinkElsewhere():
            state, status, title = "elsewhere", 403, "链接在别处打开过了"
        case _:
            state, status, title = "gone", 404, "链接作废了"
    return await show(request, "chat/link.html", _NOBODY, status=status, state=state, title=title)


_ENTRANCE = "/chat/l/{token:[A-Za-z0-9_-]{16,64}}"
ROUTES = (web.get(_ENTRANCE, look), web.post(_ENTRANCE, open_), web.post("/chat/leave", leave))
