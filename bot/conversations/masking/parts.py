"""Numbers that come in two messages: what looks like the beginning of one, and what goes on with it.

A beginning is masked at once, unless it is plainly something else; then nothing of it is stored anywhere. One of a few
digits cannot be told from other numbers until the rest comes: then it is masked where it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversations.masking.labels import CARD, IDENTITY, LANDLINE, NUMBER, PHONE
from bot.conversations.masking.numbers import Found, is_public, numbers, replaced
from bot.conversations.masking.reading import flat

_TAIL = re.compile(r"(?<![A-Za-z0-9第〕〔])\+?\d(?:[^\w]{0,3}\d)*[^\w〔〕]{0,3}$")
_HEAD = re.compile(r"^[^\w〔〕]{0,3}\d(?:[^\w]{0,3}\d)*(?!\d)")
_ONLY = re.compile(r"^[^\w〔〕]{0,3}\d(?:[^\w]{0,3}\d)*[^\w〔〕]{0,3}$")
_AMOUNT_BEFORE = re.compile(
    r"(?:工资|薪|月入|收入|底薪|待遇|补贴|补助|贷款?|奖金|元|块|￥|¥|\$|月|年|预算|价|费|钱|注册|编号|编码|代码|文号|工号|订单|预约号?|签到码?|验证码|邮编|"
    r"岗位|第|共|约|大概|超过|不到|最多|最少|至少|到|至|[-—~～+])\W{0,2}$"
)
_PERSONAL_BEFORE = re.compile(
    r"(?:电话|手机|号码|联系方式|身份证|证件|卡号|银行卡|账号|微信|qq|vx|wx|扣扣|打给?我|拨|打我)(?:号码?)?(?:就?是|为|[:：])?(?:我的)?\W{0,3}$",
    re.IGNORECASE,
)
_UNIT_AFTER = re.compile(
    r"^\s?(?:元|块|万|千|百|[kKwW]|%|年|月|日|天|号|岁|个|人|家|分|点|小时|周|次|级|期|届|后|左右|以上|以下|多)"
)
_BEGINS = re.compile(r"(?:86)?1[3-9]|0[1-9]|[1-6][1-7]|62")  # telephones, identity and bank cards
_OPENS, _FOLLOWS = re.compile(r"1[3-9]\d"), re.compile(r"\d{4,8}")  # “138”, and then “0013”
_PERSONAL_LENGTH = re.compile(r"(?:86)?1[3-9]\d{9}|\d{15,19}|0\d{9,11}")
_BEGINNING = 5  # digits from which a tail is taken for a beginning
_CERTAIN = (PHONE, IDENTITY, LANDLINE)
_ASKED = 3  # the same where the words before say what comes


def beginning(text: str) -> Found | None:
    """What may be the beginning of a personal number at the end of a text."""
    match = _TAIL.search(text)
    if match is None:
        return None
    digits, before = re.sub(r"\D", "", match[0]), text[: match.start()]
    if is_public(digits) or len(digits) > 22:
        return None
    found = Found(match.start(), match.end(), NUMBER)
    if _PERSONAL_BEFORE.search(before):
        return found if len(digits) >= _ASKED and digits not in ("110", "120", "119", "122") else None
    if len(digits) < _BEGINNING or _AMOUNT_BEFORE.search(before):
        return None
    if len(re.findall(r"\d+", match[0])) > 1 and not _spread(match[0]):
        return None
    if _like_amount(digits) or _like_day(digits) or not _BEGINS.match(digits):
        return None
    return found


def _spread(tail: str) -> bool:
    """Whether groups of digits are one number rather than several: they begin as a telephone or an identity number does."""
    groups = re.findall(r"\d+", tail)
    digits = "".join(groups)
    if any(1949 <= int(group) <= 2099 for group in groups if len(group) == 4) or all(
        g.endswith("00") for g in groups[1:]
    ):
        return False
    return (digits[0] == "1" and digits[1] in "3456789" and len(groups[0]) in (1, 3)) or digits.startswith(
        ("62", "1402")
    )


def _like_amount(digits: str) -> bool:
    return len(digits) <= 6 and digits.endswith("00")


def _like_day(digits: str) -> bool:
    """20250724, 202507, 20252026."""
    if len(digits) not in (6, 8) or not 1949 <= int(digits[:4]) <= 2099:
        return False
    if len(digits) == 8 and 1949 <= int(digits[4:]) <= 2099:
        return True
    month = int(digits[4:6])
    return 1 <= month <= 12 and (len(digits) == 6 or 1 <= int(digits[6:]) <= 31)


@dataclass(frozen=True)
class Joined:
    """Texts with what belongs together masked: the earlier ones, of which some stay as they are, and the new one."""

    earlier: tuple[str, ...]
    text: str


def joined(earlier: Sequence[str], text: str) -> Joined:
    """A text after earlier ones of the same person, the latest last, where a number may have come in parts.

    All of them are masked already, each by itself.
    """
    before = list(earlier)
    if parts := _completes([flat(each) for each in before], flat(text)):
        back, tail, head = parts
        place = len(before) - back
        before[place] = replaced(before[place], [tail])
        before[place + 1 :] = [NUMBER] * (back - 1)
        text = replaced(text, [head])
    elif before and before[-1].rstrip().endswith(NUMBER) and (rest := _going_on(flat(text))):
        text = replaced(text, [rest])
    if begun := beginning(flat(text)):
        text = replaced(text, [begun])
    return Joined(tuple(before), text)


def _going_on(text: str) -> Found | None:
    """The digits at the beginning of a text that may be the rest of a number, the beginning of which was masked."""
    match = _HEAD.match(text)
    if match is None:
        return None
    digits = re.sub(r"\D", "", match[0])
    if len(digits) < 2 or len(digits) > 16 or is_public(digits) or _UNIT_AFTER.match(text[match.end() :]):
        return None
    return Found(match.start(), match.end(), NUMBER)


def _completes(earlier: Sequence[str], text: str) -> tuple[int, Found, Found] | None:
    """Whether a text goes on with what earlier ones began: how many of them belong to it, the end of the first of them,
    and its own beginning. Those in between are digits and nothing else.
    """
    head = _HEAD.match(text)
    if head is None or _UNIT_AFTER.match(text[head.end() :]):
        return None
    digits = re.sub(r"\D", "", head[0])
    amounts = digits.endswith("00")
    for back, before in enumerate(reversed(earlier), start=1):
        tail = _TAIL.search(before)
        if tail is None:
            return None
        first = re.sub(r"\D", "", tail[0])
        amounts = amounts and first.endswith("00")  # “1500”, “2000”, “800”
        if (_is_whole(first + digits) and not (amounts and back > 1)) or (
            _OPENS.fullmatch(first) and _FOLLOWS.fullmatch(digits)
        ):
            return back, Found(tail.start(), tail.end(), NUMBER), Found(head.start(), head.end(), NUMBER)
        if not _ONLY.match(before):
            return None
        digits = first + digits
    return None


def _is_whole(digits: str) -> bool:
    """Whether digits of several messages are one number: of a kind that can be told from some that happen to follow."""
    if not _PERSONAL_LENGTH.fullmatch(digits):
        return False
    return any(one.label in _CERTAIN or (one.label == CARD and digits[0] in "456") for one in numbers(digits))
