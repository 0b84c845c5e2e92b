"""Who looks at a page: by a link that was opened in this browser for just that, else by the browser's own cookie."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

import aiohttp_jinja2
from aiohttp import web

from bot.linking.rules import VISIT_FOR
from bot.web.chat.pages import static
from bot.web.chat.person import address_of, introduce, sender_of
from bot.web.chat.socket import PACE_ADDRESS
from bot.web.keys import CLOCK, CONVERSATIONS, LINKS, SETTINGS

VISIT = "duihua_visit"
"""The cookie by which a browser is known as the one that a link was opened in. It is no one's identity by itself."""
_LENGTH = 43


@dataclass(frozen=True)
class Visitor:
    """A person, None for a stranger. `who` goes with a form, so that it is nobody else who sends it off."""

    person: int | None
    by_link: bool
    who: str


def browser_of(request: web.Request) -> str | None:
    """The browser's cookie for links, None where there is none of ours."""
    value = request.cookies.get(VISIT, "")
    return value if len(value) == _LENGTH else None


async def visitor_of(request: web.Request, purpose: str) -> Visitor:
    """Who a request is from, for one purpose."""
    if browser := browser_of(request):
        visit = await request.app[LINKS].visit(browser, purpose)
        if visit is not None:
            return Visitor(visit.person, True, _who(browser, visit.person))
    sender = sender_of(request)
    person = await request.app[CONVERSATIONS].person_of(sender) if sender else None
    return Visitor(person, False, _who(sender.id, person) if sender and person is not None else "")


def _who(secret: str, person: int) -> str:
    return hashlib.sha256(f"{secret}:{person}".encode()).hexdigest()[:16]


async def sending(request: web.Request, purpose: str, who: str) -> int:
    """The person who sends a form off; somebody new is made one, whose browser has had its cookie with the page.

    A form that was somebody else's (the link ran out meanwhile) goes back to the page, which says so.
    """
    settings = request.app[SETTINGS]
    if wait := request.app[PACE_ADDRESS].take(address_of(request, settings), request.app[CLOCK]()):
        raise web.HTTPTooManyRequests(text=f"点得太快了，{wait:.0f} 秒后再试。")
    visitor = await visitor_of(request, purpose)
    if visitor.who != who:
        raise web.HTTPSeeOther(f"{request.path}?notice=changed")
    if visitor.person is not None:
        return visitor.person
    if (sender := sender_of(request)) is None:
        raise web.HTTPSeeOther(f"{request.path}?notice=cookies")
    await request.app[CONVERSATIONS].code_of(sender)
    person = await request.app[CONVERSATIONS].person_of(sender)
    if person is None:
        raise web.HTTPSeeOther(f"{request.path}?notice=changed")
    return person


def let_in(request: web.Request, response: web.StreamResponse, browser: str) -> None:
    """Give a browser the cookie by which it is known as the one that a link was opened in."""
    settings = request.app[SETTINGS]
    response.set_cookie(
        VISIT,
        browser,
        max_age=int(max(VISIT_FOR.total_seconds(), settings.link_hours * 3600)),
        path="/chat",
        httponly=True,
        secure=settings.address.startswith("https:"),
        samesite="Lax",
    )


def new_browser() -> str:
    """A cookie that nobody can guess."""
    return secrets.token_urlsafe(32)


async def show(
    request: web.Request, template: str, visitor: Visitor, *, status: int = 200, **context: object
) -> web.StreamResponse:
    """A page of a person's own: kept by nobody on the way, with the notice that the address asks for."""
    notice = NOTICES.get(request.query.get("notice", ""))
    whole = {"static": static, "visitor": visitor, "notice": notice, **context}
    response = await aiohttp_jinja2.render_template_async(template, request, whole, status=status)
    if not visitor.by_link:
        introduce(request, response, request.app[SETTINGS])
    response.headers["Cache-Control"] = "no-store"
    return response


NOTICES = {
    "changed": "链接到时间了，或者换了人，刚才那一步没有办。从聊天里再打开一次链接就行。",
    "cookies": "浏览器没让存 Cookie，办不了。放开以后再试，或者回到对话里跟小同说。",
    "cancelled": "取消了，位子让给别人了。",
    "kept": "收藏好了，在“我的”里找得到。",
    "unkept": "不收藏了。",
    "withdrawn": "报名取消了，名额让给后面的人。",
    "signed_up": "报上了。",
    "waiting": "排上候补了，轮到你马上告诉你。",
    "already": "这场你已经报过了。",
    "not_signed_up": "这场你没有报，不用取消。",
    "came": "这场你已经签到了，取消不了。",
    "closed": "这场的报名已经截止了。",
    "called_off": "这场主办方取消了。",
    "too_late": "太近了，取消不了。实在来不了，打 12355 说一声，老师好安排。",
    "gone": "没有这个预约，或者已经取消了。",
}
"""What a page says after something was done: the address has only the word."""
