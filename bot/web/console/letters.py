"""Messages that did not arrive: why, and trying again or letting be. Nobody's words are shown."""

from __future__ import annotations

from aiohttp import web

from bot.outbox import rules
from bot.outbox.addresses import Addresses
from bot.outbox.service import Outbox
from bot.people.rules import Permission
from bot.web.console import notices
from bot.web.console.access import audit, requires
from bot.web.console.home import Waiting, tells
from bot.web.console.pages import back_to, page, page_number
from bot.web.keys import CLOCK, SESSIONS, SETTINGS
from bot.web.reception import RECEPTION

notices.add({"letter-retried": "马上再发一次。", "letter-given-up": "这条不再发了。"})
notices.add({"letter-not-so": "这条刚才已经变了，看一眼新的列表。"}, bad=True)

_EACH = 50
_WHY = {
    rules.LEFT: "对方不再接收",
    rules.NO_ADDRESS: "没有对方的地址",
    rules.TOO_OLD: "拖了一天以上，不再是新消息",
    rules.SEALED: "地址是用另一把密钥封的，打不开",
    rules.FAILED: "发送时一再出错",
}
_CHANNELS = {"telegram": "Telegram", "wechat": "微信", "web": "网页"}


def _outbox(request: web.Request) -> Outbox:
    app = request.app
    return Outbox(app[SESSIONS], app[CLOCK], Addresses(app[SETTINGS].contact_secret))


@tells(Permission.OUTBOX_MANAGE)
async def waiting(request: web.Request) -> Waiting:
    """How many did not arrive."""
    _, total = await _outbox(request).letters(limit=1)
    return Waiting("条消息没发出去", total, "/console/letters")


@requires(Permission.OUTBOX_MANAGE)
async def letters(request: web.Request) -> web.StreamResponse:
    """GET /console/letters."""
    number = page_number(request)
    found, total = await _outbox(request).letters(limit=_EACH, offset=(number - 1) * _EACH)
    context = {
        "letters": found,
        "why": {one.message_id: _WHY.get(one.reason or "", one.reason or "") for one in found},
        "channels": _CHANNELS,
        "page": number,
        "pages": -(-total // _EACH),
        "total": total,
    }
    return await page(request, "console/letters.html", context)


@requires(Permission.OUTBOX_MANAGE)
async def retry(request: web.Request) -> web.StreamResponse:
    """POST /console/letters/NUMBER/retry."""
    number = int(request.match_info["number"])
    try:
        await _outbox(request).retry(number)
    except rules.NotSo:
        back_to(request, "console.letters", notice="letter-not-so")
    if (sending := request.app[RECEPTION].sending) is not None:
        sending.wake()
    await audit(request, "letter.retry", f"message {number}")
    back_to(request, "console.letters", notice="letter-retried")


@requires(Permission.OUTBOX_MANAGE)
async def give_up(request: web.Request) -> web.StreamResponse:
    """POST /console/letters/NUMBER/give-up."""
    number = int(request.match_info["number"])
    try:
        await _outbox(request).give_up(number)
    except rules.NotSo:
        back_to(request, "console.letters", notice="letter-not-so")
    await audit(request, "letter.give-up", f"message {number}")
    back_to(request, "console.letters", notice="letter-given-up")


ROUTES = (
    web.get("/console/letters", letters, name="console.letters"),
    web.post(r"/console/letters/{number:\d{1,9}}/retry", retry),
    web.post(r"/console/letters/{number:\d{1,9}}/give-up", give_up),
)
