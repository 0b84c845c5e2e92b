"""One spelling for what means the same: full width, case, invisible characters, runs of blanks and marks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_INVISIBLE = re.compile(r"[​-‏‪-‮⁠﻿­]")
_BLANKS = re.compile(r"\s+")
_RUN = re.compile(r"([^\d\w])\1{2,}|(\D)\2{3,}")
_HANZI_OR_WORD = re.compile(r"[一-鿿]|[a-z]+|\d+")
_HAS_WORD = re.compile(r"[^\W_]")


def normalise(text: str) -> str:
    """NFKC, lower case, no invisible characters, one blank for many, “哈哈哈哈哈” cut to “哈哈”."""
    text = unicodedata.normalize("NFKC", text).lower()
    text = _BLANKS.sub(" ", _INVISIBLE.sub("", text)).strip()
    return _RUN.sub(lambda m: (m[1] or m[2]) * 2, text)


def has_words(text: str) -> bool:
    """Whether there is a letter, 汉字 or digit in it at all: emoji and marks alone say nothing we can answer."""
    return _HAS_WORD.search(unicodedata.normalize("NFKC", text)) is not None


def syllables(text: str) -> list[str]:
    """The sounds of a normalised text, tones left out: 社保 and 设保 are both [she, bao], “dang案” is [dang, an]."""
    return [sound for piece in _HANZI_OR_WORD.findall(text) for sound in _sounds(piece)]


@lru_cache(maxsize=16384)
def _sounds(piece: str) -> tuple[str, ...]:
    if "一" <= piece[0] <= "鿿":
        from pypinyin import lazy_pinyin  # 60 MB of dictionaries that only classifying needs

        return tuple(lazy_pinyin(piece))
    return tuple(_PINYIN.findall(piece)) if piece[0].isalpha() and _IS_PINYIN.fullmatch(piece) else (piece,)


_SYLLABLE = (
    r"(?:[bpmf](?:i?ao|[ie]?[au]?ng?|[aeiou]i?|ie|iu|o)|zh?[aeiou]+(?:ng?)?|ch?[aeiou]+(?:ng?)?|"
    r"sh?[aeiou]+(?:ng?)?|[dtnlgkhjqxryw][aeiouv]+(?:ng?)?|[aeo](?:ng?|i|o|u)?)"
)
_PINYIN = re.compile(_SYLLABLE)
_IS_PINYIN = re.compile(f"(?:{_SYLLABLE})+")
