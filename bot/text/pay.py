"""Pay as postings write it, in yuan a month before tax."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from bot.text.numbers import hanzi_value

LOWEST, HIGHEST = 300, 200_000
"""Pay a month outside of this is a slip of the pen or bait, not an offer."""
UNLIKELY = 50_000
"""From here on a bare figure (6-8万) is more likely a year's pay; the word 月 must be there."""
DAYS = Fraction(87, 4)
"""Paid days of a month, 21.75, as labour law counts them."""
HOURS = 8
NOTE_LENGTH = 80


class UnreadablePay(ValueError):
    """A cell that names no pay; the text says why, in Chinese."""


@dataclass(frozen=True)
class Pay:
    """From `low` to `high` yuan a month, `months` times a year; both None where it is to be agreed (面议).

    `note` keeps the original words where the figures do not say everything: pay by the day or hour, a base with
    commission, “from” and “about”.
    """

    low: int | None
    high: int | None
    months: int = 12
    note: str | None = None


_OPEN = re.compile(
    r"(?:薪资|工资|待遇|薪酬|月薪|具体)*(?:可)?(?:面议|面谈|面洽|详谈|电议|协商|商议|另议|保密|不限|暂无|无|不公开)"
    r"|(?:薪资|工资|待遇)(?:从优|优厚)|按(?:公司|单位|国家)?(?:相关|有关)?(?:规定|标准|制度)(?:执行)?|[-—/]+"
)
_MONTHS = re.compile(
    r"[·•.,，、*x×xX\s(（/]*(?:(?:一年|年发|全年|发)?(\d{1,2})\s*(?:薪|个月薪资|个月工资|个月)(?!以)(?:/年)?)[)）]?"
)
_UNIT = r"(?:千元|万元|千|万|仟|k|w)"
_NUMBER = r"(?:\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千万]+)"
_ONE = rf"({_NUMBER})\s*({_UNIT})?\s*(\d(?!\d))?\s*(?:元|块钱|块|rmb)?"
_TO = r"\s*(?:/?(?:每)?月)?\s*(?:-|~|至|到|—|–)+\s*(?:¥)?"
_RANGE = re.compile(rf"{_ONE}{_TO}{_ONE}")
_SINGLE = re.compile(_ONE)
_NEIGHBOURS = re.compile("([一二两三四五六七八])([二三四五六七八九])([千万])")
_YEAR = re.compile(r"年薪|年收入|/\s*年|每年|一年(?!\d)|元年|万年|年$|pa\b")
_DAY = re.compile(r"日薪|/\s*[天日]|每[天日]|一天|[元块][天日]|日结|(?<=\d)[天日]$")
_HOUR = re.compile(r"时薪|/\s*(?:小时|时|h)\b|/\s*(?:小时|时)|每(?:小时|个?钟头)|一小时|[元块]小?时|(?<=\d)小?时$")
_WEEK = re.compile(r"/\s*周|每周|周薪|/\s*(?:单|件|次|节|课时|场|篇|个)|每(?:单|件|次|节|场|篇)|一(?:单|件|次|节)|计件")
_BASE = re.compile(r"(?:无责任?)?(?:底薪|基本工资|保底|基本薪资|基薪|基础工资)")
_MORE = re.compile(r"提成|绩效|奖金|补贴|补助|分红|计件|全勤|餐补|加班费|\+")
_UP = re.compile(r"以上|起|\+$|及以上|不低于|至少|最低|最少|高于")
_DOWN = re.compile(r"以下|以内|不超过|最高|至多|封顶|低于(?<!不低于)")
_ABOUT = re.compile(r"左右|大约|约|上下|浮动|余元|多元|来元")
_TAIL = re.compile(r"[(（【\[].*?[)）】\]]")
_FIGURE = re.compile(r"\d{3,}")
_SCALE = {"千元": 1000, "千": 1000, "仟": 1000, "k": 1000, "万元": 10000, "万": 10000, "w": 10000}


@lru_cache(maxsize=8192)
def read_pay(cell: str) -> Pay:
    """The pay that a cell names. Raises UnreadablePay, also for absurd amounts and for ranges that run backwards.

    A day's pay counts 21.75 times, an hour's 8 times a day; a year's is divided by the months that are named, else
    12. A range written backwards (6000-4000) is refused, not turned round: as often as not a digit is missing.
    “5000以下” names no lower end, which then is 0.
    """
    words = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", cell)).strip()
    plain = words.lower().replace("人民币", "").replace("¥", "").replace("￥", "").replace("rmb", "")
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain).replace("～", "~").replace("－", "-").replace("―", "-")
    if not plain:
        raise UnreadablePay("没有写薪资")
    bare = plain.replace(" ", "")
    if _OPEN.fullmatch(bare):
        return Pay(None, None)
    months, plain = _months(plain)
    plain = _NEIGHBOURS.sub(r"\1\3-\2\3", plain)  # 五六千
    without_remarks = _TAIL.sub(" ", plain)
    text = without_remarks if _SINGLE.search(without_remarks) else plain
    low, high, found = _amounts(text)
    if low is None or high is None:
        if re.search("面议|面谈|协商|另议|电议|提成|计件|多劳多得|从优", bare) and not re.search(r"\d", bare):
            return Pay(None, None, note=words[:NOTE_LENGTH])
        raise UnreadablePay("看不出薪资是多少，请写成“4000-6000元/月”或“面议”")
    return _settled(words, text, low, high, months, bounded=found)


def _months(plain: str) -> tuple[int | None, str]:
    """How many months' pay a year, and the text without it."""
    found = _MONTHS.search(plain)
    if not found or not found[0].strip() or ("薪" not in found[0] and "年" not in found[0]):
        return None, plain
    months = int(found[1])
    if not 12 <= months <= 24:
        raise UnreadablePay(f"一年{months}个月工资不合常理，请核对")
    return months, plain[: found.start()] + " " + plain[found.end() :]


def _amounts(text: str) -> tuple[Fraction | None, Fraction | None, bool]:
    """Both ends in the unit the text has; whether it is a range."""
    if pair := _RANGE.search(text):
        low, high = _value(pair[1], pair[2], pair[3]), _value(pair[4], pair[5], pair[6])
        if low is None or high is None:
            return None, None, True
        if not pair[2] and pair[5] and low < 1000:  # the unit after the second is the first one's too: 4-6K
            low *= _SCALE[pair[5]]
        return low, high, True
    for one in _SINGLE.finditer(text):
        value = _value(one[1], one[2], one[3])
        if value is not None:
            return value, value, False
    return None, None, False


def _value(number: str, unit: str | None, tail: str | None) -> Fraction | None:
    if number[0].isdigit():
        value = Fraction(number)
    elif (hanzi := hanzi_value(number)) is not None:
        value = Fraction(hanzi)
    else:
        return None
    scale = _SCALE.get(unit, 1) if unit else 1
    value *= scale
    if tail and scale > 1:  # 一万二, 4千5
        value += int(tail) * Fraction(scale, 10)
    elif tail:
        return None
    return value


def _settled(words: str, text: str, low: Fraction, high: Fraction, months: int | None, *, bounded: bool) -> Pay:
    """By the month, within reason, with the words that the figures do not say."""
    if low > high:
        raise UnreadablePay("最低薪资比最高薪资还高，请核对")
    note: str | None = None
    if _WEEK.search(text):
        raise UnreadablePay("按件、按次或按周计的薪资算不出月薪，请写出大致的月收入，或写“面议”")
    if _HOUR.search(text):
        low, high, note = low * HOURS * DAYS, high * HOURS * DAYS, words
    elif _DAY.search(text):
        low, high, note = low * DAYS, high * DAYS, words
    elif _YEAR.search(text):
        if high < 1000:  # 年薪10-15
            low, high = low * 10000, high * 10000
        low, high = low / (months or 12), high / (months or 12)
        note = words
    elif bounded and high < 100 and low >= 1 and not re.search("元|块", text):
        low, high = low * 1000, high * 1000  # “4-6” in a column of monthly pay means thousands
    if not bounded and (_UP.search(text) or _DOWN.search(text)):
        note = words
    if _BASE.search(text) or _MORE.search(text) or _ABOUT.search(text):
        note = words
    least, most = round(low), round(high)
    if len(_FIGURE.findall(text)) > 1 + bounded:
        note = words
    for amount in (least, most):
        if amount < LOWEST:
            raise UnreadablePay(f"折合每月只有{amount}元，不合常理，请核对单位（元、千元、万元）")
        if amount > HIGHEST or (amount >= UNLIKELY and "月" not in words and note != words):
            raise UnreadablePay(f"折合每月有{amount}元，不合常理，请核对单位（月薪还是年薪）")
    if not bounded and _DOWN.search(text) and not _UP.search(text):
        least = 0
    return Pay(least, most, months or 12, note[:NOTE_LENGTH] if note else None)
