"""The topics: the list with what waits, ends or is missing, one of them as it is served, its versions, all as files."""

from __future__ import annotations

import asyncio
import io
import zipfile
from typing import Any

from aiohttp import web

from bot.clock import today
from bot.knowledge.editing import forms, rules, wording
from bot.knowledge.editing.differences import shown
from bot.knowledge.editing.drafts import Drafts
from bot.knowledge.editing.overview import FILTERS, Overview
from bot.knowledge.editing.rules import Editor
from bot.knowledge.editing.trying import Tried, Trying
from bot.knowledge.editing.versions import Versions
from bot.knowledge.files import ASPECTS
from bot.knowledge.loading import as_yaml, contents
from bot.people.rules import Permission
from bot.review.wording import INTENTS
from bot.web.console import home, notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.home import Waiting
from bot.web.console.navigation import Entry, Place, places
from bot.web.console.pages import back_to, form_of, page
from bot.web.console.words import name_actions, name_details
from bot.web.keys import CLOCK, ENGINE, KNOWLEDGE, SESSIONS

notices.add(
    {
        "topic-rolled-back": "回退的草稿送审了，另一个人同意后就换回那一版。",
    }
)
notices.add(
    {
        "topic-has-draft": "这个主题有一份草稿还没处理完，先把它送审或丢掉。",
        "topic-same": "这一版和现在说的一样，不用回退。",
        "topic-unfit": "那一版有不合规矩的地方，不能直接回退。点“照这一版改”，改好再送审。",
        "topic-note-long": "备注太长了，最多 300 个字。",
    },
    bad=True,
)
name_actions({"knowledge.roll-back": "回退知识版本", "knowledge.export": "导出知识文件"})
name_details({"version": "版本", "topics": "几个主题"})

_P = Permission
TABS = (
    Entry("主题", "console.knowledge", (_P.KNOWLEDGE_READ,)),
    Entry("没答上的问题", "console.knowledge.unanswered", (_P.KNOWLEDGE_READ,)),
)
"""The pages about knowledge."""
CHIPS = {
    "": "全部", "waiting": "待审批", "editing": "草稿", "30": "30 天内到期", "90": "90 天内到期", "ended": "已经到期", "gaps": "缺口",
    "figures": "数字待核对",
}  # fmt: skip
EMPTY = {
    "": "还没有主题。",
    "waiting": "没有等着审批的。",
    "editing": "没有写到一半的草稿。",
    "30": "30 天内没有要到期的。",
    "90": "90 天内没有要到期的。",
    "ended": "没有过期的。",
    "gaps": "没有缺口，都写全了。",
    "figures": "数字都核对过了。",
}
STANDING = {"current": ("现行", "good"), "unconfirmed": ("没查到还办不办", ""), "ended": ("已到期", "bad"), "new": ("新的", "quiet")}  # fmt: skip
LONGEST_QUESTION = 200


# -- what the pages about knowledge share --------------------------------------------------------------------------------


def tabs(request: web.Request) -> list[Place]:
    """The pages about knowledge, as they stand above each of them."""
    return places(request, TABS, request[STAFF])


def drafts_of(request: web.Request) -> Drafts:
    """Drafts and their approval."""
    return Drafts(request.app[SESSIONS], request.app[CLOCK])


def versions_of(request: web.Request) -> Versions:
    """What topics said before."""
    return Versions(request.app[SESSIONS])


def editor(request: web.Request) -> Editor:
    """Who is signed in, as somebody who writes."""
    return Editor(request[STAFF].id, request[STAFF].name)


async def tried(request: web.Request, question: str, topic: str, typed: forms.Typed | None = None) -> Tried | None:
    """What a question would be served; None where nothing is asked."""
    if not (question := question.strip()[:LONGEST_QUESTION]):
        return None
    trying = Trying(request.app[KNOWLEDGE], request.app[SESSIONS], request.app[CLOCK], request.app[ENGINE])
    return await trying.ask(question, topic, typed)


def words_for_pages() -> dict[str, Any]:
    """The words that the templates about knowledge need."""
    return {
        "words": wording,
        "aspects": ASPECTS,
        "shown": shown,
        "standing_said": STANDING,
        "chips": CHIPS,
        "intents": INTENTS,
    }


@home.tells(Permission.KNOWLEDGE_APPROVE)
async def waiting(request: web.Request) -> Waiting | None:
    """Drafts that wait for one's approval."""
    count = await drafts_of(request).to_approve(editor(request))
    path = request.app.router["console.knowledge"].url_for().with_query(show="waiting")
    return Waiting("份知识等你审批", count, str(path))


@home.tells(Permission.KNOWLEDGE_EDIT)
async def ending(request: web.Request) -> Waiting | None:
    """Policies that end soon."""
    count = await Overview(request.app[SESSIONS], request.app[CLOCK]).ending(30)
    path = request.app.router["console.knowledge"].url_for().with_query(show="30")
    return Waiting("份政策 30 天内到期", count, str(path))


# -- pages ---------------------------------------------------------------------------------------------------------------


@requires(Permission.KNOWLEDGE_READ)
async def topics(request: web.Request) -> web.StreamResponse:
    """GET /console/knowledge?show=…&q=…."""
    overview = Overview(request.app[SESSIONS], request.app[CLOCK])
    items = await overview.items()
    show = request.query.get("show", "")
    show = show if show in FILTERS else ""
    words = request.query.get("q", "").strip()[:80]
    context = {
        "tabs": tabs(request),
        "items": overview.filtered(items, show, words),
        "counts": overview.counted(items),
        "show": show,
        "typed": words,
        "nothing": EMPTY[show],
        **words_for_pages(),
    }
    return await page(request, "console/knowledge.html", context)


@requires(Permission.KNOWLEDGE_READ)
async def topic(request: web.Request) -> web.StreamResponse:
    """GET /console/knowledge/topics/TOPIC?question=…: as it is served, its draft and its versions."""
    name = request.match_info["topic"]
    try:
        opened = await drafts_of(request).open(name)
    except rules.UnknownTopic as error:
        raise web.HTTPNotFound(text="没有这个主题。") from error
    question = request.query.get("question", "")
    context = {
        "tabs": tabs(request),
        "opened": opened,
        "typed": forms.typed_of(opened.content) if opened.served else (opened.draft or opened.dropped).typed,
        "versions": await versions_of(request).all(name),
        "question": question,
        "tried": await tried(request, question, name),
        **words_for_pages(),
    }
    return await page(request, "console/knowledge_topic.html", context)


@requires(Permission.KNOWLEDGE_READ)
async def version(request: web.Request) -> web.StreamResponse:
    """GET /console/knowledge/topics/TOPIC/versions/VERSION?against=VERSION."""
    against = request.query.get("against", "")
    try:
        found = await versions_of(request).compare(
            request.match_info["topic"],
            int(request.match_info["version"]),
            int(against) if against.isdecimal() and len(against) < 7 else None,
        )
    except rules.UnknownTopic as error:
        raise web.HTTPNotFound(text="没有这一版。") from error
    context = {
        "tabs": tabs(request),
        "found": found,
        "number": int(request.match_info["version"]),
        "typed": forms.typed_of(found.content),
        **words_for_pages(),
    }
    return await page(request, "console/knowledge_version.html", context)


@requires(Permission.KNOWLEDGE_EDIT)
async def roll_back(request: web.Request) -> web.StreamResponse:
    """POST /console/knowledge/topics/TOPIC/versions/VERSION/roll-back: a draft that waits for somebody else."""
    name, number = request.match_info["topic"], int(request.match_info["version"])
    note, told = (await form_of(request)).get("note", ""), ""
    try:
        await drafts_of(request).roll_back(name, number, editor(request), note or f"回退到第 {number} 版")
    except rules.UnknownTopic as error:
        raise web.HTTPNotFound(text="没有这一版。") from error
    except rules.OpenDraft:
        told = "topic-has-draft"
    except rules.Same:
        told = "topic-same"
    except rules.Faulty:
        told = "topic-unfit"
    except rules.Unfit:
        told = "topic-note-long"
    if told:
        back_to(request, "console.knowledge.version", notice=told, topic=name, version=number)
    await audit(request, "knowledge.roll-back", name, version=number)
    back_to(request, "console.knowledge.draft", notice="topic-rolled-back", topic=name)


@requires(Permission.KNOWLEDGE_EDIT)
async def files(request: web.Request) -> web.StreamResponse:
    """GET /console/knowledge/files.zip: every topic as the file that `duihua knowledge load` reads back."""
    found = await contents(request.app[SESSIONS])
    content = await asyncio.to_thread(_zipped, found)
    await audit(request, "knowledge.export", "知识文件", topics=len(found))
    name = f"knowledge-{today(request.app[CLOCK]):%Y%m%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=content, content_type="application/zip", headers=headers)


def _zipped(found: dict[str, dict[str, Any]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, content in found.items():
            pack.writestr(f"{name}.yml", as_yaml(content))
    return buffer.getvalue()


TOPIC = r"/console/knowledge/topics/{topic:[a-z][a-z0-9-]{0,39}}"
VERSION = TOPIC + r"/versions/{version:\d{1,6}}"
ROUTES = (
    web.get("/console/knowledge", topics, name="console.knowledge"),
    web.get("/console/knowledge/files.zip", files, name="console.knowledge.files"),
    web.get(TOPIC, topic, name="console.knowledge.topic"),
    web.get(VERSION, version, name="console.knowledge.version"),
    web.post(VERSION + "/roll-back", roll_back, name="console.knowledge.roll-back"),
)
