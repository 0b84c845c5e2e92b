"""A posting on a page: all of it, and keeping it."""

from __future__ import annotations

from aiohttp import web

from bot.clock import today
from bot.jobs import wording
from bot.jobs.service import UnknownPosting
from bot.linking.rules import JOB
from bot.web.chat.visitor import sending, show, visitor_of
from bot.web.keys import CLOCK, JOBS, LINKS


def _purpose(request: web.Request) -> tuple[int, str]:
    posting_id = int(request.match_info["id"])
    return posting_id, f"{JOB}:{posting_id}"


async def page(request: web.Request) -> web.StreamResponse:
    """GET /chat/jobs/ID."""
    posting_id, purpose = _purpose(request)
    visitor = await visitor_of(request, purpose)
    jobs = request.app[JOBS]
    try:
        found = await jobs.details(posting_id)
    except UnknownPosting:
        return await show(request, "chat/nothing.html", visitor, status=404, what="这个岗位")
    posting = found.posting
    talk = await request.app[LINKS].talk_of(visitor.person) if visitor.person is not None else None
    kept = talk is not None and any(one.posting.id == posting_id for one in await jobs.kept(talk))
    said = wording.details(posting, offered=found.offered, kept=kept, today=today(request.app[CLOCK])).paragraphs
    head = said[0].splitlines()
    return await show(
        request,
        "chat/job.html",
        visitor,
        posting=posting,
        offered=found.offered,
        kept=kept,
        pay=wording.pay(posting),
        company=head[1],
        facts=[tuple(line.removeprefix("· ").split("：", 1)) for line in head[2:] if "：" in line],
        more=[line.removeprefix("· ") for line in head[2:] if "：" not in line],
        paragraphs=said[1:],
    )


async def change(request: web.Request) -> web.StreamResponse:
    """POST /chat/jobs/ID: keep it or keep it no more, by the form's `do`."""
    posting_id, purpose = _purpose(request)
    sent = await request.post()
    person = await sending(request, purpose, str(sent.get("who", "")))
    talk = await request.app[LINKS].talk_of(person)
    if talk is None:
        raise web.HTTPSeeOther(f"/chat/jobs/{posting_id}?notice=changed")
    try:
        if sent.get("do") == "unkeep":
            await request.app[JOBS].unkeep(talk, posting_id)
            notice = "unkept"
        else:
            await request.app[JOBS].keep(talk, posting_id)
            notice = "kept"
    except UnknownPosting as error:
        raise web.HTTPNotFound(text="没有这个岗位。") from error
    raise web.HTTPSeeOther(f"/chat/jobs/{posting_id}?notice={notice}")


_PATH = r"/chat/jobs/{id:[1-9]\d{0,8}}"
ROUTES = (web.get(_PATH, page), web.post(_PATH, change))
