"""Days named by a holiday: 国庆后, 元旦前, 放完假第一天, 正月十六."""

from __future__ import annotations

import re
from datetime import date

from bot.text.times.days import DAY, HANZI, Builder, number, one, stretch
from bot.text.times.holidays import NAMES, days_off, holiday, lunar_day, next_statutory
from bot.text.times.model import DayPart

# “五一” and “十一” are also numbers, “51” is anything: they name the holiday only beside a word that says so.
_NUMERIC = ("五一", "十一", "六一", "五四", "三八", "51")
_CERTAIN = "|".join(sorted((n for n in NAMES if n not in _NUMERIC), key=len, reverse=True))
_BREAK = r"(?:节日?|长假|小长假|假期|放假|大假|黄金周|期间|假)*"
_CUE = r"(?=节|长假|小长假|假|放假|黄金周|期间|当天|那天|之?[前后](?!天|面)|以[前后]|过后|过完|回来|收假|结束|上班)"
_BACK = r"(?:以后|之后|过后|回来|收假|结束|过完|完|后(?!天|面))(?:以后|之后|后)?"
_FIRST_DAY = r"(?:的?(?:上班|开工|开学|第)*第?一[天个]?(?:工作日)?|的?头一天|上班)?"


def _next(name: str, today: date, *, after: bool) -> tuple[date, date, date] | None:
    """The holiday that matters now: (day, first day off, last day off)."""
    for year in (today.year, today.year + 1):
        day, off = holiday(name, year), days_off(name, year)
        if day and off and (off[1] + DAY if after else day) >= today:
            return day, *off
    return None


def _around(m: re.Match[str], today: date) -> DayPart | None:
    name = m["name"] or next_statutory(today)
    after = bool(m["done"] or m["back"])
    found = _next(name, today, after=after)
    if found is None:
        return None
    day, first, last = found
    if after:
        spans = ((last + DAY, last + 2 * DAY),)
        return DayPart(spans, "from", after=True)
    if m["fore"]:
        start = min(day, first) if m["rest"] or name != "春节" else day
        if m["days"]:
            count = number(m["days"]) or 1
            return one(start - count * DAY) if m["unit"] == "天" else stretch(start - 7 * count * DAY, start)
        return DayPart(((today, start),), "span", before=True) if start > today else None
    if m["rest"] and any(word in m["rest"] for word in ("假", "期间", "黄金周")):
        return stretch(first, last + DAY)
    return one(day)


def _lunar(m: re.Match[str], today: date) -> DayPart | None:
    day = number(m["day"].removeprefix("初"))
    month = "腊" if m["month"] and m["month"][0] == "腊" else "正"
    for year in (today.year, today.year + 1):
        found = lunar_day(month, day, year) if day else None
        if found and found >= today:
            return one(found)
    return None


_FORE = rf"(?P<fore>(?:之前|以前|前(?!台|面|往|后))(?:的?(?P<days>\d|[{HANZI}])(?P<unit>天|个?(?:周|星期|礼拜)))?)"
_TAIL = rf"(?P<rest>{_BREAK})(?:(?P<back>{_BACK}){_FIRST_DAY}|{_FORE}|当天|那天)?"
PATTERNS: list[tuple[re.Pattern[str], Builder]] = [
    (re.compile(pattern), builder)
    for pattern, builder in [
        (rf"(?P<done>过完|过了|放完|休完)?(?P<name>{_CERTAIN}){_TAIL}", _around),
        (rf"(?P<done>过完|过了|放完|休完)(?P<name>{'|'.join(_NUMERIC)})(?![{HANZI}\d点月号路街]){_TAIL}", _around),
        (rf"(?P<done>)(?P<name>{'|'.join(_NUMERIC)}){_CUE}{_TAIL}", _around),
        (rf"(?P<name>)(?P<done>(?:放|休|过)完(?:小?长?假|节)|收假|节后|假后|假期(?:后|结束))(?:以后|之后|后|回来)?{_FIRST_DAY}"
         r"(?P<rest>)(?P<back>)(?P<fore>)(?P<days>)(?P<unit>)", _around),
        (r"(?P<name>)(?P<done>)(?P<back>)(?P<rest>)(?P<fore>节前|放假前|假前)(?:(?P<days>[一二两三123])(?P<unit>天))?", _around),
        (rf"(?:过完|过了)年|(?<![{HANZI}\d几多半今明去来])年后(?:{_FIRST_DAY})", lambda m, today: _spring(today, after=True)),
        (rf"(?<![{HANZI}\d几多半今明去来])年前", lambda m, today: _spring(today, after=False)),
        (rf"(?P<month>正月|腊月|农历正月|大年)(?P<day>初?[{HANZI}]{{1,3}}|\d{{1,2}})", _lunar),
        (r"(?P<month>)(?P<day>初[一二三四五六七八九十])(?!中|三|级|步|试)", _lunar),
    ]
]  # fmt: skip


def _spring(today: date, *, after: bool) -> DayPart | None:
    found = _next("春节", today, after=after)
    if found is None:
        return None
    day, _, last = found
    if after:
        return DayPart(((last + DAY, last + 2 * DAY),), "from", after=True)
    return DayPart(((today, day),), "span", before=True) if day > today else None
