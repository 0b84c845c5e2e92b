"""The talk of staff with one person: what was said, what can be said, what is known of them; live both ways."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp_jinja2
from aiohttp import web

from bot.conversations.masking import joined, mask
from bot.handover import rules
from bot.handover.canned import CannedReplies, NotYours, UnfitCanned
from bot.handover.suggesting import Suggesting, asked_last
from bot.handover.views import HandoverView, PersonView
from bot.people.rules import Permission
from bot.web.console import notices, words
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.pages import back_to, form_of, moment, page
from bot.web.console.reception import KINDS, queue_of, stream
from bot.web.keys import CLOCK, ENGINE, KNOWLEDGE, SESSIONS

SAID_LIMIT = 1000  # characters of one message of the staff
REASON_LEAST = 4  # characters
STATES = {
    "asking": "还没说问啥", "waiting": "在等", "taken": "正在接待", "message": "留言没回", "done": "办完了",
    "expired": "没接上，小同接着了", "left": "不等了",
}  # fmt: skip

words.name_actions(
    {
        "reception.take": "接待一个人",
        "reception.back": "交回给小同",
        "reception.release": "解除危险提醒",
        "reception.answer": "回留言",
        "reception.contact": "看联系方式",
        "canned.keep": "存常用语",
        "canned.drop": "删常用语",
    }
)
notices.add({"canned-kept": "存好了，下次点一下就能用。", "canned-dropped": "删了。"})


def canned_of(request: web.Request) -> CannedReplies:
    """The sentences kept ready."""
    return CannedReplies(request.app[SESSIONS], request.app[CLOCK])


async def _person(request: web.Request) -> PersonView:
    try:
        return await queue_of(request).show(request.match_info["code"])
    except rules.UnknownPerson as error:
        raise web.HTTPNotFound(text="没有这个人，可能刚刚删了自己的记录。") from error


def _open(person: PersonView) -> HandoverView | None:
    return next((h for h in person.handovers if h.state in ("asking", "waiting", "taken")), None)


async def _suggestions(request: web.Request, person: PersonView, open_: HandoverView | None) -> dict[str, Any]:
    """What the bot would answer, and the form it goes into: for the one who talks, or for anybody where words were left."""
    mine = open_ is not None and open_.state == "taken" and open_.taken_by == request[STAFF].name
    left = None if open_ else next((h for h in reversed(person.handovers) if h.state == "message"), None)
    asked = asked_last(person.messages, open_.question) if mine and open_ else left.question if left else None
    suggesting = Suggesting(request.app[KNOWLEDGE], request.app[ENGINE], request.app[CLOCK])
    suggested = await suggesting.suggest(asked) if asked else []
    return {"suggested": suggested, "form": "say" if mine else "answer"}


async def _shown(
    request: web.Request, status: int = 200, *, suggestions: dict[str, Any] | None = None, **more: Any
) -> web.Response:
    person = await _person(request)
    open_ = _open(person)
    left = [h for h in person.handovers if h.state == "message"]
    context = {
        "person": person,
        "handover": open_,
        "left": left,
        "mine": open_ is not None and open_.state == "taken" and open_.taken_by == request[STAFF].name,
        "others": open_ is not None and open_.state == "taken" and open_.taken_by != request[STAFF].name,
        "states": STATES,
        "kinds": KINDS,
        "lines": await _lines(request, person),
        "last": max((message.id for message in person.messages), default=0),
        "canned": await canned_of(request).all(request[STAFF].id),
        **(suggestions or await _suggestions(request, person, open_)),
        "has_contact": any(h.has_contact for h in person.handovers),
        "key": uuid.uuid4().hex,
        "text": "",
        "wrong": {},
        "contact": None,
        "limit": SAID_LIMIT,
        **more,
    }
    return await page(request, "console/talk.html", context, status=status)


async def _lines(request: web.Request, person: PersonView) -> list[dict[str, Any]]:
    """The messages as the page shows them, with how those stand that are not out yet."""
    late = await queue_of(request).undelivered([message.id for message in person.messages])
    return [
        {
            "id": message.id,
            "who": who(message),
            "mine": message.direction == "out",
            "staff": message.kind == "staff",
            "text": message.text,
            "at": moment(message.at),
            "late": late.get(message.id, ""),
        }
        for message in person.messages
    ]


def who(message: Any) -> str:
    """Who said something."""
    if message.direction == "in":
        return "本人"
    return message.body.get("by") or ("提示" if message.kind == "staff" else "小同")


@requires(Permission.RECEPTION_TAKE)
async def talk(request: web.Request) -> web.Response:
    """GET /console/reception/{code}"""
    return await _shown(request)


@requires(Permission.RECEPTION_TAKE, unasked=True)
async def events(request: web.Request) -> web.StreamResponse:
    """GET /console/reception/{code}/events?after=ID: each new message as a piece of the page, in order, none twice.

    A browser that lost the line says the last id it has in Last-Event-ID.
    """
    given = request.headers.get("Last-Event-ID") or request.query.get("after", "0")
    after = int(given) if given.isdecimal() and len(given) < 16 else 0
    state: tuple[object, ...] | None = None

    async def look(send: Callable[[str, str, str], Awaitable[None]]) -> None:
        nonlocal after, state
        person = await queue_of(request).show(request.match_info["code"], after=after)
        for line in await _lines(request, person):
            html = await aiohttp_jinja2.render_string_async("console/talk_line.html", request, {"line": line})
            after = max(after, line["id"])
            await send("line", json.dumps({"html": html, "mine": line["mine"]}, ensure_ascii=False), str(after))
        now = (person.alerts, tuple((h.state, h.taken_by, h.has_contact) for h in person.handovers))
        if state is not None and now != state:
            await send("changed", "{}", str(after))
        state = now

    await _person(request)
    return await stream(request, look)


@requires(Permission.RECEPTION_TAKE, unasked=True)
async def suggestions(request: web.Request) -> web.Response:
    """GET /console/reception/{code}/suggestions: what could be answered now, as a piece of the page."""
    person = await _person(request)
    context = await _suggestions(request, person, _open(person))
    return await page(request, "console/talk_suggestions.html", context)


@requires(Permission.RECEPTION_TAKE)
async def say(request: web.Request) -> web.Response:
    """POST /console/reception/{code}/say: write to a person whom one has taken over; the same key again is said once."""
    form = await form_of(request)
    text, key, code = form.get("text", "").strip(), form.get("key", ""), request.match_info["code"]
    if "use" in form:
        return await _put_in(request, form)
    if wrong := _wrong(text):
        return await _refused(request, form, wrong)
    try:
        await queue_of(request).say(code, request[STAFF].name, text, key=f"staff:{key[:40]}" if key else None)
    except rules.UnknownPerson as error:
        raise web.HTTPNotFound(text="没有这个人，可能刚刚删了自己的记录。") from error
    except rules.NotTaken as error:
        why = (
            f"这会儿是{error.by}在接待，这句没有发出去。" if error.by else "还没接过来，这句没有发出去：先点“接过来”。"
        )
        return await _refused(request, form, why)
    if request.headers.get("X-Requested-With") == "fetch":
        return web.Response(status=204)
    back_to(request, "console.talk", code=code)


async def _put_in(request: web.Request, form: dict[str, str]) -> web.Response:
    """The page again with a suggested answer under what was typed; nothing is sent."""
    person = await _person(request)
    suggestions = await _suggestions(request, person, _open(person))
    chosen = [one.text for one in suggestions["suggested"] if one.topic == form["use"]]
    text = "\n".join(filter(None, (form.get("text", "").strip(), *chosen)))
    key = form.get("key") or uuid.uuid4().hex
    return await _shown(request, suggestions=suggestions, text=text, key=key)


def _wrong(text: str) -> str:
    if not text:
        return "写点什么再发。"
    return f"一共 {len(text)} 个字，一次最多 {SAID_LIMIT} 个，分两次发。" if len(text) > SAID_LIMIT else ""


async def _refused(request: web.Request, form: dict[str, str], why: str) -> web.Response:
    """What was typed stays, with the reason beside it."""
    if request.headers.get("X-Requested-With") == "fetch":
        return web.json_response({"why": why}, status=422)
    return await _shown(
        request, 422, text=form.get("text", ""), wrong={"text": why}, key=form.get("key") or uuid.uuid4().hex
    )


@requires(Permission.RECEPTION_TAKE)
async def back(request: web.Request) -> web.Response:
    """POST /console/reception/{code}/back: the bot goes on. Only who has taken a person gives them back."""
    code, handovers = request.match_info["code"], queue_of(request)
    person = await _person(request)
    if not any(h.state == "taken" and h.taken_by == request[STAFF].name for h in person.handovers):
        back_to(request, "console.talk", code=code, notice="reception-not-yours")
    await handovers.back(code)
    await audit(request, "reception.back", code)
    back_to(request, "console.reception", notice="reception-back")


@requires(Permission.RECEPTION_TAKE)
async def answer(request: web.Request) -> web.Response:
    """POST /console/reception/{code}/answer: answer what was left out of hours, where it was left."""
    form, code = await form_of(request), request.match_info["code"]
    text = form.get("text", "").strip()
    if "use" in form:
        return await _put_in(request, form)
    if why := _wrong(text):
        return await _shown(request, 422, text=text, wrong={"answer": why})
    try:
        await queue_of(request).answer(code, request[STAFF].name, text)
    except rules.UnknownPerson as error:
        raise web.HTTPNotFound(text="没有这个人，可能刚刚删了自己的记录。") from error
    except rules.NothingLeft:
        return await _shown(request, 409, text=text, wrong={"answer": "没有等着回的留言了，可能同事已经回了。"})
    await audit(request, "reception.answer", code)
    back_to(request, "console.reception", notice="reception-answered")


@requires(Permission.RECEPTION_TAKE)
async def contact(request: web.Request) -> web.Response:
    """POST /console/reception/{code}/contact: how to reach a person, for a reason; who read it is put down."""
    form, code = await form_of(request), request.match_info["code"]
    reason = form.get("reason", "").strip()
    if len(reason) < REASON_LEAST:
        return await _shown(request, 422, wrong={"reason": "写一句为什么要看，会记下来。"}, reason=reason)
    await _person(request)
    found = await queue_of(request).contact(code, request[STAFF].name)
    await audit(request, "reception.contact", code, reason=joined((), mask(reason)).text[:100], found=found is not None)
    return await _shown(request, contact=found or "没留联系方式。")


# -- sentences kept ready ----------------------------------------------------------------------------------------------


@requires(Permission.RECEPTION_TAKE)
async def canned(request: web.Request) -> web.Response:
    """GET /console/canned"""
    return await _canned(request)


async def _canned(request: web.Request, status: int = 200, **more: Any) -> web.Response:
    context = {
        "canned": await canned_of(request).all(request[STAFF].id),
        "typed": {},
        "wrong": {},
        "changing": None,
        **more,
    }
    return await page(request, "console/canned.html", context, status=status)


@requires(Permission.RECEPTION_TAKE)
async def keep_canned(request: web.Request) -> web.Response:
    """POST /console/canned: keep a sentence, or change the one with `id`."""
    form, owner = await form_of(request), request[STAFF].id
    title, text, id_ = form.get("title", ""), form.get("text", ""), form.get("id", "")
    try:
        if id_.isdecimal():
            kept = await canned_of(request).change(int(id_), owner, title, text)
        else:
            kept = await canned_of(request).keep(owner, title, text, own=form.get("own") == "on")
    except UnfitCanned as error:
        changing = int(id_) if id_.isdecimal() else None
        return await _canned(request, 422, typed=form, wrong={error.field: str(error)}, changing=changing)
    except NotYours as error:
        raise web.HTTPNotFound(text="没有这一句，可能刚被删了。") from error
    await audit(request, "canned.keep", f"canned {kept.id}", title=kept.title)
    back_to(request, "console.canned", notice="canned-kept")


@requires(Permission.RECEPTION_TAKE)
async def drop_canned(request: web.Request) -> web.Response:
    """POST /console/canned/{id}/drop"""
    try:
        dropped = await canned_of(request).drop(int(request.match_info["id"]), request[STAFF].id)
    except NotYours as error:
        raise web.HTTPNotFound(text="没有这一句，可能刚被删了。") from error
    await audit(request, "canned.drop", f"canned {dropped.id}", title=dropped.title)
    # Undo: the form comes back filled with what was thrown away.
    return await _canned(
        request,
        typed={"title": dropped.title, "text": dropped.text, "own": "on" if dropped.own else ""},
        dropped=dropped.title,
    )


ROUTES = (
    web.get("/console/reception/{code}", talk, name="console.talk"),
    web.get("/console/reception/{code}/events", events, name="console.talk.events"),
    web.get("/console/reception/{code}/suggestions", suggestions, name="console.talk.suggestions"),
    web.post("/console/reception/{code}/say", say, name="console.talk.say"),
    web.post("/console/reception/{code}/back", back, name="console.talk.back"),
    web.post("/console/reception/{code}/answer", answer, name="console.talk.answer"),
    web.post("/console/reception/{code}/contact", contact, name="console.talk.contact"),
    web.get("/console/canned", canned, name="console.canned"),
    web.post("/console/canned", keep_canned, name="console.canned.keep"),
    web.post(r"/console/canned/{id:\d+}/drop", drop_canned, name="console.canned.drop"),
)
