"""A day as spreadsheets write it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

_OPEN_ENDED = re.compile(
    r"(?:长期|永久|一直)?(?:有效|招聘|招人|招)|长期|不限|无|暂无|常年(?:招聘)?|招满(?:为止|即止|截止)?|另行通知|[-—/]+"
)
_FULL = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_SPAN = re.compile(rf"{_FULL.pattern}\s*-\s*(?P<last>{_FULL.pattern})")
_COMPACT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_SHORT_YEAR = re.compile(r"(\d{2})\s*([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})")
_NO_YEAR = re.compile(r"(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*[日号]?")
_MONTH_END = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*底?")
_BEFORE = re.compile(r"^(?:截止|截至|有效期)?(?:到|至|止|期|日期|时间)*\s*[:：]?\s*")
_AFTER = re.compile(
    r"\s*(?:[（(].*[)）])?\s*(?:t?\d{1,2}[:：]\d{2}(?::\d{2})?(?:\.0+)?)?\s*(?:前|止|截止|之前|为止|以前)?$"
)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?")
_EPOCH = date(1899, 12, 30)  # Excel's day 0, with its leap day of 1900
_YEARS = range(2000, 2100)


class UnreadableDate(ValueError):
    """A cell that names no day; the text says why, in Chinese."""


def read_day(cell: str | float | int | date | datetime, *, today: date) -> date | None:
    """The day that a cell names, None for an open end (长期有效). Raises UnreadableDate.

    A day without a year is the next one from today on: 12.31, 12月31日. A bare number of five digits is Excel's
    count of days. Of a span (2026-11-01至2026-12-31) the last day counts.
    """
    if isinstance(cell, datetime):
        return _checked(cell.date())
    if isinstance(cell, date):
        return _checked(cell)
    text = unicodedata.normalize("NFKC", str(cell)).strip().lower()
    if re.fullmatch(r"\d+\.0", text):
        text = text[:-2]
    if isinstance(cell, float) and _SERIAL.fullmatch(text):
        return _serial(float(text))
    if isinstance(cell, float) and re.fullmatch(r"\d{1,2}\.\d", text):
        raise UnreadableDate(f"{text}分不清是{text.replace('.', '月')}日还是{text.replace('.', '月')}0日，请写全年月日")
    if span := _SPAN.fullmatch(text):
        text = span["last"]
    parts = re.split(r"\s*(?:至|到(?!期)|~|--+|—+|－)\s*(?=\d)|(?<=[日号])\s*-\s*(?=\d)|(?<=\d)\s+-\s+(?=\d)", text)
    last = _AFTER.sub("", _BEFORE.sub("", parts[-1].strip())).strip()
    if not last or _OPEN_ENDED.fullmatch(last) or _OPEN_ENDED.fullmatch(text):
        return None
    return _read(last, today)


def _read(text: str, today: date) -> date:
    for pattern in (_FULL, _COMPACT):
        if found := pattern.fullmatch(text):
            return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _SHORT_YEAR.fullmatch(text):
        return _day(2000 + int(found[1]), int(found[3]), int(found[4]))
    if found := _MONTH_END.fullmatch(text):
        year, month = int(found[1]), int(found[2])
        following = _day(year + month // 12, month % 12 + 1, 1) if 1 <= month <= 12 else _day(year, month, 1)
        return following - timedelta(days=1)
    if found := _NO_YEAR.fullmatch(text):
        return _next(int(found[1]), int(found[2]), today)
    if _SERIAL.fullmatch(text):
        return _serial(float(text))
    raise UnreadableDate("看不出是哪一天，请写成“2026-12-31”或“长期有效”")


def _next(month: int, day: int, today: date) -> date:
    """The first such day from today on; 2月29日 waits for a leap year."""
    if (month, day) == (2, 29):
        years = [y for y in range(today.year, today.year + 9) if y % 4 == 0 and (y % 100 or y % 400 == 0)]
    else:
        years = [today.year, today.year + 1]
    return next(found for y in years if (found := _day(y, month, day)) >= today)


def _day(year: int, month: int, day: int) -> date:
    try:
        return _checked(date(year, month, day))
    except ValueError as error:
        if isinstance(error, UnreadableDate):
            raise
        raise UnreadableDate(f"日历上没有{year}年{month}月{day}日") from error


def _serial(number: float) -> date:
    try:
        return _checked(_EPOCH + timedelta(days=int(number)))
    except OverflowError as error:
        raise UnreadableDate("看不出是哪一天，请写成“2026-12-31”或“长期有效”") from error


def _checked(day: date) -> date:
    if day.year not in _YEARS:
        raise UnreadableDate(f"{day.year}年不合常理，请核对年份")
    return day
