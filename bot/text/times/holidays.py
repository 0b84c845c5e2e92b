"""Holidays by name: the day of each year, and the last day off.

Lunar dates are the observatory's for 2025–2035. (Some libraries, ICU among them, have 春节 of 2027 and 2030 one day off:
those new moons fall within minutes of midnight in Beijing.)
"""

from __future__ import annotations

from datetime import date, timedelta

_DAY = timedelta(days=1)
_NEW_YEAR = {
    2025: (1, 29), 2026: (2, 17), 2027: (2, 6), 2028: (1, 26), 2029: (2, 13), 2030: (2, 3),
    2031: (1, 23), 2032: (2, 11), 2033: (1, 31), 2034: (2, 19), 2035: (2, 8),
}  # fmt: skip
_LAST_MONTH = {  # 腊月初一 of the lunar year that ends in this year
    2025: (2024, 12, 31), 2026: (2026, 1, 19), 2027: (2027, 1, 8), 2028: (2027, 12, 28), 2029: (2029, 1, 15),
    2030: (2030, 1, 4), 2031: (2030, 12, 25), 2032: (2032, 1, 13), 2033: (2033, 1, 1), 2034: (2034, 1, 20),
    2035: (2035, 1, 9),
}  # fmt: skip
_LUNAR = {
    "端午": {
        2025: (5, 31), 2026: (6, 19), 2027: (6, 9), 2028: (5, 28), 2029: (6, 16), 2030: (6, 5),
        2031: (6, 24), 2032: (6, 12), 2033: (6, 1), 2034: (6, 20), 2035: (6, 10),
    },
    "七夕": {
        2025: (8, 29), 2026: (8, 19), 2027: (8, 8), 2028: (8, 26), 2029: (8, 16), 2030: (8, 5),
        2031: (8, 24), 2032: (8, 12), 2033: (8, 1), 2034: (8, 20), 2035: (8, 10),
    },
    "中秋": {
        2025: (10, 6), 2026: (9, 25), 2027: (9, 15), 2028: (10, 3), 2029: (9, 22), 2030: (9, 12),
        2031: (10, 1), 2032: (9, 19), 2033: (9, 8), 2034: (9, 27), 2035: (9, 16),
    },
    "重阳": {
        2025: (10, 29), 2026: (10, 18), 2027: (10, 8), 2028: (10, 26), 2029: (10, 16), 2030: (10, 5),
        2031: (10, 24), 2032: (10, 12), 2033: (10, 1), 2034: (10, 20), 2035: (10, 9),
    },
}  # fmt: skip
_SOLAR = {
    "元旦": (1, 1), "情人节": (2, 14), "妇女节": (3, 8), "劳动节": (5, 1), "青年节": (5, 4), "儿童节": (6, 1),
    "教师节": (9, 10), "国庆": (10, 1), "双十一": (11, 11), "双十二": (12, 12), "平安夜": (12, 24), "圣诞": (12, 25),
}  # fmt: skip
_OTHER_NAMES = {
    "过年": "春节", "新年": "元旦", "大年初一": "春节", "年三十": "除夕", "大年三十": "除夕", "上元节": "元宵",
    "五一": "劳动节", "五四": "青年节", "六一": "儿童节", "三八": "妇女节", "十一": "国庆", "双11": "双十一",
    "双12": "双十二", "清明节": "清明", "51": "劳动节",
}  # fmt: skip
STATUTORY = ("元旦", "春节", "清明", "劳动节", "端午", "国庆", "中秋")
NAMES = (*_SOLAR, *_LUNAR, "春节", "除夕", "元宵", "清明", "冬至", "腊八", "小年", *_OTHER_NAMES)
_MONDAY, _THURSDAY, _SATURDAY, _SUNDAY = 0, 3, 5, 6


def holiday(name: str, year: int) -> date | None:
    """The day of a holiday in a year; None where the table ends."""
    name = _OTHER_NAMES.get(name, name)
    if name in _SOLAR:
        return date(year, *_SOLAR[name])
    if name == "清明":  # the sun's longitude of 15°: the 4th in leap years and the years after them, until 2040
        return date(year, 4, 4 if year % 4 in (0, 1) else 5)
    if name == "冬至":  # the sun's longitude of 270°, as it falls in this century
        return date(year, 12, int(21.94 + 0.2422 * (year % 100)) - year % 100 // 4)
    if name in _LUNAR:
        return date(year, *_LUNAR[name][year]) if year in _LUNAR[name] else None
    if name in ("腊八", "小年"):
        return lunar_day("腊", 8 if name == "腊八" else 23, year)
    new_year = lunar_day("正", 1, year)
    if new_year is None:
        return None
    return new_year + {"春节": 0, "除夕": -1, "元宵": 14}[name] * _DAY


def lunar_day(month: str, day: int, year: int) -> date | None:
    """A day of 正月, or of the 腊月 before it, about the spring festival of a year; None where the table ends."""
    if year not in _NEW_YEAR or not 1 <= day <= 30:
        return None
    first = date(year, *_NEW_YEAR[year]) if month == "正" else date(*_LAST_MONTH[year])
    return first + (day - 1) * _DAY


def days_off(name: str, year: int) -> tuple[date, date] | None:
    """The first and the last day off. The State Council sets them each autumn; this is the pattern since 2025."""
    day = holiday(name, year)
    name = _OTHER_NAMES.get(name, name)
    if day is None:
        return None
    if name in ("春节", "除夕"):
        first = day if name == "除夕" else day - _DAY
        return first, first + 7 * _DAY
    if name == "国庆":
        mid_autumn = holiday("中秋", year)
        joined = mid_autumn is not None and day <= mid_autumn <= day + 7 * _DAY
        return day, day + (7 if joined else 6) * _DAY
    if name == "劳动节":
        return day, day + 4 * _DAY
    if name not in STATUTORY:
        return day, day
    weekday = day.weekday()  # one day, joined to the weekend where they touch, or are one day apart
    if weekday == _MONDAY:
        return day - 2 * _DAY, day
    if weekday == _SUNDAY:
        return day - _DAY, day + _DAY
    return day, day + {_THURSDAY: 2, 4: 2, _SATURDAY: 2}.get(weekday, 0) * _DAY


def next_statutory(today: date) -> str:
    """The statutory holiday that is on, or comes next."""
    breaks = [
        (off, name) for year in (today.year, today.year + 1) for name in STATUTORY if (off := days_off(name, year))
    ]
    return min((off, name) for off, name in breaks if off[1] >= today)[1]
