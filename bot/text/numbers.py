"""Numbers as Chinese texts write them: digits, full-width digits, 汉字 numerals, and their units."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "仨": 3}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10**4, "亿": 10**8}
_MULTIPLIERS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}

# What a number counts. Spellings of one thing share a name.
_UNITS = {
    "元": "元", "块钱": "元", "块": "元",
    "%": "%", "％": "%",
    "个月": "月数", "年": "年", "周岁": "岁", "岁": "岁",
    "月份": "月", "月": "月",
    "日": "日", "天": "日", "号": "日",
    "个星期": "周", "星期": "周", "周": "周",
    "个小时": "小时", "小时": "小时", "分钟": "分钟",
    "倍": "倍", "次": "次", "名": "人", "人": "人", "家": "家", "个百分点": "%", "基点": "BP", "BP": "BP", "分": "分",
}  # fmt: skip
_UNIT = "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True))
_HANZI = "零〇一二两三四五六七八九十百千万亿"

_ARABIC = re.compile(
    rf"(?<![A-Za-z])(\d+(?:,\d{{3}})*(?:\.\d+)?)\s*(?:余|多|来)?([十百千万亿]*)(?:余|多|来)?\s*({_UNIT})?"
)
_RANGE_END = re.compile(rf"\s*(?:[-—–~～至到]|——)\s*\d+(?:\.\d+)?[十百千万亿]*({_UNIT})")
_PERCENT = re.compile(rf"百分之([{_HANZI}]+|\d+(?:\.\d+)?)")
# 汉字 numerals count as figures only before these units: “三支一扶” and “一份材料” are words, “三年” is a figure.
_HANZI_FIGURE = re.compile(
    rf"(?<![第{_HANZI}])(半|[{_HANZI}]+(?:[余多来][万亿]+)?)(?:余|多|来)?"
    r"(元|块钱|块|个月|年|周岁|岁|月|日|天|号|个星期|个小时|小时|分钟|倍)(?!级|度|[一-龥]?轮)"
)
_WORDS = re.compile(  # look like figures, are words
    r"一次性|一对一|一站式|一个月一个月|一年一签|一年一度|同一天|有一天|那一天|每一天|每天|一天到晚|五险一金|三方|一一|"
    r"一块(?!钱)|半天|一日三餐|[第]?一年级|大[一二三四]|高[一二三]|一月份?一|一号位|十一假"
)
_FULLWIDTH = str.maketrans("０１２３４５６７８９．％，", "0123456789.%,")


@dataclass(frozen=True)
class Quantity:
    """A number with what it counts; `unit` is None where the text names none that we know.

    Years of a duration are counted in months (unit 月数); a calendar year keeps the unit 年.
    """

    value: Fraction
    unit: str | None
    text: str

    def agrees_with(self, other: Quantity) -> bool:
        """Same value, and the same unit unless one of the two names none."""
        return self.value == other.value and (self.unit == other.unit or None in (self.unit, other.unit))


def hanzi_value(text: str) -> int | None:
    """The value of a 汉字 numeral (三十万 → 300000, 二〇二六 → 2026, 一万二 → 12000), None if it is none."""
    if not text or any(c not in _HANZI and c not in "俩仨" for c in text):
        return None
    if all(c in _DIGITS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    total = section = 0
    digit: int | None = None
    last = 1  # the multiplier before a trailing bare digit: 一万二 is 12000
    for c in text:
        if c in _DIGITS:
            if digit is not None and digit != 0:
                return None
            digit = _DIGITS[c]
            if c in "零〇":
                last = 10
        elif c in _SMALL:
            section += (1 if digit is None else digit) * _SMALL[c]
            last, digit = _SMALL[c], None
        else:
            section += digit or 0
            total = (total + section) * _BIG[c] if c == "亿" else total + section * _BIG[c]
            if section == 0 and total == 0:
                return None
            section, digit, last = 0, None, _BIG[c]
    if digit:
        section += digit * (last // 10 if last >= 100 else 1)
    return total + section


def _quantity(value: Fraction, unit: str | None, text: str) -> Quantity:
    name = _UNITS.get(unit) if unit else None
    if name == "年" and value < 1900:
        return Quantity(value * 12, "月数", text)
    if name == "周":
        return Quantity(value * 7, "日", text)
    return Quantity(value, name, text)


def quantities(text: str) -> list[Quantity]:
    """Every figure in the text, in order of appearance. List markers (“1.” at a line's start) are not figures."""
    text = text.translate(_FULLWIDTH)
    text = re.sub(r"(?m)^\s*\d{1,2}[.、)）](?!\d)", " ", text)
    found: list[tuple[int, Quantity]] = []
    for m in _PERCENT.finditer(text):
        number = Fraction(m[1]) if m[1][0].isdigit() else hanzi_value(m[1])
        if number is not None:
            found.append((m.start(), Quantity(Fraction(number), "%", m[0])))
    text = _PERCENT.sub(lambda m: " " * len(m[0]), text)
    text = _WORDS.sub(lambda m: "　" * len(m[0]), text)
    for m in _ARABIC.finditer(text):
        value, unit = Fraction(m[1].replace(",", "")), m[3]
        if unit is None and (end := _RANGE_END.match(text, m.end())):
            unit = end[1]  # 3—5年: the unit after the second number is the first one's too
        for c in m[2]:
            value *= _MULTIPLIERS[c]
        found.append((m.start(), _quantity(value, unit, m[0].strip())))
    text = _ARABIC.sub(lambda m: "　" * len(m[0]), text)
    for m in _HANZI_FIGURE.finditer(text):
        number = Fraction(1, 2) if m[1] == "半" else hanzi_value(re.sub("[余多来]", "", m[1]))
        if number is not None:
            found.append((m.start(), _quantity(Fraction(number), m[2], m[0])))
    return [q for _, q in sorted(found, key=lambda pair: pair[0])]
