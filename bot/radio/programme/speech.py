"""How a text sounds: how many characters are spoken, how long that takes, and where it comes from, in words for the ear.

No I/O. What is counted is what is said: 2000元 are three characters, 2026年 five, 12333 five, marks none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.radio.groups.views import Source

_DIGITS = "零一二三四五六七八九"
_PLACES = ("", "十", "百", "千")
_BLOCKS = ("", "万", "亿", "万亿")
_TOKEN = re.compile(
    r"(?P<date>(?:19|20)\d\d-\d{1,2}-\d{1,2})"
    r"|(?P<clock>\d{1,2}:\d\d)"
    r"|(?P<telephone>\d{3,4}-\d{7,8}|0\d{2,}|1\d{10})"
    r"|(?P<number>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<percent>[%％‰]?)"
    r"|(?P<word>[A-Za-z]+)"
    r"|(?P<char>[\u3400-\u9fff〇]|(?<=[\d%％])[-~～—–](?=\d))"  # the dash of 3-5 is said as 到
)
_UNITS = "元块万亿千百人个名家次岁天日月周年分秒小倍条项份张页平米公克斤度届期位户所种笔"
_READ_OUT = 5  # digits from which a number without a unit is a telephone number or a code


def in_hanzi(number: int) -> str:
    """A whole number as it is said: 2000 → 二千, 105 → 一百零五, 12 → 十二."""
    if number == 0:
        return "零"
    parts: list[str] = []
    blocks = [number // 10**power % 10000 for power in (12, 8, 4, 0)]
    pending = False
    for block, unit in zip(blocks, reversed(_BLOCKS), strict=True):
        if not block:
            pending = bool(parts)
            continue
        parts.append(("零" if parts and (pending or block < 1000) else "") + _four(block) + unit)
        pending = False
    said = "".join(parts)
    return said[1:] if said.startswith("一十") else said


def _four(number: int) -> str:
    said, gap = "", False
    for power in (3, 2, 1, 0):
        digit = number // 10**power % 10
        if digit:
            said += ("零" if gap and said else "") + _DIGITS[digit] + _PLACES[power]
            gap = False
        else:
            gap = True
    return said


def spoken_length(text: str) -> int:
    """How many characters are said when a text is read out."""
    return sum(_length(match, text) for match in _TOKEN.finditer(text))


def _length(match: re.Match[str], text: str) -> int:
    if match["char"]:
        return 1
    if match["word"]:
        return _of_word(match["word"])
    if match["date"]:
        year, month, day = match["date"].split("-")
        return len(year) + 1 + len(in_hanzi(int(month))) + 1 + len(in_hanzi(int(day))) + 1
    if match["clock"]:
        hour, minute = (int(part) for part in match["clock"].split(":"))
        return len(in_hanzi(hour)) + 1 + (len(in_hanzi(minute)) if minute else 0)
    if match["telephone"]:
        return sum(char.isdigit() for char in match["telephone"])
    return _of_number(match, text)


def _of_number(match: re.Match[str], text: str) -> int:
    whole, _, after = match["number"].replace(",", "").partition(".")
    follows = text[match.end() : match.end() + 1]
    is_year = len(whole) == 4 and not after and follows in ("年", "〕", "]")
    bare = len(whole) >= _READ_OUT and "," not in match["number"] and not after and not match["percent"]
    if is_year or (bare and (not follows or follows not in _UNITS)) or len(whole) > 16:
        said = len(whole)
    else:
        said = len(in_hanzi(int(whole))) + (1 + len(after) if after else 0)
    return said + (3 if match["percent"] else 0)  # 百分之, 千分之


def _of_word(word: str) -> int:
    return len(word) if word.isupper() else max(1, len(re.findall(r"[aeiouy]+", word.lower())))


def reading_seconds(text: str, speed: int) -> int:
    """How many seconds it takes to read a text out, at `speed` characters a minute."""
    return -(-spoken_length(text) * 60 // speed)


def minutes_said(seconds: int) -> str:
    """Seconds as 3:05; a minus in front of what is over."""
    sign, rest = ("−", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{rest // 60}:{rest % 60:02}"


# -- where it comes from -----------------------------------------------------------------------------------------------

_ASIDE = re.compile(r"[（(][^）)]*[）)]")
_OFFICE = re.compile("部|厅|局|委|政府|国务院|人大|法院|办公室|项目办|共青团|团中央|中共中央")
_NOBODY = re.compile("第三方|媒体|转载|网$|公众号|地方|外省")
_PLACE = re.compile("[省市县区]")
_HERE = re.compile("山西|太原|大同|阳泉|长治|晋城|朔州|晋中|运城|忻州|临汾|吕梁")
_BY_NAME = re.compile(r"《?([^《》]*?(?:法|条例))》?$")
_STATE = "中华人民共和国"
_KINDS = (
    "通知",
    "意见",
    "办法",
    "公告",
    "公报",
    "方案",
    "规定",
    "细则",
    "指南",
    "决定",
    "通告",
    "纲要",
    "解读",
    "问答",
)


def source_said(sources: Sequence[Source]) -> str:
    """Where an answer comes from, for the ear: 据山西省人社厅2025年3月的通知. Empty where nobody official is named."""
    for source in sources:
        if law := _law(source.title):
            return f"据《{law}》"
        if issuer := _issuer(source.issuer or ""):
            return f"据{issuer}{_when(source.date)}的{_kind(source.title)}"
    return ""


def _law(title: str) -> str:
    plain = _ASIDE.sub("", title).strip()
    found = _BY_NAME.fullmatch(plain)
    return found[1].removeprefix(_STATE) if found and "办法" not in found[1] and len(found[1]) <= 24 else ""


def _issuer(issuer: str) -> str:
    """Who issued it, short; empty where that is no office, or one of another province."""
    said = _ASIDE.sub("", issuer).strip()
    if not _OFFICE.search(said) or _NOBODY.search(said) or (_PLACE.search(said) and not _HERE.search(said)):
        return ""
    said = said.replace("人力资源和社会保障", "人社").replace("人力资源社会保障", "人社")
    more = said.endswith("等")
    named = [one for one in re.split("[、，,；;]", said.removesuffix("等")) if one]
    if more or len(named) > 2:
        return f"{named[0]}等部门"
    return "和".join(named)


def _when(written: str | None) -> str:
    found = re.match(r"(\d{4})(?:-(\d{1,2}))?", written or "")
    if not found:
        return ""
    return f"{found[1]}年{int(found[2])}月" if found[2] else f"{found[1]}年"


def _kind(title: str) -> str:
    plain = _ASIDE.sub("", title)
    if "征求意见" in plain:
        return "征求意见稿"
    last = max(((plain.rfind(kind), kind) for kind in _KINDS), key=lambda pair: pair[0])
    return last[1] if last[0] >= 0 else "公开信息"


def day_said(day: date) -> str:
    """A day for a heading: 2026年11月24日 星期二."""
    return f"{day.year}年{day.month}月{day.day}日 星期{'一二三四五六日'[day.weekday()]}"
