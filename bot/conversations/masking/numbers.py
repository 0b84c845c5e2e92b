"""Telephone, identity card and bank card numbers among the digits of a text. What is an amount, a date or a hotline stays.

Digits stand in groups (“138-0013 8000”); what lies between two groups of one number is short and has no words. A number
is some groups side by side with the right count of digits, and with something about them that an amount has not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.conversations.masking.labels import CARD, IDENTITY, LANDLINE, NUMBER, PHONE

_GROUPS = re.compile(r"\d+")
_BETWEEN = re.compile(r"[\W_]{0,4}")
_LAST_X = re.compile(r"[^\w\n]{0,2}[xX×](?![A-Za-z0-9])")
_AMOUNT_AFTER = re.compile(r"\s{0,2}(?:元|块|万|千|百|[kKwW](?![A-Za-z])|%|人民币|左右|以上|以下|多(?!少))")
_PHONE_BEFORE = re.compile(
    r"(?:电话|手机|号码?|联系|打给?|拨|微信|vx|wx|tel|mobile|phone|call)(?:号码?|方式)?(?:是|为|[:：])?\W{0,3}$",
    re.IGNORECASE,
)
_CARD_BEFORE = re.compile(r"(?:卡|账户|帐户|账号|帐号)号?(?:是|为|[:：])?\W{0,3}$")
_NAMED = re.compile(r"(?:电话|手机|身份证|银行卡|卡号|证件号)(?:号码?|卡号)?(?:就?是|为|[:：])?\W{0,3}$")
_PUBLIC = re.compile(r"(?:400|800)\d{7}|95\d{3,4}|96\d{3}|12\d{3}|24365")
_PLUS_86 = re.compile(r"(?:\+|00)?86")
_COUNTRY = re.compile(r"(?<!\d)(?:\+|00)?\s?86[\W_]{0,2}$")
_USUAL = {
    (3, 4, 4),
    (4, 3, 4),
    (3, 3, 5),
    (3, 8),
    (7, 4),
    (5, 6),
    (6, 5),
    (5, 3, 3),
    (3, 4, 2, 2),
    (3, 2, 2, 2, 2),
    (1,) * 11,
}
_PROVINCES = {
    *range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83,
}  # fmt: skip
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_LONGEST = 12  # groups of one number at most, digits one by one aside


@dataclass(frozen=True)
class Found:
    """A number in a text: from where to before where, and what stands in its place."""

    start: int
    end: int
    label: str


def replaced(text: str, found: Iterable[Found]) -> str:
    """The text with labels in the place of what was found."""
    for one in sorted(found, key=lambda each: each.start, reverse=True):
        text = text[: one.start] + one.label + text[one.end :]
    return text


@dataclass(frozen=True)
class _Window:
    """Some groups side by side, as one number."""

    text: str
    groups: tuple[re.Match[str], ...]

    @property
    def digits(self) -> str:
        return "".join(group[0] for group in self.groups)

    @property
    def start(self) -> int:
        return self.groups[0].start()

    @property
    def end(self) -> int:
        return self.groups[-1].end()

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(len(group[0]) for group in self.groups)

    @property
    def gaps(self) -> set[str]:
        pairs = zip(self.groups, self.groups[1:])
        return {self.text[one.end() : other.start()] for one, other in pairs}

    @property
    def is_amount(self) -> bool:
        return _AMOUNT_AFTER.match(self.text, self.end) is not None

    def after(self, pattern: re.Pattern[str]) -> bool:
        """Whether what stands right before it is such."""
        return pattern.search(self.text[max(0, self.start - 14) : self.start]) is not None


def numbers(text: str) -> list[Found]:
    """The personal numbers of a text whose digits are plain ones; none lies in another."""
    found: list[Found] = []
    for run in _runs(text):
        windows = sorted(_windows(text, run), key=lambda w: (len(w.groups) > 1, -len(w.digits), len(w.groups)))
        for window in windows:
            if any(window.start < other.end and other.start < window.end for other in found):
                continue
            if one := _number(window):
                found.append(_with_marks(text, one))
    return found


def _with_marks(text: str, one: Found) -> Found:
    """With the country code or plus sign before it, and the bracket that is closed within."""
    before, within = text[: one.start], text[one.start : one.end]
    if one.label == PHONE and (country := _COUNTRY.search(before)):
        return Found(country.start(), one.end, one.label)
    opened = before.endswith(("(", "（")) and re.search(r"[)）]", within)
    return Found(one.start - 1, one.end, one.label) if opened or before.endswith("+") else one


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Groups of digits with little between them."""
    run: list[re.Match[str]] = []
    for group in _GROUPS.finditer(text):
        if run and not _BETWEEN.fullmatch(text, run[-1].end(), group.start()):
            yield run
            run = []
        run.append(group)
    if run:
        yield run


def _windows(text: str, run: list[re.Match[str]]) -> Iterator[_Window]:
    for i in range(len(run)):
        digits = 0
        for j in range(i, len(run)):
            digits += len(run[j][0])
            if digits > 22 or (j - i >= _LONGEST and any(len(group[0]) > 1 for group in run[i : j + 1])):
                break
            if digits >= 8:
                yield _Window(text, tuple(run[i : j + 1]))


def _number(window: _Window) -> Found | None:
    for kind in (_identity, _card, _phone, _two_phones, _landline, _named):
        if found := kind(window):
            return found
    return None


# -- identity cards ----------------------------------------------------------------------------------------------------


def checks_out(number: str) -> bool:
    """Whether the last character of an 18-digit identity number is what GB 11643 makes of the others."""
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS))
    return _CHECKS[total % 11] == number[17].upper().replace("×", "X")


def _identity(window: _Window) -> Found | None:
    digits, end = window.digits, window.end
    if len(digits) == 17 and (last := _LAST_X.match(window.text, end)):
        digits, end = digits + "X", last.end()
    whole = len(window.groups) == 1
    if len(digits) == 18 and (whole or _born(digits[:14])) and digits[0] != "0":
        if _born(digits[:14]) and checks_out(digits):
            return Found(window.start, end, IDENTITY)
        if whole and digits.isdecimal() and luhn(digits):
            return None
        return Found(window.start, end, NUMBER)  # people mistype
    if len(digits) == 15 and _born(f"{digits[:6]}19{digits[6:12]}"):
        return Found(window.start, end, IDENTITY)
    return None


def _born(digits: str) -> bool:
    """Whether an identity number can begin like that: a province, and a day of birth."""
    if int(digits[:2]) not in _PROVINCES:
        return False
    year, month, day = int(digits[6:10]), int(digits[10:12]), int(digits[12:14])
    return 1900 <= year <= 2099 and 1 <= month <= 12 and 1 <= day <= 31


# -- bank cards --------------------------------------------------------------------------------------------------------


def luhn(number: str) -> bool:
    """Whether the last digit of a card number is what Luhn makes of the others."""
    total = 0
    for i, char in enumerate(reversed(number)):
        value = int(char) * (2 if i % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def _card(window: _Window) -> Found | None:
    digits = window.digits
    if not 16 <= len(digits) <= 19 or window.is_amount:
        return None
    label = CARD if luhn(digits) else NUMBER
    if len(window.groups) == 1:
        return Found(window.start, window.end, label)
    in_fours = window.sizes[:4] == (4, 4, 4, 4) and len(window.sizes) <= 5
    likely = luhn(digits) or digits.startswith("62") or window.after(_CARD_BEFORE)
    if in_fours:
        years = all(1949 <= int(group[0]) <= 2099 for group in window.groups)
        amounts = all(group[0].endswith("00") for group in window.groups)
        one_gap = len(window.gaps) == 1
        return Found(window.start, window.end, CARD) if one_gap and not years and not amounts else None
    begins = digits[:2] in ("62", "60", "68", "69") or digits[0] in "45" or window.after(_CARD_BEFORE)
    if likely and begins and (luhn(digits) or window.after(_CARD_BEFORE)) and not _like_dates(window):
        return Found(window.start, window.end, label)
    return None


def _like_dates(window: _Window) -> bool:
    return window.sizes[:2] in ((4, 2), (4, 1)) and 1949 <= int(window.groups[0][0]) <= 2099


# -- telephones --------------------------------------------------------------------------------------------------------


def _mobile(digits: str) -> bool:
    return len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789"


def _phone(window: _Window) -> Found | None:
    digits, sizes = window.digits, window.sizes
    prefix = _PLUS_86.match(digits) if len(digits) in (13, 15) else None
    if prefix and (len(prefix[0]) in (sizes[0], len(digits) - 11) or len(window.groups) == 1):
        digits = digits[len(prefix[0]) :]
        if not _mobile(digits):
            return None
        return Found(window.start, window.end, PHONE)
    if len(digits) == 12 and digits[0] == "0" and _mobile(digits[1:]) and sizes[0] in (1, 4, 12):
        return Found(window.start, window.end, PHONE)
    if not _mobile(digits):
        return None
    if len(sizes) == 1:
        return Found(window.start, window.end, PHONE)
    if window.is_amount or any(len(gap) > 3 for gap in window.gaps):
        return None
    inner_zero = any(group[0][0] == "0" for group in window.groups[1:])
    if sizes in _USUAL or inner_zero or window.after(_PHONE_BEFORE):
        return Found(window.start, window.end, PHONE) if not _like_amounts(window) else None
    return None


def _like_amounts(window: _Window) -> bool:
    """“1500 2000 800”: no group begins with a zero, most end with two, nothing says that it is a telephone."""
    if any(group[0][0] == "0" for group in window.groups[1:]) or window.after(_PHONE_BEFORE):
        return False
    return sum(group[0].endswith("00") for group in window.groups) >= 2


def _two_phones(window: _Window) -> Found | None:
    digits = window.digits
    if len(window.groups) == 1 and len(digits) == 22 and _mobile(digits[:11]) and _mobile(digits[11:]):
        return Found(window.start, window.end, PHONE)
    return None


_AREA_CODE = re.compile(r"(?:0(?:10|2\d|[3-9]\d\d))")


def _landline(window: _Window) -> Found | None:
    """An area code and seven or eight digits."""
    digits, sizes = window.digits, window.sizes
    if not 10 <= len(digits) <= 12 or digits[0] != "0" or not (area := _AREA_CODE.match(digits)):
        return None
    local = digits[area.end() :]
    if len(local) not in (7, 8) or local[0] in "01":
        return None
    if len(sizes) == 1 or (sizes[0] == area.end() and len(sizes) <= 4):
        return Found(window.start, window.end, LANDLINE)
    return None


def is_public(digits: str) -> bool:
    """Whether it is a hotline, or a number that firms are called under."""
    return _PUBLIC.fullmatch(digits) is not None


def _named(window: _Window) -> Found | None:
    """What is called a personal number and has one digit too many or too few."""
    digits = window.digits
    if len(window.groups) > 1 or not 7 <= len(digits) <= 20 or is_public(digits) or window.is_amount:
        return None
    return Found(window.start, window.end, NUMBER) if window.after(_NAMED) else None


_LOCAL = re.compile(r"(?:座机|固话|家里电话|宅电|家电)(?:号码?)?(?:是|为|[:：])?\s*([2-8]\d{2,3}[-\s]?\d{4})(?!\d)")


def local_numbers(text: str) -> list[Found]:
    """A landline without its area code, where it is called one."""
    return [Found(m.start(1), m.end(1), LANDLINE) for m in _LOCAL.finditer(text)]
