"""Writing a topic: one form that works without a script, what is wrong beside its field, a preview and a question to try."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import aiohttp_jinja2
from aiohttp import web

from bot.knowledge.editing import forms, rules, wording
from bot.knowledge.editing.differences import differences_of_forms
from bot.knowledge.editing.forms import ASKED, LISTS, Typed
from bot.knowledge.editing.views import Opened
from bot.knowledge.files import ASPECTS, GENERAL
from bot.people.rules import Permission
from bot.web.console import notices
from bot.web.console.access import audit, requires
from bot.web.console.knowledge import TOPIC, drafts_of, editor, tabs, tried, versions_of, words_for_pages
from bot.web.console.knowledge_preview import preview_of
from bot.web.console.pages import back_to, form_of, number_in, page
from bot.web.console.warming import warm
from bot.web.console.words import name_actions, name_details

notices.add(
    {
        "topic-saved": "草稿存好了，还没送审，别人看到的没变。",
        "topic-joined": "草稿存好了。同事也在改，改的地方不一样，已经合在一起。",
        "topic-sent": "送审了。等另一个人同意，就换成新的。",
        "topic-begun": "新主题的草稿存好了。",
    }
)
notices.add(
    {
        "topic-waits": "这份草稿在等审批，要改先收回来。",
        "topic-gone": "这份草稿刚被同事处理掉了，你看到的是现在的样子。",
    },
    bad=True,
)
name_actions({"knowledge.draft": "改知识草稿", "knowledge.new": "新写知识", "knowledge.send": "知识送审"})
name_details({"draft": "草稿"})

UPLOAD = 1_000_000  # bytes: a topic's phrasings, each character nine bytes long in a form
WHY = {
    "empty": "请填写。",
    "form": "用小写英文、数字和短横，字母开头，最多 40 个字符，比如 startup-loan。",
    "taken": "已经有这个代号了，换一个。",
    "long": "太长了，最多 300 个字。",
}
_ROW = re.compile(rf"(add|remove)-({'|'.join(LISTS)})(?:-(\d{{1,3}}))?")


async def posted_of(request: web.Request) -> tuple[dict[str, str], Typed, str]:
    """What came with the form, as a topic's form, and what was pressed; a row that was to go is gone, a new one there."""
    form = await form_of(request)
    do = form.get("do", "save")
    pressed = _ROW.fullmatch(do)
    if pressed and pressed[1] == "remove":
        gone = f"{pressed[2]}-{pressed[3]}-"
        form = {name: value for name, value in form.items() if not name.startswith(gone)}
    typed = forms.posted(form)
    if pressed and pressed[1] == "add":
        typed[pressed[2]].append(forms.fresh_row(typed, pressed[2]))
    return form, typed, "rows" if pressed else do


async def show_form(
    request: web.Request, typed: Typed, *, opened: Opened | None, titles: dict[str, str], version: int = 0,
    was: str | None = None, status: int = 200, **more: Any,
) -> web.Response:  # fmt: skip
    """The page with the form. `opened` is None for a topic that has no draft yet."""
    topic = opened.topic if opened else ""
    context = {
        "tabs": tabs(request),
        "opened": opened,
        "topic": topic,
        "typed": typed,
        "errors": {},
        "remarks": {},
        "conflict": None,
        "version": version,
        "was": was if was is not None else forms.marks(typed),
        "titles": titles,
        "preview": preview_of(request, topic or "new", typed, titles, more.pop("aspect", GENERAL)),
        "tried": None,
        "form": {},
        "asked": ASKED,
        "gone": False,
        "group_options": _options(wording.GROUPS, typed["group"]),
        "region_options": _options(wording.REGIONS, typed["region"]),
        "topic_options": [("", "（选一个）"), *titles.items()],
        **words_for_pages(),
        **more,
    }
    return await page(request, "console/knowledge_form.html", context, status=status)


def _options(usual: Sequence[str], now: str) -> list[tuple[str, str]]:
    """What may be chosen, and what is chosen already."""
    return [(one, one) for one in (*usual, *([now] if now and now not in usual else []))]


@requires(Permission.KNOWLEDGE_EDIT)
async def ask(request: web.Request) -> web.StreamResponse:
    """GET /console/knowledge/topics/TOPIC/edit?from=VERSION: the draft, or what is served, or what a version said."""
    warm(request.app)
    opened = await _opened(request)
    draft = opened.draft
    if draft is not None and draft.state == "waiting":
        back_to(request, "console.knowledge.draft", notice="topic-waits", topic=opened.topic)
    if draft is None and not opened.served:
        raise web.HTTPNotFound(text="没有这个主题。")
    served = forms.typed_of(opened.content)
    typed = draft.typed if draft else served
    was = forms.marks(typed)
    if draft is None and (wanted := number_in(request.query.get("from", ""))):
        try:
            typed = forms.typed_of((await versions_of(request).compare(opened.topic, wanted)).content)
        except rules.UnknownTopic as error:
            raise web.HTTPNotFound(text="没有这一版。") from error
    checked = (await drafts_of(request).check(opened.topic, typed)).read if draft else None
    told = {"errors": checked.errors, "remarks": checked.remarks} if checked else {}
    version = draft.version if draft else 0
    return await show_form(request, typed, opened=opened, titles=opened.titles, version=version, was=was, **told)


@requires(Permission.KNOWLEDGE_EDIT, upload=UPLOAD)
async def change(request: web.Request) -> web.StreamResponse:
    """POST /console/knowledge/topics/TOPIC/edit: `do` is save, send, preview, try, add-LIST or remove-LIST-ROW."""
    form, typed, do = await posted_of(request)
    opened, drafts = await _opened(request), drafts_of(request)
    topic, was, version = opened.topic, form.get("was", ""), number_in(form.get("version", "")) or 0
    shown = {"opened": opened, "titles": opened.titles, "version": version, "was": was, "form": form}
    shown |= {"aspect": form.get("aspect", GENERAL)}
    if do in ("rows", "preview", "try"):
        return await show_form(request, typed, **shown, **await looked_at(request, topic, typed, do, form))
    try:
        saved = await drafts.save(topic, typed, editor(request), version=version, was=was)
    except rules.Conflict as error:
        conflict = {
            "by": error.by,
            "at": error.at,
            "differences": differences_of_forms(error.theirs, error.typed, error.clashes),
        }
        shown |= {"version": error.version, "was": forms.marks(error.theirs)}
        return await show_form(request, error.typed, **shown, conflict=conflict, status=409)
    except rules.NotNow:
        back_to(request, "console.knowledge.draft", notice="topic-waits", topic=topic)
    except rules.UnknownTopic:
        return await show_form(request, typed, **shown | {"version": 0}, gone=True, status=409)
    await audit(request, "knowledge.draft", topic, draft=saved.draft)
    if do == "send":
        return await _send(request, saved.version, typed, shown)
    back_to(request, "console.knowledge.edit", notice="topic-joined" if saved.joined else "topic-saved", topic=topic)


async def _send(request: web.Request, version: int, typed: Typed, shown: dict[str, Any]) -> web.StreamResponse:
    topic, form = shown["opened"].topic, shown["form"]
    shown |= {"opened": await _opened(request), "version": version, "was": None, "status": 422}
    kept = shown["opened"].draft
    typed = kept.typed if kept else typed
    try:
        await drafts_of(request).send(topic, version, editor(request), form.get("note", ""))
    except rules.Faulty as error:
        return await show_form(request, typed, **shown, errors=error.errors)
    except rules.Unfit as error:
        return await show_form(request, typed, **shown, errors={error.field: WHY[error.why]})
    except rules.Same:
        return await show_form(request, typed, **shown, errors={"note": "和现在说的一样，没有要送审的。"})
    except rules.ServedMoved:
        back_to(request, "console.knowledge.draft", notice="draft-moved", topic=topic)
    except (rules.Changed, rules.NotNow, rules.UnknownTopic):
        back_to(request, "console.knowledge.topic", notice="topic-gone", topic=topic)
    await audit(request, "knowledge.send", topic)
    back_to(request, "console.knowledge.draft", notice="topic-sent", topic=topic)


async def looked_at(request: web.Request, topic: str, typed: Typed, do: str, form: dict[str, str]) -> dict[str, Any]:
    """What a look at the form adds to it: its faults, and what a question would be served."""
    if do == "rows":
        return {}
    checked = (await drafts_of(request).check(topic, typed)).read
    found = await tried(request, form.get("question", ""), topic, typed) if do == "try" else None
    return {"errors": checked.errors, "remarks": checked.remarks, "tried": found}


@requires(Permission.KNOWLEDGE_EDIT, upload=UPLOAD)
async def preview(request: web.Request) -> web.StreamResponse:
    """POST /console/knowledge/preview: the block of the page that shows what is typed; its script asks for it."""
    form, typed, _ = await posted_of(request)
    topic = form.get("topic", "")
    checked = await drafts_of(request).check(topic or "new", typed)
    context = {
        "preview": preview_of(request, topic or "new", typed, checked.titles, form.get("aspect", GENERAL)),
        "errors": checked.read.errors,
        "aspects": ASPECTS,
        **words_for_pages(),
    }
    return await aiohttp_jinja2.render_template_async("console/knowledge_preview.html", request, context)


async def _opened(request: web.Request) -> Opened:
    try:
        return await drafts_of(request).open(request.match_info["topic"])
    except rules.UnknownTopic as error:
        raise web.HTTPNotFound(text="没有这个主题。") from error


ROUTES = (
    web.post("/console/knowledge/preview", preview, name="console.knowledge.preview"),
    web.get(TOPIC + "/edit", ask, name="console.knowledge.edit"),
    web.post(TOPIC + "/edit", change),
)
