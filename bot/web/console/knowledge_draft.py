"""A draft beside what is served: sending it, approving it as a second person, giving it back, dropping it, undoing that."""

from __future__ import annotations

from typing import NoReturn

from aiohttp import web

from bot.knowledge.editing import forms, rules
from bot.knowledge.editing.differences import differences_of_forms
from bot.knowledge.files import GENERAL
from bot.people.rules import Permission
from bot.web.console import notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.knowledge import TOPIC, drafts_of, editor, tabs, tried, words_for_pages
from bot.web.console.knowledge_asked import close_request
from bot.web.console.knowledge_preview import preview_of
from bot.web.console.pages import back_to, form_of, number_in, page
from bot.web.console.words import name_actions

notices.add(
    {
        "draft-approved": "通过了，从下一个问题起就这样回答。",
        "draft-back": "退回去了，写的人能看到原因。",
        "draft-taken-back": "收回来了，可以接着改。",
        "draft-dropped": "草稿丢掉了。丢错了点“恢复这份草稿”。",
        "draft-restored": "草稿恢复了，接着改吧。",
        "draft-rebased": "已经跟上在用的答案：你没动过的地方换成了新的，动过的还是你写的。",
    }
)
notices.add(
    {
        "draft-changed": "同事刚改过这份草稿，先看看现在的再决定。",
        "draft-not-now": "这份草稿现在不能这样做，可能同事刚处理过。",
        "draft-own": "自己写的、自己送审的，要另一个人来审批。",
        "draft-moved": "在用的答案后来变了。先看差别，点“跟上在用的”再送审。",
        "draft-unfit": "有不合规矩的地方，现在不能用。看下面标出来的。",
        "draft-other": "这个主题已经有另一份草稿，先处理完那一份。",
        "draft-reason": "请写退回的原因，最多 300 个字。",
    },
    bad=True,
)
name_actions(
    {
        "knowledge.approve": "通过知识草稿",
        "knowledge.send-back": "退回知识草稿",
        "knowledge.take-back": "收回知识草稿",
        "knowledge.drop": "丢掉知识草稿",
        "knowledge.restore": "恢复知识草稿",
        "knowledge.rebase": "知识草稿跟上在用的",
    }
)
WHY: dict[type[rules.Refusal], str] = {
    rules.Changed: "draft-changed",
    rules.NotNow: "draft-not-now",
    rules.OwnWork: "draft-own",
    rules.ServedMoved: "draft-moved",
    rules.Faulty: "draft-unfit",
    rules.Same: "topic-same",
    rules.Unfit: "draft-reason",
    rules.OpenDraft: "draft-other",
}


@requires(Permission.KNOWLEDGE_READ)
async def draft(request: web.Request) -> web.StreamResponse:
    """GET /console/knowledge/topics/TOPIC/draft?aspect=…&question=…."""
    name, drafts = request.match_info["topic"], drafts_of(request)
    try:
        opened = await drafts.open(name)
    except rules.UnknownTopic as error:
        raise web.HTTPNotFound(text="没有这个主题。") from error
    kept = opened.draft
    if kept is None:
        back_to(request, "console.knowledge.topic", notice=request.query.get("notice", ""), topic=name)
    turn = kept.typed.get("from_turn", "")
    said = await drafts.said_in(int(turn)) if turn.isdecimal() and len(turn) < 16 else None
    question, served = request.query.get("question", ""), forms.typed_of(opened.content)
    base = forms.typed_of(kept.base)
    checked = (await drafts.check(name, kept.typed)).read
    found = differences_of_forms(base, kept.typed)
    first = next((one.field for one in found if one.field in forms.ASKED), GENERAL)
    context = {
        "tabs": tabs(request),
        "opened": opened,
        "draft": kept,
        "talk": said[1] if said else None,
        "differences": found,
        "meanwhile": differences_of_forms(base, served) if opened.moved else [],
        "errors": checked.errors,
        "remarks": checked.remarks,
        "preview": preview_of(request, name, kept.typed, opened.titles, request.query.get("aspect", first)),
        "question": question,
        "tried": await tried(request, question, name, kept.typed),
        "decides": request[STAFF].can(Permission.KNOWLEDGE_APPROVE)
        and rules.may_decide(editor(request), kept.editors, kept.sent_by),
        **words_for_pages(),
    }
    return await page(request, "console/knowledge_draft.html", context)


def _refused(request: web.Request, error: rules.Refusal) -> NoReturn:
    topic = request.match_info["topic"]
    if isinstance(error, rules.UnknownTopic):
        back_to(request, "console.knowledge.topic", notice="topic-gone", topic=topic)
    back_to(request, "console.knowledge.draft", notice=WHY[type(error)], topic=topic)


async def _version(request: web.Request) -> tuple[int, dict[str, str]]:
    """The draft's version that was looked at, and the form."""
    form = await form_of(request)
    return number_in(form.get("version", "")) or 0, form


@requires(Permission.KNOWLEDGE_APPROVE)
async def approve(request: web.Request) -> web.StreamResponse:
    """POST …/draft/approve: served from the next question on."""
    topic, drafts = request.match_info["topic"], drafts_of(request)
    version, _ = await _version(request)
    try:
        kept = (await drafts.open(topic)).draft
        served = await drafts.approve(topic, version, editor(request))
    except rules.Refusal as error:
        _refused(request, error)
    await audit(request, "knowledge.approve", topic, version=served.version)
    await close_request(request, kept.typed.get("from_group", "") if kept else "", topic)
    back_to(request, "console.knowledge.topic", notice="draft-approved", topic=topic)


@requires(Permission.KNOWLEDGE_APPROVE)
async def send_back(request: web.Request) -> web.StreamResponse:
    """POST …/draft/send-back: to those who wrote it, with a reason."""
    topic = request.match_info["topic"]
    version, form = await _version(request)
    try:
        await drafts_of(request).send_back(topic, version, editor(request), form.get("reason", ""))
    except rules.Refusal as error:
        _refused(request, error)
    await audit(request, "knowledge.send-back", topic)
    back_to(request, "console.knowledge.draft", notice="draft-back", topic=topic)


@requires(Permission.KNOWLEDGE_EDIT)
async def send(request: web.Request) -> web.StreamResponse:
    """POST …/draft/send: as it stands, to somebody else."""
    topic = request.match_info["topic"]
    version, form = await _version(request)
    try:
        await drafts_of(request).send(topic, version, editor(request), form.get("note", ""))
    except rules.Refusal as error:
        _refused(request, error)
    await audit(request, "knowledge.send", topic)
    back_to(request, "console.knowledge.draft", notice="topic-sent", topic=topic)


@requires(Permission.KNOWLEDGE_EDIT)
async def take_back(request: web.Request) -> web.StreamResponse:
    """POST …/draft/take-back: go on writing."""
    topic = request.match_info["topic"]
    version, _ = await _version(request)
    try:
        await drafts_of(request).take_back(topic, version)
    except rules.Refusal as error:
        _refused(request, error)
    await audit(request, "knowledge.take-back", topic)
    back_to(request, "console.knowledge.edit", notice="draft-taken-back", topic=topic)


@requires(Permission.KNOWLEDGE_EDIT)
async def rebase(request: web.Request) -> web.StreamResponse:
    """POST …/draft/rebase: upon what is served by now."""
    topic = request.match_info["topic"]
    version, _ = await _version(request)
    try:
        await drafts_of(request).rebase(topic, version, editor(request))
    except rules.Refusal as error:
        _refused(request, error)
    await audit(request, "knowledge.rebase", topic)
    back_to(request, "console.knowledge.edit", notice="draft-rebased", topic=topic)


@requires(Permission.KNOWLEDGE_EDIT)
async def drop(request: web.Request) -> web.StreamResponse:
    """POST …/draft/drop: given up; it can be put back."""
    topic = request.match_info["topic"]
    version, _ = await _version(request)
    try:
        dropped = await drafts_of(request).drop(topic, version, editor(request))
    except rules.Refusal as error:
        _refused(request, error)
    await audit(request, "knowledge.drop", topic, draft=dropped)
    back_to(request, "console.knowledge.topic", notice="draft-dropped", topic=topic)


@requires(Permission.KNOWLEDGE_EDIT)
async def restore(request: web.Request) -> web.StreamResponse:
    """POST …/draft/restore: go on with the draft that was given up last."""
    topic, drafts = request.match_info["topic"], drafts_of(request)
    try:
        dropped = (await drafts.open(topic)).dropped
        if dropped is None:
            raise rules.OpenDraft
        await drafts.restore(dropped.id, editor(request))
    except rules.Refusal as error:
        _refused(request, error)
    await audit(request, "knowledge.restore", topic, draft=dropped.id)
    back_to(request, "console.knowledge.edit", notice="draft-restored", topic=topic)


_DRAFT = TOPIC + "/draft"
ROUTES = (
    web.get(_DRAFT, draft, name="console.knowledge.draft"),
    web.post(_DRAFT + "/send", send, name="console.knowledge.send"),
    web.post(_DRAFT + "/take-back", take_back, name="console.knowledge.take-back"),
    web.post(_DRAFT + "/send-back", send_back, name="console.knowledge.send-back"),
    web.post(_DRAFT + "/approve", approve, name="console.knowledge.approve"),
    web.post(_DRAFT + "/rebase", rebase, name="console.knowledge.rebase"),
    web.post(_DRAFT + "/drop", drop, name="console.knowledge.drop"),
    web.post(_DRAFT + "/restore", restore, name="console.knowledge.restore"),
)
