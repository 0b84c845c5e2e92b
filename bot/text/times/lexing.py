"""Cutting a message into the words that matter for times: days, parts of the day, clock times, and what joins them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.text.times import clocks, days, feasts
from bot.text.times.days import HANZI, number
from bot.text.times.holidays import NAMES
from bot.text.times.model import Shift

_NUMERAL = frozenset("0123456789" + HANZI + "百千万亿第几")
_LATIN = re.compile(r"[a-z0-9.:/-]")
_STARTS = frozenset(
    "0123456789" + HANZI + "今明昨后前大外周星礼双上下这本当再过放休收假节年月元正腊农初差等待呆第最头最一等半"
    "改换挪调推移提延不对说记写打错应其我往早晚午稍略太到至或和跟还要以之内开起左的那、|/-~— "
    + "".join(sign[0] for sign in (*NAMES, *clocks.PARTS))
)
"""What a token can begin with: other characters are passed over without a try."""
_AMOUNT = (
    rf"(?P<half>半)个?(?P<half_unit>小时|钟头|天)|(?P<count>\d{{1,3}}|[{HANZI}]{{1,3}})(?P<and>个半)?个?"
    r"(?P<unit>小时|钟头|分钟?|刻钟|天|周|星期|礼拜)"
)
_LATER_THAN_NOW = re.compile(rf"(?P<fore>再?过|等)?(?:{_AMOUNT})(?P<aft>(?:之后|以后|过后|后)(?!天|年))?")
_NTH = re.compile(
    rf"(?:第(?P<nth>[一二三四五1-5])|(?P<last>最后一|最末一)|(?P<head>头一))个?{days.UNIT}(?P<weekday>[一二三四五六日天1-7])(?!个)"
)
_NTH_WEEK = re.compile(r"第(?P<nth>[一二三四五1-5])个?(?:周|星期|礼拜)(?![一二三四五六日天1-7])")
_NTH_DAY = re.compile(r"的?(?:第(?P<nth>[一二三四五1-5])|(?P<last>最后一|最末一)|(?P<head>头一))天")
ANY_DAY = -1
"""In place of a weekday: 下个月第一天."""
_RANGE = re.compile(r"\s*(?:到|至|[-~—]+)\s*")
_OR = re.compile(r"[\s,，]*(?:或者是?|或是|或|还是|要么|要不|跟|和|以及|、|/|\|)[\s,，]*")
_AFTER = re.compile(r"\s?(?:(?:之后|以后|过后|往后|开始|起)|后(?!天|儿|面|台|来|勤|边|晌|半))")
_BEFORE = re.compile(r"\s?(?:(?:之前|以前)|前(?!天|台|面|往|端|后|边|程|晌|半))")
_ABOUT = re.compile(r"\s?(?:前后|左右|上下|的样子|那会儿?)")
_CHANGE = re.compile(
    r"(?:[改换挪调推移](?:到|成|为|去|至|在)|改(?=[今明后下周星这上]|\d)|提前到|提早到|推迟到|推后到|延后到|延到|"
    r"(?<!对)不对|[说记写打]?错了|[说记写打]错|应该是|应为|其实是|我是说|我说的是)"
)
_NOT = re.compile(r"(?:(?<!是)不是|(?<!要)不要|别约?|除了?|除去|不约|不想要?|不选)\s?$")
_EARLIER_LATER = re.compile(
    r"(?P<how>再?(?:提前|提早|往前(?:推|挪|提)?|前移)|再?(?:推迟|推后|延后|往后(?:推|挪|延|拖)?|后移|延)|再?(?:稍微?|略)?[早晚])"
    rf"(?:个)?(?:(?P<vague>[一]?[点些](?!钟)|一下)|(?:{_AMOUNT}))"
)
_TOO = re.compile(r"太(?P<how>[早晚])")
# “行不行” and “有没有空” ask; they refuse nothing.
_HARD_NO = re.compile(
    r"(?<!行)不行|(?<!可)不可以|(?<!能)不能|(?<!有)没有?空|(?<!有)没有?时间|(?<!有)没法|(?<!要)不要|(?<!在)不在|(?<!成)不成|"
    r"去不[了成]|来不[了成及]|赶不[上及]|约不[上了]|不方便|不合适|不凑巧|太[早晚赶久远]|有事(?!想|要?问|请|找|相)|"
    r"(?<![帮赶])忙|约?满了(?![吗没么])|(?<!打)算了(?!解)|抽不出|走不开|不得空|不得闲|除外|以外|之外"
)
_SOFT_NO = re.compile(
    r"有[^,，。 ]{0,3}课|上课|考试|面试|笔试|答辩|出差|[上下]班(?!之?[前后]|以)|加班|值班|开会|实习|回家|回老家|出门|体检|搬家|"
    r"放假|休息|要去|得去|有个?会|有安排|有约|结婚|毕业|报到|培训|军训|在路上|坐车|还没|看到|收到|投的|听说|刚|取消"
)


@dataclass(frozen=True)
class Token:
    """One word that matters: `kind` is day, part, clock, nth, moment, shift, too, change or what joins two of them."""

    kind: str
    start: int
    end: int
    value: object = None


def _amount(m: re.Match[str]) -> tuple[int, int] | None:
    """(minutes, days) of an amount."""
    if m["half"]:
        return (720, 0) if m["half_unit"] == "天" else (30, 0)
    count = number(m["count"])
    if count is None:
        return None
    unit = m["unit"]
    if unit in ("天", "周", "星期", "礼拜"):
        return 0, count * (1 if unit == "天" else 7)
    return count * {"小": 60, "钟": 60, "分": 1, "刻": 15}[unit[0]] + (30 if m["and"] else 0), 0


class Lexer:
    """Finds the tokens of one text in its one spelling."""

    def __init__(self, text: str, now: datetime) -> None:
        self.text, self.now, self.today = text, now, now.date()
        self.tokens: list[Token] = []

    def run(self) -> list[Token]:
        """All tokens, in order, none overlapping."""
        place, text = 0, self.text
        while place < len(text):
            token = self._at(place) if text[place] in _STARTS else None
            if token is None:
                place += 1
            else:
                self.tokens.append(token)
                place = token.end
        return self.tokens

    def _at(self, place: int) -> Token | None:
        last = self.tokens[-1] if self.tokens else None
        touching = last is not None and last.end == place
        c = self.text[place]
        if touching and last.kind in ("day", "clock", "part") and (joint := self._joint(place, last)):
            return joint
        if c == " ":
            return None
        cut = touching and last.kind in ("day", "part", "clock", "range", "nth")
        if not cut and place and c in _NUMERAL and self.text[place - 1] in _NUMERAL:
            return None  # inside a longer number
        if not cut and place and c in "0123456789ap" and _LATIN.match(self.text[place - 1]):
            return None  # inside a word, a decimal, an address
        if (
            not cut
            and c == "下"
            and self.text[max(0, place - 1) : place] == "一"
            and self.text[place + 1 : place + 2] != "午"
        ):
            return None  # 约一下周三 is a 周三, 约一下下周三 a 下周三
        found = [token for token in self._candidates(place, last if touching else None) if token]
        return max(found, key=lambda token: (token.kind != "void", token.end)) if found else None

    def _joint(self, place: int, last: Token) -> Token | None:
        for kind, pattern in (
            ("about", _ABOUT),
            ("after", _AFTER),
            ("before", _BEFORE),
            ("range", _RANGE),
            ("or", _OR),
        ):
            if m := pattern.match(self.text, place):
                return Token(kind, place, m.end())
        return None

    def _candidates(self, place: int, last: Token | None) -> list[Token | None]:
        text = self.text
        found: list[Token | None] = [self._nth(place), self._moment(place), self._shift(place)]
        found += [self._built("day", pattern, build, place) for pattern, build in (*days.PATTERNS, *feasts.PATTERNS)]
        if m := clocks.PART.match(text, place):
            found.append(Token("part", place, m.end(), clocks.PARTS[m[0]]))
        elif (clocks.SHORT_AFTER_DAY if last and last.kind == "day" else clocks.SHORT_BEFORE_CLOCK).match(text, place):
            found.append(Token("part", place, place + 1, clocks.SHORT_PARTS[text[place]]))
        for pattern, build in clocks.PATTERNS:
            if (m := pattern.match(text, place)) and not clocks.is_a_bit(text, place, m[0]):
                raw = build(m)
                found.append(Token("clock", place, m.end(), raw) if raw else None)
        if self._in_part(place, last) and (m := clocks.AFTER_PART.match(text, place)):
            found.append(Token("clock", place, m.end(), clocks.after_part(m)))
        if m := _CHANGE.match(text, place):
            found.append(Token("change", place, m.end()))
        return found

    def _built(self, kind: str, pattern: re.Pattern[str], build: days.Builder, place: int) -> Token | None:
        m = pattern.match(self.text, place)
        if m is None:
            return None
        value = build(m, self.today)
        return Token(kind if value else "void", place, m.end(), value)  # void: 2月30号 is no day, nor is its 30号

    def _in_part(self, place: int, last: Token | None) -> bool:
        """Whether a bare number here stands after 下午 or the like, or ends a stretch that does."""
        if last is None:
            return False
        before = [token.kind for token in self.tokens[-3:]]
        return before[-1:] == ["part"] or before == ["part", "clock", "range"]

    def _nth(self, place: int) -> Token | None:
        if m := _NTH.match(self.text, place):
            nth = -1 if m["last"] else 1 if m["head"] else number(m["nth"])
            return Token("nth", place, m.end(), (nth, days.weekday_number(m["weekday"])))
        if self.tokens and self.tokens[-1].end == place and (m := _NTH_DAY.match(self.text, place)):
            return Token("nth", place, m.end(), (-1 if m["last"] else 1 if m["head"] else number(m["nth"]), ANY_DAY))
        if m := _NTH_WEEK.match(self.text, place):
            return Token("nth", place, m.end(), (number(m["nth"]), None))
        return None

    def _moment(self, place: int) -> Token | None:
        m = _LATER_THAN_NOW.match(self.text, place)
        if m is None or not (m["fore"] or m["aft"]):
            return None
        amount = _amount(m)
        if amount is None or not amount[0] or amount[0] == 720:
            return None
        moment = self.now.replace(second=0, microsecond=0) + timedelta(minutes=amount[0])
        return Token("moment", place, m.end(), moment)

    def _shift(self, place: int) -> Token | None:
        if m := _TOO.match(self.text, place):
            return Token("too", place, m.end(), Shift(1 if m["how"] == "早" else -1))
        m = _EARLIER_LATER.match(self.text, place)
        if m is None:
            return None
        sign = -1 if any(c in m["how"] for c in "早前") else 1
        if m["vague"]:
            return Token("shift", place, m.end(), Shift(sign))
        amount = _amount(m)
        return Token("shift", place, m.end(), Shift(sign, *amount)) if amount else None


def refused(text: str, start: int, end: int) -> str | None:
    """Whether the words after a time refuse it (`hard`: 周三不行), or say what else is then (`soft`: 周三考试)."""
    gap = text[start : min(end, start + 14)]
    clause = re.split(r"[。！？!?;；]", gap, maxsplit=1)[0]
    if _HARD_NO.search(clause):
        return "hard"
    return "soft" if _SOFT_NO.search(clause) else None


def denial(text: str, start: int) -> int | None:
    """Where the words begin that deny the time after them (不是下午, 除了周三), None if it is not denied."""
    from_ = max(0, start - 4)
    m = _NOT.search(text[from_:start])
    return from_ + m.start() if m else None
