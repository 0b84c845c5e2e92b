"""The result of a person's eligibility check as a page to print or keep."""

from __future__ import annotations

from dataclasses import dataclass

import aiohttp_jinja2
from aiohttp import web

from bot.clock import SHANGHAI, today
from bot.eligibility import wording
from bot.eligibility.rules import described
from bot.eligibility.views import Benefit, Line, Result
from bot.knowledge.wording import source_line, spoken_day
from bot.linking.rules import ELIGIBILITY as ELIGIBILITY_PAGE
from bot.reply import SourceLine
from bot.web.chat.pages import static
from bot.web.chat.visitor import visitor_of
from bot.web.keys import CLOCK, ELIGIBILITY


@dataclass(frozen=True)
class Item:
    """One benefit as the page has it. `conditions`: (state, words), state being met, missing, failed or open."""

    name: str
    amount: str
    conditions: tuple[tuple[str, str], ...]
    when: tuple[str, ...]
    materials: tuple[str, ...]
    sources: tuple[SourceLine, ...]
    checked: str
    caveat: str | None


@dataclass(frozen=True)
class Group:
    """Benefits with the same verdict."""

    kind: str
    title: str
    about: str
    items: tuple[Item, ...]


async def page(request: web.Request) -> web.StreamResponse:
    """GET /chat/eligibility: the latest result of whoever's cookie or link it is, reckoned anew; how to begin where there is none."""
    person = (await visitor_of(request, ELIGIBILITY_PAGE)).person
    context = await context_of(request.app, person)
    response = await aiohttp_jinja2.render_template_async("chat/eligibility.html", request, context)
    response.headers["Cache-Control"] = "no-store"
    return response


async def context_of(app: web.Application, person: int | None) -> dict[str, object]:
    """What the page shows a person; `kept` is None where there is no result."""
    check = app[ELIGIBILITY]
    kept = await check.kept(person) if person is not None else None
    context: dict[str, object] = {"static": static, "kept": kept}
    if kept is not None:
        result = await check.result(kept.facts)
        context |= {
            "facts": described(kept.facts, check.facts),
            "told_on": spoken_day(kept.at.astimezone(SHANGHAI).date()),
            "today": spoken_day(today(app[CLOCK])),
            "groups": groups(result),
            "ended": [(one.name, _until(one)) for one in result.ended],
            "approved": wording.APPROVED,
        }
    return context


def groups(result: Result) -> list[Group]:
    """The groups that have anything in them."""
    found = [
        Group("likely", "很可能符合", "公开的条件都对得上，“还要确认”的去办之前问清。", _items(result.likely)),
        Group("possible", "可能符合", "还差几条没说到，对得上就能办。", _items(result.possible)),
        Group(
            "employer", "单位能领，跟你有关", "钱给单位，招你这样的人才有；可以跟单位提一句。", _items(result.employer)
        ),
        Group("no", "不符合", "按你说的情况，有一条明摆着对不上。", _items(result.no)),
    ]
    return [group for group in found if group.items]


def _items(lines: tuple[Line, ...]) -> tuple[Item, ...]:
    return tuple(_item(line) for line in lines)


def _item(line: Line) -> Item:
    benefit, judged = line.benefit, line.judged
    conditions = [
        (state, said)
        for state, words in (
            ("failed", judged.failed),
            ("missing", judged.missing),
            ("met", judged.met),
            ("open", judged.open),
        )
        for said in words
    ]
    return Item(
        name=benefit.name,
        amount=benefit.eligibility.amount,
        conditions=tuple(conditions),
        when=_paragraphs(benefit.when),
        materials=_paragraphs(benefit.materials),
        sources=tuple(_linked(source_line(source)) for source in benefit.sources),
        checked=spoken_day(benefit.checked_on),
        caveat=wording.caveat(benefit.standing, benefit.check_status),
    )


def _linked(source: SourceLine) -> SourceLine:
    """A source without its address where that is no web page."""
    is_page = source.url is not None and source.url.startswith(("https://", "http://"))
    return source if is_page else SourceLine(text=source.text)


def _paragraphs(text: str | None) -> tuple[str, ...]:
    return tuple(line for line in (text or "").splitlines() if line.strip())


def _until(benefit: Benefit) -> str | None:
    return spoken_day(benefit.valid_until) if benefit.valid_until else None


ROUTES = (web.get("/chat/eligibility", page),)
