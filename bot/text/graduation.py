"""When somebody finished school, as people say it: 今年毕业, 22届, 大三, 毕业一年半了. Pure text code, relative to `now`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.text.numbers import hanzi_value

LEAVING = 7  # the month in which a class leaves school, where none is named
YEAR = timedelta(days=365)

_NUM = "[一二两俩三四五六七八九十]|1?[0-9]"
_LEFT = r"(?:毕业|毕的?业|毕了业|离校|出校门|出学校|走出校门|念完|读完|上完学|出来(?:的|$|[\s,，。])|拿(?:到|上)?(?:了)?毕业证)"
_GAP = r"[^\s,，、。;；!！?？\d]{0,8}?"
_CLASS = re.compile(r"(?<!\d)(?P<year>20\d\d|[12]\d|[二两][〇零一二三四五六七八九]{1,3})(?:年)?(?:届|级毕业)")
_IN_YEAR = re.compile(
    rf"(?<!\d)(?P<year>20\d\d|[12]\d)(?!\d|岁|周岁|个|元|块|人|分)年?(?:[.\-/年](?P<month>1[0-2]|0?[1-9])月?份?)?的?{_GAP}{_LEFT}|"
    rf"毕业(?:于|时间是?|年份是?)?[:：]?(?P<year2>20\d\d)(?:年|[.\-/])?(?:(?P<month2>1[0-2]|0?[1-9])月?)?|"
    rf"往届\s*(?P<year3>20\d\d|[12]\d)年?的?"
)
_SAID = {"大前年": -3, "前年": -2, "去年": -1, "上一?年": -1, "今年": 0, "今夏": 0, "本年": 0, "明年": 1, "后年": 2}
_SAID_YEAR = re.compile(
    rf"(?P<said>大前年|前年|去年|今年|今夏|明年|后年)(?:的)?(?:(?P<month>1[0-2]|[1-9]|[一二三四五六七八九十]+)月份?)?"
    rf"[^\s,，、。;；!！?？\d]{{0,14}}?{_LEFT}|"
    rf"{_LEFT}(?:是|在|的)?(?P<after>大前年|前年|去年|今年|明年|后年)"
)
_AGO = re.compile(
    rf"(?:毕业|毕了?业|离校|离开学校|出校门|出学校|毕业证(?:拿了|到手))(?:之后|以后|后|到现在|至今|都|也|已经?|了|将近|有|刚好|整整|才|刚|过去|这|又|大概|差不多|约)*"
    rf"(?P<bound>不到|没到|不足|不满|还没|没|快|小|将近|超过|满)?(?P<n>半|{_NUM})(?P<unit>年|个月|个多月)(?P<half>半)?(?P<more>多|出头|以上|有余)?(?P<within>之?内|以内)?"
)
_JUST = re.compile(
    r"(?:刚刚?|才|新)(?:从)?(?:大学|学校|大专|本科|中专|技校)?(?:里)?(?:毕业|毕了业|出校门|离校|出来)|毕业(?:没多久|不久|才?几个月)"
)
_GRADE = re.compile(
    r"(?<![老亲])(?:读|念|上)?(?:大(?P<grade>[一二三四五])(?:学生|在读|了|的)?(?!学)|研(?P<master>[一二三])(?![究学一-龥]))"
)
_SOON = re.compile(
    r"(?:快|马上|即将|就要|将要|准备|等着)(?:要)?毕业(?!证|年限|两年|三年)了?|毕业班|(?:最后|末)一?(?:年|学年)(?:了|在校)?"
)
_COLLEGE = re.compile("大专|专科|高职|职院|职业学院")
_AT_SCHOOL = re.compile(
    r"(?:还|现在|正|仍)?(?:在校|在读|在念书|在上学|念书呢|上学呢)(?:生|大学生|学生)?(?!期间|时)|(?:还)?没毕业(?:呢)?|(?:还)?未毕业"
)


@dataclass(frozen=True)
class Left:
    """The earliest and the latest day on which school may have been left, where the words stand; None: not yet."""

    start: int
    end: int
    first: date | None
    last: date | None


def graduations(text: str, now: datetime) -> Iterator[Left]:
    """Every mention of when school was or will be left, in a normalised text. `now` is in Asia/Shanghai."""
    today = now.date()
    for match in _CLASS.finditer(text):
        if (year := _year(match["year"])) is not None:
            yield Left(*match.span(), *_of_year(year, None))
    for match in _IN_YEAR.finditer(text):
        year = _year(match["year"] or match["year2"] or match["year3"])
        if year is not None:
            yield Left(*match.span(), *_of_year(year, match["month"] or match["month2"]))
    for match in _SAID_YEAR.finditer(text):
        yield Left(*match.span(), *_of_year(today.year + _SAID[match["said"] or match["after"]], match["month"]))
    for match in _AGO.finditer(text):
        if span := _ago(match):
            low, high = span
            yield Left(*match.span(), today - high, today - low)
    for match in _JUST.finditer(text):
        yield Left(*match.span(), today - YEAR / 2, today)
    school_year = today.year + (today.month >= 9)  # the summer in which the present last year leaves
    for match in _GRADE.finditer(text):
        college = _COLLEGE.search(text) is not None
        yield Left(*match.span(), *_of_grade(match, school_year, last=3 if college else 4))
    for match in _SOON.finditer(text):
        yield Left(*match.span(), *_of_year(school_year, None))
    for match in _AT_SCHOOL.finditer(text):
        yield Left(*match.span(), None, None)


def choice_of(left: Left, now: datetime, ids: Iterable[str]) -> str | None:
    """Which of a question's choices it is; None where it may be more than one.

    The ids say what they mean: `in_school`, `final_year` (leaves in this school year), `this_year`, `within_N` (years
    since), and one more for whoever left earlier.
    """
    known = list(ids)
    found = {_choice(day, now.date(), known) for day in (left.first, left.last)}
    return found.pop() if len(found) == 1 else None


def _choice(day: date | None, today: date, ids: list[str]) -> str | None:
    def known(name: str) -> str | None:
        return name if name in ids else None

    if day is None:
        return known("in_school")
    school_year_ends = date(today.year + (today.month >= 9), 9, 1)
    if day > today and day < school_year_ends:
        return known("final_year") or (known("this_year") if day.year == today.year else known("in_school"))
    if day > today:
        return known("in_school")
    if day.year == today.year:
        return known("this_year")
    spans = sorted((int(name.removeprefix("within_")), name) for name in ids if re.fullmatch(r"within_\d+", name))
    for years, name in spans:
        if today < _later(day, years):
            return name
    rest = [n for n in ids if n not in ("in_school", "final_year", "this_year") and not n.startswith("within_")]
    return rest[0] if len(rest) == 1 else known("earlier")


def _later(day: date, years: int) -> date:
    return date(day.year + years, day.month, min(day.day, 28))


def _year(written: str | None) -> int | None:
    if written is None:
        return None
    value = int(written) if written.isdecimal() else hanzi_value(written)
    if value is None:
        return None
    year = value + 2000 if value < 100 else value
    return year if 1990 <= year <= 2060 else None


def _of_year(year: int, month: str | None) -> tuple[date, date]:
    number = (int(month) if month.isdecimal() else hanzi_value(month)) if month else None
    day = date(year, number if number and 1 <= number <= 12 else LEAVING, 1)
    return day, day


def _of_grade(match: re.Match[str], school_year: int, *, last: int) -> tuple[date | None, date | None]:
    """大四 leaves this summer, 大三 where a college of three years is named; earlier years do not yet."""
    if match["master"]:
        years = 3 - "一二三".index(match["master"]) - 1
        return (None, None) if years else _of_year(school_year, None)
    grade = "一二三四五".index(match["grade"]) + 1
    return _of_year(school_year, None) if grade >= last else (None, None)


def _ago(match: re.Match[str]) -> tuple[timedelta, timedelta] | None:
    """The shortest and the longest time that the words may mean: “两年” is a little more or less than two."""
    number = 0.5 if match["n"] == "半" else _number(match["n"])
    if number is None:
        return None
    if match["unit"] != "年":
        number /= 12
        low, high = number - 0.04, number + 0.08
    elif match["half"]:
        low, high = number + 0.4, number + 0.6
    elif match["more"]:
        low, high = number + 0.01, number + 0.8
    elif match["n"] == "半":
        low, high = 0.35, 0.65
    else:
        low, high = number - 0.2, number + 0.5
    if match["bound"] in ("不到", "没到", "不足", "不满", "还没", "没") or match["within"]:
        low, high = max(number - 0.9, 0.0), number - 0.01
    elif match["bound"] in ("快", "小", "将近"):
        low, high = number - 0.3, number - 0.01
    elif match["bound"] in ("超过", "满"):
        low, high = number + 0.01, number + 0.8
    return YEAR * max(low, 0.0), YEAR * high


def _number(written: str) -> float | None:
    value = int(written) if written.isdecimal() else hanzi_value(written)
    return float(value) if value is not None else None
