"""The choice of days that a page of figures has: see templates/console/period.html."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from bot.clock import today
from bot.figures.rules import NAMED, BadPeriod, Period, asked_for, named
from bot.web.keys import CLOCK


def period_of(request: web.Request, otherwise: str = "week") -> tuple[Period, str | None]:
    """The period asked for; where it cannot be understood the usual one, and why."""
    day = today(request.app[CLOCK])
    try:
        return asked_for(request.query, day, otherwise), None
    except BadPeriod as error:
        return named(otherwise, day), str(error)


def choice_of(request: web.Request, period: Period, wrong: str | None) -> dict[str, Any]:
    """What the choice of a period needs; what was typed stays, right or wrong."""
    query = request.query
    return {
        "period": period,
        "named": NAMED,
        "chosen": "" if query.get("from") or query.get("to") else query.get("period", ""),
        "typed": {
            "from": query.get("from", "") if wrong else period.first.isoformat(),
            "to": query.get("to", "") if wrong else period.last.isoformat(),
        },
        "wrong": wrong,
        "query": {"from": period.first.isoformat(), "to": period.last.isoformat()},
    }
