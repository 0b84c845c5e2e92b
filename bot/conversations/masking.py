"""Personal numbers out of a text before it is stored for reading. What stays readable says what was there."""

from __future__ import annotations

import re

_NARROW = str.maketrans("０１２３４５６７８９ｘＸ＠．－　", "0123456789xX@.- ")  # one character for one
_GAP = r"[\s\-–—.·]{0,2}"
_MARK = r"[\s\-–—.·/_,，、()（）]"
_BEFORE, _AFTER = r"(?<![\dA-Za-z])", r"(?![\dA-Za-z])"

PHONE, IDENTITY, CARD, EMAIL, ACCOUNT = "〔手机号〕", "〔身份证号〕", "〔银行卡号〕", "〔邮箱〕", "〔账号〕"

_IDENTITY = re.compile(_BEFORE + rf"[1-9](?:{_GAP}\d){{16}}{_GAP}[\dXx]" + _AFTER)
_CARD = re.compile(_BEFORE + r"\d{16,19}" + _AFTER)
# In fours with one and the same mark between: “3000-4000 5000-6000” is two ranges of pay.
_CARD_IN_FOURS = re.compile(_BEFORE + rf"\d{{4}}({_MARK})\d{{4}}\1\d{{4}}\1\d{{4}}(?:\1\d{{1,3}})?" + _AFTER)
_COUNTRY = rf"(?:\+?{_GAP}86{_MARK}{{0,2}})?"
# As people write eleven digits: in one, 138 1234 5678, 1381 234 5678, 138 123 45678, or each digit by itself. Other
# groups are amounts side by side (“1500 2000 800元”).
_PHONE = re.compile(
    _BEFORE + _COUNTRY + r"[(（]?(?:"
    rf"1[3-9]\d{_MARK}{{0,3}}\d{{4}}{_MARK}{{0,3}}\d{{4}}|"
    rf"1[3-9]\d\d{_MARK}{{1,3}}\d{{3}}{_MARK}{{1,3}}\d{{4}}|"
    rf"1[3-9]\d{_MARK}{{1,3}}\d{{3}}{_MARK}{{1,3}}\d{{5}}|"
    rf"1{_MARK}{{1,2}}[3-9](?:{_MARK}{{1,2}}\d){{9}})" + _AFTER
)
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]+\s?@\s?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
_ACCOUNT = re.compile(
    r"((?:微信号?|vx|v信|wx|weixin|wechat|qq号?|扣扣|企鹅号?)\s*(?:[号是:：]|为)*\s*)([A-Za-z][\w-]{5,19}|\d{5,11})",
    re.IGNORECASE,
)


def mask(text: str) -> str:
    """The text with phone, identity card, bank card numbers, e-mail addresses and chat accounts replaced by a label."""
    narrow = text.translate(_NARROW)
    spans: list[tuple[int, int, str]] = []

    def mark(start: int, end: int, label: str) -> None:
        if not any(start < e and s < end for s, e, _ in spans):
            spans.append((start, end, label))

    for pattern, label in (
        (_IDENTITY, IDENTITY),
        (_CARD, CARD),
        (_CARD_IN_FOURS, CARD),
        (_PHONE, PHONE),
        (_EMAIL, EMAIL),
    ):
        for match in pattern.finditer(narrow):
            mark(match.start(), match.end(), label)
    for match in _ACCOUNT.finditer(narrow):
        mark(match.start(2), match.end(2), ACCOUNT)
    for start, end, label in sorted(spans, reverse=True):
        text = text[:start] + label + text[end:]
    return text
