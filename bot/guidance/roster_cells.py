"""What the cells of a roster say: weekly hours, topics, ways to meet. Knows words, no file and no database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.guidance.rules import MODES, TOPICS

Hours = tuple[int, int, int]
"""Weekday 1–7, and from when to when in minutes of the day."""

EXAMPLE = "周一 9:00-12:00；周三 14:00-17:00"
_DAYS = {**dict(zip("一二三四五六日", range(1, 8))), "天": 7, **{str(n): n for n in range(1, 8)}}
_NAMES = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")
_WEEK = "(?:每?(?:周|星期|礼拜))"
_TO = r"(?:-|~|—|–|−|至|到)+"
_DAY_GROUP = re.compile(
    rf"(?P<some>工作日|周末|双休日|每天|每日)"
    rf"|{_WEEK}(?P<first>[一二三四五六日天]|[1-7](?!\d))"
    rf"(?:\s*{_TO}\s*{_WEEK}?(?P<last>[一二三四五六日天]|[1-7](?![\d:点时]))"
    rf"|(?P<more>(?:\s*[、,和及/]?\s*{_WEEK}?[一二三四五六日天])*))"
)
_SOME = {"工作日": range(1, 6), "周末": (6, 7), "双休日": (6, 7), "每天": range(1, 8), "每日": range(1, 8)}
_CLOCK = r"(?P<{0}part>上午|早上|早晨|中午|下午|晚上|晚间|晚)?\s*(?P<{0}hour>\d{{1,2}})(?:[:：点时](?P<{0}minute>\d{{1,2}}|半|一刻|三刻)?分?(?::00)?)?"
_SPAN = re.compile(_CLOCK.format("s") + rf"\s*{_TO}\s*" + _CLOCK.format("e"))
_BETWEEN = re.compile(r"[\s,、;。/和及:|]+")
_MINUTES = {None: 0, "半": 30, "一刻": 15, "三刻": 45}
_LATER = ("下午", "晚上", "晚间", "晚")

_SPLIT = re.compile(r"[、,;/|\s和及]+")
_TOPIC_WORDS = {
    "简历": "简历", "面试": "面试", "职业规划": "职业规划", "生涯": "职业规划", "创业": "创业", "政策": "政策", "考公": "考公考编",
    "考编": "考公考编", "公务员": "考公考编", "事业单位": "考公考编", "劳动": "劳动权益", "权益": "劳动权益", "维权": "劳动权益",
    "心理": "求职心理", "登记": "就业登记", "见习": "见习", "技能": "技能提升", "转行": "转行",
}  # fmt: skip
_MODE_WORDS = {
    "线下": "线下", "面谈": "线下", "现场": "线下", "当面": "线下", "面对面": "线下", "电话": "电话", "通话": "电话", "手机": "电话",
    "线上": "线上", "视频": "线上", "网络": "线上", "网上": "线上", "会议": "线上", "微信": "线上", "远程": "线上",
}  # fmt: skip
_ALL_MODES = re.compile("均可|都可以?|都行|不限|全部|任意")
LONGEST_TOPIC = 20


class Unreadable(ValueError):
    """A cell refused; the text says why, in Chinese."""


def plain(text: str) -> str:
    """The text in half-width characters, without blanks at its ends."""
    return unicodedata.normalize("NFKC", text).strip()


def weekdays_in(text: str) -> tuple[int, ...]:
    """The days that a column of weekdays names: 周一、周三 or 1,3 or 周一至周五. Raises Unreadable."""
    text = plain(text)
    if re.fullmatch(r"[一二三四五六日天1-7](?:[\s,、/和及]*[一二三四五六日天1-7])*", text):
        return tuple(sorted({_DAYS[letter] for letter in text if letter in _DAYS}))
    days: set[int] = set()
    place = 0
    while place < len(text):
        if between := _BETWEEN.match(text, place):
            place = between.end()
        elif group := _DAY_GROUP.match(text, place):
            days.update(_days_of(group))
            place = group.end()
        else:
            raise Unreadable(f"看不懂“{text[place:][:12]}”，请写成“周一、周三”")
    return tuple(sorted(days))


def hours_in(text: str, days: tuple[int, ...] = ()) -> tuple[Hours, ...]:
    """The weekly hours that a cell names; `days` are those of a column of weekdays beside it. Raises Unreadable."""
    text = plain(text)
    found: list[Hours] = []
    place, current, used = 0, days, True
    while place < len(text):
        if between := _BETWEEN.match(text, place):
            place = between.end()
        elif group := _DAY_GROUP.match(text, place):
            named = tuple(_days_of(group))
            current, used = (named if used else (*current, *named)), False
            place = group.end()
        elif span := _SPAN.match(text, place):
            if not current:
                raise Unreadable(f"“{span[0]}”前面没有写星期几，请写成“{EXAMPLE}”")
            start, end = _minutes_of(span)
            found += [(day, start, end) for day in current]
            place, used = span.end(), True
        else:
            raise Unreadable(f"看不懂“{text[place:][:12]}”，请写成“{EXAMPLE}”")
    if not used:
        raise Unreadable(f"只写了星期，没有写几点到几点，请写成“{EXAMPLE}”")
    if not found:
        raise Unreadable(f"没有写时段，请写成“{EXAMPLE}”")
    return joined(found)


def joined(hours: list[Hours]) -> tuple[Hours, ...]:
    """The same hours in order, those that touch or overlap made one."""
    merged: list[Hours] = []
    for day, start, end in sorted(hours):
        if merged and merged[-1][0] == day and start <= merged[-1][2]:
            merged[-1] = day, merged[-1][1], max(end, merged[-1][2])
        else:
            merged.append((day, start, end))
    return tuple(merged)


def spoken_hours(hours: Hours) -> str:
    """周一 9:00-12:00."""
    day, start, end = hours
    return f"{_NAMES[day - 1]} {start // 60}:{start % 60:02}-{end // 60}:{end % 60:02}"


def _days_of(group: re.Match[str]) -> Iterator[int]:
    if group["some"]:
        yield from _SOME[group["some"]]
        return
    first = _DAYS[group["first"]]
    if group["last"]:
        last = _DAYS[group["last"]]
        if last < first:
            raise Unreadable(f"“{group[0]}”前后颠倒了")
        yield from range(first, last + 1)
        return
    yield first
    yield from (_DAYS[letter] for letter in group["more"] or "" if letter in _DAYS)


def _minutes_of(span: re.Match[str]) -> tuple[int, int]:
    start = _minute(span["shour"], span["sminute"], span["spart"], span[0])
    end = _minute(span["ehour"], span["eminute"], span["epart"], span[0])
    if span["epart"] is None and span["spart"] in _LATER and end < start:
        end += 12 * 60
    if not start < end <= 24 * 60:
        raise Unreadable(f"“{span[0]}”的结束时间要晚于开始时间，请用 24 小时制")
    if start % 5 or end % 5:
        raise Unreadable(f"“{span[0]}”请写成 5 分钟的整数倍")
    return start, end


def _minute(hour: str, minute: str | None, part: str | None, whole: str) -> int:
    hours = int(hour)
    minutes = _MINUTES[minute] if minute in _MINUTES else int(minute)
    if part in _LATER and hours < 12:
        hours += 12
    if hours > 24 or minutes > 59:
        raise Unreadable(f"“{whole}”不是一天里的时间")
    return hours * 60 + minutes


def topics_in(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The topics that a cell names, in our words where we have one; and those for which we have none.

    Raises Unreadable.
    """
    topics: list[str] = []
    unknown: list[str] = []
    for word in filter(None, _SPLIT.split(plain(text))):
        topic = word if word in TOPICS else next((ours for part, ours in _TOPIC_WORDS.items() if part in word), None)
        if topic is None:
            if len(word) > LONGEST_TOPIC:
                raise Unreadable(f"“{word[:12]}……”太长，每个方向最多 {LONGEST_TOPIC} 字，用顿号隔开")
            topic = word
            unknown.append(word)
        if topic not in topics:
            topics.append(topic)
    if not topics:
        raise Unreadable("没有写擅长的方向")
    return tuple(topics), tuple(unknown)


def modes_in(text: str) -> tuple[str, ...]:
    """The ways to meet that a cell names. Raises Unreadable."""
    if _ALL_MODES.search(text):
        return MODES
    found: set[str] = set()
    for word in filter(None, _SPLIT.split(plain(text))):
        mode = next((ours for part, ours in _MODE_WORDS.items() if part in word), None)
        if mode is None:
            raise Unreadable(f"看不懂“{word[:12]}”，只能写线下、电话、线上")
        found.add(mode)
    if not found:
        raise Unreadable("没有写方式，只能写线下、电话、线上")
    return tuple(mode for mode in MODES if mode in found)


def number_in(text: str, least: int, most: int, what: str) -> int:
    """2, 2人, 45分钟. Raises Unreadable."""
    found = re.fullmatch(r"(\d{1,4})\s*(?:人|个|名|位|分钟|分|min)?", plain(text))
    if not found or not least <= int(found[1]) <= most:
        raise Unreadable(f"{what}要写 {least} 到 {most} 之间的整数")
    return int(found[1])


_DOUBLE = (
    "欧阳",
    "司马",
    "上官",
    "诸葛",
    "司徒",
    "东方",
    "皇甫",
    "尉迟",
    "公孙",
    "令狐",
    "慕容",
    "夏侯",
    "端木",
    "呼延",
)


def called(full_name: str) -> str:
    """What people call somebody of that name: 张晓岚 is 张老师."""
    if full_name.endswith("老师"):
        return full_name
    return (full_name[:2] if full_name.startswith(_DOUBLE) else full_name[:1]) + "老师"
