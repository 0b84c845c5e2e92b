"""A text as its numbers are read: one spelling for every way to write a digit, each character still at its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

HANZI = {
    **dict.fromkeys("零〇○洞", "0"), **dict.fromkeys("一幺壹妖", "1"), **dict.fromkeys("二贰貳两", "2"),
    **dict.fromkeys("三叁參", "3"), **dict.fromkeys("四肆", "4"), **dict.fromkeys("五伍", "5"),
    **dict.fromkeys("六陆陸", "6"), **dict.fromkeys("七柒拐", "7"), **dict.fromkeys("八捌", "8"),
    **dict.fromkeys("九玖", "9"),
}  # fmt: skip
_AS_WORD = re.compile(r"一(?=[下个些会直起定般样点种次位份张共])|(?<=[第同])一|(?<=[周期])[一二三四五六]")
_LETTERS = str.maketrans("oOlI", "0011")
_LOOKS_LIKE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z]*\d)[\doOlI]{2,}(?![A-Za-z0-9])")
_UNSEEN = ("Mn", "Me", "Cf", "Cc")


@dataclass(frozen=True)
class Spelt:
    """A text in one spelling, without what is not seen; `places` are where each character stood."""

    text: str
    places: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where characters from `start` to before `end` stood."""
        return self.places[start][0], self.places[end - 1][1]

    def as_(self, text: str) -> Spelt:
        """With other characters at the same places."""
        return Spelt(text, self.places)


def spell(text: str) -> Spelt:
    """Full width, circles and keycaps made plain digits and letters; marks on a character belong to it."""
    kept: list[str] = []
    places: list[tuple[int, int]] = []
    for i, char in enumerate(text):
        if char != "\n" and char != "\t" and unicodedata.category(char) in _UNSEEN:
            if places:
                places[-1] = (places[-1][0], i + 1)
            continue
        kept.append(_plain(char))
        places.append((i, i + 1))
    return Spelt("".join(kept), tuple(places))


def readings(spelt: Spelt) -> Iterator[Spelt]:
    """The text as its digits may be meant: as they stand, with 汉字 for digits, and with letters that look like some."""
    yield spelt
    hanzi = _with_hanzi(spelt.text)
    if hanzi != spelt.text:
        yield spelt.as_(hanzi)
    letters = _LOOKS_LIKE.sub(lambda m: m[0].translate(_LETTERS), hanzi)
    if letters != hanzi:
        yield spelt.as_(letters)


def flat(text: str) -> str:
    """The text with every way to write a digit made a plain one, as long as it was."""
    plain = "".join(_plain(char) for char in text)
    return _with_hanzi(plain)


def _plain(char: str) -> str:
    digit = unicodedata.digit(char, None)
    plain = str(digit) if digit is not None else unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char


def _with_hanzi(text: str) -> str:
    words = {m.start() for m in _AS_WORD.finditer(text)}
    return "".join(HANZI.get(char, char) if i not in words else char for i, char in enumerate(text))
