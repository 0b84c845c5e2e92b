"""Reception: who is in danger, who waits for a person, what was left out of hours; each list as it is right now.

The lists are plain pages; a script of ours reads `events` and swaps the block of lists when something has changed.
What has changed is read from the tables, so it does not matter which gateway a page hangs on.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot.handover import rules
from bot.handover.service import Handovers
from bot.handover.views import Inbox
from bot.people.rules import Permission
from bot.web.console import notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.pages import back_to, page
from bot.web.console.warming import warm
from bot.web.keys import CLOCK, SESSIONS, SETTINGS

HANDOVERS = web.AppKey("handovers", Handovers)
KINDS = {"self": "本人有危险", "other": "身边人有危险", "harm": "可能伤人或被伤害"}
LOOK_EVERY = 1.0  # seconds
LINE_LASTS = 600.0  # seconds; then the browser connects anew, signed in or not

notices.add(
    {
        "reception-taken": "接过来了，现在是你在和这个人说话。",
        "reception-back": "交回给小同了。",
        "reception-released": "提醒解除了，小同可以接着答。",
        "reception-answered": "回过去了，本人打开对话就能看到。",
    }
)
notices.add(
    {
        "reception-unknown": "没有这个人，可能刚刚删了自己的记录。",
        "reception-not-yours": "现在不是你在接待这个人。",
        "reception-nothing": "没有等着回的留言，可能同事已经回了。",
    },
    bad=True,
)


def queue_of(request: web.Request) -> Handovers:
    """The queue, on the database of the gateway."""
    return Handovers.from_settings(request.app[SETTINGS], request.app[SESSIONS], request.app[CLOCK])


def counts(inbox: Inbox) -> dict[str, int | str]:
    """How many wait, and a mark that changes with whatever is in the lists."""
    seen = hashlib.sha256(repr(inbox).encode()).hexdigest()[:16]
    return {
        "alerts": sum(not alert.acknowledged_by for alert in inbox.alerts),
        "waiting": len(inbox.waiting),
        "messages": len(inbox.messages),
        "mark": seen,
    }


@requires(Permission.RECEPTION_TAKE)
async def lists(request: web.Request) -> web.Response:
    """GET /console/reception; with ?part=lists the lists alone."""
    warm(request.app)  # whoever takes a person is shown answers to suggest
    handovers = queue_of(request)
    inbox = await handovers.inbox()
    context = {
        "inbox": inbox,
        "counts": counts(inbox),
        "kinds": KINDS,
        "now": handovers.now(),
        "open": handovers.hours.is_open(handovers.now()),
        "mine": request[STAFF].name,
        "waited": waited,
    }
    part = request.query.get("part") == "lists"
    return await page(request, "console/reception_lists.html" if part else "console/reception.html", context)


def waited(seconds: float) -> str:
    """How long somebody has waited, as one says it."""
    minutes = max(0, int(seconds // 60))
    if minutes < 1:
        return "刚刚"
    if minutes < 60:
        return f"{minutes} 分钟"
    return f"{minutes // 60} 小时 {minutes % 60} 分" if minutes < 24 * 60 else f"{minutes // (24 * 60)} 天"


@requires(Permission.RECEPTION_TAKE, unasked=True)
async def events(request: web.Request) -> web.StreamResponse:
    """GET /console/reception/events: the counts whenever something has changed, as server-sent events."""
    handovers = queue_of(request)
    last: object = None

    async def look(send: Callable[[str, str, str], Awaitable[None]]) -> None:
        nonlocal last
        now = counts(await handovers.inbox())
        if now["mark"] != last:
            last = now["mark"]
            await send("changed", json.dumps(now), str(last))

    return await stream(request, look)


async def stream(
    request: web.Request, look: Callable[[Callable[[str, str, str], Awaitable[None]]], Awaitable[None]]
) -> web.StreamResponse:
    """Server-sent events: `look` is called again and again and sends (event, data, id), until the line is old or cut."""
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    )
    await response.prepare(request)

    async def send(event: str, data: str, id_: str) -> None:
        lines = "".join(f"data: {line}\n" for line in data.split("\n"))
        await response.write(f"id: {id_}\nevent: {event}\n{lines}\n".encode())

    try:
        async with asyncio.timeout(LINE_LASTS):
            while True:
                await look(send)
                await response.write(b": \n\n")  # a line that was cut is noticed
                await asyncio.sleep(LOOK_EVERY)
    except (TimeoutError, ConnectionError):
        pass
    return response


@requires(Permission.RECEPTION_TAKE)
async def take(request: web.Request) -> web.Response:
    """POST /console/reception/{code}/take: one of two who press at once has them, the other reads who."""
    code, name = request.match_info["code"], request[STAFF].name
    try:
        await queue_of(request).take(code, name)
    except rules.AlreadyTaken as error:
        if error.by != name:
            raise web.HTTPConflict(text=f"{error.by or '同事'}先接了，这边不用再接。") from error
    except rules.UnknownPerson:
        back_to(request, "console.reception", notice="reception-unknown")
    await audit(request, "reception.take", code)
    back_to(request, "console.talk", code=code, notice="reception-taken")


@requires(Permission.RECEPTION_TAKE)
async def release(request: web.Request) -> web.Response:
    """POST /console/reception/{code}/release: the alerts of a person are looked after, the bot may go on."""
    code = request.match_info["code"]
    try:
        count = await queue_of(request).release(code, request[STAFF].name)
    except rules.UnknownPerson:
        back_to(request, "console.reception", notice="reception-unknown")
    await audit(request, "reception.release", code, alerts=count)
    back_to(request, "console.talk", code=code, notice="reception-released")


ROUTES = (
    web.get("/console/reception", lists, name="console.reception"),
    web.get("/console/reception/events", events, name="console.reception.events"),
    web.post("/console/reception/{code}/take", take, name="console.reception.take"),
    web.post("/console/reception/{code}/release", release, name="console.reception.release"),
)
