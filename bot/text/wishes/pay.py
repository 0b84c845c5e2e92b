"""The pay that a person wishes for, in yuan a month: “五千以上”, “6k-8k”, “八千左右”, “年薪10万”, “一万二”."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from bot.text.numbers import hanzi_value

# A month's pay lies between these; what lies outside is an age, a year, a house number.
LEAST, MOST = 500, 200_000
# Nobody here is paid so much a month, so a bare figure from here on is a year's pay (“10-15万”).
YEARLY_FROM = 50_000
# As postings are read (docs/jobs-guide.zh.md): so many days are worked in a month, and a day's pay lies between these.
DAYS_A_MONTH = Decimal("21.75")
DAILY = 40, 2000
# “八千左右” is a tenth either way.
ROUGHLY = Decimal("0.1")

_H = "一二两三四五六七八九"
_UNIT = {"k": 1000, "千": 1000, "w": 10_000, "万": 10_000, "百": 100}
_NEXT = "|".join(f"{tail}(?=[{_H[: i + 1]}]千)" for i, tail in enumerate(_H) if i)  # 三千五四千 is 3500 and 4000
_STOP = rf"(?![{_H}千百万个天年月日号点])"  # what may not follow the last, bare digit of 三千五
_ARABIC = (
    r"(?:\d{1,3}(?:,\d{3}){1,2}|\d{1,7}(?:\.\d{1,4})?)"
    rf"(?:[kw千万百](?:[1-9](?!\d|[kw千万百年月日号岁天个点])|\d{{3,4}}(?!\d)|[1-9]千|[{_H}]千|[{_H}]{_STOP})?)?"
)
_HANZI = (
    rf"(?:[{_H}]?十[{_H}]?|[{_H}])万(?:零?[{_H}]千(?:[{_H}]百)?|零?[{_H}]百|[{_H}]{_STOP})?"
    rf"|[{_H}]千(?:{_NEXT}|零?[{_H}]百(?:[{_H}]十)?|[{_H}]{_STOP})?|[{_H}]百(?:[{_H}]十)?|[{_H}]k"
)
_CORE = rf"(?:{_ARABIC}|{_HANZI})"
_NUMBER = rf"(?P<num>{_CORE})"
_TWO_DIGITS = (
    rf"(?P<lo>[{_H}])[、,]?(?P<hi>[{_H}])(?P<unit>[千万百])|(?P<nlo>[1-9])[、,](?P<nhi>[1-9])(?P<nunit>[千万kw])"
)
_TAIL_RANGE = rf"(?P<base>[{_H}]千|[{_H}]万)(?P<tlo>[{_H}])(?P<thi>[{_H}])(?![{_H}千百万])"  # 三千五六
_MONEY = r"(?:块钱?|元|圆|rmb|人民币|大洋)"
_SEP = r"\s*(?:-+|—+|–|~+|～|到|至|或者?|、|/)\s*"

_BEFORE_LEAST = (
    r"(?:不能?低于|别低于|不要低于|不可低于|不能?少于|别少于|不小于|最少|至少|最低|最起码|起码|高于|大于|超过|多于|底薪|保底|"
    r"基本工资|不下于|最次|怎么也得|咋也得|怎么着也得|咋着也得|好歹得?|再少也得|再低也得|不能再低于|不能比|得有个?|能有个?|要有个?|只要够|够)"
)
_BEFORE_MOST = r"(?:不超过|不高于|不大于|别超过|最多|最高|顶多|低于|少于|小于|不到|撑死)"
_BEFORE_ROUGH = r"(?:大概|大约|差不多|约|将近|接近|小)"
_BEFORE_YEAR = (
    r"(?:年薪|年收入|年入|年包|一年|每年|全年|年)(?:能|得|可以|到手|挣|赚|拿|给|有|下来|收入|工资|个|在|[:：])*"
)
_BEFORE_MONTH = (
    r"(?:月薪|月收入|月入|月工资|一个?月|每个?月|月)(?:能|得|可以|到手|挣|赚|拿|给|有|下来|收入|工资|个|在|[:：])*"
)
_BEFORE_DAY = r"(?:日薪|日工资|每天|一天|每日)(?:能|得|可以|到手|挣|赚|拿|给|有|下来|收入|工资|个|在|[:：])*"
_BEFORE_PAY = r"(?:工资|薪资|薪水|薪酬|待遇|收入|薪|到手|税后|税前|实发|钱|底薪|期望|开|挣|赚|拿)(?:[在是要得想能有给个不:：]|期望|希望)*"
# Looked ahead and then repeated, so that it is never tried in a second way: else “年薪年薪年薪…” takes for ever.
_PREFIX = (
    rf"(?=(?P<before>(?:{_BEFORE_YEAR}|{_BEFORE_MONTH}|{_BEFORE_DAY}|{_BEFORE_PAY}|{_BEFORE_LEAST}|{_BEFORE_MOST}|{_BEFORE_ROUGH}|\s)*))"
    r"(?P=before)"
)
_AFTER_PERIOD = (
    r"(?P<period>\s*/?\s*(?:一年|每年|年薪|年(?![前后轻纪龄级内经])|一个?月|每个?月|月薪|月(?![份底初末])|"
    r"一天|每天|天|日结|一小时|每小时|小时|个?钟头|时))?"
)
_NO_THANKS = r"(?:就|都|我|也|可|真|坚决|一律)*(?:不要|不干|不去|不做|不(?:予)?考虑|不看|不谈|不来|不用(?:推|看|发)|免谈|就?算了|别推|别来|别发|别看|别找我?|别给我(?:看|推|发|介绍)?|别介绍|勿扰|pass|排除|除外|免)(?:了|荐|的|给我|看|来)*"
_AFTER = (
    rf"(?P<after>(?:\s*(?:及|或|或者)?以上|往上|朝上|向上|\s*起步?|打底|保底|开外|\+|多一?点|多些|多块?|来块|出头|冒头|\s*左右|\s*上下|"
    r"差不多|这样|样子|\s*以内|\s*之内|\s*以下|往下|\s*内(?![一-龥])|封顶|到头|之间|还多|到手|税后|税前|"
    rf"(?:的|以下的)?(?:{_NO_THANKS})(?=\s|\||$)|的)*)"
)
_AMOUNT = rf"(?:{_TAIL_RANGE}|{_TWO_DIGITS}|(?:(?P<first>{_CORE}|[{_H}])\s*{_MONEY}?{_SEP})?{_NUMBER}|(?P<wan>[上过破][万千]|小一万|万把|千把))"
# Figures that count something else: people, years, hours, metres.
_NOT_PAY = (
    r"(?!个?人(?!事|力)|多人|名|家(?!政|教|具|装|里|附|电|务)|周?岁|届|级|年(?:[前后级经]|工作)|年(?=毕业|出生|应届|的|\d)|多?个?小时|公里|米|平(?!城|旺|面)|"
    r"号|强|户(?!外|口)|次|斤|吨|路|局|矿(?![区上工山])|%|份|分(?!拣))"
)
_FIND = re.compile(
    rf"{_PREFIX}(?<![\d.a-z]){_AMOUNT}(?![\d.]*\d)(?P<many>多|来|几)?{_NOT_PAY}\s*(?P<money>{_MONEY})?{_AFTER_PERIOD}{_AFTER}"
)
_LOW_NO = re.compile(_NO_THANKS)


@dataclass(frozen=True)
class Pay:
    """A wished pay, and where the text says it."""

    low: int | None
    high: int | None
    approx: bool
    spans: tuple[tuple[int, int], ...]


def _value(text: str) -> tuple[Decimal, int | None] | None:
    """The number and its unit (None: written out in full), “1万2” as 12000."""
    if text[0] in "0123456789":
        m = re.fullmatch(rf"([\d,]+(?:\.\d+)?)([kw千万百])?(\d+千?|[{_H}]千?)?", text)
        if m is None or (len(m[1]) > 1 and m[1][0] == "0" and "." not in m[1]):
            return None
        number, unit = Decimal(m[1].replace(",", "")), _UNIT.get(m[2] or "")
        if unit is None:
            return number, None
        total = number * unit
        if m[3]:
            tail = m[3].rstrip("千")
            digit = int(tail) if tail.isascii() else hanzi_value(tail) or 0
            total += digit * 1000 if m[3].endswith("千") else digit * unit // 10 if digit < 10 else digit
        return total, unit
    value = hanzi_value(text.replace("k", "千"))
    if value is None:
        return None
    unit = 10_000 if "万" in text else 1000 if text[-1] == "k" or "千" in text else 100 if "百" in text else None
    return Decimal(value), unit


def _ends(m: re.Match[str]) -> tuple[Decimal, Decimal | None, bool] | None:
    """(low, high, whether a unit or a thousand was written), None where it is no amount."""
    if m["wan"]:
        value = Decimal(1000 if "千" in m["wan"] else 10_000)
        return value, None, True
    if m["base"]:
        base = hanzi_value(m["base"]) or 0
        step = (10_000 if "万" in m["base"] else 1000) // 10
        return (
            Decimal(base + (hanzi_value(m["tlo"]) or 0) * step),
            Decimal(base + (hanzi_value(m["thi"]) or 0) * step),
            True,
        )
    if m["unit"] or m["nunit"]:
        unit = _UNIT[m["unit"] or m["nunit"]]
        low, high = (
            (hanzi_value(m["lo"]) or 0, hanzi_value(m["hi"]) or 0) if m["unit"] else (int(m["nlo"]), int(m["nhi"]))
        )
        return (Decimal(low * unit), Decimal(high * unit), True) if low < high else None
    second = _value(m["num"])
    if second is None:
        return None
    if m["first"] is None:
        return second[0], None, second[1] is not None
    first = (
        _value(m["first"]) if not re.fullmatch(f"[{_H}]", m["first"]) else (Decimal(hanzi_value(m["first"]) or 0), None)
    )
    if first is None:
        return None
    low, high = first[0], second[0]
    if first[1] is None and second[1] is not None and low < 100:
        low *= second[1]
    if second[1] is None and first[1] is not None and high < 100:
        high *= first[1]
    return (low, high, (first[1] or second[1]) is not None) if low < high else None


_DIRECTION = re.compile(rf"(?P<least>{_BEFORE_LEAST})|(?P<most>{_BEFORE_MOST})|(?P<rough>{_BEFORE_ROUGH})")
_MONTH_WORDS = re.compile(_BEFORE_MONTH)
_DAY_WORDS = re.compile(_BEFORE_DAY)
_BY_DAY = re.compile(r"天|日")


def _by_day(m: re.Match[str]) -> bool:
    return bool(_BY_DAY.search(m["period"] or "") or _DAY_WORDS.search(m["before"]))


def _monthly(m: re.Match[str], low: Decimal, high: Decimal | None) -> tuple[int, int | None] | None:
    """Both ends a month, None where the text counts by the hour or names no pay at all."""
    period = m["period"] or ""
    if re.search(r"时|钟", period):
        return None
    if _by_day(m):
        if not all(DAILY[0] <= value <= DAILY[1] for value in (low, high) if value is not None):
            return None
        return int(low * DAYS_A_MONTH), int(high * DAYS_A_MONTH) if high is not None else None
    before = m["before"]
    monthly = bool(_MONTH_WORDS.search(before)) or "月" in period
    yearly = bool(re.search(r"年", before)) or "年" in period
    if not monthly and (yearly or (high or low) >= YEARLY_FROM):
        low, high = low / 12, high / 12 if high is not None else None
    values = int(low), int(high) if high is not None else None
    return values if all(LEAST <= v <= MOST for v in values if v is not None) else None


def _is_pay(m: re.Match[str], low: Decimal, high: Decimal | None, unit: bool) -> bool:
    """A bare number is a pay only if something beside it says so, or it is a round sum that is no calendar year."""
    said = bool(
        m["before"].strip() or m["money"] or m["period"] or re.search(r"[以往朝起打保开+左上差下内]", m["after"])
    )
    if _by_day(m):
        return low >= DAILY[0]
    if unit:
        return low >= 1000 or said
    if any(1980 <= v <= 2040 for v in (low, high or low)) and not (m["money"] or (m["before"].strip() and low >= 2000)):
        return low == 2000 and "年" not in (m["period"] or "") and high != 2001
    if high is not None:
        return low >= 1000 and low % 50 == 0
    return (low >= 1000 and low % 50 == 0 and low < YEARLY_FROM * 2) or (said and low >= LEAST)


def _directed(m: re.Match[str], low: int, high: int | None) -> tuple[int | None, int | None, bool]:
    """What the words around the amount make of it: a floor, a ceiling, a rough figure."""
    before, after = m["before"], m["after"]
    said = {found.lastgroup for found in _DIRECTION.finditer(before)}
    if high is not None:
        return low, high, bool(re.search(r"大概|大约|差不多|左右|上下", before + after))
    if _LOW_NO.search(after) and re.search(r"低于|少于|小于|不到|不足|以下", before + after):
        return low, None, False  # “低于五千的不考虑”
    if re.search(r"左右|上下|差不多|样子|这样", after) or "rough" in said or m["wan"] in ("小一万", "万把", "千把"):
        return int(low * (1 - ROUGHLY)), int(low * (1 + ROUGHLY)), True
    if m["many"] or re.search(r"多|来|出头|冒头", after):
        return low, low + (10_000 if low >= 10_000 and low % 10_000 == 0 else 1000 if low % 1000 == 0 else 500), True
    if "least" in said:
        return low, None, False
    if re.search(r"以内|之内|以下|往下|内|封顶|到头", after) or "most" in said:
        return None, low, False
    return low, None, False


def wished_pay(text: str) -> Pay:
    """The pay a normalised text wishes for; where it names several, the last complete one (people correct themselves)."""
    best: tuple[int | None, int | None, bool] = (None, None, False)
    spans: list[tuple[int, int]] = []
    for m in _FIND.finditer(text):
        ends = _ends(m)
        if ends is None or not _is_pay(m, *ends):
            continue
        start = m.start() + len(m["before"]) - len(m["before"].lstrip())
        monthly = _monthly(m, ends[0], ends[1])
        spans.append((start, m.end() - (len(m[0]) - len(m[0].rstrip()))))
        if monthly is None:
            continue
        low, high, approx = _directed(m, *monthly)
        if best[0] is not None and best[1] is None and low is None and high is not None and high > best[0]:
            best = (best[0], high, best[2])  # “最少四千 最多六千”
        elif (
            len(spans) > 1
            and spans[-2][1] == start
            and best[0]
            and best[1] is None
            and low
            and high is None
            and best[0] < low
        ):
            best = (best[0], low, approx)  # “四千五千都行”
        else:
            best = (low, high, approx)
    return Pay(*best, tuple(spans))


def read_wished_pay(text: str) -> tuple[int | None, int | None, bool, tuple[tuple[int, int], ...]]:
    """(least, most, whether roughly, where in the text) of the pay that a normalised text wishes for."""
    pay = wished_pay(text)
    return pay.low, pay.high, pay.approx, pay.spans
