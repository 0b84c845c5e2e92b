"""Names of times of day: clock times as written, parts of the day, and both together in the sense of office hours."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.text.times.days import number

_H = r"(?:2[0-4]|1\d|0?\d|二十[一二三四]?|十[一二三四五六七八九]?|[零〇一二两俩三四五六七八九])"
_M = r"(?:(?:[0-5]\d(?!\d)|[二三四五]?十[一二三四五六七八九]?|[零〇][一二三四五六七八九])分?|[1-9一二三四五六七八九]分)"
# After “三点”: what makes it three points of something, not three o'clock.
_POINTS = (
    r"(?!\s?(?:建议|意见|要求|疑问|问题|经验|想法|原因|希望|心得|看法|好处|坏处|水|体会|补充|说明|不明白|不清楚|不同|区别|理由|优势|需要|请求|情况|考虑|注意|收获|"
    r"钱|儿(?!钟)|都[不没]|也[不没]|点(?!钟)|没|不懂|头绪|信心|基础|关系|工作经验|帮助|用|意思|东西|小|事))"
)
_A_BIT = "早晚快慢多少大小高低好近远宜单有差细体楚真松长短轻亮懂这那哪优重先几整难易强弱贵实严热冷急百"


@dataclass(frozen=True)
class RawClock:
    """A clock time as written. `literal`: on the 24-hour clock beyond doubt; `alternative`: the 四 of 三四点."""

    hour: int
    minute: int = 0
    literal: bool = False
    until_hour: int | None = None


@dataclass(frozen=True)
class DayTime:
    """A part of the day: its hours in minutes from midnight, and how an hour within it is understood."""

    start: int
    end: int
    half: str


DAWN, MORNING, NOON = DayTime(0, 360, "dawn"), DayTime(540, 720, "am"), DayTime(720, 840, "noon")
AFTERNOON, DUSK, EVENING = DayTime(720, 1080, "pm"), DayTime(1020, 1140, "pm"), DayTime(1080, 1320, "night")
PARTS = {
    **dict.fromkeys(("凌晨", "半夜", "深夜", "后半夜"), DAWN),
    **dict.fromkeys(
        ("上午", "早上", "早晨", "清晨", "清早", "一早", "大早", "一大早", "大清早", "大早上", "早起", "前晌", "午前", "早间",
         "头午", "上半天", "前半天", "am", "a.m."), MORNING),
    **dict.fromkeys(("中午", "正午", "晌午", "午间", "大中午", "午休", "中午头"), NOON),
    **dict.fromkeys(("下午", "午后", "后晌", "下晌", "过晌", "下半天", "后半天", "pm", "p.m."), AFTERNOON),
    **dict.fromkeys(("傍晚", "黄昏"), DUSK),
    **dict.fromkeys(("晚上", "夜里", "夜晚", "晚间", "黑夜", "夜间", "大晚上", "下班后", "下班以后", "下班之后", "下了班"), EVENING),
}  # fmt: skip
PART = re.compile(
    "(?:" + "|".join(sorted(map(re.escape, PARTS), key=len, reverse=True)) + r")(?!好(?![吗吧]|不)|班族|[a-z])"
)
SHORT_AFTER_DAY = re.compile(r"[早晚午](?![点一些了饭自会睡起])")  # 明早, 周三晚
SHORT_BEFORE_CLOCK = re.compile(r"[早晚]\s?[0-9一二两三四五六七八九十]{1,3}[点:](?!儿)")  # 早8点
SHORT_PARTS = {"早": MORNING, "晚": EVENING, "午": NOON}


def _minutes(text: str | None) -> int:
    if not text:
        return 0
    if text == "半":
        return 30
    if text[-1] in "刻":
        return 15 * (number(text[0]) or 0)
    return number(text.rstrip("分")) or 0


def _spoken(m: re.Match[str]) -> RawClock | None:
    hour, minute = number(m["hour"]), _minutes(m["minute"])
    short = _minutes(m["to"] or m["short"])
    if hour is None or hour > 24 or minute > 59:
        return None
    total = hour * 60 + minute - short
    return RawClock(total // 60 % 24 if hour < 24 else total // 60, total % 60, literal=hour > 12)


def _written(m: re.Match[str]) -> RawClock | None:
    hour, minute = int(m["hour"]), int(m["minute"])
    if hour > 24 or (hour == 24 and minute):
        return None
    return RawClock(hour, minute, literal=hour > 12 or m["hour"][0] == "0" or hour in (7, 8))


def _either(m: re.Match[str]) -> RawClock | None:
    first, second = number(m["hour"]), number(m["second"])
    if m["hour"][0] == "十" and second is not None:
        second += 10  # 十一二点
    if first is None or second is None or second != first + 1:
        return None
    return RawClock(first, until_hour=second)


def _bare(m: re.Match[str]) -> RawClock | None:
    hour = number(m["hour"])
    return RawClock(hour, literal=hour > 12) if hour is not None and 0 < hour <= 24 else None


def _western(m: re.Match[str]) -> RawClock | None:
    hour = int(m["hour"])
    return RawClock(hour, int(m["minute"] or 0)) if 1 <= hour <= 12 else None


_KE = r"[一二三123]刻"
_PAST = rf"(?P<minute>半|{_KE}|{_M}(?!个|号|月|日|天|万|千|元|块|位|次|名|[对人])|)"
_TO = rf"差(?P<to>{_KE}|[五十]|十五|\d{{1,2}})(?:分钟?|钟)?(?:不到|就|到)?"
PATTERNS: list[tuple[re.Pattern[str], Callable[[re.Match[str]], RawClock | None]]] = [
    (re.compile(pattern), builder)
    for pattern, builder in [
        (
            rf"(?:{_TO})?(?P<hour>{_H})\s?(?:点钟?|时(?!间|候|常|长|不|机|段))过?{_PAST}(?:差(?P<short>{_KE}|[五十]|\d{{1,2}})分?)?"
            rf"(?:钟|整|来钟|多钟?)?{_POINTS}",
            _spoken,
        ),
        (r"(?P<hour>2[0-4]|1\d|0?\d)\s?:\s?(?P<minute>[0-5]\d)(?::[0-5]\d)?(?!\d)", _written),
        (r"(?P<hour>1\d|2[0-3])\.(?P<minute>[0-5]0|[0-5]5)(?![\d万千元%kK年个])", _written),
        (r"(?P<hour>十一|[一两二三四五六七八九])(?P<second>[二两三四五六七八九十])点钟?(?!半)", _either),
        (rf"(?P<hour>{_H})(?=\s?(?:-|~|到|至)+\s?{_H}\s?[点:时])", _bare),
        (r"(?P<hour>1[0-2]|0?\d)(?:[:.](?P<minute>[0-5]\d))?(?=\s?[ap]\.?m)", _western),
    ]
]
AFTER_PART = re.compile(  # only after 下午, 晚上 …: “下午3-5”, “下午3.30”, “下午1530”
    r"(?P<hour>1\d|2[0-3]|0?\d)[.]?(?P<minute>[0-5][05])(?!\d)|(?P<bare>1\d|2[0-3]|0?[1-9])(?=\s*(?:$|[-~到至]\s*\d|[吧行可,，。?？]))"
)


def after_part(m: re.Match[str]) -> RawClock:
    """The clock time of a match of AFTER_PART."""
    return RawClock(int(m["hour"] or m["bare"]), int(m["minute"] or 0))


def is_a_bit(text: str, start: int, clock: str) -> bool:
    """Whether this 一点 is “a little” (早一点, 有一点) or a point to make (有两点想问), and not an o'clock."""
    before, after = text[max(0, start - 1) : start], text[start + len(clock) :]
    if clock == "一时" or (clock == "一点" and before and before in _A_BIT):
        return True
    return before == "有" and after[:1] in ("想", "要", "需", "不") and clock[-1] == "点"


def moments(raw: RawClock, part: DayTime | None) -> tuple[int, ...]:
    """The minutes from midnight that a clock time can mean; without a part of the day, as in an office open 9–18."""
    return tuple(hour * 60 + raw.minute for hour in _hours(raw.hour, raw.literal, part.half if part else None))


def _hours(hour: int, literal: bool, half: str | None) -> tuple[int, ...]:
    if hour > 12 or (hour == 0 and half != "night"):
        return (hour,)
    if half == "dawn":
        return (hour % 12,)
    if half == "am":
        return (hour,)
    if half == "noon":
        return (hour + 12 if hour <= 3 else hour,)
    if half == "pm":
        return (hour if hour == 12 else hour + 12,)
    if half == "night":
        return (24 + hour % 12 if hour % 12 < 5 else hour + 12,)
    if literal or hour >= 9:
        return (hour,)
    return (hour + 12,) if hour <= 6 else (hour, hour + 12)


def ranges(first: RawClock, part: DayTime | None, last: RawClock, last_part: DayTime | None) -> list[tuple[int, int]]:
    """“九点到三点”: for each start the nearest end after it."""
    found = []
    for start in moments(first, part):
        ends = (
            moments(last, last_part)
            if last_part
            else (last.hour * 60 + last.minute, last.hour * 60 + last.minute + 720)
        )
        later = [end for end in ends if start < end <= 1440 and (last_part or not last.literal or end < 1440)]
        if later:
            found.append((start, min(later)))
    return found
