"""Names of days: each pattern with what it means, seen from today."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from bot.text.numbers import hanzi_value
from bot.text.times.model import DayPart

DAY = timedelta(days=1)
HANZI = "零〇一二两俩三四五六七八九十廿"
UNIT = r"(?:周|星期|礼拜)"
_COUNT = rf"(?:\d{{1,3}}|[{HANZI}]{{1,3}})"
_OF_MONTH = rf"(?:[0-3]?\d|[{HANZI}]{{1,3}})"
_YEAR = r"(?:(?P<year>20\d\d)年|(?P<named_year>[今明后]年)的?)?"
_MONTH = r"(?:(?P<month>1[0-2]|0?[1-9]|十[一二]|[一二三四五六七八九十元])月份?|(?P<rel>这个?|本|当|[下上]+一?个?)月份?)"
_WEEKDAY = r"[一二三四五六日天1-7]"
_NOT_COUNTED = r"(?![\d.:点时个家人名万千百元块次场天年周月岁届k%％]|小时|分)"
_PLACE = r"(?!线|楼|门|窗|厅|院|教|馆|店|桌|机|柜|展|岗|码|口|台|宿|令|公寓|员|位|常|语|本|志|报|记)"
_AFTER_PART = r"(?=\s*(?:[上下中]午|晚|早|周|星期|礼拜|[0-9一二两三四五六七八九十]{1,2}[点:]))"

Builder = Callable[["re.Match[str]", date], "DayPart | None"]


def number(text: str) -> int | None:
    """A small number in digits or 汉字."""
    if text.isdigit():
        return int(text)
    return hanzi_value(text.replace("廿", "二十"))


def weekday_number(sign: str) -> int:
    """Monday is 0."""
    return 6 if sign in "日天7" else "一二三四五六".index(sign) if sign in "一二三四五六" else int(sign) - 1


def monday(day: date) -> date:
    """The Monday of a day's week."""
    return day - day.weekday() * DAY


def months_on(first: date, months: int) -> date:
    """The first of the month so many months on."""
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    return date(year, month + 1, 1)


def one(day: date, kind: str = "date") -> DayPart:
    """One whole day."""
    return DayPart(((day, day + DAY),), kind)


def stretch(first: date, end: date, kind: str = "span") -> DayPart:
    """From the first day up to and without the end."""
    return DayPart(((first, end),), kind)


def made(year: int, month: int, day: int) -> date | None:
    """The date, None if there is none such."""
    return date(year, month, day) if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1] else None


def next_weekday(weekday: int, today: date) -> DayPart:
    """周三 and no more: the next one; today's own weekday may mean today or in a week."""
    day = today + (weekday - today.weekday()) % 7 * DAY
    days = (day, day + 7 * DAY) if day == today else (day,)
    return DayPart(tuple((d, d + DAY) for d in days), "weekday")


def week_offset(prefix: str) -> int:
    """下 is one week on, 下下 two, 上 one back, 这 and 本 none."""
    return prefix.count("下") + prefix.count("再") - prefix.count("上")


def _relative(m: re.Match[str], today: date) -> DayPart:
    many, word = len(m["great"] or "") + (1 if m["outer"] else 0), m["word"]
    days = {"今": 0, "明": 1, "昨": -1, "后": 2 + many, "前": -2 - many}[word]
    return one(today + days * DAY, "date" if days >= 0 else "past")


def _weekday(m: re.Match[str], today: date) -> DayPart:
    weekday = weekday_number(m["weekday"])
    if not m["prefix"]:
        return next_weekday(weekday, today)
    weeks = week_offset(m["prefix"])
    return one(monday(today) + (7 * weeks + weekday) * DAY, "date" if weeks >= 0 else "past")


def _weekend(m: re.Match[str], today: date) -> DayPart:
    saturday = monday(today) + (7 * week_offset(m["prefix"] or "") + 5) * DAY
    spans = [(saturday, saturday + 2 * DAY)]
    if not m["prefix"] and today >= saturday:
        spans.append((saturday + 7 * DAY, saturday + 9 * DAY))
    return DayPart(tuple(spans), "span")


def _week(m: re.Match[str], today: date) -> DayPart:
    weeks = week_offset(m["prefix"])
    first = monday(today) + 7 * weeks * DAY
    if m["piece"]:
        start, end = {"初": (0, 2), "头": (0, 2), "中": (2, 3), "尾": (3, 5)}[m["piece"]]
        return stretch(first + start * DAY, first + end * DAY)
    return stretch(first, first + 7 * DAY, "week" if weeks >= 0 else "past")


def _month(m: re.Match[str], today: date) -> tuple[date, bool]:
    """The first of the month that the match names, and whether its year was said (or follows from the words)."""
    this = today.replace(day=1)
    if m["rel"]:
        return months_on(this, week_offset(m["rel"])), True
    month = 1 if m["month"] == "元" else number(m["month"]) or 1
    if m["year"] or m["named_year"]:
        year = int(m["year"]) if m["year"] else today.year + "今明后".index(m["named_year"][0])
        return date(year, month, 1), True
    return date(today.year, month, 1), False


def _in_month(m: re.Match[str], today: date) -> DayPart | None:
    day = number(m["day"])
    first, certain = _month(m, today)
    if day is None or not (found := made(first.year, first.month, day)):
        leap = made(first.year + 1, first.month, day) if day and not certain else None
        return one(leap) if leap else None
    if found < today and not certain:
        found = made(first.year + 1, first.month, day)
    return one(found) if found else None


def _of_month(m: re.Match[str], today: date) -> DayPart | None:
    day = number(m["day"])
    if day is None or not 1 <= day <= 31:
        return None
    first = today.replace(day=1)
    for months in range(4):
        month = months_on(first, months)
        found = made(month.year, month.month, day)
        if found and found >= today:
            return one(found, "monthday")
    return None


def _piece(first: date, piece: str) -> tuple[date, date]:
    end = months_on(first, 1)
    start, stop = {"初": (1, 6), "头": (1, 6), "上": (1, 11), "中": (11, 21), "下": (21, 0), "底": (25, 0), "末": (25, 0),
                   "尾": (25, 0), "上半": (1, 16), "下半": (16, 0)}[piece]  # fmt: skip
    return first.replace(day=start), first.replace(day=stop) if stop else end


def _piece_of_month(m: re.Match[str], today: date) -> DayPart:
    first, certain = _month(m, today) if m["month"] or m["rel"] else (today.replace(day=1), False)
    start, end = _piece(first, m["piece"])
    if end <= today and not certain:
        step = 12 if m["month"] else 1
        start, end = _piece(months_on(first, step), m["piece"])
    return stretch(start, end)


def _whole_month(m: re.Match[str], today: date) -> DayPart:
    first, certain = _month(m, today)
    if months_on(first, 1) <= today and not certain:
        first = months_on(first, 12)
    return stretch(first, months_on(first, 1), "span" if not m["rel"] or "上" not in m["rel"] else "past")


def nth_weekday(nth: int, weekday: int, first: date, end: date) -> date | None:
    """The nth such weekday between two days (-1: the last); None if there are fewer."""
    if nth < 0:
        last = end - DAY
        found = last - (last.weekday() - weekday) % 7 * DAY
    else:
        found = first + (weekday - first.weekday()) % 7 * DAY + 7 * (nth - 1) * DAY
    return found if first <= found < end else None


def _end_of_year(m: re.Match[str], today: date) -> DayPart:
    if m["piece"] in "底末终":
        return stretch(date(today.year, 12, 25), date(today.year + 1, 1, 1))
    year = today.year + ("明" in m[0])
    first = date(year, 1, 1) if date(year, 1, 11) > today else date(year + 1, 1, 1)
    return stretch(first, first + 10 * DAY)


def _dated(m: re.Match[str], today: date) -> DayPart | None:
    found = made(int(m["year"]), int(m["month"]), int(m["day"]))
    return one(found) if found else None


def _slashed(m: re.Match[str], today: date) -> DayPart | None:
    found = made(today.year, int(m["month"]), int(m["day"]))
    if found and found < today:
        found = made(today.year + 1, int(m["month"]), int(m["day"]))
    return one(found) if found else None


def _days_on(m: re.Match[str], today: date) -> DayPart | None:
    count = number(m["count"])
    if count is None or count > 400:
        return None
    unit = m["unit"]
    if unit == "月":
        month = months_on(today.replace(day=1), count)
        day = month.replace(day=min(today.day, monthrange(month.year, month.month)[1]))
    elif unit == "工作日":
        day = today
        for _ in range(count):
            day += DAY
            while day.weekday() >= 5:
                day += DAY
    else:
        day = today + count * (1 if unit in ("天", "日") else 7) * DAY
    return stretch(today, day + DAY) if m["within"] else one(day, "date" if unit in ("天", "日") else "from")


def _half_month(m: re.Match[str], today: date) -> DayPart:
    return one(today + 15 * DAY)


def _two_days(m: re.Match[str], today: date) -> DayPart:
    return stretch(today, today + 2 * DAY)


_LATER = r"(?:之后|以后|过后|后)(?!天|年)"
_WITHIN = r"(?P<within>之内|以内|内)"

PATTERNS: list[tuple[re.Pattern[str], Builder]] = [
    (re.compile(pattern), builder)
    for pattern, builder in [
        (r"(?P<great>大+)?(?P<outer>外)?(?P<word>[后前])(?:天|日(?!期)|儿个?(?![子童女])|个儿)", _relative),
        (r"(?P<great>)(?P<outer>)(?P<word>[今明昨])(?:天|日(?!期)|儿个?(?![子童女])|个儿?)", _relative),
        (r"(?P<great>)(?P<outer>)(?P<word>[今明昨后])(?=[早晚午夜]|上午|下午|中午|傍晚)", _relative),
        (r"(?P<great>)(?P<outer>)(?:一会儿?|待会儿?|呆会儿?|等会儿?)(?P<word>)"
         r"(?=[^,.。?!，]{0,4}(?:[上下中]午|晚上|[0-9一二两三四五六七八九十]{1,2}[点:]))",
         lambda m, today: one(today, "soon")),
        (rf"(?P<prefix>上+一?个?|这个?|本|当|再?下+一?个?)?{UNIT}(?P<weekday>[一二三四五六日天]|[1-7](?!\d))"
         r"(?![个次年岁月]|(?<=一)对一|(?<=五)险|(?<=[四六])级|(?<=三)方(?!便))", _weekday),
        (rf"(?P<prefix>上+一?个?|这个?|本|再?下+一?个?)?(?:{UNIT}末|双休日|{UNIT}六[、和跟及]?{UNIT}?[日天])", _weekend),
        (rf"(?P<prefix>上+一?个?|这一?个?|本|再?下+一?个?){UNIT}(?:(?P<piece>[初头中尾])|里|之?内)?(?!岁|年|围|边|期)", _week),
        (rf"{_YEAR}{_MONTH}的?(?P<day>{_OF_MONTH})[号日]", _in_month),
        (rf"{_YEAR}{_MONTH}(?P<day>[0-3]?\d|[{HANZI}]?[十廿][{HANZI}]?){_NOT_COUNTED}", _in_month),
        (rf"(?P<day>{_OF_MONTH})[号日]{_PLACE}", _of_month),
        (rf"(?:{_YEAR}{_MONTH}的?|(?<!个)月)(?P<piece>[底末初尾]|头(?!一))", _piece_of_month),
        (rf"(?:{_YEAR}{_MONTH}的?|(?<!个)月)(?P<piece>中)(?!国|学|心|级|专|介|层|小)旬?", _piece_of_month),
        (rf"(?:{_YEAR}{_MONTH}的?)?(?P<piece>[上中下])旬", _piece_of_month),
        (rf"{_YEAR}{_MONTH}(?!毕业|入职|工资|薪|的?收入|[{HANZI}\d])", _whole_month),
        (rf"(?:{_YEAR}{_MONTH}的?)?(?P<piece>[上下]半)个?月", _piece_of_month),
        (r"[今明]?年(?P<piece>[底末终初])", _end_of_year),
        (r"(?P<year>20\d\d)[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)", _dated),
        (rf"(?P<month>1[0-2]|0?[1-9])/(?P<day>[0-3]?\d)[号日]?{_NOT_COUNTED}", _slashed),
        (r"(?P<month>1[0-2]|0?[1-9])[.-](?P<day>[0-3]?\d)(?!\d)(?:[号日]|" + _AFTER_PART + ")", _slashed),
        (rf"(?P<month>1[0-2])[.-](?P<day>[0-3]\d){_NOT_COUNTED}(?!-)", _slashed),
        (rf"(?:再?过)?(?P<count>{_COUNT})个?(?P<unit>天|日|周|星期|礼拜|工作日)(?:(?:{_LATER})|{_WITHIN})", _days_on),
        (rf"(?:再?过)?(?P<count>{_COUNT})个(?P<unit>月)(?:(?:{_LATER})|{_WITHIN})", _days_on),
        (rf"(?:再过|过)(?P<count>{_COUNT})个?(?P<unit>天|周|星期|礼拜)(?P<within>)", _days_on),
        (rf"(?:再过|过)(?P<count>{_COUNT})个(?P<unit>月)(?P<within>)", _days_on),
        (rf"(?:再过|过)?半个月{_LATER}", _half_month),
        (r"[这今明]明?两天", _two_days),
        (r"明后[两天]天?", lambda m, today: DayPart(tuple((today + n * DAY, today + (n + 1) * DAY) for n in (1, 2)), "date")),
    ]
]  # fmt: skip
