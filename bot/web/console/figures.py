"""How it goes: charts of a period beside the one before, where each figure comes from, and the brief."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

from bot.clock import SHANGHAI
from bot.figures.brief import CHANNELS, Source
from bot.figures.catalogue import ANSWER_TIME, BY_NAME
from bot.figures.docx import brief_docx
from bot.figures.rules import change
from bot.figures.service import Figures
from bot.figures.views import Overview
from bot.people.rules import Permission
from bot.web.console import words
from bot.web.console.access import audit, requires
from bot.web.console.charts import bar_chart, line_chart, ranking_chart
from bot.web.console.pages import page
from bot.web.console.periods import choice_of, period_of
from bot.web.keys import CLOCK, SESSIONS, SETTINGS

words.name_actions({"brief.download": "下载工作简报"})
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
GROUPS = (
    ("对话", ("people", "new_people", "conversations", "turns", "failed")),
    ("回答", ("served", "offered", "refused", "up", "down")),
    ("真人与安全", ("handovers", "handovers_taken", "alerts", "scams")),
    ("一对一指导", ("booked", "sessions_held", "sessions_missed", "sessions_cancelled")),
    ("岗位与活动", ("job_searches", "postings_new", "events", "registrations", "came")),
    ("电台", ("questions_received", "questions_aired")),
)
"""The figures as the page groups them."""
RANKED = 10


def _figures(request: web.Request) -> Figures:
    return Figures(request.app[SESSIONS], request.app[CLOCK])


@requires(Permission.FIGURES_READ)
async def overview(request: web.Request) -> web.Response:
    """GET /console/figures?period=… or ?from=…&to=…"""
    period, wrong = period_of(request)
    seen = await _figures(request).overview(period)
    context = {
        **choice_of(request, period, wrong),
        "seen": seen,
        "groups": [(title, [seen.values[name] for name in names]) for title, names in GROUPS],
        "charts": None if seen.empty else _charts(seen),
        "times": [
            ("一半的人等了不到", seen.median, change(*seen.median)),
            ("95% 的人等了不到", seen.p95, change(*seen.p95)),
        ],
        "answer_time": ANSWER_TIME,
        "channel_name": lambda name: CHANNELS.get(name, name),
    }
    return await page(request, "console/figures.html", context, status=422 if wrong else 200)


def _charts(seen: Overview) -> dict[str, str]:
    days = [f"{day.day.month}月{day.day.day}日" for day in seen.days]
    before = [day.turns for day in seen.days_before][: len(days)]
    return {
        "days": line_chart(
            days, {"本期": [day.turns for day in seen.days], "上期": before + [None] * (len(days) - len(before))}
        ),
        "outcomes": bar_chart(
            days,
            {
                "直接答上": [day.served for day in seen.days],
                "给了选项": [day.offered for day in seen.days],
                "没答上": [day.refused for day in seen.days],
            },
            stacked=True,
        ),
        "hours": bar_chart([f"{hour}时" for hour in range(24)], {"来信": seen.hours}),
        "channels": ranking_chart([(CHANNELS.get(name, name), turns) for name, _, turns in seen.channels]),
        "topics": ranking_chart([(topic.title, topic.n) for topic in seen.topics[:RANKED]]),
    }


@requires(Permission.FIGURES_READ)
async def figure(request: web.Request) -> web.Response:
    """GET /console/figures/{name}: one figure, what it counts, and its statement."""
    name = request.match_info["name"]
    if name not in BY_NAME:
        raise web.HTTPNotFound
    period, wrong = period_of(request)
    traced = await _figures(request).traced(name, period)
    context = {**choice_of(request, period, wrong), "traced": traced}
    return await page(request, "console/figure.html", context, status=422 if wrong else 200)


@requires(Permission.FIGURES_READ)
async def brief(request: web.Request) -> web.Response:
    """GET /console/brief: the brief of a period, last month's where none is asked for."""
    period, wrong = period_of(request, "last-month")
    made = await _figures(request).brief(period)
    context = {**choice_of(request, period, wrong), "brief": made, "is_table": lambda part: hasattr(part, "rows")}
    return await page(request, "console/brief.html", context, status=422 if wrong else 200)


@requires(Permission.BRIEF_WRITE)
async def brief_file(request: web.Request) -> web.Response:
    """GET /console/brief.docx: the same as a document. 422 for a period that cannot be understood."""
    period, wrong = period_of(request, "last-month")
    if wrong:
        raise web.HTTPUnprocessableEntity(text=wrong)
    made = await _figures(request).brief(period)
    root = request.app[SETTINGS].address

    def address(source: Source) -> str:
        if source.name not in BY_NAME:
            return f"{root}/console/figures?from={period.first}&to={period.last}"
        return f"{root}/console/figures/{source.name}?from={period.first}&to={period.last}"

    content = brief_docx(made, address)
    await audit(request, "brief.download", f"{period.first}..{period.last}", figures=len(made.sources))
    at = request.app[CLOCK]().astimezone(SHANGHAI)
    name = f"工作简报-{period.first}至{period.last}-{at:%m%d%H%M}.docx"
    disposition = f"attachment; filename=\"brief.docx\"; filename*=UTF-8''{quote(name)}"
    return web.Response(body=content, content_type=DOCX, headers={"Content-Disposition": disposition})


ROUTES = (
    web.get("/console/figures", overview, name="console.figures"),
    web.get("/console/figures/{name}", figure, name="console.figure"),
    web.get("/console/brief", brief, name="console.brief"),
    web.get("/console/brief.docx", brief_file, name="console.brief.docx"),
)
