"""Postings: the list, one of them, adding, changing, taking down and putting up again; each change can be taken back."""

from __future__ import annotations

from typing import Any, NoReturn

from aiohttp import web

from bot.jobs.importing import CannotUndo, Importer
from bot.jobs.keeping import FIELDS, BadFields, JobKeeping, NotThat, Twice, typed_of
from bot.jobs.keeping_queries import BY_HAND, COUNTED, Search
from bot.jobs.service import UnknownPosting
from bot.people.rules import Permission
from bot.text.districts import DISTRICTS
from bot.text.schooling import LEVELS
from bot.web.console import notices
from bot.web.console.access import STAFF, audit, requires
from bot.web.console.navigation import Entry, Place, places
from bot.web.console.pages import back_to, form_of, number_in, page
from bot.web.console.words import name_actions, name_details
from bot.web.keys import CLOCK, SESSIONS

notices.add(
    {
        "job-added": "岗位加上了，现在就能被搜到。",
        "job-saved": "改好了。改错了可以在下面“改动”里撤销。",
        "job-same": "没有改动。",
        "job-withdrawn": "下架了，不会再推荐给任何人。可以在下面重新上架。",
        "job-opened": "重新上架了。",
        "job-undone": "撤销了，回到改动之前。",
    }
)
notices.add(
    {
        "job-not-that": "这个岗位现在不能这样改，可能同事刚改过。",
        "job-undo-no": "撤不了：后来又改过，或者已经撤过了。先撤后来的那一次。",
    },
    bad=True,
)
name_actions(
    {
        "job.add": "加岗位",
        "job.change": "改岗位",
        "job.withdraw": "下架岗位",
        "job.open": "重新上架岗位",
        "job.undo": "撤销岗位改动",
    }
)
name_details({"batch": "批号", "title": "名称"})

STATES = {"open": "在招", "withdrawn": "已下架", "folded": "重复"}
LACKS = {"soon": "7 天内截止", "pay": "没写薪资", "contact": "没有联系方式", "signs": "有可疑之处"}
TYPES = ("全职", "实习", "见习", "兼职")
_LONGEST = 4000


_P = Permission
TABS = (
    Entry("岗位", "console.jobs", (_P.JOBS_READ,)),
    Entry("公司", "console.companies", (_P.JOBS_READ,)),
    Entry("导入", "console.jobs.sheet", (_P.JOBS_READ,)),
    Entry("质量", "console.jobs.quality", (_P.JOBS_READ,)),
)
"""The pages about jobs."""


def tabs(request: web.Request) -> list[Place]:
    """The pages about jobs, as they stand above each of them."""
    return places(request, TABS, request[STAFF])


def keeping(request: web.Request) -> JobKeeping:
    """Postings as staff keep them."""
    return JobKeeping(request.app[SESSIONS], request.app[CLOCK])


@requires(Permission.JOBS_READ)
async def jobs(request: web.Request) -> web.StreamResponse:
    """GET /console/jobs."""
    typed = {name: request.query.get(name, "").strip()[:80] for name in ("q", "status", "lack", "sample", "source")}
    typed |= {name: request.query.get(name, "") for name in ("batch", "company")}
    wanted = Search(
        words=typed["q"],
        status=typed["status"] if typed["status"] in STATES else "",
        sample={"yes": True, "no": False}.get(typed["sample"]),
        source=typed["source"],
        batch=number_in(typed["batch"]),
        company=number_in(typed["company"]),
        lack=typed["lack"] if typed["lack"] in LACKS else "",
    )
    kept = keeping(request)
    found = await kept.find(wanted, before=number_in(request.query.get("before", "")))
    sources = await kept.sources()
    if wanted.source and wanted.source not in sources:
        sources = [wanted.source, *sources]
    context = {
        "tabs": tabs(request),
        "found": found,
        "typed": typed,
        "many": found.total > COUNTED,
        "counted": COUNTED,
        "states": STATES,
        "status_options": [("", "全部"), *STATES.items()],
        "lack_options": [("", "不限"), *LACKS.items()],
        "sample_options": [("", "都看"), ("no", "不看示例"), ("yes", "只看示例")],
        "source_options": [("", "全部"), *((one, one) for one in sources)],
        "filtered": any(typed.values()),
        "first": not request.query.get("before"),
    }
    return await page(request, "console/jobs.html", context)


@requires(Permission.JOBS_READ)
async def job(request: web.Request) -> web.StreamResponse:
    """GET /console/jobs/NUMBER."""
    found = await _one(request)
    return await _form(request, found, typed_of(found.posting), {})


@requires(Permission.JOBS_EDIT)
async def ask_new(request: web.Request) -> web.StreamResponse:
    """GET /console/jobs/new."""
    company = request.query.get("company", "")[:120]
    return await _form(request, None, _typed({"company": company, "job_type": "全职", "education": "不限"}), {})


@requires(Permission.JOBS_EDIT)
async def add(request: web.Request) -> web.StreamResponse:
    """POST /console/jobs/new."""
    typed = _typed(await form_of(request))
    try:
        added = await keeping(request).add(typed, by=request[STAFF].name)
    except BadFields as error:
        return await _form(request, None, typed, error.errors, status=422)
    except Twice as error:
        return await _form(request, None, typed, _twice(), status=422, other=error.posting_id)
    await audit(request, "job.add", f"岗位 {added.posting}", batch=added.batch)
    back_to(request, "console.job", notice="job-added", number=added.posting)


@requires(Permission.JOBS_EDIT)
async def change(request: web.Request) -> web.StreamResponse:
    """POST /console/jobs/NUMBER."""
    found, typed = await _one(request), _typed(await form_of(request))
    number = found.posting.id
    try:
        changed = await keeping(request).change(number, typed, by=request[STAFF].name)
    except BadFields as error:
        return await _form(request, found, typed, error.errors, status=422)
    except Twice as error:
        return await _form(request, found, typed, _twice(), status=422, other=error.posting_id)
    if changed is None:
        back_to(request, "console.job", notice="job-same", number=number)
    await audit(request, "job.change", f"岗位 {number}", batch=changed.batch)
    back_to(request, "console.job", notice="job-saved", number=number)


@requires(Permission.JOBS_EDIT)
async def withdraw(request: web.Request) -> web.StreamResponse:
    """POST /console/jobs/NUMBER/withdraw."""
    await _set(request, "withdrawn", "job.withdraw", "job-withdrawn")


@requires(Permission.JOBS_EDIT)
async def reopen(request: web.Request) -> web.StreamResponse:
    """POST /console/jobs/NUMBER/open."""
    await _set(request, "open", "job.open", "job-opened")


async def _set(request: web.Request, status: str, action: str, notice: str) -> NoReturn:
    number = int(request.match_info["number"])
    try:
        changed = await keeping(request).set_status(number, status, by=request[STAFF].name)
    except UnknownPosting as error:
        raise web.HTTPNotFound from error
    except NotThat:
        back_to(request, "console.job", notice="job-not-that", number=number)
    await audit(request, action, f"岗位 {number}", batch=changed.batch)
    back_to(request, "console.job", notice=notice, number=number)


@requires(Permission.JOBS_EDIT)
async def undo(request: web.Request) -> web.StreamResponse:
    """POST /console/jobs/NUMBER/undo: one change of this posting on a page."""
    found, batch = await _one(request), number_in((await form_of(request)).get("batch", ""))
    number = found.posting.id
    if batch not in {one.id for one in found.changes if one.file == BY_HAND}:
        raise web.HTTPNotFound
    try:
        done = await Importer(request.app[SESSIONS], request.app[CLOCK]).undo(batch)
    except CannotUndo:
        back_to(request, "console.job", notice="job-undo-no", number=number)
    await audit(request, "job.undo", f"岗位 {number}", batch=batch)
    if done.removed:
        back_to(request, "console.jobs", notice="job-undone")
    back_to(request, "console.job", notice="job-undone", number=number)


async def _one(request: web.Request) -> Any:
    try:
        return await keeping(request).one(int(request.match_info["number"]))
    except UnknownPosting as error:
        raise web.HTTPNotFound from error


def _typed(form: dict[str, str]) -> dict[str, str]:
    return {name: form.get(name, "")[:_LONGEST] for name in FIELDS}


def _twice() -> dict[str, str]:
    return {"title": "同一家公司在同一区县已经有这个岗位了。是两个岗位的话，名称写得不一样一些。"}


async def _form(
    request: web.Request, kept: Any, typed: dict[str, str], errors: dict[str, str], *, status: int = 200,
    other: int | None = None,
) -> web.Response:  # fmt: skip
    context = {
        "kept": kept,
        "typed": typed,
        "errors": errors,
        "other": other,
        "states": STATES,
        "by_hand": BY_HAND,
        "types": [(one, one) for one in TYPES],
        "districts": [("", "不详"), *((one, one) for one in DISTRICTS)],
        "levels": [(one, one) for one in LEVELS],
    }
    return await page(request, "console/job.html", context, status=status)


_JOB = r"/console/jobs/{number:\d{1,9}}"
ROUTES = (
    web.get("/console/jobs", jobs, name="console.jobs"),
    web.get("/console/jobs/new", ask_new, name="console.jobs.new"),
    web.post("/console/jobs/new", add),
    web.get(_JOB, job, name="console.job"),
    web.post(_JOB, change),
    web.post(_JOB + "/withdraw", withdraw, name="console.job.withdraw"),
    web.post(_JOB + "/open", reopen, name="console.job.open"),
    web.post(_JOB + "/undo", undo, name="console.job.undo"),
)
