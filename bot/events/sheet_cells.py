"""What the cells of a sheet of events say: kind, form, day, hours, places. Knows words, no file and no database."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time

from bot.sheets.rows import Value, text_of
from bot.text.dates import UnreadableDate, read_day
from bot.text.districts import districts_in

EXAMPLE_HOURS = "9:00-12:00"
_KINDS = (
    ("experience_day", re.compile(r"体验日|体验|开放日|走进")),
    ("training", re.compile(r"培训|课程?|讲座|班|沙龙|训练")),
    ("job_fair", re.compile(r"招聘会?|双选|宣讲|专场|带岗|招聘活动")),
)
_PART = r"(?P<{0}part>上午|早上|中午|下午|晚上|晚)?\s*(?P<{0}hour>\d{{1,2}})(?:[:：点时](?P<{0}minute>[0-5]\d|半)?分?)?(?::00)?"
_HOURS = re.compile(_PART.format("s") + r"\s*(?:-|~|—|–|至|到)+\s*" + _PART.format("e"))
_ONE = re.compile(_PART.format("s"))
_AFTER_DAY = re.compile(
    r"\s*[(（]?(?:周|星期|礼拜)[一二三四五六日天].*$|\s*(?:上午|早上|中午|下午|晚).*$|\s+\d{1,2}[:：点时].*$"
)
"""What may stand behind a day in its cell: the weekday, the hours."""
_LATER = ("下午", "晚上", "晚")


class Unreadable(ValueError):
    """A cell refused; the text says why, in Chinese."""


def plain(value: Value) -> str:
    """A cell's text in half-width characters."""
    return unicodedata.normalize("NFKC", text_of(value)).strip()


def kind_of(text: str) -> str:
    """招聘会, 就业体验日 or 技能培训. Raises Unreadable."""
    found = next((kind for kind, words in _KINDS if words.search(text)), None)
    if found is None:
        raise Unreadable("看不出是哪一类，请写“招聘会”“就业体验日”或“技能培训”")
    return found


def mode_of(text: str) -> str:
    """线上 or 线下. Raises Unreadable."""
    online, offline = re.search(r"线上|网络|网上|直播|云", text), re.search(r"线下|现场|实地", text)
    if bool(online) == bool(offline):
        raise Unreadable("只能写“线上”或“线下”，两样都有的请分两行写")
    return "online" if online else "offline"


def day_in(value: Value, today: date) -> date:
    """The day of an event; without a year the next one. Raises Unreadable."""
    cell: Value = value
    if not isinstance(value, (float, int, date, datetime)):
        cell = _AFTER_DAY.sub("", plain(value)).strip()
    try:
        day = read_day(cell, today=today)  # type: ignore[arg-type]
    except UnreadableDate as error:
        raise Unreadable(str(error)) from error
    if day is None:
        raise Unreadable("没有写是哪一天，请写成“2026-12-05”")
    return day


def hours_in(text: str) -> tuple[time, time]:
    """From when to when: 9:00-12:00, 下午2点到5点. Raises Unreadable."""
    found = _HOURS.search(unicodedata.normalize("NFKC", text))
    if found is None:
        raise Unreadable(f"看不懂是几点到几点，请写成“{EXAMPLE_HOURS}”")
    start = _time(found["spart"], found["shour"], found["sminute"], found[0])
    end = _time(found["epart"] or _carried(found), found["ehour"], found["eminute"], found[0])
    return in_order(start, end)


def time_in(value: Value) -> time:
    """A time of day in a cell of its own. Raises Unreadable."""
    if isinstance(value, datetime):
        return value.time().replace(second=0, microsecond=0)
    if isinstance(value, time):
        return value.replace(second=0, microsecond=0)
    text = plain(value)
    found = _ONE.fullmatch(re.sub(r"^\d{4}-\d{1,2}-\d{1,2}[ T]", "", text))
    if found is None:
        raise Unreadable("看不懂是几点，请写成“9:00”")
    return _time(found["spart"], found["shour"], found["sminute"], text)


def in_order(start: time, end: time) -> tuple[time, time]:
    """Both, if the end is later. Raises Unreadable."""
    if end <= start:
        raise Unreadable("结束时间要晚于开始时间，请用 24 小时制")
    return start, end


def _carried(found: re.Match[str]) -> str | None:
    """下午2点到5点: the end is in the afternoon too."""
    return found["spart"] if found["spart"] in _LATER and int(found["ehour"]) < 12 else None


def _time(part: str | None, hour: str, minute: str | None, whole: str) -> time:
    hours = int(hour) + (12 if part in _LATER and int(hour) < 12 else 0)
    if hours > 23:
        raise Unreadable(f"“{whole}”不是一天里的时间")
    return time(hours, 30 if minute == "半" else int(minute or 0))


def district_in(text: str) -> str:
    """One of the ten, by any of its names. Raises Unreadable."""
    found = districts_in(text)
    if not found:
        raise Unreadable("看不出是大同哪个区县")
    return found[0][0]


def number_in(text: str) -> int | None:
    """300, 300人; None for 不限. Raises Unreadable."""
    if re.fullmatch(r"不限|无限制|不限制|无", text):
        return None
    found = re.fullmatch(r"(\d{1,6})\s*(?:人|个|名|位)?(?:左右|以内)?", text.replace(",", ""))
    if found is None or int(found[1]) == 0:
        raise Unreadable("名额要写一个整数，或者“不限”")
    return int(found[1])


def names_in(text: str) -> tuple[str, ...]:
    """Names set apart by 、 or the like."""
    return tuple(dict.fromkeys(filter(None, (name.strip() for name in re.split(r"[、,;；，|\n]+", text)))))
