"""Which of the numbered choices somebody means: “2”, “２”, “二”, “②”, “第二个”, “选2”. No I/O."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_NUMBER = r"(?P<number>[0-9]{1,2}|[零〇一二两三四五六七八九十]{1,3})"
_MEANT = re.compile(
    rf"(?:我?(?:要|选择|选|点|回复)\s*)?(?:第\s*{_NUMBER}\s*(?:个|项|条|号)?|{_NUMBER.replace('number', 'bare')}\s*(?:号|项)?)"
    r"\s*[.。、,，!！)）]*(?:吧|呀|哦)?[.。!！]*"
)


def chosen(text: str) -> int | None:
    """The number that the whole of a text is; None for any other text."""
    plain = unicodedata.normalize("NFKC", text).strip().strip("()（）[]【】").strip()
    found = _MEANT.fullmatch(plain)
    if found is None:
        return None
    return _value(found["number"] or found["bare"])


def is_ordinal(text: str) -> bool:
    """Whether a number is said as a place in a row: 第二个, not 2."""
    return "第" in text


def _value(number: str) -> int | None:
    if number.isascii():
        return int(number) or None
    tens, ten, ones = number.rpartition("十")
    if not ten:
        return _DIGITS[number] or None if len(number) == 1 else None
    if len(tens) > 1 or len(ones) > 1 or "十" in tens or set(number) & {"零", "〇"}:
        return None
    return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
