"""Danger to oneself or others in what somebody writes, by rules. Pure text code.

A signal missed is worse than a needless kind word, so whatever may be meant in earnest counts. What nobody means in
earnest (“累死了”, “跳楼价”, “想死你了”) is taken out before anything is looked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bot.text.distress_words import (
    BEYOND,
    EARNEST,
    ENGLISH,
    GRIEVANCE,
    HARM,
    HINTS,
    INNOCENT,
    LETTERS,
    MILD,
    OTHERS,
    REST,
    SELF,
    SLIPS,
    SOUNDS,
    TRADITIONAL,
)

_NO_SIGN = re.compile(r"[^a-z0-9一-龥亖④]")
_SIGNS = str.maketrans({"🔪": "刀", "🗡": "刀", "💊": "药", "⚰": "棺材"})
_LATIN = re.compile(r"[a-z]")
_GONE = "□"
_DEATH = re.compile(r"死|杀(?!青|价)|跳楼|上吊|割|遗书|命|消失|解脱|结束|醒")
_NEAR = 14  # characters before the words of danger in which the one they are about is looked for


@dataclass(frozen=True)
class Danger:
    """A signal: `self` the writer, `other` somebody they know, `harm` danger from them or to them by violence."""

    kind: str
    words: str


def danger_in(text: str, before: Sequence[str] = ()) -> Danger | None:
    """The signal in a text; also one that begins in what was said just `before` and ends here."""
    own = tight(text)
    if not own:
        return None
    if (found := _search(own, 0)) is not None:
        return found
    earlier = "".join(tight(one) for one in before)
    return _search(earlier + own, len(earlier)) if earlier else None


def is_idiom(text: str) -> bool:
    """Whether words of death are there that nobody means in earnest, and no others."""
    own = tight(text)
    plain = INNOCENT.sub(_blank, own)
    return plain != own and danger_in(text) is None and not MILD.search(own) and not _DEATH.search(plain)


def may_be_meant(text: str) -> bool:
    """Whether an idiom is there that is no alarm and yet calls for a kind word: “这工资不如死了算了”."""
    return danger_in(text) is None and MILD.search(tight(text)) is not None


def is_grievance(text: str) -> bool:
    """Whether somebody plainly tells of pay that is owed or of being sent away for a child, and of nothing darker."""
    own = INNOCENT.sub(_blank, tight(text))
    return (
        GRIEVANCE.search(own) is not None and danger_in(text) is None and not (MILD.search(own) or BEYOND.search(own))
    )


def tight(text: str) -> str:
    """A text as it is matched: simplified, lower case, nothing but characters, letters and digits, slips mended.

    Blanks, marks and emoji between the characters hide nothing then: “不 想-活。了”.
    """
    plain = unicodedata.normalize("NFKC", text).lower().translate(TRADITIONAL).translate(_SIGNS)
    plain = _NO_SIGN.sub("", plain)
    for pattern, right in SLIPS:
        plain = pattern.sub(right, plain)
    return plain


def _search(whole: str, since: int) -> Danger | None:
    """The first signal that ends after `since`."""
    plain = INNOCENT.sub(_blank, whole)
    plain = MILD.sub(_blank, plain)
    looked_for = (
        (HARM, "harm", plain),
        (SELF, "self", plain),
        (HINTS, "self", plain),
        (ENGLISH, "self", plain),
        (REST, "self", plain),
        (EARNEST, "self", whole),
    )
    for pattern, kind, where in looked_for:
        for match in pattern.finditer(where):
            if match.end() > since:
                return Danger(_about(where, match.start(), kind), match[0])
    if _LATIN.search(plain):
        sounds = "".join(SOUNDS.get(c, c) for c in plain)
        past = len("".join(SOUNDS.get(c, c) for c in plain[:since]))
        for match in LETTERS.finditer(sounds):
            if match.end() > past:
                return Danger("self", match[0])
    return None


def _about(text: str, at: int, kind: str) -> str:
    """Of a signal that is no violence: whether it is about somebody else, who is named last before it."""
    if kind != "self":
        return kind
    lead = text[max(0, at - _NEAR) : at]
    named = [match.end() for match in OTHERS.finditer(lead)]
    if not named or re.search(
        r"(?<!跟)(?<!和)(?<!对)(?<!给)我(?!室友|同学|朋友|闺|女|儿|孩|娃|弟|妹|哥|姐|爸|妈|老公|对象|们|男|舍|同事)",
        lead[named[-1] :],
    ):
        return "self"
    return "other"


def _blank(match: re.Match[str]) -> str:
    return _GONE * len(match[0])
