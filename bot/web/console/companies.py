"""Companies: the list, one of them, two spellings made one; and the report on what the postings lack."""

from __future__ import annotations

from aiohttp import web

from bot.jobs.companies import FIELDS, BadFields, CannotMerge, Companies, UnknownCompany, typed_of
from bot.jobs.company_queries import PAGE
from bot.jobs.keeping_queries import COUNTED
from bot.people.rules import Permission
from bot.text.districts import DISTRICTS
from bot.web.console import notices
from bot.web.console.access import audit, requires
from bot.web.console.jobs import LACKS, tabs
from bot.web.console.pages import back_to, form_of, number_in, page, page_number
from bot.web.console.words import name_actions, name_details
from bot.web.keys import CLOCK, SESSIONS

notices.add(
    {
        "company-saved": "公司改好了，它的岗位也跟着改了。",
        "company-same": "没有改动。",
        "company-merged": "合并好了，岗位和活动都归到这一家。",
    }
)
notices.add({"company-merge-no": "合并不了：两家有同一个岗位。先把其中一个改名，再来合并。"}, bad=True)
name_actions({"company.change": "改公司", "company.merge": "合并公司"})
name_details({"into": "并入", "postings": "岗位数"})


def _companies(request: web.Request) -> Companies:
    return Companies(request.app[SESSIONS], request.app[CLOCK])


@requires(Permission.JOBS_READ)
async def companies(request: web.Request) -> web.StreamResponse:
    """GET /console/companies."""
    words, number = request.query.get("q", "").strip()[:80], page_number(request)
    rows, total = await _companies(request).listed(words, number)
    context = {
        "tabs": tabs(request),
        "rows": rows,
        "q": words,
        "page": number,
        "pages": -(-total // PAGE),
        "total": total,
    }
    return await page(request, "console/companies.html", context)


@requires(Permission.JOBS_READ)
async def company(request: web.Request) -> web.StreamResponse:
    """GET /console/companies/NUMBER."""
    return await _one(request)


async def _one(
    request: web.Request, typed: dict[str, str] | None = None, errors: dict[str, str] | None = None
) -> web.Response:
    try:
        found, near = await _companies(request).one(int(request.match_info["number"]))
    except UnknownCompany as error:
        raise web.HTTPNotFound from error
    context = {
        "company": found, "near": near, "typed": typed or typed_of(found), "errors": errors or {},
        "districts": [("", "不详"), *((one, one) for one in DISTRICTS)],
    }  # fmt: skip
    return await page(request, "console/company.html", context, status=422 if errors else 200)


@requires(Permission.JOBS_EDIT)
async def change(request: web.Request) -> web.StreamResponse:
    """POST /console/companies/NUMBER."""
    number, form = int(request.match_info["number"]), await form_of(request)
    typed = {name: form.get(name, "")[:200] for name in FIELDS}
    try:
        different = await _companies(request).change(number, typed)
    except UnknownCompany as error:
        raise web.HTTPNotFound from error
    except BadFields as error:
        return await _one(request, typed, error.errors)
    except CannotMerge:
        return await _one(request, typed, {"name": "这样改会和另一个岗位重复，先去改那个岗位。"})
    if not different:
        back_to(request, "console.company", notice="company-same", number=number)
    await audit(request, "company.change", f"公司 {number}", fields=different)
    back_to(request, "console.company", notice="company-saved", number=number)


@requires(Permission.JOBS_EDIT)
async def merge(request: web.Request) -> web.StreamResponse:
    """POST /console/companies/NUMBER/merge: into the one of the form's `into`."""
    number, into = int(request.match_info["number"]), number_in((await form_of(request)).get("into", ""))
    try:
        moved = await _companies(request).merge(number, into or 0)
    except UnknownCompany as error:
        raise web.HTTPNotFound from error
    except CannotMerge:
        back_to(request, "console.company", notice="company-merge-no", number=number)
    await audit(request, "company.merge", f"公司 {number}", into=into, postings=moved)
    back_to(request, "console.company", notice="company-merged", number=into)


@requires(Permission.JOBS_READ)
async def quality(request: web.Request) -> web.StreamResponse:
    """GET /console/jobs/quality."""
    found = await _companies(request).quality()
    context = {"tabs": tabs(request), "quality": found, "names": LACKS, "counted": COUNTED}
    return await page(request, "console/quality.html", context)


_ONE = r"/console/companies/{number:\d{1,9}}"
ROUTES = (
    web.get("/console/companies", companies, name="console.companies"),
    web.get(_ONE, company, name="console.company"),
    web.post(_ONE, change),
    web.post(_ONE + "/merge", merge, name="console.company.merge"),
    web.get("/console/jobs/quality", quality, name="console.jobs.quality"),
)
